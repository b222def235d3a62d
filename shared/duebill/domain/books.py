"""What the books hold that an invoice refers to: customers, items, accounts, tax codes, terms, currencies."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from duebill.domain.deal import NO_ADDRESS, Address
from duebill.domain.ids import CustomerId, ItemId


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """Who an invoice is made out to, as it will be printed. Empty text: unknown."""

    name: str
    address: Address = NO_ADDRESS
    email: str = ""
    tax_id: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer in the books. `tax_id` may be masked there: `tax_id_is_masked` says so."""

    id: CustomerId
    details: CustomerDetails
    currency: str
    is_active: bool = True
    tax_id_is_masked: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the books can put on a line."""

    id: ItemId
    name: str
    code: str = ""
    description: str = ""
    unit_price: Decimal | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be created for a product that has none."""

    name: str
    code: str = ""
    description: str = ""
    unit_price: Decimal | None = None
    income_account: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the books that income can go to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TaxComponent:
    """One rate of a tax code, as a percentage."""

    id: str
    name: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A tax code that a line can name. Its rate is the sum of its components."""

    id: str
    name: str
    components: tuple[TaxComponent, ...] = ()
    is_taxable: bool = True

    @property
    def rate(self) -> Decimal:
        """The whole rate, as a percentage."""
        return sum((component.rate for component in self.components), Decimal(0))


@dataclass(frozen=True, slots=True)
class Term:
    """A payment term: so many days after issue, or a day of the month (`due_next_month_days`: at least so far off)."""

    id: str
    name: str
    due_days: int | None = None
    day_of_month: int | None = None
    due_next_month_days: int | None = None

    def due_on(self, issued_on: date) -> date:
        """The due date of an invoice that is issued on `issued_on`."""
        if self.day_of_month is None:
            return issued_on + timedelta(days=self.due_days or 0)
        due = _day_of_month(issued_on, self.day_of_month)
        earliest = issued_on + timedelta(days=self.due_next_month_days or 0)
        while due < max(issued_on, earliest):
            due = _day_of_month(_first_of_next_month(due), self.day_of_month)
        return due


@dataclass(frozen=True, slots=True)
class Template:
    """How an invoice looks, where the books let an app choose."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TrackingOption:
    """One choice within a tracking category."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TrackingCategory:
    """Something that the books can sort lines by, as a region or a department."""

    id: str
    name: str
    options: tuple[TrackingOption, ...] = ()


@dataclass(frozen=True, slots=True)
class BooksOptions:
    """What there is to choose from in one set of books, and the rules of theirs that can be known beforehand."""

    accounts: tuple[Account, ...] = ()
    tax_codes: tuple[TaxCode, ...] = ()
    terms: tuple[Term, ...] = ()
    currencies: tuple[str, ...] = ()
    custom_numbers: bool = False
    multicurrency: bool = False
    templates: tuple[Template, ...] = ()
    tracking: tuple[TrackingCategory, ...] = ()
    may_approve: bool = True  # whether the person who connected may approve there
    closed_until: date | None = None

    def tax_code(self, code_id: str | None) -> TaxCode | None:
        """The tax code with this id, or None."""
        return next((code for code in self.tax_codes if code.id == code_id), None)

    def term(self, term_id: str | None) -> Term | None:
        """The term with this id, or None."""
        return next((term for term in self.terms if term.id == term_id), None)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _day_of_month(month: date, day: int) -> date:
    last = _first_of_next_month(month) - timedelta(days=1)
    return month.replace(day=min(day, last.day))
