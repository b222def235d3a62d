"""Uninstall: forget a user, and with the last one the company."""

from collections.abc import Callable
from datetime import timedelta

from duebill.domain.connection import Health, Provider
from duebill.domain.ids import CompanyId, UserId
from duebill.ports import BooksIssuer, Clock, Connections, CrmWebhooksStore, Erasure, Installations, Randomness, Tokens
from duebill.use_cases.complete_install import crm_token_set
from duebill.use_cases.end_connection import end_connection

KEPT = timedelta(days=30)


def uninstall(
    company: CompanyId,
    user: UserId,
    *,
    installations: Installations,
    tokens: Tokens,
    connections: Connections,
    erasure: Erasure,
    crm_webhooks: CrmWebhooksStore,
    issuer_of: Callable[[Provider], BooksIssuer],
    clock: Clock,
    randomness: Randomness,
) -> None:
    """Forget the user's install and tokens; may come twice. Connections stay while a colleague is left.

    With the last one every connection ends, and all that is kept of the company is erased in 30 days. The CRM tells
    us once and reads no answer (pipedrive.md §1.5): what a provider does not answer now, due work tells it later.
    """
    installations.remove(company, user)
    tokens.remove(company, crm_token_set(user))
    # The CRM itself takes away what was registered for this user (pipedrive.md §1.5); nothing here could any more.
    if installations.of_company(company):
        crm_webhooks.plan(company, clock.now())  # for one of those who are left
        return
    crm_webhooks.forget(company)
    erasure.plan(company, clock.now() + KEPT)
    for connection in connections.of_company(company):
        if connection.health is not Health.DISCONNECTED:
            end_connection(
                connection,
                connections=connections,
                tokens=tokens,
                issuer_of=issuer_of,
                clock=clock,
                randomness=randomness,
            )
