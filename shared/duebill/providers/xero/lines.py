"""The lines that Xero gets for a draft: what is sent and what is added up are these same lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from duebill.domain.deal import TaxHandling
from duebill.domain.draft import Draft, DraftLine, Tracking
from duebill.domain.ids import ItemId
from duebill.providers.xero.spec import CENT
from duebill.providers.xero.wire import ItemDocument

_RATE_DECIMALS = 2  # of a discount in percent; how many Xero keeps is not documented, two are safe


@dataclass(frozen=True, slots=True)
class BooksLine:
    """One line as it is sent. `amount` is what it comes to after its discount, with the tax where prices hold it."""

    source: int
    item_code: str | None
    account: str | None
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    tax_code: str | None
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    tracking: tuple[Tracking, ...] = ()


def books_lines(draft: Draft, items: Mapping[ItemId, ItemDocument] | None = None) -> tuple[BooksLine, ...]:
    """The lines for a draft. `items` are needed where lines are sent: they know each item's code and account."""
    return tuple(_line(index, line, draft, items or {}) for index, line in enumerate(draft.lines))


def cents(amount: Decimal) -> Decimal:
    """`amount` with two decimals, half away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def _line(source: int, line: DraftLine, draft: Draft, items: Mapping[ItemId, ItemDocument]) -> BooksLine:
    item = items.get(line.item) if line.item is not None else None
    percent, amount = _discount(line, draft.currency)
    return BooksLine(
        source=source,
        item_code=item.code if item else None,
        # Named even where the item has one: that a line without takes the item's is not documented.
        account=(item.sales_details.account_code if item else None) or draft.account,
        description=line.description or line.item_name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=_amount(line, percent, amount),
        tax_code=None if draft.tax_handling is TaxHandling.NONE else line.tax_code,
        discount_percent=percent,
        discount_amount=amount,
        tracking=line.tracking or draft.tracking,
    )


def _discount(line: DraftLine, currency: str) -> tuple[Decimal | None, Decimal | None]:
    if line.discount is None:
        return None, None
    percent = line.discount.percent
    if percent is None:
        return None, cents(line.discount.amount or Decimal(0)) or None
    exponent = percent.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= _RATE_DECIMALS:
        return percent or None, None
    return None, line.discount_amount(currency) or None


def _amount(line: DraftLine, percent: Decimal | None, amount: Decimal | None) -> Decimal:
    full = line.quantity * line.unit_price
    if percent is not None:  # one rounding, of the discounted amount (Invoices, LineAmount)
        return cents(full * (100 - percent) / 100)
    return cents(full - (amount or Decimal(0)))
