"""Begin to connect books: our own one-use link."""

from duebill.domain.connection import Provider
from duebill.domain.consent import CONSENT_LIVES, Ticket
from duebill.domain.installation import Installation
from duebill.domain.roles import Right, standing
from duebill.errors import InvalidRequest
from duebill.ports import Clock, Connections, Consents, Installations, Randomness, SettingsStore


def begin_connect(
    caller: Installation,
    provider: Provider,
    *,
    offered: tuple[Provider, ...],
    base_url: str,
    installations: Installations,
    connections: Connections,
    settings: SettingsStore,
    consents: Consents,
    clock: Clock,
    randomness: Randomness,
) -> str:
    """A link, good once within 10 minutes, to open at top level: a framed page can set no cookie.

    Raises NotAllowed, InvalidRequest for a provider at which this deployment has no app.
    """
    if provider not in offered:
        raise InvalidRequest(f"{provider.label} cannot be connected here yet.", fields=("/provider",))
    colleagues = installations.of_company(caller.company)
    roles = settings.company(caller.company).roles
    standing(caller, colleagues, connections.of_company(caller.company), roles).require(Right.CONFIGURE)
    ticket = Ticket(
        id=randomness.token(),
        company=caller.company,
        user=caller.user,
        provider=provider,
        company_name=caller.company_name,
        expires_at=clock.now() + CONSENT_LIVES,
    )
    consents.put_ticket(ticket)
    return f"{base_url}/connect/{ticket.id}"
