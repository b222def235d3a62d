"""Who may do what: every role against every route of the template, for every audience that a right can have."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from duebill.domain.actions import Reason
from duebill.domain.ids import ConnectionId, DealId, InvoiceId
from duebill.domain.invoice import HistoryEntry
from duebill.runtime.problems import CONTENT_TYPE
from sandbox.pipedrive import seed
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.tabletop import Answer
from tests.fakes.branch import ADMIN, DEAL, MANAGER, MEMBER, STRANGER, Branch, new_branch
from tests.fakes.every_route import RULES, Ids, Rule, may, routes

ROUTES = [route for route, rule in RULES.items() if rule is not Rule.PUBLIC]
USERS = {"manager": MANAGER, "admin": ADMIN, "member": MEMBER}
# The audiences decide about two of the rights; the widest one must open nothing else.
CASES = [
    (audience, route, role)
    for audience in ("manager", "admins", "everyone")
    for route in ROUTES
    for role in USERS
    if audience == "everyone" or RULES[route] in (Rule.SEE, Rule.CREATE, Rule.ACT, Rule.APPROVE)
]
UNLINK = "DELETE /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/link"
TAKE_OVER, DISCONNECT = "POST /connections/{connection_id}/take-over", "DELETE /connections/{connection_id}"
NO_OR_NOT_YET = {reason.value for reason in Reason} - {Reason.NOT_ALLOWED} | {"confirmation_needed", "no_pay_link"}
NAMES_A_DEAL_IN_ITS_BODY = ("POST /settings/preview",)
OUR_WORDS = ("Duebill Demo", "Mia Member", "Hampstead", "BRANCH-")


@pytest.fixture(scope="module")
def branch() -> Iterator[Branch]:
    branch = new_branch()
    yield branch
    branch.close()
    assert branch.tabletop.failures == []


def refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.headers["content-type"]) == (status, CONTENT_TYPE), answer
    assert answer.json["code"] == code, answer


def put_back(branch: Branch, route: str, ids: Ids) -> None:
    """What an allowed request took away."""
    if route == UNLINK:
        invoices = branch.tabletop.wiring().invoices
        untied = invoices.untied(seed.COMPANY, DealId(ids.deal), ConnectionId(ids.connection), InvoiceId(ids.invoice))
        assert untied is not None
        entry = HistoryEntry(branch.tabletop.clock.now(), "linked", untied.linked_by, untied.invoice.id)
        invoices.link_by_hand(replace(untied, unlinked_at=None), entry)
    if route == DISCONNECT:
        assert branch.tabletop.connect(UK_REALM, user=MANAGER) == branch.uk
    if route == TAKE_OVER:
        wiring = branch.tabletop.wiring()
        (taken,) = (known for known in wiring.connections.of_company(seed.COMPANY) if known.id == branch.uk)
        wiring.connections.save(replace(taken, manager=MANAGER))


def test_every_route_of_the_template_has_its_rule() -> None:
    assert set(RULES) == set(routes())


@pytest.mark.parametrize(("audience", "route", "role"), CASES)
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(
    branch: Branch, audience: str, route: str, role: str
) -> None:
    branch.audience(audience)
    ids, before = branch.ids(), branch.kept()
    answer = branch.ask(route, ids, user=USERS[role])
    if may(role, RULES[route], audience):
        # What can be done depends on the invoice too: the answer of whoever may is then why not, or a question.
        assert answer.status in (200, 201, 204) or answer.json["code"] in NO_OR_NOT_YET, (route, answer)
        put_back(branch, route, ids)
    else:
        refused(answer, 403, "not_allowed")
        assert branch.kept() == before


@pytest.mark.parametrize("route", ROUTES)
def test_somebody_who_did_not_install_may_do_nothing(branch: Branch, route: str) -> None:
    branch.audience("everyone")
    ids, before = branch.ids(), branch.kept()
    refused(branch.ask(route, ids, user=STRANGER), 403, "not_installed")
    refused(branch.ask(route, ids, user=None), 401, "not_authenticated")
    assert branch.kept() == before


@pytest.mark.parametrize("route", ROUTES)
def test_somebody_of_another_company_finds_nothing_of_ours(branch: Branch, route: str) -> None:
    branch.audience("everyone")
    ids, before = branch.ids(), branch.kept()
    answer = branch.ask(route, ids, user=seed.OTHER_USER, company=seed.OTHER_COMPANY)
    if "{" in route or route in NAMES_A_DEAL_IN_ITS_BODY:
        assert answer.status in (404, 409), answer
        assert answer.json["code"] in ("not_found", "connection_not_found", "not_connected"), answer
        assert branch.kept() == before
    else:
        assert answer.status in (200, 400), answer
    assert not any(word in answer.text for word in OUR_WORDS), answer


def test_a_manager_of_some_books_sees_nothing_of_the_others(branch: Branch) -> None:
    """Each right is towards one connection: who manages the US books is a member towards the UK ones."""
    branch.audience("manager")
    wiring = branch.tabletop.wiring()
    us = next(known for known in wiring.connections.of_company(seed.COMPANY) if known.id == branch.us)
    wiring.connections.save(replace(us, manager=MEMBER))
    try:
        panel = branch.api("GET", f"/deals/{DEAL}/invoices", user=MEMBER).json
        history = branch.api("GET", f"/deals/{DEAL}/history", user=MEMBER).json
        assert (panel["invoices"], panel["intents"], history) == ([], [], [])
        assert branch.api("GET", f"/deals/{DEAL}", user=MEMBER).json["connections"] == [branch.us]
        refused(branch.api("GET", f"/connections/{branch.uk}/items?query=a", user=MEMBER), 403, "not_allowed")
    finally:
        wiring.connections.save(us)
    assert branch.api("GET", f"/deals/{DEAL}/history").json


def test_who_may_create_and_not_see_follows_their_own_press_only(branch: Branch) -> None:
    branch.audience("manager", create="everyone")
    ids, before = branch.ids(), branch.kept()
    made = branch.ask("POST /deals/{deal_id}/invoices", ids, user=MEMBER)
    assert made.status == 201, made
    assert branch.kept() != before, "what is compared elsewhere does move"
    assert branch.api("GET", f"/deals/{DEAL}/intents/{ids.key}", user=MEMBER).json["state"] == "made"
    refused(branch.api("GET", f"/deals/{DEAL}/intents/{branch.intent}", user=MEMBER), 403, "not_allowed")


def test_after_a_disconnect_the_settings_and_invoices_stay_their_managers(branch: Branch) -> None:
    branch.audience("manager")
    ids = branch.ids()
    try:
        for connection in (branch.us, branch.uk):
            assert branch.api("DELETE", f"/connections/{connection}").status == 200
        refused(branch.ask("PUT /settings", ids, user=MEMBER), 403, "not_allowed")
        refused(branch.ask("GET /deals/{deal_id}/invoices", ids, user=MEMBER), 409, "not_connected")
        assert branch.ask("GET /deals/{deal_id}/invoices", ids).json["invoices"]
        assert branch.ask("POST /connections", ids, user=MEMBER).status == 200, "anybody may connect books of their own"
    finally:
        branch.tabletop.connect(US_REALM, user=MANAGER)
        branch.tabletop.connect(UK_REALM, user=MANAGER)


@pytest.mark.parametrize("route", [route for route in ROUTES if "{deal_id}" in route])
def test_a_deal_that_pipedrive_hides_does_not_exist_whatever_is_kept_of_it(branch: Branch, route: str) -> None:
    """Every right is given, the deal has an invoice and an intent: only the caller's own eyes are in the way."""
    branch.audience("everyone")
    ids = branch.ids()
    member = branch.tabletop.pipedrive.companies[seed.COMPANY].users[MEMBER]
    member.own_only, before = True, branch.kept()
    try:
        refused(branch.ask(route, ids, user=MEMBER), 404, "not_found")
        assert branch.kept() == before
    finally:
        member.own_only = False


@pytest.mark.parametrize("connection", ["unknown", "a#b", "%2e%2e", "x" * 300])
def test_a_connection_that_is_none_cannot_be_taken_over(branch: Branch, connection: str) -> None:
    before = branch.kept()
    answer = branch.api("POST", f"/connections/{connection}/take-over", user=ADMIN)
    assert answer.status in (400, 404), answer
    assert branch.kept() == before


def test_pipedrive_being_away_is_no_admin_s_word(branch: Branch) -> None:
    branch.tabletop.fault(branch.tabletop.pipedrive, "status", where=r"GET .*/users/me", status=503, times=5)
    before = branch.kept()
    assert branch.ask(TAKE_OVER, branch.ids(), user=ADMIN).status == 503
    branch.tabletop.pipedrive.faults.pending.clear()
    assert branch.kept() == before


def test_before_any_books_are_connected_the_panel_says_so_to_everybody(branch: Branch) -> None:
    answer = branch.api("GET", f"/deals/{seed.OTHER_DEAL}", user=seed.OTHER_USER, company=seed.OTHER_COMPANY)
    assert (answer.status, answer.json["code"]) == (409, "not_connected")
