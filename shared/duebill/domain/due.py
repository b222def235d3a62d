"""Work that nobody waits for: what is due, and how it is named in the index and in queue messages."""

from dataclasses import dataclass
from enum import StrEnum

from duebill.domain.ids import CompanyId

SHARDS = 16
MESSAGE_VERSION = 1


class DueKind(StrEnum):
    """The kinds of due work; each is a partition family of the due index."""

    INTENT = "intent"
    TOKEN = "token"  # noqa: S105  the kind of work, not a secret
    WRITE_BACK = "write_back"
    ERASURE = "erasure"
    REFRESH = "refresh"
    CRM_WEBHOOKS = "crm_webhooks"


@dataclass(frozen=True, slots=True)
class DueId:
    """One piece of due work, named by ids alone.

    `ids` by kind: intent (deal, key) · token (token set) · write_back (deal, connection, invoice) · erasure () ·
    refresh (connection) · crm_webhooks ().
    """

    kind: DueKind
    company: CompanyId
    ids: tuple[str, ...] = ()
