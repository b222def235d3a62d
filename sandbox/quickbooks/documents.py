"""The wire documents that the books keep, and the few helpers that every part needs."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Doc = dict[str, Any]

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The amount rounded half up to two decimals, as QuickBooks does."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def number(value: object) -> Decimal:
    """A JSON number (int or Decimal) as Decimal; nothing is 0."""
    return Decimal(str(value)) if value is not None else Decimal(0)


def reference(doc: Doc, name: str) -> str | None:
    """The id that the reference `name` of the document points to, if it has one."""
    found = doc.get(name)
    return str(found["value"]) if found and found.get("value") not in (None, "") else None
