"""Acting on invoices over HTTP: void, delete, e-mail, PDF, pay link; what is refused changes nothing."""

from typing import Any

import pytest

from sandbox.pipedrive import seed
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.tabletop import Answer
from tests.fakes.office import Office

Doc = dict[str, Any]
DEAL = seed.DEAL_US_SIMPLE


def invoiced(office: Office, deal: int = DEAL) -> tuple[str, Doc]:
    """The path of a new invoice of the US books, and the invoice."""
    draft, basis = office.draft(deal, office.us)
    made = office.create(deal, draft, basis)
    assert made.status == 201, made
    invoice: Doc = made.json["invoice"]
    return f"/deals/{deal}/invoices/{office.us}/{invoice['id']}", invoice


def press(office: Office, method: str, path: str, key: str | None = None, **how: Any) -> Answer:  # noqa: ANN401
    return office.api(method, path, headers={"Idempotency-Key": key or office.key()}, **how)


def action(invoice: Doc, name: str) -> Doc:
    found: Doc = next(each for each in invoice["actions"] if each["action"] == name)
    return found


def books_of(office: Office, invoice: Doc) -> Doc:
    found: Doc = office.tabletop.quickbooks.companies[US_REALM].rows("Invoice").get(invoice["id"], {})
    return found


def test_a_void_asks_first_and_then_cannot_be_undone(office: Office) -> None:
    path, invoice = invoiced(office)
    assert action(invoice, "void") | {"message": None} == {
        "action": "void",
        "possible": True,
        "asks": "once",
        "reason": None,
        "message": None,
    }
    before = office.writes()
    asked = press(office, "POST", f"{path}/void")
    assert (asked.status, asked.json["code"], asked.json["values"]["asks"]) == (409, "confirmation_needed", "once")
    assert office.writes() == before
    voided = press(office, "POST", f"{path}/void?confirmed=once")
    assert (voided.status, voided.json["status"]) == (200, "voided"), voided
    assert books_of(office, invoice)["TotalAmt"] == 0
    history = office.api("GET", f"/deals/{DEAL}/history").json
    assert (history[0]["what"], history[0]["by"], history[0]["invoice_id"]) == ("void", seed.ADA, invoice["id"])
    again = press(office, "POST", f"{path}/void?confirmed=once")
    assert (again.status, again.json["code"]) == (422, "voided"), "it is so already"
    assert office.api("GET", f"/deals/{DEAL}/history").json == history


def test_a_paid_invoice_is_voided_only_after_two_questions_and_if_the_books_let_it(office: Office) -> None:
    path, invoice = invoiced(office)
    office.tabletop.quickbooks.bookkeeper.pay(US_REALM, invoice["id"], "5.00")
    asked = press(office, "POST", f"{path}/void?confirmed=once")
    assert (asked.status, asked.json["values"]["asks"]) == (409, "twice"), asked
    assert "Payment of 5.00 USD" in asked.json["values"]["ties"]
    refused = press(office, "POST", f"{path}/void?confirmed=twice")
    assert (refused.status, refused.json["code"]) == (422, "quickbooks_6480")
    assert "unlink its payments" in refused.json["detail"], "the books' own sentence"
    shown = office.api("GET", f"/deals/{DEAL}/invoices").json["invoices"][0]
    assert (shown["status"], shown["paid"]["amount"]) == ("partially_paid", "5.00")
    company = office.tabletop.quickbooks.companies[US_REALM]
    company.voids_paid = True
    try:
        voided = press(office, "POST", f"{path}/void?confirmed=twice")
    finally:
        company.voids_paid = False
    assert (voided.status, voided.json["status"]) == (200, "voided"), voided
    assert books_of(office, invoice)["LinkedTxn"] == []


def test_a_deleted_invoice_stays_in_the_history_and_is_never_resurrected(office: Office) -> None:
    path, invoice = invoiced(office)
    key = office.key()
    gone = press(office, "DELETE", f"{path}?confirmed=once", key)
    assert (gone.status, gone.json["status"]) == (200, "deleted"), gone
    assert books_of(office, invoice) == {}
    assert press(office, "DELETE", f"{path}?confirmed=once", key).json["status"] == "deleted"
    assert press(office, "POST", f"{path}/void?confirmed=once").json["code"] == "deleted"
    shown = office.api("POST", f"/deals/{DEAL}/invoices/refresh").json["invoices"][0]
    assert (shown["id"], shown["status"]) == (invoice["id"], "deleted")
    assert office.api("GET", f"/deals/{DEAL}/history").json[0]["what"] == "delete"


@pytest.mark.parametrize("kind", ["drop_after_commit", "drop_before"])
def test_an_unknown_void_is_read_before_it_is_repeated(office: Office, kind: str) -> None:
    path, invoice = invoiced(office)
    key = office.key()
    office.tabletop.fault(office.tabletop.quickbooks, kind, where=r"POST .*/invoice$")
    lost = press(office, "POST", f"{path}/void?confirmed=once", key)
    assert (lost.status, lost.json["code"]) == (503, "outcome_unknown")
    before = office.writes()
    again = press(office, "POST", f"{path}/void?confirmed=once", key)
    assert (again.status, again.json["status"]) == (200, "voided"), again
    assert office.writes() - before == (0 if kind == "drop_after_commit" else 1)
    assert office.api("GET", f"/deals/{DEAL}/history").json[0]["by"] == seed.ADA
    assert books_of(office, invoice)["TotalAmt"] == 0


def test_a_refresh_after_an_unknown_void_knows_who_did_it(office: Office) -> None:
    path, _ = invoiced(office)
    key = office.key()
    office.tabletop.fault(office.tabletop.quickbooks, "drop_after_commit", where=r"POST .*/invoice$")
    press(office, "POST", f"{path}/void?confirmed=once", key)
    office.api("POST", f"/deals/{DEAL}/invoices/refresh")
    history = office.api("GET", f"/deals/{DEAL}/history").json
    assert (history[0]["what"], history[0]["by"]) == ("void", seed.ADA)
    assert press(office, "POST", f"{path}/void?confirmed=once", key).status == 200
    assert office.api("GET", f"/deals/{DEAL}/history").json == history, "one entry"


def test_a_stale_version_is_read_again_and_tried_once_more(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path, invoice = invoiced(office)
    bookkeeper = office.tabletop.quickbooks.bookkeeper

    def edit_meanwhile(_: float) -> None:
        bookkeeper.edit(US_REALM, "Invoice", invoice["id"], {"CustomerMemo": {"value": "changed"}})

    monkeypatch.setattr(office.tabletop.quickbooks.faults, "sleep", edit_meanwhile)
    office.tabletop.fault(office.tabletop.quickbooks, "latency", where=r"POST .*/invoice$")
    before = office.writes()
    voided = press(office, "POST", f"{path}/void?confirmed=once")
    assert (voided.status, voided.json["status"]) == (200, "voided"), voided
    assert office.writes() - before == 2


def test_what_the_books_refused_is_answered_again_for_the_same_key(office: Office) -> None:
    path, invoice = invoiced(office)
    company = office.tabletop.quickbooks.companies[US_REALM]
    company.closed_until = office.tabletop.clock.now().date()
    key = office.key()
    refused = press(office, "POST", f"{path}/void?confirmed=once", key)
    company.closed_until = None
    assert (refused.status, refused.json["code"]) == (422, "books_closed")
    before = office.writes()
    again = press(office, "POST", f"{path}/void?confirmed=once", key)
    assert (again.status, again.json["code"], again.json["detail"]) == (422, "books_closed", refused.json["detail"])
    assert office.writes() == before
    assert press(office, "POST", f"{path}/void?confirmed=once").json["status"] == "voided"
    assert books_of(office, invoice)["TotalAmt"] == 0


def test_a_key_means_one_wish(office: Office) -> None:
    path, _ = invoiced(office)
    key = office.key()
    assert press(office, "POST", f"{path}/email", key, json={"to": "a@example.com"}).status == 200
    for method, where, how in (
        ("POST", f"{path}/void?confirmed=once", {}),
        ("POST", f"{path}/email", {"json": {"to": "b@example.com"}}),
    ):
        other = press(office, method, where, key, **how)
        assert (other.status, other.json["code"]) == (409, "idempotency_key_reused"), other
    bare = office.api("POST", f"{path}/void?confirmed=once")
    assert (bare.status, bare.json["code"]) == (428, "basis_required")


def test_before_an_email_is_sent_it_says_who_sends_it_to_whom(office: Office) -> None:
    path, invoice = invoiced(office)
    terms = office.api("GET", f"{path}/email").json
    assert terms["can_choose"]
    assert (
        terms["to"] == [books_of(office, invoice)["BillEmail"]["Address"]]
        if "BillEmail" in books_of(office, invoice)
        else terms["to"]
    )
    assert "QuickBooks sends it" in terms["sender"]["message"]
    key = office.key()
    sent = press(office, "POST", f"{path}/email", key, json={"to": "ap@example.com", "cc": ["boss@example.com"]})
    assert sent.status == 200, sent
    assert sent.json["mailing"]["state"] == "sent"
    assert sent.json["mailing"]["to"] == ["ap@example.com", "boss@example.com"]
    assert sent.json["mailing"]["by"] == seed.ADA
    kept = books_of(office, invoice)
    assert (kept["BillEmail"]["Address"], kept["BillEmailCc"]["Address"]) == ("ap@example.com", "boss@example.com")
    entry = office.api("GET", f"/deals/{DEAL}/history").json[0]
    assert (entry["what"], entry["detail"]) == ("email", "ap@example.com, boss@example.com")
    assert mails(office) == press_again_and_count(office, path, key)
    assert office.api("POST", f"/deals/{DEAL}/invoices/refresh").json["invoices"][0]["mailing"] == sent.json["mailing"]
    assert office.api("GET", f"/deals/{DEAL}/history").json[0] == entry, "the refresh tells nothing new"


def mails(office: Office) -> int:
    return sum(sum(company.emails.values()) for company in office.tabletop.quickbooks.companies.values())


def press_again_and_count(office: Office, path: str, key: str) -> int:
    again = press(office, "POST", f"{path}/email", key, json={"to": "ap@example.com", "cc": ["boss@example.com"]})
    assert again.status == 200, again
    return mails(office)


@pytest.mark.parametrize("kind", ["drop_after_commit", "drop_before"])
def test_an_email_of_an_unknown_outcome_is_looked_up_and_never_repeated(office: Office, kind: str) -> None:
    path, _ = invoiced(office)
    key, before = office.key(), mails(office)
    office.tabletop.fault(office.tabletop.quickbooks, kind, where=r"POST .*/send$")
    doubtful = press(office, "POST", f"{path}/email", key, json={"to": "ap@example.com"})
    assert (doubtful.status, doubtful.json["mailing"]["state"]) == (202, "in_doubt"), doubtful
    again = press(office, "POST", f"{path}/email", key, json={"to": "ap@example.com"})
    went_out = kind == "drop_after_commit"
    assert (again.status, again.json["mailing"]["state"]) == ((200, "sent") if went_out else (202, "in_doubt")), again
    assert mails(office) - before == (1 if went_out else 0)
    shown = office.api("GET", f"/deals/{DEAL}/invoices").json["invoices"][0]
    assert shown["mailing"]["state"] == again.json["mailing"]["state"]


def test_a_refresh_looks_up_an_email_in_doubt(office: Office) -> None:
    path, _ = invoiced(office)
    office.tabletop.fault(office.tabletop.quickbooks, "drop_after_commit", where=r"POST .*/send$")
    press(office, "POST", f"{path}/email", json={"to": "ap@example.com"})
    shown = office.api("POST", f"/deals/{DEAL}/invoices/refresh").json["invoices"][0]
    assert (shown["mailing"]["state"], shown["mailing"]["to"]) == ("sent", ["ap@example.com"])
    history = office.api("GET", f"/deals/{DEAL}/history").json
    assert [each["what"] for each in history[:2]] == ["email", "created"], history[:3]
    assert history[0]["by"] == seed.ADA


def test_an_email_that_was_surely_not_sent_may_be_sent_by_the_same_press(office: Office) -> None:
    path, _ = invoiced(office)
    key, before = office.key(), mails(office)
    office.tabletop.fault(office.tabletop.quickbooks, "status", where=r"POST .*/send$", status=429)
    later = press(office, "POST", f"{path}/email", key, json={"to": "ap@example.com"})
    assert (later.status, later.json["code"]) == (503, "limit_reached")
    assert office.api("GET", f"/deals/{DEAL}/invoices").json["invoices"][0]["mailing"] is None
    office.tabletop.pass_time(minutes=2, run=False)
    assert press(office, "POST", f"{path}/email", key, json={"to": "ap@example.com"}).status == 200
    assert mails(office) == before + 1


@pytest.mark.parametrize("to", ["", "nobody", "a@b", "a@b.c, d@e.f", "x" * 120 + "@example.com"])
def test_what_is_no_address_is_refused_before_anything_is_sent(office: Office, to: str) -> None:
    path, _ = invoiced(office)
    before = office.writes()
    refused = press(office, "POST", f"{path}/email", json={"to": to})
    assert (refused.status, refused.json["fields"]) == (422, ["/to"]), refused
    assert office.writes() == before


def test_a_pdf_comes_as_a_file_and_one_that_is_too_large_as_a_problem_with_the_way_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, invoice = invoiced(office)
    file = office.api("GET", f"{path}/pdf")
    assert (file.status, file.headers["content-type"]) == (200, "application/pdf")
    assert file.headers["content-disposition"] == f'attachment; filename="Invoice-{invoice["number"]}.pdf"'
    monkeypatch.setattr("duebill.runtime.acting.LARGEST_PDF", 100)
    refused = office.api("GET", f"{path}/pdf")
    assert (refused.status, refused.json["code"]) == (422, "pdf_too_large")
    assert refused.json["values"]["url"] == invoice["url"]


def test_the_pay_link_is_there_where_online_payment_is(office: Office) -> None:
    path, invoice = invoiced(office)
    company = office.tabletop.quickbooks.companies[US_REALM]
    before = company.online_payments
    press(office, "POST", f"{path}/email", json={"to": "ap@example.com"})
    try:
        company.online_payments = False
        none = office.api("GET", f"{path}/pay-link")
        assert (none.status, none.json["code"]) == (422, "no_pay_link")
        company.online_payments = True
        assert office.api("GET", f"{path}/pay-link").json["url"].endswith(f"{US_REALM}-{invoice['id']}")
    finally:
        company.online_payments = before


def test_no_invoice_is_reached_but_by_its_own_deal_and_connection(office: Office) -> None:
    path, invoice = invoiced(office)
    other = seed.DEAL_UK_DISCOUNTS
    foreign = next(iter(office.tabletop.quickbooks.companies[UK_REALM].rows("Invoice")))
    unlinked = next(
        key for key in office.tabletop.quickbooks.companies[US_REALM].rows("Invoice") if key != invoice["id"]
    )
    before = office.writes()
    for where in (
        f"/deals/{other}/invoices/{office.us}/{invoice['id']}",
        f"/deals/{DEAL}/invoices/{office.uk}/{invoice['id']}",
        f"/deals/{DEAL}/invoices/{office.us}/{foreign}x",
        f"/deals/{DEAL}/invoices/{office.us}/{unlinked}",
        f"/deals/{DEAL}/invoices/no-such-connection/{invoice['id']}",
        f"/deals/999999/invoices/{office.us}/{invoice['id']}",
    ):
        for method, suffix, how in (
            ("POST", "/void?confirmed=twice", {}),
            ("DELETE", "?confirmed=twice", {}),
            ("POST", "/email", {"json": {}}),
            ("POST", "/submit", {}),
            ("POST", "/approve", {}),
            ("GET", "/pdf", {}),
            ("GET", "/pay-link", {}),
            ("GET", "/email", {}),
        ):
            refused = press(office, method, where + suffix, **how)
            assert refused.status == 404, (method, where + suffix, refused)
    assert office.writes() == before
    assert path


@pytest.mark.parametrize("end", ["void", "delete"])
def test_copy_as_new_is_a_new_generation_of_what_is_over(office: Office, end: str) -> None:
    path, invoice = invoiced(office)
    asked = f"/deals/{DEAL}/draft?connection_id={office.us}&copy_of={invoice['id']}"
    early = office.api("GET", asked)
    assert (early.status, early.json["code"]) == (422, "still_there")
    method, suffix = ("POST", "/void") if end == "void" else ("DELETE", "")
    assert press(office, method, f"{path}{suffix}?confirmed=once").status == 200
    office.tabletop.pass_time(minutes=60 * 24 * 3, run=False)
    office.api("GET", "/connections")
    prefill = office.api("GET", asked)
    assert prefill.status == 200, prefill
    draft = prefill.json["draft"]
    assert draft["copy_of"] == invoice["id"]
    assert draft["issued_on"] > invoice["issued_on"]
    again = office.create(DEAL, draft, str(prefill.json["basis"]))
    assert again.status == 201, again
    new = again.json["invoice"]
    assert (new["total"], new["customer_name"]) == (invoice["total"], invoice["customer_name"])
    assert new["id"] != invoice["id"]
    assert new["reference"] != invoice["reference"]
    shown = {one["id"]: one["status"] for one in office.api("GET", f"/deals/{DEAL}/invoices").json["invoices"]}
    assert (shown[invoice["id"]], shown[new["id"]]) == ("voided" if end == "void" else "deleted", "open")
    missing = office.api("GET", f"/deals/{DEAL}/draft?connection_id={office.us}&copy_of=999999")
    assert (missing.status, missing.json["code"]) == (404, "invoice_not_found")
