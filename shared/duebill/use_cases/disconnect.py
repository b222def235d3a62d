"""Disconnect books."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from duebill.domain.connection import Connection, Health, Provider
from duebill.domain.ids import ConnectionId
from duebill.domain.installation import Installation
from duebill.domain.roles import Right, standing
from duebill.errors import NotFound
from duebill.ports import BooksIssuer, Clock, Connections, Installations, Randomness, SettingsStore, Tokens
from duebill.use_cases.end_connection import Ending, end_connection


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection as it is kept, and how the consent ended, in words."""

    connection: Connection
    ending: Ending
    message: str


def disconnect(
    caller: Installation,
    connection_id: ConnectionId,
    *,
    installations: Installations,
    connections: Connections,
    tokens: Tokens,
    settings: SettingsStore,
    issuer_of: Callable[[Provider], BooksIssuer],
    clock: Clock,
    randomness: Randomness,
) -> Disconnected:
    """Use these books no more and tell the provider; settings, links and the invoices in the books stay.

    Repeating it changes nothing. Another active connection becomes the default. Raises NotFound, NotAllowed.
    """
    connection = connections.get(caller.company, connection_id)
    if connection is None or connection.health is Health.PENDING:
        raise NotFound("There is no such connection.")
    roles = settings.company(caller.company).roles
    # Asked as if it were active: that it was disconnected before does not open it to everybody.
    as_active = replace(connection, health=Health.ACTIVE)
    standing(caller, installations.of_company(caller.company), (as_active,), roles).require(Right.CONFIGURE)
    ending = end_connection(
        connection, connections=connections, tokens=tokens, issuer_of=issuer_of, clock=clock, randomness=randomness
    )
    _move_default(connection, connections, settings)
    ended = replace(connection, health=Health.DISCONNECTED, reason=None)
    return Disconnected(ended, ending, _in_words(ended, ending))


def _move_default(gone: Connection, connections: Connections, settings: SettingsStore) -> None:
    company = settings.company(gone.company)
    if company.default_connection != gone.id:
        return
    others = (
        other.id
        for other in connections.of_company(gone.company)
        if other.health is Health.ACTIVE and other.id != gone.id
    )
    settings.save_company(gone.company, replace(company, default_connection=next(others, None)))


def _in_words(connection: Connection, ending: Ending) -> str:
    label, name = connection.provider.label, connection.tenant.name
    kept = "Settings and links are kept in case you connect these books again."
    match ending:
        case Ending.REVOKED:
            return f"{name} is disconnected, and {label} has withdrawn our access. {kept}"
        case Ending.FORGOTTEN:
            return f"{name} is disconnected. {label} may still list Duebill among its apps; remove it there too. {kept}"
        case Ending.LATER:
            return f"{name} is disconnected here. {label} could not be told yet; we go on trying. {kept}"
