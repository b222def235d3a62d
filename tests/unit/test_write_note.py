"""A deal gets one note for each invoice, kept current."""

from dataclasses import replace

import pytest

from duebill.domain.ids import DealId
from duebill.domain.invoice import InvoiceLink
from duebill.domain.note import is_note_of
from duebill.domain.write_back import next_look
from duebill.use_cases.write_note import WriteNote
from sandbox.faults import Fault
from sandbox.pipedrive.seed import COMPANY as COMPANY_OF_SAMPLE
from sandbox.pipedrive.seed import DEAL_US_SIMPLE
from tests.fakes.intent_bench import COMPANY, DEAL, IntentBench
from tests.fakes.pipedrive import PipedriveWorld
from tests.fakes.quickbooks import QuickBooksWorld

ADD = "POST .*/notes"
TARGET = DealId(DEAL_US_SIMPLE)


class NoteBench:
    """An invoice that was just made, and the deal in Pipedrive that is to show it."""

    def __init__(self) -> None:
        self.bench = IntentBench(QuickBooksWorld())
        self.bench.press()
        self.pipedrive = PipedriveWorld()
        self.crm = self.pipedrive.crm()
        self.before = len(self.crm.notes(TARGET))
        [link] = self.bench.stores.invoices.links(COMPANY, DEAL)
        self.link = link
        # The engine's deal is not one of Pipedrive's sample deals: the note goes to one that is.
        self.write_back = WriteNote(OnSampleDeal(self.crm), self.bench.stores.invoices, self.bench.world.clock, None)

    @property
    def stored(self) -> InvoiceLink:
        [link] = self.bench.stores.invoices.links(COMPANY, DEAL)
        return link

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is to be done before time itself changes the status."""
        later = next_look(self.stored.invoice, None, self.bench.world.clock.now())
        return self.stored.write_back_due_at == later

    def notes(self) -> list[str]:
        reference = self.stored.invoice.reference or ""
        return [note.content for note in self.crm.notes(TARGET) if is_note_of(note.content, reference)]

    def fail(self, kind: str) -> None:
        self.pipedrive.simulator.faults.add(Fault(kind, ADD))


class OnSampleDeal:
    """A CRM whose notes all go to one deal."""

    def __init__(self, crm) -> None:  # noqa: ANN001  passed on as it came
        self._crm = crm
        self.change_note = crm.change_note

    def notes(self, _: DealId):  # noqa: ANN201  passed on as it came
        return self._crm.notes(TARGET)

    def add_note(self, _: DealId, content: str):  # noqa: ANN201  passed on as it came
        return self._crm.add_note(TARGET, content)


@pytest.fixture
def bench() -> NoteBench:
    return NoteBench()


def test_the_note_says_number_total_due_date_and_link(bench: NoteBench) -> None:
    bench.write_back(bench.link)
    [note] = bench.notes()
    invoice = bench.link.invoice
    for fact in (invoice.number, str(invoice.total), invoice.currency, str(invoice.due_on), "open"):
        assert fact in note
    assert "deeplinkcompanyid" in note
    assert bench.is_at_rest


def test_writing_again_writes_nothing(bench: NoteBench) -> None:
    bench.write_back(bench.link)
    calls = bench.pipedrive.calls("notes")
    bench.write_back(bench.stored)
    assert bench.pipedrive.calls("notes") == calls


def test_a_note_whose_answer_was_lost_is_found_and_not_repeated(bench: NoteBench) -> None:
    bench.fail("drop_after_commit")
    bench.write_back(bench.link)
    assert bench.stored.note is None
    assert bench.stored.write_back_due_at is not None
    bench.write_back(bench.stored)
    assert len(bench.notes()) == 1, "nothing is repeated while the first may still take effect"
    bench.bench.world.wait(seconds=151)
    bench.write_back(bench.stored)
    assert len(bench.notes()) == 1
    assert bench.stored.note is not None


def test_a_note_that_never_arrived_is_written_later(bench: NoteBench) -> None:
    bench.fail("drop_before")
    bench.write_back(bench.link)
    bench.bench.world.wait(seconds=151)
    bench.write_back(bench.stored)
    assert len(bench.notes()) == 1


def test_the_note_is_kept_current_and_not_multiplied(bench: NoteBench) -> None:
    bench.write_back(bench.link)
    paid = replace(bench.stored, invoice=replace(bench.stored.invoice, balance=bench.stored.invoice.total * 0))
    bench.write_back(bench.bench.stores.invoices.save_link(paid, due_at=None))
    [note] = bench.notes()
    assert "paid" in note


def test_what_may_still_come_late_is_waited_for_so_that_the_note_is_true_in_the_end(bench: NoteBench) -> None:
    bench.write_back(bench.link)
    invoices, invoice = bench.bench.stores.invoices, bench.stored.invoice
    half = replace(bench.stored, invoice=replace(invoice, balance=invoice.total / 2))
    bench.pipedrive.simulator.faults.add(Fault("commit_after_drop", "PUT .*/notes/"))
    bench.write_back(invoices.save_link(half, due_at=None))
    paid = replace(bench.stored, invoice=replace(invoice, balance=invoice.total * 0))
    bench.write_back(invoices.save_link(paid, due_at=None))
    assert not bench.is_at_rest
    bench.pipedrive.simulator.faults.settle()
    bench.bench.world.wait(seconds=151)
    bench.write_back(bench.stored)
    [note] = bench.notes()
    assert "Status: paid" in note


def test_a_note_that_a_person_deleted_is_not_put_back(bench: NoteBench) -> None:
    bench.write_back(bench.link)
    assert bench.stored.note is not None
    del bench.pipedrive.simulator.companies[COMPANY_OF_SAMPLE].notes[bench.stored.note]
    changed = replace(bench.stored, invoice=replace(bench.stored.invoice, number="changed"))
    bench.write_back(bench.bench.stores.invoices.save_link(changed, due_at=None))
    assert bench.is_at_rest
    assert bench.notes() == []


def test_a_throttled_note_is_due_again(bench: NoteBench) -> None:
    bench.pipedrive.simulator.faults.add(Fault("status", ADD, status=429))
    bench.write_back(bench.link)
    assert bench.stored.write_back_due_at is not None
    bench.bench.world.wait(seconds=200)
    bench.write_back(bench.stored)
    assert len(bench.notes()) == 1
