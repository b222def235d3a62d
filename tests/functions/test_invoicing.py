"""The main job over HTTP: draft, preview, create, look, refresh."""

from decimal import Decimal

import pytest

from sandbox.pipedrive import seed
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from tests.fakes.office import Office

INVOICEABLE_UK = [seed.DEAL_UK_DISCOUNTS, seed.DEAL_INCLUSIVE]


def test_a_us_deal_becomes_one_invoice_with_one_note(office: Office) -> None:
    deal = seed.DEAL_US_SIMPLE
    draft, basis = office.draft(deal, office.us)
    draft["tax_handling"] = "exclusive"
    draft["lines"][0]["tax_code"] = "TAX"
    before = office.invoices_in_books()
    preview = office.api("POST", f"/deals/{deal}/draft/preview", json=draft)
    assert preview.status == 200, preview
    assert preview.json["can_be_created"], preview
    assert preview.json["totals"]["books_decide_tax"]
    created = office.create(deal, draft, basis)
    assert created.status == 201, created
    invoice = created.json["invoice"]
    assert invoice["status"] == "open"
    assert invoice["total"]["currency"] == "USD"
    assert office.invoices_in_books() == before + 1
    notes = office.tabletop.pipedrive.companies[seed.COMPANY].notes.values()
    assert sum(invoice["reference"] in note["content"] for note in notes) == 1


def test_the_same_press_again_answers_200_with_the_same_invoice(office: Office) -> None:
    deal, key = seed.DEAL_LONG_TEXTS, office.key()
    draft, basis = office.draft(deal)
    first = office.create(deal, draft, basis, key=key)
    again = office.create(deal, draft, basis, key=key)
    assert (first.status, again.status) == (201, 200), (first, again)
    assert first.json["invoice"]["id"] == again.json["invoice"]["id"]
    other = office.create(deal, draft | {"memo": "other"}, basis, key=key)
    assert (other.status, other.json["code"]) == (409, "idempotency_key_reused")
    elsewhere = office.create(deal, draft, basis)
    assert (elsewhere.status, elsewhere.json["code"]) == (412, "deal_changed")
    assert elsewhere.json["values"]["number"] == first.json["invoice"]["number"]


@pytest.mark.parametrize("deal", INVOICEABLE_UK)
def test_a_uk_preview_is_what_the_books_say_to_the_cent(office: Office, deal: int) -> None:
    draft, basis = office.draft(deal, office.uk)
    preview = office.api("POST", f"/deals/{deal}/draft/preview", json=draft)
    assert preview.json["can_be_created"], preview
    created = office.create(deal, draft, basis)
    assert created.status == 201, created
    assert created.json["invoice"]["total"] == preview.json["totals"]["total"]
    assert created.json["invoice"]["tax"] == preview.json["totals"]["tax"]
    assert created.json["invoice"]["difference"] is None


def test_a_payment_shows_after_a_refresh_and_overdue_by_itself(office: Office) -> None:
    deal = seed.DEAL_NO_PRODUCTS
    draft, basis = office.draft(deal)
    created = office.create(deal, draft, basis)
    assert created.status == 201, created
    invoice = created.json["invoice"]
    realm = US_REALM if draft["connection_id"] == office.us else UK_REALM
    office.tabletop.quickbooks.bookkeeper.pay(realm, invoice["id"], "1.00")
    shown = office.api("POST", f"/deals/{deal}/invoices/refresh").json["invoices"][0]
    assert (shown["status"], shown["paid"]["amount"]) == ("partially_paid", "1.00")
    office.tabletop.quickbooks.bookkeeper.pay(realm, invoice["id"])
    assert office.api("POST", f"/deals/{deal}/invoices/refresh").json["invoices"][0]["status"] == "paid"
    history = office.api("GET", f"/deals/{deal}/history").json
    assert [entry["what"] for entry in history] == ["paid", "partially_paid", "created"]
    summary = office.api("GET", f"/deals/{deal}").json
    assert Decimal(summary["invoiced"][0]["amount"]) == Decimal(invoice["total"]["amount"])


def test_an_unknown_outcome_is_202_and_ends_by_itself_as_one_invoice(office: Office) -> None:
    deal = seed.DEAL_PERSON_ONLY
    draft, basis = office.draft(deal, office.uk)
    key, before = office.key(), office.invoices_in_books()
    office.tabletop.fault(office.tabletop.quickbooks, "drop_after_commit", where=r"POST .*/invoice$")
    answer = office.create(deal, draft, basis, key=key)
    assert answer.status == 202, answer
    where = answer.headers["location"]
    assert office.api("GET", where).json["state"] == "being_created"
    panel = office.api("GET", f"/deals/{deal}/invoices").json
    assert [intent["state"] for intent in panel["intents"]] == ["being_created"]
    office.tabletop.pass_time(seconds=200)
    assert office.api("GET", where).json["state"] == "made"
    assert office.invoices_in_books() == before + 1
    again = office.create(deal, draft, basis, key=key)
    assert again.status == 200, again


def test_a_refusal_of_the_books_is_a_problem_with_their_sentence(office: Office) -> None:
    deal = seed.DEAL_EUR
    draft, basis = office.draft(deal, office.uk)
    company = office.tabletop.quickbooks.companies[UK_REALM]
    office.api("POST", f"/deals/{deal}/draft/preview", json=draft)  # the rules are read before the books are closed
    company.closed_until = office.tabletop.clock.now().date()
    refused = office.create(deal, draft, basis)
    company.closed_until = None
    assert (refused.status, refused.json["code"]) == (422, "books_closed"), refused
    assert "closed" in refused.json["detail"]
    draft["number"] = "OFF-AFTER"
    accepted = office.create(deal, draft, refused.json["values"]["basis"])
    assert accepted.status == 201, accepted
    assert accepted.json["invoice"]["total"]["currency"] == "EUR"


def test_an_instalment_can_be_chosen(office: Office) -> None:
    deal = seed.DEAL_INSTALMENTS
    offered = office.api("GET", f"/deals/{deal}/draft").json["instalments"]
    assert len(offered) > 1
    chosen = office.api("GET", f"/deals/{deal}/draft?instalment_id={offered[0]['id']}").json["draft"]
    assert [line["unit_price"] for line in chosen["lines"]] == [
        format(Decimal(offered[0]["amount"]["amount"]).normalize(), "f")
    ]
    missing = office.api("GET", f"/deals/{deal}/draft?instalment_id=999999")
    assert (missing.status, missing.json["code"]) == (404, "instalment_not_found")


def test_recurring_products_carry_a_notice(office: Office) -> None:
    notices = office.api("GET", f"/deals/{seed.DEAL_RECURRING}/draft").json["notices"]
    assert "recurring" in [notice["code"] for notice in notices]


def test_customers_and_items_can_be_created_found_and_linked(office: Office) -> None:
    deal, connection = seed.DEAL_US_SIMPLE, office.us
    details = {"name": "Fresh Customer Inc", "email": "fresh@example.com", "address": {"city": "Fresno"}, "tax_id": ""}
    new = {"details": details, "currency": "USD"}
    headers = {"Idempotency-Key": office.key()}
    created = office.api("POST", f"/connections/{connection}/customers", json=new, headers=headers)
    assert created.status == 201, created
    again = office.api("POST", f"/connections/{connection}/customers", json=new, headers=headers)
    assert again.json["id"] == created.json["id"]
    found = office.api("GET", f"/connections/{connection}/customers?query=fresh%40example").json
    assert [one["id"] for one in found] == [created.json["id"]]
    link = {"connection_id": connection, "customer_id": created.json["id"]}
    assert office.api("PUT", f"/deals/{deal}/customer", json=link).status == 200
    assert office.draft(deal, connection)[0]["customer_id"] == created.json["id"]
    assert office.api("DELETE", f"/deals/{deal}/customer?connection_id={connection}").status == 204
    item = {"name": "Fresh thing", "code": "FR-1", "unit_price": "9.90"}
    made = office.api("POST", f"/connections/{connection}/items", json=item, headers={"Idempotency-Key": office.key()})
    assert made.status == 201, made
    linked = office.api("PUT", f"/connections/{connection}/products/1/item", json={"item_id": made.json["id"]})
    assert linked.status == 200, linked
    lines = office.api("GET", f"/deals/{deal}/draft?connection_id={connection}").json["draft"]["lines"]
    assert made.json["id"] in [line["item_id"] for line in lines if line["product_id"] == 1]


def test_pushed_details_change_only_what_differs_and_ask_about_a_hidden_tax_id(office: Office) -> None:
    deal, connection = seed.DEAL_UK_DISCOUNTS, office.uk
    customer = office.customer(connection, "GBP")
    details = {"name": "ignored", "email": "new@example.com", "address": {"city": "Leeds"}, "tax_id": "GB999888777"}
    link = {"connection_id": connection, "customer_id": customer, "push": details}

    def push(**more: object) -> dict[str, object]:
        headers = {"Idempotency-Key": office.key()}
        answer = office.api("PUT", f"/deals/{deal}/customer", json=link | more, headers=headers)
        assert answer.status == 200, answer
        return dict(answer.json)

    first = push()
    assert first["customer"]["email"] == "new@example.com"  # type: ignore[index]  # JSON
    calls = office.writes()
    assert push()["problems"] == []
    assert office.writes() == calls, "nothing differs any more: nothing is sent"
    changed = push(push=details | {"tax_id": "GB111"})
    assert [problem["code"] for problem in changed["problems"]] == ["tax_id_hidden"]  # type: ignore[attr-defined]  # JSON
    assert push(push=details | {"tax_id": "GB111"}, overwrite_tax_id=True)["problems"] == []


def test_settings_are_saved_and_seven_days_are_seven_days(office: Office) -> None:
    settings = office.api("GET", "/settings").json["settings"]
    changed = settings | {"due_days": 30}
    assert office.api("PUT", "/settings", json=changed).json["settings"]["due_days"] == 30
    draft, _ = office.draft(seed.DEAL_US_SIMPLE, office.us)
    assert (draft["issued_on"], draft["due_on"]) == ("2026-11-21", "2026-12-21")
    assert office.api("PUT", "/settings", json=settings).status == 200


def test_a_mapped_field_that_was_deleted_is_a_problem_with_a_way_out(office: Office) -> None:
    options = office.api("GET", "/settings/options").json["fields"]
    custom = next(f for f in options if f["record"] == "organization" and f["is_custom"] and f["type"] == "text")
    settings = office.api("GET", "/settings").json["settings"]
    mapping = settings["mapping"] | {"tax_id": {"record": custom["record"], "code": custom["code"]}}
    assert office.api("PUT", "/settings", json=settings | {"mapping": mapping}).status == 200
    office.tabletop.pipedrive.delete_field("organization", custom["code"])
    office.tabletop.pass_time(minutes=16, run=False)  # fields are remembered for a quarter of an hour
    answer = office.api("GET", "/settings").json
    assert [problem["code"] for problem in answer["problems"]] == ["mapped_field_deleted"]
    draft = office.api("GET", f"/deals/{seed.DEAL_US_SIMPLE}/draft").json
    assert "mapped_field_deleted" in [problem["code"] for problem in draft["problems"]]
    refused = office.api("PUT", "/settings", json=settings | {"mapping": mapping})
    assert (refused.status, refused.json["code"]) == (400, "unknown_field")
    assert office.api("PUT", "/settings", json=settings).status == 200


def test_closed_books_are_a_problem_in_the_preview(office: Office) -> None:
    deal = seed.DEAL_UK_DISCOUNTS
    draft, _ = office.draft(deal, office.uk)
    company = office.tabletop.quickbooks.companies[UK_REALM]
    company.closed_until = office.tabletop.clock.now().date()
    office.tabletop.pass_time(minutes=31, run=False)  # preferences are remembered for half an hour
    problems = office.api("POST", f"/deals/{deal}/draft/preview", json=draft).json["problems"]
    company.closed_until = None
    office.tabletop.pass_time(minutes=31, run=False)
    assert "books_closed" in [problem["code"] for problem in problems]


def test_a_consent_withdrawn_inside_quickbooks_ends_in_reconnect_with_everything_kept(office: Office) -> None:
    deal = seed.DEAL_EUR
    before = office.api("GET", f"/deals/{deal}/invoices").json
    realm_us = office.tabletop.quickbooks
    realm_us.disconnect(UK_REALM)
    refused = office.api("GET", f"/deals/{deal}/draft?connection_id={office.uk}")
    assert (refused.status, refused.json["code"]) == (409, "reconnect_required"), refused
    listed = {one["id"]: one for one in office.api("GET", "/connections").json["connections"]}
    assert listed[office.uk]["health"] == "reconnect"
    assert listed[office.us]["health"] == "active"
    kept = office.api("POST", f"/deals/{deal}/invoices/refresh").json["invoices"]
    reasons = {each["action"]: each["reason"] for each in kept[0]["actions"]}
    assert (reasons["void"], reasons["open"]) == ("not_connected", None)
    assert [one | {"actions": []} for one in kept] == [one | {"actions": []} for one in before["invoices"]]
    assert office.tabletop.connect(UK_REALM) == office.uk, "the same connection, with its settings and links"
    assert office.api("GET", f"/deals/{deal}/draft?connection_id={office.uk}").status == 200
    settings = office.api("GET", f"/connections/{office.uk}/settings").json["settings"]
    assert settings["unlinked_line"] == "default_item"
