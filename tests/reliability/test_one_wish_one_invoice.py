"""One press of the button makes one invoice, whatever the wire does (guarantees §1)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from duebill.domain.ids import IntentKey
from duebill.domain.intent import LOOK_AGAIN_AFTER, Intent, IntentState, reference_of
from duebill.domain.steps import steps_of
from duebill.errors import DealChanged, DraftRefused, KeyReused
from tests.fakes.books_world import BooksWorld, line_for
from tests.fakes.intent_bench import COMPANY, DEAL, USER, IntentBench
from tests.fakes.quickbooks import REALMS, QuickBooksWorld
from tests.fakes.xero import XeroWorld

WORLDS: dict[str, Callable[[], BooksWorld]] = {
    "QuickBooks US": lambda: QuickBooksWorld(REALMS["US"]),
    "QuickBooks UK": lambda: QuickBooksWorld(REALMS["UK"]),
    "Xero UK": XeroWorld,
}


@pytest.fixture(params=list(WORLDS.values()), ids=list(WORLDS))
def bench(request: pytest.FixtureRequest) -> IntentBench:
    return IntentBench(request.param())


def test_a_press_makes_one_invoice_with_its_link_and_history(bench: IntentBench) -> None:
    intent = bench.press()
    assert intent.state is IntentState.MADE
    assert (bench.made, bench.links) == (1, 1)
    [link] = bench.stores.invoices.links(COMPANY, DEAL)
    assert link.invoice.reference == intent.reference
    assert [entry.what for entry in bench.stores.invoices.history(COMPANY, DEAL)] == ["created"]


def test_the_same_key_again_is_the_same_invoice(bench: IntentBench) -> None:
    first, again = bench.press(), bench.press()
    assert again.invoice == first.invoice
    assert not bench.is_new
    assert bench.made == 1


def test_a_press_that_is_overtaken_by_its_own_repetition_is_the_same_wish(
    bench: IntentBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repetition asked for the intent a moment before it was written."""
    first = bench.press()
    find, asked = bench.stores.invoices.intent, []

    def too_early(*key: object) -> Intent | None:
        asked.append(key)
        return find(*key) if len(asked) > 1 else None  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(bench.stores.invoices, "intent", too_early)
    again = bench.press()
    assert (again.invoice, bench.is_new) == (first.invoice, False)
    assert bench.made == 1


def test_the_same_key_with_other_content_is_refused(bench: IntentBench) -> None:
    bench.press()
    with pytest.raises(KeyReused):
        bench.press(draft=bench.draft(memo="something else"))
    assert bench.made == 1


def test_another_key_on_the_same_basis_is_told_of_the_invoice_made_meanwhile(bench: IntentBench) -> None:
    intent = bench.press()
    with pytest.raises(DealChanged) as told:
        bench.press(key="key-00000002")
    assert told.value.values["invoice"] == intent.invoice
    assert bench.made == 1


def test_pressing_again_on_purpose_makes_the_second(bench: IntentBench) -> None:
    bench.press()
    basis = bench.stores.invoices.deal(COMPANY, DEAL).version
    bench.press(
        key="key-00000002", basis=basis, draft=bench.draft(number="SECOND" if bench.world.numbers_by_hand else None)
    )
    assert (bench.made, bench.links) == (2, 2)


def test_a_draft_with_problems_writes_nothing(bench: IntentBench) -> None:
    with pytest.raises(DraftRefused) as refused:
        bench.press(draft=bench.draft(lines=(line_for(bench.world, item=None),)))
    assert "line_without_item" in [problem.code for problem in refused.value.problems]
    assert bench.made == 0
    assert bench.stores.invoices.deal(COMPANY, DEAL).version == 0


def test_a_connection_dropped_after_the_commit_is_looked_up_not_repeated(bench: IntentBench) -> None:
    bench.world.fail("drop_after_commit", where=bench.world.creates("invoice"))
    bench.world.forget_keys()
    intent = bench.press()
    assert intent.state is IntentState.UNKNOWN
    calls = bench.world.calls()
    assert bench.take_up(intent).state is IntentState.UNKNOWN
    assert bench.world.calls() == calls, "nothing is sent before the provider must have finished"
    bench.world.wait(seconds=151)
    assert bench.take_up(intent).state is IntentState.MADE
    assert (bench.made, bench.links) == (1, 1)


def test_a_connection_dropped_before_anything_was_done_is_sent_again_with_the_same_key(bench: IntentBench) -> None:
    bench.world.fail("drop_before", where=bench.world.creates("invoice"))
    intent = bench.press()
    bench.world.wait(seconds=151)
    after = bench.take_up(intent)
    assert after.state is IntentState.MADE
    assert len({attempt.key for attempt in after.steps[-1].attempts}) == 1
    assert (bench.made, bench.links) == (1, 1)


def test_a_commit_long_after_the_drop_still_makes_one(bench: IntentBench) -> None:
    bench.world.fail("commit_after_drop", where=bench.world.creates("invoice"))
    bench.world.forget_keys()
    intent = bench.press()
    bench.world.wait(seconds=100)
    bench.world.settle()
    assert bench.take_up(intent).state is IntentState.UNKNOWN
    bench.world.wait(seconds=51)
    assert bench.take_up(intent).state is IntentState.MADE
    assert bench.made == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_error_counts_as_unknown(bench: IntentBench, status: int) -> None:
    bench.world.fail("status", where=bench.world.creates("invoice"), status=status)
    assert bench.press().state is IntentState.UNKNOWN


def test_a_throttled_press_is_tried_again_and_was_never_in_doubt(bench: IntentBench) -> None:
    bench.world.fail("status", where=bench.world.creates("invoice"), status=429)
    intent = bench.press()
    assert intent.state is IntentState.PREPARED
    assert not intent.was_unknown
    bench.world.wait(seconds=61)
    assert bench.take_up(intent).state is IntentState.MADE
    assert bench.made == 1


def test_what_could_not_be_sent_for_a_day_is_given_up_and_said_so(bench: IntentBench) -> None:
    bench.world.fail("status", where=bench.world.creates("invoice"), status=429)
    intent = bench.press()
    bench.world.wait(hours=25)
    after = bench.take_up(intent)
    assert after.state is IntentState.REFUSED
    assert after.refusal is not None
    assert after.refusal.code == "gave_up"
    assert bench.made == 0


def test_a_refusal_of_the_books_is_kept_with_their_own_sentence(bench: IntentBench) -> None:
    bench.world.close_books(date(2026, 12, 31))
    intent = bench.advance(bench.stores.invoices.begin(_unchecked(bench)))
    assert intent.state is IntentState.REFUSED
    assert intent.refusal is not None
    assert intent.refusal.code == "books_closed"
    assert intent.due_at is None
    assert bench.made == 0


def test_a_new_customer_is_created_once_and_remembered(bench: IntentBench) -> None:
    customers = bench.world.count("customer")
    details = replace(bench.customer.details, name="Brand New Ltd")
    draft = bench.draft(customer=None, create_customer=True, details=details)
    bench.world.fail("drop_after_commit", where=bench.world.creates("customer"))
    bench.world.forget_keys()
    intent = bench.press(draft=draft)
    assert intent.state is IntentState.UNKNOWN
    bench.world.wait(seconds=151)
    assert bench.take_up(intent).state is IntentState.MADE
    assert bench.world.count("customer") == customers + 1
    link = bench.stores.links.customer(COMPANY, bench.connection.id, "organization:1")
    assert link is not None
    assert link.name == "Brand New Ltd"


def test_two_invoices_with_our_reference_are_never_silence(bench: IntentBench) -> None:
    if bench.world.numbers_by_hand:
        pytest.skip("the number alone would refuse the second")
    bench.world.fail("commit_after_drop", where=bench.world.creates("invoice"))
    bench.world.forget_keys()
    intent = bench.press()
    bench.world.wait(seconds=151)
    made = bench.take_up(intent)
    bench.world.settle()  # far later than any provider may: the first one appears after all
    assert bench.made == 2
    assert made.due_at is not None
    bench.world.wait(hours=24)
    assert len(bench.advance.look_again(made).duplicates) == 2


@pytest.mark.parametrize("kind", ["drop_before", "drop_after_commit"])
def test_taking_it_up_long_after_no_key_is_remembered_makes_one(bench: IntentBench, kind: str) -> None:
    bench.world.fail(kind, where=bench.world.creates("invoice"))
    intent = bench.press()
    bench.world.wait(minutes=10)
    after = bench.take_up(intent)
    assert after.state is IntentState.MADE
    assert (bench.made, bench.links) == (1, 1)
    lives = bench.books.creation_rule.key_lives
    keys = [attempt.key for attempt in after.steps[-1].attempts]
    if kind == "drop_before":
        assert len(keys) == 2
        assert (keys[0] == keys[1]) is (lives is None or timedelta(minutes=10) < lives)


def test_a_cached_refusal_is_never_the_answer_to_a_later_attempt(bench: IntentBench) -> None:
    bench.world.fail("status", where=bench.world.creates("invoice"), status=429)
    intent = bench.press()
    bench.world.wait(minutes=1, seconds=5)
    after = bench.take_up(intent)
    first, second = (attempt.key for attempt in after.steps[-1].attempts)
    assert (first == second) is (bench.books.creation_rule.key_lives is None)


def test_a_process_that_ended_while_it_was_sending_is_an_unknown_outcome_too(
    bench: IntentBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        pass

    def send_and_end(*args: object, **how: object) -> None:
        create(*args, **how)  # type: ignore[arg-type]  # passed on as it came
        raise Ended

    create = bench.books.create_invoice
    with monkeypatch.context() as crash:
        crash.setattr(bench.books, "create_invoice", send_and_end)
        with pytest.raises(Ended):
            bench.press()
    [sending] = bench.stores.invoices.intents(COMPANY, DEAL)
    bench.world.wait(seconds=151)
    made = bench.take_up(sending)
    assert made.state is IntentState.MADE
    assert made.due_at == bench.world.clock.now() + LOOK_AGAIN_AFTER
    assert bench.made == 1


def test_a_worker_that_lost_the_race_returns_what_the_winner_did(bench: IntentBench) -> None:
    bench.world.fail("status", where=bench.world.creates("invoice"), status=429)
    stale = bench.press()
    bench.world.wait(seconds=61)
    assert bench.take_up(stale).state is IntentState.MADE
    assert bench.advance(stale).state is IntentState.MADE
    assert bench.made == 1


def test_everything_unfinished_is_due(bench: IntentBench) -> None:
    bench.world.fail("drop_before", where=bench.world.creates("invoice"))
    intent = bench.press()
    assert intent.due_at is not None
    assert intent.due_at - bench.world.clock.now() == timedelta(seconds=150)


def _unchecked(bench: IntentBench) -> Intent:
    """An intent whose draft nobody previewed."""
    key, draft = IntentKey("key-unchecked"), bench.draft()
    reference = reference_of(COMPANY, DEAL, key)
    return Intent(COMPANY, DEAL, key, USER, bench.world.clock.now(), draft, "hash", 0, reference, steps_of(draft))
