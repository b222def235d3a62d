"""Xero through the real handlers, in a company that has books at both providers."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from duebill.domain.ids import CompanyId
from sandbox.pipedrive import seed
from sandbox.xero.seed import AU_TENANT, NZ_TENANT, UK_TENANT
from tests.fakes.xero_office import TENANTS, XeroOffice

Doc = dict[str, Any]


@pytest.fixture(scope="module")
def office() -> Iterator[XeroOffice]:
    office = XeroOffice()
    yield office
    office.close()
    assert office.tabletop.failures == []


def make(office: XeroOffice, place: str = "uk", **changed: object) -> tuple[int, Doc]:
    """A deal of its own, invoiced in one of the organisations; what the answer says of the invoice."""
    deal = office.new_deal(currency={"nz": "NZD", "uk": "GBP", "au": "AUD"}[place])
    draft, basis = office.draft(deal, office.xero[place])
    created = office.create(deal, draft | changed, basis)
    assert created.status == 201, created
    return deal, dict(created.json["invoice"])


def shown(office: XeroOffice, deal: int) -> Doc:
    """The deal's invoice after “Refresh”."""
    answer = office.api("POST", f"/deals/{deal}/invoices/refresh")
    assert answer.status == 200, answer
    [invoice] = answer.json["invoices"]
    return dict(invoice)


def calls(office: XeroOffice, begins: str) -> int:
    return sum(call.startswith(begins) for call in office.tabletop.xero.faults.calls)


def note(office: XeroOffice, deal: int) -> str:
    notes = office.tabletop.pipedrive.companies[office.company].notes.values()
    [text] = [each["content"] for each in notes if each["deal_id"] == deal]
    return str(text)


def test_one_consent_connects_three_organisations_that_share_one_token_set(office: XeroOffice) -> None:
    listed = office.api("GET", "/connections").json["connections"]
    found = [(each["country"], each["health"]) for each in listed if each["provider"] == "xero"]
    assert sorted(found) == [("AU", "active"), ("GB", "active"), ("NZ", "active")]
    stored = office.tabletop.wiring().connections.of_company(CompanyId(office.company))
    of_xero = [each for each in stored if each.id in office.xero.values()]
    assert len({each.token_set for each in of_xero}) == 1
    assert len({each.provider_connection for each in of_xero}) == 3


def possible(invoice: dict[str, Any]) -> set[str]:
    """What the panel offers."""
    return {each["action"] for each in invoice["actions"] if each["possible"]}


def test_a_draft_is_submitted_approved_and_paid(office: XeroOffice) -> None:
    deal, invoice = make(office)
    assert (invoice["status"], possible(invoice)) == ("draft", {"submit", "approve", "delete", "pdf", "open"})
    submitted = office.act(deal, invoice, "submit").json
    assert (submitted["status"], possible(submitted)) == ("awaiting_approval", {"approve", "delete", "pdf", "open"})
    approved = office.act(deal, invoice, "approve").json
    assert (approved["status"], possible(approved)) == ("open", {"void", "email", "pdf", "open", "pay_link"})
    office.pay(invoice, "10")
    assert shown(office, deal)["status"] == "partially_paid"
    office.pay(invoice)
    paid = shown(office, deal)
    assert (paid["status"], paid["amount_due"]["amount"], possible(paid)) == ("paid", "0.00", {"email", "pdf", "open"})
    office.tabletop.pass_time(minutes=2)
    assert "Status: paid" in note(office, deal)
    history = [each["what"] for each in office.api("GET", f"/deals/{deal}/history").json]
    assert {"created", "submit", "approve"} <= set(history)


@pytest.mark.parametrize(("creation", "status"), [("submit", "awaiting_approval"), ("approve", "open")])
def test_creating_means_what_the_draft_says(office: XeroOffice, creation: str, status: str) -> None:
    _, invoice = make(office, creation=creation)
    assert invoice["status"] == status


def test_creating_means_what_the_settings_say_unless_the_draft_says_otherwise(office: XeroOffice) -> None:
    office.settle(office.xero["nz"], creation="approve")
    deal = office.new_deal(currency="NZD")
    draft, basis = office.draft(deal, office.xero["nz"])
    assert draft["creation"] == "approve"
    created = office.create(deal, draft | {"creation": "save"}, basis)
    assert created.json["invoice"]["status"] == "draft"


def test_what_the_organisation_does_not_let_the_app_approve_is_said_before_and_after(office: XeroOffice) -> None:
    assert office.api("GET", f"/connections/{office.xero['au']}/settings/options").json["may_approve"] is False
    deal = office.new_deal(currency="AUD")
    draft, basis = office.draft(deal, office.xero["au"])
    preview = office.api("POST", f"/deals/{deal}/draft/preview", json=draft | {"creation": "approve"}).json
    assert not preview["can_be_created"]
    assert "approval_not_allowed" in [each["code"] for each in preview["problems"]]
    invoice = office.create(deal, draft, basis).json["invoice"]
    assert office.act(deal, invoice, "submit").json["status"] == "awaiting_approval"
    refused = office.act(deal, invoice, "approve")
    assert (refused.status, refused.json["code"]) == (422, "refused_by_books"), refused
    assert "permission to approve" in refused.json["detail"], "Xero's own words"
    assert shown(office, deal)["status"] == "awaiting_approval"


def test_who_may_approve_is_the_companys_own_rule(office: XeroOffice) -> None:
    office.tabletop.install(seed.BEN)
    office.let(see="everyone", create="everyone", act="everyone", approve="manager")
    deal, invoice = make(office)
    assert office.act(deal, invoice, "submit", user=seed.BEN).status == 200
    refused = office.act(deal, invoice, "approve", user=seed.BEN)
    assert (refused.status, refused.json["code"]) == (403, "not_allowed"), refused
    office.let(approve="admins")
    assert office.act(deal, invoice, "approve", user=seed.BEN).json["status"] == "open"


def test_what_may_only_be_approved_by_others_cannot_be_created_approved(office: XeroOffice) -> None:
    office.tabletop.install(seed.BEN)
    office.let(see="everyone", create="everyone", act="everyone", approve="manager")
    deal = office.new_deal(currency="GBP")
    draft, basis = office.draft(deal, office.xero["uk"], user=seed.BEN)
    before = office.invoices_in_xero()
    refused = office.create(deal, draft | {"creation": "approve"}, basis, user=seed.BEN)
    assert (refused.status, refused.json["code"]) == (403, "not_allowed"), refused
    assert office.invoices_in_xero() == before


def test_books_are_the_companys_default_or_chosen_for_one_draft(office: XeroOffice) -> None:
    deal = office.new_deal(currency="GBP")
    offered = office.api("GET", f"/deals/{deal}/draft").json["draft"]
    assert offered["connection_id"] == office.us
    settings = office.api("GET", "/settings").json["settings"]
    changed = office.api("PUT", "/settings", json=settings | {"default_connection_id": office.xero["uk"]})
    assert changed.status == 200, changed
    by_default, basis = office.draft(deal)
    assert by_default["connection_id"] == office.xero["uk"]
    assert office.create(deal, by_default, basis).json["invoice"]["provider"] == "xero"
    chosen, basis = office.draft(deal, office.uk)
    assert office.create(deal, chosen, basis).json["invoice"]["provider"] == "quickbooks"
    listed = office.api("GET", f"/deals/{deal}/invoices").json["invoices"]
    assert sorted(each["provider"] for each in listed) == ["quickbooks", "xero"]
    office.api("PUT", "/settings", json=settings)


def test_an_answer_that_never_came_ends_as_one_invoice(office: XeroOffice) -> None:
    deal, key = office.new_deal(currency="GBP"), office.key()
    draft, basis = office.draft(deal, office.xero["uk"])
    before = office.invoices_in_xero()
    office.tabletop.fault(office.tabletop.xero, "drop_after_commit", where="PUT .*/Invoices$")
    assert office.create(deal, draft, basis, key=key).status == 202
    office.tabletop.pass_time(minutes=10)
    assert office.api("GET", f"/deals/{deal}/intents/{key}").json["state"] == "made"
    assert office.create(deal, draft, basis, key=key).status == 200
    assert office.invoices_in_xero() == before + 1


def test_an_approval_whose_answer_was_lost_is_read_before_it_is_repeated(office: XeroOffice) -> None:
    deal, invoice = make(office)
    path = f"POST /api.xro/2.0/Invoices/{invoice['id']}"
    office.tabletop.fault(office.tabletop.xero, "drop_after_commit", where=f"{path}$")
    assert office.act(deal, invoice, "approve").status >= 500
    before = calls(office, path)
    assert office.act(deal, invoice, "approve").json["status"] == "open"
    assert calls(office, path) == before, "it was approved already"


def test_an_invoice_paid_by_a_credit_note_says_so(office: XeroOffice) -> None:
    deal, invoice = make(office, creation="approve")
    office.tabletop.xero.bookkeeper.credit(UK_TENANT, invoice["id"])
    found = shown(office, deal)
    assert found["status"] == "paid"
    assert found["credited"] == found["total"]
    office.tabletop.pass_time(minutes=2)
    assert f"Paid by credit note: {found['total']['amount']} GBP" in note(office, deal)


@pytest.mark.parametrize(("act", "status"), [("void", "voided"), ("delete", "deleted")])
def test_what_the_bookkeeper_ends_shows_so(office: XeroOffice, act: str, status: str) -> None:
    deal, invoice = make(office, creation="approve" if act == "void" else "save")
    getattr(office.tabletop.xero.bookkeeper, act)(UK_TENANT, invoice["id"])
    assert shown(office, deal)["status"] == status


def test_a_renewed_token_serves_all_organisations_of_its_consent(office: XeroOffice) -> None:
    office.tabletop.clock.push(timedelta(minutes=31))
    before = calls(office, "POST /connect/token")
    for connection in office.xero.values():
        assert office.api("GET", f"/connections/{connection}/items?query=a").status == 200
    assert calls(office, "POST /connect/token") == before + 1


def test_the_tenants_that_were_chosen_are_the_ones_that_are_asked(office: XeroOffice) -> None:
    before = {tenant: office.tabletop.xero.calls_of.get(tenant, 0) for tenant in TENANTS.values()}
    make(office, "nz")
    after = {tenant: office.tabletop.xero.calls_of.get(tenant, 0) for tenant in TENANTS.values()}
    assert after[NZ_TENANT] > before[NZ_TENANT]
    assert (after[UK_TENANT], after[AU_TENANT]) == (before[UK_TENANT], before[AU_TENANT])


def test_the_settings_say_what_to_require_of_who_signs_in(office: XeroOffice) -> None:
    advice = office.api("GET", "/settings/options").json["sign_in_advice"]
    assert "second factor" in advice
    assert "single sign-on" in advice
