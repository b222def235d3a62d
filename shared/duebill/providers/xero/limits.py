"""Xero's limits (developer.xero.com/faq/limits): of one organisation and of our app, as the answers' headers tell."""

from dataclasses import dataclass
from datetime import datetime

from duebill.domain.limits import Ask, DayLeft, Window
from duebill.outside.http import HttpRequest, HttpResponse
from duebill.outside.limited import Heard
from duebill.providers.xero.faults import is_concurrent, is_of_the_app, throttle_wait

CALLS = Window("m", seconds=60, most=60, for_machines=40)
APP = Window("a", seconds=60, most=10_000, for_machines=8_000)
CALLS_A_DAY = 5_000  # of an app on the smallest plan 1,000 (developer.xero.com/pricing)

_DEAREST = 8  # reading what there is to choose from takes the most calls at once
_APP_IS_LOW = 250  # five containers' blocks may still be out
_APP_REST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class XeroRules:
    """outside.limited.Rules. The headers count the day down; a fifth of it is kept for people."""

    calls_a_day: int = CALLS_A_DAY

    label = "Xero"

    def ask(self, request: HttpRequest) -> Ask:  # noqa: ARG002  every call counts the same
        """One call of the organisation's minute and of the app's; the day's are counted by Xero."""
        return Ask((CALLS,), app=APP)

    def heard(self, answer: HttpResponse, now: datetime) -> Heard:
        """A 429 for too many at once is worth repeating; one for the minute or the day says how long to rest."""
        left = _number(answer, "x-daylimit-remaining")
        day = DayLeft(left, self.calls_a_day // 5, _DEAREST, now) if left is not None else None
        if answer.status != 429:
            return Heard(hold=_rest(answer), day=day, app_hold=_app_rest(answer))
        wait = float(throttle_wait(answer))
        if is_of_the_app(answer):
            return Heard(app_hold=wait, day=day)
        return Heard(hold=wait, was_refused=is_concurrent(answer), day=day)


def _rest(answer: HttpResponse) -> float:
    """Seconds of rest where the organisation's minute is used up, perhaps by another of its calls; nobody says when
    it began.
    """
    return _APP_REST_SECONDS if _number(answer, "x-minlimit-remaining") == 0 else 0.0


def _app_rest(answer: HttpResponse) -> float:
    left = _number(answer, "x-appminlimit-remaining")
    return _APP_REST_SECONDS if left is not None and left < _APP_IS_LOW else 0.0


def _number(answer: HttpResponse, header: str) -> int | None:
    text = answer.headers.get(header, "")
    return int(text) if text.isdigit() else None
