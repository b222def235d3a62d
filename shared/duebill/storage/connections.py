"""Links from companies to books, and the pointers from a set of books to whatever is connected to it."""

from dataclasses import dataclass

from duebill.domain.connection import Connection, Provider
from duebill.domain.ids import CompanyId, ConnectionId, TenantId
from duebill.storage import keys
from duebill.storage.codec import document, read_document
from duebill.storage.keys import Key
from duebill.storage.table import Table, key_of
from duebill.storage.values import Item, text
from duebill.storage.writes import ABSENT, Action, Delete, Put, When


@dataclass(frozen=True, slots=True)
class DynamoConnections:
    """ports.Connections on the table."""

    table: Table

    def get(self, company: CompanyId, connection: ConnectionId) -> Connection | None:
        """One connection, or None."""
        item = self.table.get(keys.connection(company, connection))
        return read_document(item, Connection) if item else None

    def of_company(self, company: CompanyId) -> tuple[Connection, ...]:
        """All connections of a company, oldest first, disconnected ones too."""
        items = self.table.query(keys.company_partition(company), keys.CONNECTIONS)
        found = (read_document(item, Connection) for item in items)
        return tuple(sorted(found, key=lambda each: (each.connected_at, each.id)))

    def save(self, connection: Connection) -> None:
        """Write or replace, together with the tenant pointer. Raises ConditionFailed when its books just changed."""
        stored = self.get(connection.company, connection.id)
        put = Put(
            keys.connection(connection.company, connection.id),
            {"doc": document(connection), "pointer": text(_pointer_name(connection))},
            _still(stored),
        )
        if stored and _pointer(stored) == _pointer(connection):
            self.table.write(put)
            return
        moved: tuple[Action, ...] = (Delete(_pointer(stored)),) if stored else ()
        self.table.write(put, Put(_pointer(connection), {}), *moved)

    def of_tenant(self, provider: Provider, tenant: TenantId) -> tuple[tuple[CompanyId, ConnectionId], ...]:
        """Which connections lead to these books, of whichever company."""
        items = self.table.query(keys.tenant_partition(provider, tenant))
        return tuple(keys.pointed_connection(key_of(item)) for item in items)

    def remove(self, company: CompanyId, connection: ConnectionId) -> None:
        """Forget it and its tenant pointer; none is no error."""
        stored = self.get(company, connection)
        if stored:
            self.table.write(Delete(keys.connection(company, connection), _still(stored)), Delete(_pointer(stored)))


def pointer_of(item: Item) -> Key | None:
    """The tenant pointer that belongs to a connection's item, known without its document."""
    if "pointer" not in item:
        return None
    pk, _, sk = item["pointer"]["S"].rpartition("/")
    return Key(pk, sk)


def _pointer(connection: Connection) -> Key:
    return keys.tenant_pointer(connection.provider, connection.tenant.id, connection.company, connection.id)


def _pointer_name(connection: Connection) -> str:
    return str(_pointer(connection))


def _still(stored: Connection | None) -> When:
    """The pointer is the one we read: whoever moves it deletes it in the same transaction, so none is left behind."""
    return When("#pointer = :pointer", {":pointer": text(_pointer_name(stored))}) if stored else ABSENT
