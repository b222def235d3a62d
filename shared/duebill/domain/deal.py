"""A deal as the CRM tells it: its products, discounts and instalments, its buyer, and the values of its fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from duebill.domain.ids import DealId, ProductId, UserId


class RecordKind(StrEnum):
    """Which of the CRM's records a field belongs to."""

    ORGANIZATION = "organization"
    PERSON = "person"
    DEAL = "deal"


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A field of a kind of record, by the CRM's code."""

    record: RecordKind
    code: str


class FieldType(StrEnum):
    """What a field holds, as far as a mapping cares."""

    TEXT = "text"
    ADDRESS = "address"
    EMAIL = "email"
    OTHER = "other"  # cannot be mapped


@dataclass(frozen=True, slots=True)
class CrmField:
    """A field that can be chosen in the mapping."""

    ref: FieldRef
    name: str
    type: FieldType
    is_custom: bool


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; free text in each part, empty where unknown."""

    lines: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        return bool(self.lines or self.city or self.region or self.postal_code or self.country)


NO_ADDRESS = Address()


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field's value: always as text, and as an address where it is one."""

    text: str
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An organization, a person or a deal, with its fields by code. Option fields hold their labels."""

    kind: RecordKind
    id: int
    name: str
    values: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys: an organization, a person, or both."""

    organization: Record | None = None
    person: Record | None = None

    @property
    def key(self) -> str | None:
        """What a customer link hangs on: the organization where there is one, else the person."""
        if self.organization:
            return f"organization:{self.organization.id}"
        return f"person:{self.person.id}" if self.person else None

    @property
    def name(self) -> str:
        """The buyer's name, empty where the deal has neither."""
        record = self.organization or self.person
        return record.name if record else ""


class TaxHandling(StrEnum):
    """Whether prices hold the tax."""

    EXCLUSIVE = "exclusive"
    INCLUSIVE = "inclusive"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount: a percentage (10 means 10 %) or an amount in the deal's currency, off the whole line or deal."""

    percent: Decimal | None = None
    amount: Decimal | None = None
    description: str = ""


class Billing(StrEnum):
    """How often a product is billed."""

    ONE_TIME = "one-time"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMI_ANNUALLY = "semi-annually"
    ANNUALLY = "annually"


@dataclass(frozen=True, slots=True)
class DealProduct:
    """A product on the deal. `tax_rate` is a percentage; `total` is what the CRM says the line comes to."""

    product: ProductId
    name: str
    code: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    discount: Discount | None
    is_enabled: bool
    billing: Billing
    billing_start: date | None
    total: Decimal


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of the deal's value that is billed on its own date."""

    id: int
    amount: Decimal
    billing_date: date
    description: str


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal. Its `record` carries the fields; the currency may be a custom one that no invoice can be in."""

    id: DealId
    title: str
    value: Decimal
    currency: str
    status: str
    is_archived: bool
    owner: UserId | None
    organization: int | None
    person: int | None
    record: Record

    @property
    def buyer_key(self) -> str | None:
        """Who buys, as links to customers name it; None for a deal with nobody on it."""
        if self.organization is not None:
            return f"organization:{self.organization}"
        return f"person:{self.person}" if self.person is not None else None


@dataclass(frozen=True, slots=True)
class DealTitle:
    """A deal by its title: to choose from."""

    id: DealId
    title: str


@dataclass(frozen=True, slots=True)
class DealContent:
    """What is sold: the deal's products in their order, its deal-wide discounts, its instalments."""

    products: tuple[DealProduct, ...] = ()
    discounts: tuple[Discount, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    tax_handling: TaxHandling = TaxHandling.EXCLUSIVE
