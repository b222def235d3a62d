"""ports.TokenIssuer for Pipedrive, against the simulator's authorisation server."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from duebill.errors import ConsentFailed, OutcomeUnknown, TryLater
from duebill.outside.oauth import InvalidGrant
from sandbox.faults import AFTER, Fault
from sandbox.pipedrive.seed import ADA, COMPANY
from tests.fakes.pipedrive import CALLBACK, PipedriveWorld


@pytest.fixture
def world() -> PipedriveWorld:
    return PipedriveWorld()


def test_the_consent_address_has_what_pipedrive_knows_and_no_more(world: PipedriveWorld) -> None:
    url = urlsplit(world.issuer.consent_url("st&te"))
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://oauth.pipedrive.com/oauth/authorize"
    assert parse_qs(url.query) == {
        "client_id": [world.simulator.client_id],
        "redirect_uri": [CALLBACK],
        "state": ["st&te"],
    }


def test_a_code_gives_tokens_and_the_companys_address(world: PipedriveWorld) -> None:
    grant = world.issuer.exchange(world.code(COMPANY, ADA))
    assert grant.api_url == "https://duebill-demo.pipedrive.com"
    assert grant.expires_in == 3599
    assert (grant.refresh_expires_in, grant.hard_expires_in) == (None, None)
    assert grant.access_token not in repr(grant)


def test_a_code_is_good_once_and_for_five_minutes(world: PipedriveWorld) -> None:
    code = world.code(COMPANY, ADA)
    world.issuer.exchange(code)
    with pytest.raises(ConsentFailed):
        world.issuer.exchange(code)
    late = world.code(COMPANY, ADA)
    world.clock.sandbox.push(timedelta(minutes=5))
    with pytest.raises(ConsentFailed):
        world.issuer.exchange(late)


def test_the_same_refresh_token_comes_back(world: PipedriveWorld) -> None:
    first = world.issuer.exchange(world.code(COMPANY, ADA))
    second = world.issuer.refresh(first.refresh_token)
    assert second.refresh_token == first.refresh_token
    assert second.access_token != first.access_token


def test_a_refresh_token_dies_after_sixty_idle_days(world: PipedriveWorld) -> None:
    grant = world.issuer.exchange(world.code(COMPANY, ADA))
    world.clock.sandbox.push(timedelta(days=60))
    with pytest.raises(InvalidGrant):
        world.issuer.refresh(grant.refresh_token)


def test_revoking_uninstalls_and_may_be_repeated(world: PipedriveWorld) -> None:
    grant = world.issuer.exchange(world.code(COMPANY, ADA))
    world.issuer.revoke(grant.refresh_token)
    with pytest.raises(InvalidGrant):
        world.issuer.refresh(grant.refresh_token)
    world.issuer.revoke(grant.refresh_token)


def test_an_older_secret_is_tried_where_the_newest_is_refused(world: PipedriveWorld) -> None:
    world.secrets.insert(0, "not-active-yet")
    grant = world.issuer.exchange(world.code(COMPANY, ADA))
    assert world.issuer.refresh(grant.refresh_token).access_token
    world.issuer.revoke(grant.refresh_token)


def test_a_refused_app_disconnects_nobody(world: PipedriveWorld) -> None:
    grant = world.issuer.exchange(world.code(COMPANY, ADA))
    world.secrets[:] = ["wrong"]
    with pytest.raises(TryLater):
        world.issuer.refresh(grant.refresh_token)
    with pytest.raises(TryLater):
        world.issuer.revoke(grant.refresh_token)


@pytest.mark.parametrize("fault", ["status", AFTER])
def test_no_answer_is_an_unknown_outcome(world: PipedriveWorld, fault: str) -> None:
    grant = world.issuer.exchange(world.code(COMPANY, ADA))
    for _ in range(3):
        world.simulator.faults.add(Fault(fault, "/oauth/", status=503))
    with pytest.raises(OutcomeUnknown):
        world.issuer.refresh(grant.refresh_token)
    with pytest.raises(OutcomeUnknown):
        world.issuer.exchange(world.code(COMPANY, ADA))
    with pytest.raises(OutcomeUnknown):
        world.issuer.revoke(grant.refresh_token)


def test_tokens_without_the_companys_address_are_no_install(world: PipedriveWorld) -> None:
    world.simulator.api_domain_for = lambda _: ""
    with pytest.raises(OutcomeUnknown):
        world.issuer.exchange(world.code(COMPANY, ADA))
