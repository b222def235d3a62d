"""Complete a consent to books: a code becomes pending connections and a question."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from duebill.domain.connection import Connection, ConsentedBooks, Health, Provider
from duebill.domain.consent import Ticket, TicketStep
from duebill.domain.ids import ConnectionId, TenantId, TokenSetId
from duebill.domain.tokens import Grant, Issuer
from duebill.errors import (
    BooksRefused,
    ConditionFailed,
    ConsentFailed,
    DuebillError,
    NotFound,
    ReconnectRequired,
)
from duebill.ports import BooksIssuer, Clock, Connections, Consents, Randomness, Tokens
from duebill.use_cases.drop_unused_consent import UNCONFIRMED_GRACE
from duebill.use_cases.end_connection import leads_elsewhere
from duebill.use_cases.named_tenant import named_tenant
from duebill.use_cases.new_token_set import new_token_set
from duebill.use_cases.open_ticket import START_AGAIN
from duebill.use_cases.same_browser import is_same_browser

type ReadBooks = Callable[[Grant, TenantId | None], tuple[ConsentedBooks, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """ "Give Pipedrive company X access to the books Y?", to be answered in the same browser."""

    ticket_id: str = field(repr=False)
    provider: Provider
    company_name: str
    pending: tuple[Connection, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brought back from the provider's consent page, and its cookie."""

    provider: Provider
    code: str | None = field(default=None, repr=False)
    state: str | None = field(default=None, repr=False)
    tenant: str | None = None
    error: str | None = None
    cookie_secret: str | None = field(default=None, repr=False)


def complete_connect(
    returned: Returned,
    *,
    consents: Consents,
    connections: Connections,
    tokens: Tokens,
    issuer: BooksIssuer,
    read_books: ReadBooks,
    clock: Clock,
    randomness: Randomness,
) -> Question:
    """Exchange the code, prove the books by reads with the new token, keep all pending, and ask.

    Works only for a state of ours, in the browser that opened the ticket. A connection that works goes on working
    until the answer. Raises ConsentFailed: before the exchange nothing has happened, after it the consent is ended.
    """
    ticket = _own_ticket(returned, consents, clock)
    if ticket.step is TicketStep.CONSENTED:  # the page was loaded again: the same question, the code is used up
        return _question(ticket)
    code, tenant = _checked(returned, ticket)
    ticket = _step(ticket.returned(), consents)
    grant = issuer.exchange(code)
    books = _proven(grant, tenant, returned.provider, read_books, connections, issuer, ticket)
    pending = _keep(grant, books, ticket, connections, tokens, clock, randomness)
    return _question(_step(ticket.consented(pending), consents))


def _own_ticket(returned: Returned, consents: Consents, clock: Clock) -> Ticket:
    ticket = consents.ticket_of_state(returned.state, clock.now()) if returned.state else None
    if ticket is None or ticket.provider is not returned.provider:
        raise ConsentFailed(f"This consent was not begun here, or more than 10 minutes ago. {START_AGAIN}")
    if not is_same_browser(ticket, returned.cookie_secret):
        raise ConsentFailed(f"This consent was begun in another browser, so nothing was connected. {START_AGAIN}")
    return ticket


def _checked(returned: Returned, ticket: Ticket) -> tuple[str, TenantId | None]:
    label = returned.provider.label
    if ticket.step is not TicketStep.OPENED:
        raise ConsentFailed(f"This consent was used already. {START_AGAIN}")
    if returned.error:
        raise ConsentFailed(
            f"You did not allow access to {label}, so nothing was connected. {START_AGAIN}", code="consent_denied"
        )
    tenant = named_tenant(returned.tenant) if returned.provider.names_tenant else None
    if not returned.code or (tenant is None and returned.provider.names_tenant):
        raise ConsentFailed(f"{label} sent you back without saying which books you chose. {START_AGAIN}")
    return returned.code, tenant


def _step(ticket: Ticket, consents: Consents) -> Ticket:
    try:
        consents.change_ticket(ticket)
    except ConditionFailed:
        raise ConsentFailed(f"This consent is being completed already. {START_AGAIN}") from None
    return replace(ticket, version=ticket.version + 1)


def _proven(
    grant: Grant,
    tenant: TenantId | None,
    provider: Provider,
    read_books: ReadBooks,
    connections: Connections,
    issuer: BooksIssuer,
    ticket: Ticket,
) -> tuple[ConsentedBooks, ...]:
    try:
        books = read_books(grant, tenant)
    except ConsentFailed:  # it opens nothing, and says why: there is nothing to give back
        raise
    except (ReconnectRequired, BooksRefused, NotFound) as error:
        _give_back(grant, issuer)
        raise ConsentFailed(f"The consent does not open the books that were named. {START_AGAIN}") from error
    except DuebillError as error:
        # Not known to be a fraud, so books that are connected already keep their consent.
        if tenant is None or not leads_elsewhere(provider, tenant, connections):
            _give_back(grant, issuer)
        raise ConsentFailed(
            f"{provider.label} did not answer when it was asked about the books of {ticket.company_name}, "
            f"so nothing was connected. {START_AGAIN}"
        ) from error
    if tenant is not None and [each.tenant.id for each in books] != [tenant]:
        _give_back(grant, issuer)
        raise ConsentFailed(f"The consent opens other books than those that were named. {START_AGAIN}")
    return books


def _give_back(grant: Grant, issuer: BooksIssuer) -> None:
    # Best effort: tokens that are stored nowhere open nothing for anybody, and die by themselves. Where a consent opens
    # links, revoking would end those of other companies too.
    if issuer.has_links:
        return
    with suppress(DuebillError):
        issuer.revoke(grant.refresh_token)


def _keep(
    grant: Grant,
    books: tuple[ConsentedBooks, ...],
    ticket: Ticket,
    connections: Connections,
    tokens: Tokens,
    clock: Clock,
    randomness: Randomness,
) -> tuple[Connection, ...]:
    now = clock.now()
    token_set = TokenSetId(f"{ticket.provider.value}-{randomness.token()}")
    pending = tuple(
        Connection(
            id=ConnectionId(randomness.token()),
            company=ticket.company,
            provider=ticket.provider,
            tenant=each.tenant,
            token_set=token_set,
            manager=ticket.user,
            health=Health.PENDING,
            connected_at=now,
            provider_connection=each.provider_connection,
        )
        for each in books
    )
    # The connections first: what looks after unused token sets finds in them which books these tokens open.
    for connection in pending:
        connections.save(connection)
    tokens.create(
        new_token_set(ticket.company, token_set, Issuer(ticket.provider.value), grant, now),
        due_at=ticket.expires_at + UNCONFIRMED_GRACE,
    )
    return pending


def _question(ticket: Ticket) -> Question:
    return Question(ticket.id, ticket.provider, ticket.company_name, ticket.pending)
