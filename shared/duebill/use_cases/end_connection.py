"""End a consent to books: tell the provider and forget the tokens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from duebill.domain.connection import Connection, Health, Provider
from duebill.domain.ids import CompanyId, ConnectionId, TenantId, TokenSetId
from duebill.errors import ConditionFailed, OutcomeUnknown, TryLater
from duebill.ports import BooksIssuer, Clock, Connections, Randomness, Tokens

RETRY = timedelta(minutes=15)
_LEASE = timedelta(seconds=30)
_NEEDED_SECONDS = 13.0  # one call of at most 10 s, and room to write down how it went


class Ending(StrEnum):
    """How a consent ended; in each case we do not use it any more."""

    REVOKED = "revoked"  # the provider knows
    FORGOTTEN = "forgotten"  # there was nothing to tell, or telling would have cut off others
    LATER = "later"  # the provider could not be reached: due work tells it


def end_connection(
    connection: Connection,
    *,
    connections: Connections,
    tokens: Tokens,
    issuer_of: Callable[[Provider], BooksIssuer],
    clock: Clock,
    randomness: Randomness,
) -> Ending:
    """Disconnect; settings and links stay. A pending connection is forgotten whole."""
    is_shared = leads_elsewhere(
        connection.provider, connection.tenant.id, connections, besides=(connection.company, connection.id)
    )
    if connection.health is not Health.PENDING:
        # First, so that nothing begins to use the tokens that are about to go.
        connections.save(replace(connection, health=Health.DISCONNECTED, reason=None))
    ending = end_consent(
        connection.company,
        connection.token_set,
        is_shared=is_shared,
        tokens=tokens,
        issuer=issuer_of(connection.provider),
        clock=clock,
        randomness=randomness,
    )
    if connection.health is Health.PENDING and ending is not Ending.LATER:
        connections.remove(connection.company, connection.id)
    return ending


def leads_elsewhere(
    provider: Provider,
    tenant: TenantId,
    connections: Connections,
    *,
    besides: tuple[CompanyId, ConnectionId] | None = None,
) -> bool:
    """Whether a connection other than `besides`, of whichever company, leads to the same books.

    Intuit lists one connection of an app per set of books, and one connect has been seen to end another
    (quickbooks.md §1 "one connection per company/app"; RepairDesk#585): then a consent is forgotten, not revoked.
    """
    for company, connection in connections.of_tenant(provider, tenant):
        if (company, connection) == besides:
            continue
        other = connections.get(company, connection)
        if other and other.health in (Health.ACTIVE, Health.PENDING):
            return True
    return False


def end_consent(
    company: CompanyId,
    token_set: TokenSetId,
    *,
    is_shared: bool,
    tokens: Tokens,
    issuer: BooksIssuer,
    clock: Clock,
    randomness: Randomness,
) -> Ending:
    """Revoke a token set at its issuer, unless others share it, and forget it."""
    found = tokens.get(company, token_set)
    if found is None:
        return Ending.FORGOTTEN
    now = clock.now()
    has_run_out = found.refresh_expires_at is not None and found.refresh_expires_at <= now
    if is_shared or found.dead_reason or has_run_out:
        tokens.remove(company, token_set)
        return Ending.FORGOTTEN
    if clock.time_left() < _NEEDED_SECONDS:
        tokens.set_due(company, token_set, now + RETRY)
        return Ending.LATER
    try:
        # Under the lease no renewal is under way, so the token that is revoked is the newest there is.
        tokens.take_lease(found, owner=randomness.token(), until=now + _LEASE, now=now, due_at=now + RETRY)
        issuer.revoke(found.refresh_token)
    except (ConditionFailed, TryLater, OutcomeUnknown):
        tokens.set_due(company, token_set, now + RETRY)
        return Ending.LATER
    tokens.remove(company, token_set)
    return Ending.REVOKED
