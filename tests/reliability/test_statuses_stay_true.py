"""Whatever becomes of webhooks, in the end the deal shows what the books hold (guarantees §5)."""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from duebill.domain.ids import CompanyId, ConnectionId
from duebill.domain.invoice import InvoiceLink
from duebill.storage.invoices import DynamoInvoices
from sandbox.quickbooks.refusals import Refused
from sandbox.quickbooks.seed import US_REALM
from sandbox.webhooks import Post
from sandbox.xero.refusals import BadRequest, Invalid, Missing
from tests.fakes.xero_office import TENANTS, XeroOffice

Doc = dict[str, Any]
ROUNDS = 12
INVOICES = 3
WEBHOOKS_DELAYED = 0.4


@pytest.fixture(scope="module")
def office() -> Iterator[XeroOffice]:
    office = XeroOffice()
    yield office
    office.close()
    assert office.tabletop.failures == []


class Books:
    """Three open invoices of deals of their own, and a bookkeeper who does anything that these books allow."""

    def __init__(self, office: XeroOffice, provider: str, chance: random.Random) -> None:
        self.office, self.provider, self.chance = office, provider, chance
        self.is_xero = provider == "xero"
        self.connection = office.xero["uk"] if self.is_xero else office.us
        self.deals: dict[int, str] = {}
        for _ in range(INVOICES):
            deal = office.new_deal(currency="GBP" if self.is_xero else "USD")
            draft, basis = office.draft(deal, self.connection)
            made = office.create(deal, draft | ({"creation": "approve"} if self.is_xero else {}), basis)
            assert made.status == 201, made
            self.deals[deal] = made.json["invoice"]["id"]

    def act(self) -> None:
        """One thing that a bookkeeper may do, or nothing where the books refuse."""
        invoice = self.chance.choice(list(self.deals.values()))
        keeper, place = self.keeper()
        what = self.chance.choice(["pay", "pay", "pay part", "void", "credit", "delete"])
        try:
            match what:
                case "pay":
                    keeper.pay(place, invoice)
                case "pay part":
                    keeper.pay(place, invoice, "1.00")
                case "credit":
                    keeper.credit(place, invoice, "1.00")
                case "void":
                    keeper.void(place, invoice)
                case "delete":
                    keeper.delete(place, invoice)
        except (Refused, Invalid, BadRequest, Missing):
            return

    def keeper(self) -> tuple[Any, str]:
        """Who works in these books, and what the provider calls them."""
        tabletop = self.office.tabletop
        if self.is_xero:
            return tabletop.xero.bookkeeper, TENANTS["uk"]
        return tabletop.quickbooks.bookkeeper, US_REALM

    def truth(self, invoice: str) -> tuple[str, str]:
        """Balance, and whether it is there, voided or gone: as the books hold it."""
        if self.is_xero:
            doc = self.office.tabletop.xero.organisations[TENANTS["uk"]].rows("Invoice")[invoice]
            gone = {"VOIDED": "voided", "DELETED": "deleted"}.get(doc["Status"], "there")
            return ("-" if gone != "there" else f"{doc['AmountDue']:.2f}"), gone
        found = self.office.tabletop.quickbooks.companies[US_REALM].find("Invoice", invoice)
        if found is None:
            return "-", "deleted"
        is_void = str(found.get("PrivateNote", "")).startswith("Voided")
        return ("-", "voided") if is_void else (f"{float(found['Balance']):.2f}", "there")

    def shown(self, deal: int) -> tuple[str, str]:
        """The same, as the panel shows it without asking the books."""
        [invoice] = self.office.api("GET", f"/deals/{deal}/invoices").json["invoices"]
        gone = invoice["status"] if invoice["status"] in ("voided", "deleted") else "there"
        return ("-" if gone != "there" else invoice["amount_due"]["amount"]), gone


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
def test_webhooks_twice_late_lost_and_out_of_order_end_in_the_books_state(
    office: XeroOffice, provider: str, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  a test's dice
    tabletop = office.tabletop
    tabletop.mail.due()
    books = Books(office, provider, chance)
    weather = tabletop.mail.weather
    weather.lost, weather.twice, weather.shuffled = 0.3, 0.3, True
    late: list[Post] = []
    for _ in range(ROUNDS):
        books.act()
        tabletop.sleep(chance.choice([1, 7, 60]))
        posts = tabletop.mail.due()
        if chance.random() < WEBHOOKS_DELAYED:
            late += posts
            posts = []
        tabletop.mail.bring(posts)
        if chance.random() < 0.5:
            tabletop.schedule.work_off()
        if chance.random() < 0.3:  # a person looks, and so asks, at the same time
            office.api("POST", f"/deals/{chance.choice(list(books.deals))}/invoices/refresh")
    tabletop.mail.bring(late)
    tabletop.schedule.work_off()
    weather.lost, weather.twice, weather.shuffled = 0.0, 0.0, False
    watch = tabletop.wiring().watches
    watch.want(CompanyId(office.company), ConnectionId(books.connection), by=tabletop.clock.now())
    tabletop.clock.push(timedelta(days=8))  # the sweep that looks at the settled ones too
    tabletop.run_due_work()
    tabletop.run_due_work()
    assert {deal: books.shown(deal) for deal in books.deals} == {
        deal: books.truth(invoice) for deal, invoice in books.deals.items()
    }
    for deal in books.deals:
        told = [each["what"] for each in reversed(office.api("GET", f"/deals/{deal}/history").json)]
        statuses = [what for what in told if what in ("paid", "voided", "deleted", "partially_paid")]
        assert all(one != other for one, other in pairwise(statuses)), "each change is told once"


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
def test_a_reading_that_was_overtaken_while_it_was_written_changes_nothing(
    office: XeroOffice, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has read a part payment; before it writes that down, the rest is paid and a person looks."""
    tabletop = office.tabletop
    tabletop.mail.due()
    books = Books(office, provider, random.Random(0))  # noqa: S311  a test's dice
    deal, invoice = next(iter(books.deals.items()))
    keeper, place = books.keeper()
    tabletop.deliver_webhooks()
    tabletop.sleep(60)
    keeper.pay(place, invoice, "1.00")
    write = DynamoInvoices.save_link

    def overtaken(self: DynamoInvoices, link: InvoiceLink, **how: Any) -> InvoiceLink:  # noqa: ANN401  passed on
        monkeypatch.undo()
        tabletop.sleep(5)
        keeper.pay(place, invoice)
        answer = office.api("POST", f"/deals/{deal}/invoices/refresh")
        assert answer.json["invoices"][0]["status"] == "paid", answer
        return write(self, link, **how)

    monkeypatch.setattr(DynamoInvoices, "save_link", overtaken)
    tabletop.deliver_webhooks()
    assert DynamoInvoices.save_link is write, "the worker had nothing to write"
    tabletop.mail.due()
    assert books.shown(deal) == books.truth(invoice)
    told = [each["what"] for each in office.api("GET", f"/deals/{deal}/history").json]
    assert told.count("paid") == 1
    assert "partially_paid" not in told
