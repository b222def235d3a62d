"""The dispatcher ends at each of its calls, again and again, while there is work to claim: nothing of it is lost."""

import time
from datetime import timedelta
from itertools import batched

from tests.reliability.crash.line import Plan, When
from tests.reliability.crash.scenarios import NOTE_IS_LEFT, WISH_IS_STORED
from tests.reliability.crash.stage import Stage
from tests.reliability.crash.suite import Result, new_wishes
from tests.reliability.crash.town import Town
from tests.reliability.crash.vendors import FORGETFUL
from tests.reliability.crash.wish import Wish

SCENARIO, VARIANT = "dispatcher", "its own calls"
_CLAIMS_END = timedelta(minutes=16)  # by then whatever an earlier dispatcher claimed is due again
_AT_ONCE = 30  # points; their time together stays below the day after which an unsent wish is given up
_WISHES = 4


def play_dispatcher(town: Town, *, every: int = 1) -> Result:
    """All points of one dispatch, some wishes for each group of points."""
    began = time.monotonic()
    result = Result(SCENARIO, VARIANT)
    town.vary(FORGETFUL)
    wishes = _open(town)
    calls = town.run(town.function("dispatch_due", {})).calls
    result.points = len(calls)
    result.failures += [f"without a crash: {each}" for each in _end(town, wishes)]
    plans = [Plan(at, when) for at in range(1, len(calls) + 1) for when in (When.BEFORE, When.AFTER)][::every]
    for some in batched(plans, _AT_ONCE, strict=False):
        wishes = _open(town)
        for plan in some:
            result.runs += 1
            if not town.run(town.function("dispatch_due", {}), plan=plan).crashed and plan.at <= _SURE:
                result.failures.append(f"{plan.when} call {plan.at}: the point was never reached")
            town.clock.push(_CLAIMS_END)
        result.failures += [f"after calls {some[0].at} to {some[-1].at}: {each}" for each in _end(town, wishes)]
    result.seconds = time.monotonic() - began
    return result


_SURE = 64  # each shard of each kind is asked, whatever there is to claim


def _open(town: Town) -> list[Wish]:
    """Wishes that only due work can end: some not yet sent, some without their note."""
    wishes = new_wishes(town, [None] * _WISHES)
    for place, wish in enumerate(wishes):
        wish.open_with(WISH_IS_STORED if place % 2 else NOTE_IS_LEFT)
    town.clock.push(timedelta(minutes=4))
    return wishes


def _end(town: Town, wishes: list[Wish]) -> list[str]:
    """Let time pass, and judge."""
    stage = Stage(town, wishes)
    stage.play()
    return [*stage.bugs, *(f"deal {wish.deal}: {each}" for wish in wishes for each in wish.verdict())]
