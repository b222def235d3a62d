"""One Pipedrive user's install of the app."""

from dataclasses import dataclass
from datetime import datetime

from duebill.domain.ids import CompanyId, TokenSetId, UserId


@dataclass(frozen=True, slots=True)
class CrmUser:
    """Who a token belongs to, as the CRM says."""

    company: CompanyId
    user: UserId
    name: str
    is_admin: bool
    company_name: str
    language: str = "en"
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """One user's install. `api_url` is the origin that the CRM gave for this company's calls."""

    company: CompanyId
    user: UserId
    name: str
    is_admin: bool
    company_name: str
    language: str
    time_zone: str | None
    api_url: str
    token_set: TokenSetId
    installed_at: datetime
    is_shared: bool = False
