"""Write down that a person must consent again."""

from dataclasses import replace

from duebill.domain.connection import Connection, Health
from duebill.domain.ids import CompanyId, TokenSetId
from duebill.ports import Clock, Connections


def mark_reconnect(connection: Connection, reason: str, *, connections: Connections, clock: Clock) -> bool:
    """On one connection, if it is active; whether it was."""
    if connection.health is not Health.ACTIVE:
        return False
    connections.save(replace(connection, health=Health.RECONNECT, reason=reason, checked_at=clock.now()))
    return True


def mark_all_reconnect(
    company: CompanyId, token_set: TokenSetId, reason: str, *, connections: Connections, clock: Clock
) -> int:
    """On every active connection that a token set opened: it died, and with it all of them. How many."""
    sharing = [each for each in connections.of_company(company) if each.token_set == token_set]
    return sum(mark_reconnect(each, reason, connections=connections, clock=clock) for each in sharing)
