"""A draft: the invoice that a person asks for, before the books hold it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from duebill.domain.books import CustomerDetails, NewItem
from duebill.domain.deal import Discount, TaxHandling
from duebill.domain.ids import ConnectionId, CustomerId, InvoiceId, ItemId, ProductId
from duebill.domain.money import rounded

MAX_LINES = 300
MAX_BYTES = 256 * 1024


class Creation(StrEnum):
    """What creating an invoice means in books that know approval; others only know approved ones."""

    SAVE = "save"  # as a draft
    SUBMIT = "submit"  # for somebody's approval
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Tracking:
    """A tracking category and the option chosen in it."""

    category: str
    option: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line. It names an item of the books, or one to be created; `tax_rate` is what the CRM says, in percent.

    On a line of the draft `tax_code` is the books' code; where the books decide the tax, it says taxable or not.
    """

    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Discount | None = None
    product: ProductId | None = None
    item: ItemId | None = None
    item_name: str = ""
    new_item: NewItem | None = None
    tax_rate: Decimal | None = None
    tax_code: str | None = None
    tracking: tuple[Tracking, ...] = ()

    def gross_of_discount(self, currency: str) -> Decimal:
        """Quantity times price, rounded, before the discount."""
        return rounded(self.quantity * self.unit_price, currency)

    def discount_amount(self, currency: str) -> Decimal:
        """What the discount takes off the line, rounded; not negative for a line that is not."""
        full = self.gross_of_discount(currency)
        if self.discount is None:
            return Decimal(0)
        if self.discount.percent is not None:
            return rounded(full * self.discount.percent / 100, currency)
        return rounded(self.discount.amount or Decimal(0), currency)

    def amount(self, currency: str) -> Decimal:
        """What the line comes to, as its prices are meant: with the tax or without."""
        return self.gross_of_discount(currency) - self.discount_amount(currency)


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole of what a person asks for. `customer` names one in the books, or
    `create_customer` makes one of `details`.

    `details` are what this invoice prints; `number` is set only where the company numbers by hand; `term` stands in
    place of `due_on` where the books are to compute the due date.
    """

    connection: ConnectionId
    customer: CustomerId | None
    details: CustomerDetails
    currency: str
    tax_handling: TaxHandling
    lines: tuple[DraftLine, ...]
    issued_on: date
    due_on: date | None = None
    term: str | None = None
    memo: str = ""
    po_number: str = ""
    number: str | None = None
    create_customer: bool = False
    instalment: int | None = None
    creation: Creation = Creation.APPROVE
    template: str | None = None
    account: str | None = None  # income account of lines whose item names none
    tracking: tuple[Tracking, ...] = ()  # of every line that has none of its own
    copy_of: InvoiceId | None = None  # the voided or deleted invoice in whose place it stands

    def net_of_discounts(self) -> Decimal:
        """The sum of the lines, as their prices are meant: with the tax or without."""
        return sum((line.amount(self.currency) for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """The tax of one rate over all its lines."""

    name: str
    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What the books will say. `tax` and `total` are None where the books decide the tax."""

    currency: str
    net: Decimal
    tax: Decimal | None
    total: Decimal | None
    taxes: tuple[TaxTotal, ...] = ()
