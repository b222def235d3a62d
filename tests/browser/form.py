"""The form that makes an invoice, as a person fills it: each move ends when the page shows what came of it."""

import re

from playwright.sync_api import FrameLocator, expect

from sandbox.running import Sandbox
from tests.browser.person import US, Person


def open_form(ada: Person, deal: int, books: str = US) -> FrameLocator:
    """The form of a deal, from the deal's own menu, in these books."""
    ada.open_deal(deal)
    return form_from_menu(ada, books)


def form_from_menu(ada: Person, books: str | None = US) -> FrameLocator:
    """The form of the deal that is open, from the deal's own menu; in whichever books where None."""
    ada.page.get_by_role("button", name="More actions").click()
    ada.page.get_by_role("menuitem", name="Invoice this deal").click()
    form = ada.modal
    shown = form.locator("[data-books]")
    shown.wait_for()
    if books and shown.get_attribute("data-books") != books:
        form.get_by_label("Books", exact=True).select_option(label=books)
    # The list shows what was chosen at once; the form is another one only when its draft has come.
    if books:
        expect(shown).to_have_attribute("data-books", books)
    return form


def choose(form: FrameLocator, label: str | re.Pattern[str], typed: str, hit: str) -> None:
    """Search in one of the form's pickers, and take what is found: the picker gives way to it."""
    boxes = form.get_by_role("combobox", name=label)
    before = boxes.count()
    boxes.first.fill(typed)
    form.get_by_role("option", name=re.compile(hit)).first.click()
    expect(boxes).to_have_count(before - 1)


def fill(form: FrameLocator, books: str = US, customer: str = "Obrien") -> None:
    """As a person fills it: whom to bill, what the suggestions say, one item for the rest."""
    if form.get_by_role("combobox", name=f"Who is this in {books}?").count():
        choose(form, f"Who is this in {books}?", customer, customer)
    suggested = form.get_by_role("button", name=re.compile("suggested item"))
    if suggested.count():
        suggested.click()
        expect(suggested).to_have_count(0)
    for _ in range(form.get_by_role("combobox", name=re.compile("Item in the books")).count()):
        choose(form, re.compile("Item in the books"), "consult", "Consult")
    settled(form)


def settled(form: FrameLocator) -> None:
    """Wait until the server has previewed what is typed, and has nothing against it."""
    expect(form.get_by_role("alert")).to_have_count(0)
    expect(form.locator("footer .stale")).to_have_count(0)
    expect(form.locator("footer .act")).to_be_enabled()


def computed(form: FrameLocator) -> str:
    """The footer's sum once it is that of what the form holds now."""
    total = form.locator("footer .sum")
    expect(total.locator(".number")).to_be_visible()
    expect(total.locator(".stale")).to_have_count(0)
    return total.inner_text()


def made(sandbox: Sandbox) -> int:
    """How many invoices to customers there are in all books."""
    quickbooks: int = sum(len(each.rows("Invoice")) for each in sandbox.outside.quickbooks.companies.values())
    xero = [row for each in sandbox.outside.xero.organisations.values() for row in each.rows("Invoice").values()]
    return quickbooks + sum(row["Type"] == "ACCREC" for row in xero)
