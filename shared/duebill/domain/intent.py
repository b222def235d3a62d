"""An intent: the stored wish to create one invoice, with every step that was tried on the way.

A wish is written down before anything is sent. Each step (customer, items, invoice) stores the provider's key and the
start of every attempt before the attempt is made, so whoever finds the intent later knows what may have happened.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from duebill.domain.draft import Draft
from duebill.domain.ids import CompanyId, DealId, IntentKey, UserId

# The API ends at 30 s while a provider may work for 120 s (quickbooks.md §1: "Request >120 s times out"): only
# afterwards can a look-up say that nothing was made.
SETTLE = timedelta(seconds=150)
LOOK_BACK = timedelta(minutes=5)
LOOK_AGAIN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CreationRule:
    """What a provider promises about its idempotency keys.

    `key_lives`: how long the same key replays the same answer, counted from its first use; None: for ever.
    """

    key_lives: timedelta | None = None


class IntentState(StrEnum):
    """prepared → sending → made | refused | unknown; unknown → made | sending."""

    PREPARED = "prepared"
    SENDING = "sending"
    UNKNOWN = "unknown"
    MADE = "made"
    REFUSED = "refused"


class StepKind(StrEnum):
    """What a step creates in the books."""

    CUSTOMER = "customer"
    ITEM = "item"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending of a step: the provider's key and when it began. `answered`: an answer of the provider's came."""

    key: str
    started_at: datetime
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to create. `line` is the draft line of an item; `outcome` is the id that the provider gave."""

    kind: StepKind
    line: int | None = None
    attempts: tuple[Attempt, ...] = ()
    outcome: str | None = None

    @property
    def is_done(self) -> bool:
        """Whether the books hold it and we know its id."""
        return self.outcome is not None

    @property
    def is_in_doubt(self) -> bool:
        """Whether it was sent and no answer came."""
        return not self.is_done and bool(self.attempts) and not self.attempts[-1].answered


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the books, or we, refused: for the person."""

    code: str
    message: str
    provider_reference: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """The wish, its content with all dates fixed, and how far it came. `version` guards against two workers."""

    company: CompanyId
    deal: DealId
    key: IntentKey
    created_by: UserId
    created_at: datetime
    draft: Draft
    content_hash: str
    basis: int
    reference: str
    steps: tuple[Step, ...]
    buyer: str | None = None
    state: IntentState = IntentState.PREPARED
    generation: int = 1
    invoice: str | None = None
    refusal: Refusal | None = None
    was_unknown: bool = False
    duplicates: tuple[str, ...] = ()  # invoices that carry our reference, found when looked once more
    needs_person: str | None = None  # why no machine can finish it, in words
    due_at: datetime | None = None
    version: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will be sent."""
        return self.state in (IntentState.MADE, IntentState.REFUSED)

    def next_step(self) -> int | None:
        """The index of the first step that is not done, None when all are."""
        return next((index for index, step in enumerate(self.steps) if not step.is_done), None)

    def step_key(self, index: int) -> str:
        """The provider's key of a step: the same for ever, for this intent, generation and step (≤ 36 characters)."""
        step = self.steps[index]
        text = f"{self.company}/{self.deal}/{self.key}/{self.generation}/{step.kind}/{step.line}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def next_key(self, index: int, rule: CreationRule, now: datetime) -> str:
        """The key to send a step with: the same as before while the provider still replays it, else a new one."""
        attempts = self.steps[index].attempts
        if not attempts or rule.key_lives is None:
            return self.step_key(index)
        last = attempts[-1]
        first_use = next(attempt.started_at for attempt in attempts if attempt.key == last.key)
        if not last.answered and now - first_use < rule.key_lives:
            return last.key
        return f"{self.step_key(index)}-{len(attempts)}"

    def begin_attempt(self, index: int, key: str, now: datetime) -> "Intent":
        """The intent with one more attempt of a step written down, to be stored before anything is sent."""
        step = self.steps[index]
        begun = replace(step, attempts=(*step.attempts, Attempt(key, now)))
        return replace(self, steps=_with(self.steps, index, begun), state=IntentState.SENDING, due_at=now + SETTLE)

    def answer_attempt(self, index: int, outcome: str | None) -> "Intent":
        """The intent after the provider answered: with the id it gave, or None where it did nothing."""
        step = self.steps[index]
        last = replace(step.attempts[-1], answered=True)
        answered = replace(step, attempts=(*step.attempts[:-1], last), outcome=outcome)
        return replace(self, steps=_with(self.steps, index, answered))

    def settled_at(self) -> datetime | None:
        """When a look-up can be trusted about the step in doubt, None where no step is."""
        index = self.next_step()
        if index is None or not self.steps[index].is_in_doubt:
            return None
        return self.steps[index].attempts[-1].started_at + SETTLE


@dataclass(frozen=True, slots=True)
class DealRecord:
    """What we keep of a deal: the version of its list of invoices, and the last intent that moved it."""

    company: CompanyId
    deal: DealId
    version: int = 0
    last_intent: IntentKey | None = None
    connections: tuple[str, ...] = field(default_factory=tuple)


def reference_of(company: CompanyId, deal: DealId, key: IntentKey, generation: int = 1) -> str:
    """Our reference on the invoice, the same for the same wish: short, unguessable, without any name in it."""
    digest = hashlib.sha256(f"{company}/{deal}/{key}/{generation}".encode()).hexdigest()
    return f"DB-{digest[:24]}"


def _with(steps: tuple[Step, ...], index: int, step: Step) -> tuple[Step, ...]:
    return (*steps[:index], step, *steps[index + 1 :])
