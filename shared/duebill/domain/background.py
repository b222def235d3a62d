"""With whose eyes the machine looks at the CRM when nobody is there."""

from collections.abc import Iterable

from duebill.domain.ids import UserId
from duebill.domain.installation import Installation


def background_workers(installations: Iterable[Installation], manager: UserId | None) -> tuple[Installation, ...]:
    """Who may stand in, the fittest first: the books' manager (None: nobody), admins, the oldest installs."""
    return tuple(
        sorted(installations, key=lambda one: (one.user != manager, not one.is_admin, one.installed_at, one.user))
    )
