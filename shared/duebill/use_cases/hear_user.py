"""Hear anew who somebody is in the CRM: their name, language and whether they are an admin change there, untold."""

from dataclasses import replace

from duebill.domain.installation import Installation
from duebill.errors import DuebillError
from duebill.ports import Crm, Installations


def hear_user(caller: Installation, *, crm: Crm, installations: Installations) -> Installation:
    """The install with what the CRM says now. Where the CRM cannot be asked, what was heard last counts."""
    try:
        user = crm.who_am_i()
    except DuebillError:
        return caller
    if (user.company, user.user) != (caller.company, caller.user):
        return caller
    heard = replace(
        caller,
        name=user.name,
        is_admin=user.is_admin,
        company_name=user.company_name,
        language=user.language,
        time_zone=user.time_zone,
    )
    if heard != caller:
        installations.save(heard)
    return heard
