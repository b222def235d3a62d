"""The limiter, in memory: the domain's arithmetic under a lock."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from duebill.domain.connection import Provider
from duebill.domain.limits import (
    Ask,
    Asker,
    BooksLimit,
    DayLeft,
    Limited,
    Meter,
    Permit,
    month_of,
    month_wait,
)


@dataclass
class _Kept:
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    held_until: datetime | None = None
    day: DayLeft | None = None


class MemoryLimiter:
    """ports.Limiter. `used` may be set by a test."""

    def __init__(self) -> None:
        self.used: dict[tuple[Provider, str], int] = defaultdict(int)
        self._app_counts: dict[Provider, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
        self._app_held: dict[Provider, datetime] = {}
        self._kept: dict[Limited, _Kept] = defaultdict(_Kept)
        self._lock = Lock()

    def take(self, limited: Limited, ask: Ask, asker: Asker, now: datetime) -> Permit:
        with self._lock:
            kept = self._kept[limited]
            wait = Meter(kept.counts, kept.held_until, kept.day).wait(ask, asker, now)
            if ask.month_budget and isinstance(limited, BooksLimit):
                wait = month_wait(self.used[limited.provider, month_of(now)], ask.month_budget, asker) or wait
            if ask.app and isinstance(limited, BooksLimit):
                wait = wait or self._app_wait(limited.provider, ask, asker, now)
            if wait > 0:
                return Permit(wait, kept.day)
            for window in ask.windows:
                counts = kept.counts[window.name]
                counts[window.number(now)] = counts.get(window.number(now), 0) + 1
            if ask.month_budget and isinstance(limited, BooksLimit):
                self.used[limited.provider, month_of(now)] += 1
            return Permit(day=kept.day)

    def _app_wait(self, provider: Provider, ask: Ask, asker: Asker, now: datetime) -> float:
        """Seconds to wait; 0: one call of the app's is counted."""
        assert ask.app
        counts = self._app_counts[provider]
        wait = Meter(counts, self._app_held.get(provider), None).wait(Ask((ask.app,)), asker, now)
        if wait <= 0:
            number = ask.app.number(now)
            counts[ask.app.name][number] = counts[ask.app.name].get(number, 0) + 1
        return wait

    def hold_app(self, provider: Provider, until: datetime) -> None:
        self._app_held[provider] = max(self._app_held.get(provider) or until, until)

    def hold(self, limited: Limited, until: datetime) -> None:
        kept = self._kept[limited]
        kept.held_until = max(kept.held_until or until, until)

    def note_day(self, limited: Limited, day: DayLeft) -> None:
        kept = self._kept[limited]
        kept.day = max(kept.day or day, day, key=lambda known: known.at)

    def reads_used(self, provider: Provider, now: datetime) -> int:
        return self.used[provider, month_of(now)]
