"""Erasure, in memory."""

from datetime import datetime
from typing import Protocol

from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId
from tests.fakes.memory_due import MemoryDueWork


class Erasable(Protocol):
    """A memory store that can forget a company."""

    def erase(self, company: CompanyId) -> int: ...


class MemoryErasure:
    """ports.Erasure over the other memory stores."""

    def __init__(self, due: MemoryDueWork, *stores: Erasable) -> None:
        self.due = due
        self.stores = stores
        self.planned: dict[CompanyId, datetime] = {}

    def plan(self, company: CompanyId, at: datetime) -> None:
        self.planned[company] = at
        self.due.set(DueId(DueKind.ERASURE, company), at)

    def call_off(self, company: CompanyId) -> None:
        self.planned.pop(company, None)
        self.due.set(DueId(DueKind.ERASURE, company), None)

    def is_due(self, company: CompanyId, now: datetime) -> bool:
        return company in self.planned and self.planned[company] <= now

    def erase(self, company: CompanyId) -> int:
        self.call_off(company)
        return 1 + sum(store.erase(company) for store in (*self.stores, self.due))
