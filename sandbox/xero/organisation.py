"""One organisation's books: its settings, its tables of documents, and what changed in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sandbox.xero.documents import Doc, number
from sandbox.xero.refusals import Missing

# What GET /Organisation/Actions names (facts §1.5); an organisation's `forbidden` are the ones that are not allowed.
ACTIONS = (
    "CreateApprovedInvoice CreateDraftInvoice CreateRepeatingInvoice CreateApprovedBill CreateDraftBill "
    "CreateRepeatingBill CreateSentQuote CreateDraftQuote CreateInvoicePayment CreateApprovedPurchaseOrder "
    "CreateDraftPurchaseOrder AttachFilesIntoInvoice UseMulticurrency AdministerPayroll "
    "ApproveTransactionsBeforePeriodLockDate CreateManualJournal"
).split()
_EMAILS = {"DEMO": 0, "TRIAL": 20}  # a day, by plan (facts §2.5)
IDS = {
    "Invoice": "InvoiceID",
    "Contact": "ContactID",
    "Item": "ItemID",
    "Payment": "PaymentID",
    "CreditNote": "CreditNoteID",
    "Account": "AccountID",
    "TaxRate": "TaxType",
    "BrandingTheme": "BrandingThemeID",
    "Currency": "Code",
    "TrackingCategory": "TrackingCategoryID",
}
_TOLD = {"Invoice": "INVOICE", "Contact": "CONTACT", "CreditNote": "CREDITNOTE"}  # webhook categories (facts §5)

Tables = dict[str, dict[str, Doc]]


@dataclass(frozen=True, slots=True)
class News:
    """One change that Xero would tell by webhook."""

    tenant: str
    category: str
    id: str
    kind: str
    at: datetime
    data: Doc | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: the app on behalf of a Xero user, or a person in Xero, to whom everything is allowed."""

    name: str
    app: bool = False


@dataclass
class Organisation:
    """The books of one tenant. Documents are replaced, never changed in place: a copy of the tables is a snapshot."""

    tenant: str
    name: str
    version: str
    country: str
    base: str
    zone: ZoneInfo
    zone_name: str
    short_code: str
    now: Callable[[], datetime]
    plan: str = "GROW"
    number_prefix: str = "INV-"
    sales_terms: Doc | None = None
    forbidden: set[str] = field(default_factory=set)
    period_lock: date | None = None
    year_lock: date | None = None
    approvals_a_month: int | None = None  # the old Early plan: 20
    other_uncertified_apps: int = 0
    emails_a_day: int | None = None
    online_invoices: bool = True
    email_marks_sent: bool = True  # open in facts §11
    tells_payments: bool = True  # whether a payment tells INVOICE UPDATE is stated nowhere (facts §5)
    rates: dict[str, Decimal] = field(default_factory=dict)
    tables: Tables = field(default_factory=dict)
    created: dict[str, datetime] = field(default_factory=dict)
    history: dict[str, list[Doc]] = field(default_factory=dict)
    news: list[News] = field(default_factory=list)
    emails: dict[date, int] = field(default_factory=dict)
    _made: int = 0
    _numbers: dict[str, int] = field(default_factory=dict)

    def today(self) -> date:
        """The date where the organisation is."""
        return self.now().astimezone(self.zone).date()

    def may(self, action: str) -> bool:
        """Whether the plan and the connecting user allow it."""
        return action not in self.forbidden

    def most_emails(self) -> int:
        """E-mails a day, sent here and by the API together."""
        return self.emails_a_day if self.emails_a_day is not None else _EMAILS.get(self.plan, 1000)

    def rows(self, entity: str) -> dict[str, Doc]:
        """All documents of the entity by id."""
        return self.tables.setdefault(entity, {})

    def find(self, entity: str, identifier: object) -> Doc | None:
        """The document, or None. Ids are the same in capitals."""
        return self.rows(entity).get(str(identifier).lower() if "ID" in IDS[entity] else str(identifier))

    def get(self, entity: str, identifier: object) -> Doc:
        """The document. Raises Missing."""
        found = self.find(entity, identifier)
        if found is None:
            raise Missing
        return found

    def by(self, entity: str, name: str, value: object) -> Doc | None:
        """The first document whose field has the value."""
        return next((doc for doc in self.rows(entity).values() if doc.get(name) == value), None)

    def new_id(self) -> str:
        """A new id, the same in every run."""
        self._made += 1
        return str(uuid5(NAMESPACE_URL, f"{self.tenant}/{self._made}"))

    def next_number(self, prefix: str) -> str:
        """The next number of a sequence, as in INV-0001."""
        self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return f"{prefix}{self._numbers[prefix]:04}"

    def insert(self, entity: str, content: Doc, actor: Actor) -> Doc:
        """Keep a new document; it gets its id and time."""
        key = content.get(IDS[entity]) or self.new_id()
        doc = content | {IDS[entity]: key, "UpdatedDateUTC": self.now(), "_by_app": actor.app}
        self.rows(entity)[key] = doc
        self.created[key] = self.now()
        self.tell(entity, doc, "CREATE")
        return doc

    def replace(self, entity: str, doc: Doc, *, quiet: bool = False, still: bool = False) -> Doc:
        """Put a changed document in the old one's place; `quiet`: no webhook, `still`: its time does not move."""
        saved = doc if still else doc | {"UpdatedDateUTC": self.now()}
        self.rows(entity)[doc[IDS[entity]]] = saved
        if not quiet:
            self.tell(entity, saved, "UPDATE")
        return saved

    def tell(self, entity: str, doc: Doc, kind: str) -> None:
        """Note the change for the webhooks."""
        if entity in _TOLD:
            data = {"Type": doc["Type"], "Status": doc["Status"]} if entity == "CreditNote" else None
            self.news.append(News(self.tenant, _TOLD[entity], doc[IDS[entity]], kind, self.now(), data))

    def note(self, identifier: str, changes: str, details: str, user: str) -> Doc:
        """Write into the history of a document."""
        record: Doc = {"Changes": changes, "Details": details, "User": user, "DateUTC": self.now()}
        self.history[identifier] = [*self.history.get(identifier, []), record]
        return record

    def snapshot(self) -> Callable[[], None]:
        """What puts everything back as it is now."""
        tables = {entity: dict(rows) for entity, rows in self.tables.items()}
        history, news, created = dict(self.history), list(self.news), dict(self.created)
        numbers = dict(self._numbers)

        def restore() -> None:
            self.tables, self.history, self.news, self.created = tables, history, news, created
            self._numbers = numbers

        return restore

    def rate(self, currency: str) -> Decimal:
        """How much of the currency one unit of the base currency buys today."""
        return Decimal(1) if currency == self.base else number(self.rates.get(currency, 1))

    def seen(self, identifier: str, lag: timedelta) -> bool:
        """Whether lists show it yet."""
        return self.now() - self.created[identifier] >= lag
