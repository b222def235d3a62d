"""The form that makes an invoice of a deal: the whole job in both books, and whatever comes between."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sandbox.pipedrive.seed import (
    DEAL_EUR,
    DEAL_INCLUSIVE,
    DEAL_NO_PRODUCTS,
    DEAL_UK_DISCOUNTS,
    DEAL_US_SIMPLE,
    DEAL_ZERO,
)
from sandbox.running import Sandbox
from tests.browser.form import computed, fill, form_from_menu, made, open_form, settled
from tests.browser.person import UK, US, XERO, Person, control, invoice_of

INVOICES = re.compile(r"/deals/\d+/invoices$")
CREATE = "POST /v3/company/[0-9]+/invoice"


@pytest.fixture(autouse=True)
def fair_weather(sandbox: Sandbox) -> Iterator[None]:
    yield
    for books in (sandbox.outside.quickbooks, sandbox.outside.xero):
        books.faults.pending.clear()
    control(sandbox, "clock", {"seconds": 120})  # a limit that was met is over


def test_a_deal_becomes_an_invoice_in_quickbooks(ada: Person, sandbox: Sandbox) -> None:
    before = made(sandbox)
    form = open_form(ada, DEAL_US_SIMPLE)
    fill(form)
    form.get_by_label("PO number").fill("PO-7")
    expect(form.get_by_role("status").get_by_text("1,800.00")).to_be_visible()

    form.get_by_role("button", name="Create invoice").click()

    said = ada.page.get_by_role("status").get_by_text("is created")
    expect(said).to_be_visible()
    row = ada.invoice(said.inner_text().split()[1])
    expect(ada.page.locator("dialog")).to_have_count(0)
    expect(row.get_by_text("Open", exact=True)).to_be_visible()
    assert made(sandbox) == before + 1
    control(sandbox, "work", {})
    ada.open_deal(DEAL_US_SIMPLE)
    expect(ada.page.locator(".history .note").first).to_contain_text("1800.00 USD")


def test_a_deal_becomes_a_draft_in_xero_then_submitted_then_approved(ada: Person, sandbox: Sandbox) -> None:
    form = open_form(ada, DEAL_INCLUSIVE, XERO)
    fill(form, XERO, "Northwind Traders Ltd")
    form.get_by_role("button", name="Save as draft").click()
    expect(ada.panel.get_by_text("Draft", exact=True)).to_be_visible()

    for action, status in (("Submit for approval", "Awaiting approval"), ("Approve", "Awaiting payment")):
        ada.panel.get_by_role("button", name=re.compile("More for Invoice")).click()
        ada.panel.get_by_role("menuitem", name=action).click()
        if action == "Approve":
            ada.page.get_by_role("alertdialog").get_by_role("button", name="Approve").click()
        expect(ada.panel.get_by_text(status, exact=True)).to_be_visible()


def test_a_double_click_makes_one_invoice(ada: Person, sandbox: Sandbox) -> None:
    before = made(sandbox)
    form = open_form(ada, DEAL_NO_PRODUCTS)
    fill(form)

    form.get_by_role("button", name="Create invoice").dblclick()

    expect(ada.page.locator("dialog")).to_have_count(0)
    assert made(sandbox) == before + 1


def test_a_reload_while_it_is_created_makes_one_invoice(ada: Person, sandbox: Sandbox) -> None:
    before = made(sandbox)
    form = open_form(ada, DEAL_US_SIMPLE)
    fill(form)
    ada.fault("quickbooks", "latency", where=CREATE, seconds=2)
    with ada.page.expect_request(lambda request: bool(INVOICES.search(request.url)) and request.method == "POST"):
        form.get_by_role("button", name="Create invoice").click()

    ada.page.reload()

    ada.page.get_by_role("button", name="More actions").click()
    ada.page.get_by_role("menuitem", name="Invoice this deal").click()
    expect(ada.modal.get_by_role("heading", name=re.compile("created"))).to_be_visible()
    expect(ada.modal.get_by_role("heading", name="The invoice is created")).to_be_visible()
    assert made(sandbox) == before + 1


def test_a_reload_while_it_is_filled_keeps_what_was_typed(ada: Person) -> None:
    form = open_form(ada, DEAL_UK_DISCOUNTS, UK)
    form.get_by_label("PO number").fill("typed before")
    expect(form.get_by_label("PO number")).to_have_value("typed before")

    ada.page.reload()

    expect(form_from_menu(ada, UK).get_by_label("PO number")).to_have_value("typed before")


def test_a_lost_answer_is_followed_until_it_is_known(ada: Person, sandbox: Sandbox) -> None:
    before = made(sandbox)
    form = open_form(ada, DEAL_US_SIMPLE)
    fill(form)
    ada.fault("quickbooks", "drop_after_commit", where=CREATE)
    form.get_by_role("button", name="Create invoice").click()
    expect(form.get_by_role("heading", name="The invoice is being created")).to_be_visible()

    ada.pass_time(seconds=200)

    expect(form.get_by_role("heading", name="The invoice is created")).to_be_visible(timeout=40_000)
    assert made(sandbox) == before + 1


def test_a_line_that_went_dead_between_page_and_server_makes_one_invoice(ada: Person, sandbox: Sandbox) -> None:
    before = made(sandbox)
    form = open_form(ada, DEAL_NO_PRODUCTS)
    fill(form)
    ada.page.route(re.compile(r"/deals/\d+/(invoices|intents/.*)$"), lambda route: route.abort())
    form.get_by_role("button", name="Create invoice").click()
    expect(form.get_by_text("No answer came, and the invoice may or may not have been sent")).to_be_visible()
    assert made(sandbox) == before
    ada.page.unroute_all()

    form.get_by_role("button", name="Create invoice").click()

    expect(ada.page.locator("dialog")).to_have_count(0)
    assert made(sandbox) == before + 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_books_that_refuse_to_work_make_no_second_invoice(ada: Person, sandbox: Sandbox, status: int) -> None:
    before = made(sandbox)
    form = open_form(ada, DEAL_US_SIMPLE)
    fill(form)
    ada.fault("quickbooks", "status", where=CREATE, status=status)

    form.get_by_role("button", name="Create invoice").click()

    expect(form.get_by_role("heading", name="The invoice is being created")).to_be_visible()
    assert made(sandbox) == before
    ada.pass_time(seconds=4000)
    ada.pass_time(seconds=200)
    expect(form.get_by_role("heading", name="The invoice is created")).to_be_visible(timeout=40_000)
    assert made(sandbox) == before + 1


def test_a_token_that_ends_while_the_form_is_open_is_replaced(ada: Person, sandbox: Sandbox) -> None:
    before = made(sandbox)
    form = open_form(ada, DEAL_NO_PRODUCTS)
    fill(form)
    ada.pass_time(seconds=600)

    form.get_by_role("button", name="Create invoice").click()

    expect(ada.page.locator("dialog")).to_have_count(0)
    assert made(sandbox) == before + 1


def test_who_comes_second_is_asked_before_the_deal_is_invoiced_again(ada: Person, sandbox: Sandbox) -> None:
    form = open_form(ada, DEAL_US_SIMPLE)
    fill(form)
    invoice_of(sandbox, DEAL_US_SIMPLE)
    before = made(sandbox)

    form.get_by_role("button", name="Create invoice").click()
    ada.page.get_by_role("alertdialog", name="Invoice again anyway?").get_by_role("button", name="Cancel").click()
    assert made(sandbox) == before
    form.get_by_role("button", name="Create invoice").click()
    ada.page.get_by_role("alertdialog").get_by_role("button", name="Yes, invoice again").click()

    expect(ada.page.locator("dialog")).to_have_count(0)
    assert made(sandbox) == before + 1


def test_a_form_that_was_offline_goes_on_when_the_connection_is_back(ada: Person) -> None:
    form = open_form(ada, DEAL_NO_PRODUCTS)
    fill(form)
    ada.page.context.set_offline(True)
    form.get_by_label("PO number").fill("while offline")
    expect(form.get_by_text("Check your connection")).to_be_visible()

    ada.page.context.set_offline(False)

    expect(form.get_by_text("Check your connection")).to_have_count(0)
    settled(form)


def test_totals_follow_the_typing_and_problems_stand_at_their_fields(ada: Person) -> None:
    form = open_form(ada, DEAL_EUR, UK)
    expect(form.get_by_text("Choose the customer in the books")).to_be_visible()
    expect(form.get_by_role("button", name="Create invoice")).to_be_disabled()
    before = computed(form)

    form.get_by_role("group", name="Line 1", exact=True).get_by_label("Quantity").fill("3")

    expect(form.locator("footer .sum")).not_to_have_text(before)
    assert computed(form) != before


def test_unsaved_work_is_asked_about(ada: Person) -> None:
    form = open_form(ada, DEAL_ZERO)
    form.get_by_label("PO number").fill("X")
    form.get_by_role("button", name="Cancel", exact=True).click()
    question = ada.page.get_by_role("alertdialog", name="Leave without creating the invoice?")
    question.get_by_role("button", name="Go on editing").click()
    expect(form.get_by_label("PO number")).to_have_value("X")
    form.get_by_role("button", name="Cancel", exact=True).click()
    question.get_by_role("button", name="Leave").click()
    expect(ada.page.locator("dialog")).to_have_count(0)


def test_the_whole_job_by_keyboard_alone(ada: Person, page: Page, sandbox: Sandbox) -> None:
    before = made(sandbox)
    ada.open_deal(DEAL_NO_PRODUCTS)
    ada.panel.get_by_role("button", name=re.compile("Invoice")).first.wait_for()
    press_until(page, "Tab", "More actions")
    for key in ("Enter", "Enter"):
        page.keyboard.press(key)
    form = ada.modal
    form.get_by_label("Books", exact=True).wait_for()
    page.locator("dialog").wait_for()
    for label in (f"Who is this in {US}?", "Item in the books"):
        if form.get_by_role("combobox", name=re.compile(re.escape(label))).count():
            press_until(page, "Tab", label)
            page.keyboard.type("Obri" if "Who" in label else "consult")
            form.get_by_role("option", name=re.compile("Obrien|Consult")).first.wait_for()
            page.keyboard.press("Enter")
    expect(form.get_by_role("button", name="Create invoice")).to_be_enabled()
    press_until(page, "Tab", "Create invoice")
    page.keyboard.press("Enter")

    expect(page.locator("dialog")).to_have_count(0)
    assert made(sandbox) == before + 1


def press_until(page: Page, key: str, name: str, most: int = 120) -> None:
    """Move the focus with one key until it is on the control of this name, in whichever frame."""
    script = """() => { const on = document.activeElement;
      if (!on || on === document.body || on.tagName === "IFRAME") return "";
      const labels = [...(on.labels ?? [])].map((each) => each.textContent).join(" ");
      return `${on.getAttribute("aria-label") ?? ""} ${labels} ${on.textContent}`; }"""
    for _ in range(most):
        if any(name in frame.evaluate(script) for frame in page.frames if frame.url.startswith("http")):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never came to “{name}”")
