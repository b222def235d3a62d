"""Documents as the books keep them: plain dicts with dates, times and decimals; `wire` writes them as Xero does."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Doc = dict[str, Any]
ZERO = Decimal(0)
NO_ID = "00000000-0000-0000-0000-000000000000"
# These dates go over the wire twice: as /Date(…)/ and as text without a time zone (facts §2.3).
_TWICE = {"Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)?)?")


def places(value: Decimal, digits: int) -> Decimal:
    """Rounded half away from zero to so many digits after the point."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def cents(value: Decimal) -> Decimal:
    """Rounded half away from zero to two digits after the point."""
    return places(value, 2)


def number(value: object) -> Decimal:
    """A number of a document; nothing is zero."""
    return value if isinstance(value, Decimal) else Decimal(str(value or 0))


def ms_date(at: date) -> str:
    """`/Date(1700000000000+0000)/`: milliseconds since 1970 in UTC; a day is its midnight."""
    moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)
    return f"/Date({(moment - _EPOCH) // timedelta(milliseconds=1)}+0000)/"


def day(text: str) -> date:
    """A date as a request writes it. Raises ValueError; `2017-12-14 00:00:00` is none (pyxero#214)."""
    found = _MS_DATE.fullmatch(text)
    if found:
        return (_EPOCH + timedelta(milliseconds=int(found[1]))).date()
    if not _ISO_DATE.fullmatch(text):
        raise ValueError(f"The string '{text}' is not a valid AllXsd value.")
    return date.fromisoformat(text[:10])


def wire(value: object) -> Any:  # noqa: ANN401  a JSON value has any shape
    """The value as it goes over the wire. Names that begin with "_" are the books' own and are left out."""
    if isinstance(value, Mapping):
        out: Doc = {}
        for name, each in value.items():
            if not name.startswith("_"):
                out[name] = wire(each)
                if name in _TWICE and isinstance(each, date):
                    out[f"{name}String"] = f"{each.isoformat()}T00:00:00"
        return out
    if isinstance(value, list | tuple):
        return [wire(each) for each in value]
    return ms_date(value) if isinstance(value, date) else value
