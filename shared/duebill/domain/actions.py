"""What can be done to an invoice, and when."""

from enum import StrEnum

from duebill.domain.invoice import Invoice
from duebill.domain.roles import Right
from duebill.domain.status import Stage


class Action(StrEnum):
    """Something that a person does to an invoice of the books."""

    SUBMIT = "submit"
    APPROVE = "approve"


_FROM = {
    Action.SUBMIT: frozenset({Stage.DRAFT}),
    Action.APPROVE: frozenset({Stage.DRAFT, Stage.AWAITING_APPROVAL}),
}
_TO = {Action.SUBMIT: Stage.AWAITING_APPROVAL, Action.APPROVE: Stage.ISSUED}
RIGHT = {Action.SUBMIT: Right.ACT, Action.APPROVE: Right.APPROVE}


def is_possible(action: Action, invoice: Invoice) -> bool:
    """Whether the invoice, as last known, can be acted on so."""
    return invoice.stage in _FROM[action]


def is_done(action: Action, invoice: Invoice) -> bool:
    """Whether the invoice is already where the action would bring it."""
    return invoice.stage is _TO[action]
