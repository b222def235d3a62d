"""Only truth is written when the books are asked (guarantees §5)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from duebill.domain.invoice import InvoiceLink
from duebill.domain.status import Stage
from duebill.errors import TryLater
from duebill.use_cases.record_reading import RecordReading
from duebill.use_cases.refresh_deal import RefreshDeal
from tests.fakes.intent_bench import COMPANY, DEAL, IntentBench
from tests.fakes.quickbooks import QuickBooksWorld


@pytest.fixture
def bench() -> IntentBench:
    bench = IntentBench(QuickBooksWorld())
    bench.press()
    return bench


def stored(bench: IntentBench) -> InvoiceLink:
    [link] = bench.stores.invoices.links(COMPANY, DEAL)
    return link


def refresh(bench: IntentBench) -> InvoiceLink:
    bench.world.wait(minutes=1)
    record = RecordReading(bench.stores.invoices, bench.world.clock, bench.connection.tenant.time_zone)
    refreshing = RefreshDeal(bench.books, record)
    [link] = refreshing(bench.stores.invoices.links(COMPANY, DEAL), write_back_at=bench.world.clock.now())
    return link


def test_a_payment_in_the_books_shows_and_the_note_becomes_due(bench: IntentBench) -> None:
    invoice = stored(bench).invoice
    bench.world.pay(invoice.id, "20.00")
    after = refresh(bench)
    assert after.invoice.balance == invoice.balance - 20
    assert after.write_back_due_at is not None
    assert bench.stores.invoices.history(COMPANY, DEAL)[0].what == "partially_paid"


def test_nothing_changed_writes_no_history_and_keeps_what_was_due(bench: IntentBench) -> None:
    due = stored(bench).write_back_due_at
    after = refresh(bench)
    assert after.write_back_due_at == due
    assert after.read_at > stored(bench).linked_at
    assert len(bench.stores.invoices.history(COMPANY, DEAL)) == 1


def test_a_void_shows(bench: IntentBench) -> None:
    bench.world.void(stored(bench).invoice.id)
    assert refresh(bench).invoice.stage is Stage.VOIDED


def test_a_deletion_shows_and_is_asked_for_twice(bench: IntentBench) -> None:
    bench.world.delete(stored(bench).invoice.id)
    asked = bench.world.calls("/query")
    assert refresh(bench).invoice.stage is Stage.DELETED
    assert bench.world.calls("/query") == asked + 2
    assert refresh(bench).invoice.stage is Stage.DELETED, "a deleted invoice is not asked for again"


def test_a_failed_read_is_never_a_deletion(bench: IntentBench) -> None:
    bench.world.fail("status", where="/query", status=503)
    with pytest.raises(TryLater):
        refresh(bench)
    assert stored(bench).invoice.stage is Stage.ISSUED


def test_an_invoice_that_only_one_answer_missed_is_not_deleted(bench: IntentBench) -> None:
    bench.world.simulator.lookup_lag = timedelta(minutes=2)  # a replica that has not heard of it yet
    first = bench.books.read_invoices([stored(bench).invoice.id])
    assert first.missing
    bench.world.simulator.lookup_lag = timedelta(0)
    assert refresh(bench).invoice.stage is Stage.ISSUED


def test_an_older_reading_does_not_overwrite_a_newer_one(bench: IntentBench) -> None:
    link = stored(bench)
    ahead = replace(
        link.invoice, balance=Decimal("1.00"), version=99, updated_at=link.invoice.updated_at + timedelta(hours=1)
    )
    bench.stores.invoices.save_link(replace(link, invoice=ahead), due_at=None)
    assert refresh(bench).invoice.balance == Decimal("1.00")
