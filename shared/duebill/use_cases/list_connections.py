"""List the company's connections, as the settings page shows them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from duebill.domain.connection import Connection, Health, Provider
from duebill.domain.endings import sentence_of
from duebill.domain.installation import Installation
from duebill.domain.roles import Right, Standing, standing
from duebill.ports import Connections, Installations, SettingsStore, Tokens

WARNED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ListedConnection:
    """One connection: its health in words, who manages it, and whether the caller may change it or take it over."""

    connection: Connection
    words: str
    manager_name: str
    is_default: bool
    may_configure: bool
    may_take_over: bool
    ends_at: datetime | None = None  # set while the consent ends so soon that a person should renew it


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
    tokens: Tokens,
    offered: tuple[Provider, ...],
    now: datetime,
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
                words=_in_words(each, ends_at := _ends_soon(each, tokens, now)),
                manager_name=names.get(each.manager, ""),
                is_default=each.id == preferences.default_connection,
                may_configure=Right.CONFIGURE in towards(each).rights,
                may_take_over=caller.is_admin and each.manager != caller.user,
                ends_at=ends_at,
            )
            for each in sorted(shown, key=lambda each: each.health is Health.DISCONNECTED)
        ),
        may_connect=Right.CONFIGURE in overall.rights,
        manager_name=overall.manager_name,
        providers=offered,
    )


def _ends_soon(connection: Connection, tokens: Tokens, now: datetime) -> datetime | None:
    """When the consent itself ends, whatever a machine renews, if that is soon."""
    if connection.health is not Health.ACTIVE:
        return None
    found = tokens.get(connection.company, connection.token_set)
    ends_at = found.consent_ends_at if found else None
    return ends_at if ends_at and ends_at - now <= WARNED_BEFORE else None


def _in_words(connection: Connection, ends_at: datetime | None) -> str:
    match connection.health:
        case Health.ACTIVE if ends_at:
            return (
                f"Connected until {ends_at:%Y-%m-%d}, when the consent ends. Reconnect before; nothing is lost by it."
            )
        case Health.ACTIVE:
            return "Connected"
        case Health.RECONNECT:
            reason = f" {sentence_of(connection.reason)}" if connection.reason else ""
            return f"Must be reconnected; settings and links are kept.{reason}"
        case Health.DISCONNECTED:
            return "Disconnected; settings and links are kept."
        case Health.PENDING:
            return "Waits for a confirmation."
