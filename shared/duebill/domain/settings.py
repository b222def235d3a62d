"""What the person who installed has said once: the company's preferences, and each connection's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from duebill.domain.deal import FieldRef, RecordKind, TaxHandling
from duebill.domain.draft import Creation, Tracking
from duebill.domain.ids import ConnectionId, ItemId
from duebill.domain.write_back import DealFieldCodes

ORGANIZATION_NAME = FieldRef(RecordKind.ORGANIZATION, "name")
ORGANIZATION_ADDRESS = FieldRef(RecordKind.ORGANIZATION, "address")
PERSON_EMAIL = FieldRef(RecordKind.PERSON, "email")


class Audience(StrEnum):
    """Who may do something; each includes the ones before it."""

    MANAGER = "manager"
    ADMINS = "admins"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Roles:
    """Who may see, create, act on and approve invoices. Pipedrive's own app starts with the manager alone."""

    see: Audience = Audience.MANAGER
    create: Audience = Audience.MANAGER
    act: Audience = Audience.MANAGER
    approve: Audience = Audience.MANAGER


@dataclass(frozen=True, slots=True)
class CustomerMapping:
    """Which CRM field fills which part of the customer's details; None: leave it empty."""

    name: FieldRef | None = ORGANIZATION_NAME
    address: FieldRef | None = ORGANIZATION_ADDRESS
    email: FieldRef | None = PERSON_EMAIL
    tax_id: FieldRef | None = None


@dataclass(frozen=True, slots=True)
class CompanySettings:
    """A company's preferences. `due_days` counts from the issue date; a term of the books can be chosen instead."""

    mapping: CustomerMapping = field(default_factory=CustomerMapping)
    due_days: int = 7
    use_term: bool = False  # the connection's `term` decides the due date instead of `due_days`
    note_on_deal: bool = True
    deal_fields: DealFieldCodes | None = None  # where status, amount due, number and link go; None: not wanted
    activity_on_deal: bool = False  # for the deal's owner, when an invoice is paid or overdue
    pdf_on_deal: bool = False  # each version of an invoice, attached to the deal
    roles: Roles = field(default_factory=Roles)
    default_connection: ConnectionId | None = None

    @property
    def wants_write_back(self) -> bool:
        """Whether the CRM is told anything at all of an invoice."""
        more = self.deal_fields is not None or self.activity_on_deal or self.pdf_on_deal
        return self.note_on_deal or more


class UnlinkedLine(StrEnum):
    """What a line does whose product has no item in the books."""

    STOP = "stop"
    DEFAULT_ITEM = "default_item"
    CREATE_ITEM = "create_item"


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """Preferences for one set of books.

    `tax_codes` holds the books' tax code for each rate that occurs in the CRM, keyed by `rate_key(rate)`.
    """

    default_item: ItemId | None = None
    default_item_name: str = ""
    income_account: str | None = None
    unlinked_line: UnlinkedLine = UnlinkedLine.STOP
    tax_codes: Mapping[str, str] = field(default_factory=dict)
    term: str | None = None
    creation: Creation | None = None  # what creating means; None: a draft where books know approval
    template: str | None = None
    tax_handling: TaxHandling | None = None  # instead of what the deal says
    tracking: tuple[Tracking, ...] = ()


def rate_key(rate: Decimal) -> str:
    """A tax rate as a key: `20`, `8.25`, `0`; 20.00 and 20 are one rate."""
    return format(rate.normalize(), "f") if rate else "0"
