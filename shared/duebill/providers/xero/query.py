"""The little query language of Xero's lists (`where`), and dates as its headers want them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

# A text in a `where` stands in double quotes, and there is no escape for one inside.
_QUOTE = '"'


def equals(name: str, text: str) -> str | None:
    """The property has this text, whatever its case; None where the language cannot say it."""
    return None if _QUOTE in text or not text else f"{name}=={_QUOTE}{text}{_QUOTE}"


def both(*conditions: str) -> str:
    """All of these hold."""
    return " AND ".join(conditions)


def between(name: str, since: date, until: date) -> str:
    """The property is a day from `since` to `until`, both included."""
    after = until + timedelta(days=1)
    return both(f"{name}>={_day(since)}", f"{name}<{_day(after)}")


def sayable_part(text: str) -> str:
    """The longest part of `text` without a quote: to search for where the whole cannot be asked for."""
    return max(text.split(_QUOTE), key=len).strip()


def listed(ids: Iterable[str]) -> str:
    """Several ids in one parameter."""
    return ",".join(ids)


def since_header(moment: datetime) -> str:
    """`If-Modified-Since` as Xero reads it: UTC, to the second, without a zone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _day(day: date) -> str:
    return f"DateTime({day.year},{day.month:02},{day.day:02})"


SALES_INVOICES = 'Type=="ACCREC"'
ACTIVE = 'Status=="ACTIVE"'
