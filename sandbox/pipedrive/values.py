"""Values of custom fields in v2's form, and what it refuses: text is never taken for a number.

[D:pipedrive-api-v2-migration-guide]
"""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

from sandbox.pipedrive.model import ORGANIZATIONS, PERSONS, Company, Document

ADDRESS_PARTS = (
    "value", "country", "admin_area_level_1", "admin_area_level_2", "locality", "sublocality",
    "route", "street_number", "subpremise", "postal_code",
)  # fmt: skip
LONGEST_VARCHAR = 255


def is_number(value: object) -> bool:
    """A JSON number that a double holds (NaN and Infinity are no JSON)."""
    if isinstance(value, Decimal):
        return Decimal(repr(float(value))) == value
    return is_whole(value)


def is_whole(value: object) -> bool:
    """A JSON integer."""
    return isinstance(value, int) and not isinstance(value, bool)


def problem(company: Company, field: Document, value: object) -> str | None:
    """Why `value` cannot be written to `field`, or None when it can. Null clears a field of any type."""
    kind = field["field_type"]
    if value is None:
        return None
    if kind in ("enum", "set"):
        return _option_problem(field, kind, value)
    if kind in ("user", "org", "people"):
        return _link_problem(company, kind, value)
    check = _CHECKS.get(kind)
    if check is None:
        return f"a field of type {kind} cannot be written"
    return None if check(value) else f"must be a valid {kind}"


def stored(field: Document, value: object) -> object:
    """The value as it is kept: an address whose parts are not given has null there."""
    if field["field_type"] == "address" and isinstance(value, dict):
        return {part: value.get(part) for part in ADDRESS_PARTS}
    return value


def _option_problem(field: Document, kind: str, value: object) -> str | None:
    known = {option["id"] for option in field["options"] or []}
    if kind == "enum":
        return None if is_whole(value) and value in known else "must be the id of an option"
    if not isinstance(value, list) or not value:
        return "must be a list with at least one option id; null clears it"
    return None if all(is_whole(item) and item in known for item in value) else "must hold ids of options"


def _link_problem(company: Company, kind: str, value: object) -> str | None:
    known: set[int] = set(company.users)
    if kind != "user":
        known = set(company.documents(ORGANIZATIONS if kind == "org" else PERSONS))
    return None if is_whole(value) and value in known else f"must be the id of a {kind}"


def _is_varchar(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_VARCHAR


def _is_monetary(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"value", "currency"}
        and is_number(value["value"])
        and isinstance(value["currency"], str)
    )


def _is_address(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("value"), str)
        and set(value) <= set(ADDRESS_PARTS)
        and all(part is None or isinstance(part, str) for part in value.values())
    )


def is_date(value: object) -> bool:
    """YYYY-MM-DD."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_daterange(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"value", "until"} and all(map(is_date, value.values()))


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, dict) and bool(time.fromisoformat(value["value"]).isoformat())
    except (KeyError, TypeError, ValueError):
        return False


_CHECKS: dict[str, Callable[[object], bool]] = {
    "varchar": _is_varchar,
    "varchar_auto": _is_varchar,
    "phone": _is_varchar,
    "text": lambda value: isinstance(value, str),
    "double": is_number,
    "int": is_whole,
    "boolean": lambda value: isinstance(value, bool),
    "monetary": _is_monetary,
    "address": _is_address,
    "date": is_date,
    "daterange": _is_daterange,
    "time": _is_time,
}
