"""Each scenario in each variant: once whole, then broken at each of its calls."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import batched

from tests.reliability.crash.child import ChildFailed
from tests.reliability.crash.line import Plan, When, kind_of
from tests.reliability.crash.scenarios import Scenario
from tests.reliability.crash.stage import NeverEnds, Stage
from tests.reliability.crash.town import Town
from tests.reliability.crash.vendors import QUICKBOOKS, Variant, Vendor
from tests.reliability.crash.wish import Story, Wish, draft_for

COMMITS_LATE = timedelta(seconds=100)
_APART = timedelta(seconds=1)  # people do not overrun Pipedrive's limits
# After this tokens and caches have ended; asking for a draft renews them. So every story makes the same calls.
_FRESH = timedelta(minutes=61)


@dataclass
class Result:
    """What one cell of the table found."""

    scenario: str
    variant: str
    points: int = 0
    runs: int = 0
    unreached: int = 0  # runs of variants in which a point may not come: who asks first is a matter of seconds
    seconds: float = 0.0
    reconnects: int = 0
    failures: list[str] = field(default_factory=list)
    vendor: str = ""


def play(town: Town, scenario: Scenario, variant: Variant, *, every: int = 1, thorough: bool = False) -> Result:
    """All runs of one cell; `every` takes only each n-th point.

    Points that a variant cannot change are broken in the first variant alone, unless it is to be `thorough`.
    """
    began = time.monotonic()
    result = Result(scenario.name, variant.name)
    town.vary(variant)
    town.ask("tell", more=scenario.tells_more)
    _batch(town, scenario, variant, [None])  # what is remembered from now on is no part of a story
    [whole], bugs = _batch(town, scenario, variant, [None])
    result.failures += [f"without a crash: {each}" for each in (*whole.verdict(), *bugs)]
    result.points = len(whole.calls)
    points: Sequence[int] = range(1, result.points + 1)
    if not (thorough or variant.is_late or variant.is_first):
        points = _where_it_matters(whole.calls, variant, town.vendor)
    if not thorough and scenario.breaks_writes_alone(town.vendor, variant):
        points = [at for at in points if at <= len(whole.calls) and _is_decisive(whole.calls[at - 1])]
    if variant.fails_first and not thorough:
        every *= 3  # two creations in one story: twice the points, and each waits for the key to be forgotten
    spares_reads = scenario.is_action and not thorough
    plans = [plan for at, plan in _plans(whole.calls, variant, spares_reads=spares_reads) if at in points][::every]
    at_once = 1 if variant.is_late else min(scenario.at_once, town.vendor.at_once)
    for some in batched(plans, at_once, strict=False):
        _judge(town, scenario, variant, some, whole.calls, result)
    result.seconds = time.monotonic() - began
    return result


def _judge(
    town: Town, scenario: Scenario, variant: Variant, plans: Iterable[Plan], calls: list[str], result: Result
) -> None:
    plans = list(plans)
    result.runs += len(plans)
    try:
        wishes, bugs = _batch(town, scenario, variant, plans)
    except (NeverEnds, ChildFailed) as error:
        result.failures.append(f"{plans[0]} …: {error}")
        return
    result.failures += bugs
    for wish, plan in zip(wishes, plans, strict=True):
        wrong = wish.verdict()
        if not wish.is_broken and variant.fails_first:
            result.unreached += 1  # how far a second attempt comes depends on who asks first, the page or the worker
        elif not wish.is_broken:
            wrong.append("the point was never reached")
        if wish.was_reconnected:
            result.reconnects += 1
            if not _may_cost_the_consent(plan, calls, variant, town.vendor):
                wrong.append("a person had to reconnect")
        result.failures += [f"{plan.when} {plan.kind} no. {plan.at}: {each}" for each in wrong]


def _may_cost_the_consent(plan: Plan, calls: list[str], variant: Variant, vendor: Vendor) -> bool:
    """Whether the crash lies between Intuit's new refresh token and its being stored, where the old one is dead."""
    if vendor is not QUICKBOOKS or variant.rotation != "strict":
        return False
    if vendor.exchange not in calls:
        return False
    exchange = calls.index(vendor.exchange) + 1
    return plan in (_plan(calls, exchange, When.AFTER), _plan(calls, exchange + 1, When.BEFORE))


_EXCHANGES = ("POST /oauth", "POST /connect/token")


def _where_it_matters(calls: list[str], variant: Variant, vendor: Vendor) -> range:
    """The points that a variant can change: what the books do is first felt at the first call to them, and what their
    token endpoint does only until its answer is stored.
    """
    is_about_tokens = variant in vendor.token_variants
    first = next(
        (at for at, name in enumerate(calls, 1) if (vendor.exchange if is_about_tokens else vendor.api) in name), 0
    )
    return range(first, first + 3 if is_about_tokens else len(calls) + 1) if first else range(0)


_WRITES = ("PUT ", "POST ", "PATCH ", "DELETE ", "dynamodb TransactWriteItems")
_KEPT = ("INTENT", "LINK", "PRESS", "TOKENS")


def _is_decisive(call: str) -> bool:
    """Whether it writes what the promise rests on: outside, or what is known of the wish, or tokens."""
    return call.startswith((*_WRITES, *(f"dynamodb PutItem {kind}" for kind in _KEPT)))


def _is_read(call: str) -> bool:
    return call.startswith(("GET ", "dynamodb GetItem", "dynamodb Query", "dynamodb BatchGetItem"))


def _plans(calls: list[str], variant: Variant, *, spares_reads: bool) -> Iterator[tuple[int, Plan]]:
    """Each point, by its number in the clean run, with a plan for each way to break there.

    `spares_reads`: the end after a read, which changes nothing, is left to the one before the next call.
    """
    for at, name in enumerate(calls, 1):
        is_write = name.startswith(("POST ", "PUT ", "PATCH ")) and not name.startswith(_EXCHANGES)
        if variant.is_late:
            yield from ((at, _plan(calls, at, when)) for when in (When.LATE, When.LATE_ALIVE) if is_write)
        else:
            yield at, _plan(calls, at, When.BEFORE)
            if not spares_reads or at == len(calls) or not _is_read(name):
                yield at, _plan(calls, at, When.AFTER)
            if is_write:
                yield at, _plan(calls, at, When.LOST)


def _plan(calls: list[str], at: int, when: When) -> Plan:
    """To break at what was call number `at` of the clean run."""
    kinds = [kind_of(name) for name in calls[:at]]
    return Plan(kinds.count(kinds[-1]), when, kind=kinds[-1])


def _batch(
    town: Town, scenario: Scenario, variant: Variant, plans: list[Plan | None] | list[Plan]
) -> tuple[list[Wish], list[str]]:
    """Some wishes at once, to their end; and what the worker itself failed on."""
    wishes = new_wishes(town, plans, new_things=scenario.new_things)
    for wish in wishes:
        wish.tells_more = wish.attaches = scenario.tells_more
        wish.token_age_hours = variant.token_age_hours
    if scenario.expires_tokens:
        town.clock.push(timedelta(minutes=61))
        town.ask("expire", issued_hours_ago=variant.token_age_hours)
    stage = Stage(town, wishes)
    stage.add(_reconnects(town, wishes), _FRESH)
    for place, wish in enumerate(wishes):
        stage.add(scenario.story(wish), place * _APART)
        if wish.plan and wish.plan.when.is_late:
            wish.on_break = lambda: stage.add(_settle(town), COMMITS_LATE)
    stage.play()
    return wishes, stage.bugs


def new_wishes(town: Town, plans: Iterable[Plan | None], *, new_things: bool = False) -> list[Wish]:
    """A deal and a draft for each plan."""
    town.clock.push(_FRESH)
    template = town.ask("draft", linked=not new_things)
    town.unseal_tokens()
    wishes = []
    for plan in plans:
        wish = Wish(town, town.new_deal(organization=new_things), {}, plan, has_new_things=new_things)
        wish.draft = draft_for(template, wish.mark, new_things=new_things)
        wishes.append(wish)
    return wishes


def _reconnects(town: Town, wishes: list[Wish]) -> Story:
    """The manager looks after an hour, and presses “Reconnect” if Duebill asks for it."""
    if town.ask("health")["needs_reconnect"]:
        town.ask("reconnect")
        for wish in wishes:
            wish.was_reconnected = True
    return
    yield timedelta(0)  # a story all the same


def _settle(town: Town) -> Story:
    """The slow server commits what was dropped."""
    town.ask("settle")
    return
    yield timedelta(0)  # a story all the same
