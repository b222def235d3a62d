"""Setting a company up through the real handlers: the mapping tried on a deal, many matched at once, the check."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.pipedrive import seed
from sandbox.quickbooks.seed import UK_REALM
from tests.fakes.proposals import all_proposals
from tests.fakes.table_watch import TableWatch
from tests.fakes.xero_office import XeroOffice

Doc = dict[str, Any]


@pytest.fixture(scope="module")
def office() -> Iterator[XeroOffice]:
    office = XeroOffice()
    yield office
    office.close()
    assert office.tabletop.failures == []


def books_of(office: XeroOffice, provider: str) -> str:
    return office.uk if provider == "quickbooks" else office.xero["uk"]


def link(office: XeroOffice, connection: str, kind: str, *links: Doc) -> Doc:
    answer = office.api("POST", f"/connections/{connection}/matches/{kind}", json={"links": list(links)})
    assert answer.status == 200, answer
    return dict(answer.json)


def row(rows: list[Doc], name: str) -> Doc:
    return next(each for each in rows if each["name"] == name)


# --- the mapping -------------------------------------------------------------------------------------------------


def mapping(**changed: Doc | None) -> Doc:
    return {
        "name": {"record": "organization", "code": "name"},
        "address": {"record": "organization", "code": "address"},
        "email": {"record": "person", "code": "email"},
        "tax_id": None,
    } | changed


def test_an_unsaved_mapping_is_tried_on_a_deal_and_nothing_is_written(office: XeroOffice) -> None:
    office.api("GET", "/settings/options")
    watch = TableWatch(office.tabletop.cloud.dynamodb)
    before, saved = watch.data(), office.api("GET", "/settings").json["settings"]["mapping"]
    tried = {"deal_id": seed.DEAL_US_SIMPLE, "mapping": mapping(name={"record": "deal", "code": "title"})}
    answer = office.api("POST", "/settings/preview", json=tried)
    assert (answer.status, answer.json["details"]["name"]) == (200, "O'Brien onboarding")
    assert answer.json["deal"] == {"id": seed.DEAL_US_SIMPLE, "title": "O'Brien onboarding"}
    assert answer.json["problems"] == []
    assert watch.data() == before
    assert office.api("GET", "/settings").json["settings"]["mapping"] == saved


def test_a_mapping_to_a_field_that_is_gone_says_so(office: XeroOffice) -> None:
    gone = mapping(tax_id={"record": "organization", "code": "f" * 40})
    answer = office.api("POST", "/settings/preview", json={"deal_id": seed.DEAL_US_SIMPLE, "mapping": gone})
    assert [problem["code"] for problem in answer.json["problems"]] == ["mapped_field_deleted"]
    assert answer.json["details"]["tax_id"] == ""


def test_sample_deals_are_the_newest_or_those_of_a_title(office: XeroOffice) -> None:
    newest = office.api("GET", "/settings/deals").json
    assert 1 <= len(newest) <= 10
    found = office.api("GET", "/settings/deals?query=onboarding").json
    assert [deal["id"] for deal in found] == [seed.DEAL_US_SIMPLE]
    assert office.api("GET", "/settings/deals?query=no-such-title").json == []
    hidden = office.api("POST", "/settings/preview", json={"deal_id": 99_999, "mapping": mapping()})
    assert hidden.status == 404


# --- matching ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
def test_what_was_reviewed_is_linked_and_is_linked_when_asked_again(office: XeroOffice, provider: str) -> None:
    connection = books_of(office, provider)
    found = row(all_proposals(office, connection, "items"), "Consulting hour")
    assert found["linked"] is None
    assert found["proposals"]
    entry = found["proposals"][0]["id"]
    wish = {"key": found["key"], "entry": entry}
    assert link(office, connection, "items", wish) == {"linked": [found["key"]], "kept": [], "missing": []}
    again = row(all_proposals(office, connection, "items"), "Consulting hour")
    assert again["linked"]["id"] == entry
    assert link(office, connection, "items", wish)["linked"] == [found["key"]], "twice does no harm"


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
def test_nothing_is_overwritten_that_the_person_did_not_see(office: XeroOffice, provider: str) -> None:
    connection = books_of(office, provider)
    items = office.api("GET", f"/connections/{connection}/items?query=").json
    first, second = items[0]["id"], items[1]["id"]
    key = "2"
    assert link(office, connection, "items", {"key": key, "entry": first})["linked"] == [key]
    refused = link(office, connection, "items", {"key": key, "entry": second})
    assert refused == {
        "linked": [],
        "kept": [{"key": key, "linked": {"id": first, "name": items[0]["name"]}}],
        "missing": [],
    }
    assert link(office, connection, "items", {"key": key, "entry": second, "over": first})["linked"] == [key]

    customers = office.api("GET", f"/connections/{connection}/customers?query=").json
    one, other, buyer = customers[0]["id"], customers[1]["id"], f"organization:{seed.NORTHWIND}"
    assert link(office, connection, "customers", {"key": buyer, "entry": one})["linked"] == [buyer]
    assert [kept["key"] for kept in link(office, connection, "customers", {"key": buyer, "entry": other})["kept"]] == [
        buyer
    ]
    assert link(office, connection, "customers", {"key": buyer, "entry": other, "over": one})["linked"] == [buyer]


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
def test_what_is_gone_in_the_books_is_said_and_the_rest_is_linked(office: XeroOffice, provider: str) -> None:
    connection = books_of(office, provider)
    there = office.api("GET", f"/connections/{connection}/items?query=").json[0]["id"]
    gone = "999999" if provider == "quickbooks" else "00000000-0000-4000-8000-000000999999"
    answer = link(office, connection, "items", {"key": "8", "entry": gone}, {"key": "9", "entry": there})
    assert (answer["linked"], answer["missing"]) == (["9"], ["8"])


def test_an_organization_is_found_by_the_email_of_one_of_its_people(office: XeroOffice) -> None:
    company = office.tabletop.quickbooks.companies[UK_REALM]
    customer = next(doc for doc in company.rows("Customer").values() if doc["Active"])
    person = next(each for each in office.tabletop.pipedrive.companies[seed.COMPANY].persons.values() if each["org_id"])
    person["emails"] = [{"value": "unmistakable@example.com", "primary": True, "label": "work"}]
    customer["PrimaryEmailAddr"] = {"Address": "Unmistakable@example.com"}
    rows = [
        each
        for each in all_proposals(office, office.uk, "customers")
        if each["key"] == f"organization:{person['org_id']}"
    ]
    assert rows[-1]["reason"] in ("mark", "both", "differs")
    assert rows[-1]["proposals"][0]["id"] == customer["Id"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("items", {"links": [{"key": "x", "entry": "1"}]}),
        ("items", {"links": [{"key": "1", "entry": "1"}] * 101}),
        ("customers", {"links": [{"key": "deal:1", "entry": "1"}]}),
    ],
)
def test_what_cannot_be_meant_is_refused(office: XeroOffice, kind: str, body: Doc) -> None:
    assert office.api("POST", f"/connections/{office.uk}/matches/{kind}", json=body).status == 422


def test_a_place_in_the_list_that_is_not_ours_is_refused(office: XeroOffice) -> None:
    assert office.api("GET", f"/connections/{office.uk}/matches/customers?cursor=deals/x").status == 400


# --- the check ---------------------------------------------------------------------------------------------------


def findings(office: XeroOffice, connection: str) -> dict[str, Doc]:
    answer = office.api("GET", f"/connections/{connection}/check")
    assert answer.status == 200, answer
    return {each["code"]: each for each in answer.json}


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
def test_a_check_tries_everything_and_writes_nothing(office: XeroOffice, provider: str) -> None:
    connection = books_of(office, provider)
    watch = TableWatch(office.tabletop.cloud.dynamodb)
    before = watch.data()
    writes = [call for call in getattr(office.tabletop, provider).faults.calls if call.startswith(("POST", "PUT"))]
    found = findings(office, connection)
    assert {"books_reached", "crm_reached", "default_item"} <= found.keys()
    assert found.keys() & {"rates_without_code", "all_rates_have_codes"}
    assert found.keys() & {"webhook_heard", "webhook_not_heard"}
    assert ("may_approve" in found) is (provider == "xero")
    after = [call for call in getattr(office.tabletop, provider).faults.calls if call.startswith(("POST", "PUT"))]
    assert [call for call in after[len(writes) :] if not call.endswith(("/batch", "/query"))] == []
    assert watch.data() == before


def test_a_check_says_what_will_fail(office: XeroOffice) -> None:
    office.settle(office.uk, tax_codes={})
    item = office.api("GET", f"/connections/{office.uk}/settings").json["settings"]["default_item_id"]
    company = office.tabletop.quickbooks.companies[UK_REALM]
    company.rows("Item")[item]["Active"] = False
    found = findings(office, office.uk)
    company.rows("Item")[item]["Active"] = True
    assert (found["default_item_inactive"]["state"], found["rates_without_code"]["state"]) == ("bad", "warn")
    assert "20" in found["rates_without_code"]["values"]["rates"].split(", ")
    office.settle(office.uk)


def test_books_that_let_us_in_no_more_are_said_by_a_stable_word(office: XeroOffice) -> None:
    office.tabletop.quickbooks.disconnect(UK_REALM)
    found = findings(office, office.uk)
    assert found["books_not_reached"]["state"] == "bad"
    assert found["books_not_reached"]["values"]["code"] == "reconnect_required"
    listed = office.api("GET", "/connections").json["connections"]
    lost = next(each for each in listed if each["id"] == office.uk)
    assert (lost["health"], lost["reason"]) in [
        ("reconnect", why) for why in ("withdrawn", "not_accepted", "role_lost")
    ]
