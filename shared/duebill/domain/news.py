"""What webhooks tell: that something changed, where and when. Never how it is now: that the books are asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from duebill.domain.connection import Provider
from duebill.domain.ids import CompanyId, TenantId

MOST_EVENTS = 100  # in one message: some 8 KB


class Changed(StrEnum):
    """What an event is about."""

    INVOICE = "invoice"
    MONEY = "money"  # a payment or a credit note, which does not say what it pays
    CUSTOMER = "customer"  # perhaps merged into another: `into` says so where it is known
    DEAL_MERGED = "deal_merged"
    PERSON_MERGED = "person_merged"
    ORGANIZATION_MERGED = "organization_merged"
    FIELDS = "fields"  # what there is to choose from in the CRM


@dataclass(frozen=True, slots=True)
class Event:
    """One change at `at`, by the sender's clock."""

    what: Changed
    id: str
    at: datetime
    into: str | None = None


@dataclass(frozen=True, slots=True)
class BooksNews:
    """Events of one set of books, whoever is connected to it."""

    provider: Provider
    tenant: TenantId
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class CrmNews:
    """Events of one company in the CRM."""

    company: CompanyId
    events: tuple[Event, ...]


type News = BooksNews | CrmNews


def latest(events: Iterable[Event]) -> tuple[Event, ...]:
    """Each thing once, with the latest of its times: one question answers them all."""
    found: dict[tuple[Changed, str, str | None], Event] = {}
    for event in sorted(events, key=lambda each: each.at):
        found[event.what, event.id, event.into] = event
    return tuple(found.values())
