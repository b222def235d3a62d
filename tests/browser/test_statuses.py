"""An invoice's whole life in the panel, in both books: paid in part, paid, overdue, voided, deleted."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from sandbox.pipedrive.seed import (
    DEAL_ARCHIVED,
    DEAL_INCLUSIVE,
    DEAL_INSTALMENTS,
    DEAL_UK_DISCOUNTS,
    DEAL_US_SIMPLE,
)
from sandbox.quickbooks.seed import US_REALM
from sandbox.running import Sandbox
from tests.browser.person import UK, US, XERO, Person, in_books, invoice_of

BOTH = pytest.mark.parametrize("books", [UK, XERO], ids=["quickbooks", "xero"])
OPEN = {UK: "Open", US: "Open", XERO: "Awaiting payment"}


def issued(sandbox: Sandbox, deal: int, books: str) -> dict[str, Any]:
    """An invoice that can be paid: in Xero it is approved there first."""
    invoice = invoice_of(sandbox, deal, books)
    if books == XERO:
        in_books(sandbox, "approve", invoice)
    return invoice


def shown(ada: Person, deal: int, invoice: dict[str, Any], status: str) -> Locator:
    """The invoice's row once the books were asked and it has this status."""
    ada.open_deal(deal)
    return refreshed(ada, invoice, status)


def refreshed(ada: Person, invoice: dict[str, Any], status: str) -> Locator:
    """The row after *Refresh*."""
    row = ada.invoice(invoice["number"])
    expect(row).to_be_visible()
    ada.panel.get_by_role("button", name="Refresh").click()
    expect(row.locator(".chip").get_by_text(status, exact=True)).to_be_visible()
    return row


def act(ada: Person, row: Locator, action: str, times: int = 1) -> None:
    """Choose from the row's menu, and say yes as often as it is asked."""
    row.get_by_role("button", name=re.compile("^More for")).click()
    row.get_by_role("menuitem", name=action, exact=True).click()
    for _ in range(times):
        question = ada.page.get_by_role("alertdialog")
        expect(question).to_have_count(1)
        title = question.get_by_role("heading").inner_text()
        question.get_by_role("button", name=action, exact=True).click()
        expect(question.get_by_role("heading", name=title, exact=True)).to_have_count(0)


@BOTH
def test_paid_in_part_then_in_full(ada: Person, sandbox: Sandbox, books: str) -> None:
    invoice = issued(sandbox, DEAL_UK_DISCOUNTS, books)
    row = shown(ada, DEAL_UK_DISCOUNTS, invoice, OPEN[books])
    expect(row.get_by_text(re.compile(r"^due (in \d+ days|tomorrow|today|\d)"))).to_be_visible()

    in_books(sandbox, "pay", invoice, amount="100")
    row = refreshed(ada, invoice, "Partially paid")
    expect(row.get_by_text("£100.00 paid")).to_be_visible()
    bar = row.get_by_role("img", name=re.compile(r"£100\.00 of .* paid"))
    expect(bar).to_be_visible()
    width = bar.locator("div").evaluate("(bar) => bar.offsetWidth / bar.parentElement.offsetWidth")
    assert 0 < width < 0.5

    in_books(sandbox, "pay", invoice)
    row = refreshed(ada, invoice, "Paid")
    expect(row.get_by_role("img")).to_have_count(0)


@BOTH
def test_overdue_when_its_day_is_past(ada: Person, sandbox: Sandbox, books: str) -> None:
    invoice = issued(sandbox, DEAL_INCLUSIVE, books)
    ada.pass_time(days=45)

    row = shown(ada, DEAL_INCLUSIVE, invoice, "Overdue")

    expect(row.get_by_text(re.compile(r"^\d+ days late$"))).to_be_visible()


@BOTH
def test_a_void_is_asked_about_and_shown_without_a_word_about_the_preview(
    ada: Person, sandbox: Sandbox, books: str
) -> None:
    invoice = issued(sandbox, DEAL_ARCHIVED, books)
    row = shown(ada, DEAL_ARCHIVED, invoice, OPEN[books])

    act(ada, row, "Void")

    expect(row.locator(".chip").get_by_text("Voided")).to_be_visible()
    expect(row.get_by_text("than the preview")).to_have_count(0)
    refreshed(ada, invoice, "Voided")
    expect(row.get_by_text("than the preview")).to_have_count(0)
    row.get_by_role("button", name=re.compile("^More for")).click()
    expect(row.get_by_role("menuitem", name="Copy as a new invoice")).to_be_visible()


def test_a_void_with_payments_is_asked_about_twice_in_quickbooks(ada: Person, sandbox: Sandbox) -> None:
    sandbox.outside.quickbooks.companies[US_REALM].voids_paid = True
    invoice = issued(sandbox, DEAL_US_SIMPLE, US)
    in_books(sandbox, "pay", invoice, amount="10")
    row = shown(ada, DEAL_US_SIMPLE, invoice, "Partially paid")

    act(ada, row, "Void", times=2)

    expect(row.locator(".chip").get_by_text("Voided")).to_be_visible()


def test_a_void_that_payments_rule_out_in_xero_is_told_in_the_menu(ada: Person, sandbox: Sandbox) -> None:
    invoice = issued(sandbox, DEAL_INSTALMENTS, XERO)
    in_books(sandbox, "pay", invoice, amount="10")
    row = shown(ada, DEAL_INSTALMENTS, invoice, "Partially paid")

    row.get_by_role("button", name=re.compile("^More for")).click()

    void = row.get_by_role("menuitem", name=re.compile("^Void"))
    expect(void).to_be_disabled()
    expect(void).to_contain_text("Remove its payments in Xero first")


@BOTH
def test_deleted_where_the_books_let_one(ada: Person, sandbox: Sandbox, books: str) -> None:
    invoice = invoice_of(sandbox, DEAL_INSTALMENTS, books)  # in Xero a draft: an approved one is voided instead
    row = shown(ada, DEAL_INSTALMENTS, invoice, "Draft" if books == XERO else "Open")

    act(ada, row, "Delete")

    expect(row.locator(".chip").get_by_text("Deleted")).to_be_visible()


def test_a_credit_note_is_told_as_what_it_is(ada: Person, sandbox: Sandbox) -> None:
    invoice = issued(sandbox, DEAL_INCLUSIVE, XERO)
    in_books(sandbox, "credit", invoice)

    row = shown(ada, DEAL_INCLUSIVE, invoice, "Paid")

    expect(row.get_by_text(re.compile("^Settled by a credit note of £"))).to_be_visible()
