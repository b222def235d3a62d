"""Token sets: what one consent gave, and how its renewal is shared among many that need it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from duebill.domain.ids import CompanyId, TokenSetId


class Issuer(StrEnum):
    """Who issued a token set."""

    PIPEDRIVE = "pipedrive"
    QUICKBOOKS = "quickbooks"
    XERO = "xero"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token endpoint answered. Life spans in seconds; `hard_expires_in` is the end of the consent itself."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    refresh_expires_in: int | None = None
    hard_expires_in: int | None = None
    api_url: str | None = None


@dataclass(frozen=True, slots=True)
class TokenSet:
    """One consent's tokens. `version` moves with each answer that was stored; the lease says who renews now."""

    company: CompanyId
    id: TokenSetId
    issuer: Issuer
    version: int
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    refreshed_at: datetime
    previous_refresh_token: str | None = field(default=None, repr=False)
    refresh_expires_at: datetime | None = None
    consent_ends_at: datetime | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None
    refresh_started_at: datetime | None = None
    dead_reason: str | None = None  # set once a person must consent again
