"""The one place that knows which providers there are. A provider's code is loaded when it is first needed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, assert_never

from duebill.domain.connection import Connection, ConsentedBooks, Provider
from duebill.domain.features import Feature
from duebill.domain.ids import TenantId
from duebill.domain.news import BooksNews
from duebill.errors import ConsentFailed
from duebill.outside.http import Http
from duebill.outside.limited import Rules
from duebill.outside.oauth import TokenEndpoint
from duebill.ports import AccessTokens, AccountingProvider, BooksIssuer
from duebill.providers.quickbooks.spec import QuickBooksUrls
from duebill.providers.xero.spec import XeroUrls


@dataclass(frozen=True, slots=True)
class ProviderUrls:
    """Where the providers are found, and where we are: an invoice may carry a link to us."""

    quickbooks: QuickBooksUrls = field(default_factory=QuickBooksUrls)
    xero: XeroUrls = field(default_factory=XeroUrls)
    ours: str = "https://duebill.example"


@dataclass(frozen=True, slots=True)
class ProviderApp:
    """Our app at a provider. `secrets` gives the client secrets to try, newest first."""

    client_id: str
    secrets: Callable[[], Sequence[str]] = field(repr=False)
    redirect_uri: str


class Webhooks(Protocol):
    """How a provider's webhooks are read: a module of the standard library alone."""

    SECRET: str

    def is_genuine(self, body: bytes, headers: Mapping[str, str], keys: Sequence[str]) -> bool:
        """Whether the provider signed these very bytes with one of our keys."""
        ...

    def news_in(self, body: bytes, now: datetime) -> tuple[BooksNews, ...]:
        """What a body tells, by tenant. Raises InvalidRequest."""
        ...


def urls_of(addresses: Mapping[Provider, Mapping[str, str]], *, ours: str) -> ProviderUrls:
    """Where the providers are, by the names that each one's `…Urls` has; what is not named is the real one."""
    return ProviderUrls(
        quickbooks=QuickBooksUrls(**addresses.get(Provider.QUICKBOOKS, {})),
        xero=XeroUrls(**addresses.get(Provider.XERO, {})),
        ours=ours,
    )


def open_books(
    connection: Connection,
    *,
    http: Http,
    tokens: AccessTokens,
    urls: ProviderUrls,
    now: Callable[[], datetime],
    on_reconnect: Callable[[str], None] = lambda _: None,
) -> AccountingProvider:
    """The books that a connection leads to. `on_reconnect` is told when the provider lets this consent in no more."""
    tenant = connection.tenant
    match connection.provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks.adapter import QuickBooksBooks
            from duebill.providers.quickbooks.client import QuickBooksClient

            client = QuickBooksClient(http, tokens, urls.quickbooks.api, tenant.id, on_reconnect)
            return QuickBooksBooks(client, tenant, app_url=urls.quickbooks.app, now=now)
        case Provider.XERO:
            from duebill.providers.xero.adapter import XeroBooks
            from duebill.providers.xero.client import XeroClient

            xero = XeroClient(http, tokens, urls.xero.api, tenant.id, on_reconnect)
            return XeroBooks(xero, tenant, app_url=urls.xero.app, our_url=urls.ours, now=now)
        case unknown:
            assert_never(unknown)


def consented_books(
    provider: Provider, named: TenantId | None, *, http: Http, tokens: AccessTokens, urls: ProviderUrls
) -> tuple[ConsentedBooks, ...]:
    """The books that a fresh consent opens, each read with its tokens, which proves them; at least one.

    Raises ConsentFailed where there are none, and what ports.AccountingProvider.describe does.
    """
    match provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks.client import QuickBooksClient
            from duebill.providers.quickbooks.tenancy import read_tenant

            if named is None:
                raise ConsentFailed("The consent does not say which books it is for. Please connect once again.")
            return (ConsentedBooks(read_tenant(QuickBooksClient(http, tokens, urls.quickbooks.api, named))),)
        case Provider.XERO:
            from duebill.providers.xero.tenancy import consented_books as of_consent

            return of_consent(http, tokens, urls.xero.api)
        case unknown:
            assert_never(unknown)


def issuer(provider: Provider, *, http: Http, urls: ProviderUrls, app: ProviderApp) -> BooksIssuer:
    """Who issues the tokens of a provider."""
    match provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks.oauth import QuickBooksIssuer

            endpoint = TokenEndpoint(http, urls.quickbooks.token, app.client_id, app.secrets)
            return QuickBooksIssuer(endpoint, urls.quickbooks.authorize, urls.quickbooks.revoke, app.redirect_uri)
        case Provider.XERO:
            from duebill.providers.xero.oauth import XeroIssuer

            endpoint = TokenEndpoint(http, urls.xero.token, app.client_id, app.secrets)
            return XeroIssuer(endpoint, urls.xero, app.redirect_uri)
        case unknown:
            assert_never(unknown)


def features_of(provider: Provider) -> frozenset[Feature]:
    """What a provider's books can do beyond what all can."""
    match provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks.spec import FEATURES as QUICKBOOKS

            return QUICKBOOKS
        case Provider.XERO:
            from duebill.providers.xero.spec import FEATURES as XERO

            return XERO
        case unknown:
            assert_never(unknown)


def rules_of(provider: Provider, *, calls_a_day: int | None = None) -> Rules:
    """How often a provider may be asked for one set of books; `calls_a_day`: where that depends on our plan there."""
    match provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks.limits import QuickBooksRules

            return QuickBooksRules()
        case Provider.XERO:
            from duebill.providers.xero.limits import XeroRules

            return XeroRules(calls_a_day) if calls_a_day else XeroRules()
        case unknown:
            assert_never(unknown)


def reads_a_month(provider: Provider) -> int | None:
    """How many metered reads the whole app has in a month, None where reads are not metered."""
    match provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks.limits import READS_A_MONTH

            return READS_A_MONTH
        case Provider.XERO:
            return None
        case unknown:
            assert_never(unknown)


def webhooks_of(provider: Provider) -> Webhooks:
    """How a provider's webhooks are read."""
    match provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks import webhook as quickbooks

            return quickbooks
        case Provider.XERO:
            from duebill.providers.xero import webhook as xero

            return xero
        case unknown:
            assert_never(unknown)
