"""What is about to be sent is written down first: whoever finds it after a crash knows what may have happened."""

import pytest

from duebill.domain.intent import IntentState
from sandbox.quickbooks.seed import US_REALM
from tests.fakes.intent_bench import COMPANY, DEAL, IntentBench
from tests.fakes.quickbooks import QuickBooksWorld


class Killed(BaseException):
    """The process ends here: nothing that catches errors sees it."""


def test_a_process_that_dies_while_sending_leaves_the_attempt_and_its_key_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = IntentBench(QuickBooksWorld(US_REALM))
    sent: list[str] = []

    def die(*_: object, key: str, **__: object) -> None:
        sent.append(key)
        raise Killed

    monkeypatch.setattr(type(bench.books), "create_invoice", die)
    with pytest.raises(Killed):
        bench.press()
    [left] = bench.stores.invoices.intents(COMPANY, DEAL)
    assert left.state is IntentState.SENDING
    assert [attempt.key for attempt in left.steps[-1].attempts] == sent
    assert left.due_at is not None
