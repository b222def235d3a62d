"""Connections, in memory."""

from duebill.domain.connection import Connection, Provider
from duebill.domain.ids import CompanyId, ConnectionId, TenantId
from tests.fakes.memory_forget import forget


class MemoryConnections:
    """ports.Connections."""

    def __init__(self) -> None:
        self.kept: dict[tuple[CompanyId, ConnectionId], Connection] = {}

    def get(self, company: CompanyId, connection: ConnectionId) -> Connection | None:
        return self.kept.get((company, connection))

    def of_company(self, company: CompanyId) -> tuple[Connection, ...]:
        found = [each for each in self.kept.values() if each.company == company]
        return tuple(sorted(found, key=lambda each: (each.connected_at, each.id)))

    def save(self, connection: Connection) -> None:
        self.kept[connection.company, connection.id] = connection

    def of_tenant(self, provider: Provider, tenant: TenantId) -> tuple[tuple[CompanyId, ConnectionId], ...]:
        return tuple(key for key, each in self.kept.items() if each.provider is provider and each.tenant.id == tenant)

    def remove(self, company: CompanyId, connection: ConnectionId) -> None:
        self.kept.pop((company, connection), None)

    def erase(self, company: CompanyId) -> int:
        return 2 * forget(company, self.kept)  # each with its tenant pointer
