"""Catalogues of thousands: matched in few calls, in little memory, and taken up again where it stopped."""

import tracemalloc
from collections.abc import Iterator

import pytest

from sandbox.pipedrive import seed
from sandbox.quickbooks.seed import UK_REALM
from sandbox.xero.seed import UK_TENANT
from tests.fakes.many_entries import copy_in_crm, copy_in_quickbooks, copy_in_xero
from tests.fakes.proposals import all_proposals
from tests.fakes.xero_office import XeroOffice

MANY = 3000
PARTS = {"items": 7, "customers": 8}  # of 500: with what is seeded, and a part of persons
# Each part asks the CRM once. The books are read once for all parts, 1,000 at a time; Xero's items all at once, and
# again for each part, as that list is too long to keep.
BOOKS_CALLS = {
    ("items", "quickbooks"): 4,
    ("items", "xero"): PARTS["items"],
    ("customers", "quickbooks"): 4,
    ("customers", "xero"): 4,
}
PEAK = 60_000_000  # bytes, the simulators' own answers included


@pytest.fixture(scope="module")
def office() -> Iterator[XeroOffice]:
    """Thousands of everything, everywhere."""
    office = XeroOffice()
    copy_in_crm(office.tabletop.pipedrive.companies[seed.COMPANY], MANY)
    for kind in ("Item", "Customer"):
        copy_in_quickbooks(office.tabletop.quickbooks.companies[UK_REALM], kind, MANY)
    for kind in ("Item", "Contact"):
        copy_in_xero(office.tabletop.xero.organisations[UK_TENANT], kind, MANY)
    yield office
    office.close()
    assert office.tabletop.failures == []


@pytest.mark.parametrize(("kind", "provider"), list(BOOKS_CALLS))
def test_thousands_are_matched_in_few_calls_and_little_memory(office: XeroOffice, kind: str, provider: str) -> None:
    connection = office.uk if provider == "quickbooks" else office.xero["uk"]
    books = getattr(office.tabletop, provider).faults.calls
    crm = office.tabletop.pipedrive.faults.calls
    books_before, crm_before = len(books), len(crm)
    tracemalloc.start()
    rows = all_proposals(office, connection, kind)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    copies = {each["name"]: each for each in rows if each["name"].startswith("Copy ")}
    assert len(copies) == MANY
    assert {each["certainty"] for each in copies.values()} == {"sure"}
    assert copies["Copy 7"]["proposals"][0]["name"] == "Copy 7"
    assert len(books) - books_before <= BOOKS_CALLS[kind, provider]
    assert len(crm) - crm_before <= PARTS[kind]
    assert peak < PEAK, f"{peak:,} bytes"


def test_a_list_that_was_left_is_taken_up_at_its_place(office: XeroOffice) -> None:
    """Also after what was read of the books has been forgotten meanwhile."""
    path = f"/connections/{office.uk}/matches/items"
    first = office.api("GET", path).json
    office.tabletop.pass_time(hours=1)
    second = office.api("GET", f"{path}?cursor={first['cursor']}").json
    assert {each["key"] for each in first["rows"]}.isdisjoint({each["key"] for each in second["rows"]})
    assert {each["certainty"] for each in second["rows"]} == {"sure"}


def test_hundreds_are_linked_at_once_and_stay_linked(office: XeroOffice) -> None:
    path = f"/connections/{office.uk}/matches/items"
    rows = [each for each in office.api("GET", path).json["rows"] if each["name"].startswith("Copy ")][:300]
    wishes = [{"key": each["key"], "entry": each["proposals"][0]["id"]} for each in rows]
    before = len(office.tabletop.quickbooks.faults.calls)
    for start in range(0, len(wishes), 100):
        answer = office.api("POST", path, json={"links": wishes[start : start + 100]}).json
        assert len(answer["linked"]) == 100
    assert len(office.tabletop.quickbooks.faults.calls) == before, "what was compared with is known"
    again = {each["key"]: each["linked"] for each in office.api("GET", path).json["rows"]}
    assert all(again[wish["key"]]["id"] == wish["entry"] for wish in wishes)
