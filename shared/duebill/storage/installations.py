"""Who installed the app."""

from dataclasses import dataclass

from duebill.domain.ids import CompanyId, UserId
from duebill.domain.installation import Installation
from duebill.storage import keys
from duebill.storage.codec import document, read_document
from duebill.storage.table import Table
from duebill.storage.writes import Delete, Put


@dataclass(frozen=True, slots=True)
class DynamoInstallations:
    """ports.Installations on the table."""

    table: Table

    def get(self, company: CompanyId, user: UserId) -> Installation | None:
        """One user's install, or None."""
        item = self.table.get(keys.installation(company, user))
        return read_document(item, Installation) if item else None

    def of_company(self, company: CompanyId) -> tuple[Installation, ...]:
        """All installs of a company, oldest first."""
        items = self.table.query(keys.company_partition(company), keys.INSTALLATIONS)
        found = (read_document(item, Installation) for item in items)
        return tuple(sorted(found, key=lambda each: (each.installed_at, each.user)))

    def save(self, installation: Installation) -> None:
        """Write or replace an install."""
        key = keys.installation(installation.company, installation.user)
        self.table.write(Put(key, {"doc": document(installation)}))

    def remove(self, company: CompanyId, user: UserId) -> None:
        """Forget an install; none is no error."""
        self.table.write(Delete(keys.installation(company, user)))
