"""Whether the CRM tells of changes, in memory."""

from dataclasses import replace
from datetime import datetime

from duebill.domain.crm_webhooks import CrmWebhooks, Telling
from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId
from tests.fakes.memory_due import MemoryDueWork


class MemoryCrmWebhooks:
    """ports.CrmWebhooksStore."""

    def __init__(self, due: MemoryDueWork) -> None:
        self.due = due
        self.known: dict[CompanyId, CrmWebhooks] = {}

    def plan(self, company: CompanyId, at: datetime) -> None:
        self.known[company] = replace(self.known.get(company, CrmWebhooks(at)), planned_at=at)
        self.due.set(_work(company), at)

    def get(self, company: CompanyId) -> CrmWebhooks | None:
        return self.known.get(company)

    def note(self, company: CompanyId, seen: CrmWebhooks, telling: Telling, again_at: datetime) -> None:
        known = self.known.get(company)
        if known and known.planned_at == seen.planned_at:
            self.known[company] = replace(known, telling=telling)
            self.due.set(_work(company), again_at)

    def forget(self, company: CompanyId) -> None:
        self.known.pop(company, None)
        self.due.set(_work(company), None)

    def erase(self, company: CompanyId) -> int:
        known = company in self.known
        self.forget(company)
        return int(known)


def _work(company: CompanyId) -> DueId:
    return DueId(DueKind.CRM_WEBHOOKS, company)
