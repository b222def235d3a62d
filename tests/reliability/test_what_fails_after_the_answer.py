"""What fails after the books have answered never looks as if nothing had been done (guarantees §1)."""

import pytest

from duebill.domain.intent import IntentState
from duebill.errors import BooksRefused, DuebillError, LimitReached, TryLater
from tests.fakes.intent_bench import COMPANY, DEAL, IntentBench
from tests.fakes.quickbooks import REALMS, QuickBooksWorld


@pytest.fixture(params=REALMS.values(), ids=REALMS.keys())
def bench(request: pytest.FixtureRequest) -> IntentBench:
    bench = IntentBench(QuickBooksWorld(request.param))
    bench.world.simulator.requestid_memory = "never"
    return bench


@pytest.mark.parametrize(
    "error",
    [LimitReached("", retry_after=1), TryLater("", retry_after=1), BooksRefused("")],
    ids=["limit", "outage", "refusal"],
)
def test_a_limit_that_is_met_after_the_invoice_was_made_makes_no_second_one(
    bench: IntentBench, monkeypatch: pytest.MonkeyPatch, error: DuebillError
) -> None:
    real, made = bench.reads.options, bench.made

    def options() -> object:
        if bench.made > made:
            raise error
        return real()

    monkeypatch.setattr(bench.reads, "options", options)
    intent = bench.press()
    monkeypatch.undo()
    for _ in range(3):
        bench.world.wait(seconds=200)
        intent = bench.take_up(intent)
    assert intent.state is IntentState.MADE
    assert (bench.made, bench.links) == (1, 1)


def test_a_table_that_is_busy_after_the_invoice_was_made_makes_no_second_one(
    bench: IntentBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> object:
        raise TryLater("Our own storage is busy.", retry_after=2)

    monkeypatch.setattr(bench.stores.invoices, "made", busy)
    with pytest.raises(TryLater):
        bench.press()
    monkeypatch.undo()
    [intent] = bench.stores.invoices.intents(COMPANY, DEAL)
    assert bench.take_up(intent).state is IntentState.SENDING, "nothing is sent before the provider must have finished"
    bench.world.wait(seconds=200)
    assert bench.take_up(intent).state is IntentState.MADE
    assert (bench.made, bench.links) == (1, 1)
