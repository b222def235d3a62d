"""A worker that ends at any of its calls to the table, to a provider or to the CRM, before the call or after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.pipedrive.simulator import Pipedrive
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.tabletop import Tabletop
from sandbox.xero.simulator import Xero


class Killed(BaseException):
    """The process ends here: nothing catches this."""


class Steps:
    """Notes each step, and ends the process at number `kill_at` (None: at none). `only`: calls of these names."""

    def __init__(self, kill_at: int | None, only: tuple[str, ...]) -> None:
        self.kill_at = kill_at
        self.only = only
        self.seen: list[str] = []

    def __call__(self, what: str) -> None:
        """One step."""
        if self.only and not what.endswith(self.only):
            return
        self.seen.append(what)
        if self.kill_at is not None and len(self.seen) - 1 == self.kill_at:
            raise Killed(f"at step {self.kill_at}, {what}")


@contextmanager
def steps_of(tabletop: Tabletop, kill_at: int | None = None, *, only: tuple[str, ...] = ()) -> Iterator[Steps]:
    """The steps of whatever runs meanwhile."""
    steps = Steps(kill_at, only)
    clients = (tabletop.cloud.dynamodb, tabletop.cloud.sqs)

    def before(model: Any, **_: object) -> None:  # noqa: ANN401  botocore's own
        steps(f"before {model.name}")

    def after(model: Any, **_: object) -> None:  # noqa: ANN401  botocore's own
        steps(f"after {model.name}")

    for each in clients:
        each.meta.events.register("before-call", before)
        each.meta.events.register("after-call", after)
    answered = {kind: kind.__call__ for kind in (QuickBooks, Xero, Pipedrive)}
    for kind, answer in answered.items():
        kind.__call__ = _noted(answer, steps)  # type: ignore[method-assign]
    try:
        yield steps
    finally:
        for each in clients:
            each.meta.events.unregister("before-call", before)
            each.meta.events.unregister("after-call", after)
        for kind, answer in answered.items():
            kind.__call__ = answer  # type: ignore[method-assign]


def _noted(answer: Any, steps: Steps) -> Any:  # noqa: ANN401  a method in a method's place
    def call(self: object, request: Any) -> Any:  # noqa: ANN401  passed on
        steps(f"before {request.method} {request.path}")
        answered = answer(self, request)
        steps(f"after {request.method} {request.path}")
        return answered

    return call
