"""Two things became one, in the CRM or in the books: what was linked moves (issue: links follow merges)."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from duebill.crm.pipedrive.webhook import password_of
from duebill.domain.ids import CompanyId, ConnectionId, CustomerId, DealId
from duebill.ports import CustomerLink
from sandbox.quickbooks.seed import US_REALM
from tests.fakes.xero_office import TENANTS, XeroOffice

KEY = "sandbox-webhook-key"
Doc = dict[str, Any]


@pytest.fixture(scope="module")
def office() -> Iterator[XeroOffice]:
    office = XeroOffice()
    office.tabletop.run_due_work()
    yield office
    office.close()
    assert office.tabletop.failures == []


def tell(office: XeroOffice, entity: str, merged: int, into: int) -> None:
    """Pipedrive's webhook of a merge, worked on."""
    company = CompanyId(office.company)
    password = password_of(company, KEY)
    meta = {"company_id": str(company), "entity": entity, "entity_id": str(merged), "merged_to_id": str(into)}
    headers = {"authorization": "Basic " + base64.b64encode(f"{company}:{password}".encode()).decode()}
    answer = office.tabletop.visit(
        "POST", "/webhooks/pipedrive", headers=headers, body=json.dumps({"meta": meta}).encode()
    )
    assert answer.status == 200
    office.tabletop.schedule.work_off()


def test_a_merged_deals_invoices_and_their_story_are_the_other_deals(office: XeroOffice) -> None:
    merged, into = office.new_deal(), office.new_deal()
    draft, basis = office.draft(merged, office.us)
    invoice = office.create(merged, draft, basis).json["invoice"]
    tell(office, "deal", merged, into)
    tell(office, "deal", merged, into)
    [shown] = office.api("GET", f"/deals/{into}/invoices").json["invoices"]
    assert shown["id"] == invoice["id"]
    assert office.api("GET", f"/deals/{merged}/invoices").json["invoices"] == []
    told = [each["what"] for each in office.api("GET", f"/deals/{into}/history").json]
    assert sorted(told) == ["created", "moved"]
    office.tabletop.sleep(60)
    office.tabletop.quickbooks.bookkeeper.pay(US_REALM, invoice["id"])
    office.tabletop.deliver_webhooks()
    [paid] = office.api("GET", f"/deals/{into}/invoices").json["invoices"]
    assert paid["status"] == "paid", "what the books tell finds the other deal"
    assert office.tabletop.wiring().invoices.links(CompanyId(office.company), DealId(merged)) == ()


@pytest.mark.parametrize("kind", ["organization", "person"])
def test_a_merged_buyers_customer_is_the_other_buyers_unless_that_one_has_one(office: XeroOffice, kind: str) -> None:
    links = office.tabletop.wiring().links
    company, connection = CompanyId(office.company), ConnectionId(office.us)
    mine, theirs = CustomerLink(CustomerId("2"), "Mine"), CustomerLink(CustomerId("3"), "Theirs")
    links.link_customer(company, connection, f"{kind}:901", mine)
    tell(office, kind, 901, 902)
    assert links.customer(company, connection, f"{kind}:901") is None
    assert links.customer(company, connection, f"{kind}:902") == mine
    links.link_customer(company, connection, f"{kind}:903", theirs)
    tell(office, kind, 903, 902)
    assert links.customer(company, connection, f"{kind}:902") == mine
    assert links.customer(company, connection, f"{kind}:903") is None


def test_a_contact_merged_at_xero_takes_its_links_along(office: XeroOffice) -> None:
    links = office.tabletop.wiring().links
    company, connection, tenant = CompanyId(office.company), ConnectionId(office.xero["uk"]), TENANTS["uk"]
    contacts = office.tabletop.xero.organisations[tenant].rows("Contact")
    active = [key for key, doc in contacts.items() if doc["ContactStatus"] == "ACTIVE"]
    loser, winner = active[0], active[1]
    links.link_customer(company, connection, "organization:950", CustomerLink(CustomerId(loser), "Loser"))
    office.tabletop.mail.due()
    office.tabletop.xero.bookkeeper.merge(tenant, loser, winner)
    office.tabletop.deliver_webhooks()
    moved = links.customer(company, connection, "organization:950")
    assert moved is not None
    assert (moved.customer, moved.name) == (winner, contacts[winner]["Name"])


def test_a_customer_merged_at_quickbooks_takes_its_links_along_where_the_event_names_both(office: XeroOffice) -> None:
    links = office.tabletop.wiring().links
    company, connection = CompanyId(office.company), ConnectionId(office.us)
    books = office.tabletop.quickbooks.companies[US_REALM]
    loser, winner = list(books.rows("Customer"))[:2]
    links.link_customer(company, connection, "organization:960", CustomerLink(CustomerId(loser), "Loser"))
    office.tabletop.quickbooks.webhooks()
    office.tabletop.quickbooks.bookkeeper.merge(US_REALM, loser, winner)
    [(body, headers)] = office.tabletop.quickbooks.webhooks(legacy=True)
    assert office.tabletop.visit("POST", "/webhooks/quickbooks", headers=headers, body=body).status == 200
    office.tabletop.schedule.work_off()
    moved = links.customer(company, connection, "organization:960")
    assert moved is not None
    assert moved.customer == winner


def test_nobody_is_asked_about_a_customer_that_no_buyer_is_linked_to(office: XeroOffice) -> None:
    tenant = TENANTS["uk"]
    contacts = office.tabletop.xero.organisations[tenant].rows("Contact")
    active = [key for key, doc in contacts.items() if doc["ContactStatus"] == "ACTIVE"]
    office.tabletop.mail.due()
    before = len(office.tabletop.xero.faults.calls)
    office.tabletop.xero.bookkeeper.merge(tenant, active[-1], active[-2])
    office.tabletop.deliver_webhooks()
    assert len(office.tabletop.xero.faults.calls) == before
