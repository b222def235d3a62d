"""Whether a request comes from the browser that opened a ticket."""

import hmac

from duebill.domain.consent import Ticket, secret_hash


def is_same_browser(ticket: Ticket, cookie_secret: str | None) -> bool:
    """Whether `cookie_secret` is the one that this ticket's browser was given; in constant time."""
    if ticket.cookie_hash is None or cookie_secret is None:
        return False
    return hmac.compare_digest(ticket.cookie_hash, secret_hash(cookie_secret))
