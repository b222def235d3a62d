"""What can be done to an invoice, and when: one table, from which the panel, the API and docs/features.md are made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from duebill.domain.features import Feature
from duebill.domain.invoice import Invoice
from duebill.domain.roles import Right
from duebill.domain.status import Stage


class Action(StrEnum):
    """Something that a person does to an invoice of the books, or asks of them about it."""

    SUBMIT = "submit"
    APPROVE = "approve"
    VOID = "void"
    DELETE = "delete"
    EMAIL = "email"
    PDF = "pdf"
    OPEN = "open"
    PAY_LINK = "pay_link"
    COPY = "copy_as_new"


class Situation(StrEnum):
    """What decides: the stage, and whether anything hangs on the invoice."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    UNPAID = "unpaid"
    TIED = "tied"  # something was paid or credited, or another transaction is linked
    PAID = "paid"
    VOIDED = "voided"
    DELETED = "deleted"


class Asks(StrEnum):
    """How often the person is asked before it is done."""

    NEVER = "never"
    ONCE = "once"  # it cannot be undone
    TWICE = "twice"  # … and payments or other transactions hang on it


class Reason(StrEnum):
    """Why an action cannot be done: a stable code. `sentence` says it to a person."""

    NOT_HERE = "not_in_these_books"
    NOT_ALLOWED = "not_allowed"
    NOT_CONNECTED = "not_connected"
    SUBMITTED = "submitted_already"
    APPROVED = "approved_already"
    NOT_ISSUED = "not_issued"
    DELETE_INSTEAD = "delete_instead"
    VOID_INSTEAD = "void_instead"
    HAS_PAYMENTS = "has_payments"
    NOTHING_DUE = "nothing_due"
    STILL_THERE = "still_there"
    MADE_ELSEWHERE = "made_elsewhere"
    VOIDED = "voided"
    DELETED = "deleted"

    def sentence(self, books: str) -> str:
        """For a person; `books` is the provider's name."""
        return _SENTENCES[self].format(books=books)


_SENTENCES = {
    Reason.NOT_HERE: "Invoices in {books} know no approval.",
    Reason.NOT_ALLOWED: "You are not among those who may do this; who may is set in Duebill's settings.",
    Reason.NOT_CONNECTED: "{books} must be connected again first: see Duebill's settings.",
    Reason.SUBMITTED: "It waits for approval already.",
    Reason.APPROVED: "It is approved already.",
    Reason.NOT_ISSUED: "It is not approved yet.",
    Reason.DELETE_INSTEAD: "It is not approved yet: delete it instead.",
    Reason.VOID_INSTEAD: "An approved invoice is not deleted in {books}: void it instead.",
    Reason.HAS_PAYMENTS: "It has payments or credits. Remove them in {books} first, then try again.",
    Reason.NOTHING_DUE: "Nothing is due on it any more.",
    Reason.STILL_THERE: "Copies are made of voided and deleted invoices. For another one, invoice the deal again.",
    Reason.MADE_ELSEWHERE: "It was made in {books}, so its lines are not known here. Make a new invoice from the deal.",
    Reason.VOIDED: "It is voided, and that cannot be undone.",
    Reason.DELETED: "It was deleted in {books}.",
}

RIGHT: Mapping[Action, Right] = {
    Action.SUBMIT: Right.ACT,
    Action.APPROVE: Right.APPROVE,
    Action.VOID: Right.ACT,
    Action.DELETE: Right.ACT,
    Action.EMAIL: Right.ACT,
    Action.PDF: Right.SEE,
    Action.OPEN: Right.SEE,
    Action.PAY_LINK: Right.SEE,
    Action.COPY: Right.CREATE,
}
_NEEDS: Mapping[Action, Feature] = {Action.SUBMIT: Feature.APPROVAL, Action.APPROVE: Feature.APPROVAL}


@dataclass(frozen=True, slots=True)
class Where:
    """A cell that depends on the books: `then` where they have the feature, else `otherwise`."""

    feature: Feature
    then: Asks
    otherwise: Reason


type Cell = Asks | Reason | Where
type Row = tuple[Cell, Cell, Cell, Cell, Cell, Cell, Cell]

_VOIDS_PAID = Where(Feature.VOIDS_PAID, Asks.TWICE, Reason.HAS_PAYMENTS)
_DELETES_PAID = Where(Feature.DELETES_ISSUED, Asks.TWICE, Reason.HAS_PAYMENTS)
_END = (Reason.VOIDED, Reason.DELETED)
_APPROVED = (Reason.APPROVED,) * 3
_ISSUED_ONLY = (Reason.NOT_ISSUED,) * 2
_ALWAYS = (Asks.NEVER,) * 5

# In the order of Situation: draft, awaiting approval, unpaid, tied, paid, voided, deleted.
TABLE: Mapping[Action, Row] = {
    Action.SUBMIT: (Asks.NEVER, Reason.SUBMITTED, *_APPROVED, *_END),
    Action.APPROVE: (Asks.NEVER, Asks.NEVER, *_APPROVED, *_END),
    Action.VOID: (Reason.DELETE_INSTEAD, Reason.DELETE_INSTEAD, Asks.ONCE, _VOIDS_PAID, _VOIDS_PAID, *_END),
    Action.DELETE: (
        Asks.ONCE,
        Asks.ONCE,
        Where(Feature.DELETES_ISSUED, Asks.ONCE, Reason.VOID_INSTEAD),
        _DELETES_PAID,
        _DELETES_PAID,
        Where(Feature.DELETES_ISSUED, Asks.ONCE, Reason.VOIDED),
        Reason.DELETED,
    ),
    Action.EMAIL: (*_ISSUED_ONLY, Asks.NEVER, Asks.NEVER, Asks.NEVER, *_END),
    Action.PDF: (*_ALWAYS, Asks.NEVER, Reason.DELETED),
    Action.OPEN: (*_ALWAYS, Asks.NEVER, Reason.DELETED),
    Action.PAY_LINK: (*_ISSUED_ONLY, Asks.NEVER, Asks.NEVER, Reason.NOTHING_DUE, *_END),
    Action.COPY: (*(Reason.STILL_THERE,) * 5, Asks.NEVER, Asks.NEVER),
}

_REACHES: Mapping[Action, frozenset[Stage]] = {
    Action.SUBMIT: frozenset({Stage.AWAITING_APPROVAL}),
    Action.APPROVE: frozenset({Stage.ISSUED}),
    Action.VOID: frozenset({Stage.VOIDED}),
    Action.DELETE: frozenset({Stage.DELETED}),
}
_BY_STAGE = {
    Stage.DRAFT: Situation.DRAFT,
    Stage.AWAITING_APPROVAL: Situation.AWAITING_APPROVAL,
    Stage.VOIDED: Situation.VOIDED,
    Stage.DELETED: Situation.DELETED,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether an action is possible (`reason` is None), and how often it asks first."""

    action: Action
    asks: Asks = Asks.NEVER
    reason: Reason | None = None

    @property
    def is_possible(self) -> bool:
        """Whether it can be done."""
        return self.reason is None


def situation_of(invoice: Invoice) -> Situation:
    """Where the invoice stands for what can be done to it."""
    if invoice.stage in _BY_STAGE:
        return _BY_STAGE[invoice.stage]
    if invoice.balance <= 0:
        return Situation.PAID
    return Situation.TIED if invoice.is_linked or invoice.balance < invoice.total else Situation.UNPAID


def cell(action: Action, situation: Situation, features: frozenset[Feature]) -> Asks | Reason:
    """What the table says for books with these features."""
    if action in _NEEDS and _NEEDS[action] not in features:
        return Reason.NOT_HERE
    found = TABLE[action][list(Situation).index(situation)]
    if isinstance(found, Where):
        return found.then if found.feature in features else found.otherwise
    return found


def offer_of(
    action: Action,
    invoice: Invoice,
    features: frozenset[Feature],
    rights: Iterable[Right],
    *,
    is_connected: bool = True,
    made_here: bool = True,
) -> Offer:
    """Whether somebody with these rights can do this to the invoice, as far as is known.

    `made_here`: whether we know its lines, without which there is nothing to copy.
    """
    found = cell(action, situation_of(invoice), features)
    if found is Reason.NOT_HERE:
        return Offer(action, reason=found)
    if RIGHT[action] not in rights:
        return Offer(action, reason=Reason.NOT_ALLOWED)
    if isinstance(found, Reason):
        return Offer(action, reason=found)
    if not is_connected and action is not Action.OPEN:
        return Offer(action, reason=Reason.NOT_CONNECTED)
    if action is Action.COPY and not made_here:
        return Offer(action, reason=Reason.MADE_ELSEWHERE)
    return Offer(action, found)


def is_done(action: Action, invoice: Invoice) -> bool:
    """Whether the invoice is already where the action would bring it; never so for what can be done again."""
    return invoice.stage in _REACHES.get(action, ())
