"""Dates in other people's time zones."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")


def today_in(zone: str | None, now: datetime) -> date:
    """The date at `now` in a zone: an IANA name or an offset (`+01:00`); an unknown or missing one counts as UTC."""
    return now.astimezone(_zone(zone)).date()


def start_of(day: date, zone: str | None) -> datetime:
    """The moment at which a day begins in a zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=_zone(zone)).astimezone(UTC)


def _zone(name: str | None) -> tzinfo:
    if not name:
        return UTC
    if offset := _OFFSET.fullmatch(name):
        sign = -1 if offset[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3])))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
