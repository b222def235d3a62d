"""End a consent to books: tell the provider and forget the tokens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from duebill.domain.connection import Connection, Health, Provider
from duebill.domain.ids import CompanyId, ConnectionId, TenantId, TokenSetId
from duebill.domain.tokens import TokenSet
from duebill.errors import ConditionFailed, OutcomeUnknown, ReconnectRequired, TryLater
from duebill.ports import BooksIssuer, Clock, Connections, Randomness, Tokens
from duebill.use_cases.fresh_tokens import KeptTokens
from duebill.use_cases.mark_reconnect import mark_all_reconnect

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
    """Disconnect; settings and links stay, and so do connections that share its consent. A pending one is forgotten."""
    is_shared = leads_elsewhere(
        connection.provider, connection.tenant.id, connections, besides=(connection.company, connection.id)
    )
    ended = replace(connection, health=Health.DISCONNECTED, reason=None)
    if connection.health is not Health.PENDING:
        # First, so that nothing begins to use the tokens that are about to go.
        connections.save(ended)
    ending = end_consent(
        connection.company,
        connection.token_set,
        link=connection.provider_connection,
        is_shared=is_shared,
        besides=connection.id,
        connections=connections,
        tokens=tokens,
        issuer=issuer_of(connection.provider),
        clock=clock,
        randomness=randomness,
    )
    if ending is Ending.LATER:
        return ending
    if connection.health is Health.PENDING:
        connections.remove(connection.company, connection.id)
    elif ended.provider_connection is not None:
        connections.save(replace(ended, provider_connection=None))  # nothing is left to tell
    return ending


def is_needed(
    token_set: TokenSetId, connections: Connections, *, company: CompanyId, besides: ConnectionId | None
) -> bool:
    """Whether another connection uses a token set, or needs it once more to end its link."""
    return any(
        other.token_set == token_set and (other.health is not Health.DISCONNECTED or is_still_to_be_told(other))
        for other in connections.of_company(company)
        if other.id != besides
    )


def is_still_to_be_told(connection: Connection) -> bool:
    """Whether a connection has ended here and its link at the provider has not."""
    return connection.health is Health.DISCONNECTED and connection.provider_connection is not None


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
    link: str | None,
    is_shared: bool,
    besides: ConnectionId | None,
    connections: Connections,
    tokens: Tokens,
    issuer: BooksIssuer,
    clock: Clock,
    randomness: Randomness,
) -> Ending:
    """Tell the issuer, unless others share what would end; forget the tokens, unless others use them."""
    found = tokens.get(company, token_set)
    if found is None:
        return Ending.FORGOTTEN
    now = clock.now()
    needed = is_needed(token_set, connections, company=company, besides=besides)
    has_run_out = found.refresh_expires_at is not None and found.refresh_expires_at <= now
    is_ours_to_end = link is not None if issuer.has_links else not needed
    told = False
    if is_ours_to_end and not (is_shared or found.dead_reason or has_run_out):
        if clock.time_left() < _NEEDED_SECONDS:
            tokens.set_due(company, token_set, now + RETRY)
            return Ending.LATER
        try:
            if issuer.has_links:
                told = _unlink(found, link or "", connections, tokens, issuer, clock, randomness)
            else:
                told = _revoke(found, tokens, issuer, clock, randomness)
        except (ConditionFailed, TryLater, OutcomeUnknown):
            tokens.set_due(company, token_set, now + RETRY)
            return Ending.LATER
    if not needed:
        tokens.remove(company, token_set)
    return Ending.REVOKED if told else Ending.FORGOTTEN


def _revoke(found: TokenSet, tokens: Tokens, issuer: BooksIssuer, clock: Clock, randomness: Randomness) -> bool:
    # Under the lease no renewal is under way, so the token that is revoked is the newest there is.
    now = clock.now()
    tokens.take_lease(found, owner=randomness.token(), until=now + _LEASE, now=now, due_at=now + RETRY)
    issuer.revoke(found.refresh_token)
    return True


def _unlink(
    found: TokenSet,
    link: str,
    connections: Connections,
    tokens: Tokens,
    issuer: BooksIssuer,
    clock: Clock,
    randomness: Randomness,
) -> bool:
    """End one link with a good access token; whether that was possible at all."""

    def on_dead(reason: str) -> None:
        mark_all_reconnect(found.company, found.id, reason, connections=connections, clock=clock)

    kept = KeptTokens(found.company, found.id, tokens, issuer, clock, randomness, on_dead)
    try:
        token = kept.current()
        try:
            issuer.unlink(token, link)
        except ReconnectRequired:
            issuer.unlink(kept.instead_of(token), link)
    except ReconnectRequired:  # the consent has ended, and this link with it
        return False
    return True
