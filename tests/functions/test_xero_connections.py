"""Organisations of Xero connected, disconnected, lost and found again, by browser and API."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.pipedrive import seed
from sandbox.tabletop import Tabletop
from sandbox.wire import Request, dumps
from sandbox.xero.seed import AU_TENANT, COLLEAGUE, NZ_TENANT, UK_TENANT, USER
from tests.fakes.browser import Browser


@pytest.fixture
def tabletop() -> Iterator[Tabletop]:
    with Tabletop() as tabletop:
        tabletop.install()
        yield tabletop
        assert tabletop.failures == []


def calls(tabletop: Tabletop, begins: str) -> int:
    return sum(call.startswith(begins) for call in tabletop.xero.faults.calls)


def searched(tabletop: Tabletop, connection: str) -> int:
    return tabletop.api("GET", f"/connections/{connection}/customers?query=fern").status


def health(tabletop: Tabletop) -> dict[str, Any]:
    listed = tabletop.api("GET", "/connections").json["connections"]
    return {each["id"]: each["health"] for each in listed}


def linked(tabletop: Tabletop) -> set[str]:
    """The organisations that Xero itself has connected to the app."""
    return {each.tenant for each in tabletop.xero.tokens.connections}


def test_only_ticked_organisations_are_connected_and_the_others_are_given_back(tabletop: Tabletop) -> None:
    browser = Browser(tabletop, provider="xero")
    link = browser.link()
    back = browser.consent(browser.visit(link), _user=USER, _tenants=f"{NZ_TENANT},{UK_TENANT},{AU_TENANT}")
    question = browser.visit(back)
    for name in ("Kowhai Design Limited", "Thistle &amp; Rose Ltd", "Pebble and Pine Pty Ltd"):
        assert name in question.text
    [which] = [part.split('"', 1)[0] for part in question.text.split('value="') if "Thistle" in part]
    done = browser.visit(f"{link}/confirm", method="POST", body=f"answer=yes&which={which}".encode())
    assert "Connected" in done.text
    tabletop.pass_time(minutes=20)
    assert linked(tabletop) == {UK_TENANT}
    assert list(health(tabletop)) == [which]
    assert calls(tabletop, "POST /connect/revocation") == 0


def test_who_says_no_leaves_nothing_connected_and_no_token(tabletop: Tabletop) -> None:
    browser = Browser(tabletop, provider="xero")
    link = browser.link()
    browser.visit(browser.consent(browser.visit(link), _user=USER, _tenants=f"{NZ_TENANT},{UK_TENANT}"))
    assert "Not connected" in browser.confirm(link, "no").text
    tabletop.pass_time(minutes=20)
    assert linked(tabletop) == set()
    assert health(tabletop) == {}


def test_a_question_that_nobody_answers_gives_the_organisations_back(tabletop: Tabletop) -> None:
    browser = Browser(tabletop, provider="xero")
    browser.visit(browser.consent(browser.visit(browser.link()), _user=USER, _tenants=NZ_TENANT))
    assert linked(tabletop) == {NZ_TENANT}
    tabletop.pass_time(minutes=30)
    tabletop.pass_time(minutes=30)
    assert linked(tabletop) == set()


def test_where_xero_opens_nothing_the_page_says_why(tabletop: Tabletop) -> None:
    browser = Browser(tabletop, provider="xero")
    opened = browser.visit(browser.link())
    back = browser.consent(opened, _user=COLLEAGUE, _tenants=UK_TENANT)
    tabletop.xero.disconnect(UK_TENANT)
    answer = browser.visit(back)
    assert answer.status == 400, answer
    assert "Standard or Adviser" in answer.text
    assert health(tabletop) == {}


def test_disconnecting_one_organisation_leaves_its_siblings_and_their_tokens(tabletop: Tabletop) -> None:
    nz, uk, au = tabletop.connect_xero(NZ_TENANT, UK_TENANT, AU_TENANT)
    assert tabletop.api("DELETE", f"/connections/{au}").status == 200
    assert linked(tabletop) == {NZ_TENANT, UK_TENANT}
    assert (calls(tabletop, "DELETE /connections/"), calls(tabletop, "POST /connect/revocation")) == (1, 0)
    tabletop.clock.push(timedelta(minutes=31))
    assert [searched(tabletop, one) for one in (nz, uk)] == [200, 200]
    for one in (nz, uk):
        assert tabletop.api("DELETE", f"/connections/{one}").status == 200
    assert linked(tabletop) == set()
    assert calls(tabletop, "POST /connect/revocation") == 0, "the same person may have connected others elsewhere"


def test_what_was_removed_inside_xero_is_to_be_reconnected_and_the_sibling_is_not(tabletop: Tabletop) -> None:
    nz, uk = tabletop.connect_xero(NZ_TENANT, UK_TENANT)
    tabletop.xero.disconnect(UK_TENANT)
    refused = tabletop.api("GET", f"/connections/{uk}/customers?query=fern")
    assert (refused.status, refused.json["code"]) == (409, "reconnect_required")
    assert health(tabletop) == {nz: "active", uk: "reconnect"}
    assert searched(tabletop, nz) == 200
    assert tabletop.connect_xero(UK_TENANT) == (uk,), "settings and links hang on the id"
    assert health(tabletop) == {nz: "active", uk: "active"}
    assert [searched(tabletop, one) for one in (nz, uk)] == [200, 200]


def test_a_consent_that_ended_ends_all_its_organisations(tabletop: Tabletop) -> None:
    both = tabletop.connect_xero(NZ_TENANT, UK_TENANT)
    tabletop.xero.tokens.forget_user(USER)
    tabletop.clock.push(timedelta(minutes=31))
    assert searched(tabletop, both[0]) == 409
    assert set(health(tabletop).values()) == {"reconnect"}


def test_an_uninstall_gives_all_organisations_back(tabletop: Tabletop) -> None:
    tabletop.connect_xero(NZ_TENANT, UK_TENANT)
    ends = dumps({"company_id": seed.COMPANY, "user_id": seed.ADA}).encode()
    notice = tabletop.pipedrive(Request("POST", "/_control/uninstall", body=ends)).json()
    headers = {name.lower(): value for name, value in notice["headers"].items()}
    told = tabletop.visit(notice["method"], notice["path"], headers=headers, body=str(notice["body"]).encode())
    assert told.status == 200
    assert linked(tabletop) == set()
