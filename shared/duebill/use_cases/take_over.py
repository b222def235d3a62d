"""Take over: an admin of the CRM becomes the manager of a connection."""

from dataclasses import dataclass, replace

from duebill.domain.connection import Connection, Health
from duebill.domain.ids import ConnectionId, UserId
from duebill.domain.installation import Installation
from duebill.errors import NotAllowed, NotFound
from duebill.ports import Connections, Crm, Installations


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The connection as it is kept now, and who managed it before."""

    connection: Connection
    previous_manager: UserId


def take_over(
    caller: Installation,
    connection_id: ConnectionId,
    *,
    crm: Crm,
    installations: Installations,
    connections: Connections,
) -> TakenOver:
    """Make the caller the manager; the consent, settings and links stay as they are. Repeating it changes nothing.

    The CRM is asked whether the caller is an admin now: what was stored at their install may be old.
    Raises NotAllowed, NotFound, and what `crm.who_am_i` raises.
    """
    if not _is_admin_now(caller, crm, installations):
        raise NotAllowed(
            f"Only a Pipedrive admin of {caller.company_name} can take over. Ask one to install Duebill and to do it.",
            values={"right": "take_over"},
        )
    connection = connections.get(caller.company, connection_id)
    if connection is None or connection.health is Health.PENDING:
        raise NotFound("There is no such connection.", code="connection_not_found")
    if connection.manager == caller.user:
        return TakenOver(connection, caller.user)
    taken = replace(connection, manager=caller.user)
    connections.save(taken)
    return TakenOver(taken, connection.manager)


def _is_admin_now(caller: Installation, crm: Crm, installations: Installations) -> bool:
    user = crm.who_am_i()
    if (user.company, user.user) != (caller.company, caller.user):
        return False
    if user.is_admin is not caller.is_admin:
        installations.save(replace(caller, is_admin=user.is_admin))
    return user.is_admin
