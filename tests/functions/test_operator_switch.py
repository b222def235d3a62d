"""The switch for background work: off, nothing is touched; on again, everything is done that was due meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest

from duebill.runtime.world import process
from sandbox.pipedrive.seed import COMPANY, DEAL_US_SIMPLE
from sandbox.quickbooks.seed import US_REALM
from tests.fakes.office import Office

INVOICE = r"POST /v3/company/\d+/invoice"
TICK: dict[str, Any] = {"detail-type": "Scheduled Event", "source": "aws.events"}


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.close()
    assert office.tabletop.failures == []


def switch(office: Office, position: str) -> None:
    """What a deployment with another BackgroundWork does to a function's environment."""
    office.tabletop.environment["BACKGROUND_WORK"] = position
    process().settings.cache_clear()  # type: ignore[attr-defined]  # functools.cache


def in_doubt(office: Office) -> None:
    """An invoice whose answer did not come: the books have it, and the deal does not know."""
    draft, basis = office.draft(DEAL_US_SIMPLE, office.us)
    office.tabletop.fault(office.tabletop.quickbooks, "drop_after_commit", where=INVOICE)
    assert office.create(DEAL_US_SIMPLE, draft, basis).status == 202


def invoices_of_deal(office: Office) -> int:
    return len(office.api("GET", f"/deals/{DEAL_US_SIMPLE}/invoices").json["invoices"])


def notes(office: Office) -> int:
    return len(office.tabletop.pipedrive.companies[COMPANY].notes)


def test_while_it_is_off_nothing_is_claimed_sent_or_written(office: Office) -> None:
    in_doubt(office)
    switch(office, "off")
    rows = office.tabletop.rows()
    calls = len(office.tabletop.quickbooks.faults.calls), len(office.tabletop.pipedrive.faults.calls)
    for _ in range(3):
        office.tabletop.pass_time(days=1)
    assert office.tabletop.rows() == rows
    assert (len(office.tabletop.quickbooks.faults.calls), len(office.tabletop.pipedrive.faults.calls)) == calls


def test_what_became_due_while_it_was_off_is_done_when_it_is_on_again(office: Office) -> None:
    before, told = len(office.tabletop.quickbooks.companies[US_REALM].rows("Invoice")), notes(office)
    in_doubt(office)
    switch(office, "off")
    office.tabletop.pass_time(days=3)
    assert invoices_of_deal(office) == 0
    switch(office, "on")
    office.tabletop.run_due_work()
    assert invoices_of_deal(office) == 1
    office.tabletop.pass_time(minutes=5)
    assert notes(office) == told + 1
    assert len(office.tabletop.quickbooks.companies[US_REALM].rows("Invoice")) == before + 1


def test_messages_that_a_worker_finds_while_it_is_off_are_not_lost(office: Office) -> None:
    """Claimed and sent, then switched off: the worker lets the message go, and the claim brings the work again."""
    office.tabletop.run_due_work()  # the first look at new connections
    in_doubt(office)
    office.tabletop.sleep(200)
    assert office.tabletop.functions.invoke("dispatch_due", TICK)["sent"] == 1
    switch(office, "off")
    assert office.tabletop.run_due_work() == 1, "the message was taken from the queue"
    assert invoices_of_deal(office) == 0
    switch(office, "on")
    office.tabletop.pass_time(minutes=14, seconds=-30)
    assert invoices_of_deal(office) == 0, "the claim still holds"
    office.tabletop.pass_time(minutes=2)
    assert invoices_of_deal(office) == 1


def test_people_go_on_while_it_is_off(office: Office) -> None:
    switch(office, "off")
    draft, basis = office.draft(DEAL_US_SIMPLE, office.us)
    assert office.create(DEAL_US_SIMPLE, draft, basis).status == 201
    office.tabletop.sleep(3 * 3600)
    assert office.api("POST", f"/deals/{DEAL_US_SIMPLE}/invoices/refresh").status == 200
