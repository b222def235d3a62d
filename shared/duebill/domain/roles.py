"""Who may do what: the manager who connected the books, admins of the CRM, and everybody else who installed."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from duebill.domain.connection import Connection, Health
from duebill.domain.ids import UserId
from duebill.domain.installation import Installation
from duebill.domain.settings import Audience, Roles
from duebill.errors import NotAllowed


class Right(StrEnum):
    """What a person may want to do."""

    SEE = "see"
    CREATE = "create"
    ACT = "act"
    APPROVE = "approve"
    CONFIGURE = "configure"  # settings, connect, disconnect: managers and admins, always


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's standing towards one connection (or, with None, towards the company)."""

    installation: Installation
    managers: tuple[UserId, ...]
    manager_name: str
    roles: Roles
    rights: frozenset[Right] = field(init=False)

    def __post_init__(self) -> None:
        rights = frozenset(right for right in Right if self._has(right))
        object.__setattr__(self, "rights", rights)

    @property
    def is_manager(self) -> bool:
        """Whether this person connected the books."""
        return self.installation.user in self.managers

    def require(self, right: Right) -> None:
        """Raise NotAllowed, naming who manages invoicing, unless the person has the right."""
        if right in self.rights:
            return
        who = self.manager_name or "Another person"
        way_out = " You are an admin: you can take over." if self.installation.is_admin else ""
        raise NotAllowed(
            f"{who} manages invoicing for {self.installation.company_name}.{way_out}",
            values={"manager": who, "right": right.value, "may_take_over": "yes" if way_out else "no"},
        )

    def _has(self, right: Right) -> bool:
        if right is Right.CONFIGURE:
            # Before any books are connected whoever installed may connect theirs.
            return self.is_manager or self.installation.is_admin or not self.managers
        match Audience(getattr(self.roles, right.value)):
            case Audience.MANAGER:
                return self.is_manager
            case Audience.ADMINS:
                return self.is_manager or self.installation.is_admin
            case Audience.EVERYONE:
                return True


def standing(
    installation: Installation,
    colleagues: tuple[Installation, ...],
    connections: tuple[Connection, ...],
    roles: Roles,
) -> Standing:
    """The standing of one installed person; `connections` are those the question is about."""
    live = [connection for connection in connections if connection.health in (Health.ACTIVE, Health.RECONNECT)]
    managers = tuple(connection.manager for connection in live)
    names = {colleague.user: colleague.name for colleague in colleagues}
    return Standing(installation, managers, names.get(managers[0], "") if managers else "", roles)


def lasting_standing(
    installation: Installation,
    colleagues: tuple[Installation, ...],
    connections: tuple[Connection, ...],
    roles: Roles,
) -> Standing:
    """The standing towards settings and towards what was invoiced, which outlive a connection.

    Where no connection works any more, who managed one and is still there keeps their say: disconnecting opens this
    to nobody. Only connecting anew is open to everybody then (`standing`).
    """
    about = connections
    if all(connection.health is Health.DISCONNECTED for connection in connections):
        there = {colleague.user for colleague in colleagues}
        about = tuple(replace(ended, health=Health.ACTIVE) for ended in connections if ended.manager in there)
    return standing(installation, colleagues, about, roles)
