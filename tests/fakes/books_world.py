"""What the suites for any provider need: books behind the product's own HTTP client, a bookkeeper, weather."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from duebill.domain.books import Customer, CustomerDetails
from duebill.domain.connection import Connection, Health, Provider, Tenant
from duebill.domain.deal import TaxHandling
from duebill.domain.draft import Draft, DraftLine
from duebill.domain.ids import CompanyId, ConnectionId, InvoiceId, ItemId, TenantId, TokenSetId, UserId
from duebill.domain.status import Stage
from duebill.errors import ReconnectRequired
from duebill.outside.oauth import InvalidGrant
from duebill.ports import AccountingProvider, BooksIssuer, TokenIssuer
from duebill.providers.registry import ProviderApp, ProviderUrls, consented_books, issuer, open_books
from duebill.runtime.http_client import HttpxHttp, new_client
from sandbox.clock import SandboxClock
from sandbox.faults import Fault, Faults
from sandbox.transport import transport
from sandbox.wire import Simulator

TODAY = date(2026, 11, 21)


class StillClock:
    """ports.Clock that moves only when told to."""

    def __init__(self) -> None:
        self.sandbox = SandboxClock(datetime(2026, 11, 21, 10, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.sandbox.now()

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")

    def time_left(self) -> float:
        return 29.0


@dataclass(frozen=True, slots=True)
class Truth:
    """What the books hold of an invoice; of a deleted one only that."""

    stage: Stage
    total: Decimal = Decimal(0)
    balance: Decimal = Decimal(0)
    due_on: date | None = None


@dataclass
class GrantedTokens:
    """ports.AccessTokens that ask the issuer when a token was refused, and keep nothing else."""

    issuer: TokenIssuer
    access_token: str
    refresh_token: str
    refused: list[str] = field(default_factory=list)

    def current(self) -> str:
        return self.access_token

    def instead_of(self, refused: str) -> str:
        self.refused.append(refused)
        try:
            grant = self.issuer.refresh(self.refresh_token)
        except InvalidGrant:
            raise ReconnectRequired from None
        self.access_token, self.refresh_token = grant.access_token, grant.refresh_token
        return self.access_token


class BooksWorld(ABC):
    """One set of seeded books. A subclass makes its simulator first, then calls `_open`."""

    provider: ClassVar[Provider]
    callback: ClassVar[str]
    urls: ClassVar[ProviderUrls]
    host: ClassVar[str]
    api_path: ClassVar[str]  # begins the paths of calls that name the books
    option_calls: ClassVar[int]  # how many calls it takes to read what there is to choose from
    ids_a_question: ClassVar[int]
    items_questions: ClassVar[int]
    unknown_id: ClassVar[str]
    token_minutes: ClassVar[int]
    gives_references: ClassVar[bool]  # whether refusals carry an id for the provider's support

    tenant_id: str
    name: str
    home: str
    taxable: str
    untaxed: str
    known_customer: str  # active, with an apostrophe, an e-mail address and a postal one
    inactive_customer: str
    named_item: str  # has no code, or one that is not asked for
    coded_items: ClassVar[dict[str, str]]  # names by code
    inactive_item: str
    unsellable: ClassVar[tuple[str, ...]]
    currency_refusal: str  # the code with which a customer in a currency that is not in the books is refused

    issuer: BooksIssuer
    tokens: GrantedTokens
    faults: Faults

    def __init__(self) -> None:
        self.clock = StillClock()

    def _open(self, simulator: Simulator, client_id: str, client_secret: str) -> None:
        self.http = HttpxHttp(new_client(transport({self.host: simulator})), self.clock)
        self.secrets = [client_secret]
        app = ProviderApp(client_id, lambda: self.secrets, self.callback)
        self.issuer = issuer(self.provider, http=self.http, urls=self.urls, app=app)
        self.tokens = self.fresh_tokens()

    def tenant(self) -> Tenant:
        """The tenant as it is read when it is connected."""
        found = consented_books(
            self.provider, TenantId(self.tenant_id), http=self.http, tokens=self.tokens, urls=self.urls
        )
        return next(books.tenant for books in found if books.tenant.id == self.tenant_id)

    def connection(self) -> Connection:
        """An active connection to these books."""
        return Connection(
            id=ConnectionId("c1"),
            company=CompanyId(1),
            provider=self.provider,
            tenant=self.tenant(),
            token_set=TokenSetId("t1"),
            manager=UserId(101),
            health=Health.ACTIVE,
            connected_at=self.clock.now(),
        )

    def opened(self) -> AccountingProvider:
        """The books, through the registry."""
        return open_books(self.connection(), http=self.http, tokens=self.tokens, urls=self.urls, now=self.clock.now)

    # --- the bookkeeper --------------------------------------------------------------------------------------------

    @abstractmethod
    def fresh_tokens(self) -> GrantedTokens:
        """The tokens of a new consent to these books."""

    @abstractmethod
    def strangers_tokens(self) -> GrantedTokens:
        """The tokens of a consent to other books."""

    @abstractmethod
    def withdraw(self) -> None:
        """End the consent inside the provider."""

    @abstractmethod
    def end_consent(self) -> None:
        """End the tokens themselves, with all that they open."""

    @abstractmethod
    def pay(self, invoice: InvoiceId, amount: str | None = None) -> None:
        """Record a payment; without an amount, of all that is due."""

    @abstractmethod
    def credit(self, invoice: InvoiceId, amount: str | None = None) -> None:
        """Credit an invoice; without an amount, all that is due."""

    @abstractmethod
    def unpay(self, invoice: InvoiceId) -> None:
        """Take a payment off an invoice, if there is one."""

    @abstractmethod
    def edit(self, invoice: InvoiceId, due_on: date) -> None:
        """Change an invoice's due date."""

    @abstractmethod
    def void(self, invoice: InvoiceId) -> None:
        """Void an invoice."""

    @abstractmethod
    def delete(self, invoice: InvoiceId) -> None:
        """Delete an invoice."""

    @abstractmethod
    def enter(self, like: InvoiceId, days: Sequence[date]) -> list[str]:
        """Enter copies of an invoice by hand, one for each of these days; their ids."""

    @abstractmethod
    def copy_many(self, kind: str, count: int) -> None:
        """So many more items or customers: `Copy 1` with the code `COPY-1` or the e-mail `ap1@copies.example` …"""

    @abstractmethod
    def drop(self, invoice: InvoiceId) -> None:
        """Take an invoice away as if it had never been."""

    @abstractmethod
    def deactivate(self, kind: str, identifier: str) -> None:
        """Make a `customer` or an `item` inactive."""

    @abstractmethod
    def close_books(self, until: date) -> None:
        """Close the books up to and including a day."""

    @abstractmethod
    def count(self, kind: str = "invoice") -> int:
        """How many invoices, customers or items the books hold."""

    @abstractmethod
    def some_item(self) -> str:
        """The id of an item that can stand on an invoice."""

    @abstractmethod
    def truth(self, invoice: InvoiceId) -> Truth:
        """How the invoice stands in the books, read without their API."""

    @abstractmethod
    def mails(self) -> int:
        """How many e-mails the books have sent."""

    @abstractmethod
    def let_void_paid(self) -> None:
        """From now on invoices with payments can be voided and deleted, where these books may do so."""

    @abstractmethod
    def let_pay_online(self, on: bool) -> None:
        """Whether customers can pay invoices online."""

    def writes(self) -> int:
        """How many calls so far could have changed the books."""
        return sum(self.is_write(call) for call in self.faults.calls)

    @abstractmethod
    def is_write(self, call: str) -> bool:
        """Whether a call, "METHOD /path", could change the books."""

    # --- the weather -----------------------------------------------------------------------------------------------

    @abstractmethod
    def creates(self, kind: str) -> str:
        """Which calls create an `invoice`, a `customer` or an `item`: a pattern for "METHOD /path"."""

    @property
    @abstractmethod
    def sends(self) -> str:
        """Which calls e-mail an invoice: a pattern for "METHOD /path"."""

    @property
    @abstractmethod
    def changes_invoice(self) -> str:
        """Which calls change an invoice that is there: a pattern for "METHOD /path"."""

    @abstractmethod
    def forget_keys(self) -> None:
        """From now on no answer to an idempotency key is remembered."""

    @abstractmethod
    def remember_keys(self) -> None:
        """Idempotency keys are remembered as long as the provider says."""

    @property
    def numbers_by_hand(self) -> bool:
        """Whether a draft here needs a number of the company's own."""
        return False

    def fail(self, kind: str, *, where: str = ".*", times: int = 1, status: int = 500) -> None:
        """Queue a fault (sandbox.faults)."""
        self.faults.add(Fault(kind, where, times, status))

    def settle(self) -> None:
        """Let the slow server finish."""
        self.faults.settle()

    def calls(self, word: str = "") -> int:
        """How many calls named `word` so far."""
        return sum(word in call for call in self.faults.calls)

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.clock.sandbox.push(timedelta(**span))


def draft_for(world: BooksWorld, customer: Customer | None = None, **changes: object) -> Draft:
    """A small, good draft: two taxed pieces."""
    given: dict[str, object] = {
        "connection": ConnectionId("c1"),
        "customer": customer.id if customer else None,
        "details": customer.details if customer else CustomerDetails("Nobody"),
        "currency": world.home,
        "tax_handling": TaxHandling.EXCLUSIVE,
        "lines": (line_for(world),),
        "issued_on": TODAY,
        "due_on": TODAY + timedelta(days=14),
        "number": f"T-{world.count():04}" if world.numbers_by_hand else None,
    }
    return Draft(**(given | changes))  # type: ignore[arg-type]  # the dictionary holds what Draft wants


def line_for(world: BooksWorld, price: str = "60", quantity: str = "2", **changes: object) -> DraftLine:
    """A taxed line with an item of the books."""
    given: dict[str, object] = {
        "description": "Consulting by the hour",
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
        "item": ItemId(world.some_item()),
        "item_name": "Consulting",
        "tax_code": world.taxable,
    }
    return DraftLine(**(given | changes))  # type: ignore[arg-type]  # the dictionary holds what DraftLine wants
