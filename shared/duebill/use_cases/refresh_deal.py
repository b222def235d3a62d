"""Ask the books how a deal's invoices are now, and have it written down (guarantees §5)."""

from dataclasses import dataclass
from datetime import datetime

from duebill.domain.invoice import InvoiceLink
from duebill.domain.status import Stage
from duebill.ports import AccountingProvider
from duebill.use_cases.record_reading import RecordReading


@dataclass(frozen=True, slots=True)
class RefreshDeal:
    """Refreshes links of one connection, one question for all of them."""

    books: AccountingProvider
    record: RecordReading

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
            if read := found.get(link.invoice.id):
                refreshed.append(self.record(link, read, reading.started_at, write_back_at=write_back_at))
            elif link.invoice.id in gone:
                refreshed.append(self.record.gone(link, reading.started_at, write_back_at=write_back_at))
            else:
                refreshed.append(link)
        return tuple(refreshed)
