"""The settings page: each of its states and roles, both providers, by keyboard, in both themes and six languages."""

import re
from typing import Any

import pytest
from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

from sandbox.pipedrive.seed import ADA, BEN, CID, COMPANY, DEE, OTHER_COMPANY, OTHER_USER
from sandbox.quickbooks.seed import UK_REALM
from sandbox.running import Sandbox
from sandbox.walkthrough.browser import Browser
from tests.browser.person import UK, US, XERO, Person, control, quick_books
from tests.browser.test_everywhere import LANGUAGES, THEMES, free_page, violations

__all__ = ["free_page"]  # a fixture


@pytest.fixture(autouse=True)
def a_minute_later(sandbox: Sandbox) -> None:
    """The books allow so many calls a minute, and each of these tests reads all that there is to choose from."""
    control(sandbox, "clock", {"seconds": 61})


def card(page: FrameLocator, title: str) -> Locator:
    """A section of the page by its heading."""
    return page.get_by_role("region", name=title, exact=True)


def row_of(page: FrameLocator, books: str) -> Locator:
    """A connection among the books."""
    return card(page, "Books").get_by_role("listitem").filter(has=page.get_by_text(books, exact=True))


def whole(ada: Person) -> FrameLocator:
    """The page, once everything on it has come."""
    settings = ada.open_settings()
    expect(card(settings, f"Invoices in {XERO}")).to_be_visible()
    expect(settings.locator(".sample dl")).to_be_visible()
    return settings


# --- the mapping on a deal -------------------------------------------------------------------------------------------


def test_the_mapping_is_tried_on_a_deal_before_it_is_saved(ada: Person) -> None:
    settings = whole(ada)
    sample = settings.locator(".sample")
    sample.get_by_role("button", name="Try another deal").click()
    box = sample.get_by_role("combobox")
    box.fill("onboarding")
    sample.get_by_role("option", name=re.compile("O'Brien onboarding")).click()
    expect(sample).to_contain_text("O'Brien onboarding")
    expect(sample.locator("dd").first).to_have_text("O'Brien & Sons")
    before = sample.locator("dd").first.inner_text()

    settings.get_by_label("Invoice to", exact=True).select_option(label="Title (deal)")

    expect(sample.locator("dd").first).to_have_text("O'Brien onboarding")
    assert before != "O'Brien onboarding"
    expect(settings.get_by_text("You have unsaved changes.")).to_be_visible()
    settings.get_by_role("button", name="Discard").click()
    expect(sample.locator("dd").first).to_have_text(before)


def test_a_part_that_stays_empty_says_so(ada: Person) -> None:
    settings = whole(ada)
    settings.get_by_label("E-mail", exact=True).select_option(label="Leave it empty")
    expect(settings.locator(".sample dl > div").nth(2)).to_contain_text("stays empty")
    settings.get_by_role("button", name="Discard").click()


def test_a_field_that_was_deleted_is_said_in_the_sample_and_in_the_settings(ada: Person, sandbox: Sandbox) -> None:
    settings = whole(ada)
    company = sandbox.outside.pipedrive.companies[COMPANY]
    field = next(
        row for row in company.fields["organization"] if row["is_custom_field"] and row["field_type"] == "varchar"
    )
    choice = f"{field['field_name']} (organization)"
    settings.get_by_label("Tax id", exact=True).select_option(label=choice)
    settings.get_by_role("button", name="Save changes").click()
    expect(settings.get_by_role("button", name="Save changes")).to_have_count(0)
    company.fields["organization"].remove(field)
    control(sandbox, "clock", {"seconds": 1200})

    settings = whole(ada)

    expect(settings.get_by_text(re.compile("no longer exists")).first).to_be_visible()
    settings.get_by_label("Tax id", exact=True).select_option(label="Leave it empty")
    settings.get_by_role("button", name="Save changes").click()
    expect(settings.get_by_text(re.compile("no longer exists"))).to_have_count(0)


# --- matching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("books", [UK, XERO])
def test_products_are_reviewed_and_linked_in_one_go(ada: Person, books: str) -> None:
    settings = whole(ada)
    section = card(settings, f"Products and customers in {books}")
    section.get_by_role("button", name="Match products").click()
    expect(section.get_by_text(re.compile("^All read"))).to_be_visible()
    section.get_by_label("Training day in the books").select_option(index=0)
    unsure = section.get_by_label("Welcome gift in the books")
    unsure.select_option(label="Search for another …")
    section.get_by_role("combobox", name="Welcome gift in the books").fill("consult")
    section.locator(".found [role=option]").filter(has_text="Consult").first.click()
    pending = section.get_by_text(re.compile("^Links not applied yet"))
    count = int(re.sub(r"\D", "", pending.inner_text()))
    assert count >= 3

    section.get_by_role("button", name="Apply all").click()

    expect(pending).to_have_count(0)
    section.get_by_label("Show").select_option(label=f"Linked already ({count})")
    expect(section.get_by_label("Welcome gift in the books").locator("option:checked")).to_contain_text("linked now")
    section.get_by_role("button", name="Close").click()
    section.get_by_role("button", name="Match products").click()
    expect(section.get_by_label("Show").get_by_text(f"Linked already ({count})")).to_have_count(1)


def linked_elsewhere(sandbox: Sandbox, product: str) -> str:
    """Somebody links a product to another item of the US books meanwhile; the item's name."""
    app = Browser(sandbox.addresses.api)

    def call(method: str, path: str, json: object = None) -> Any:  # noqa: ANN401  a JSON document
        return app.call(method, path, user=ADA, company=COMPANY, json=json).json

    try:
        listed = call("GET", "/connections")["connections"]
        path = f"/connections/{next(each['id'] for each in listed if each['name'] == US)}"
        rows = call("GET", f"{path}/matches/items")["rows"]
        key = next(row["key"] for row in rows if row["name"].startswith(product))
        item = call("GET", f"{path}/items?query=")[-1]
        assert call("POST", f"{path}/matches/items", {"links": [{"key": key, "entry": item["id"]}]})["linked"] == [key]
        return str(item["name"])
    finally:
        app.close()


def test_what_somebody_else_linked_meanwhile_is_shown_and_left_alone(ada: Person, sandbox: Sandbox) -> None:
    settings = whole(ada)
    section = card(settings, f"Products and customers in {US}")
    section.get_by_role("button", name="Match products").click()
    expect(section.get_by_text(re.compile("^All read"))).to_be_visible()
    chosen = section.get_by_label("Workshop", exact=False)
    chosen.select_option(label="Search for another …")
    section.get_by_role("combobox", name=re.compile("Workshop")).fill("consult")
    section.locator(".found [role=option]").filter(has_text="Consult").first.click()

    other = linked_elsewhere(sandbox, "Workshop")

    section.get_by_role("button", name="Apply all").click()

    expect(section.get_by_text("Somebody linked it to something else meanwhile.")).to_be_visible()
    expect(chosen.locator("option:checked")).to_have_text(f"{other} (linked now)")


def test_a_list_that_cannot_be_read_now_says_so_and_goes_on_where_it_stopped(ada: Person) -> None:
    settings = whole(ada)
    section = card(settings, f"Products and customers in {XERO}")
    ada.fault("pipedrive", "status", where=r"GET .*/organizations$", status=503)
    section.get_by_role("button", name="Match customers").click()
    expect(section.locator(".note.warn")).to_be_visible()
    section.get_by_role("button", name="Go on").click()
    expect(section.get_by_text(re.compile("^All read"))).to_be_visible()
    expect(section.locator(".note.warn")).to_have_count(0)


# --- check and health ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("books", [US, XERO])
def test_a_check_finds_every_part_in_words(ada: Person, books: str) -> None:
    settings = whole(ada)
    row = row_of(settings, books)
    row.get_by_role("button", name="Check everything").click()
    findings = row.locator(".findings li")
    expect(findings.first).to_contain_text(f"Duebill reaches {books}")
    expect(row).to_contain_text("Duebill reads Pipedrive with your rights")
    expect(row).to_contain_text("default item")
    expect(row).to_contain_text(re.compile("webhook", re.IGNORECASE))
    expect(row).to_contain_text("Tries everything and writes nothing.")


def test_books_that_are_not_reached_are_said_with_the_way_out(ada: Person) -> None:
    settings = whole(ada)
    ada.fault("quickbooks", "status", where=r"GET .*/companyinfo/", status=503)
    row = row_of(settings, US)
    row.get_by_role("button", name="Check everything").click()
    expect(row.locator(".findings .bad")).to_contain_text("Duebill does not reach the books")


def test_help_answers_and_names_whom_to_ask(ada: Person) -> None:
    settings = whole(ada)
    help_card = card(settings, "Help")
    help_card.get_by_text("Can one press make two invoices?").click()
    expect(help_card.get_by_text(re.compile("looks into the books first"))).to_be_visible()
    expect(help_card).to_contain_text("Ask Ada Manager")
    expect(help_card.get_by_role("link")).to_have_count(0)


# --- Xero's own ------------------------------------------------------------------------------------------------------


def test_tracking_and_prices_are_saved_for_books_that_know_them(ada: Person) -> None:
    settings = whole(ada)
    section = card(settings, f"Invoices in {XERO}")
    department = section.get_by_label("Department")
    department.select_option(index=1)
    chosen = department.input_value()
    section.get_by_label("Prices are").select_option(label="with tax")
    section.get_by_role("button", name="Save changes").click()
    expect(section.get_by_role("button", name="Save changes")).to_have_count(0)

    section = card(whole(ada), f"Invoices in {XERO}")

    expect(section.get_by_label("Department")).to_have_value(chosen)
    expect(section.get_by_label("Prices are").locator("option:checked")).to_have_text("with tax")
    expect(card(ada.settings, f"Invoices in {US}").get_by_label("Department")).to_have_count(0)


# --- roles -----------------------------------------------------------------------------------------------------------


def test_an_admin_may_set_everything_up_and_take_over(page: Page, sandbox: Sandbox) -> None:
    settings = whole(Person(page, sandbox, BEN))
    expect(row_of(settings, US).get_by_role("button", name="Take over")).to_be_visible()
    expect(card(settings, "All invoices")).to_be_visible()
    expect(card(settings, f"Products and customers in {US}")).to_be_visible()


def test_a_member_sees_who_manages_and_nothing_to_press(page: Page, sandbox: Sandbox) -> None:
    settings = Person(page, sandbox, CID).open_settings()
    expect(settings.get_by_text("Ask Ada Manager for changes", exact=False).first).to_be_visible()
    expect(settings.get_by_role("button")).to_have_count(0)
    expect(card(settings, "All invoices")).to_have_count(0)
    expect(card(settings, "Help")).to_be_visible()


def test_somebody_who_has_not_installed_is_told_to(page: Page, sandbox: Sandbox) -> None:
    dee = Person(page, sandbox, DEE)
    page.goto(f"{dee.origin}/settings/marketplace/app/pipedrive-client/app-settings")
    expect(page.get_by_role("link", name=re.compile("Install")).first).to_be_visible()


def test_somebody_of_another_company_begins_with_nothing(page: Page, sandbox: Sandbox) -> None:
    quick_books(sandbox, company=OTHER_COMPANY, users=[OTHER_USER], books=[])
    settings = Person(page, sandbox, OTHER_USER, OTHER_COMPANY).open_settings()
    expect(settings.get_by_text("Connect your books first.", exact=False)).to_be_visible()
    expect(settings.get_by_role("button", name="Connect QuickBooks")).to_be_visible()
    expect(settings.get_by_text(re.compile(f"{US}|{UK}|{XERO}"))).to_have_count(0)


# --- everybody's eyes and hands --------------------------------------------------------------------------------------


def set_up(ada: Person) -> Frame:
    """The page with everything that can be opened on it, opened; its frame."""
    settings = ada.open_settings()
    settings.locator(".sample dl").wait_for()
    settings.locator(".sample .quiet").click()
    settings.locator(".books .quiet").first.click()
    settings.locator(".findings").wait_for()
    settings.locator("section[aria-labelledby^=matching] button").first.click()
    settings.locator(".matches li").first.wait_for()
    settings.locator("details summary").first.click()
    settings.locator("main.settings > section").nth(1).locator("input[type=checkbox]").last.click()
    settings.locator(".unsaved").first.wait_for()
    return ada.page.frames[-1]


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_where_everything_is_open(free_page: Page, sandbox: Sandbox, axe: str, theme: str) -> None:
    free_page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    frame = set_up(Person(free_page, sandbox))
    found = violations(frame, axe)
    free_page.context.close()
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_the_persons_own_and_nothing_is_cut_off_at_320_pixels(
    page: Page, sandbox: Sandbox, language: str
) -> None:
    control(sandbox, "crm/language", {"company_id": COMPANY, "user_id": ADA, "language": language})
    page.set_viewport_size({"width": 320, "height": 640})
    frame = set_up(Person(page, sandbox))
    text = frame.evaluate("document.body.innerText")
    wide = frame.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    control(sandbox, "crm/language", {"company_id": COMPANY, "user_id": ADA, "language": "en"})

    assert frame.evaluate("document.documentElement.lang").split("-")[0] == language
    assert wide <= 0
    assert not re.search(r"\b(settings|matching|finding|why_ended|problem|common)\.[a-z_]+\b|\{\{", text)
    if language != "en":
        assert not re.search(
            r"\b(Connected|Same code|Nothing found|Duebill reaches|Link what|Help|stays empty)\b", text
        )


# --- books that are lost: last, since they stay so --------------------------------------------------------------------


def test_books_that_let_nobody_in_say_why_and_can_be_reconnected(ada: Person, sandbox: Sandbox) -> None:
    sandbox.outside.quickbooks.disconnect(UK_REALM)
    settings = ada.open_settings()
    row_of(settings, UK).get_by_role("button", name="Check everything").click()
    expect(row_of(settings, UK).locator(".findings .bad")).to_contain_text("Duebill does not reach the books")
    settings = ada.open_settings()
    row = row_of(settings, UK)
    expect(row).to_contain_text("Needs you")
    expect(row.locator(".note.warn")).to_contain_text("Must be reconnected; settings and links are kept.")
    expect(row.locator(".note.warn")).to_contain_text(re.compile("withdrawn|no longer accept|lost their role"))
    expect(row.get_by_role("button", name="Reconnect")).to_be_visible()
