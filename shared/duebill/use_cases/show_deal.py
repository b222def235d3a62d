"""Show a deal's invoices: what the panel tells, from what is stored, without asking the books."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from duebill.domain.actions import Offer
from duebill.domain.calendar import today_in
from duebill.domain.connection import Connection
from duebill.domain.ids import CompanyId, DealId
from duebill.domain.intent import Intent, IntentState
from duebill.domain.invoice import InvoiceLink
from duebill.domain.status import Stage, Status
from duebill.ports import Clock, Invoices

_NOT_COUNTED = (Stage.VOIDED, Stage.DELETED)
_REFUSAL_SHOWN_FOR = timedelta(days=2)  # after the wish: one that is given up after a day is seen for another


@dataclass(frozen=True, slots=True)
class ShownInvoice:
    """An invoice as the panel shows it, with what can be done to it."""

    link: InvoiceLink
    status: Status
    today: date
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownDeal:
    """All that the panel shows: invoices newest first, and intents that are not invoices yet."""

    version: int
    invoices: tuple[ShownInvoice, ...]
    intents: tuple[Intent, ...]
    possible_duplicates: tuple[Intent, ...]
    checked_at: datetime | None

    @property
    def invoiced(self) -> dict[str, Decimal]:
        """What was invoiced, by currency; what was voided or deleted does not count."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.invoices:
            if one.link.invoice.stage not in _NOT_COUNTED:
                sums[one.link.invoice.currency] += one.link.invoice.total
        return dict(sums)


def show_deal(
    company: CompanyId,
    deal: DealId,
    connections: tuple[Connection, ...],
    *,
    offers_of: Callable[[InvoiceLink], tuple[Offer, ...]],
    invoices: Invoices,
    clock: Clock,
) -> ShownDeal:
    """The deal's invoices in these connections with today's statuses, each in the time zone of its own books.

    `offers_of` says what somebody can do to one.
    """
    zones = {connection.id: connection.tenant.time_zone for connection in connections}
    links = [link for link in invoices.links(company, deal) if link.connection in zones]
    intents = [intent for intent in invoices.intents(company, deal) if intent.draft.connection in zones]
    return ShownDeal(
        version=invoices.deal(company, deal).version,
        invoices=tuple(show_invoice(link, zones.get(link.connection), offers_of(link), clock) for link in links),
        intents=tuple(intent for intent in intents if _is_shown(intent, clock.now())),
        possible_duplicates=tuple(intent for intent in intents if intent.duplicates),
        checked_at=min((link.read_at for link in links), default=None),
    )


def show_invoice(link: InvoiceLink, time_zone: str | None, offers: tuple[Offer, ...], clock: Clock) -> ShownInvoice:
    """One invoice, with its status of today in the books' time zone."""
    today = today_in(time_zone, clock.now())
    return ShownInvoice(link, link.invoice.status(today), today, offers)


def _is_shown(intent: Intent, now: datetime) -> bool:
    if intent.state is IntentState.REFUSED:
        return now - intent.created_at < _REFUSAL_SHOWN_FOR
    return intent.state is not IntentState.MADE
