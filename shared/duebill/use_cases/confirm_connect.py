"""Answer the question "give company X access to the books Y?": only this activates a connection."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from duebill.domain.connection import Connection, Health, Provider
from duebill.domain.consent import Ticket, TicketStep
from duebill.domain.ids import ConnectionId, UserId
from duebill.domain.installation import Installation
from duebill.domain.roles import Right, standing
from duebill.errors import ConditionFailed, ConsentFailed, NotAllowed
from duebill.ports import (
    BooksIssuer,
    Clock,
    Connections,
    Consents,
    Installations,
    Randomness,
    SettingsStore,
    Tokens,
    Watches,
)
from duebill.use_cases.end_connection import end_connection, is_needed
from duebill.use_cases.fresh_tokens import next_look
from duebill.use_cases.open_ticket import START_AGAIN
from duebill.use_cases.same_browser import is_same_browser


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person said: `which` of several pending connections; none named: the only one."""

    is_yes: bool
    which: tuple[ConnectionId, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How it ended: who answered, and the connections that work now; none after a no."""

    installation: Installation
    provider: Provider
    connections: tuple[Connection, ...]


def confirm_connect(
    ticket_id: str,
    answer: Answer,
    *,
    cookie_secret: str | None,
    consents: Consents,
    connections: Connections,
    tokens: Tokens,
    installations: Installations,
    settings: SettingsStore,
    watches: Watches,
    issuer_of: Callable[[Provider], BooksIssuer],
    clock: Clock,
    randomness: Randomness,
) -> Confirmed:
    """Yes: the chosen connections become active, the others end. No: all end, and the consent is forgotten.

    Raises ConsentFailed: another browser, too late, answered before, or the person may not connect any more.
    """
    ticket = _open_question(ticket_id, cookie_secret, consents, clock)
    chosen = _chosen(ticket, answer.which) if answer.is_yes else ()
    try:
        consents.change_ticket(ticket.confirmed())
    except ConditionFailed:
        raise ConsentFailed(f"This question was answered already. {START_AGAIN}") from None

    def end_others() -> None:
        for pending in ticket.pending:
            if pending not in chosen:
                end_connection(
                    pending,
                    connections=connections,
                    tokens=tokens,
                    issuer_of=issuer_of,
                    clock=clock,
                    randomness=randomness,
                )

    try:
        installation = _who_may_connect(ticket, installations, connections, settings)
    except ConsentFailed:
        chosen = ()
        end_others()
        raise
    # The chosen first: the tokens are forgotten only where no connection uses them.
    active = tuple(_activate(pending, connections, tokens, installations) for pending in chosen)
    end_others()
    for connection in active:  # one that is reconnected has missed whatever happened meanwhile
        watches.want(connection.company, connection.id, by=clock.now())
    if active:
        _make_default_where_none_is(active[0], connections, settings)
    return Confirmed(installation, ticket.provider, active)


def _open_question(ticket_id: str, cookie_secret: str | None, consents: Consents, clock: Clock) -> Ticket:
    ticket = consents.ticket(ticket_id, clock.now())
    if ticket is None:
        raise ConsentFailed(f"This question has expired, so nothing was connected. {START_AGAIN}")
    if not is_same_browser(ticket, cookie_secret):
        raise ConsentFailed(f"This question was asked in another browser, so nothing was connected. {START_AGAIN}")
    if ticket.step is not TicketStep.CONSENTED:
        raise ConsentFailed(f"There is nothing to answer here any more. {START_AGAIN}")
    return ticket


def _chosen(ticket: Ticket, which: tuple[ConnectionId, ...]) -> tuple[Connection, ...]:
    chosen = tuple(pending for pending in ticket.pending if pending.id in which)
    if not which and len(ticket.pending) == 1:
        return ticket.pending
    if not chosen or len(chosen) != len(set(which)):
        raise ConsentFailed("Please go back and say which books are meant.")
    return chosen


def _who_may_connect(
    ticket: Ticket, installations: Installations, connections: Connections, settings: SettingsStore
) -> Installation:
    installation = installations.get(ticket.company, ticket.user)
    if installation is None:
        raise ConsentFailed("Duebill was uninstalled meanwhile, so nothing was connected. Please install it again.")
    colleagues = installations.of_company(ticket.company)
    roles = settings.company(ticket.company).roles
    try:
        standing(installation, colleagues, connections.of_company(ticket.company), roles).require(Right.CONFIGURE)
    except NotAllowed as error:
        raise ConsentFailed(f"{error.message} Nothing was connected.") from error
    return installation


def _activate(
    pending: Connection, connections: Connections, tokens: Tokens, installations: Installations
) -> Connection:
    token_set = tokens.get(pending.company, pending.token_set)
    if token_set is None:
        raise ConsentFailed(f"This consent has expired, so nothing was connected. {START_AGAIN}")
    earlier = _earlier(pending, connections)
    if earlier is None:
        active = replace(pending, health=Health.ACTIVE)
    else:  # settings and links hang on the id
        manager = _manager(earlier, pending, installations)
        active = replace(pending, id=earlier.id, manager=manager, health=Health.ACTIVE)
    connections.save(active)
    # Only now: until here the set was due to be dropped as unconfirmed.
    tokens.set_due(active.company, active.token_set, next_look(token_set))
    if earlier is not None:
        connections.remove(pending.company, pending.id)
        # Forgotten, never revoked: at Intuit a second consent to the same books may share the first one's grant.
        if not is_needed(earlier.token_set, connections, company=earlier.company, besides=earlier.id):
            tokens.remove(earlier.company, earlier.token_set)
    return active


def _earlier(pending: Connection, connections: Connections) -> Connection | None:
    """The connection that this company had to the same books before, whatever became of it."""
    for connection in connections.of_company(pending.company):
        is_same = connection.provider is pending.provider and connection.tenant.id == pending.tenant.id
        if is_same and connection.health is not Health.PENDING:
            return connection
    return None


def _manager(earlier: Connection, pending: Connection, installations: Installations) -> UserId:
    """Who manages after a reconnect: the manager there was, unless they left or had disconnected."""
    if earlier.health is Health.DISCONNECTED or installations.get(earlier.company, earlier.manager) is None:
        return pending.manager
    return earlier.manager


def _make_default_where_none_is(active: Connection, connections: Connections, settings: SettingsStore) -> None:
    company = settings.company(active.company)
    default = company.default_connection and connections.get(active.company, company.default_connection)
    if not default or default.health is Health.DISCONNECTED:
        settings.save_company(active.company, replace(company, default_connection=active.id))
