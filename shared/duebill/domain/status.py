"""The eight statuses of an invoice, and the one rule that decides which is shown."""

from datetime import date
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """What a person is shown."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    OPEN = "open"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    OVERDUE = "overdue"
    VOIDED = "voided"
    DELETED = "deleted"


class Stage(StrEnum):
    """What the books say of an invoice, before money and time are looked at."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    ISSUED = "issued"
    VOIDED = "voided"
    DELETED = "deleted"


_BY_STAGE = {
    Stage.DELETED: Status.DELETED,
    Stage.VOIDED: Status.VOIDED,
    Stage.DRAFT: Status.DRAFT,
    Stage.AWAITING_APPROVAL: Status.AWAITING_APPROVAL,
}


def status_of(stage: Stage, *, total: Decimal, balance: Decimal, due_on: date | None, today: date) -> Status:
    """The status to show: deleted > voided > draft > awaiting approval > paid > overdue > partially paid > open.

    `today` is the date in the tenant's own time zone; an invoice is overdue from the day after its due date.
    """
    if stage in _BY_STAGE:
        return _BY_STAGE[stage]
    if balance <= 0:
        return Status.PAID
    if due_on is not None and due_on < today:
        return Status.OVERDUE
    return Status.PARTIALLY_PAID if balance < total else Status.OPEN
