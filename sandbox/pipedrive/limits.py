"""Rate limits: calls per access token in a rolling window of 2 s, API tokens per company and day.

[D:core-api-concepts-rate-limiting]
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sandbox.pipedrive.envelope import ERROR_INFO, Refusal
from sandbox.pipedrive.model import Company

WINDOW = timedelta(seconds=2)
SEARCH_BURST = 10


@dataclass
class Limits:
    """Counts calls and tokens. `burst`: calls in 2 s for an OAuth app (80 on the smallest plan)."""

    burst: int = 80
    recent: dict[tuple[str, bool], deque[datetime]] = field(default_factory=dict)
    spent: dict[tuple[int, date], int] = field(default_factory=dict)

    def charge(self, token: str, company: Company, cost: int, now: datetime, *, search: bool) -> dict[str, str]:
        """Count one call; its headers. Raises Refusal (429) when the window or the day is used up."""
        most = SEARCH_BURST if search else self.burst
        calls = self.recent.setdefault((token, search), deque())
        while calls and calls[0] <= now - WINDOW:
            calls.popleft()
        day = (company.id, now.date())
        left = company.daily_budget - self.spent.get(day, 0)
        if len(calls) >= most or left < cost:
            raise _too_many(self._headers(most, 0, now, calls, company, max(left, 0)))
        calls.append(now)
        self.spent[day] = self.spent.get(day, 0) + cost
        return self._headers(most, most - len(calls), now, calls, company, left - cost)

    def _headers(
        self, most: int, free: int, now: datetime, calls: deque[datetime], company: Company, left: int
    ) -> dict[str, str]:
        """`x-daily-ratelimit-*` are live but not documented [C]; there is no Retry-After."""
        ends = (calls[0] + WINDOW - now) if calls else WINDOW
        return {
            "x-ratelimit-limit": str(most),
            "x-ratelimit-remaining": str(free),
            "x-ratelimit-reset": str(max(1, round(ends.total_seconds()))),
            "x-daily-ratelimit-token-limit": str(company.daily_budget),
            "x-daily-ratelimit-token-remaining": str(left),
        }


def _too_many(headers: dict[str, str]) -> Refusal:
    document = {"success": False, "error": "request over limit", "errorCode": 429, "error_info": ERROR_INFO}
    return Refusal(429, {**document, "data": None, "additional_data": None}, headers)
