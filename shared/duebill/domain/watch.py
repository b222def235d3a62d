"""What is watched in one set of books between two looks at it, and when the next look is due."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from duebill.domain.ids import CompanyId, ConnectionId, DealId, InvoiceId
from duebill.domain.invoice import Invoice, InvoiceLink
from duebill.domain.status import Stage

EVERYTHING = InvoiceId("*")  # heard of something that names no invoice: whatever changed is to be asked for
MOST_WANTED = 200  # ids that are kept to be asked for; more than that is everything

OVERLAP = timedelta(minutes=5)  # of two questions about changes: books hear of themselves with a delay
SOON = timedelta(hours=4)
DAILY = timedelta(hours=24)
WEEKLY = timedelta(days=7)
_AHEAD = timedelta(days=3)
_BEHIND = timedelta(days=30)
_SPREAD = 0.1  # of an interval: companies that connect at nine must not all be asked at nine


@dataclass(frozen=True, slots=True)
class Watched:
    """An unsettled invoice of a deal. `seen` stands for how it was when it was last read."""

    invoice: InvoiceId
    deal: DealId
    seen: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """How far the reading of one connection's books has come; one worker at a time holds it.

    Whatever changed before `cursor` is written down. `looked_at` is when all unsettled invoices were last asked for,
    `whole_at` when the settled ones were too, `heard_at` when a webhook last told of one of them. `wanted` are ids that
    were heard of and could not be asked for yet.
    """

    company: CompanyId
    connection: ConnectionId
    cursor: datetime | None = None
    looked_at: datetime | None = None
    whole_at: datetime | None = None
    wanted: frozenset[InvoiceId] = frozenset()
    due_at: datetime | None = None
    heard_at: datetime | None = None


def is_settled(invoice: Invoice) -> bool:
    """Whether nothing more is to be expected of it: paid, voided or deleted."""
    return invoice.stage in (Stage.VOIDED, Stage.DELETED) or (invoice.stage is Stage.ISSUED and invoice.balance <= 0)


def seen_as(invoice: Invoice) -> str:
    """A short name for how the books have an invoice: two readings differ if and only if their names do."""
    content = (
        invoice.number,
        invoice.customer,
        invoice.currency,
        format(invoice.total.normalize(), "f"),
        format(invoice.tax.normalize(), "f"),
        format(invoice.balance.normalize(), "f"),
        format(invoice.credited.normalize(), "f"),
        invoice.issued_on.isoformat(),
        invoice.due_on.isoformat() if invoice.due_on else "",
        invoice.stage.value,
        invoice.unknown_word or "",
        str(invoice.version),
        invoice.updated_at.isoformat(),
    )
    return hashlib.sha256("\n".join(content).encode()).hexdigest()[:20]


def interval(watched: Iterable[Watched], today: date, *, pace: int = 1) -> timedelta:
    """How long until the next look: soon where something falls due or is overdue, weekly where all is settled."""
    days = [each.due_on for each in watched]
    if not days:
        return WEEKLY
    is_near = any(day is not None and today - _BEHIND <= day <= today + _AHEAD for day in days)
    return (SOON if is_near else DAILY) * pace


def first_look(link: InvoiceLink) -> datetime:
    """When the books of a new link are to be looked at, at the latest."""
    invoice = link.invoice
    watched = () if is_settled(invoice) else (Watched(invoice.id, link.deal, "", invoice.due_on),)
    return link.linked_at + interval(watched, link.linked_at.date())


def spread(span: timedelta, jitter: float) -> timedelta:
    """`span`, up to a tenth shorter; `jitter` is from 0 to 1. A promise of a day stays one."""
    return span * (1 - _SPREAD * jitter)
