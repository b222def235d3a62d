"""QuickBooks' simulator behind the product's own HTTP client, and the adapter opened for one of its companies."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from duebill.domain.books import Customer, CustomerDetails
from duebill.domain.connection import Connection, Health, Provider, Tenant
from duebill.domain.deal import TaxHandling
from duebill.domain.draft import Draft, DraftLine
from duebill.domain.ids import CompanyId, ConnectionId, InvoiceId, ItemId, TenantId, TokenSetId, UserId
from duebill.errors import ReconnectRequired
from duebill.outside.oauth import InvalidGrant
from duebill.ports import AccountingProvider, TokenIssuer
from duebill.providers.quickbooks.spec import QuickBooksUrls
from duebill.providers.registry import ProviderApp, ProviderUrls, consented_books, issuer, open_books
from duebill.runtime.http_client import HttpxHttp, new_client
from sandbox.clock import SandboxClock
from sandbox.faults import Fault
from sandbox.quickbooks.seed import UK_REALM, US_REALM, seed
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.transport import transport

CALLBACK = "https://duebill.example/oauth/quickbooks/callback"
HOST = "https://quickbooks.test"
URLS = ProviderUrls(
    QuickBooksUrls(
        authorize=f"{HOST}/connect/oauth2",
        token=f"{HOST}/oauth2/v1/tokens/bearer",
        revoke=f"{HOST}/v2/oauth2/tokens/revoke",
        api=HOST,
        app="https://qbo.example",
    )
)
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


class QuickBooksWorld:
    """Two seeded companies, a clock that stands still, and what the product needs to call one of them.

    The methods below `opened` speak for a bookkeeper, in terms that any provider's world would have.
    """

    def __init__(self, realm: str = US_REALM) -> None:
        self.realm = realm
        self.clock = StillClock()
        self.simulator = QuickBooks(now=self.clock.now)
        seed(self.simulator)
        self.company = self.simulator.companies[realm]
        self.http = HttpxHttp(new_client(transport({"quickbooks.test": self.simulator})), self.clock)
        self.secrets = [self.simulator.client_secret]
        app = ProviderApp(self.simulator.client_id, lambda: self.secrets, CALLBACK)
        self.issuer = issuer(Provider.QUICKBOOKS, http=self.http, urls=URLS, app=app)
        self.tokens = self.tokens_for(realm)

    def tokens_for(self, realm: str) -> GrantedTokens:
        """The tokens of a new consent."""
        answer = self.simulator.grant(realm)
        return GrantedTokens(self.issuer, str(answer["access_token"]), str(answer["refresh_token"]))

    def tenant(self) -> Tenant:
        """The tenant as it is read when it is connected."""
        (books,) = consented_books(
            Provider.QUICKBOOKS, TenantId(self.realm), http=self.http, tokens=self.tokens, urls=URLS
        )
        return books.tenant

    def opened(self) -> AccountingProvider:
        """The books, through the registry."""
        connection = Connection(
            id=ConnectionId("c1"),
            company=CompanyId(1),
            provider=Provider.QUICKBOOKS,
            tenant=self.tenant(),
            token_set=TokenSetId("t1"),
            manager=UserId(1),
            health=Health.ACTIVE,
            connected_at=self.clock.now(),
        )
        return open_books(connection, http=self.http, tokens=self.tokens, urls=URLS, now=self.clock.now)

    # --- the bookkeeper, and the weather ---------------------------------------------------------------------------

    @property
    def is_us(self) -> bool:
        return self.realm == US_REALM

    @property
    def home(self) -> str:
        return self.company.home

    @property
    def taxable(self) -> str:
        """A tax code for lines that are taxed."""
        return "TAX" if self.is_us else "1"

    @property
    def untaxed(self) -> str:
        """A tax code for lines that are not."""
        return "NON" if self.is_us else "3"

    @property
    def known_customer(self) -> str:
        """The name of an active customer with an apostrophe and an e-mail address."""
        return "O'Malley's Pub" if self.is_us else "O'Brien & Sons"

    @property
    def inactive_customer(self) -> str:
        return "Old Mill Bakery" if self.is_us else "Thames Chandlers"

    def pay(self, invoice: InvoiceId, amount: str | None = None) -> None:
        self.simulator.bookkeeper.pay(self.realm, invoice, amount)

    def void(self, invoice: InvoiceId) -> None:
        self.simulator.bookkeeper.void(self.realm, invoice)

    def delete(self, invoice: InvoiceId) -> None:
        self.simulator.bookkeeper.delete(self.realm, invoice)

    def deactivate(self, entity: str, identifier: str) -> None:
        self.simulator.bookkeeper.edit(self.realm, entity, identifier, {"Active": False})

    def fail(self, kind: str, *, where: str = ".*", times: int = 1, status: int = 500) -> None:
        self.simulator.faults.add(Fault(kind, where, times, status))

    def settle(self) -> None:
        self.simulator.faults.settle()

    def count(self, entity: str = "Invoice") -> int:
        return len(self.company.rows(entity))

    def calls(self, word: str = "") -> int:
        """How many calls named `word` so far."""
        return sum(word in call for call in self.simulator.faults.calls)

    def wait(self, **span: float) -> None:
        self.clock.sandbox.push(timedelta(**span))


def draft_for(world: QuickBooksWorld, customer: Customer | None = None, **changes: object) -> Draft:
    """A small, good draft: two taxed pieces and a discount."""
    given: dict[str, object] = {
        "connection": ConnectionId("c1"),
        "customer": customer.id if customer else None,
        "details": customer.details if customer else CustomerDetails("Nobody"),
        "currency": world.home,
        "tax_handling": TaxHandling.EXCLUSIVE,
        "lines": (line_for(world),),
        "issued_on": TODAY,
        "due_on": TODAY + timedelta(days=14),
        "number": None if world.is_us else f"T-{world.count():04}",
    }
    return Draft(**(given | changes))  # type: ignore[arg-type]  # the dictionary holds what Draft wants


def line_for(world: QuickBooksWorld, price: str = "60", quantity: str = "2", **changes: object) -> DraftLine:
    """A taxed line with an item of the books."""
    item = next(key for key, doc in world.company.rows("Item").items() if doc["Type"] == "Service" and doc["Active"])
    given: dict[str, object] = {
        "description": "Consulting by the hour",
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
        "item": ItemId(item),
        "item_name": "Consulting",
        "tax_code": world.taxable,
    }
    return DraftLine(**(given | changes))  # type: ignore[arg-type]  # the dictionary holds what DraftLine wants


REALMS = {"US": US_REALM, "UK": UK_REALM}
