"""Ask one connection's books what changed, in as few questions as can be, and write down what did (guarantees §4, §5).

One worker holds a connection's watch at a time. Who comes meanwhile leaves word of what was heard; so does whoever may
not ask now. The cursor moves when everything is written, and a worker that dies leaves everything due.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from duebill.domain.calendar import today_in
from duebill.domain.connection import Connection
from duebill.domain.ids import InvoiceId
from duebill.domain.invoice import Invoice, InvoiceLink, Reading
from duebill.domain.news import Changed, Event
from duebill.domain.watch import (
    EVERYTHING,
    MOST_WANTED,
    WEEKLY,
    Watch,
    Watched,
    interval,
    is_settled,
    seen_as,
    spread,
)
from duebill.errors import BooksRefused, NotConnected, OutcomeUnknown, ReconnectRequired, TryLater
from duebill.ports import AccountingProvider, Clock, Invoices, Randomness, Watches
from duebill.use_cases.dispatch_due import CLAIM_LASTS
from duebill.use_cases.record_reading import RecordReading, newer_of

LEASE = timedelta(minutes=2)  # as long as the function may run
CLOCKS_DIFFER = timedelta(seconds=10)  # the sender's and ours
_RETRY = timedelta(minutes=2)
_MOST_SPREAD = timedelta(minutes=15)
_REFUSED = timedelta(hours=12)
_GATHERED = timedelta(hours=1)


class Outcome(StrEnum):
    """How a refresh ended."""

    DONE = "done"
    HELD = "held"  # another worker is at it, and knows what was heard
    NOTHING = "nothing"  # nothing to ask: known already, or of no deal
    LATER = "later"  # may not be asked now; due again
    PERSON = "person"  # a person must reconnect


@dataclass(frozen=True, slots=True)
class RefreshConnection:
    """Refreshes one connection. `open_books` may raise ReconnectRequired; `jitter` gives a number from 0 to 1.

    `write_back_at` is when changes are due for write-back (None: the company wants none).
    """

    connection: Connection
    open_books: Callable[[], AccountingProvider]
    watches: Watches
    invoices: Invoices
    record: RecordReading
    clock: Clock
    randomness: Randomness
    jitter: Callable[[], float]
    pace: Callable[[], int]
    write_back_at: Callable[[], datetime | None]
    on_age: Callable[[timedelta], None] = lambda _: None  # told how long the unsettled ones were not looked at

    def sweep(self) -> Outcome:
        """Look at all unsettled invoices, and at whatever was heard of; weekly at the settled ones too."""
        return self._hold(self._swept)

    def hear(self, events: Iterable[Event]) -> Outcome:
        """Look at what these events are about. Raises nothing that another time may mend."""
        wanted = self._affordable(self._wanted(events))
        if not wanted:
            return Outcome.NOTHING
        return self._hold(lambda held: self._heard(held, wanted), wanted)

    def leave_word(self, events: Iterable[Event]) -> None:
        """Have these events looked at by the next sweep, which is due at once."""
        if wanted := self._wanted(events):
            here = self.connection
            self.watches.want(here.company, here.id, by=self.clock.now(), ids=wanted)

    # --- holding -----------------------------------------------------------------------------------------------------

    def _hold(self, work: "Callable[[Watch], _Progress | None]", wanted: frozenset[InvoiceId] = frozenset()) -> Outcome:
        here, now = self.connection, self.clock.now()
        owner = self.randomness.token()
        held = self.watches.take(here.company, here.id, owner=owner, until=now + LEASE, now=now)
        if held is None:
            self.watches.want(here.company, here.id, by=now + LEASE, ids=wanted)
            return Outcome.HELD
        try:
            progress = work(held)
        except (TryLater, OutcomeUnknown) as later:
            wait = timedelta(seconds=later.retry_after) if later.retry_after else _RETRY
            after = wait + min(wait, _MOST_SPREAD) * self.jitter()  # a day that was spent must not become two
            return self._put_off(held, owner, wanted, now + after, Outcome.LATER)
        except (ReconnectRequired, NotConnected):
            # Reconnecting makes it due again; until then nothing can be asked.
            return self._put_off(held, owner, wanted, None, Outcome.PERSON)
        except BooksRefused:  # a subscription that ended, a right that was taken away
            return self._put_off(held, owner, wanted, now + _REFUSED, Outcome.LATER)
        if progress is None:
            self.watches.release(held, held, owner=owner)
            return Outcome.NOTHING
        self.watches.release(held, progress.after, owner=owner, asked=progress.asked)
        return Outcome.DONE

    def _put_off(
        self, held: Watch, owner: str, wanted: frozenset[InvoiceId], due_at: datetime | None, outcome: Outcome
    ) -> Outcome:
        self.watches.release(held, replace(held, due_at=due_at), owner=owner)
        if wanted and due_at:
            self.watches.want(held.company, held.connection, by=due_at, ids=wanted)
        return outcome

    # --- what is asked -----------------------------------------------------------------------------------------------

    def _swept(self, held: Watch) -> "_Progress | None":
        now = self.clock.now()
        if held.due_at is not None and held.due_at > now + CLAIM_LASTS:
            return None  # another message of the same claim was here before
        watched = self.watches.unsettled(held.company, held.connection)
        is_whole = now - (held.whole_at or self.connection.connected_at) >= WEEKLY
        if watched:
            self.on_age(now - (held.looked_at or self.connection.connected_at))
        if not watched and not held.wanted and not is_whole:
            return self._progress(held, watched)
        books = self.open_books()
        named = {each.invoice for each in watched} | (held.wanted - {EVERYTHING})
        if is_whole or EVERYTHING in held.wanted or len(named) > books.ids_at_once:
            reading = books.invoices_changed(held.cursor or self.connection.connected_at, known=tuple(sorted(named)))
            rest = named - {each.id for each in reading.found} - set(reading.deleted)
            self._write(reading, books, watched)
            if is_whole and rest:  # some edits move no time, so that no list of changes has them
                self._write(books.read_invoices(sorted(rest)), books, watched)
            moved = replace(held, cursor=reading.cursor, whole_at=reading.started_at if is_whole else held.whole_at)
        else:
            reading = books.read_invoices(sorted(named))
            self._write(reading, books, watched)
            moved = held
        return self._progress(replace(moved, looked_at=reading.started_at), _still(watched, reading))

    def _heard(self, held: Watch, wanted: frozenset[InvoiceId]) -> "_Progress":
        books = self.open_books()
        ids = (wanted | held.wanted) - {EVERYTHING}
        if EVERYTHING in wanted | held.wanted:
            watched = self.watches.unsettled(held.company, held.connection)
            since = held.cursor or self.connection.connected_at
            reading = books.invoices_changed(since, known=[each.invoice for each in watched])
            self._write(reading, books, watched)
            left = ids - {each.id for each in reading.found}
            held_now = replace(held, cursor=reading.cursor)
        else:
            left, held_now = ids, held
        if left:
            self._write(books.read_invoices(sorted(left)), books, None)
        return _Progress(replace(held_now, heard_at=self.clock.now()), wanted | held.wanted)

    def _progress(self, held: Watch, watched: Iterable[Watched]) -> "_Progress":
        """How far it came, and when the next look is due by what is watched now."""
        now = self.clock.now()
        today = today_in(self.connection.tenant.time_zone, now)
        due_at = now + spread(interval(watched, today, pace=self.pace()), self.jitter())
        return _Progress(replace(held, due_at=due_at), held.wanted)

    def _wanted(self, events: Iterable[Event]) -> frozenset[InvoiceId]:
        """The invoices to ask for: of deals, and not read since the event; everything where an event names none."""
        latest: dict[InvoiceId, datetime] = {}
        wanted: set[InvoiceId] = set()
        for event in events:
            if event.what is Changed.INVOICE:
                known = latest.get(InvoiceId(event.id), event.at)
                latest[InvoiceId(event.id)] = max(known, event.at)
            elif event.what is Changed.MONEY:
                wanted.add(EVERYTHING)
        for link in self.invoices.linked(self.connection.company, self.connection.id, tuple(latest)):
            if latest[link.invoice.id] + CLOCKS_DIFFER >= link.read_at:
                wanted.add(link.invoice.id)
        return frozenset(wanted) if len(wanted) <= MOST_WANTED else frozenset({EVERYTHING})

    def _affordable(self, wanted: frozenset[InvoiceId]) -> frozenset[InvoiceId]:
        """Money that moves in books where we await none is not worth a metered read; late in the month many such
        events share one.
        """
        if EVERYTHING not in wanted:
            return wanted
        here, named = self.connection, wanted - {EVERYTHING}
        if not self.watches.unsettled(here.company, here.id):
            return named
        if self.pace() > 1:
            self.watches.want(here.company, here.id, by=self.clock.now() + _GATHERED, ids={EVERYTHING})
            return named
        return wanted

    # --- what is written ---------------------------------------------------------------------------------------------

    def _write(self, reading: Reading, books: AccountingProvider, watched: Iterable[Watched] | None) -> None:
        """Write what differs from what is known. An invoice is deleted only if the books say so twice, or name it."""
        seen = {each.invoice: each.seen for each in watched or ()}
        found = {each.id: each for each in reading.found if seen.get(each.id) != seen_as(each)}
        again = books.read_invoices(reading.missing) if reading.missing else None
        if again:
            found |= {each.id: each for each in again.found}
        gone = {*reading.deleted, *(again.missing if again else ())}
        links = self.invoices.linked(self.connection.company, self.connection.id, tuple({*found, *gone}))
        write_back_at = self.write_back_at() if links else None
        for link in links:
            if read := found.get(link.invoice.id):
                self._record(link, read, reading.started_at, write_back_at)
            elif link.invoice.id in gone:
                self.record.gone(link, reading.started_at, write_back_at=write_back_at)
        for stray in ({*found, *gone} & set(seen)) - {link.invoice.id for link in links}:
            self.watches.forget(self.connection.company, self.connection.id, stray)  # unlinked meanwhile

    def _record(self, link: InvoiceLink, read: Invoice, started_at: datetime, write_back_at: datetime | None) -> None:
        if newer_of(link, read, started_at) != link.invoice:
            self.record(link, read, started_at, write_back_at=write_back_at)
        else:
            self.watches.see(link)


def _still(watched: Iterable[Watched], reading: Reading) -> tuple[Watched, ...]:
    """What is watched after a reading, as far as it matters for when to look again."""
    found = {each.id: each for each in reading.found}
    return tuple(
        replace(each, due_on=found[each.invoice].due_on) if each.invoice in found else each
        for each in watched
        if each.invoice not in reading.deleted and not (each.invoice in found and is_settled(found[each.invoice]))
    )


@dataclass(frozen=True, slots=True)
class _Progress:
    """The watch as it is to be let go, and what was asked for on the way."""

    after: Watch
    asked: frozenset[InvoiceId]
