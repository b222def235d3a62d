"""What a check of one connection finds."""

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """Whether a finding is as it should be."""

    GOOD = "good"
    WARN = "warn"  # works, and somebody should look at it
    BAD = "bad"  # invoices will fail


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact. `code` is stable; `values` is what its words need."""

    code: str
    state: State = State.GOOD
    values: dict[str, str] = field(default_factory=dict)
