"""What the CRM is told about invoices, and when a machine must look again though the books say nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zlib import crc32

from duebill.domain.calendar import start_of
from duebill.domain.ids import ConnectionId
from duebill.domain.invoice import Invoice, InvoiceLink
from duebill.domain.money import Money
from duebill.domain.status import Stage, Status

_SPREAD_SECONDS = 600  # overdue begins at midnight for all of a time zone: not all of them in one minute


def next_look(invoice: Invoice, zone: str | None, now: datetime) -> datetime | None:
    """When time alone will change the status next: shortly after the due date has ended; None: never again."""
    if invoice.stage is not Stage.ISSUED or invoice.balance <= 0 or invoice.due_on is None:
        return None
    begins = start_of(invoice.due_on + timedelta(days=1), zone)
    spread = timedelta(seconds=crc32(invoice.id.encode()) % _SPREAD_SECONDS)
    return begins + spread if begins > now else None


class Task(StrEnum):
    """What the CRM is told of an invoice beside its note."""

    FIELDS = "fields"
    PAID = "paid"
    OVERDUE = "overdue"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class DealFieldCodes:
    """The CRM's codes of the deal fields that the app made, and of each status's choice."""

    status: str
    amount_due: str
    number: str
    link: str
    choices: Mapping[str, int]  # by the status's word


@dataclass(frozen=True, slots=True)
class DealSummary:
    """What the deal's fields say of all its invoices together; all None where it has none."""

    status: Status | None = None
    amount_due: Money | None = None
    number: str | None = None
    link: str | None = None


def summary_of(links: Sequence[InvoiceLink], todays: Mapping[ConnectionId, date], currency: str) -> DealSummary:
    """The most urgent status of the deal's invoices, what is due of them, and the newest one's number and link.

    What was voided or deleted counts only where there is nothing else. A field holds one currency: that of the deal
    where an invoice is in it, else the newest one's.
    """
    shown = [(link, link.invoice.status(todays[link.connection])) for link in links if link.connection in todays]
    if not shown:
        return DealSummary()
    alive = [(link, status) for link, status in shown if status not in (Status.VOIDED, Status.DELETED)]
    counted = alive or shown
    newest = counted[0][0]
    currencies = {link.invoice.currency for link, _ in counted}
    of = currency if currency in currencies else newest.invoice.currency
    due = sum((_due(link.invoice) for link, _ in counted if link.invoice.currency == of), Decimal(0))
    return DealSummary(
        status=min((status for _, status in counted), key=_URGENT.index),
        amount_due=Money(due, of),
        number=", ".join(link.invoice.number for link, _ in counted if link.invoice.number)[:_LONGEST] or None,
        link=newest.url[:_LONGEST],
    )


def values_of(told: DealSummary, codes: DealFieldCodes) -> dict[str, str | int | Money | None]:
    """What stands in each of the deal's fields."""
    return {
        codes.status: codes.choices.get(told.status.value) if told.status else None,
        codes.amount_due: told.amount_due,
        codes.number: told.number,
        codes.link: told.link,
    }


def version_of(invoice: Invoice) -> str:
    """What tells two versions of an invoice apart: by time where the books count no versions."""
    return f"{invoice.updated_at.astimezone(UTC):%Y-%m-%d %H%M%S} v{invoice.version}"


def _due(invoice: Invoice) -> Decimal:
    return max(invoice.balance, Decimal(0)) if invoice.stage is Stage.ISSUED else Decimal(0)


_LONGEST = 255  # of a short text field
_URGENT = (
    Status.OVERDUE,
    Status.PARTIALLY_PAID,
    Status.OPEN,
    Status.AWAITING_APPROVAL,
    Status.DRAFT,
    Status.PAID,
    Status.VOIDED,
    Status.DELETED,
)
