"""Preferences, in memory."""

from duebill.domain.ids import CompanyId, ConnectionId
from duebill.domain.settings import CompanySettings, ConnectionSettings
from tests.fakes.memory_forget import forget


class MemorySettings:
    """ports.SettingsStore."""

    def __init__(self) -> None:
        self.companies: dict[CompanyId, CompanySettings] = {}
        self.connections: dict[tuple[CompanyId, ConnectionId], ConnectionSettings] = {}

    def company(self, company: CompanyId) -> CompanySettings:
        return self.companies.get(company, CompanySettings())

    def save_company(self, company: CompanyId, settings: CompanySettings) -> None:
        self.companies[company] = settings

    def connection(self, company: CompanyId, connection: ConnectionId) -> ConnectionSettings:
        return self.connections.get((company, connection), ConnectionSettings())

    def save_connection(self, company: CompanyId, connection: ConnectionId, settings: ConnectionSettings) -> None:
        self.connections[company, connection] = settings

    def erase(self, company: CompanyId) -> int:
        return forget(company, self.connections, self.companies)
