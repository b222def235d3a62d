"""Where everything is put together, for one invocation. The only module that knows all the adapters."""

from functools import cached_property, partial
from typing import TYPE_CHECKING

from duebill.domain.connection import Connection, Health, Provider
from duebill.domain.due import DueKind
from duebill.domain.ids import CompanyId, ConnectionId, TokenSetId
from duebill.domain.installation import Installation
from duebill.domain.limits import Asker
from duebill.domain.tokens import Issuer
from duebill.errors import NotConnected, ReconnectRequired
from duebill.ports import AccountingProvider, BooksIssuer, Clock, Crm, TokenIssuer
from duebill.runtime.limits import books_http, crm_http
from duebill.runtime.metrics import Metric, count
from duebill.runtime.world import Process, process
from duebill.use_cases.fresh_tokens import KeptTokens

if TYPE_CHECKING:
    from duebill.outside.http import Http
    from duebill.providers.registry import ProviderUrls
    from duebill.runtime.cached_reads import CachedBooksReads, CachedCrmFields
    from duebill.storage.cache import DynamoCache
    from duebill.storage.connections import DynamoConnections
    from duebill.storage.consents import DynamoConsents
    from duebill.storage.crm_webhooks import DynamoCrmWebhooks
    from duebill.storage.due import DynamoDueWork
    from duebill.storage.erasure import DynamoErasure
    from duebill.storage.installations import DynamoInstallations
    from duebill.storage.invoices import DynamoInvoices
    from duebill.storage.links import DynamoLinks
    from duebill.storage.news_queue import SqsNewsQueue
    from duebill.storage.queue import RoutedQueue
    from duebill.storage.secrets import Secrets
    from duebill.storage.settings import DynamoSettings
    from duebill.storage.table import Table
    from duebill.storage.tokens import DynamoTokens
    from duebill.storage.watches import DynamoWatches


_INSTALL_AGAIN = (
    "Pipedrive no longer accepts Duebill's authorisation for you. Install Duebill again from the Marketplace; "
    "settings and invoices are kept."
)
_CONNECT_AGAIN = (
    "The connection to the books has ended. A person must connect them again in Duebill's settings; "
    "settings and links are kept."
)


class Wiring:
    """The adapters of one invocation, each made when first asked for and imported only then.

    `asker` says whether somebody waits for its calls; `kept` is what outlives it.
    """

    def __init__(self, clock: Clock, of: Process, asker: Asker = Asker.PERSON) -> None:
        self.clock = clock
        self.asker = asker
        self.kept = of.kept
        self._process = of
        self.settings = of.settings()
        self.randomness = of.randomness()

    # --- stores ---

    @cached_property
    def table(self) -> "Table":
        """The one table."""
        import random

        from duebill.storage.table import Table

        # Jitter spreads retries; nobody must not guess it.
        return Table(self._process.dynamodb(), self.settings.table, self.clock.sleep, random.random)

    @cached_property
    def secrets(self) -> "Secrets":
        """The app's own secrets."""
        from duebill.storage.secrets import Secrets

        kept = self._process.kept
        if "secrets" not in kept:
            kept["secrets"] = Secrets(self._process.ssm(), self.settings.parameter_prefix, self.clock)
        secrets: Secrets = kept["secrets"]
        return secrets

    @cached_property
    def tokens(self) -> "DynamoTokens":
        """Token sets, sealed."""
        from duebill.storage.cipher import Cipher
        from duebill.storage.tokens import DynamoTokens

        kept = self._process.kept
        if "cipher" not in kept:
            kept["cipher"] = Cipher(self._process.kms(), self.settings.key_id, self.clock)
        return DynamoTokens(self.table, kept["cipher"])

    @cached_property
    def installations(self) -> "DynamoInstallations":
        """Who installed."""
        from duebill.storage.installations import DynamoInstallations

        return DynamoInstallations(self.table)

    @cached_property
    def connections(self) -> "DynamoConnections":
        """Links to books."""
        from duebill.storage.connections import DynamoConnections

        return DynamoConnections(self.table)

    @cached_property
    def consents(self) -> "DynamoConsents":
        """Consents under way."""
        from duebill.storage.consents import DynamoConsents

        return DynamoConsents(self.table)

    @cached_property
    def preferences(self) -> "DynamoSettings":
        """What the company and its connections prefer."""
        from duebill.storage.settings import DynamoSettings

        return DynamoSettings(self.table)

    @cached_property
    def links(self) -> "DynamoLinks":
        """Buyers and products in the books."""
        from duebill.storage.links import DynamoLinks

        return DynamoLinks(self.table)

    @cached_property
    def invoices(self) -> "DynamoInvoices":
        """Intents, invoice links, history."""
        from duebill.storage.invoices import DynamoInvoices

        return DynamoInvoices(self.table)

    @cached_property
    def watches(self) -> "DynamoWatches":
        """How far the reading of the books has come."""
        from duebill.storage.watches import DynamoWatches

        return DynamoWatches(self.table)

    @cached_property
    def cache(self) -> "DynamoCache":
        """Readings that may be some minutes old."""
        from duebill.storage.cache import DynamoCache

        return DynamoCache(self.table)

    @cached_property
    def erasure(self) -> "DynamoErasure":
        """Companies that left."""
        from duebill.storage.erasure import DynamoErasure

        return DynamoErasure(self.table)

    @cached_property
    def crm_webhooks(self) -> "DynamoCrmWebhooks":
        """Whether the CRM tells us of changes."""
        from duebill.storage.crm_webhooks import DynamoCrmWebhooks

        return DynamoCrmWebhooks(self.table)

    @cached_property
    def due_work(self) -> "DynamoDueWork":
        """The due index."""
        from duebill.storage.due import DynamoDueWork

        return DynamoDueWork(self.table)

    @cached_property
    def work_queue(self) -> "RoutedQueue":
        """Where claimed work goes: sweeps to a queue of their own, so that a crowd of them holds nothing else up."""
        from duebill.storage.queue import RoutedQueue, SqsWorkQueue

        usual, sweeps = (
            SqsWorkQueue(self._process.sqs(), url)
            for url in (self.settings.work_queue_url, self.settings.sweep_queue_url)
        )
        return RoutedQueue(usual, {DueKind.REFRESH: sweeps})

    @cached_property
    def news_queue(self) -> "SqsNewsQueue":
        """Where webhooks' news goes."""
        from duebill.storage.news_queue import SqsNewsQueue

        return SqsNewsQueue(self._process.sqs(), self.settings.news_queue_url)

    # --- outside systems ---

    @cached_property
    def http(self) -> "Http":
        """The wire to outside systems, under this invocation's deadline and without any limit: for consents alone."""
        from duebill.runtime.http_client import HttpxHttp

        return HttpxHttp(self._process.http_client(), self.clock)

    @cached_property
    def provider_urls(self) -> "ProviderUrls":
        """Where the providers are."""
        from duebill.providers.registry import urls_of

        addresses = {provider: about.addresses for provider, about in self.settings.providers.items()}
        return urls_of(addresses, ours=self.settings.base_url)

    def provider_issuer(self, provider: Provider) -> BooksIssuer:
        """Who issues the tokens of a provider."""
        from duebill.providers.registry import ProviderApp, issuer

        app = ProviderApp(
            client_id=self.settings.providers[provider].client_id,
            secrets=partial(self.secrets.values, f"{provider.value}/client_secret"),
            redirect_uri=f"{self.settings.base_url}/oauth/{provider.value}/callback",
        )
        return issuer(provider, http=self.http, urls=self.provider_urls, app=app)

    @cached_property
    def crm_issuer(self) -> TokenIssuer:
        """Who issues the CRM's tokens."""
        from duebill.crm.pipedrive.oauth import PipedriveIssuer

        return PipedriveIssuer(
            self.http,
            client_id=self.settings.pipedrive_client_id,
            secrets=partial(self.secrets.values, "pipedrive/client_secret"),
            redirect_uri=f"{self.settings.base_url}/oauth/pipedrive/callback",
            oauth_url=self.settings.pipedrive_oauth_url,
        )

    def crm(self, installation: Installation) -> Crm:
        """The CRM with the eyes of one user."""
        from duebill.crm.pipedrive.adapter import PipedriveCrm

        tokens = self.kept_tokens(installation.company, installation.token_set, Issuer.PIPEDRIVE)
        return PipedriveCrm(
            crm_http(self, installation.company),
            tokens,
            self.clock,
            company_url=installation.api_url,
            api_url=self.settings.pipedrive_api_url,
        )

    def crm_fields(self, company: CompanyId, crm: Crm) -> "CachedCrmFields":
        """The CRM's fields, some minutes old."""
        from duebill.runtime.cached_reads import CachedCrmFields

        return CachedCrmFields(company, crm, self.cache, self.clock)

    def books(self, connection: Connection) -> AccountingProvider:
        """The books of an active connection. Raises ReconnectRequired, NotConnected."""
        from duebill.providers.registry import open_books

        if connection.health is Health.RECONNECT:
            raise ReconnectRequired(
                f"The connection to {connection.tenant.name} must be renewed by a person: "
                "open Duebill's settings in Pipedrive and press Reconnect.",
                values={"connection": connection.id, "reason": connection.reason or ""},
            )
        if connection.health is not Health.ACTIVE:
            raise NotConnected("These books are not connected any more. Connect them in Duebill's settings.")
        tokens = self.kept_tokens(connection.company, connection.token_set, Issuer(connection.provider.value))
        return open_books(
            connection,
            http=books_http(self, connection),
            tokens=tokens,
            urls=self.provider_urls,
            now=self.clock.now,
            on_reconnect=partial(self.mark_reconnect, connection.company, connection.id),
        )

    def reads(self, connection: Connection, books: AccountingProvider) -> "CachedBooksReads":
        """Readings of the books, some minutes old."""
        from duebill.runtime.cached_reads import CachedBooksReads

        return CachedBooksReads(connection.company, connection.id, books, self.cache, self.clock)

    def kept_tokens(self, company: CompanyId, token_set: TokenSetId, issuer: Issuer) -> KeptTokens:
        """A token set's access token, kept fresh; its end is written on every connection that it opens."""
        is_crm = issuer is Issuer.PIPEDRIVE
        return KeptTokens(
            company=company,
            token_set=token_set,
            store=self.tokens,
            issuer=self.crm_issuer if is_crm else self.provider_issuer(Provider(issuer.value)),
            clock=self.clock,
            randomness=self.randomness,
            on_dead=partial(self.mark_all_reconnect, company, token_set),
            ended=_INSTALL_AGAIN if is_crm else _CONNECT_AGAIN,
        )

    def mark_all_reconnect(self, company: CompanyId, token_set: TokenSetId, reason: str) -> None:
        """Write on all connections that share a dead token set that a person must consent again, and why."""
        from duebill.use_cases.mark_reconnect import mark_all_reconnect

        marked = mark_all_reconnect(company, token_set, reason, connections=self.connections, clock=self.clock)
        for _ in range(marked):
            count(Metric.RECONNECTS_REQUIRED, self.settings)

    def mark_reconnect(self, company: CompanyId, connection: ConnectionId, reason: str) -> None:
        """Write on one active connection that a person must consent again, and why: its siblings may still work."""
        from duebill.use_cases.mark_reconnect import mark_reconnect

        found = self.connections.get(company, connection)
        if found and mark_reconnect(found, reason, connections=self.connections, clock=self.clock):
            count(Metric.RECONNECTS_REQUIRED, self.settings)


def wire(context: object, asker: Asker = Asker.PERSON) -> Wiring:
    """The wiring of one invocation; MACHINE where nobody waits for it."""
    here = process()
    return Wiring(here.clock(context), here, asker)
