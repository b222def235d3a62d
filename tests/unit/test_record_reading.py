"""The one place where the status of a deal's invoice changes: history, and what becomes due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from duebill.domain.calendar import today_in
from duebill.domain.invoice import HistoryEntry, Invoice, InvoiceLink
from duebill.domain.status import Stage, Status
from duebill.domain.write_back import next_look
from duebill.use_cases.record_reading import RecordReading
from tests.fakes import stored_examples as sample
from tests.fakes.memory_invoices import MemoryInvoices
from tests.fakes.still_clock import StillClock

ZONE = "America/New_York"
OPEN = sample.invoice(balance=Decimal("12.50"), unknown_word=None)


class Desk:
    def __init__(self, invoice: Invoice = OPEN) -> None:
        self.clock = StillClock(sample.NOW)
        self.invoices = MemoryInvoices()
        self.record = RecordReading(self.invoices, self.clock, ZONE)
        self.invoices.save_link(replace(sample.link(), invoice=invoice, read_at=sample.NOW, version=0), due_at=None)

    @property
    def link(self) -> InvoiceLink:
        found = self.invoices.link(sample.COMPANY, sample.DEAL, sample.CONNECTION, sample.INVOICE)
        assert found is not None
        return found

    @property
    def told(self) -> list[HistoryEntry]:
        return list(self.invoices.history(sample.COMPANY, sample.DEAL))

    def read(self, **changes: object) -> InvoiceLink:
        self.clock.at += timedelta(minutes=1)
        now = self.clock.at
        after = replace(self.link.invoice, version=self.link.invoice.version + 1, updated_at=now, **changes)  # type: ignore[arg-type]  # tests name fields by word
        return self.record(self.link, after, now, write_back_at=now + timedelta(minutes=1))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_each_status_is_told_once_by_its_name_with_what_it_was(desk: Desk) -> None:
    desk.read(balance=Decimal("2.50"))
    desk.read(balance=Decimal(0))
    desk.read(stage=Stage.VOIDED)
    desk.read(stage=Stage.VOIDED)
    assert [(entry.what, entry.detail) for entry in desk.told] == [
        ("voided", "was paid"),
        ("paid", "was partially_paid"),
        ("partially_paid", "was open"),
    ]
    assert {entry.by for entry in desk.told} == {None}, "no person did it: the books say so"


def test_a_change_is_due_for_write_back_at_once_and_nothing_new_keeps_what_was_due(desk: Desk) -> None:
    changed = desk.read(balance=Decimal("2.50"))
    assert changed.write_back_due_at == desk.clock.now() + timedelta(minutes=1)
    again = desk.record(changed, changed.invoice, desk.clock.now(), write_back_at=desk.clock.now())
    assert again.write_back_due_at == changed.write_back_due_at


def test_overdue_begins_without_news_on_the_day_after_the_due_date_in_the_books_time_zone(desk: Desk) -> None:
    looked = desk.record(desk.link, desk.link.invoice, desk.clock.now(), write_back_at=None)
    assert OPEN.due_on is not None
    assert looked.write_back_due_at is not None
    midnight = datetime(2026, 4, 13, 4, 0, tzinfo=UTC)  # summer time in New York
    assert midnight <= looked.write_back_due_at <= midnight + timedelta(minutes=10)
    assert today_in(ZONE, looked.write_back_due_at) == OPEN.due_on + timedelta(days=1)
    desk.clock.at = looked.write_back_due_at
    after = desk.record.time_passed(desk.link)
    assert [entry.what for entry in desk.told] == ["overdue"]
    assert after.write_back_due_at == desk.clock.now(), "the note is out of date from now on"
    assert desk.record.time_passed(after) == after, "told once"
    desk.record(after, after.invoice, desk.clock.now(), write_back_at=None)
    assert [entry.what for entry in desk.told] == ["overdue"], "not told again by the next reading either"


def test_time_tells_nothing_before_the_due_date_has_ended(desk: Desk) -> None:
    desk.clock.at = datetime(2026, 4, 13, 3, 59, tzinfo=UTC)
    assert desk.record.time_passed(desk.link) == desk.link
    assert desk.told == []


def test_what_was_deleted_is_never_brought_back(desk: Desk) -> None:
    link = desk.record.gone(desk.link, desk.clock.now(), write_back_at=None)
    assert [entry.what for entry in desk.told] == ["deleted"]
    found = replace(OPEN, updated_at=OPEN.updated_at + timedelta(days=1), version=99)
    after = desk.record(link, found, desk.clock.now() + timedelta(hours=1), write_back_at=None)
    assert after.invoice.stage is Stage.DELETED
    assert len(desk.told) == 1


def test_what_a_person_did_is_not_told_a_second_time_by_the_books(desk: Desk) -> None:
    """An action saves the link with the invoice as it is afterwards, and an entry of its own."""
    desk.clock.at += timedelta(minutes=5)
    voided = replace(desk.link.invoice, stage=Stage.VOIDED, version=9, updated_at=desk.clock.now())
    acted = replace(desk.link, invoice=voided, read_at=desk.clock.now())
    desk.invoices.save_link(
        acted, due_at=None, entry=HistoryEntry(desk.clock.now(), "void", sample.link().linked_by, voided.id)
    )
    desk.clock.at += timedelta(minutes=5)
    desk.record(desk.link, voided, desk.clock.now(), write_back_at=None)
    assert [entry.what for entry in desk.told] == ["void"]


def test_who_loses_a_race_gets_what_the_winner_wrote(desk: Desk) -> None:
    before = desk.link
    won = desk.read(balance=Decimal(0))
    lost = desk.record(before, before.invoice, desk.clock.now(), write_back_at=None)
    assert lost == won
    assert lost.invoice.status(today_in(ZONE, desk.clock.now())) is Status.PAID


@pytest.mark.parametrize(
    "invoice",
    [
        replace(OPEN, balance=Decimal(0)),
        replace(OPEN, due_on=None),
        replace(OPEN, stage=Stage.DRAFT),
        replace(OPEN, stage=Stage.VOIDED),
    ],
    ids=["paid", "no due date", "draft", "voided"],
)
def test_what_cannot_become_overdue_is_not_looked_at_again(invoice: Invoice) -> None:
    assert next_look(invoice, ZONE, sample.NOW) is None


def test_what_is_overdue_already_needs_no_further_look() -> None:
    assert next_look(OPEN, ZONE, datetime(2026, 5, 1, tzinfo=UTC)) is None
