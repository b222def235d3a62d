"""A company's authorised link to one set of books, and what is known of those books."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from duebill.domain.ids import CompanyId, ConnectionId, TenantId, TokenSetId, UserId


class Provider(StrEnum):
    """The systems that hold books."""

    QUICKBOOKS = "quickbooks"
    XERO = "xero"

    @property
    def label(self) -> str:
        """The name that people know it by."""
        match self:
            case Provider.QUICKBOOKS:
                return "QuickBooks"
            case Provider.XERO:
                return "Xero"

    @property
    def names_tenant(self) -> bool:
        """Whether the browser that comes back from a consent names the books; else the new tokens are asked."""
        match self:
            case Provider.QUICKBOOKS:
                return True
            case Provider.XERO:
                return False


class TaxModel(StrEnum):
    """Who decides the tax of an invoice."""

    AUTOMATED = "automated"  # the books decide; a line is only taxable or not
    PER_LINE = "per_line"  # every line names a tax code
    MANUAL = "manual"  # one tax for the whole invoice: an old model that we refuse to guess at
    NONE = "none"  # the books keep no sales tax


class Health(StrEnum):
    """Whether a connection works."""

    PENDING = "pending"  # consented, not yet confirmed
    ACTIVE = "active"
    RECONNECT = "reconnect"  # a person must consent again
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Tenant:
    """One set of books, as read when it was connected."""

    id: TenantId
    name: str
    country: str
    home_currency: str
    multicurrency: bool
    tax_model: TaxModel
    time_zone: str | None
    custom_numbers: bool
    link_code: str | None = None  # what the provider's addresses call these books, where it is not the id


@dataclass(frozen=True, slots=True)
class ConsentedBooks:
    """Books that a fresh consent opens, and the provider's own id of that link, where it has one."""

    tenant: Tenant
    provider_connection: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """An authorised link from a company to one set of books. `manager` is the user who connected it."""

    id: ConnectionId
    company: CompanyId
    provider: Provider
    tenant: Tenant
    token_set: TokenSetId
    manager: UserId
    health: Health
    connected_at: datetime
    provider_connection: str | None = None  # the provider's own id of the link, where it has one beside the tenant's
    reason: str | None = None  # why it must be reconnected: a domain.endings.WhyEnded, or an older sentence
    checked_at: datetime | None = None
