"""An invoice by e-mail: what is said beforehand, who gets it, and what came of it, in both books."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, expect

from sandbox.pipedrive.seed import DEAL_INCLUSIVE, DEAL_NO_PRODUCTS, DEAL_UK_DISCOUNTS, DEAL_US_SIMPLE
from sandbox.quickbooks.seed import US_REALM
from sandbox.running import Sandbox
from tests.browser.person import UK, XERO, Person, invoice_of

SEND = "POST /v3/company/[0-9]+/invoice/[0-9]+/send"
EMAIL = re.compile("/email$")


@pytest.fixture(autouse=True)
def fair_weather(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.outside.quickbooks.faults.pending.clear()


def open_mail(ada: Person, deal: int, number: str) -> FrameLocator:
    """The e-mail of an invoice, from its own menu in the panel."""
    ada.open_deal(deal)
    row = ada.invoice(number)
    row.get_by_role("button", name=re.compile("^More for")).click()
    row.get_by_role("menuitem", name="Send by e-mail").click()
    ada.modal.get_by_role("button", name="Send").wait_for()
    return ada.modal


def sends(sandbox: Sandbox) -> int:
    """How often QuickBooks was asked to send."""
    return sum(bool(re.match(SEND, call)) for call in sandbox.outside.quickbooks.faults.calls)


def test_in_quickbooks_a_person_says_who_gets_it_and_reads_how_it_is_sent(ada: Person, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_US_SIMPLE)
    mail = open_mail(ada, DEAL_US_SIMPLE, invoice["number"])
    for sentence in ("QuickBooks sends it, in the name of the company", "message for invoices", "40 e-mails a day"):
        expect(mail.get_by_text(sentence)).to_be_visible()

    mail.get_by_label("To", exact=True).fill("pay@obrien.example")
    mail.get_by_label("Copies (Cc)").fill("boss@obrien.example; desk@obrien.example")
    mail.get_by_role("button", name="Send").click()

    said = ada.page.get_by_role("status").get_by_text(re.compile(r"sent on .* to pay@obrien\.example"))
    expect(said).to_be_visible()
    expect(ada.page.locator("dialog")).to_have_count(0)
    expect(ada.invoice(invoice["number"]).get_by_text(re.compile(r"Sent .* to pay@obrien\.example"))).to_be_visible()
    stored = sandbox.outside.quickbooks.companies[US_REALM].rows("Invoice")[invoice["id"]]
    assert stored["BillEmail"]["Address"] == "pay@obrien.example"
    assert stored["BillEmailCc"]["Address"].replace(" ", "") == "boss@obrien.example,desk@obrien.example"


def test_what_is_no_address_is_said_at_its_field_and_not_sent(ada: Person, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_UK_DISCOUNTS, UK)
    mail = open_mail(ada, DEAL_UK_DISCOUNTS, invoice["number"])

    mail.get_by_label("Hidden copies (Bcc)").fill("ada@")

    expect(mail.get_by_text("“ada@” is no e-mail address.")).to_be_visible()
    expect(mail.get_by_label("Hidden copies (Bcc)")).to_have_attribute("aria-invalid", "true")
    expect(mail.get_by_role("button", name="Send")).to_be_disabled()


def test_without_an_address_in_the_books_one_is_asked_for(ada: Person, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_NO_PRODUCTS)
    company = sandbox.outside.quickbooks.companies[US_REALM]
    stored = company.rows("Invoice")[invoice["id"]]
    stored.pop("BillEmail", None)
    company.rows("Customer")[stored["CustomerRef"]["value"]].pop("PrimaryEmailAddr", None)
    mail = open_mail(ada, DEAL_NO_PRODUCTS, invoice["number"])

    expect(mail.get_by_text("The books have no e-mail address for this customer.")).to_be_visible()
    expect(mail.get_by_role("button", name="Send")).to_be_disabled()
    mail.get_by_label("To", exact=True).fill("somebody@obrien.example")
    expect(mail.get_by_role("button", name="Send")).to_be_enabled()


def test_pressed_twice_it_goes_out_once(ada: Person, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_US_SIMPLE)
    mail = open_mail(ada, DEAL_US_SIMPLE, invoice["number"])
    mail.get_by_label("To", exact=True).fill("once@obrien.example")
    before = sends(sandbox)

    mail.get_by_role("button", name="Send").dblclick()

    expect(ada.page.locator("dialog")).to_have_count(0)
    assert sends(sandbox) == before + 1


def test_an_answer_that_was_lost_between_page_and_server_sends_no_second_one(ada: Person, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_US_SIMPLE)
    mail = open_mail(ada, DEAL_US_SIMPLE, invoice["number"])
    mail.get_by_label("To", exact=True).fill("once@obrien.example")
    before = sends(sandbox)
    lost: list[int] = []

    def lose(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]  # Playwright's Route
        lost.append(answer.status)
        route.abort()  # type: ignore[attr-defined]

    ada.page.route(EMAIL, lambda route: lose(route) if route.request.method == "POST" else route.continue_())
    mail.get_by_role("button", name="Send").click()
    expect(mail.get_by_text("No answer came")).to_be_visible()
    ada.page.unroute_all()

    mail.get_by_role("button", name="Send").click()

    expect(ada.page.locator("dialog")).to_have_count(0)
    assert (lost, sends(sandbox)) == ([200], before + 1)


def test_an_email_of_an_unknown_outcome_says_so(ada: Person, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_US_SIMPLE)
    mail = open_mail(ada, DEAL_US_SIMPLE, invoice["number"])
    mail.get_by_label("To", exact=True).fill("doubt@obrien.example")
    ada.fault("quickbooks", "drop_after_commit", where=SEND)

    mail.get_by_role("button", name="Send").click()

    expect(mail.get_by_role("heading", name="It may have been sent")).to_be_visible()
    mail.get_by_role("button", name="Close").click()
    expect(ada.invoice(invoice["number"]).get_by_text(re.compile("^May have been sent"))).to_be_visible()


def test_xero_sends_to_its_contact_and_says_who_gets_copies(ada: Person, sandbox: Sandbox) -> None:
    invoice = approved(ada, sandbox)
    org = next(iter(each for each in sandbox.outside.xero.organisations.values() if each.name == XERO))
    contact = org.get("Contact", org.rows("Invoice")[invoice["id"]]["Contact"]["ContactID"])
    contact["EmailAddress"] = "accounts@northwind.example"
    contact["ContactPersons"] = [
        {"FirstName": "Nora", "LastName": "North", "EmailAddress": "nora@northwind.example", "IncludeInEmails": True}
    ]
    mail = open_mail(ada, DEAL_INCLUSIVE, invoice["number"])

    expect(mail.get_by_text("accounts@northwind.example")).to_be_visible()
    expect(mail.get_by_text("Copies go to nora@northwind.example")).to_be_visible()
    for sentence in ("in the name of whoever connected it", "default e-mail template", "at most 1,000 e-mails a day"):
        expect(mail.get_by_text(sentence)).to_be_visible()
    expect(mail.get_by_role("textbox")).to_have_count(0)
    mail.get_by_role("button", name="Send").click()
    expect(ada.page.get_by_role("status").get_by_text("accounts@northwind.example")).to_be_visible()

    contact["EmailAddress"], contact["ContactPersons"] = "", []
    mail = open_mail(ada, DEAL_INCLUSIVE, invoice["number"])
    expect(mail.get_by_text("The books have no e-mail address for this customer.")).to_be_visible()
    expect(mail.get_by_role("button", name="Send")).to_be_disabled()


def approved(ada: Person, sandbox: Sandbox) -> dict[str, str]:
    """An invoice in Xero that can be sent."""
    invoice = invoice_of(sandbox, DEAL_INCLUSIVE, XERO)
    ada.open_deal(DEAL_INCLUSIVE)
    row = ada.invoice(invoice["number"])
    row.get_by_role("button", name=re.compile("^More for")).click()
    row.get_by_role("menuitem", name="Approve").click()
    ada.page.get_by_role("alertdialog").get_by_role("button", name="Approve").click()
    expect(row.get_by_text("Awaiting payment")).to_be_visible()
    return invoice
