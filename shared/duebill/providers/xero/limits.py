"""Xero's limits (developer.xero.com/faq/limits): of one organisation and our app, as the answers' headers tell."""

from datetime import datetime

from duebill.domain.limits import Ask, DayLeft, Window
from duebill.outside.http import HttpRequest, HttpResponse
from duebill.outside.limited import Heard
from duebill.providers.xero.faults import is_concurrent, throttle_wait

CALLS = Window("m", seconds=60, most=60, for_machines=40)

# Of 5,000 a day, or 1,000 of an app on the smallest plan: the headers count down whichever it is. What is kept for
# people is a fifth of the smaller; reading what there is to choose from takes the most calls at once.
_FLOOR = 200
_DEAREST = 8


class XeroRules:
    """outside.limited.Rules."""

    label = "Xero"

    def ask(self, request: HttpRequest) -> Ask:  # noqa: ARG002  every call counts the same
        """One call of the minute; the day's are counted by Xero."""
        return Ask((CALLS,))

    def heard(self, answer: HttpResponse, now: datetime) -> Heard:
        """A 429 for too many at once is worth repeating; one for the minute or the day says how long to rest."""
        left = answer.headers.get("x-daylimit-remaining", "")
        day = DayLeft(int(left), _FLOOR, _DEAREST, now) if left.isdigit() else None
        if answer.status != 429:
            return Heard(day=day)
        return Heard(hold=float(throttle_wait(answer)), was_refused=is_concurrent(answer), day=day)
