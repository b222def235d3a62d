"""Preferences; what was never saved has the defaults."""

from dataclasses import dataclass

from duebill.domain.ids import CompanyId, ConnectionId
from duebill.domain.settings import CompanySettings, ConnectionSettings
from duebill.storage import keys
from duebill.storage.codec import document, read_document
from duebill.storage.table import Table
from duebill.storage.writes import Put


@dataclass(frozen=True, slots=True)
class DynamoSettings:
    """ports.SettingsStore on the table."""

    table: Table

    def company(self, company: CompanyId) -> CompanySettings:
        """The company's preferences."""
        item = self.table.get(keys.company_settings(company))
        return read_document(item, CompanySettings) if item else CompanySettings()

    def save_company(self, company: CompanyId, settings: CompanySettings) -> None:
        """Write them whole."""
        self.table.write(Put(keys.company_settings(company), {"doc": document(settings)}))

    def connection(self, company: CompanyId, connection: ConnectionId) -> ConnectionSettings:
        """A connection's preferences."""
        item = self.table.get(keys.connection_settings(company, connection))
        return read_document(item, ConnectionSettings) if item else ConnectionSettings()

    def save_connection(self, company: CompanyId, connection: ConnectionId, settings: ConnectionSettings) -> None:
        """Write them whole."""
        self.table.write(Put(keys.connection_settings(company, connection), {"doc": document(settings)}))
