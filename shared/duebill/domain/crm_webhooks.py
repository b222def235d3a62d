"""What the CRM tells us of by itself, and whether it does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# What a merge is told by is not documented (docs/unverified.md): that one record ends, or that the other changes.
HEARD = tuple((entity, action) for entity in ("deal", "person", "organization") for action in ("change", "delete"))


class Telling(StrEnum):
    """Whether the CRM tells a company's changes."""

    ON = "on"
    WAITING = "waiting"  # not asked yet, or the CRM did not answer: tried again
    NOT_ALLOWED = "not_allowed"  # the app, or whoever installed it, lacks the permission


@dataclass(frozen=True, slots=True)
class CrmWebhooks:
    """What is known of a company's webhooks. `planned_at`: when somebody last had a reason to look."""

    planned_at: datetime
    telling: Telling = Telling.WAITING


@dataclass(frozen=True, slots=True)
class Subscription:
    """One kind of change that the CRM tells to one address. `name` says which password it was made with."""

    entity: str
    action: str
    url: str
    name: str
    id: int = 0
    is_active: bool = True

    @property
    def what(self) -> tuple[str, str, str, str]:
        """What makes two of them the same."""
        return self.entity, self.action, self.url, self.name
