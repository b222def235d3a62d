"""Tokens of QuickBooks, against the simulator's strict OAuth server."""

from urllib.parse import parse_qs, urlsplit

import pytest

from duebill.errors import ConsentFailed, OutcomeUnknown, TryLater
from duebill.outside.http import HttpRequest
from duebill.outside.oauth import InvalidGrant
from tests.fakes.quickbooks import CALLBACK, QuickBooksWorld


@pytest.fixture
def world() -> QuickBooksWorld:
    return QuickBooksWorld()


def test_the_consent_page_is_asked_for_one_scope_and_our_state(world: QuickBooksWorld) -> None:
    url = world.issuer.consent_url("state & more")
    assert url.startswith("https://quickbooks.test/connect/oauth2?")
    assert parse_qs(urlsplit(url).query) == {
        "client_id": ["quickbooks-client"],
        "response_type": ["code"],
        "scope": ["com.intuit.quickbooks.accounting"],
        "redirect_uri": [CALLBACK],
        "state": ["state & more"],
    }


def test_a_refresh_tells_how_long_the_consent_lives(world: QuickBooksWorld) -> None:
    grant = world.issuer.refresh(world.tokens.refresh_token)
    assert grant.access_token != world.tokens.access_token
    assert grant.expires_in == 3600
    assert grant.refresh_expires_in == 8_640_000
    assert grant.hard_expires_in
    assert grant.hard_expires_in > 150_000_000


def test_a_dead_refresh_token_is_an_invalid_grant(world: QuickBooksWorld) -> None:
    world.simulator.disconnect(world.realm)
    with pytest.raises(InvalidGrant):
        world.issuer.refresh(world.tokens.refresh_token)


def consent(world: QuickBooksWorld) -> str:
    """The code that a person brings back."""
    answer = world.http.send(HttpRequest("GET", world.issuer.consent_url("s") + f"&_realm={world.realm}"))
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def test_a_code_becomes_tokens_once(world: QuickBooksWorld) -> None:
    code = consent(world)
    grant = world.issuer.exchange(code)
    assert grant.access_token
    assert grant.hard_expires_in
    with pytest.raises(ConsentFailed):
        world.issuer.exchange(code)


def test_a_code_that_is_no_good_fails_the_consent(world: QuickBooksWorld) -> None:
    with pytest.raises(ConsentFailed):
        world.issuer.exchange("used up")


def test_the_older_secret_is_tried_while_one_is_being_rotated(world: QuickBooksWorld) -> None:
    world.secrets.insert(0, "new and not yet known there")
    assert world.issuer.refresh(world.tokens.refresh_token).access_token
    world.issuer.revoke(world.tokens.refresh_token)


def test_revoking_ends_the_consent(world: QuickBooksWorld) -> None:
    world.issuer.revoke(world.tokens.refresh_token)
    with pytest.raises(InvalidGrant):
        world.issuer.refresh(world.tokens.refresh_token)


def test_revoking_twice_or_an_unknown_token_is_no_error(world: QuickBooksWorld) -> None:
    world.issuer.revoke(world.tokens.refresh_token)
    world.issuer.revoke(world.tokens.refresh_token)
    world.issuer.revoke("unknown")


def test_a_broken_token_service_disconnects_nobody(world: QuickBooksWorld) -> None:
    for kind, expected in (("status", OutcomeUnknown), ("drop_before", OutcomeUnknown)):
        world.fail(kind, status=503)
        with pytest.raises(expected):
            world.issuer.refresh(world.tokens.refresh_token)
        world.fail(kind, status=503)
        with pytest.raises(expected):
            world.issuer.revoke(world.tokens.refresh_token)
    assert world.issuer.refresh(world.tokens.refresh_token)


def test_an_app_that_is_not_known_is_for_the_operator(world: QuickBooksWorld) -> None:
    world.secrets[:] = ["wrong"]
    with pytest.raises(TryLater):
        world.issuer.refresh(world.tokens.refresh_token)
    with pytest.raises(TryLater):
        world.issuer.revoke(world.tokens.refresh_token)
