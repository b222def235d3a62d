"""How often an outside system may be asked, and who gives way to whom: arithmetic alone.

What is limited is a tenant, not a company of ours: two companies may hold the same books and share their limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil

from duebill.domain.connection import Provider
from duebill.domain.ids import CompanyId, TenantId

BLOCK = 50  # calls; the counts of the whole app move by as many at once
_STEPS = 5
_MONTH_CLOSED_SECONDS = 3600.0


class Asker(StrEnum):
    """On whose behalf a call is made: somebody waits for it, or nobody does."""

    PERSON = "person"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class BooksLimit:
    """The limits of one set of books, whoever is connected to it."""

    provider: Provider
    tenant: TenantId


@dataclass(frozen=True, slots=True)
class CrmLimit:
    """The limits of one company in the CRM."""

    company: CompanyId


type Limited = BooksLimit | CrmLimit


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` calls in any `seconds`; a machine begins none once `for_machines` were made.

    Calls are counted in windows of `seconds`, one after the other. Each holds, together with the one before it, at
    most `most`; so does any stretch of that length, since it touches no more than two of them. `name` is short and
    has no digits: attributes are named after it.
    """

    name: str
    seconds: int
    most: int
    for_machines: int

    def number(self, now: datetime) -> int:
        """Which window it is."""
        return int(now.timestamp()) // self.seconds

    def until(self, number: int, now: datetime) -> float:
        """Seconds until a window begins."""
        return number * self.seconds - now.timestamp()

    def rooms(self, asker: Asker) -> tuple[tuple[int, int], ...]:
        """In a few steps: where the window before held at most the first, this one may hold the second."""
        limit = self.for_machines if asker is Asker.MACHINE else self.most
        return tuple((before, limit - before) for before in range(0, limit, ceil(limit / _STEPS)))

    def room(self, asker: Asker, before: int) -> int:
        """How many calls this window may hold when the one before held `before`."""
        return next((room for most_before, room in self.rooms(asker) if before <= most_before), 0)


class Level(StrEnum):
    """How much of a day is left."""

    PLENTY = "plenty"
    LOW = "low"  # kept for people
    SPENT = "spent"  # not enough for the dearest call


@dataclass(frozen=True, slots=True)
class DayLeft:
    """What an answer said at `at` of the day's budget; machines stop below `floor`, everybody below `dearest`."""

    left: int
    floor: int
    dearest: int
    at: datetime

    @property
    def level(self) -> Level:
        """Who may still ask."""
        if self.left < self.dearest:
            return Level.SPENT
        return Level.LOW if self.left < self.floor else Level.PLENTY

    def wait(self, asker: Asker, now: datetime) -> float:
        """Seconds until this asker may; nobody says when a day begins, so it is tried again after a while."""
        gives_way = self.level is Level.SPENT or (self.level is Level.LOW and asker is Asker.MACHINE)
        return max((self.at + believed_for(asker) - now).total_seconds(), 0.0) if gives_way else 0.0

    def is_news(self, known: "DayLeft | None") -> bool:
        """Whether others should hear of it: it changes who may ask, or what is known of a poor day gets old."""
        level_before = known.level if known else Level.PLENTY
        if self.level is not level_before:
            return True
        return known is not None and self.level is not Level.PLENTY and self.at - known.at >= _RENEWED_AFTER


_RENEWED_AFTER = timedelta(minutes=5)


def believed_for(asker: Asker) -> timedelta:
    """How long a poor day is believed without asking: people find out sooner that another has begun."""
    return timedelta(hours=1) if asker is Asker.MACHINE else timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Ask:
    """What one call uses up. `month_budget`: metered reads that the whole app has in a month; None: not metered.

    `app`: a window that all tenants of the app share.
    """

    windows: tuple[Window, ...]
    month_budget: int | None = None
    app: Window | None = None


@dataclass(frozen=True, slots=True)
class Meter:
    """What is known of one tenant: calls by window name and number, and until when nobody may ask."""

    counts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    held_until: datetime | None = None
    day: DayLeft | None = None

    def count(self, window: Window, number: int) -> int:
        """Calls in one window."""
        return self.counts.get(window.name, {}).get(number, 0)

    def wait(self, ask: Ask, asker: Asker, now: datetime) -> float:
        """Seconds until this call may be made; 0: now."""
        held = (self.held_until - now).total_seconds() if self.held_until else 0.0
        day = self.day.wait(asker, now) if self.day else 0.0
        return max(0.0, held, day, *(self._window_wait(window, asker, now) for window in ask.windows))

    def _window_wait(self, window: Window, asker: Asker, now: datetime) -> float:
        number = window.number(now)
        if self.count(window, number + 1):  # for others it has begun: what we add to ours now, they no longer see
            return window.until(number + 1, now)
        so_far = self.count(window, number)
        if so_far < window.room(asker, self.count(window, number - 1)):
            return 0.0
        return window.until(number + (1 if window.room(asker, so_far) else 2), now)


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to make one call, or, where `wait` is more than 0, how many seconds to wait before asking again.

    `day` is what was known of the day before the call.
    """

    wait: float = 0.0
    day: DayLeft | None = None

    @property
    def is_granted(self) -> bool:
        """Whether the call may be made now."""
        return self.wait <= 0


# --- the month of metered reads, of the whole app ------------------------------------------------------------------


def month_of(now: datetime) -> str:
    """The month, in UTC: nobody says in which time zone it is counted."""
    return now.astimezone(UTC).strftime("%Y%m")


def pace(used: int, budget: int) -> int:
    """By how much background intervals are longer: doubled once 80 % of the month's reads are used."""
    return 2 if used * 100 >= budget * 80 else 1


def month_wait(used: int, budget: int, asker: Asker) -> float:
    """Seconds that a metered read must wait: from 95 % of the month's reads on only people read."""
    return _MONTH_CLOSED_SECONDS if asker is Asker.MACHINE and used * 100 >= budget * 95 else 0.0


def completes_block(reads: int, phase: int) -> bool:
    """Whether a tenant's read number `reads` of the month moves the app's count by a block.

    Tenants begin at different phases: so the few reads of many tenants are counted as well as the many of a few.
    """
    return (reads + phase) % BLOCK == 0
