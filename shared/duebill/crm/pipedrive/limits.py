"""Pipedrive's limits: calls in 2 s by plan, and the day's tokens, which the company shares with all its other apps.

Both stand in the headers of every answer (pipedrive.md §3.10), and what those say is believed.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime

from duebill.domain.ids import CompanyId
from duebill.domain.limits import Ask, DayLeft, Window
from duebill.outside.http import HttpRequest, HttpResponse
from duebill.outside.limited import Heard

SMALLEST_BURST = 80  # of an OAuth app on the smallest plan; larger plans say more in their answers
BURST_SECONDS = 2
DEAREST_CALL = 20  # API tokens
CLOUDFLARE_WAIT = 60
_MACHINES_PERCENT = 60
_FLOOR_PERCENT = 10
_DAY_SECONDS = 86_400
_EPOCH_FROM = 1_000_000_000  # a reset above this is a point in time, below it a span
_MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class PipedriveRules:
    """outside.limited.Rules for one company.

    The burst is Pipedrive's for each token; here all tokens of a company share it, which is stricter and keeps one
    count. `bursts` is what this container has heard of the companies' plans.
    """

    company: CompanyId
    bursts: MutableMapping[CompanyId, int] = field(repr=False)
    label: str = "Pipedrive"

    def ask(self, request: HttpRequest) -> Ask:  # noqa: ARG002  all our calls count alike
        """One of the calls in 2 s."""
        most = self.bursts.get(self.company, SMALLEST_BURST)
        return Ask((Window("t", BURST_SECONDS, most, max(most * _MACHINES_PERCENT // 100, 1)),))

    def heard(self, answer: HttpResponse, now: datetime) -> Heard:
        """What the headers say. Turned away for some seconds: worth sending again; for the day: not."""
        headers = answer.headers
        self._learn_burst(whole(headers.get("x-ratelimit-limit")))
        day = day_left(headers, now)
        is_spent = day is not None and day.left < DEAREST_CALL
        if answer.status == 429:
            return Heard(day=day) if is_spent else Heard(reset_seconds(headers, now), was_refused=True, day=day)
        if answer.status == 403 and not answer.body.lstrip().startswith(b"{"):
            # Who goes on after 429 meets Cloudflare's page.
            return Heard(hold=CLOUDFLARE_WAIT)
        remaining = whole(headers.get("x-ratelimit-remaining"))
        is_used_up = remaining is not None and remaining <= 0
        return Heard(hold=reset_seconds(headers, now) if is_used_up else 0.0, day=day)

    def _learn_burst(self, most: int | None) -> None:
        if most is None or most <= 0 or most == self.bursts.get(self.company, SMALLEST_BURST):
            return
        if len(self.bursts) >= _MOST_KNOWN:
            self.bursts.clear()
        self.bursts[self.company] = most


def day_left(headers: Mapping[str, str], now: datetime) -> DayLeft | None:
    """What is left of the day's tokens, None where the answer does not say (the headers are not documented)."""
    left, limit = (whole(headers.get(f"x-daily-ratelimit-token-{name}")) for name in ("remaining", "limit"))
    if left is None:
        return None
    return DayLeft(max(left, 0), (limit or 0) * _FLOOR_PERCENT // 100, DEAREST_CALL, now)


def reset_seconds(headers: Mapping[str, str], now: datetime) -> int:
    """Seconds until the burst is fresh again."""
    reset = whole(headers.get("x-ratelimit-reset"))
    if reset is None:
        return BURST_SECONDS
    # Documented as "remaining window"; Pipedrive's own review skill reads a Unix time.
    wait = reset - int(now.timestamp()) if reset >= _EPOCH_FROM else reset
    return min(max(wait, 1), _DAY_SECONDS)


def whole(text: str | None) -> int | None:
    """A header's whole number, None where it is none."""
    try:
        return None if text is None else int(float(text))
    except (ValueError, OverflowError):
        return None
