"""A person lands here after disconnecting inside the provider."""

from datetime import timedelta

from duebill.domain.connection import Health, Provider
from duebill.ports import Clock, Connections, Tokens
from duebill.use_cases.named_tenant import named_tenant

# The address is public and unsigned: however often it is called, tokens are not looked at more often than this.
_LOOK_AT_MOST_EVERY = timedelta(minutes=5)


def receive_disconnect_landing(
    provider: Provider, named: str | None, *, connections: Connections, tokens: Tokens, clock: Clock
) -> int:
    """Have the tokens of all connections to these books looked at soon; how many.

    The visit proves nothing, so it changes nothing: whether the consent is gone is for the provider's own answer.
    """
    tenant = named_tenant(named)
    if tenant is None:
        return 0
    looked_at = 0
    for company, connection_id in connections.of_tenant(provider, tenant):
        connection = connections.get(company, connection_id)
        if connection is None or connection.health is not Health.ACTIVE:
            continue
        token_set = tokens.get(company, connection.token_set)
        if token_set is None or token_set.dead_reason:
            continue
        tokens.set_due(company, token_set.id, max(clock.now(), token_set.refreshed_at + _LOOK_AT_MOST_EVERY))
        looked_at += 1
    return looked_at
