"""Consent at Xero: the address, tokens that rotate, organisations of one consent, links that end one by one."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from duebill.domain.connection import ConsentedBooks, Provider, TaxModel
from duebill.errors import ConsentFailed, NotFound, ReconnectRequired, TryLater
from duebill.outside.oauth import InvalidGrant
from duebill.providers.registry import consented_books
from duebill.providers.xero.oauth import consent_event
from sandbox.xero.seed import AU_TENANT, NZ_TENANT, UK_TENANT, USER
from tests.fakes.books_world import GrantedTokens
from tests.fakes.xero import URLS, XeroWorld


def books_of(world: XeroWorld, *tenants: str) -> tuple[ConsentedBooks, ...]:
    """What a new consent to these organisations opens."""
    answer = world.simulator.grant(USER, tenants)
    tokens = GrantedTokens(world.issuer, str(answer["access_token"]), str(answer["refresh_token"]))
    return consented_books(Provider.XERO, None, http=world.http, tokens=tokens, urls=URLS)


def test_the_consent_page_is_asked_for_granular_scopes_with_spaces_that_it_understands() -> None:
    url = XeroWorld().issuer.consent_url("state+1")
    asked = parse_qs(urlsplit(url).query)
    assert "+" not in url.partition("scope=")[2].partition("&")[0]
    assert asked["state"] == ["state+1"]
    assert "offline_access" in asked["scope"][0].split()
    assert not {"accounting.transactions", "accounting.reports.read"} & set(asked["scope"][0].split())


def test_a_refresh_gives_other_tokens_that_die_sixty_days_later_and_the_old_one_has_a_grace() -> None:
    world = XeroWorld()
    first = world.tokens.refresh_token
    grant = world.issuer.refresh(first)
    assert grant.refresh_token != first
    assert grant.refresh_expires_in == 60 * 86_400
    world.wait(minutes=29)
    assert world.issuer.refresh(first).access_token
    world.wait(days=61)
    with pytest.raises(InvalidGrant):
        world.issuer.refresh(grant.refresh_token)


def test_a_code_that_is_no_good_fails_the_consent() -> None:
    with pytest.raises(ConsentFailed):
        XeroWorld().issuer.exchange("no-such-code")


def test_only_the_organisations_of_this_consent_are_offered() -> None:
    world = XeroWorld()  # is connected to the British one already
    found = books_of(world, NZ_TENANT, AU_TENANT)
    assert {books.tenant.id for books in found} == {NZ_TENANT, AU_TENANT}
    assert len({books.provider_connection for books in found}) == 2
    assert {books.provider_connection for books in found}.isdisjoint({NZ_TENANT, AU_TENANT})
    kowhai = next(books.tenant for books in found if books.tenant.id == NZ_TENANT)
    assert (kowhai.name, kowhai.country, kowhai.home_currency) == ("Kowhai Design Limited", "NZ", "NZD")
    assert (kowhai.time_zone, kowhai.tax_model, kowhai.link_code) == ("Pacific/Auckland", TaxModel.PER_LINE, "!kWh4D")


def test_consenting_again_to_what_is_connected_offers_all_that_this_person_connected() -> None:
    world = XeroWorld()
    books_of(world, NZ_TENANT)
    assert {books.tenant.id for books in books_of(world, NZ_TENANT)} == {NZ_TENANT, UK_TENANT}


def test_a_consent_that_opens_nothing_says_what_to_mend() -> None:
    world = XeroWorld()
    world.simulator.disconnect(UK_TENANT)
    with pytest.raises(ConsentFailed, match="Standard or Adviser") as failed:
        books_of(world)
    assert failed.value.code == "no_books_came"


def test_unlinking_one_organisation_leaves_the_other_and_may_be_repeated() -> None:
    world = XeroWorld()
    answer = world.simulator.grant(USER, [NZ_TENANT])
    token = str(answer["access_token"])
    links = {each.tenant: each.id for each in world.simulator.tokens.connections}
    for _ in range(2):
        world.issuer.unlink(token, links[NZ_TENANT])
    assert [each.tenant for each in world.simulator.tokens.connections] == [UK_TENANT]
    assert world.opened().describe().id == UK_TENANT


def test_unlinking_with_a_token_that_is_no_good_says_so_and_an_outage_is_for_later() -> None:
    world = XeroWorld()
    with pytest.raises(ReconnectRequired):
        world.issuer.unlink("no-token", "link")
    world.fail("status", where="DELETE", status=429)
    with pytest.raises(TryLater):
        world.issuer.unlink(world.tokens.access_token, "link")


def test_a_connection_that_was_removed_in_xero_needs_a_person_and_its_sibling_does_not() -> None:
    world = XeroWorld()
    world.simulator.grant(USER, [NZ_TENANT])
    books = world.opened()
    world.simulator.disconnect(NZ_TENANT)
    assert books.describe().id == UK_TENANT
    world.withdraw()
    with pytest.raises(ReconnectRequired, match="Standard or Adviser"):
        books.describe()


def test_an_id_that_is_none_reaches_no_other_address() -> None:
    books = XeroWorld().opened()
    with pytest.raises(NotFound):
        books.customer("../Invoices")  # type: ignore[arg-type]  # what a browser may send


@pytest.mark.parametrize("claims", [{}, {"authentication_event_id": "x"}, {"authentication_event_id": 1}, []])
def test_a_token_without_a_usable_event_lists_without_one(claims: object) -> None:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert consent_event(f"head.{body}.tail") is None
    for broken in ("", "a.b", "a.!!.c", "a.YQ.c"):
        assert consent_event(broken) is None
