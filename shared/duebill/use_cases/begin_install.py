"""Begin an install."""

from duebill.domain.consent import CONSENT_LIVES, InstallState
from duebill.ports import Clock, Consents, Randomness, TokenIssuer


def begin_install(*, consents: Consents, issuer: TokenIssuer, clock: Clock, randomness: Randomness) -> str:
    """The URL of the CRM's consent page, with a `state` that is good once within 10 minutes."""
    state = randomness.token()
    consents.put_install_state(InstallState(state, clock.now() + CONSENT_LIVES))
    return issuer.consent_url(state)
