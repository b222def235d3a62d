"""Where change data capture ends: a thousand objects, thirty days (guarantees, "Limits")."""

from datetime import timedelta

import pytest

from duebill.domain.ids import InvoiceId
from sandbox.quickbooks import cdc
from tests.fakes.books_world import draft_for
from tests.fakes.quickbooks import QuickBooksWorld


@pytest.fixture
def world() -> QuickBooksWorld:
    return QuickBooksWorld()


def some(world: QuickBooksWorld, count: int, first: int = 0) -> list[InvoiceId]:
    books = world.opened()
    customer = books.customer_named(world.known_customer)
    return [
        books.create_invoice(draft_for(world, customer), reference=f"DB-{place}", key=f"key-{place}").id
        for place in range(first, first + count)
    ]


def test_a_full_answer_is_not_believed_to_be_whole(world: QuickBooksWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("sandbox.quickbooks.cdc.MOST", "duebill.providers.quickbooks.changes.MOST_CHANGES"):
        monkeypatch.setattr(place, 5)
    assert cdc.MOST == 5
    since = world.clock.now()
    world.wait(minutes=1)
    ids = some(world, 8)
    world.delete(ids[0])
    reading = world.opened().invoices_changed(since, known=ids)
    assert {each.id for each in reading.found} >= set(ids[1:])
    assert reading.missing == (ids[0],), "a query shows no deletion: it was asked for by name"


def test_longer_ago_than_it_looks_back_is_asked_for_otherwise(world: QuickBooksWorld) -> None:
    ids = some(world, 2)
    world.wait(days=40)
    reading = world.opened().invoices_changed(world.clock.now() - timedelta(days=41), known=ids)
    assert {each.id for each in reading.found} >= set(ids)
    assert not world.calls("/cdc")


def test_pages_are_counted_by_time_so_that_a_change_meanwhile_pushes_none_over_the_edge(
    world: QuickBooksWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duebill.providers.quickbooks.changes.MOST_CHANGES", 1)
    monkeypatch.setattr("duebill.providers.quickbooks.changes.MAX_RESULTS", 3)
    monkeypatch.setattr("duebill.providers.quickbooks.query.MAX_RESULTS", 3)
    since = world.clock.now()
    ids = []
    for place in range(4):
        world.wait(seconds=2)
        ids += some(world, 1, place)
    found = world.opened().invoices_changed(since, known=[]).found
    assert len(set(ids)) == 4
    assert {each.id for each in found} >= set(ids)
