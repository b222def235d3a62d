"""How often one company may be asked (S-REST, S-CHG)."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.quickbooks.refusals import TurnedAway

_MINUTE = timedelta(minutes=1)


def throttled() -> TurnedAway:
    """The gateway's 429."""
    return TurnedAway(429, "3001", "ThrottleExceeded", "The request limit was reached.  Try again later", "SERVICE")


@dataclass
class Limits:
    """Sliding minutes per company. None takes a limit away; `at_once` counts calls that are under way."""

    per_minute: int | None = 500
    batches_per_minute: int | None = 40
    at_once: int | None = None
    _calls: dict[str, deque[datetime]] = field(default_factory=dict)
    _under_way: dict[str, int] = field(default_factory=dict)

    def enter(self, realm: str) -> None:
        """A call begins. Raises TurnedAway when too many are under way."""
        under_way = self._under_way.get(realm, 0)
        if self.at_once is not None and under_way >= self.at_once:
            raise throttled()
        self._under_way[realm] = under_way + 1

    def leave(self, realm: str) -> None:
        """A call ends."""
        self._under_way[realm] -= 1

    def count(self, realm: str, now: datetime, *, batch: bool) -> None:
        """A call is answered. Raises TurnedAway when the minute is full."""
        self._count(realm, now, self.per_minute)
        if batch:
            self._count(f"{realm} batch", now, self.batches_per_minute)

    def _count(self, key: str, now: datetime, most: int | None) -> None:
        calls = self._calls.setdefault(key, deque())
        while calls and now - calls[0] >= _MINUTE:
            calls.popleft()
        if most is not None and len(calls) >= most:
            raise throttled()
        calls.append(now)
