"""One company's books: its settings, its tables of wire documents, and what changed in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sandbox.quickbooks import refusals
from sandbox.quickbooks.documents import Doc

CURRENCY_NAMES = {
    "USD": "United States Dollar",
    "GBP": "British Pound Sterling",
    "EUR": "Euro",
    "CAD": "Canadian Dollar",
    "AUD": "Australian Dollar",
    "PLN": "Polish Zloty",
}
# Transactions share one sequence of ids, names (customers, vendors, employees) another; lists have their own.
TRANSACTIONS = {"Invoice", "Payment", "CreditMemo"}
NAMES = {"Customer", "Vendor", "Employee"}


@dataclass(frozen=True, slots=True)
class News:
    """One change that QuickBooks would tell by webhook."""

    realm: str
    entity: str
    id: str
    operation: str
    at: datetime
    merged_into: str | None = None


@dataclass
class Company:
    """The books of one realm. Everything in `tables` is the document as it goes over the wire."""

    realm: str
    name: str
    country: str
    home: str
    zone: ZoneInfo
    now: Callable[[], datetime]
    multicurrency: bool = False
    custom_numbers: bool = False
    warn_duplicate_numbers: bool = True
    automated_tax: bool = False
    using_sales_tax: bool = True
    allow_discount: bool = True
    allow_shipping: bool = False
    allow_deposit: bool = False
    auto_apply_credit: bool = False
    online_payments: bool = False
    default_terms: str | None = None
    subscription_ended: bool = False
    closed_until: date | None = None
    next_number: int = 1001
    emails_a_day: int = 40
    voids_paid: bool = (
        False  # whether an invoice with payments can be voided or deleted: refused, as reported (facts §2)
    )
    rates: dict[str, Decimal] = field(default_factory=dict)
    tables: dict[str, dict[str, Doc]] = field(default_factory=dict)
    gone: dict[str, dict[str, datetime]] = field(default_factory=dict)
    created: dict[tuple[str, str], datetime] = field(default_factory=dict)
    news: list[News] = field(default_factory=list)
    emails: dict[date, int] = field(default_factory=dict)
    emailed: list[str] = field(default_factory=list)  # the invoice of each e-mail
    _last: dict[str, int] = field(default_factory=dict)

    @property
    def is_us(self) -> bool:
        """US books have the sales tax model of their own."""
        return self.country == "US"

    def today(self) -> date:
        """The server's date for this company."""
        return self.local_now().date()

    def local_now(self) -> datetime:
        """Now, with the company's offset."""
        return self.now().astimezone(self.zone)

    def stamp(self) -> str:
        """Now as MetaData writes it: seconds and the company's offset."""
        return self.local_now().isoformat(timespec="seconds")

    def rows(self, entity: str) -> dict[str, Doc]:
        """All documents of the entity by id."""
        return self.tables.setdefault(entity, {})

    def find(self, entity: str, identifier: str | None) -> Doc | None:
        """The document, or None."""
        return self.rows(entity).get(identifier) if identifier else None

    def get(self, entity: str, identifier: str) -> Doc:
        """The document. Raises Refused 610, with another sentence for what once was there."""
        if identifier in self.gone.get(entity, {}):
            raise refusals.deleted()
        found = self.find(entity, identifier)
        if found is None:
            raise refusals.not_found()
        return found

    def current(self, entity: str, body: Doc) -> Doc:
        """The document that an update means. Raises Refused: 2020, 610, or 5010 for an old SyncToken."""
        if body.get("Id") in (None, ""):
            raise refusals.missing("Id")
        if body.get("SyncToken") in (None, ""):
            raise refusals.missing("SyncToken")
        found = self.get(entity, str(body["Id"]))
        if str(body["SyncToken"]) != found["SyncToken"]:
            raise refusals.Refused(
                "5010",
                "Stale Object Error",
                "Stale Object Error : You and someone else were working on this at the same time. The other finished "
                "before you did, so your work was not saved.",
                "",
            )
        return found

    def insert(self, entity: str, content: Doc, *, identifier: str | None = None, quiet: bool = False) -> Doc:
        """Keep a new document and give it id, token and times."""
        key = identifier or self.next_id(entity)
        at = self.stamp()
        head: Doc = {
            "domain": "QBO",
            "sparse": False,
            "Id": key,
            "SyncToken": "0",
            "MetaData": {"CreateTime": at, "LastUpdatedTime": at},
        }
        self.rows(entity)[key] = head | content
        self.created[entity, key] = self.now()
        if not quiet:
            self.tell(entity, key, "Create")
        return self.rows(entity)[key]

    def replace(self, entity: str, old: Doc, content: Doc, operation: str = "Update", *, quiet: bool = False) -> Doc:
        """Put `content` in the place of `old`: the token moves by one (facts §2, optimistic lock)."""
        head: Doc = {
            "domain": "QBO",
            "sparse": False,
            "Id": old["Id"],
            "SyncToken": str(int(old["SyncToken"]) + 1),
            "MetaData": {"CreateTime": old["MetaData"]["CreateTime"], "LastUpdatedTime": self.stamp()},
        }
        body = {name: value for name, value in content.items() if name not in head}
        self.rows(entity)[old["Id"]] = head | body
        if not quiet:
            self.tell(entity, old["Id"], operation)
        return self.rows(entity)[old["Id"]]

    def remove(self, entity: str, identifier: str) -> None:
        """Delete for good; only the fact that it was there remains."""
        del self.rows(entity)[identifier]
        self.gone.setdefault(entity, {})[identifier] = self.now()
        self.tell(entity, identifier, "Delete")

    def tell(self, entity: str, identifier: str, operation: str, merged_into: str | None = None) -> None:
        """Note the change for the webhooks."""
        self.news.append(News(self.realm, entity, identifier, operation, self.now(), merged_into))

    def next_id(self, entity: str) -> str:
        """The next free id of the entity's sequence."""
        family = "Txn" if entity in TRANSACTIONS else "Name" if entity in NAMES else entity
        self._last[family] = self._last.get(family, 0) + 1
        return str(self._last[family])

    def address(self, content: Doc) -> Doc:
        """An address with an id of its own, as answers carry it."""
        return content if "Id" in content else {"Id": self.next_id("Address")} | content

    def currency(self, code: str) -> Doc:
        """A CurrencyRef as QuickBooks answers it: ISO code and name."""
        return {"value": code, "name": CURRENCY_NAMES.get(code, code)}

    def refuse_closed(self, day: str) -> None:
        """Refuse (6210) what would change the books on or before the closing date (S-ERR)."""
        if self.closed_until and date.fromisoformat(day) <= self.closed_until:
            raise refusals.Refused(
                "6210",
                "Account Period Closed, Cannot Update Through Services API",
                f"The account period has closed and the account books cannot be updated through {self.closed_until}.",
                "",
            )
