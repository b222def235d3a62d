"""Note whether an install is shared with the whole company."""

from dataclasses import replace

from duebill.domain.ids import CompanyId, UserId
from duebill.ports import Installations


def note_sharing(company: CompanyId, user: UserId, *, is_shared: bool, installations: Installations) -> bool:
    """Store the notice on the install, if there is one; it never makes one. Whether it was stored.

    The CRM signs this notice with nothing that is documented (pipedrive.md §0): so nobody's rights hang on it.
    """
    installation = installations.get(company, user)
    if installation is None:
        return False
    if installation.is_shared is not is_shared:
        installations.save(replace(installation, is_shared=is_shared))
    return True
