"""What fails while a sweep runs over many connections: the others are on time, nothing is lost or done twice."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bench.crowd import Member
from duebill.domain.connection import Health, Provider
from duebill.domain.limits import Ask, Asker, BooksLimit, month_of
from duebill.errors import TryLater
from duebill.providers.quickbooks import limits as quickbooks
from duebill.providers.xero import limits as xero
from duebill.runtime.limits import limiter_of
from duebill.runtime.wiring import wire
from duebill.storage import keys
from duebill.storage.invoices import DynamoInvoices
from duebill.storage.values import number
from duebill.storage.writes import Delete, Put
from duebill.use_cases.refresh_connection import LEASE
from sandbox.faults import Fault
from sandbox.functions import Context
from sandbox.tabletop import Tabletop
from tests.fakes.fleet import Fleet, ids
from tests.fakes.killed import Killed, steps_of

EACH = 3
_firsts = count(step=1000)
both = pytest.mark.parametrize("provider", list(Provider), ids=[provider.value for provider in Provider])


type NewFleet = Callable[..., Fleet]


@pytest.fixture
def new_fleet(tabletop: Tabletop) -> Iterator[NewFleet]:
    """Makes fleets that are swept no more when the test is over."""
    made: list[Fleet] = []

    def make(each: int = EACH, **how: Any) -> Fleet:  # noqa: ANN401  passed on
        made.append(Fleet(tabletop, each, 2, first=next(_firsts), **how))
        return made[-1]

    yield make
    for fleet in made:
        fleet.retire()
    assert [fleet.dead_letters() for fleet in made] == [[]] * len(made)
    assert tabletop.failures == []


@pytest.fixture
def fleet(new_fleet: NewFleet) -> Fleet:
    """Three companies at each provider with two invoices, of which the first is paid by the time a sweep is due."""
    fleet = new_fleet()
    fleet.pay(*fleet.members)
    return fleet


def test_without_faults_each_connection_is_asked_once_and_told_once(fleet: Fleet) -> None:
    since = fleet.until_due()
    before = {provider: fleet.questions(provider) for provider in Provider}
    assert fleet.sweep() == 2 * EACH
    assert fleet.true_in_time(since) == ids(fleet.members)
    assert {provider: fleet.questions(provider) - before[provider] for provider in Provider} == dict.fromkeys(
        Provider, EACH
    )
    assert fleet.sweep() == 0


@both
def test_a_worker_killed_at_any_of_its_steps_loses_nothing_and_does_nothing_twice(
    tabletop: Tabletop, new_fleet: NewFleet, provider: Provider
) -> None:
    """One company for each step, so that all may be made good by the same two ticks."""
    steps = _steps_of_one_sweep(tabletop, new_fleet, provider)
    fleet = new_fleet(1 + len(steps), providers=[provider])
    fleet.pay(*fleet.members)
    since = fleet.until_due()
    warm, *messages = fleet.dispatched_sweeps()
    tabletop.functions.invoke("refresh_invoices", {"Records": [warm]})
    killed: list[str] = []
    for kill_at, message in enumerate(messages):
        with steps_of(tabletop, kill_at) as taken, pytest.raises(Killed):
            tabletop.functions.invoke("refresh_invoices", {"Records": [message]})
        killed.append(_without_place(taken.seen[-1]))
    assert killed == steps
    fleet.again(2)  # leases and claims end; what a killed worker had taken never shows again here
    assert fleet.true_in_time(since) == ids(fleet.members)


def _steps_of_one_sweep(tabletop: Tabletop, new_fleet: NewFleet, provider: Provider) -> list[str]:
    """The second of two: it finds what the first has read of the app's own limits."""
    fleet = new_fleet(2, providers=[provider])
    fleet.pay(*fleet.members)
    since = fleet.until_due()
    for message in fleet.dispatched_sweeps():
        with steps_of(tabletop) as steps:
            tabletop.functions.invoke("refresh_invoices", {"Records": [message]})
    assert fleet.true_in_time(since) == ids(fleet.members)
    assert len(steps.seen) >= 20
    return [_without_place(step) for step in steps.seen]


def _without_place(step: str) -> str:
    return re.sub(r"/company/\d+", "", step)


def test_a_dispatcher_killed_at_any_of_its_claims_only_delays(tabletop: Tabletop, fleet: Fleet) -> None:
    since = fleet.until_due()
    claims = 0
    for kill_at in count():
        try:
            with steps_of(tabletop, kill_at, only=("UpdateItem", "SendMessageBatch")):
                tabletop.functions.invoke("dispatch_due", {})
        except Killed:
            claims += 1
            continue
        break
    assert claims >= 4, "what one has claimed another leaves alone"
    tabletop.schedule.work_off()
    fleet.again(2)
    assert fleet.true_in_time(since) == ids(fleet.members)


@both
def test_what_only_a_list_of_changes_tells_is_found_again_when_it_could_not_be_written(
    fleet: Fleet, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An invoice that was settled is watched no more: only the books' list of changes says that it is open again."""
    since = fleet.until_due()
    fleet.sweep()
    member, *_ = fleet.of(provider)
    assert fleet.shown(member) == "paid"
    fleet.tabletop.sleep(3600)
    fleet.take_back_payment(member)
    fleet.tabletop.sleep(3600)  # longer than two questions overlap
    fleet.want_everything(member)

    def busy(*_: object, **__: object) -> None:
        raise TryLater("busy", retry_after=1)

    with monkeypatch.context() as full:
        full.setattr(DynamoInvoices, "save_link", busy)
        fleet.sweep()
    assert fleet.shown(member) == "paid"
    fleet.tabletop.sleep(900)
    fleet.want_everything(member)
    fleet.again()
    assert fleet.shown(member) == "open"
    assert fleet.true_in_time(since) == ids(fleet.members) - ids([member])


@both
def test_what_was_settled_is_asked_for_again_within_a_week(fleet: Fleet, provider: Provider) -> None:
    """Its payment was taken back, and no webhook told."""
    fleet.until_due()
    fleet.sweep()
    member, *_ = fleet.of(provider)
    assert fleet.shown(member) == "paid"
    fleet.tabletop.sleep(3600)
    fleet.take_back_payment(member)
    for _ in range(2):
        fleet.tabletop.clock.push(timedelta(days=4))
        fleet.sweep()
    assert fleet.shown(member) == "overdue"


@both
def test_what_is_heard_while_another_worker_holds_the_books_is_asked_when_it_lets_go(
    fleet: Fleet, provider: Provider
) -> None:
    member, *_ = fleet.of(provider)
    here, clock = member.connection, fleet.tabletop.clock
    watches = fleet.tabletop.wiring().watches
    held = watches.take(here.company, here.id, owner="another", until=clock.now() + LEASE, now=clock.now())
    assert held is not None
    assert fleet.hear_of(member) == "held"
    watches.release(held, replace(held, due_at=clock.now() + timedelta(days=7)), owner="another")
    clock.push(LEASE + timedelta(seconds=1))
    fleet.sweep()
    assert fleet.shown(member) == "paid"
    assert fleet.told(member)["paid"] == 1


@both
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_storm_of_refusals_at_one_provider_delays_only_its_own(fleet: Fleet, provider: Provider, status: int) -> None:
    simulator = fleet.simulator(provider)
    simulator.faults.add(Fault("status", where="/v3/company/|/api.xro/", status=status, times=1000))
    since, before = fleet.until_due(), fleet.questions(provider)
    fleet.sweep()
    assert fleet.true_in_time(since) == ids(fleet.others(provider))
    fleet.again()
    assert fleet.true_in_time(since) == ids(fleet.others(provider))
    assert fleet.questions(provider) - before <= EACH * 2 * 3, "who is refused asks less, not more"
    assert {fleet.health(member) for member in fleet.members} == {Health.ACTIVE}, "a storm disconnects nobody"
    simulator.faults.pending.clear()
    fleet.again(2)
    assert fleet.true_in_time(since) == ids(fleet.members)


@both
def test_slow_answers_eat_no_more_time_than_a_worker_has_and_delay_nobody_past_the_claim(
    fleet: Fleet, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[float] = []
    functions = fleet.tabletop.functions
    invoke = functions.invoke

    def timed(name: str, event: dict[str, object]) -> object:
        begun = functions.seconds()
        answer = invoke(name, event)
        if name == "refresh_invoices":
            spent.append(functions.seconds() - begun)
        return answer

    monkeypatch.setattr(functions, "invoke", timed)
    simulator = fleet.simulator(provider)
    simulator.faults.add(Fault("latency", where="/v3/company/|/api.xro/", seconds=50, times=1000))
    since = fleet.until_due()
    fleet.sweep()
    assert max(spent) <= 120, "the function would have been ended"
    assert max(spent) >= 50
    for _ in range(3):
        fleet.again()
        assert max(spent) <= 120
    assert fleet.true_in_time(since) == ids(fleet.members)


def test_a_spent_day_of_one_organisation_is_waited_out_and_nobody_else_waits(fleet: Fleet) -> None:
    simulator = fleet.tabletop.xero
    poor, *_ = fleet.of(Provider.XERO)
    since = fleet.until_due()
    simulator.limits._window(poor.connection.tenant.id, timedelta(days=1), since).used = simulator.limits.per_day
    fleet.sweep()
    rich = ids(fleet.members) - ids([poor])
    assert fleet.true_in_time(since) == rich
    before = simulator.calls_of.get(poor.connection.tenant.id, 0)
    refused = fleet.questions(Provider.XERO)
    fleet.again(4)
    assert fleet.questions(Provider.XERO) - refused <= 4 * len(rich), "it is not asked again and again"
    assert simulator.calls_of.get(poor.connection.tenant.id, 0) == before
    fleet.tabletop.clock.push(timedelta(days=1))
    fleet.again(2)
    assert fleet.true_in_time(since) == ids(fleet.members)


def test_late_in_a_day_machines_leave_what_is_left_to_people(fleet: Fleet) -> None:
    simulator = fleet.tabletop.xero
    poor, *_ = fleet.of(Provider.XERO)
    since = fleet.until_due()
    # 5,000 calls a day, a fifth of them for people.
    simulator.limits._window(poor.connection.tenant.id, timedelta(days=1), since).used = 4_100
    fleet.sweep()  # the first answer says what is left
    fleet.pay(poor, place=1)
    asked = simulator.calls_of[poor.connection.tenant.id]
    fleet.tabletop.wiring().watches.want(poor.connection.company, poor.connection.id, by=fleet.tabletop.clock.now())
    fleet.sweep()
    assert simulator.calls_of[poor.connection.tenant.id] == asked
    assert fleet.shown(poor, 1) == "open"
    assert fleet.ask_as_a_person(poor, 1) == "paid"


def test_a_spent_month_stops_the_machines_of_all_companies_and_no_person(fleet: Fleet) -> None:
    tabletop = fleet.tabletop
    month = keys.month_of_reads(Provider.QUICKBOOKS, month_of(tabletop.clock.now()))
    table = tabletop.wiring().table
    known = table.get(month)
    table.write(Put(month, {"used": number(480_000)}))  # 96 % of 500,000
    since, before = fleet.until_due(), fleet.questions(Provider.QUICKBOOKS)
    fleet.sweep()
    assert fleet.questions(Provider.QUICKBOOKS) == before
    assert fleet.true_in_time(since) == ids(fleet.of(Provider.XERO))
    assert {fleet.ask_as_a_person(member) for member in fleet.of(Provider.QUICKBOOKS)} == {"paid"}
    table.write(Put(month, {"used": number(0)}) if known else Delete(month))  # another month
    tabletop.clock.push(timedelta(hours=1))
    fleet.again(4)
    assert fleet.true_in_time(since) == ids(fleet.members)


@both
def test_where_machines_have_used_their_share_of_the_limit_a_person_does_not_wait(
    fleet: Fleet, provider: Provider
) -> None:
    """The real limiter and its real windows: machines wait for the next one, a person asks at once."""
    crowded, *_ = fleet.of(provider)
    since = fleet.until_due()
    _use_up_the_machines_share(fleet, crowded)
    assert fleet.ask_as_a_person(crowded) == "paid"
    assert fleet.tabletop.clock.now() == since
    fleet.sweep()
    assert fleet.true_in_time(since) != ids(fleet.members) or fleet.tabletop.clock.now() > since
    fleet.again(2)
    assert fleet.true_in_time(since) == ids(fleet.members)


def _use_up_the_machines_share(fleet: Fleet, crowded: Member) -> None:
    connection = crowded.connection
    window = (quickbooks if connection.provider is Provider.QUICKBOOKS else xero).CALLS
    seconds = fleet.tabletop.functions.seconds
    limiter = limiter_of(wire(Context("tabletop", seconds, seconds() + 29), Asker.MACHINE))
    limited, taken = BooksLimit(connection.provider, connection.tenant.id), 0
    while limiter.take(limited, Ask((window,)), Asker.MACHINE, fleet.tabletop.clock.now()).is_granted:
        taken += 1
    assert taken == window.for_machines


@both
def test_an_expired_access_token_is_renewed_on_the_way(fleet: Fleet, provider: Provider) -> None:
    fleet.tabletop.clock.push(timedelta(hours=2))
    since = fleet.until_due()
    fleet.sweep()
    assert fleet.true_in_time(since) == ids(fleet.members)


@both
@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_a_consent_that_ended_asks_for_a_person_and_holds_up_nobody(fleet: Fleet, provider: Provider, how: str) -> None:
    ended, *_ = fleet.of(provider)
    fleet.tabletop.clock.push(timedelta(hours=2))  # its access token is old
    simulator, tenant = fleet.simulator(provider), ended.connection.tenant.id
    if how == "revoked":
        simulator.disconnect(tenant)
    elif provider is Provider.QUICKBOOKS:
        [family] = [each for each in simulator.tokens.families if each.realm == tenant]
        family.refresh_end = fleet.tabletop.clock.now()
    else:
        [connection] = [each for each in simulator.tokens.connections if each.tenant == tenant]
        [tokens] = [each for each in simulator.tokens.sets if each.event == connection.event]
        tokens.refresh_end = fleet.tabletop.clock.now()
    since = fleet.until_due()
    fleet.sweep()
    assert fleet.true_in_time(since) == ids(fleet.members) - ids([ended])
    assert fleet.health(ended) is Health.RECONNECT
    asked = fleet.questions(provider)
    fleet.again(3)
    assert fleet.questions(provider) == asked, "nothing is asked in vain"
    assert Counter(fleet.health(member) for member in fleet.members) == {
        Health.ACTIVE: 2 * EACH - 1,
        Health.RECONNECT: 1,
    }


@both
def test_a_limiter_that_does_not_answer_lets_pass(
    fleet: Fleet, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from duebill.storage.limiter import DynamoLimiter

    def silent(*_: object, **__: object) -> None:
        raise TryLater("The limits could not be read.", retry_after=2)

    monkeypatch.setattr(DynamoLimiter, "take", silent)
    since = fleet.until_due()
    fleet.sweep()
    assert fleet.true_in_time(since) == ids(fleet.members)
