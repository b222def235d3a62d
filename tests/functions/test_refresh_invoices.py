"""What the books say reaches the deal by itself: by webhook within seconds, by the sweep where webhooks are lost."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from duebill.domain.ids import CompanyId, ConnectionId
from sandbox.quickbooks.seed import US_REALM
from tests.fakes.xero_office import TENANTS, XeroOffice

Doc = dict[str, Any]
BOOKS = ["quickbooks", "xero"]


@pytest.fixture(scope="module")
def office() -> Iterator[XeroOffice]:
    office = XeroOffice()
    yield office
    office.close()
    assert office.tabletop.failures == []


@pytest.fixture(autouse=True)
def calm(office: XeroOffice) -> Iterator[None]:
    """Nothing of an earlier test is on its way."""
    office.tabletop.mail.due()
    office.tabletop.run_due_work()
    yield
    weather = office.tabletop.mail.weather
    weather.lost, weather.twice, weather.shuffled = 0.0, 0.0, False


def make(office: XeroOffice, books: str) -> tuple[int, Doc]:
    """A deal with one open invoice in these books, and nothing of it on its way."""
    is_xero = books == "xero"
    deal = office.new_deal(currency="GBP" if is_xero else "USD")
    draft, basis = office.draft(deal, office.xero["uk"] if is_xero else office.us)
    created = office.create(deal, draft | ({"creation": "approve"} if is_xero else {}), basis)
    assert created.status == 201, created
    office.tabletop.deliver_webhooks()
    return deal, dict(created.json["invoice"])


def shown(office: XeroOffice, deal: int) -> Doc:
    """The deal's invoice as it is known, without asking the books."""
    [invoice] = office.api("GET", f"/deals/{deal}/invoices").json["invoices"]
    return dict(invoice)


def pay(office: XeroOffice, books: str, invoice: Doc, amount: str | None = None) -> None:
    if books == "xero":
        office.pay(invoice, amount)
    else:
        office.tabletop.quickbooks.bookkeeper.pay(US_REALM, invoice["id"], amount)


def void(office: XeroOffice, books: str, invoice: Doc) -> None:
    if books == "xero":
        office.tabletop.xero.bookkeeper.void(TENANTS["uk"], invoice["id"])
    else:
        office.tabletop.quickbooks.bookkeeper.void(US_REALM, invoice["id"])


def reads(office: XeroOffice, books: str) -> int:
    simulator = office.tabletop.xero if books == "xero" else office.tabletop.quickbooks
    return sum(call.startswith(("GET /api.xro", f"GET /v3/company/{US_REALM}")) for call in simulator.faults.calls)


@pytest.mark.parametrize("books", BOOKS)
def test_a_payment_shows_within_seconds_and_the_note_follows(office: XeroOffice, books: str) -> None:
    deal, invoice = make(office, books)
    office.tabletop.sleep(60)
    before = reads(office, books)
    pay(office, books, invoice)
    assert office.tabletop.deliver_webhooks() == 1
    assert shown(office, deal)["status"] == "paid"
    assert reads(office, books) == before + 1
    history = [each["what"] for each in office.api("GET", f"/deals/{deal}/history").json]
    assert "paid" in history
    office.tabletop.pass_time(seconds=30)
    notes = office.tabletop.pipedrive.companies[office.company].notes.values()
    [note] = [each["content"] for each in notes if each["deal_id"] == deal]
    assert "paid" in note.lower()


@pytest.mark.parametrize("books", BOOKS)
def test_the_same_news_again_is_not_asked_for_again(office: XeroOffice, books: str) -> None:
    deal, invoice = make(office, books)
    office.tabletop.sleep(60)
    void(office, books, invoice)
    posts = office.tabletop.mail.due()
    assert office.tabletop.mail.bring(posts) == 1
    office.tabletop.schedule.work_off()
    assert shown(office, deal)["status"] == "voided"
    office.tabletop.sleep(30)
    before = reads(office, books)
    # The read of the first one began after the event, by more than clocks differ.
    office.tabletop.mail.bring(posts)
    office.tabletop.schedule.work_off()
    office.tabletop.mail.bring(posts)
    office.tabletop.schedule.work_off()
    assert reads(office, books) <= before + 2
    assert len([e for e in office.api("GET", f"/deals/{deal}/history").json if e["what"] == "voided"]) == 1


@pytest.mark.parametrize("books", BOOKS)
def test_with_every_webhook_lost_the_sweep_finds_it(office: XeroOffice, books: str) -> None:
    deal, invoice = make(office, books)
    office.tabletop.mail.weather.lost = 1.0
    pay(office, books, invoice)
    assert office.tabletop.deliver_webhooks() == 0
    assert shown(office, deal)["status"] == "open"
    office.tabletop.pass_time(hours=24)
    assert shown(office, deal)["status"] == "paid"


@pytest.mark.parametrize("books", BOOKS)
def test_what_has_no_link_to_a_deal_is_never_asked_for(office: XeroOffice, books: str) -> None:
    _, invoice = make(office, books)
    office.tabletop.sleep(60)
    links = {each["id"] for each in [invoice]}
    before = reads(office, books)
    if books == "quickbooks":
        company = office.tabletop.quickbooks.companies[US_REALM]
        other = next(key for key in company.rows("Invoice") if key not in links)
        company.tell("Invoice", other, "Update")
        office.tabletop.deliver_webhooks()
    assert reads(office, books) == before


def test_while_the_books_may_not_be_asked_news_waits_and_is_not_lost(office: XeroOffice) -> None:
    deal, invoice = make(office, "quickbooks")
    office.tabletop.sleep(60)
    pay(office, "quickbooks", invoice)
    office.tabletop.fault(office.tabletop.quickbooks, "status", where="GET /v3", status=503, times=3)
    office.tabletop.deliver_webhooks()
    assert shown(office, deal)["status"] == "open"
    for _ in range(6):
        office.tabletop.pass_time(minutes=10)
    assert shown(office, deal)["status"] == "paid"
    failures = office.tabletop.cloud.sqs.get_queue_url(QueueName="news-failures")["QueueUrl"]
    assert not office.tabletop.cloud.sqs.receive_message(QueueUrl=failures).get("Messages"), "an outage is no bug"


def test_overdue_begins_on_its_day_without_a_call_to_the_books(office: XeroOffice) -> None:
    deal, invoice = make(office, "quickbooks")
    office.tabletop.run_due_work()
    due = office.tabletop.clock.now().fromisoformat(invoice["due_on"] + "T12:00:00+00:00")
    office.tabletop.clock.push(due + timedelta(days=1) - office.tabletop.clock.now())
    wiring = office.tabletop.wiring()
    wiring.watches.rest(CompanyId(office.company), ConnectionId(office.us))
    before = reads(office, "quickbooks")
    office.tabletop.run_due_work()
    history = [each["what"] for each in office.api("GET", f"/deals/{deal}/history").json]
    assert "overdue" in history
    assert reads(office, "quickbooks") == before
