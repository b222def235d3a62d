"""The deal's panel: each designed state, with its one next step."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from sandbox.pipedrive.seed import (
    BEN,
    CID,
    DEAL_EUR,
    DEAL_INCLUSIVE,
    DEAL_INSTALMENTS,
    DEAL_NO_PRODUCTS,
    DEAL_RECURRING,
    DEAL_UK_DISCOUNTS,
    DEAL_US_SIMPLE,
    DEAL_ZERO,
    OTHER_COMPANY,
    OTHER_DEAL,
    OTHER_USER,
)
from sandbox.running import Sandbox
from tests.browser.person import UK, Person, control, in_books, invoice_of

PANEL_CALL = re.compile(r"/deals/\d+/invoices$")


def test_a_deal_without_invoices_offers_to_make_one(ada: Person) -> None:
    panel = ada.open_deal(DEAL_ZERO)

    expect(panel.get_by_role("heading", name="Nothing invoiced yet")).to_be_visible()
    expect(panel.get_by_role("button", name="Invoice this deal")).to_be_visible()


def test_while_it_loads_the_panel_says_so_and_fails_with_a_way_to_try_again(ada: Person) -> None:
    waiting: list[Route] = []
    ada.page.route(PANEL_CALL, lambda route: waiting.append(route))
    panel = ada.open_deal(DEAL_ZERO)
    expect(panel.get_by_text("Loading …")).to_be_attached()

    ada.wait_until(lambda: bool(waiting))  # the words stand there before the call is made
    waiting[0].abort()

    expect(panel.get_by_role("heading", name="The invoices could not be loaded")).to_be_visible()
    ada.page.unroute(PANEL_CALL)
    panel.get_by_role("button", name="Try again").click()
    expect(panel.get_by_role("heading", name="Nothing invoiced yet")).to_be_visible()


def test_offline_and_back(ada: Person) -> None:
    panel = ada.open_deal(DEAL_ZERO)
    expect(panel.get_by_role("heading", name="Nothing invoiced yet")).to_be_visible()
    ada.page.context.set_offline(True)
    panel.get_by_role("button", name="Refresh").click()
    expect(panel.get_by_text("Check your connection")).to_be_visible()
    ada.page.context.set_offline(False)

    panel.get_by_role("button", name="Refresh").click()

    expect(panel.get_by_text("Check your connection")).to_have_count(0)


def test_an_invoice_goes_from_open_through_partly_paid_to_paid(ada: Person, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_US_SIMPLE)
    panel = ada.open_deal(DEAL_US_SIMPLE)
    row = ada.invoice(invoice["number"])
    expect(row.get_by_text("Open", exact=True)).to_be_visible()
    expect(row.get_by_text("1,800.00")).to_be_visible()
    expect(panel.get_by_text(re.compile(r"Invoiced \S*1,800\.00 of \S*1,800\.00"))).to_be_visible()

    in_books(sandbox, "pay", invoice, amount="500")
    panel.get_by_role("button", name="Refresh").click()
    expect(row.get_by_text("Partially paid")).to_be_visible()
    expect(row.get_by_text("500.00 paid", exact=False)).to_be_visible()
    expect(row.get_by_text("1,300.00 left to pay")).to_be_visible()

    in_books(sandbox, "pay", invoice)
    panel.get_by_role("button", name="Refresh").click()
    expect(row.get_by_text("Paid", exact=True)).to_be_visible()


def test_an_invoice_that_is_late_says_by_how_much(ada: Person, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_NO_PRODUCTS)
    ada.pass_time(days=40)

    ada.open_deal(DEAL_NO_PRODUCTS)

    row = ada.invoice(invoice["number"])
    expect(row.get_by_text("Overdue")).to_be_visible()
    expect(row.get_by_text(re.compile(r"^\d+ days late$"))).to_be_visible()


def test_what_was_voided_in_the_books_is_shown_as_voided(ada: Person, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_UK_DISCOUNTS, UK)
    panel = ada.open_deal(DEAL_UK_DISCOUNTS)
    expect(ada.invoice(invoice["number"]).get_by_text("Open", exact=True)).to_be_visible()
    in_books(sandbox, "void", invoice)

    panel.get_by_role("button", name="Refresh").click()

    expect(ada.invoice(invoice["number"]).get_by_text("Voided")).to_be_visible()


def test_an_unknown_outcome_is_shown_as_being_created_and_followed(ada: Person, sandbox: Sandbox) -> None:
    ada.fault("quickbooks", "drop_after_commit", where="POST /v3/company/[0-9]+/invoice")
    with pytest.raises(Exception, match="202"):
        invoice_of(sandbox, DEAL_RECURRING)
    panel = ada.open_deal(DEAL_RECURRING)
    expect(panel.get_by_text("Being created")).to_be_visible()

    ada.pass_time(seconds=200)

    # The panel asks by itself; nobody presses anything.
    expect(panel.get_by_text("Being created")).to_have_count(0, timeout=30_000)
    expect(panel.get_by_role("link", name=re.compile(r"^Invoice \d"))).to_be_visible()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"kind": "status", "status": 429}, f"QuickBooks ({UK}) takes no more questions for the moment"),
        ({"kind": "status", "status": 503}, f"QuickBooks ({UK}) does not answer right now"),
    ],
)
def test_books_that_do_not_answer_leave_what_was_last_known(
    ada: Person, sandbox: Sandbox, fault: dict[str, Any], sentence: str
) -> None:
    deal = DEAL_INSTALMENTS if fault["status"] == 429 else DEAL_INCLUSIVE
    invoice = invoice_of(sandbox, deal, UK)
    panel = ada.open_deal(deal)
    row = ada.invoice(invoice["number"])
    expect(row).to_be_visible()
    ada.fault("quickbooks", **fault, where="/v3/company", times=9)

    panel.get_by_role("button", name="Refresh").click()

    expect(panel.get_by_text(sentence).first).to_be_visible()
    expect(row).to_be_visible()
    sandbox.outside.quickbooks.faults.pending.clear()
    ada.pass_time(seconds=3700)  # what was said about the limit is over


def test_who_may_not_see_invoices_reads_who_manages_them(page: Page, sandbox: Sandbox) -> None:
    cid = Person(page, sandbox, CID)
    panel = cid.open_deal(DEAL_EUR)
    expect(panel.get_by_role("heading", name="Ada Manager manages invoicing")).to_be_visible()
    expect(panel.get_by_role("button", name="Open settings")).to_have_count(0)


def test_an_admin_finds_the_way_to_take_over(page: Page, sandbox: Sandbox) -> None:
    ben = Person(page, sandbox, BEN)
    panel = ben.open_deal(DEAL_EUR)
    expect(panel.get_by_role("heading", name="Ada Manager manages invoicing")).to_be_visible()
    expect(panel.get_by_text("You are an admin: you can take over")).to_be_visible()
    panel.get_by_role("button", name="Open settings").click()
    expect(page).to_have_url(re.compile("/app-settings$"))


def test_without_books_the_next_step_is_to_connect_them(page: Page, sandbox: Sandbox) -> None:
    olga = Person(page, sandbox, OTHER_USER, OTHER_COMPANY)
    control(sandbox, "crm/ready", {"company": OTHER_COMPANY, "users": [OTHER_USER], "books": []})
    panel = olga.open_deal(OTHER_DEAL)
    expect(panel.get_by_role("heading", name="Connect your books")).to_be_visible()
    panel.get_by_role("button", name="Open settings").click()
    expect(page).to_have_url(re.compile("/app-settings$"))


def test_a_token_that_ended_is_replaced_before_the_next_call(ada: Person, sandbox: Sandbox) -> None:
    panel = ada.open_deal(DEAL_ZERO)
    expect(panel.get_by_role("heading", name="Nothing invoiced yet")).to_be_visible()
    ada.pass_time(seconds=400)

    with ada.page.expect_response(re.compile("/invoices/refresh$")) as answered:
        panel.get_by_role("button", name="Refresh").click()

    assert answered.value.status == 200


def test_pressed_twice_the_panel_opens_one_form(ada: Person) -> None:
    panel = ada.open_deal(DEAL_ZERO)
    panel.get_by_role("button", name="Invoice this deal").dblclick()

    expect(ada.modal.get_by_role("heading", level=1, name="Invoice this deal")).to_be_visible()
    expect(ada.page.locator("dialog")).to_have_count(1)


def test_the_menus_are_worked_by_keyboard(ada: Person, page: Page, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_US_SIMPLE)
    ada.open_deal(DEAL_US_SIMPLE)
    row = ada.invoice(invoice["number"])
    opener = row.get_by_role("button", name=re.compile("^More for"))

    opener.press("Enter")
    expect(row.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("End")
    expect(row.get_by_role("menuitem").last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")

    expect(row.get_by_role("menu")).to_have_count(0)
    expect(opener).to_be_focused()
