"""Companies that left: the plan to erase them, and the erasing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from duebill.domain.due import DueKind
from duebill.domain.ids import CompanyId, DealId
from duebill.storage import keys
from duebill.storage.connections import pointer_of
from duebill.storage.due import due_attributes
from duebill.storage.keys import Key
from duebill.storage.table import Table, key_of
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
        """Delete every item of the company; how many.

        What names other items goes after them, and the plan goes last: an erasure that is cut off is due again and
        finds the rest. Tickets hold nothing readable and end by themselves within minutes.
        """
        return self.table.delete_many([*self._named(company), keys.erasure(company)])

    def _named(self, company: CompanyId) -> Iterator[Key]:
        """The keys of all but the plan, in the order in which they may go."""
        for item in self.table.skeletons(keys.company_partition(company), "pointer"):
            key = key_of(item)
            if key.sk.startswith(keys.DEALS):
                yield from self._of_deal(company, keys.deal_of(key))
            if pointer := pointer_of(item):
                yield pointer
            if key != keys.erasure(company):
                yield key

    def _of_deal(self, company: CompanyId, deal: DealId) -> Iterator[Key]:
        for item in self.table.skeletons(keys.deal_partition(company, deal)):
            key = key_of(item)
            if key.sk.startswith(keys.LINKS):
                yield keys.invoice_pointer(company, *keys.link_ids(key))
            yield key
