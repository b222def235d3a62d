"""All invoices of a deal's customer, made here or in the books: page by page, without a hole or a double.

A page ends within a day. The next one begins with that whole day again and leaves out what was shown of it: whatever
is added, deleted or paid meanwhile, an invoice whose date stays is shown exactly once. One page is one question.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from duebill.domain.aged import Sums, summed
from duebill.domain.calendar import today_in
from duebill.domain.connection import Connection
from duebill.domain.ids import ConnectionId
from duebill.domain.invoice import ListedInvoice
from duebill.ports import AccountingProvider, Clock, CustomerLink

PAGE = 250  # invoices of an answer; the walkers of the books ask for a few more, to know what comes after
_MOST_SHOWN_OF_A_DAY = 200  # beyond that the day is read to its end at once: the cursor would grow too long
_WHOLE_DAY = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where the list goes on: in which connection, at which day, what of that day was shown, and the sums so far."""

    connection: ConnectionId
    until: date
    shown: frozenset[str] = frozenset()
    sums: Mapping[str, Sums] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CustomerBooks:
    """A connection where the deal's buyer is linked to a customer."""

    connection: Connection
    link: CustomerLink
    books: AccountingProvider


@dataclass(frozen=True, slots=True)
class ListedFrom:
    """An invoice of the list, and where it is from."""

    connection: Connection
    listed: ListedInvoice
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list. `sums` are over all pages so far, whole where `next` is None."""

    rows: tuple[ListedFrom, ...]
    sums: Mapping[str, Sums]
    next: Place | None


def list_customer_invoices(
    sources: tuple[CustomerBooks, ...], *, since: date, until: date, place: Place | None, clock: Clock
) -> Page:
    """The page at `place` (None: the first), newest day first, one connection after the other.

    Raises what the books raise. A connection that is gone since the page before counts as read to its end.
    """
    rows: list[ListedFrom] = []
    sums = dict(place.sums) if place else {}
    left = _from(sources, place)
    for index, source in enumerate(left):
        begins = place if place and place.connection == source.connection.id else Place(source.connection.id, until)
        found, later = _read(source, since, begins, PAGE - len(rows))
        rows += [ListedFrom(source.connection, one, source.books.invoice_url(one.invoice.id)) for one in found]
        today = today_in(source.connection.tenant.time_zone, clock.now())
        sums = summed(sums, (one.invoice for one in found), today)
        following = left[index + 1 :]
        if later is not None:
            return Page(tuple(rows), sums, replace(later, sums=sums))
        if following and len(rows) >= PAGE:
            return Page(tuple(rows), sums, Place(following[0].connection.id, until, sums=sums))
    return Page(tuple(rows), sums, None)


def _from(sources: tuple[CustomerBooks, ...], place: Place | None) -> tuple[CustomerBooks, ...]:
    if place is None:
        return sources
    ids = [source.connection.id for source in sources]
    return sources[ids.index(place.connection) :] if place.connection in ids else ()


def _read(source: CustomerBooks, since: date, at: Place, most: int) -> tuple[list[ListedInvoice], Place | None]:
    """At most `most` invoices that were not shown yet, and the place after them; a crowded day may add more."""
    customer, books = source.link.customer, source.books
    asked = most + len(at.shown) + 1
    found = books.customer_invoices(customer, since=since, until=at.until, limit=asked)
    fresh = [one for one in found if _mark(one) not in at.shown]
    if len(found) < asked:
        return fresh, None
    page = fresh[:most]
    last = page[-1].invoice.issued_on
    shown = _marks(one for one in page if one.invoice.issued_on == last) | (at.shown if last == at.until else set())
    if len(shown) <= _MOST_SHOWN_OF_A_DAY:
        return page, replace(at, until=last, shown=frozenset(shown))
    day = books.customer_invoices(customer, since=last, until=last, limit=_WHOLE_DAY)
    page += [one for one in day if _mark(one) not in shown]
    before = last - timedelta(days=1)
    return page, replace(at, until=before, shown=frozenset()) if before >= since else None


def _marks(listed: Iterable[ListedInvoice]) -> set[str]:
    return {_mark(one) for one in listed}


def _mark(one: ListedInvoice) -> str:
    """Short, so that a cursor holds many; 48 bits let no two of a few hundred meet."""
    return hashlib.sha256(one.invoice.id.encode()).hexdigest()[:12]
