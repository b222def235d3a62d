"""The contract of ports.AccountingProvider.customer_invoices: a customer's list, whole and right, whichever books."""

from datetime import date, timedelta

import pytest

from duebill.domain.books import Customer
from duebill.domain.ids import CustomerId, InvoiceId
from duebill.domain.invoice import Invoice, ListedInvoice
from duebill.domain.status import Stage
from duebill.errors import TryLater
from duebill.ports import AccountingProvider
from tests.contract.test_accounting_provider import WORLDS
from tests.fakes.books_world import TODAY, BooksWorld, draft_for

YEAR_AGO = TODAY - timedelta(days=365)
EVER = date(2000, 1, 1)


@pytest.fixture(params=list(WORLDS.values()), ids=list(WORLDS))
def world(request: pytest.FixtureRequest) -> BooksWorld:
    made: BooksWorld = request.param()
    return made


@pytest.fixture
def books(world: BooksWorld) -> AccountingProvider:
    return world.opened()


@pytest.fixture
def customer(world: BooksWorld, books: AccountingProvider) -> Customer:
    found = books.customer_named(world.known_customer)
    assert found is not None
    return found


def made(world: BooksWorld, books: AccountingProvider, customer: Customer, **changes: object) -> Invoice:
    return books.create_invoice(
        draft_for(world, customer, **changes), reference=f"DB-{world.count()}", key=f"k{world.count()}"
    )


def listed(
    books: AccountingProvider, customer: Customer, since: date = YEAR_AGO, until: date = TODAY, limit: int = 1000
) -> tuple[ListedInvoice, ...]:
    return books.customer_invoices(customer.id, since=since, until=until, limit=limit)


def test_what_we_made_and_what_the_bookkeeper_entered_are_all_there(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    before = {each.invoice.id for each in listed(books, customer, since=EVER)}
    ours = made(world, books, customer)
    entered = world.enter(ours.id, [TODAY - timedelta(days=back) for back in (1, 40, 364)])
    after = listed(books, customer, since=EVER)
    assert {each.invoice.id for each in after} - before == {ours.id, *entered}
    days = [each.invoice.issued_on for each in after]
    assert days == sorted(days, reverse=True)
    [shown] = [each.invoice for each in after if each.invoice.id == ours.id]
    assert shown == books.read_invoices([ours.id]).found[0]
    assert shown.reference == ours.reference


def test_both_ends_of_a_time_frame_count_and_nothing_beyond(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    ours = made(world, books, customer)
    days = [date(2025, 1, 31), date(2025, 2, 1), date(2025, 2, 28), date(2025, 3, 1)]
    _, first, last, _ = world.enter(ours.id, days)
    found = listed(books, customer, date(2025, 2, 1), date(2025, 2, 28))
    assert [each.invoice.id for each in found] == [last, first]


def test_another_customers_invoices_are_not_in_it(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    ours = made(world, books, customer)
    other = next(
        one for one in books.search_customers("") if one.id != customer.id and one.currency == customer.currency
    )
    theirs = made(world, books, other, details=other.details)
    assert ours.id in {each.invoice.id for each in listed(books, customer)}
    assert theirs.id not in {each.invoice.id for each in listed(books, customer)}


def test_voided_ones_are_there_and_say_so(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    ours = made(world, books, customer)
    world.void(ours.id)
    [shown] = [each.invoice for each in listed(books, customer) if each.invoice.id == ours.id]
    assert (shown.stage, shown.balance) == (Stage.VOIDED, 0)


def test_a_list_is_one_call_and_the_newest_come_first_where_it_is_cut(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    ours = made(world, books, customer)
    world.enter(ours.id, [TODAY - timedelta(days=back) for back in range(1, 30)])
    before = world.calls()
    found = listed(books, customer, limit=10)
    assert world.calls() - before == 1
    assert [each.invoice.issued_on for each in found] == [TODAY - timedelta(days=back) for back in range(10)]


def test_a_limit_beyond_a_page_is_read_over_several_without_hole_or_double(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    ours = made(world, books, customer)
    entered = world.enter(ours.id, [TODAY - timedelta(days=400 + number // 40) for number in range(2300)])
    before = world.calls()
    found = [
        each.invoice.id for each in listed(books, customer, since=EVER, until=TODAY - timedelta(days=366), limit=2300)
    ]
    assert len(found) == len(set(found)) == 2300
    assert set(found) == set(entered)
    assert world.calls() - before <= 4


def test_a_list_that_shrinks_while_it_is_read_is_said_and_not_cut_short(
    world: BooksWorld, books: AccountingProvider, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = made(world, books, customer)
    entered = world.enter(ours.id, [TODAY - timedelta(days=400)] * 1500)
    send, calls = world.http.send, []

    def delete_one_after_the_first(request):  # noqa: ANN001, ANN202  passed on as it came
        answer = send(request)
        calls.append(request)
        if len(calls) == 1:
            world.drop(InvoiceId(entered[3]))
        return answer

    monkeypatch.setattr(type(world.http), "send", lambda _, request: delete_one_after_the_first(request))
    with pytest.raises(TryLater) as caught:
        listed(books, customer, since=EVER, until=TODAY - timedelta(days=366), limit=5000)
    assert caught.value.code == "list_changed"


def test_what_people_wrote_on_an_invoice_can_be_looked_through(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    ours = made(world, books, customer, po_number="for deal 4711")
    [shown] = [each for each in listed(books, customer) if each.invoice.id == ours.id]
    assert "for deal 4711" in shown.says


def test_a_customer_without_invoices_has_an_empty_list(world: BooksWorld, books: AccountingProvider) -> None:
    new = books.create_customer(draft_for(world).details.__replace__(name="Nobody yet"), world.home, key="new-customer")
    assert listed(books, new) == ()


@pytest.mark.parametrize("identifier", ["x' OR Id > '0", "1' AND TxnDate > '2000-01-01", "../Contacts", ""])
def test_an_id_that_is_none_reaches_nothing(books: AccountingProvider, identifier: str) -> None:
    try:
        found = books.customer_invoices(CustomerId(identifier), since=YEAR_AGO, until=TODAY, limit=10)
    except Exception as error:  # noqa: BLE001  which refusal it is depends on the provider
        assert type(error).__name__ in ("NotFound", "BooksRefused")  # noqa: PT017  an answer is good too
    else:
        assert found == ()
