"""One press of a button on an invoice: who wants what, with which key, and how far it came.

It is written down before anything is sent, so that whoever comes after a crash, or with the same key, knows what may
have happened. An e-mail is sent in no more than one of its states.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from duebill.domain.actions import Action
from duebill.domain.ids import CompanyId, ConnectionId, DealId, InvoiceId, UserId
from duebill.domain.intent import Refusal
from duebill.domain.mail import Mail

PRESS_LIVES = timedelta(days=40)  # a page repeats a press within minutes


class PressState(StrEnum):
    """prepared → sending → done | refused; back to prepared where surely nothing was done."""

    PREPARED = "prepared"
    SENDING = "sending"  # with nobody at work: the outcome is unknown
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Press:
    """`key` is the page's; `at` is when it began; `mail` says to whom, for an e-mail."""

    company: CompanyId
    deal: DealId
    connection: ConnectionId
    invoice: InvoiceId
    action: Action
    key: str
    by: UserId
    at: datetime
    mail: Mail | None = None
    state: PressState = PressState.PREPARED
    refusal: Refusal | None = None
    version: int = 0

    def is_same_as(self, other: "Press") -> bool:
        """Whether both are one press: the same wish of the same person."""
        return replace(self, at=other.at, state=other.state, refusal=other.refusal, version=other.version) == other

    def provider_key(self, attempt: int) -> str:
        """The key of one sending, 32 characters: the same for the same press, for ever."""
        text = f"{self.company}/{self.connection}/{self.by}/{self.key}/{self.action}/{self.invoice}/{attempt}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]
