"""A newcomer, from the empty sandbox to the first invoice, through every consent page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sandbox.running import Ports, Sandbox
from tests.browser.conftest import STATIC
from tests.browser.person import US


@pytest.fixture
def empty() -> Iterator[Sandbox]:
    if not (STATIC / "panel.html").exists():
        pytest.skip("The pages are not built: make pages")
    running = Sandbox(Ports(0, 0, 0, 0))
    yield running
    running.stop()


def test_a_newcomer_installs_connects_and_invoices(page: Page, empty: Sandbox) -> None:
    page.goto(empty.addresses.api)
    page.get_by_role("link", name="Install", exact=True).click()
    page.get_by_role("link", name="Allow and install").first.click()
    expect(page).to_have_url(re.compile("/app-settings$"))
    settings = page.frame_locator(".settings-body iframe.shown")
    with page.context.expect_page() as opened:
        settings.get_by_role("button", name="Connect QuickBooks").click()
    consent = opened.value
    consent.get_by_role("link", name=re.compile("Larkspur")).click()
    consent.get_by_role("button", name="Yes, connect").click()
    expect(consent.get_by_role("heading", name="Connected")).to_be_visible()
    consent.close()
    # The settings notice by themselves.
    expect(settings.get_by_role("heading", name=re.compile(f"Invoices in {US}"))).to_be_visible(timeout=40_000)

    page.get_by_role("link", name="Deals").click()
    page.get_by_role("link", name="Open a deal").click()
    panel = page.frame_locator(".panel iframe.shown")
    panel.get_by_role("button", name="Invoice this deal").click()
    form = page.frame_locator("dialog iframe.shown")
    form.get_by_role("combobox", name=f"Who is this in {US}?").fill("obri")
    form.get_by_role("option", name=re.compile("Obrien")).first.click()
    form.get_by_role("button", name=re.compile("suggested item")).click()
    form.get_by_role("button", name="Create invoice").click()

    expect(panel.get_by_text("Open", exact=True)).to_be_visible()
    page.get_by_role("link", name="The books").click()
    page.get_by_role("button", name=re.compile("^Invoice 1004")).click()
    page.get_by_role("menuitem", name="Record a payment").click()
    page.get_by_label("Amount in USD").fill("800")
    page.get_by_role("button", name="Record a payment").click()
    expect(page.get_by_role("row", name=re.compile("1004"))).to_contain_text("$1,000.00")
