"""The stores that installs and connects use, as dictionaries, with a look inside for tests."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from duebill.domain.connection import Connection, Provider
from duebill.domain.consent import InstallState, Ticket, secret_hash
from duebill.domain.ids import CompanyId, ConnectionId, TenantId, TokenSetId, UserId
from duebill.domain.installation import Installation
from duebill.domain.settings import CompanySettings
from duebill.domain.tokens import TokenSet
from duebill.errors import ConditionFailed


class Installations:
    def __init__(self) -> None:
        self.kept: dict[tuple[CompanyId, UserId], Installation] = {}

    def get(self, company: CompanyId, user: UserId) -> Installation | None:
        return self.kept.get((company, user))

    def of_company(self, company: CompanyId) -> tuple[Installation, ...]:
        return tuple(each for each in self.kept.values() if each.company == company)

    def save(self, installation: Installation) -> None:
        self.kept[installation.company, installation.user] = installation

    def remove(self, company: CompanyId, user: UserId) -> None:
        self.kept.pop((company, user), None)


class Tokens:
    def __init__(self) -> None:
        self.kept: dict[tuple[CompanyId, TokenSetId], TokenSet] = {}
        self.due: dict[tuple[CompanyId, TokenSetId], datetime | None] = {}

    def get(self, company: CompanyId, token_set: TokenSetId) -> TokenSet | None:
        return self.kept.get((company, token_set))

    def create(self, token_set: TokenSet, *, due_at: datetime) -> None:
        self.kept[token_set.company, token_set.id] = token_set
        self.due[token_set.company, token_set.id] = due_at

    def take_lease(
        self, token_set: TokenSet, *, owner: str, until: datetime, now: datetime, due_at: datetime
    ) -> TokenSet:
        stored = self.kept[token_set.company, token_set.id]
        if stored.version != token_set.version or (stored.lease_until and stored.lease_until > now):
            raise ConditionFailed
        self.create(replace(stored, lease_owner=owner, lease_until=until, refresh_started_at=now), due_at=due_at)
        return self.kept[token_set.company, token_set.id]

    def set_due(self, company: CompanyId, token_set: TokenSetId, due_at: datetime | None) -> None:
        if (company, token_set) in self.kept:
            self.due[company, token_set] = due_at

    def remove(self, company: CompanyId, token_set: TokenSetId) -> None:
        self.kept.pop((company, token_set), None)
        self.due.pop((company, token_set), None)


class Connections:
    def __init__(self) -> None:
        self.kept: dict[tuple[CompanyId, ConnectionId], Connection] = {}

    def get(self, company: CompanyId, connection: ConnectionId) -> Connection | None:
        return self.kept.get((company, connection))

    def of_company(self, company: CompanyId) -> tuple[Connection, ...]:
        return tuple(each for each in self.kept.values() if each.company == company)

    def save(self, connection: Connection) -> None:
        self.kept[connection.company, connection.id] = connection

    def of_tenant(self, provider: Provider, tenant: TenantId) -> tuple[tuple[CompanyId, ConnectionId], ...]:
        found = (each for each in self.kept.values() if each.provider is provider and each.tenant.id == tenant)
        return tuple((each.company, each.id) for each in found)

    def remove(self, company: CompanyId, connection: ConnectionId) -> None:
        self.kept.pop((company, connection), None)


class Consents:
    def __init__(self) -> None:
        self.states: dict[str, InstallState] = {}
        self.tickets: dict[str, Ticket] = {}

    def put_install_state(self, state: InstallState) -> None:
        self.states[state.state] = state

    def use_install_state(self, state: str, now: datetime) -> bool:
        found = self.states.pop(state, None)
        return found is not None and found.expires_at > now

    def put_ticket(self, ticket: Ticket) -> None:
        self.tickets[ticket.id] = ticket

    def ticket(self, ticket_id: str, now: datetime) -> Ticket | None:
        found = self.tickets.get(ticket_id)
        return found if found and found.expires_at > now else None

    def ticket_of_state(self, state: str, now: datetime) -> Ticket | None:
        found = (each for each in self.tickets.values() if each.state_hash == secret_hash(state))
        return next((each for each in found if each.expires_at > now), None)

    def change_ticket(self, ticket: Ticket) -> None:
        if self.tickets[ticket.id].version != ticket.version:
            raise ConditionFailed
        self.tickets[ticket.id] = replace(ticket, version=ticket.version + 1)


class Settings:
    def __init__(self) -> None:
        self.kept: dict[CompanyId, CompanySettings] = {}

    def company(self, company: CompanyId) -> CompanySettings:
        return self.kept.get(company, CompanySettings())

    def save_company(self, company: CompanyId, settings: CompanySettings) -> None:
        self.kept[company] = settings


class Erasure:
    def __init__(self) -> None:
        self.planned: dict[CompanyId, datetime] = {}

    def plan(self, company: CompanyId, at: datetime) -> None:
        self.planned[company] = at

    def call_off(self, company: CompanyId) -> None:
        self.planned.pop(company, None)

    def is_due(self, company: CompanyId, now: datetime) -> bool:
        return company in self.planned and self.planned[company] <= now


@dataclass
class Stores:
    """All of them."""

    installations: Installations = field(default_factory=Installations)
    tokens: Tokens = field(default_factory=Tokens)
    connections: Connections = field(default_factory=Connections)
    consents: Consents = field(default_factory=Consents)
    settings: Settings = field(default_factory=Settings)
    erasure: Erasure = field(default_factory=Erasure)

    def names(self) -> tuple[str, ...]:
        return ("installations", "tokens", "connections", "consents", "settings", "erasure")

    def token_sets(self) -> list[TokenSet]:
        return list(self.tokens.kept.values())

    def due_at(self, company: CompanyId, token_set: TokenSetId) -> datetime | None:
        return self.tokens.due.get((company, token_set))
