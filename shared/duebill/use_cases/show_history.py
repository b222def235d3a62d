"""Show what happened to a deal's invoices, for as long as that is told."""

from duebill.domain.ids import CompanyId, DealId
from duebill.domain.invoice import HISTORY_LIVES, HistoryEntry
from duebill.ports import Clock, Invoices


def show_history(company: CompanyId, deal: DealId, *, invoices: Invoices, clock: Clock) -> tuple[HistoryEntry, ...]:
    """What happened in the last 400 days, newest first: the table's housekeeping may come days late."""
    return invoices.history(company, deal, since=clock.now() - HISTORY_LIVES)
