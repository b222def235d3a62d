"""Companies that left: the plan to erase them, and the erasing."""

from dataclasses import dataclass
from datetime import datetime

from duebill.domain.due import DueKind
from duebill.domain.ids import CompanyId
from duebill.storage import keys
from duebill.storage.belongings import belongings
from duebill.storage.due import due_attributes
from duebill.storage.table import Table
from duebill.storage.values import moment, read_moment
from duebill.storage.writes import Delete, Put


@dataclass(frozen=True, slots=True)
class DynamoErasure:
    """ports.Erasure on the table."""

    table: Table

    def plan(self, company: CompanyId, at: datetime) -> None:
        """Erase everything of the company at `at`, unless called off."""
        key = keys.erasure(company)
        self.table.write(Put(key, {"at": moment(at), **due_attributes(DueKind.ERASURE, key, at)}))

    def call_off(self, company: CompanyId) -> None:
        """Somebody installed again; nothing planned is no error."""
        self.table.write(Delete(keys.erasure(company)))

    def is_due(self, company: CompanyId, now: datetime) -> bool:
        """Whether an erasure is planned and its time has come."""
        item = self.table.get(keys.erasure(company))
        return item is not None and read_moment(item, "at") <= now

    def erase(self, company: CompanyId) -> int:
        """Delete every item of the company, the plan last; how many. Cut off, it is due again and finds the rest."""
        return self.table.delete_many([*belongings(self.table, company), keys.erasure(company)])
