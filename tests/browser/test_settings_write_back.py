"""What becomes visible of an invoice in the deal: each switch of the settings page, and what it does to the deal."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox.pipedrive.seed import COMPANY, DEAL_UK_DISCOUNTS, DEAL_US_SIMPLE
from sandbox.running import Sandbox
from tests.browser.person import UK, US, Person, control, in_books, invoice_of

FIELDS = "Write status, amount due, number and link into deal fields"
TASK = "Plan a task for the deal’s owner when an invoice is paid or overdue"
PDF = "Attach the invoice’s PDF to the deal"
NOTE = "Keep a note about each invoice on the deal"
SCOPES = {"deal-fields:full", "activities:full"}


@pytest.fixture(autouse=True)
def allowed(sandbox: Sandbox) -> None:
    sandbox.outside.pipedrive.scopes |= SCOPES


def save(ada: Person) -> None:
    ada.settings.get_by_role("button", name="Save changes").click()
    expect(ada.settings.get_by_role("button", name="Save changes")).to_have_count(0)


def later(ada: Person) -> None:
    """Some minutes pass, and what nobody waits for is done: files come with it."""
    ada.pass_time(seconds=600)
    control(ada.sandbox, "work", {})


def crm(sandbox: Sandbox) -> Any:  # noqa: ANN401  the simulator's company
    return sandbox.outside.pipedrive.companies[COMPANY]


@pytest.mark.parametrize(
    ("switch", "scope", "said"),
    [(FIELDS, "deal-fields:full", "may not make deal fields"), (TASK, "activities:full", "permission for activities")],
)
def test_a_switch_that_pipedrive_does_not_cover_says_so_and_stays_unsaved(
    ada: Person, sandbox: Sandbox, switch: str, scope: str, said: str
) -> None:
    sandbox.outside.pipedrive.scopes -= {scope}
    ada.open_settings()
    box = ada.settings.get_by_role("checkbox", name=switch)
    box.check()
    ada.settings.get_by_role("button", name="Save changes").click()

    expect(box).to_have_accessible_description(re.compile(said))
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(ada.settings.get_by_text("You have unsaved changes.")).to_be_visible()
    ada.settings.get_by_role("button", name="Discard").click()
    expect(box).not_to_be_checked()
    expect(box).not_to_have_attribute("aria-invalid", "true")


def test_each_switch_is_turned_on_and_seen_on_the_deal(ada: Person, sandbox: Sandbox) -> None:
    ada.open_settings()
    for switch in (NOTE, FIELDS, TASK, PDF):
        ada.settings.get_by_role("checkbox", name=switch).check()
    save(ada)
    ada.open_settings()
    for switch in (NOTE, FIELDS, TASK, PDF):
        expect(ada.settings.get_by_role("checkbox", name=switch)).to_be_checked()

    invoice = invoice_of(sandbox, DEAL_UK_DISCOUNTS, UK)
    ada.pass_time(seconds=60)
    in_books(sandbox, "pay", invoice)
    ada.open_deal(DEAL_UK_DISCOUNTS)
    ada.panel.get_by_role("button", name="Refresh").click()
    expect(ada.panel.get_by_text("Paid", exact=True)).to_be_visible()
    later(ada)

    ada.open_deal(DEAL_UK_DISCOUNTS)
    details = ada.page.get_by_role("region", name="Details")
    history = ada.page.get_by_role("region", name="History")
    expect(details).to_contain_text(re.compile(r"Invoice status \(Duebill\)\s*Paid"))
    expect(details).to_contain_text(f"Invoice number (Duebill){invoice['number']}")
    expect(history.get_by_role("listitem").filter(has_text="Task").filter(has_text=invoice["number"])).to_have_count(1)
    expect(history.get_by_role("listitem").filter(has_text=re.compile(r"File.*\.pdf"))).not_to_have_count(0)
    expect(history.get_by_role("listitem").filter(has_text="Note ·").filter(has_text=invoice["number"])).to_have_count(
        1
    )


def test_a_switch_that_is_turned_off_leaves_the_deal_alone(ada: Person, sandbox: Sandbox) -> None:
    ada.open_settings()
    for switch in (NOTE, FIELDS, TASK, PDF):
        ada.settings.get_by_role("checkbox", name=switch).uncheck()
    if ada.settings.get_by_role("button", name="Save changes").count():
        save(ada)
    before = (len(crm(sandbox).notes), len(crm(sandbox).files), len(crm(sandbox).activities))

    invoice_of(sandbox, DEAL_US_SIMPLE, US)
    later(ada)

    assert (len(crm(sandbox).notes), len(crm(sandbox).files), len(crm(sandbox).activities)) == before


def test_a_deal_field_that_somebody_deleted_is_said_and_made_anew(ada: Person, sandbox: Sandbox, page: Page) -> None:
    ada.open_settings()
    ada.settings.get_by_role("checkbox", name=FIELDS).check()
    save(ada)
    rows = crm(sandbox).fields["deal"]
    rows.remove(next(row for row in rows if row["field_name"] == "Invoice link (Duebill)"))
    control(sandbox, "clock", {"seconds": 1200})

    ada.open_settings()
    gone = ada.settings.get_by_text(re.compile("A deal field that Duebill made was deleted"))
    expect(gone).to_be_visible()
    ada.settings.get_by_role("checkbox", name=PDF).check()
    save(ada)

    expect(gone).to_have_count(0)
    assert any(row["field_name"] == "Invoice link (Duebill)" for row in rows)
