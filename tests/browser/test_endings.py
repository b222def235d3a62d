"""What ends while a deal is open: a connection, an install. Each test has a sandbox that no other sees."""

import re

from playwright.sync_api import expect

from sandbox.pipedrive.seed import ADA, COMPANY, DEAL_INCLUSIVE, DEAL_ZERO
from sandbox.quickbooks.seed import UK_REALM
from tests.browser.person import UK, Person, control, invoice_of


def test_a_connection_that_was_ended_in_the_books_asks_to_reconnect(lone_ada: Person) -> None:
    ada = lone_ada
    invoice = invoice_of(ada.sandbox, DEAL_INCLUSIVE, UK)
    control(ada.sandbox, "quickbooks/disconnect", {"realm": UK_REALM})
    panel = ada.open_deal(DEAL_INCLUSIVE)
    panel.get_by_role("button", name="Refresh").click()
    expect(panel.get_by_text(f"The connection to QuickBooks ({UK}) has ended")).to_be_visible()
    ada.page.reload()

    expect(panel.get_by_text(f"{UK} needs to be reconnected")).to_be_visible()
    expect(ada.invoice(invoice["number"])).to_be_visible()
    panel.get_by_role("button", name="Reconnect").click()
    expect(ada.page).to_have_url(re.compile("/app-settings$"))


def test_who_uninstalled_meanwhile_reads_what_to_do(lone_ada: Person) -> None:
    panel = lone_ada.open_deal(DEAL_ZERO)
    expect(panel.get_by_role("heading", name="Nothing invoiced yet")).to_be_visible()
    control(lone_ada.sandbox, "pipedrive/uninstall", {"company_id": COMPANY, "user_id": ADA})

    panel.get_by_role("button", name="Refresh").click()

    expect(panel.get_by_text("Install")).to_be_visible()
