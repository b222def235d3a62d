"""Connections as the settings page sees them."""

from datetime import datetime

from duebill.domain.connection import Connection, Provider
from duebill.domain.crm_webhooks import CrmWebhooks, Telling
from duebill.runtime.models.common import Model
from duebill.use_cases.disconnect import Disconnected
from duebill.use_cases.list_connections import ConnectionList, ListedConnection


class ConnectionModel(Model):
    """One set of books and its health. `may_configure`: whether the caller may reconnect and disconnect it.

    `health_text` is English; `reason` says by a stable word why a person must reconnect (or in an older English
    sentence). `consent_ends_at` is set in the last 30 days of a consent: a person should reconnect.
    """

    id: str
    provider: str
    provider_name: str
    name: str
    country: str
    home_currency: str
    multicurrency: bool
    tax_model: str
    time_zone: str | None
    custom_numbers: bool
    health: str
    health_text: str
    reason: str | None
    manager_name: str
    connected_at: datetime
    is_default: bool
    may_configure: bool
    may_take_over: bool
    consent_ends_at: datetime | None = None

    @staticmethod
    def of(listed: ListedConnection) -> "ConnectionModel":
        """From the list's."""
        connection, tenant = listed.connection, listed.connection.tenant
        return ConnectionModel(
            id=connection.id,
            provider=connection.provider.value,
            provider_name=connection.provider.label,
            name=tenant.name,
            country=tenant.country,
            home_currency=tenant.home_currency,
            multicurrency=tenant.multicurrency,
            tax_model=tenant.tax_model.value,
            time_zone=tenant.time_zone,
            custom_numbers=tenant.custom_numbers,
            health=connection.health.value,
            health_text=listed.words,
            reason=connection.reason,
            manager_name=listed.manager_name,
            connected_at=connection.connected_at,
            is_default=listed.is_default,
            may_configure=listed.may_configure,
            may_take_over=listed.may_take_over,
            consent_ends_at=listed.ends_at,
        )


class BooksModel(Model):
    """Books by name, and whether Duebill can reach them: active, reconnect or disconnected."""

    id: str
    provider: str
    provider_name: str
    name: str
    health: str

    @staticmethod
    def of(connection: Connection) -> "BooksModel":
        """From the domain's."""
        return BooksModel(
            id=connection.id,
            provider=connection.provider.value,
            provider_name=connection.provider.label,
            name=connection.tenant.name,
            health=connection.health.value,
        )


class OfferedProviderModel(Model):
    """A provider that can be connected."""

    provider: str
    name: str


class ConnectionListModel(Model):
    """The company's connections; `manager_name` manages them where the caller may not. `language`: the caller's.

    `help_url` and `contact_url`: where the operator of this deployment answers questions, if they said so.
    `crm_webhooks`: whether Pipedrive tells of merges (on, waiting, not_allowed: the app lacks a permission).
    """

    company_name: str
    language: str
    connections: list[ConnectionModel]
    may_connect: bool
    manager_name: str
    providers: list[OfferedProviderModel]
    help_url: str | None = None
    contact_url: str | None = None
    crm_webhooks: str = Telling.WAITING.value

    @staticmethod
    def of(
        found: ConnectionList,
        language: str,
        *,
        help_url: str | None = None,
        contact_url: str | None = None,
        crm_webhooks: CrmWebhooks | None = None,
    ) -> "ConnectionListModel":
        """From the use case's."""
        return ConnectionListModel(
            company_name=found.company_name,
            language=language,
            connections=[ConnectionModel.of(listed) for listed in found.connections],
            may_connect=found.may_connect,
            manager_name=found.manager_name,
            providers=[OfferedProviderModel(provider=each.value, name=each.label) for each in found.providers],
            help_url=help_url,
            contact_url=contact_url,
            crm_webhooks=(crm_webhooks.telling if crm_webhooks else Telling.WAITING).value,
        )


class NewConnectionModel(Model):
    """Which kind of books to connect."""

    provider: Provider

    def to_domain(self) -> Provider:
        """To the domain's."""
        return self.provider


class ConnectLinkModel(Model):
    """A link, good once within 10 minutes, to open at top level."""

    url: str


class DisconnectedModel(Model):
    """A connection that ended. `ending`: revoked, forgotten, or later (the provider is told as soon as it answers)."""

    id: str
    health: str
    ending: str
    message: str

    @staticmethod
    def of(ended: Disconnected) -> "DisconnectedModel":
        """From the use case's."""
        connection: Connection = ended.connection
        return DisconnectedModel(
            id=connection.id, health=connection.health.value, ending=ended.ending.value, message=ended.message
        )
