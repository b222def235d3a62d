"""What the CRM is told about invoices, and when a machine must look again though the books say nothing."""

from datetime import datetime, timedelta
from zlib import crc32

from duebill.domain.calendar import start_of
from duebill.domain.invoice import Invoice
from duebill.domain.status import Stage

_SPREAD_SECONDS = 600  # overdue begins at midnight for all of a time zone: not all of them in one minute


def next_look(invoice: Invoice, zone: str | None, now: datetime) -> datetime | None:
    """When time alone will change the status next: shortly after the due date has ended; None: never again."""
    if invoice.stage is not Stage.ISSUED or invoice.balance <= 0 or invoice.due_on is None:
        return None
    begins = start_of(invoice.due_on + timedelta(days=1), zone)
    spread = timedelta(seconds=crc32(invoice.id.encode()) % _SPREAD_SECONDS)
    return begins + spread if begins > now else None
