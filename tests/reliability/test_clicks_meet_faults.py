"""People and machines at the same books while these fail or are short of calls: a click works, nothing is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from duebill.domain.connection import Provider
from duebill.domain.ids import CompanyId, ConnectionId, TenantId
from duebill.domain.limits import Ask, Asker, BooksLimit, month_of
from duebill.providers.quickbooks import limits as quickbooks
from duebill.providers.xero import limits as xero
from duebill.runtime.limits import limiter_of
from duebill.runtime.wiring import wire
from duebill.storage import keys
from duebill.storage.values import number
from duebill.storage.writes import Put
from sandbox.faults import Fault
from sandbox.functions import Context
from sandbox.quickbooks.seed import US_REALM
from sandbox.tabletop import Tabletop
from tests.fakes.xero_office import TENANTS, XeroOffice

Doc = dict[str, Any]


@dataclass
class Books:
    """One provider's books that the office has connected."""

    office: XeroOffice
    provider: Provider

    @property
    def tabletop(self) -> Tabletop:
        return self.office.tabletop

    @property
    def is_xero(self) -> bool:
        return self.provider is Provider.XERO

    @property
    def connection(self) -> str:
        return self.office.xero["uk"] if self.is_xero else self.office.us

    @property
    def tenant(self) -> str:
        return TENANTS["uk"] if self.is_xero else US_REALM

    @property
    def simulator(self) -> Any:  # noqa: ANN401  the two have no common type
        return self.tabletop.xero if self.is_xero else self.tabletop.quickbooks

    def make(self) -> tuple[int, str]:
        """A deal with an open invoice; nothing of it is on its way."""
        deal = self.office.new_deal(currency="GBP" if self.is_xero else "USD")
        draft, basis = self.office.draft(deal, self.connection)
        made = self.office.create(deal, draft | ({"creation": "approve"} if self.is_xero else {}), basis)
        assert made.status == 201, made
        self.tabletop.deliver_webhooks()
        self.tabletop.sleep(60)
        return deal, str(made.json["invoice"]["id"])

    def pay(self, invoice: str) -> None:
        self.simulator.bookkeeper.pay(self.tenant, invoice)

    def shown(self, deal: int) -> str:
        [invoice] = self.office.api("GET", f"/deals/{deal}/invoices").json["invoices"]
        return str(invoice["status"])

    def click(self, deal: int) -> str:
        """A person presses “refresh”."""
        answer = self.office.api("POST", f"/deals/{deal}/invoices/refresh")
        assert answer.status == 200, answer
        return str(answer.json["invoices"][0]["status"])

    def told(self, deal: int) -> list[str]:
        return [each["what"] for each in self.office.api("GET", f"/deals/{deal}/history").json]

    def notes(self, deal: int) -> list[str]:
        notes = self.tabletop.pipedrive.companies[self.office.company].notes.values()
        return [each["content"] for each in notes if each["deal_id"] == deal]

    def health(self) -> str:
        listed = self.office.api("GET", "/connections").json["connections"]
        return str(next(each["health"] for each in listed if each["id"] == self.connection))

    def use_up_what_machines_may(self) -> None:
        """The limiter's own window, until it refuses the next machine."""
        window = (xero if self.is_xero else quickbooks).CALLS
        seconds = self.tabletop.functions.seconds
        limiter = limiter_of(wire(Context("tabletop", seconds, seconds() + 29), Asker.MACHINE))
        limited = BooksLimit(self.provider, TenantId(self.tenant))
        while limiter.take(limited, Ask((window,)), Asker.MACHINE, self.tabletop.clock.now()).is_granted:
            continue


@pytest.fixture(scope="module")
def office(tabletop: Tabletop) -> XeroOffice:
    office = XeroOffice(tabletop=tabletop)
    tabletop.run_due_work()
    return office


@pytest.fixture(params=list(Provider), ids=[provider.value for provider in Provider])
def books(office: XeroOffice, request: pytest.FixtureRequest) -> Iterator[Books]:
    office.tabletop.mail.due()
    books = Books(office, request.param)
    yield books
    assert books.tabletop.failures == []
    sqs = books.tabletop.cloud.sqs
    for name in ("news", "sweep", "work"):
        url = sqs.get_queue_url(QueueName=f"{name}-failures")["QueueUrl"]
        assert "Messages" not in sqs.receive_message(QueueUrl=url)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_storm_of_refusals_delays_a_webhook_s_news_and_loses_none(books: Books, status: int) -> None:
    deal, invoice = books.make()
    books.pay(invoice)
    books.tabletop.fault(books.simulator, "status", where="/v3/company/|/api.xro/", status=status, times=8)
    books.tabletop.deliver_webhooks()
    assert books.shown(deal) == "open"
    for _ in range(10):
        books.tabletop.pass_time(minutes=16)
    assert books.shown(deal) == "paid"
    assert books.told(deal).count("paid") == 1
    assert len(books.notes(deal)) == 1


def test_slow_books_delay_the_news_and_a_click_is_answered_in_time(books: Books) -> None:
    deal, invoice = books.make()
    books.pay(invoice)
    books.simulator.faults.add(Fault("latency", where="/v3/company/|/api.xro/", seconds=20, times=1))
    before = books.tabletop.functions.seconds()
    assert books.click(deal) == "paid"
    assert books.tabletop.functions.seconds() - before < 29 + 3
    books.tabletop.deliver_webhooks()
    assert books.told(deal).count("paid") == 1


def test_a_revoked_consent_asks_for_a_person_and_catches_up_when_reconnected(books: Books) -> None:
    deal, invoice = books.make()
    books.pay(invoice)
    books.simulator.disconnect(books.tenant)
    books.tabletop.sleep(2 * 3600)
    books.tabletop.deliver_webhooks()
    books.tabletop.pass_time(hours=25)  # Xero tells nothing of organisations that are no longer connected
    assert books.health() == "reconnect"
    assert books.shown(deal) != "paid"
    books.tabletop.mail.due()
    office = books.office
    if books.is_xero:
        tenants = [TENANTS[place] for place in office.places]
        assert books.tabletop.connect_xero(*tenants, user=office.user, company=office.company)[1] == books.connection
    else:
        assert books.tabletop.connect(US_REALM, user=office.user, company=office.company) == books.connection
    books.tabletop.run_due_work()
    assert books.health() == "active"
    assert books.shown(deal) == "paid"
    assert books.told(deal).count("paid") == 1


def test_where_machines_have_used_their_share_a_click_still_works(books: Books) -> None:
    deal, invoice = books.make()
    books.pay(invoice)
    books.tabletop.sleep(120)
    books.tabletop.clock.push(timedelta(seconds=60 - books.tabletop.functions.seconds() % 60))
    books.use_up_what_machines_may()
    assert books.click(deal) == "paid"
    books.tabletop.deliver_webhooks()
    books.tabletop.pass_time(hours=5)
    assert books.told(deal).count("paid") == 1


def test_at_the_backgrounds_floor_only_people_ask(books: Books) -> None:
    """QuickBooks: 96 % of the month's metered reads are used. Xero: less than a fifth of the day is left."""
    deal, invoice = books.make()
    books.pay(invoice)
    books.tabletop.mail.due()
    now = books.tabletop.clock.now()
    if books.is_xero:
        books.simulator.limits._window(books.tenant, timedelta(days=1), now).used = 4_900
        other, _ = books.make()  # an answer says so
        assert books.shown(other) == "open"
        books.tabletop.mail.due()
    else:
        # A block of what was counted a moment ago may still be known to this container.
        books.tabletop.clock.push(timedelta(minutes=6))
        month = keys.month_of_reads(books.provider, month_of(books.tabletop.clock.now()))
        books.tabletop.wiring().table.write(Put(month, {"used": number(480_000)}))
    watch = books.tabletop.wiring().watches
    watch.want(CompanyId(books.office.company), ConnectionId(books.connection), by=books.tabletop.clock.now())
    books.tabletop.run_due_work()
    assert books.shown(deal) == "open", "machines wait"
    assert books.click(deal) == "paid", "people do not"
