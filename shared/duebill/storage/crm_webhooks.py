"""Whether the CRM tells us a company's changes; due until it does, and looked at again after that."""

from dataclasses import dataclass
from datetime import datetime

from duebill.domain.crm_webhooks import CrmWebhooks, Telling
from duebill.domain.due import DueKind
from duebill.domain.ids import CompanyId
from duebill.errors import ConditionFailed
from duebill.storage import keys
from duebill.storage.due import due_attributes
from duebill.storage.table import Table
from duebill.storage.values import Item, moment, read_moment, read_text, text
from duebill.storage.writes import Delete, Put, When


@dataclass(frozen=True, slots=True)
class DynamoCrmWebhooks:
    """ports.CrmWebhooksStore on the table."""

    table: Table

    def plan(self, company: CompanyId, at: datetime) -> None:
        """Look after them at `at`; what is known of them stays."""
        known = self.get(company)
        self.table.write(self._put(company, CrmWebhooks(at, known.telling if known else Telling.WAITING), at))

    def get(self, company: CompanyId) -> CrmWebhooks | None:
        """What is known, or None."""
        item = self.table.get(keys.crm_webhooks(company))
        return CrmWebhooks(read_moment(item, "planned_at"), Telling(read_text(item, "telling"))) if item else None

    def note(self, company: CompanyId, seen: CrmWebhooks, telling: Telling, again_at: datetime) -> None:
        """What was found, and when to look again; nothing where somebody planned anew since `seen`, or left."""
        same = When("#planned_at = :seen", {":seen": moment(seen.planned_at)})
        try:
            self.table.write(self._put(company, CrmWebhooks(seen.planned_at, telling), again_at, same))
        except ConditionFailed:
            return

    def forget(self, company: CompanyId) -> None:
        """Nobody is left whom the CRM would tell anything; nothing known is no error."""
        self.table.write(Delete(keys.crm_webhooks(company)))

    def _put(self, company: CompanyId, webhooks: CrmWebhooks, at: datetime, when: When | None = None) -> Put:
        key = keys.crm_webhooks(company)
        attributes: Item = {
            "planned_at": moment(webhooks.planned_at),
            "telling": text(webhooks.telling.value),
            **due_attributes(DueKind.CRM_WEBHOOKS, key, at),
        }
        return Put(key, attributes, when) if when else Put(key, attributes)
