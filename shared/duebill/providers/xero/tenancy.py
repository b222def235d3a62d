"""What is read of an organisation once, which organisations a consent opens, and what there is to choose from."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from duebill.domain.books import (
    Account,
    BooksOptions,
    TaxCode,
    TaxComponent,
    Template,
    TrackingCategory,
    TrackingOption,
)
from duebill.domain.connection import ConsentedBooks, TaxModel, Tenant
from duebill.domain.ids import TenantId
from duebill.errors import ConsentFailed
from duebill.outside.http import Http
from duebill.ports import AccessTokens
from duebill.providers.xero.client import XeroClient
from duebill.providers.xero.oauth import consent_event
from duebill.providers.xero.time_zones import iana_name
from duebill.providers.xero.wire import (
    AccountDocument,
    LinkDocument,
    OrganisationDocument,
    TaxRateDocument,
    TrackingCategoryDocument,
)

_MOST_OFFERED = 20  # each is read, one after the other, while the person waits
_ORGANISATION = "ORGANISATION"  # practices and payrolls are listed too
_REVENUE = "REVENUE"
_ACTIVE = "ACTIVE"
_ALLOWED = "ALLOWED"
_APPROVE = "CreateApprovedInvoice"
_BEFORE_LOCK = "ApproveTransactionsBeforePeriodLockDate"
_SEVERAL_CURRENCIES = "UseMulticurrency"

_NONE_CAME = (
    "Xero opened no organisation to Duebill. Three things do that: only who is Standard or Adviser in an organisation "
    "can connect it; the app has as many connections as its plan at Xero allows (5 or 50); or the organisation has two "
    "apps already that Xero has not certified. Mend that, then connect again."
)


def consented_books(http: Http, tokens: AccessTokens, api_url: str) -> tuple[ConsentedBooks, ...]:
    """The organisations of a fresh consent, each read. Raises ConsentFailed where none came.

    Consenting again to an organisation that is connected already may list nothing new: then all that this person has
    connected are offered, and the person chooses.
    """
    client = XeroClient(http, tokens, api_url, tenant=None)
    event = consent_event(tokens.current())
    found = _organisations(client.links(event)) if event else ()
    links = found or _organisations(client.links(None))
    if not links:
        raise ConsentFailed(_NONE_CAME, code="no_books_came")
    newest = sorted(links, key=lambda link: link.updated, reverse=True)[:_MOST_OFFERED]
    return tuple(
        ConsentedBooks(read_tenant(XeroClient(http, tokens, api_url, TenantId(link.tenant))), link.id)
        for link in newest
    )


def read_tenant(client: XeroClient) -> Tenant:
    """Read who the books are: that the organisation answers proves that these tokens open it."""
    organisation = client.organisation()
    if client.tenant is None:
        raise ValueError("no organisation is named")
    return tenant_of(client.tenant, organisation)


def tenant_of(tenant: TenantId, organisation: OrganisationDocument) -> Tenant:
    """The tenant, as the organisation says."""
    return Tenant(
        id=tenant,
        name=organisation.name,
        country=(organisation.country_code or "").upper(),
        home_currency=organisation.base_currency or "USD",
        multicurrency=True,  # which currencies are subscribed changes: the options say
        tax_model=TaxModel.PER_LINE,
        time_zone=iana_name(organisation.timezone),
        custom_numbers=False,
        link_code=organisation.short_code,
    )


def read_options(client: XeroClient, tenant: Tenant) -> BooksOptions:
    """Read what there is to choose from: seven calls, as there is no batch."""
    organisation = client.organisation()
    allowed = {action.name for action in client.actions() if action.status.upper() == _ALLOWED}
    currencies = [currency.code for currency in client.currencies()]
    return BooksOptions(
        accounts=accounts_of(client.accounts()),
        tax_codes=tax_codes_of(client.tax_rates()),
        currencies=tuple(dict.fromkeys((tenant.home_currency, *currencies))),
        multicurrency=_SEVERAL_CURRENCIES in allowed or len(currencies) > 1,
        # The default theme is the first by its order, which need not be 0 (seen in recorded answers).
        templates=tuple(
            Template(theme.id, theme.name) for theme in sorted(client.themes(), key=lambda theme: theme.sort_order)
        ),
        tracking=tracking_of(client.tracking_categories()),
        may_approve=_APPROVE in allowed,
        closed_until=closed_until(organisation, may_reopen=_BEFORE_LOCK in allowed),
    )


def accounts_of(accounts: Iterable[AccountDocument]) -> tuple[Account, ...]:
    """Accounts of revenue that a line can name: they have a code, and Xero does not keep them for itself."""
    return tuple(
        Account(account.code, f"{account.code} {account.name}".strip())
        for account in accounts
        if account.code and account.klass == _REVENUE and account.status == _ACTIVE and not account.system_account
    )


def tax_codes_of(rates: Iterable[TaxRateDocument]) -> tuple[TaxCode, ...]:
    """Tax rates for sales. Lines name the type: names can be edited. Parts of a rate are rounded together."""
    return tuple(
        TaxCode(
            rate.tax_type,
            rate.name,
            (TaxComponent(rate.tax_type, rate.name, rate.effective_rate or Decimal(0)),),
            is_taxable=bool(rate.effective_rate),
        )
        for rate in rates
        if rate.status == _ACTIVE and rate.can_apply_to_revenue
    )


def tracking_of(categories: Iterable[TrackingCategoryDocument]) -> tuple[TrackingCategory, ...]:
    """Active categories with their active options."""
    return tuple(
        TrackingCategory(
            category.id,
            category.name,
            tuple(TrackingOption(option.id, option.name) for option in category.options if option.status == _ACTIVE),
        )
        for category in categories
        if category.status == _ACTIVE
    )


def closed_until(organisation: OrganisationDocument, *, may_reopen: bool) -> date | None:
    """The last closed day: the year's end for everybody, the period's for who may not write before it."""
    dates = [organisation.end_of_year_lock_date, None if may_reopen else organisation.period_lock_date]
    return max((day for day in dates if day is not None), default=None)


def _organisations(links: Iterable[LinkDocument]) -> tuple[LinkDocument, ...]:
    return tuple(link for link in links if link.type == _ORGANISATION)
