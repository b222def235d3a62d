"""Invoices as the books hold them, and the links that tie them to deals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from duebill.domain.connection import Provider
from duebill.domain.ids import CompanyId, ConnectionId, CustomerId, DealId, IntentKey, InvoiceId, UserId
from duebill.domain.status import Stage, Status, status_of

HISTORY_LIVES = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Invoice:
    """What the books say of one invoice. `version` and `updated_at` tell which of two readings is newer."""

    id: InvoiceId
    number: str
    customer: CustomerId
    customer_name: str
    currency: str
    total: Decimal
    tax: Decimal
    balance: Decimal
    issued_on: date
    due_on: date | None
    stage: Stage
    version: int
    created_at: datetime
    updated_at: datetime
    reference: str | None = None
    credited: Decimal = Decimal(0)  # what credit notes, not money, have paid of it
    warnings: tuple[str, ...] = ()  # what the books said beside a yes
    unknown_word: str | None = None  # a word of the provider that we do not know: kept and shown
    is_linked: bool = False  # payments, credits or other transactions hang on it
    is_sent: bool = False  # the books say that it was sent to the customer …
    sent_at: datetime | None = None  # … when, where they tell …
    sent_to: tuple[str, ...] = ()  # … and to whom

    def status(self, today: date) -> Status:
        """The status on `today`, a date in the tenant's zone."""
        return status_of(self.stage, total=self.total, balance=self.balance, due_on=self.due_on, today=today)

    def is_newer_than(self, other: "Invoice") -> bool:
        """Whether this reading is later than `other`: by the update time, then by version."""
        return (self.updated_at, self.version) > (other.updated_at, other.version)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the invoices asked for are now. `missing`: a complete answer to a question naming them did not hold them.

    `deleted`: the books name them as deleted. `cursor`: whatever changed before is in this answer or in earlier ones;
    None where the question was not about changes.
    """

    found: tuple[Invoice, ...]
    missing: tuple[InvoiceId, ...]
    started_at: datetime
    deleted: tuple[InvoiceId, ...] = ()
    cursor: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedInvoice:
    """An invoice in a list of a customer's. `says`: what people wrote on it that may name a deal."""

    invoice: Invoice
    says: str = ""


@dataclass(frozen=True, slots=True)
class Mailing:
    """An e-mail with the invoice that somebody here asked the books for.

    `is_sure`: the books said that they sent it; else no answer came, and it may have been sent.
    """

    at: datetime
    to: tuple[str, ...]
    by: UserId
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Told:
    """How far one thing is that the CRM is told: `shows` is what it shows; `wants` what was begun at `started_at`."""

    shows: str | None = None
    made: int | None = None  # the CRM's id of it
    wants: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLink:
    """An invoice that belongs to a deal, with its last known snapshot.

    `expected_total` is what the preview promised, None where the books decided; `note` is the CRM's id of our note,
    `note_started_at` when a writing of it began whose outcome is not known.
    `told_at`: up to when the deal's history tells how the status was.
    """

    company: CompanyId
    deal: DealId
    connection: ConnectionId
    provider: Provider
    invoice: Invoice
    url: str
    linked_at: datetime
    linked_by: UserId
    read_at: datetime
    intent: IntentKey | None = None
    expected_total: Decimal | None = None
    note: int | None = None
    note_started_at: datetime | None = None
    note_shows: str | None = None
    write_back_due_at: datetime | None = None  # when a machine looks whether the CRM is up to date; None: it is
    told_at: datetime | None = None
    told: Mapping[str, Told] = field(default_factory=dict)  # by task; the note is older and has fields of its own
    unlinked_at: datetime | None = None  # it is the deal's no more, and only waits for the CRM to be told
    mailing: Mailing | None = None  # the last that was asked for here
    version: int = 0

    @property
    def mark(self) -> str:
        """What everything carries that we write in the CRM about this invoice: by it we know it again."""
        return self.invoice.reference or f"{self.connection}/{self.invoice.id}"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that happened to a deal's invoices: who (None: a machine), what, when."""

    at: datetime
    what: str
    by: UserId | None = None
    invoice: InvoiceId | None = None
    number: str = ""
    detail: str = ""
