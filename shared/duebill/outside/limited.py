"""An Http that asks before it sends: no call is made that would go over the other side's limits.

The permit is taken before anything leaves, so LimitReached means that surely nothing was done. When the limiter itself
does not answer, calls pass: the other side still has its own say.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Protocol

from duebill.domain.connection import Provider
from duebill.domain.limits import Ask, Asker, BooksLimit, DayLeft, Limited, Permit
from duebill.errors import DuebillError, LimitReached
from duebill.outside.http import Http, HttpRequest, HttpResponse
from duebill.ports import Clock, Limiter

_PATIENCE_SECONDS = {Asker.PERSON: 4.0, Asker.MACHINE: 2.0}  # the intent's settle time leaves room for this
_RESERVE_SECONDS = 10.0  # for the call itself and what comes after it
_JITTER_SECONDS = 0.25
_MOST_SENDS = 2
_UNASKED = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer says about limits.

    `hold`: seconds in which nobody should ask. `was_refused`: the call was turned away, surely without effect, and is
    worth sending again after `hold`. `app_hold`: seconds in which nobody should ask for any tenant of the app.
    """

    hold: float = 0.0
    was_refused: bool = False
    app_hold: float = 0.0
    day: DayLeft | None = None


class Rules(Protocol):
    """The limits of one outside system."""

    @property
    def label(self) -> str:
        """Its name for people."""
        ...

    def ask(self, request: HttpRequest) -> Ask:
        """What a request uses up."""
        ...

    def heard(self, answer: HttpResponse, now: datetime) -> Heard:
        """What an answer says: it is believed more than our own count."""
        ...


@dataclass(frozen=True, slots=True)
class LimitedHttp:
    """outside.http.Http for the calls of one tenant. `jitter` gives a number from 0 to 1."""

    http: Http
    limiter: Limiter
    limited: Limited
    rules: Rules
    asker: Asker
    clock: Clock
    jitter: Callable[[], float] = field(repr=False)

    def send(self, request: HttpRequest) -> HttpResponse:
        """See outside.http.Http.send. Raises LimitReached before anything is sent."""
        for sends_left in reversed(range(_MOST_SENDS)):
            permit = self._permit(request)
            answer = self.http.send(request)
            heard = self.rules.heard(answer, self.clock.now())
            self._note(heard, permit)
            if not heard.was_refused or not sends_left or not self._waited(heard.hold):
                break
        return answer

    def _permit(self, request: HttpRequest) -> Permit:
        ask = self.rules.ask(request)
        patience = self.clock.now() + timedelta(seconds=_PATIENCE_SECONDS[self.asker])
        while True:
            now = self.clock.now()
            permit = self.limiter.take(self.limited, ask, self.asker, now)
            if permit.is_granted:
                return permit
            if now + timedelta(seconds=permit.wait) > patience or not self._waited(permit.wait):
                raise LimitReached(
                    f"{self.rules.label} is being asked as often as it allows. Please try again in a moment.",
                    retry_after=max(ceil(permit.wait), 1),
                )

    def _waited(self, seconds: float) -> bool:
        """Wait, and a little more so that not all who wait come back at once; not where time would run out."""
        wait = seconds + self.jitter() * _JITTER_SECONDS
        if wait > _PATIENCE_SECONDS[self.asker] + _JITTER_SECONDS or self.clock.time_left() - wait < _RESERVE_SECONDS:
            return False
        self.clock.sleep(wait)
        return True

    def _note(self, heard: Heard, permit: Permit) -> None:
        """Tell the others, where it changes what they may do: most answers cost no write."""
        if heard.hold:
            self.limiter.hold(self.limited, self.clock.now() + timedelta(seconds=heard.hold))
        if heard.app_hold and isinstance(self.limited, BooksLimit):
            self.limiter.hold_app(self.limited.provider, self.clock.now() + timedelta(seconds=heard.app_hold))
        if heard.day and heard.day.is_news(permit.day):
            self.limiter.note_day(self.limited, heard.day)


@dataclass(slots=True)
class Silence:
    """Until when a limiter that did not answer is not asked again; lives as long as the process."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ForgivingLimiter:
    """ports.Limiter that lets pass when the limiter behind it does not answer, and leaves that in peace for a while.

    `on_silence` is told, so that somebody learns of it.
    """

    limiter: Limiter
    silence: Silence
    on_silence: Callable[[DuebillError], None] = field(repr=False)

    def take(self, limited: Limited, ask: Ask, asker: Asker, now: datetime) -> Permit:
        """See ports.Limiter.take; never raises."""
        if self.silence.until is not None and now < self.silence.until:
            return Permit()
        try:
            return self.limiter.take(limited, ask, asker, now)
        except DuebillError as error:
            self.silence.until = now + _UNASKED
            self.on_silence(error)
            return Permit()

    def hold(self, limited: Limited, until: datetime) -> None:
        """See ports.Limiter.hold; never raises."""
        self._try(lambda: self.limiter.hold(limited, until))

    def note_day(self, limited: Limited, day: DayLeft) -> None:
        """See ports.Limiter.note_day; never raises."""
        self._try(lambda: self.limiter.note_day(limited, day))

    def hold_app(self, provider: Provider, until: datetime) -> None:
        """See ports.Limiter.hold_app; never raises."""
        self._try(lambda: self.limiter.hold_app(provider, until))

    def reads_used(self, provider: Provider, now: datetime) -> int:
        """See ports.Limiter.reads_used; 0 where nobody answers."""
        try:
            return self.limiter.reads_used(provider, now)
        except DuebillError as error:
            self.on_silence(error)
            return 0

    def _try(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except DuebillError as error:
            self.on_silence(error)
