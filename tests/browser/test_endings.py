"""What ends while a deal is open: a connection, an install. Each test has a sandbox that no other sees."""

import re

import pytest
from playwright.sync_api import expect

from sandbox.pipedrive.seed import ADA, COMPANY, DEAL_INCLUSIVE, DEAL_ZERO
from sandbox.quickbooks.seed import UK_REALM
from tests.browser.person import UK, Person, control, invoice_of

CREATE = "POST /v3/company/[0-9]+/invoice"


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


def test_an_invoice_whose_books_were_cut_off_under_way_needs_somebody(lone_ada: Person) -> None:
    ada = lone_ada
    under_way(ada)
    control(ada.sandbox, "quickbooks/disconnect", {"realm": UK_REALM})
    ada.pass_time(seconds=200)

    panel = ada.open_deal(DEAL_INCLUSIVE)

    expect(panel.get_by_text("Needs you", exact=True)).to_be_visible()
    expect(panel.get_by_text(f"Duebill has lost its access to {UK}. Once somebody reconnects it")).to_be_visible()
    expect(panel.get_by_text(f"{UK} needs to be reconnected")).to_be_visible()


def test_an_invoice_that_was_refused_afterwards_says_why_and_leads_back_to_the_form(lone_ada: Person) -> None:
    ada = lone_ada
    under_way(ada)
    ada.pass_time(days=1.1)  # the books are not heard of for a day
    for _ in range(3):
        ada.pass_time(seconds=4000)

    panel = ada.open_deal(DEAL_INCLUSIVE)

    expect(panel.get_by_text("Not created", exact=True)).to_be_visible()
    expect(panel.get_by_text("The books could not be reached for a day")).to_be_visible()
    panel.get_by_role("button", name="Look at it again").click()
    expect(ada.modal.get_by_role("button", name="Create invoice")).to_be_visible()


def under_way(ada: Person) -> None:
    """An invoice that QuickBooks turned away for now: nothing was done, and it is tried again."""
    ada.fault("quickbooks", "status", where=CREATE, status=429, times=99)
    with pytest.raises(Exception, match="202"):
        invoice_of(ada.sandbox, DEAL_INCLUSIVE, UK)
