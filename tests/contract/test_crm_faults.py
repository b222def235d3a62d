"""ports.Crm when tokens end, limits are spent and answers stay away."""

import pytest

from duebill.domain.ids import DealId
from duebill.errors import (
    DuebillError,
    LimitReached,
    NotFound,
    OutcomeUnknown,
    ReconnectRequired,
    TryLater,
)
from duebill.ports import Crm
from sandbox.faults import AFTER, BEFORE, Fault
from sandbox.pipedrive import seed as sample
from tests.fakes.pipedrive import PipedriveWorld


@pytest.fixture
def world() -> PipedriveWorld:
    return PipedriveWorld()


@pytest.fixture
def crm(world: PipedriveWorld) -> Crm:
    return world.crm()


def deal_id(number: int) -> DealId:
    return DealId(number)


def test_an_expired_token_is_renewed_once_and_the_call_repeated(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.expire_access(sample.COMPANY, sample.ADA)
    assert crm.deal(deal_id(1)).id == 1
    assert world.calls("/deals/1") == 2


def test_a_write_that_met_an_expired_token_is_done_once(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.expire_access(sample.COMPANY, sample.ADA)
    crm.add_note(deal_id(1), "once")
    assert len(crm.notes(deal_id(1))) == 1


def test_who_uninstalled_must_consent_again(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.uninstall(sample.COMPANY, sample.ADA)
    with pytest.raises(ReconnectRequired):
        crm.who_am_i()


def test_a_second_refusal_asks_a_person(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.faults.add(Fault("status", "/deals/1", times=2, status=401))
    with pytest.raises(ReconnectRequired):
        crm.deal(deal_id(1))
    assert world.calls("/deals/1") == 2


def test_a_missing_scope_is_named(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.scopes.discard("deals:full")
    with pytest.raises(NotFound) as refusal:
        crm.deal(deal_id(1))
    assert refusal.value.code == "crm_scope_missing"


def test_the_burst_limit_says_when_to_come_back(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.limits.burst = 1
    crm.deal(deal_id(1))
    with pytest.raises(LimitReached) as limit:
        crm.deal(deal_id(1))
    assert limit.value.retry_after == 2


def test_a_spent_day_is_looked_at_again_in_an_hour(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.companies[sample.COMPANY].daily_budget = 12
    crm.deal(deal_id(1))
    with pytest.raises(LimitReached) as limit:
        crm.notes(deal_id(1))
    assert limit.value.retry_after == 3600


def test_cloudflares_page_is_a_limit_and_hides_no_deal(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.faults.add(Fault("status", status=403))
    with pytest.raises(LimitReached) as limit:
        crm.deal(deal_id(1))
    assert limit.value.retry_after == 60


@pytest.mark.parametrize(("kind", "status"), [("status", 500), ("status", 503), ("status", 302), (BEFORE, 0)])
def test_a_read_that_fails_can_be_tried_later(world: PipedriveWorld, crm: Crm, kind: str, status: int) -> None:
    world.simulator.faults.add(Fault(kind, status=status))
    with pytest.raises(TryLater):
        crm.deal(deal_id(1))
    assert crm.deal(deal_id(1)).id == 1


@pytest.mark.parametrize(("kind", "status"), [("status", 500), ("status", 502), (AFTER, 0)])
def test_a_write_that_fails_has_an_unknown_outcome_and_is_not_repeated(
    world: PipedriveWorld, crm: Crm, kind: str, status: int
) -> None:
    world.simulator.faults.add(Fault(kind, status=status))
    with pytest.raises(OutcomeUnknown):
        crm.add_note(deal_id(1), "perhaps")
    assert world.calls("POST /api/v1/notes") == 1


def test_a_limited_write_was_surely_not_done(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.faults.add(Fault("status", status=429))
    with pytest.raises(LimitReached):
        crm.add_note(deal_id(1), "not yet")
    assert crm.notes(deal_id(1)) == ()


def test_an_answer_in_another_form_is_no_answer(world: PipedriveWorld, crm: Crm) -> None:
    deal = world.simulator.companies[sample.COMPANY].deals[1]
    deal["value"] = "a lot"
    with pytest.raises(DuebillError) as problem:
        crm.deal(deal_id(1))
    assert problem.value.code == "crm_unreadable"
    assert problem.value.values == {"places": "value"}


def test_only_addresses_are_called_that_the_simulator_knows_as_current(world: PipedriveWorld, crm: Crm) -> None:
    """No call to v1 for what v2 has, and no write that is a trap."""
    for number in (sample.DEAL_UK_DISCOUNTS, sample.DEAL_EUR):
        deal = crm.deal(deal_id(number))
        crm.content(deal)
        crm.buyer(deal)
    crm.fields()
    assert world.simulator.warnings == []
    assert not [call for call in world.simulator.faults.calls if "/v1/" in call and "/users" not in call]
