"""Ask the books how a deal's invoices are now, and write down only what is true (guarantees §5)."""

from dataclasses import dataclass, replace
from datetime import datetime

from duebill.domain.invoice import HistoryEntry, Invoice, InvoiceLink
from duebill.domain.status import Stage
from duebill.errors import ConditionFailed
from duebill.ports import AccountingProvider, Clock, Invoices


@dataclass(frozen=True, slots=True)
class RefreshDeal:
    """Refreshes links of one connection, one question for all of them."""

    books: AccountingProvider
    invoices: Invoices
    clock: Clock

    def __call__(self, links: tuple[InvoiceLink, ...], *, write_back_at: datetime | None) -> tuple[InvoiceLink, ...]:
        """The links as they are now; changed ones are due for write-back at `write_back_at` (None: not wanted).

        An invoice is deleted only when two complete answers in a row did not hold it. Raises what the books raise.
        """
        asked = [link.invoice.id for link in links if link.invoice.stage is not Stage.DELETED]
        if not asked:
            return links
        reading = self.books.read_invoices(asked)
        gone = self.books.read_invoices(reading.missing).missing if reading.missing else ()
        found = {invoice.id: invoice for invoice in reading.found}
        refreshed = []
        for link in links:
            after = link.invoice
            if read := found.get(link.invoice.id):
                after = _merged(link, read, reading.started_at)
            elif link.invoice.id in gone:
                after = replace(link.invoice, stage=Stage.DELETED)
            refreshed.append(self._save(link, after, reading.started_at, write_back_at))
        return tuple(refreshed)

    def _save(
        self, link: InvoiceLink, after: Invoice, started_at: datetime, write_back_at: datetime | None
    ) -> InvoiceLink:
        is_changed = after != link.invoice
        due_at = write_back_at if is_changed else link.write_back_due_at
        entry = _entry(link.invoice, after, self.clock.now()) if is_changed else None
        later = replace(link, invoice=after, read_at=max(link.read_at, started_at), write_back_due_at=due_at)
        try:
            return self.invoices.save_link(later, due_at=due_at, entry=entry)
        except ConditionFailed:
            return self.invoices.link(link.company, link.deal, link.connection, link.invoice.id) or link


def _merged(link: InvoiceLink, read: Invoice, started_at: datetime) -> Invoice:
    """The newer of what is stored and what was read; on a tie the read that started later wins."""
    known = link.invoice
    is_tie = (read.updated_at, read.version) == (known.updated_at, known.version)
    if read.is_newer_than(known) or (is_tie and started_at >= link.read_at):
        return replace(read, reference=known.reference or read.reference)
    return known


def _entry(before: Invoice, after: Invoice, now: datetime) -> HistoryEntry | None:
    if before.stage is not after.stage:
        return HistoryEntry(now, after.stage.value, None, after.id, after.number)
    if before.balance != after.balance:
        return HistoryEntry(now, "balance_changed", None, after.id, after.number)
    return HistoryEntry(now, "changed", None, after.id, after.number)
