"""How often an organisation, and all of them together, may be asked (facts §4.1)."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.xero.refusals import Throttled

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_APP = "every organisation"


@dataclass
class _Window:
    start: datetime
    used: int = 0


@dataclass
class Limits:
    """Fixed windows that begin with the first call in them. None takes a limit away.

    A Starter app has 1,000 calls a day and organisation, from Core on 5,000.
    """

    at_once: int | None = 5
    per_minute: int | None = 60
    per_day: int | None = 5000
    app_per_minute: int | None = 10_000
    _windows: dict[tuple[str, timedelta], _Window] = field(default_factory=dict)
    _under_way: dict[str, int] = field(default_factory=dict)

    def enter(self, tenant: str) -> None:
        """A call begins. Raises Throttled when too many are under way."""
        under_way = self._under_way.get(tenant, 0)
        if self.at_once is not None and under_way >= self.at_once:
            raise Throttled("concurrent", None)
        self._under_way[tenant] = under_way + 1

    def leave(self, tenant: str) -> None:
        """A call ends."""
        self._under_way[tenant] -= 1

    def count(self, tenant: str, now: datetime) -> None:
        """A call is answered. Raises Throttled where a window is full; then it counts in none."""
        windows = [
            (self._window(tenant, _DAY, now), self.per_day, _DAY, "day"),
            (self._window(tenant, _MINUTE, now), self.per_minute, _MINUTE, "minute"),
            (self._window(_APP, _MINUTE, now), self.app_per_minute, _MINUTE, "appminute"),
        ]
        for window, most, span, problem in windows:
            if most is not None and window.used >= most:
                raise Throttled(problem, math.ceil((window.start + span - now).total_seconds()))
        for window, *_ in windows:
            window.used += 1

    def headers(self, tenant: str, now: datetime) -> dict[str, str]:
        """What every answer says of what is left."""
        left = {
            "X-DayLimit-Remaining": (self.per_day, self._window(tenant, _DAY, now)),
            "X-MinLimit-Remaining": (self.per_minute, self._window(tenant, _MINUTE, now)),
            "X-AppMinLimit-Remaining": (self.app_per_minute, self._window(_APP, _MINUTE, now)),
        }
        return {name: str(max(most - window.used, 0)) for name, (most, window) in left.items() if most is not None}

    def _window(self, key: str, span: timedelta, now: datetime) -> _Window:
        found = self._windows.get((key, span))
        if found is None or now - found.start >= span:
            found = self._windows[key, span] = _Window(now)
        return found
