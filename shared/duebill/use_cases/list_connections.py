"""List the company's connections, as the settings page shows them."""

from dataclasses import dataclass, replace

from duebill.domain.connection import Connection, Health, Provider
from duebill.domain.installation import Installation
from duebill.domain.roles import Right, Standing, standing
from duebill.ports import Connections, Installations, SettingsStore


@dataclass(frozen=True, slots=True)
class ListedConnection:
    """One connection: its health in words, who manages it, and whether the caller may change it."""

    connection: Connection
    words: str
    manager_name: str
    is_default: bool
    may_configure: bool


@dataclass(frozen=True, slots=True)
class ConnectionList:
    """What the caller may know. `may_connect`: whether they may connect (more) books; `manager_name`: who does else."""

    company_name: str
    connections: tuple[ListedConnection, ...]
    may_connect: bool
    manager_name: str
    providers: tuple[Provider, ...] = ()


def list_connections(
    caller: Installation,
    *,
    installations: Installations,
    connections: Connections,
    settings: SettingsStore,
    offered: tuple[Provider, ...],
) -> ConnectionList:
    """The connections that the caller may do anything with, oldest first, disconnected ones last; what is offered."""
    preferences = settings.company(caller.company)
    colleagues = installations.of_company(caller.company)
    names = {colleague.user: colleague.name for colleague in colleagues}
    confirmed = [each for each in connections.of_company(caller.company) if each.health is not Health.PENDING]

    def towards(connection: Connection) -> Standing:
        # Asked as if it were active: that nobody manages it any more does not open it to everybody.
        return standing(caller, colleagues, (replace(connection, health=Health.ACTIVE),), preferences.roles)

    overall = standing(caller, colleagues, tuple(confirmed), preferences.roles)
    shown = [each for each in confirmed if towards(each).rights]
    return ConnectionList(
        company_name=caller.company_name,
        connections=tuple(
            ListedConnection(
                connection=each,
                words=_in_words(each),
                manager_name=names.get(each.manager, ""),
                is_default=each.id == preferences.default_connection,
                may_configure=Right.CONFIGURE in towards(each).rights,
            )
            for each in sorted(shown, key=lambda each: each.health is Health.DISCONNECTED)
        ),
        may_connect=Right.CONFIGURE in overall.rights,
        manager_name=overall.manager_name,
        providers=offered,
    )


def _in_words(connection: Connection) -> str:
    match connection.health:
        case Health.ACTIVE:
            return "Connected"
        case Health.RECONNECT:
            reason = f" {connection.reason}" if connection.reason else ""
            return f"Must be reconnected; settings and links are kept.{reason}"
        case Health.DISCONNECTED:
            return "Disconnected; settings and links are kept."
        case Health.PENDING:
            return "Waits for a confirmation."
