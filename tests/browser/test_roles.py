"""Who sees and may do what: the manager, an admin, a member, one who sees only her own deals, another company."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sandbox.pipedrive.seed import (
    ADA,
    CID,
    COMPANY,
    DEAL_NO_PRODUCTS,
    DEAL_PERSON_ONLY,
    DEAL_RESTRICTED,
    DEAL_US_SIMPLE,
    DEE,
    OTHER_COMPANY,
    OTHER_DEAL,
    OTHER_USER,
)
from sandbox.running import Sandbox
from sandbox.walkthrough.browser import Browser
from tests.browser.form import fill, form_from_menu, made
from tests.browser.person import Person, control, invoice_of, quick_books


@pytest.fixture(autouse=True)
def as_it_was(sandbox: Sandbox) -> Iterator[None]:
    yield
    roles(sandbox, see="manager", create="manager", act="manager")


def roles(sandbox: Sandbox, **audience: str) -> None:
    """Ada says who may do what."""
    at = Browser(sandbox.addresses.api)
    try:
        settings = at.call("GET", "/settings", user=ADA, company=COMPANY).json["settings"]
        settings["roles"] |= audience
        answer = at.call("PUT", "/settings", json=settings, user=ADA, company=COMPANY)
        assert answer.status == 200, answer.text
    finally:
        at.close()


def test_who_may_see_but_not_create_is_offered_no_more(page: Page, sandbox: Sandbox) -> None:
    invoice = invoice_of(sandbox, DEAL_US_SIMPLE)
    roles(sandbox, see="everyone")
    cid = Person(page, sandbox, CID)

    cid.open_deal(DEAL_US_SIMPLE)

    row = cid.invoice(invoice["number"])
    expect(row.get_by_text("Open", exact=True)).to_be_visible()
    expect(cid.panel.get_by_role("button", name="Invoice this deal")).to_have_count(0)
    row.get_by_role("button", name=re.compile("^More for")).click()
    expect(row.get_by_role("menuitem", name="Download PDF")).to_be_visible()
    expect(row.get_by_role("menuitem", name="Void")).to_have_count(0)
    cid.open_deal(DEAL_NO_PRODUCTS)
    expect(cid.panel.get_by_text("When an invoice is made from this deal, it shows here.")).to_be_visible()
    expect(cid.panel.get_by_text("Ada Manager manages invoicing")).to_be_visible()


def test_a_member_who_may_create_does_the_whole_job(page: Page, sandbox: Sandbox) -> None:
    roles(sandbox, see="everyone", create="everyone")
    cid = Person(page, sandbox, CID)
    before = made(sandbox)
    cid.open_deal(DEAL_NO_PRODUCTS)
    form = form_from_menu(cid)
    fill(form)

    form.get_by_role("button", name="Create invoice").click()

    expect(page.locator("dialog")).to_have_count(0)
    expect(cid.panel.get_by_role("link", name=re.compile("^Invoice ")).first).to_be_visible()
    assert made(sandbox) == before + 1


def test_the_form_of_who_may_not_create_says_so(page: Page, sandbox: Sandbox) -> None:
    cid = Person(page, sandbox, CID)
    cid.open_deal(DEAL_US_SIMPLE)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Invoice this deal").click()

    expect(cid.modal.get_by_role("heading", name="The invoice cannot be prepared")).to_be_visible()
    expect(cid.modal.get_by_text("You are not among those who may do this.")).to_be_visible()
    cid.modal.get_by_role("button", name="Close").click()
    expect(page.locator("dialog")).to_have_count(0)


def test_another_deals_number_in_the_frames_address_opens_nothing(page: Page, sandbox: Sandbox) -> None:
    quick_books(sandbox, users=[DEE], books=[])
    roles(sandbox, see="everyone", create="everyone")
    dee = Person(page, sandbox, DEE)
    dee.open_deal(DEAL_PERSON_ONLY)
    expect(dee.panel.get_by_role("heading", name="Nic jeszcze nie zafakturowano")).to_be_visible()  # she reads Polish
    frame = next(each for each in page.frames if "/extension/panel" in each.url)

    frame.goto(frame.url.replace(f"selectedIds={DEAL_PERSON_ONLY}", f"selectedIds={DEAL_RESTRICTED}"))

    expect(dee.panel.get_by_role("heading", name="Tej szansy nie można pokazać")).to_be_visible()


def test_another_company_sees_nothing_of_this_one(page: Page, sandbox: Sandbox) -> None:
    invoice_of(sandbox, DEAL_US_SIMPLE)
    control(sandbox, "crm/ready", {"company": OTHER_COMPANY, "users": [OTHER_USER], "books": []})
    olga = Person(page, sandbox, OTHER_USER, OTHER_COMPANY)
    olga.open_deal(OTHER_DEAL)
    expect(olga.panel.get_by_role("heading", name="Connect your books")).to_be_visible()
    frame = next(each for each in page.frames if "/extension/panel" in each.url)

    frame.goto(frame.url.replace(f"selectedIds={OTHER_DEAL}", f"selectedIds={DEAL_US_SIMPLE}"))

    expect(olga.panel.get_by_role("heading").filter(has_not_text="Invoices")).to_have_text(
        re.compile("This deal cannot be shown|Connect your books")
    )
    expect(olga.panel.get_by_role("listitem")).to_have_count(0)
