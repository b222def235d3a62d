"""Two companies with everything alike, even the numbers, and the same books connected by both: neither reaches what
is the other's. Every route is tried with every id of the other that its request can name.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from duebill.runtime.problems import CONTENT_TYPE
from sandbox.pipedrive import seed
from sandbox.quickbooks.seed import UK_REALM
from tests.fakes.branch import DEAL, MANAGER, Branch, new_branch
from tests.fakes.every_route import RULES, Ids, Rule, request_to

ONLY_OURS = seed.DEAL_EUR  # the one deal that the twin does not have


@dataclass(frozen=True)
class Twins:
    """We, and a company that is the same in everything."""

    ours: Branch
    theirs: Branch


@pytest.fixture(scope="module")
def twins() -> Iterator[Twins]:
    ours = new_branch()
    companies = ours.tabletop.pipedrive.companies
    twin = deepcopy(companies[seed.COMPANY])
    twin.id, twin.domain = seed.OTHER_COMPANY, "twin"
    del twin.deals[ONLY_OURS]
    twin.users[MANAGER].admin = True  # may do everything at home: only the company is in the way
    companies[twin.id] = twin
    theirs = Branch(user=MANAGER, company=twin.id, tabletop=ours.tabletop, first_number=5000)
    yield Twins(ours, theirs)
    ours.close()
    assert ours.tabletop.failures == []


def with_foreign(own: Ids, part: str, foreign: Ids) -> Ids:
    """One's own ids, but for one."""
    values = {field.name: getattr(own, field.name) for field in fields(own) if field.init}
    match part:
        case "draft":
            values["draft"] = own.draft | {"connection_id": foreign.connection}
        case "settings":
            values["settings"] = own.settings | {"default_connection_id": foreign.connection}
        case _:
            values[part] = getattr(foreign, part)
    return Ids(**values)


def _placeholder(word: str, number: int) -> Ids:
    document: dict[str, Any] = {"connection_id": word, "default_connection_id": word}
    return Ids(word, number, 1, word, "1", "1", "key", "0", document, document, {})


def _cases() -> list[tuple[str, str]]:
    """Each route with each id of its request that belongs to a company. (Customers and items belong to the books.)"""
    own, foreign = _placeholder("own", 1), _placeholder("foreign", 2)
    return [
        (route, part)
        for route, rule in RULES.items()
        for part in ("connection", "deal", "intent", "draft", "settings")
        if rule is not Rule.PUBLIC and request_to(route, own) != request_to(route, with_foreign(own, part, foreign))
    ]


def test_the_cases_name_every_route_that_names_anything() -> None:
    named = {route for route, rule in RULES.items() if rule is not Rule.PUBLIC and "{" in route}
    assert {route for route, _ in _cases()} == named | {"PUT /settings", "POST /settings/preview"}


@pytest.mark.parametrize(("route", "part"), _cases())
def test_what_is_theirs_does_not_exist_for_us(twins: Twins, route: str, part: str) -> None:
    foreign = twins.ours.ids()
    foreign.deal = ONLY_OURS
    ids, before = with_foreign(twins.theirs.ids(), part, foreign), twins.theirs.kept()
    answer = twins.theirs.ask(route, ids)
    assert answer.status in (400, 404), answer
    assert answer.headers["content-type"] == CONTENT_TYPE
    assert answer.json["code"] in ("not_found", "connection_not_found"), answer
    assert twins.theirs.kept() == before


def test_the_same_deal_key_and_books_make_an_invoice_for_each(twins: Twins) -> None:
    """Nothing that is derived from a key meets: not the intent, not what QuickBooks knows the request by."""
    before = twins.ours.invoices_in_books()
    key, ours, theirs = "the-very-same-key", twins.ours.ids(), twins.theirs.ids()
    for branch, ids in ((twins.ours, ours), (twins.theirs, theirs)):
        made = branch.ask("POST /deals/{deal_id}/invoices", replace(ids, key=key))
        assert made.status == 201, made
    assert twins.ours.invoices_in_books() == before + 2
    shown = [
        {invoice["id"] for invoice in branch.api("GET", f"/deals/{DEAL}/invoices").json["invoices"]}
        for branch in (twins.ours, twins.theirs)
    ]
    assert shown[0]
    assert shown[1]
    assert not shown[0] & shown[1]


def test_the_twin_s_invoice_is_nobody_else_s_history(twins: Twins) -> None:
    for branch, other in ((twins.ours, twins.theirs), (twins.theirs, twins.ours)):
        own = {entry["invoice_id"] for entry in branch.api("GET", f"/deals/{DEAL}/history").json}
        foreign = {entry["invoice_id"] for entry in other.api("GET", f"/deals/{DEAL}/history").json}
        assert own
        assert not own & foreign


def test_one_s_disconnect_leaves_the_other_s_connection_working(twins: Twins) -> None:
    ended = twins.theirs.api("DELETE", f"/connections/{twins.theirs.uk}")
    assert ended.json["ending"] == "forgotten", "revoking would end the consent that both rest on"
    assert twins.ours.api("GET", f"/connections/{twins.ours.uk}/items?query=a").json
    assert twins.ours.tabletop.connect(UK_REALM, user=MANAGER, company=twins.theirs.company) == twins.theirs.uk


def test_a_token_for_one_company_is_no_token_for_the_other(twins: Twins) -> None:
    """The user has the same number in both; only the signed token says which company is meant."""
    ours = twins.ours.api("GET", "/connections").json["connections"]
    theirs = twins.theirs.api("GET", "/connections").json["connections"]
    assert {each["id"] for each in ours}.isdisjoint({each["id"] for each in theirs})
    assert len(ours) == len(theirs) == 2
