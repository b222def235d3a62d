"""All invoices of the deal's customer: the list in both books, what is owed by age, linking, CSV, failures."""

import re

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from sandbox.pipedrive.seed import DEAL_INCLUSIVE, DEAL_INSTALMENTS, DEAL_UK_DISCOUNTS, DEAL_ZERO
from sandbox.running import Sandbox
from tests.browser.person import UK, XERO, Person, in_books, invoice_of

LIST = re.compile(r"/customer/invoices")


@pytest.fixture(scope="module", autouse=True)
def invoices(sandbox: Sandbox) -> dict[str, dict[str, object]]:
    """Northwind in both books: an old invoice that is paid in part, one of another deal, one in Xero."""
    old = invoice_of(sandbox, DEAL_INSTALMENTS, UK, f"&instalment_id={DEAL_INSTALMENTS}01")
    in_books(sandbox, "pay", old, amount="165")
    other = invoice_of(sandbox, DEAL_UK_DISCOUNTS, UK)
    xero = invoice_of(sandbox, DEAL_INSTALMENTS, XERO)
    return {"old": old, "other": other, "xero": xero}


def open_list(ada: Person, deal: int = DEAL_INSTALMENTS) -> FrameLocator:
    """The list, from the panel's menu."""
    panel = ada.open_deal(deal)
    panel.get_by_role("button", name="More for this deal").click()
    panel.get_by_role("menuitem", name="All invoices").click()
    return ada.modal


def test_it_lists_both_books_and_what_is_owed(ada: Person, invoices: dict[str, dict[str, str]]) -> None:
    listed = open_list(ada)
    expect(listed.get_by_role("heading", level=1, name=re.compile("^All invoices of"))).to_be_visible()
    for each in invoices.values():
        expect(listed.get_by_role("row", name=re.compile(f"^{each['number']} "))).to_have_count(1)

    row = listed.get_by_role("row", name=re.compile(f"^{invoices['old']['number']} "))
    expect(row).to_contain_text("Partially paid")
    expect(row).to_contain_text("£3,633.00")
    sums = listed.get_by_role("region", name="What is to be paid, by age")
    expect(sums.get_by_text("Not due").first).to_be_visible()


def test_status_and_time_choose_what_is_listed(ada: Person, invoices: dict[str, dict[str, str]]) -> None:
    listed = open_list(ada)
    old = listed.get_by_role("row", name=re.compile(f"^{invoices['old']['number']} "))
    other = listed.get_by_role("row", name=re.compile(f"^{invoices['other']['number']} "))
    expect(other).to_be_visible()

    listed.get_by_label("Status").select_option(label="Partially paid")

    expect(other).to_have_count(0)
    expect(old).to_be_visible()
    listed.get_by_label("Status").select_option(label="Any")
    listed.get_by_label("Time").select_option(label="Last 3 months")
    expect(other).to_be_visible()


def test_an_invoice_is_unlinked_linked_and_moved(ada: Person, invoices: dict[str, dict[str, str]]) -> None:
    listed = open_list(ada)
    row = listed.get_by_role("row", name=re.compile(f"^{invoices['other']['number']} "))
    row.get_by_role("button", name="Move").click()
    ada.page.get_by_role("alertdialog", name="Move it to this deal?").get_by_role("button", name="Move").click()
    expect(row.get_by_text("This deal")).to_be_visible()

    row.get_by_role("button", name="Unlink").click()
    ada.page.get_by_role("alertdialog").get_by_role("button", name="Unlink").click()
    expect(row.get_by_role("button", name="Link to this deal")).to_be_visible()
    row.get_by_role("button", name="Link to this deal").click()
    expect(row.get_by_text("This deal")).to_be_visible()

    ada.page.get_by_role("button", name="Close").click()
    expect(ada.invoice(invoices["other"]["number"])).to_be_visible()


def test_it_is_downloaded_as_csv(ada: Person, page: Page, invoices: dict[str, dict[str, str]]) -> None:
    listed = open_list(ada)
    with page.expect_download() as download:
        listed.get_by_role("button", name="Download CSV").click()

    text = download.value.path().read_text("utf-8-sig")

    assert text.startswith("Number,Customer,Date,Due,Status,Currency,Amount,Paid,To pay,Deal")
    assert str(invoices["old"]["number"]) in text


def test_a_failure_has_a_way_to_try_again(ada: Person) -> None:
    ada.page.route(LIST, lambda route: route.abort())
    listed = open_list(ada)
    expect(listed.get_by_role("heading", name="The invoices could not be listed")).to_be_visible()
    ada.page.unroute_all()

    listed.get_by_role("button", name="Try again").click()

    expect(listed.get_by_role("table")).to_be_visible()


@pytest.mark.parametrize(("books", "where"), [("quickbooks", "/v3/company"), ("xero", "/api.xro")])
def test_books_that_do_not_answer_are_told(ada: Person, sandbox: Sandbox, books: str, where: str) -> None:
    ada.fault(books, "status", where=where, status=503, times=9)
    listed = open_list(ada)

    expect(listed.get_by_text("right now").first).to_be_visible()

    getattr(sandbox.outside, books).faults.pending.clear()


def test_a_customer_that_is_not_linked_yet_is_told(ada: Person) -> None:
    listed = open_list(ada, DEAL_ZERO)
    expect(listed.get_by_text(re.compile("customer is not linked to")).first).to_be_visible()


def test_a_token_that_ended_meanwhile_is_replaced(ada: Person) -> None:
    listed = open_list(ada, DEAL_INSTALMENTS)
    expect(listed.get_by_role("table")).to_be_visible()
    ada.pass_time(seconds=400)

    with ada.page.expect_response(LIST) as answered:
        listed.get_by_label("Time").select_option(label="This year")

    assert answered.value.status == 200


def test_in_xero_alone_the_status_reads_as_xero_has_it(ada: Person, invoices: dict[str, dict[str, str]]) -> None:
    listed = open_list(ada, DEAL_INCLUSIVE)
    row = listed.get_by_role("row", name=re.compile(f"^{invoices['xero']['number']} "))
    expect(row).to_contain_text("Draft")
