"""What is read of a company once, and what there is to choose from in it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from duebill.domain.books import Account, BooksOptions, TaxCode, TaxComponent, Term
from duebill.domain.connection import TaxModel, Tenant
from duebill.providers.quickbooks.client import QuickBooksClient, rows
from duebill.providers.quickbooks.query import ACTIVE, Query, equals
from duebill.providers.quickbooks.spec import NOT_TAXABLE, TAXABLE
from duebill.providers.quickbooks.wire import (
    AccountDocument,
    CompanyDocument,
    CurrencyDocument,
    PreferencesDocument,
    TaxCodeDocument,
    TaxRateDetail,
    TaxRateDocument,
    TermDocument,
)

_UNITED_STATES = {"US", "USA"}
_PSEUDO_CODES = (TaxCode(TAXABLE, "Taxable"), TaxCode(NOT_TAXABLE, "Not taxable", is_taxable=False))
# Old compound taxes: a rate upon the amount with the taxes before it, or upon those taxes alone.
_ON_AMOUNT_AND_TAX = "TaxOnAmountPlusTax"
_ON_TAX = "TaxOnTax"


def read_tenant(client: QuickBooksClient) -> Tenant:
    """Read who the books are. The company's own answer carries id 1: that it answers at all proves the realm."""
    return tenant_of(client, client.read_company(), client.read_preferences())


def tenant_of(client: QuickBooksClient, company: CompanyDocument, preferences: PreferencesDocument) -> Tenant:
    """The tenant, as company and preferences say."""
    country = "US" if (company.country or "").upper() in _UNITED_STATES else (company.country or "").upper()
    home = preferences.currency_prefs.home_currency
    return Tenant(
        id=client.realm,
        name=company.company_name,
        country=country,
        home_currency=home.value if home else "USD",
        multicurrency=preferences.currency_prefs.multi_currency_enabled,
        tax_model=tax_model_of(country, preferences),
        time_zone=company.default_time_zone,
        custom_numbers=preferences.sales_forms_prefs.custom_txn_numbers,
    )


def tax_model_of(country: str, preferences: PreferencesDocument) -> TaxModel:
    """Who decides the tax.

    In the US `PartnerTaxEnabled` is true with automated tax, false where that is not set up, absent in the old manual
    model (Preferences reference); elsewhere every line names a tax code.
    """
    prefs = preferences.tax_prefs
    if not prefs.using_sales_tax:
        return TaxModel.NONE
    if country != "US":
        return TaxModel.PER_LINE
    match prefs.partner_tax_enabled:
        case True:
            return TaxModel.AUTOMATED
        case False:
            return TaxModel.NONE
        case None:
            return TaxModel.MANUAL


def read_options(client: QuickBooksClient, tenant: Tenant) -> BooksOptions:
    """Read, in one call, what there is to choose from."""
    per_line = tenant.tax_model is TaxModel.PER_LINE
    queries = [
        Query("Preferences"),
        Query("Account", (equals("AccountType", "Income"), ACTIVE), order="Name"),
        Query("Term", (ACTIVE,), order="Name"),
        *([Query("CompanyCurrency", (ACTIVE,))] if tenant.multicurrency else []),
        *([Query("TaxCode", (ACTIVE,)), Query("TaxRate", (ACTIVE,))] if per_line else []),
    ]
    documents = {query.entity: answer for query, answer in zip(queries, client.query_together(queries), strict=True)}
    preferences = next(iter(rows(PreferencesDocument, "Preferences", documents["Preferences"])), PreferencesDocument())
    return BooksOptions(
        accounts=tuple(
            Account(account.id, account.fully_qualified_name or account.name)
            for account in rows(AccountDocument, "Account", documents["Account"])
        ),
        tax_codes=_tax_codes(documents) if per_line else _PSEUDO_CODES,
        terms=tuple(_term(term) for term in rows(TermDocument, "Term", documents["Term"])),
        currencies=_currencies(documents, tenant),
        custom_numbers=preferences.sales_forms_prefs.custom_txn_numbers,
        multicurrency=preferences.currency_prefs.multi_currency_enabled,
        closed_until=preferences.accounting_info_prefs.book_close_date,
    )


def tax_codes(codes: Iterable[TaxCodeDocument], rates: Iterable[TaxRateDocument]) -> tuple[TaxCode, ...]:
    """The codes that a sales line can name, with their rates."""
    by_id = {rate.id: rate for rate in rates}
    return tuple(
        TaxCode(code.id, code.name, _components(code, by_id), code.taxable)
        for code in codes
        if code.active and not code.hidden and _is_complete(code, by_id)
    )


def _tax_codes(documents: Mapping[str, Mapping[str, object]]) -> tuple[TaxCode, ...]:
    return tax_codes(
        rows(TaxCodeDocument, "TaxCode", documents["TaxCode"]), rows(TaxRateDocument, "TaxRate", documents["TaxRate"])
    )


def _details(code: TaxCodeDocument) -> Sequence[TaxRateDetail]:
    listed = code.sales_tax_rate_list.tax_rate_detail if code.sales_tax_rate_list else ()
    return sorted(listed, key=lambda detail: detail.tax_order)


def _is_complete(code: TaxCodeDocument, rates: Mapping[str, TaxRateDocument]) -> bool:
    """Whether all its rates are known; codes for purchases alone have none for sales."""
    found = [rates.get(detail.tax_rate_ref.value) for detail in _details(code)]
    return bool(found) and all(rate is not None and rate.rate_value is not None for rate in found)


def _components(code: TaxCodeDocument, rates: Mapping[str, TaxRateDocument]) -> tuple[TaxComponent, ...]:
    found: list[TaxComponent] = []
    for detail in _details(code):
        rate = rates[detail.tax_rate_ref.value]
        before = sum((each.rate for each in found), Decimal(0))
        found.append(TaxComponent(rate.id, rate.name, _effective(detail, rate.rate_value or Decimal(0), before)))
    return tuple(found)


def _effective(detail: TaxRateDetail, rate: Decimal, before: Decimal) -> Decimal:
    """The rate upon the amount alone, where it is meant upon other taxes too."""
    if detail.tax_type_applicable == _ON_AMOUNT_AND_TAX:
        return rate * (100 + before) / 100
    return rate * before / 100 if detail.tax_type_applicable == _ON_TAX else rate


def _term(term: TermDocument) -> Term:
    return Term(term.id, term.name, term.due_days, term.day_of_month_due, term.due_next_month_days)


def _currencies(documents: Mapping[str, Mapping[str, object]], tenant: Tenant) -> tuple[str, ...]:
    if "CompanyCurrency" not in documents:
        return (tenant.home_currency,)
    codes = [each.code for each in rows(CurrencyDocument, "CompanyCurrency", documents["CompanyCurrency"])]
    return tuple(dict.fromkeys((tenant.home_currency, *codes)))
