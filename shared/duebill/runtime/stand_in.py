"""Whose authorisation at the CRM the machine uses for a connection, and what people are told about it."""

from collections.abc import Iterable

from duebill.domain.background import background_workers
from duebill.domain.connection import Connection
from duebill.domain.ids import CompanyId, UserId
from duebill.domain.installation import Installation
from duebill.domain.sentence import Sentence
from duebill.runtime.wiring import Wiring


def worker_of(connection: Connection, wiring: Wiring) -> Installation | None:
    """The fittest install whose consent still stands, None where there is none."""
    return _fittest(connection.company, connection.manager, wiring)


def crm_worker_of(company: CompanyId, wiring: Wiring) -> Installation | None:
    """The same for what is no connection's own: admins first."""
    return _fittest(company, None, wiring)


def _fittest(company: CompanyId, manager: UserId | None, wiring: Wiring) -> Installation | None:
    for installation in background_workers(wiring.installations.of_company(company), manager):
        tokens = wiring.tokens.get(installation.company, installation.token_set)
        if tokens is not None and not tokens.dead_reason:
            return installation
    return None


def stand_in_of(connection: Connection, wiring: Wiring) -> Installation | None:
    """Who stands in for a manager who uninstalled; None while the manager is there, or where nobody can."""
    if wiring.installations.get(connection.company, connection.manager) is not None:
        return None
    return worker_of(connection, wiring)


def stand_in_notice(stand_ins: Iterable[Installation]) -> Sentence | None:
    """A sentence for the panel; None where nobody stands in. Times are not kept: an uninstall leaves nothing."""
    names = list(dict.fromkeys(one.name for one in stand_ins))
    if not names:
        return None
    whose = " and ".join(f"{name}'s" for name in names)
    said = (
        f"{whose} authorisation is used since the person who managed invoicing uninstalled Duebill. "
        "An admin can take over in Duebill's settings."
    )
    return Sentence("stand_in", said, {"names": ", ".join(names)})
