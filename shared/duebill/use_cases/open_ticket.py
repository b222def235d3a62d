"""Open the link to connect books: tie it to this browser and send the person to the provider."""

from collections.abc import Callable
from dataclasses import dataclass, field

from duebill.domain.connection import Provider
from duebill.domain.consent import TicketStep, secret_hash
from duebill.errors import ConditionFailed, ConsentFailed
from duebill.ports import Clock, Consents, Randomness, TokenIssuer

START_AGAIN = "Please open Duebill's settings in Pipedrive and press Connect again."


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """Where the person consents, and the secret that only this browser gets, as a cookie."""

    consent_url: str = field(repr=False)
    cookie_secret: str = field(repr=False)


def open_ticket(
    ticket_id: str,
    *,
    consents: Consents,
    issuer_of: Callable[[Provider], TokenIssuer],
    clock: Clock,
    randomness: Randomness,
) -> OpenedTicket:
    """Use the link up. Raises ConsentFailed for one that is unknown, expired or was opened before."""
    ticket = consents.ticket(ticket_id, clock.now())
    if ticket is None:
        raise ConsentFailed(f"This link has expired. {START_AGAIN}")
    if ticket.step is not TicketStep.ISSUED:
        raise ConsentFailed(f"This link was opened already. {START_AGAIN}")
    cookie_secret, state = randomness.token(), randomness.token()
    try:
        consents.change_ticket(ticket.opened(cookie_hash=secret_hash(cookie_secret), state_hash=secret_hash(state)))
    except ConditionFailed:
        raise ConsentFailed(f"This link was opened already. {START_AGAIN}") from None
    return OpenedTicket(issuer_of(ticket.provider).consent_url(state), cookie_secret)
