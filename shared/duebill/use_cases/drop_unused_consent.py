"""Due work on a token set: end it if nothing uses it."""

from collections.abc import Callable
from datetime import timedelta

from duebill.domain.connection import Health, Provider
from duebill.domain.ids import CompanyId, TokenSetId
from duebill.domain.tokens import Issuer
from duebill.ports import BooksIssuer, Clock, Connections, Installations, Randomness, Tokens
from duebill.use_cases.complete_install import crm_token_set
from duebill.use_cases.end_connection import end_connection, end_consent, is_still_to_be_told

# A ticket that was answered in its last second is still being written down by a function that ends at 29 s.
UNCONFIRMED_GRACE = timedelta(minutes=1)


def drop_unused_consent(
    company: CompanyId,
    token_set: TokenSetId,
    *,
    tokens: Tokens,
    connections: Connections,
    installations: Installations,
    issuer_of: Callable[[Provider], BooksIssuer],
    clock: Clock,
    randomness: Randomness,
) -> bool:
    """End what of a consent nobody confirmed, or whose end did not reach the provider; else touch nothing.

    Whether it was wholly unused: then there is nothing to keep fresh. Runs before a due token set is renewed.
    """
    found = tokens.get(company, token_set)
    if found is None:
        return True
    colleagues = installations.of_company(company)
    if found.issuer is Issuer.PIPEDRIVE:
        if any(crm_token_set(colleague.user) == token_set for colleague in colleagues):
            return False
        tokens.remove(company, token_set)
        return True
    holders = [connection for connection in connections.of_company(company) if connection.token_set == token_set]
    in_use = bool(colleagues) and any(holder.health in (Health.ACTIVE, Health.RECONNECT) for holder in holders)
    for holder in holders:
        # Beside connections that work there may be some that were not chosen, or whose end was not heard of yet.
        if not in_use or holder.health is Health.PENDING or is_still_to_be_told(holder):
            end_connection(
                holder, connections=connections, tokens=tokens, issuer_of=issuer_of, clock=clock, randomness=randomness
            )
    if not holders:
        end_consent(
            company,
            token_set,
            link=None,
            is_shared=False,
            besides=None,
            connections=connections,
            tokens=tokens,
            issuer=issuer_of(Provider(found.issuer.value)),
            clock=clock,
            randomness=randomness,
        )
    return not in_use
