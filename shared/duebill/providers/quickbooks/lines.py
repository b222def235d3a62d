"""The lines that QuickBooks gets for a draft: what is sent and what is added up are these same lines.

Lines carry no discount of their own outside France (Invoice reference), so a discounted line becomes two: the full
line, and a negative one for the discount with the same item and tax code.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from duebill.domain.books import BooksOptions, TaxCode
from duebill.domain.connection import TaxModel
from duebill.domain.deal import Discount, TaxHandling
from duebill.domain.draft import Draft, DraftLine
from duebill.domain.ids import ItemId
from duebill.domain.money import minor_unit, rounded
from duebill.providers.quickbooks.spec import MAX_DECIMALS, NOT_TAXABLE

_ONE = Decimal(1)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class BooksLine:
    """One line as it is sent. `amount` is without tax; `gross` is the amount with tax where prices hold the tax.

    `source` is the index of the draft line that it comes from.
    """

    source: int
    item: ItemId | None
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    tax_code: str | None
    gross: Decimal | None = None


def books_lines(draft: Draft, tax_model: TaxModel, options: BooksOptions | None) -> tuple[BooksLine, ...]:
    """The lines for a draft. `options` are needed where prices hold the tax: they know the rates."""
    found: list[BooksLine] = []
    for index, line in enumerate(draft.lines):
        code_id = tax_code_of(line, draft, tax_model)
        code = options.tax_code(code_id) if options else None
        found.append(_line(index, line, draft, tax_model, code_id, code))
        off = line.discount_amount(draft.currency)
        if line.discount is not None and off:
            discount = DraftLine(discount_text(line.discount, line), _ONE, -off, item=line.item)
            found.append(_line(index, discount, draft, tax_model, code_id, code))
    return tuple(found)


def tax_code_of(line: DraftLine, draft: Draft, tax_model: TaxModel) -> str | None:
    """The tax code that a line is sent with, None where it names none."""
    match tax_model:
        case TaxModel.PER_LINE:
            return None if draft.tax_handling is TaxHandling.NONE else line.tax_code
        case TaxModel.NONE:
            return None
        case TaxModel.AUTOMATED | TaxModel.MANUAL:
            return NOT_TAXABLE if draft.tax_handling is TaxHandling.NONE else line.tax_code


def holds_tax(draft: Draft, tax_model: TaxModel) -> bool:
    """Whether the draft's prices are sent as prices with tax."""
    return draft.tax_handling is TaxHandling.INCLUSIVE and tax_model is TaxModel.PER_LINE


def discount_text(discount: Discount, line: DraftLine) -> str:
    """How a discount line is described."""
    name = line.item_name or (line.description.splitlines() or [""])[0]
    share = f" {plain(discount.percent)} %" if discount.percent is not None else ""
    return f"Discount{share} on {name}" if name else f"Discount{share}"


def plain(number: Decimal) -> str:
    """A number without needless zeros and never in scientific notation."""
    return format(number.normalize(), "f") if number else "0"


def _line(
    source: int, line: DraftLine, draft: Draft, tax_model: TaxModel, code_id: str | None, code: TaxCode | None
) -> BooksLine:
    full = line.gross_of_discount(draft.currency)
    if not holds_tax(draft, tax_model):
        return BooksLine(source, line.item, line.description, line.quantity, line.unit_price, full, code_id)
    net = rounded(full * 100 / (100 + (code.rate if code else _ZERO)), draft.currency)
    price = _price(line.quantity, net, draft.currency)
    if price is not None:
        return BooksLine(source, line.item, line.description, line.quantity, price, net, code_id, full)
    # No price with seven decimals times this quantity gives the amount: the line's text says the quantity then.
    text = f"{line.description} ({plain(line.quantity)} × {plain(line.unit_price)})".strip()
    return BooksLine(source, line.item, text, _ONE, net, net, code_id, full)


def _price(quantity: Decimal, amount: Decimal, currency: str) -> Decimal | None:
    """The shortest price that, times `quantity`, rounds to `amount`; None where seven decimals are not enough."""
    if not quantity:
        return _ZERO
    exact = amount / quantity
    first = -int(minor_unit(currency).as_tuple().exponent)
    for decimals in range(first, MAX_DECIMALS + 1):
        price = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        if rounded(price * quantity, currency) == amount:
            return price
    return None
