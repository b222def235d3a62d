"""What the books say about themselves: CompanyInfo, Preferences, exchange rates."""

from datetime import date
from decimal import Decimal

from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.refusals import Refused, business, missing

_ISO3 = {"US": "USA", "GB": "GBR"}


def company_info(company: Company) -> Doc:
    """The CompanyInfo document; its id inside is 1, whatever the realm (facts §3)."""
    return _headed(
        company,
        {
            "CompanyName": company.name,
            "LegalName": company.name,
            # Country in addresses is an ISO-3 code since October 2025 (S-CHG).
            "CompanyAddr": {"Id": "1", "Line1": "1 Sample Street", "Country": _ISO3[company.country]},
            "Email": {"Address": "office@example.com"},
            "WebAddr": {},
            "Country": company.country,
            "FiscalYearStartMonth": "January",
            "SupportedLanguages": "en",
            "NameValue": [
                {"Name": "SubscriptionStatus", "Value": "CANCELLED" if company.subscription_ended else "SUBSCRIBED"},
                {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
                {"Name": "ItemCategoriesFeature", "Value": "true"},
            ],
        },
    )


def preferences(company: Company) -> Doc:
    """The Preferences document."""
    tax: Doc = {"UsingSalesTax": company.using_sales_tax}
    if company.is_us:
        tax |= {"PartnerTaxEnabled": company.automated_tax, "TaxGroupCodeRef": {"value": "2"}}
    # BookCloseDate stands in the schema (Finance.xsd) and in no recorded answer: unverified.
    closed: Doc = {"BookCloseDate": company.closed_until.isoformat()} if company.closed_until else {}
    return _headed(
        company,
        {
            "AccountingInfoPrefs": {"CustomerTerminology": "Customers", "ClassTrackingPerTxn": False} | closed,
            "ProductAndServicesPrefs": {"ForSales": True, "QuantityWithPriceAndRate": True},
            "SalesFormsPrefs": _sales_forms(company),
            "EmailMessagesPrefs": {
                "InvoiceMessage": {"Subject": f"Invoice from {company.name}", "Message": "Your invoice is attached."}
            },
            "CurrencyPrefs": {
                "MultiCurrencyEnabled": company.multicurrency,
                "HomeCurrency": {"value": company.home},
            },
            "TaxPrefs": tax,
        },
    )


def _sales_forms(company: Company) -> Doc:
    found: Doc = {
        "CustomTxnNumbers": company.custom_numbers,
        "AllowDeposit": company.allow_deposit,
        "AllowDiscount": company.allow_discount,
        "AllowEstimates": True,
        "AllowServiceDate": False,
        "AllowShipping": company.allow_shipping,
        "AutoApplyCredit": company.auto_apply_credit,
        "CustomField": [],
        "ETransactionEnabledStatus": "NotApplicable",
        "ETransactionPaymentEnabled": company.online_payments,
        "ETransactionAttachPDF": False,
        "EmailCopyToCompany": False,
        "DefaultCustomerMessage": "Thank you for your business and have a great day!",
    }
    if company.default_terms:
        found["DefaultTerms"] = {"value": company.default_terms}
    return found


def exchange_rate(company: Company, source: str | None, as_of: str | None) -> Doc:
    """The rate of a currency on a day: home units for one unit (facts §3). Raises Refused."""
    if not source:
        raise missing("sourcecurrencycode")
    if not company.multicurrency:
        raise business("Multicurrency is not turned on for this company.")
    rate = Decimal(1) if source == company.home else company.rates.get(source)
    if rate is None:
        raise Refused("2500", "Invalid Reference Id", f"Invalid Reference Id : {source}", "sourcecurrencycode")
    try:
        day = date.fromisoformat(as_of) if as_of else company.today()
    except ValueError:
        raise Refused("2080", "Invalid Date", f"asofdate: {as_of}", "asofdate") from None
    return {
        "SourceCurrencyCode": source,
        "TargetCurrencyCode": company.home,
        "Rate": rate,
        "AsOfDate": day.isoformat(),
        "domain": "QBO",
        "sparse": False,
        "MetaData": {"LastUpdatedTime": company.stamp()},
    }


def _headed(company: Company, content: Doc) -> Doc:
    times = {"CreateTime": "2024-01-02T09:00:00+00:00", "LastUpdatedTime": company.stamp()}
    return content | {"domain": "QBO", "sparse": False, "Id": "1", "SyncToken": "4", "MetaData": times}
