"""What stands in the form that makes an invoice: customer, lines, currency, tracking, and how problems are told."""

import re
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

from sandbox.pipedrive.seed import DEAL_EUR, DEAL_INCLUSIVE, DEAL_NO_PRODUCTS, DEAL_UK_DISCOUNTS, DEAL_US_SIMPLE
from sandbox.quickbooks.seed import US_REALM
from sandbox.running import Sandbox
from tests.browser.form import choose, computed, fill, open_form, settled
from tests.browser.person import UK, US, XERO, Person


def line(form: FrameLocator, number: int) -> Locator:
    """One line of the form."""
    return form.get_by_role("group", name=f"Line {number}", exact=True)


def texts(form: FrameLocator) -> list[str]:
    """The lines' texts, in their order."""
    return [str(each.input_value()) for each in form.locator(".lines").get_by_label("Description").all()]


def newest(rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The invoice that was made last."""
    return list(rows.values())[-1]


def test_each_line_without_an_item_is_marked_until_it_has_one(ada: Person) -> None:
    form = open_form(ada, DEAL_EUR, UK)
    marks = form.locator(".lines .mark")
    open_lines = form.get_by_role("combobox", name="Item in the books")
    expect(open_lines.first).to_be_visible()
    before = open_lines.count()
    expect(marks).to_have_count(before)
    expect(line(form, 1).get_by_text("No item yet")).to_have_count(1)

    choose(form, "Item in the books", "consult", "Consult")

    expect(marks).to_have_count(before - 1)
    expect(line(form, 1).locator(".mark")).to_have_count(0)


def test_an_item_can_be_found_by_typing_changed_and_made_anew(ada: Person) -> None:
    form = open_form(ada, DEAL_NO_PRODUCTS)
    box = line(form, 1).get_by_role("combobox", name="Item in the books")
    if not box.count():
        line(form, 1).get_by_role("button", name="Change: Item in the books").click()
    box.fill("zzz nothing like it")
    expect(line(form, 1).get_by_text("Nothing found.")).to_be_visible()

    line(form, 1).get_by_role("option", name="Create “zzz nothing like it” as a new item").click()

    expect(line(form, 1).get_by_text("New item: zzz nothing like it")).to_be_visible()
    line(form, 1).get_by_role("button", name="Change: Item in the books").click()
    expect(box).to_be_visible()


def test_a_customer_is_found_by_typing_with_arrows_and_enter(ada: Person, page: Page) -> None:
    form = open_form(ada, DEAL_NO_PRODUCTS)
    box = form.get_by_role("combobox", name=f"Who is this in {US}?")
    box.fill("obri")
    hit = form.get_by_role("listbox").get_by_role("option", name=re.compile("Obrien"))
    expect(hit).to_be_visible()
    box.press("ArrowDown")
    expect(hit).to_have_attribute("aria-selected", "false")
    box.press("ArrowUp")
    expect(hit).to_have_attribute("aria-selected", "true")
    box.press("Enter")

    expect(box).to_have_count(0)
    expect(form.locator(".picked").first).to_contain_text("Obrien")


def test_lines_are_added_moved_and_removed_by_keyboard_and_the_focus_stays(ada: Person, page: Page) -> None:
    form = open_form(ada, DEAL_US_SIMPLE)
    first, second = texts(form)[:2]
    form.get_by_role("button", name="Add a line").press("Enter")
    added = line(form, 3).get_by_label("Description")
    expect(added).to_be_focused()
    page.keyboard.type("A line more")
    expect(added).to_have_value("A line more")

    form.get_by_role("button", name="Move line 3 up").press("Enter")
    expect(form.get_by_role("button", name="Move line 2 up")).to_be_focused()
    assert texts(form) == [first, "A line more", second]
    page.keyboard.press("Enter")
    expect(line(form, 1).get_by_label("Description")).to_have_value("A line more")

    form.get_by_role("button", name="Remove line 1").press("Enter")
    expect(form.get_by_role("button", name="Remove line 1")).to_be_focused()
    assert texts(form) == [first, second]


def test_another_currency_is_the_invoices_and_the_amounts_stay(ada: Person) -> None:
    form = open_form(ada, DEAL_INCLUSIVE, UK)
    expect(form.get_by_label("Currency")).to_have_value("GBP")
    before = computed(form)
    assert "£" in before

    form.get_by_label("Currency").select_option("EUR")

    expect(form.get_by_text("The amounts stay as they are.")).to_be_visible()
    expect(form.locator("footer .sum")).to_contain_text("€")
    assert re.sub(r"[^\d.,]", "", computed(form)) == re.sub(r"[^\d.,]", "", before)


def test_a_number_that_is_none_is_marked_and_changes_nothing(ada: Person) -> None:
    form = open_form(ada, DEAL_UK_DISCOUNTS, UK)
    before = computed(form)
    quantity = line(form, 1).get_by_label("Quantity")

    quantity.fill("many")

    expect(quantity).to_have_attribute("aria-invalid", "true")
    assert computed(form) == before
    quantity.fill("1,5")
    expect(quantity).not_to_have_attribute("aria-invalid", "true")
    expect(form.locator("footer .sum")).not_to_have_text(before)


def test_what_is_in_the_way_is_counted_and_one_press_leads_there(ada: Person) -> None:
    form = open_form(ada, DEAL_EUR, UK)
    computed(form)

    form.get_by_role("button", name=re.compile("things? to settle first")).click()

    expect(form.locator("[aria-invalid=true]").first).to_be_focused()


def test_dates_memo_and_po_number_stand_on_the_invoice(ada: Person, sandbox: Sandbox) -> None:
    form = open_form(ada, DEAL_NO_PRODUCTS)
    fill(form)
    issued = form.get_by_label("Issue date").input_value()
    form.get_by_label("Due date").fill(f"{int(issued[:4]) + 1}-01-31")
    form.get_by_label("PO number").fill("PO-77")
    form.get_by_label("Message on the invoice").fill("Thank you.")
    settled(form)
    form.get_by_role("button", name="Create invoice").click()
    expect(ada.page.locator("dialog")).to_have_count(0)

    stored = newest(sandbox.outside.quickbooks.companies[US_REALM].rows("Invoice"))

    assert (stored["TxnDate"], stored["DueDate"]) == (issued, f"{int(issued[:4]) + 1}-01-31")
    assert stored["CustomerMemo"]["value"] == "PO number: PO-77\nThank you."


def test_in_xero_theme_and_tracking_are_chosen_for_the_invoice_and_for_a_line(ada: Person, sandbox: Sandbox) -> None:
    form = open_form(ada, DEAL_INCLUSIVE, XERO)
    fill(form, XERO, "Northwind Traders Ltd")
    form.get_by_label("Look").select_option(label="Retail")
    facts = form.get_by_role("region", name="Details on the invoice")
    facts.get_by_label("Department").select_option(label="Studio")
    facts.get_by_label("Campaign").select_option(label="Spring")
    line(form, 2).get_by_label("Department").select_option(label="Shop")
    settled(form)
    form.get_by_role("button", name="Save as draft").click()
    expect(ada.page.locator("dialog")).to_have_count(0)

    org = next(each for each in sandbox.outside.xero.organisations.values() if each.name == XERO)
    stored = newest(org.rows("Invoice"))
    tracked = [{each["Name"]: each["Option"] for each in row["Tracking"]} for row in stored["LineItems"]]

    assert org.rows("BrandingTheme")[stored["BrandingThemeID"]]["Name"] == "Retail"
    assert tracked[:2] == [{"Department": "Studio", "Campaign": "Spring"}, {"Department": "Shop", "Campaign": "Spring"}]


def test_both_modals_are_headed_by_what_they_are_for(ada: Person) -> None:
    form = open_form(ada, DEAL_US_SIMPLE)
    expect(ada.page.get_by_role("dialog", name="Invoice this deal")).to_be_visible()
    expect(form.get_by_role("heading", level=1, name="Invoice this deal")).to_be_visible()
    form.get_by_role("button", name="Cancel", exact=True).click()
    expect(ada.page.locator("dialog")).to_have_count(0)

    ada.panel.get_by_role("button", name="More for this deal").click()
    ada.panel.get_by_role("menuitem", name="All invoices").click()

    expect(ada.page.get_by_role("dialog", name="Duebill invoices")).to_be_visible()
    expect(ada.modal.get_by_role("heading", level=1, name=re.compile("^All invoices of"))).to_be_visible()
