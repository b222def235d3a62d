"""What an app reads to know the organisation: itself, what the user may do, and its people (facts §1.5, §3)."""

from sandbox.xero.documents import Doc
from sandbox.xero.organisation import ACTIONS, Organisation


def organisation(org: Organisation) -> Doc:
    """GET /Organisation."""
    found: Doc = {
        "Name": org.name,
        "LegalName": org.name,
        "PaysTax": True,
        "Version": org.version,
        "OrganisationType": "COMPANY",
        "BaseCurrency": org.base,
        "CountryCode": org.country,
        "IsDemoCompany": org.plan == "DEMO",
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 3,
        "SalesTaxBasis": "ACCRUALS" if org.country == "GB" else "INVOICE",
        "SalesTaxPeriod": "QUARTERLY",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Inclusive",
        "Timezone": org.zone_name,
        "OrganisationEntityType": "COMPANY",
        "ShortCode": org.short_code,
        "Class": org.plan,
        "Edition": "BUSINESS",
        "OrganisationID": org.tenant,
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {"Sales": org.sales_terms} if org.sales_terms else {},
    }
    if org.period_lock:
        found["PeriodLockDate"] = org.period_lock
    if org.year_lock:
        found["EndOfYearLockDate"] = org.year_lock
    return found


def actions(org: Organisation) -> list[Doc]:
    """GET /Organisation/Actions: what plan and connecting user allow together."""
    return [{"Name": name, "Status": "ALLOWED" if org.may(name) else "NOT-ALLOWED"} for name in ACTIONS]
