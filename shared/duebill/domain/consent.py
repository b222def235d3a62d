"""Consents under way: an install that we began, and a ticket to connect books."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from duebill.domain.connection import Connection, Provider
from duebill.domain.ids import CompanyId, UserId

CONSENT_LIVES = timedelta(minutes=10)


def secret_hash(secret: str) -> str:
    """What is stored of a one-use secret; the secrets have 128 random bits and more, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class InstallState:
    """The `state` of an install that we began; one use."""

    state: str = field(repr=False)
    expires_at: datetime


class TicketStep(StrEnum):
    """How far a connect has come; it never goes back."""

    ISSUED = "issued"
    OPENED = "opened"
    RETURNED = "returned"  # came back with a code, which is being exchanged: never twice at the same time
    CONSENTED = "consented"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right of one user to connect one kind of books, once.

    Opening it ties it to a browser (`cookie_hash`) and to one trip to the provider (`state_hash`); the callback puts
    the pending connection here, and only a confirmation from the same browser activates it.
    """

    id: str = field(repr=False)
    company: CompanyId
    user: UserId
    provider: Provider
    company_name: str
    expires_at: datetime
    step: TicketStep = TicketStep.ISSUED
    cookie_hash: str | None = None
    state_hash: str | None = None
    pending: tuple[Connection, ...] = ()
    version: int = 0

    def opened(self, *, cookie_hash: str, state_hash: str) -> "Ticket":
        """The ticket after its link was opened in a browser."""
        return replace(self, step=TicketStep.OPENED, cookie_hash=cookie_hash, state_hash=state_hash)

    def returned(self) -> "Ticket":
        """The ticket while the code that the person came back with is exchanged."""
        return replace(self, step=TicketStep.RETURNED)

    def consented(self, pending: tuple[Connection, ...]) -> "Ticket":
        """The ticket after the provider sent the person back with a code that was good."""
        return replace(self, step=TicketStep.CONSENTED, pending=pending)

    def confirmed(self) -> "Ticket":
        """The ticket after the person said yes."""
        return replace(self, step=TicketStep.CONFIRMED)
