"""Steps with their time and calls, and what was expected where it did not come."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO


class NotAsExpected(Exception):
    """A step showed something else than it should."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Calls since the start: of our API, and of the API's to each outside system."""

    api: int
    quickbooks: int
    xero: int
    pipedrive: int


def expect(what: str, found: object, expected: object) -> None:
    """Raise NotAsExpected unless both are equal."""
    if found != expected:
        raise NotAsExpected(f"{what}: expected {expected!r}, found {found!r}")


def expect_that(what: str, holds: object) -> None:
    """Raise NotAsExpected unless it holds."""
    if not holds:
        raise NotAsExpected(f"{what}: this is not so")


def expect_in(what: str, part: object, whole: object) -> None:
    """Raise NotAsExpected unless `part` is in `whole`."""
    if part not in whole:  # type: ignore[operator]  # texts and lists
        raise NotAsExpected(f"{what}: expected {part!r} in {whole!r}")


@dataclass
class Report:
    """Prints a line for each step; `out` None prints nothing."""

    counts: Callable[[], Counts]
    out: TextIO | None = field(default_factory=lambda: sys.stdout)
    steps: int = 0

    def heading(self) -> None:
        """Name the columns."""
        self._print(f"{'step':68} {'API':>4} {'QuickBooks':>11} {'Xero':>5} {'Pipedrive':>10} {'ms':>6}")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time and count what happens inside."""
        before, began = self.counts(), time.perf_counter()
        try:
            yield
        except Exception as error:
            self._print(f"{name:68} FAILED\n    {type(error).__name__}: {error}")
            raise
        took, after = time.perf_counter() - began, self.counts()
        self.steps += 1
        self._print(
            f"{name:68} {after.api - before.api:>4} {after.quickbooks - before.quickbooks:>11} "
            f"{after.xero - before.xero:>5} {after.pipedrive - before.pipedrive:>10} {took * 1000:>6.0f}"
        )

    def say(self, text: str) -> None:
        """A line of its own."""
        self._print(text)

    def _print(self, text: str) -> None:
        if self.out:
            print(text, file=self.out, flush=True)
