"""The one place that knows which providers there are. A provider's code is loaded when it is first needed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from duebill.domain.connection import Connection, Provider, Tenant
from duebill.domain.ids import TenantId
from duebill.outside.http import Http
from duebill.outside.oauth import TokenEndpoint
from duebill.ports import AccessTokens, AccountingProvider, BooksIssuer
from duebill.providers.quickbooks.spec import QuickBooksUrls


@dataclass(frozen=True, slots=True)
class ProviderUrls:
    """Where the providers are found."""

    quickbooks: QuickBooksUrls = field(default_factory=QuickBooksUrls)


@dataclass(frozen=True, slots=True)
class ProviderApp:
    """Our app at a provider. `secrets` gives the client secrets to try, newest first."""

    client_id: str
    secrets: Callable[[], Sequence[str]] = field(repr=False)
    redirect_uri: str


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
    match connection.provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks.adapter import QuickBooksBooks
            from duebill.providers.quickbooks.client import QuickBooksClient

            client = QuickBooksClient(http, tokens, urls.quickbooks.api, connection.tenant.id, on_reconnect)
            return QuickBooksBooks(client, connection.tenant, app_url=urls.quickbooks.app, now=now)
        case unknown:
            assert_never(unknown)


def read_tenant(
    provider: Provider, tenant: TenantId, *, http: Http, tokens: AccessTokens, urls: ProviderUrls
) -> Tenant:
    """Read who these books are, before there is a connection; proves that the tokens open this very tenant."""
    match provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks.client import QuickBooksClient
            from duebill.providers.quickbooks.tenancy import read_tenant as read

            return read(QuickBooksClient(http, tokens, urls.quickbooks.api, tenant))
        case unknown:
            assert_never(unknown)


def issuer(provider: Provider, *, http: Http, urls: ProviderUrls, app: ProviderApp) -> BooksIssuer:
    """Who issues the tokens of a provider."""
    match provider:
        case Provider.QUICKBOOKS:
            from duebill.providers.quickbooks.oauth import QuickBooksIssuer

            endpoint = TokenEndpoint(http, urls.quickbooks.token, app.client_id, app.secrets)
            return QuickBooksIssuer(endpoint, urls.quickbooks.authorize, urls.quickbooks.revoke, app.redirect_uri)
        case unknown:
            assert_never(unknown)
