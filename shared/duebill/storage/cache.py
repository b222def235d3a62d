"""What was read outside and may be read again."""

from dataclasses import dataclass
from datetime import datetime

from duebill.domain.ids import CompanyId
from duebill.storage import keys, values
from duebill.storage.table import Table
from duebill.storage.writes import Delete, Put

LONGEST_BYTES = 300 * 1024


@dataclass(frozen=True, slots=True)
class DynamoCache:
    """ports.Cache on the table. Reads are not consistent: half the price, and nothing is decided by them alone."""

    table: Table

    def get(self, company: CompanyId, name: str, now: datetime) -> str | None:
        """The text, or None when there is none or it has ended."""
        item = self.table.get(keys.cached(company, name), consistent=False)
        return values.read_text(item, "text") if item and values.read_moment(item, "ends") > now else None

    def put(self, company: CompanyId, name: str, text: str, *, until: datetime) -> None:
        """Keep a text of at most 300 KB until `until`; in place of a longer one nothing is kept."""
        if len(text.encode()) > LONGEST_BYTES:
            self.drop(company, name)
            return
        ends = {"ends": values.moment(until), "expires": values.number(values.epoch_seconds(until))}
        self.table.write(Put(keys.cached(company, name), {"text": values.text(text), **ends}))

    def drop(self, company: CompanyId, name: str) -> None:
        """Forget it."""
        self.table.write(Delete(keys.cached(company, name)))
