"""News and sweeps, put together: which connections they are about, and the use case that asks their books."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from duebill.domain.connection import Connection, Health
from duebill.domain.due import DueId
from duebill.domain.ids import CompanyId, ConnectionId
from duebill.domain.news import BooksNews, Changed, CrmNews, Event, News, latest
from duebill.runtime.limits import background_pace
from duebill.runtime.metrics import Metric, gauge
from duebill.runtime.wiring import Wiring
from duebill.use_cases.follow_merge import follow_customer_merge, follow_merge
from duebill.use_cases.record_reading import RecordReading
from duebill.use_cases.refresh_connection import Outcome, RefreshConnection

_WRITE_BACK_IN = timedelta(seconds=5)

type Place = tuple[CompanyId, ConnectionId]


@dataclass(frozen=True, slots=True)
class Heard:
    """The events of one connection, and the messages that told of them."""

    place: Place
    events: tuple[Event, ...]
    messages: frozenset[str]


def by_connection(told: Mapping[str, News], wiring: Wiring) -> tuple[Heard, ...]:
    """The books' news of these messages, by the connections that lead there; books unknown here have none."""
    events: dict[Place, list[Event]] = {}
    messages: dict[Place, set[str]] = {}
    places: dict[tuple[str, str], tuple[Place, ...]] = {}
    for message, news in told.items():
        if not isinstance(news, BooksNews):
            continue
        tenant = (news.provider.value, news.tenant)
        if tenant not in places:
            places[tenant] = wiring.connections.of_tenant(news.provider, news.tenant)
        for place in places[tenant]:
            events.setdefault(place, []).extend(news.events)
            messages.setdefault(place, set()).add(message)
    return tuple(Heard(place, latest(of), frozenset(messages[place])) for place, of in events.items())


def hear(heard: Heard, wiring: Wiring) -> Outcome:
    """Look at what the events of one connection are about. What raises here is a bug, or our own storage."""
    connection = wiring.connections.get(*heard.place)
    if connection is None or connection.health not in (Health.ACTIVE, Health.RECONNECT):
        return Outcome.NOTHING
    outcome = refresh_of(connection, wiring).hear(heard.events)
    for event in heard.events:
        if event.what is Changed.CUSTOMER:
            follow_customer_merge(connection, event, links=wiring.links, open_books=partial(wiring.books, connection))
    return outcome


def leave_word(heard: Heard, wiring: Wiring) -> None:
    """Have these events looked at by a sweep soon: there is no time for it now."""
    connection = wiring.connections.get(*heard.place)
    if connection is not None:
        refresh_of(connection, wiring).leave_word(heard.events)


def sweep(work: DueId, wiring: Wiring) -> Outcome:
    """Sweep one connection; one that is no longer connected is due no more."""
    connection_id = ConnectionId(work.ids[0])
    connection = wiring.connections.get(work.company, connection_id)
    if connection is None or connection.health in (Health.PENDING, Health.DISCONNECTED):
        wiring.watches.rest(work.company, connection_id)
        return Outcome.NOTHING
    return refresh_of(connection, wiring).sweep()


def hear_crm(news: CrmNews, wiring: Wiring) -> None:
    """Follow merges in the CRM; forget fields that changed."""
    for event in news.events:
        if event.what is Changed.FIELDS:
            for name in ("crm-fields", "crm-tax-rates"):
                wiring.cache.drop(news.company, name)
        else:
            follow_merge(
                news.company,
                event,
                invoices=wiring.invoices,
                links=wiring.links,
                connections=wiring.connections,
                clock=wiring.clock,
            )


def refresh_of(connection: Connection, wiring: Wiring) -> RefreshConnection:
    """The use case for one connection."""
    return RefreshConnection(
        connection=connection,
        open_books=partial(wiring.books, connection),
        watches=wiring.watches,
        invoices=wiring.invoices,
        record=RecordReading(wiring.invoices, wiring.clock, connection.tenant.time_zone),
        clock=wiring.clock,
        randomness=wiring.randomness,
        jitter=random.random,  # spreads those who wait; nobody must not guess it
        pace=partial(background_pace, wiring, connection.provider),
        write_back_at=lambda: (
            wiring.clock.now() + _WRITE_BACK_IN
            if wiring.preferences.company(connection.company).wants_write_back
            else None
        ),
        on_age=lambda age: gauge(Metric.UNSETTLED_AGE, age.total_seconds(), wiring.settings),
    )
