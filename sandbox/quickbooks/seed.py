"""Two sample companies: one in the US with automated sales tax, one in the UK with VAT and several currencies."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.quickbooks import customers, invoices, items, payments
from sandbox.quickbooks import seed_names as names
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.tax import US_RATES

if TYPE_CHECKING:
    from sandbox.quickbooks.simulator import QuickBooks

US_REALM = "9130347957983046"
UK_REALM = "9341453908129937"
INCOME, SERVICES_INCOME, COST, RECEIVABLE, INVENTORY, CHECKING, DISCOUNTS = "1", "2", "3", "4", "5", "6", "7"

_ACCOUNTS = (
    ("Sales of Product Income", "Income", "SalesOfProductIncome", "Revenue"),
    ("Services", "Income", "ServiceFeeIncome", "Revenue"),
    ("Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense"),
    ("Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable", "Asset"),
    ("Inventory Asset", "Other Current Asset", "Inventory", "Asset"),
    ("Checking", "Bank", "Checking", "Asset"),
    ("Discounts given", "Income", "DiscountsRefundsGiven", "Revenue"),
)
_TERMS: tuple[Doc, ...] = (
    {"Name": "Due on receipt", "Type": "STANDARD", "DueDays": 0, "DiscountDays": 0, "DiscountPercent": 0},
    {"Name": "Net 15", "Type": "STANDARD", "DueDays": 15, "DiscountDays": 0, "DiscountPercent": 0},
    {"Name": "Net 30", "Type": "STANDARD", "DueDays": 30, "DiscountDays": 0, "DiscountPercent": 0},
    {"Name": "1st of the month", "Type": "DATE_DRIVEN", "DayOfMonthDue": 1, "DueNextMonthDays": 10},
)
# name, percent, code's description, active, hidden
_VAT = (
    ("20.0% S", "20", "Standard rate", True, False),
    ("5.0% R", "5", "Reduced rate", True, False),
    ("0.0% Z", "0", "Zero rate", True, False),
    ("Exempt", "0", "Exempt", True, False),
    ("No VAT", "0", "Outside the scope of VAT", True, False),
    ("0.0% ECS", "0", "EC sales of services", True, False),
    ("17.5% S", "17.5", "Standard rate until 2011", False, False),
    ("20.0% RC SG", "20", "Reverse charge", True, True),
)


def seed(simulator: "QuickBooks") -> None:
    """Fill the simulator with the two companies. Nothing of it is told by webhook."""
    us_zone = "America/Los_Angeles"
    _us(simulator.add_company(US_REALM, "Larkspur Gardens & Design", country="US", home="USD", zone=us_zone))
    _uk(simulator.add_company(UK_REALM, "Brackenfield Systems Ltd", country="GB", home="GBP", zone="Europe/London"))
    for company in simulator.companies.values():
        company.news = []


def _us(company: Company) -> None:
    company.automated_tax = True
    _lists(company)
    for place, percent in enumerate(US_RATES.values(), start=1):
        _rate(company, f"State rate {place}", percent)
    for key in ("TAX", "NON"):
        flat: Doc = {"Name": key, "Description": key, "Active": True, "Hidden": False, "Taxable": key == "TAX"}
        company.insert("TaxCode", flat | {"TaxGroup": False}, identifier=key)
    _code(company, "California", [company.rows("TaxRate")["1"]["Id"]], identifier="2")
    _items(company, names.US_ITEMS, taxable={"HW-100", "LGT-1", "P-100", "RF-200", "SPH"})
    for name, email, city, state in names.US_CUSTOMERS:
        _customer(company, name, email, {"City": city, "CountrySubDivisionCode": state, "Country": "USA"})
    _customer(company, names.US_EXEMPT, None, {"CountrySubDivisionCode": "CA"}, Taxable=False)
    _others(company, names.US_INACTIVE, names.US_SUB_CUSTOMERS)
    line = {"Qty": 4, "UnitPrice": Decimal(75), "ItemRef": {"value": "7"}, "TaxCodeRef": {"value": "NON"}}
    fountain = {"Qty": 1, "UnitPrice": Decimal(275), "ItemRef": {"value": "14"}, "TaxCodeRef": {"value": "TAX"}}
    _invoices(company, [line, fountain], {}, ("2", "3", "4"))


def _uk(company: Company) -> None:
    company.multicurrency = company.custom_numbers = company.warn_duplicate_numbers = True
    company.rates = {"EUR": Decimal("0.8532"), "USD": Decimal("0.7641")}
    _lists(company)
    for code, name in (("EUR", "Euro"), ("USD", "United States Dollar")):
        company.insert("CompanyCurrency", {"Code": code, "Name": name, "Active": True})
    for name, percent, description, active, hidden in _VAT:
        rate = _rate(company, name, Decimal(percent))
        _code(company, name, [rate["Id"]], description=description, active=active, hidden=hidden)
    _items(company, names.UK_ITEMS, taxable=set())
    for name, email, city, _ in names.UK_CUSTOMERS:
        _customer(company, name, email, {"City": city, "Country": "GBR"})
    for name, currency in names.UK_FOREIGN:
        _customer(company, name, None, {}, CurrencyRef={"value": currency})
    _customer(company, names.UK_EXTRA, None, {})
    _others(company, names.UK_INACTIVE, names.UK_SUB_CUSTOMERS)
    company.insert("Vendor", {"DisplayName": names.UK_VENDOR, "Active": True})
    line = {"Qty": 3, "UnitPrice": Decimal("19.99"), "ItemRef": {"value": "11"}, "TaxCodeRef": {"value": "1"}}
    book = {"Qty": 2, "UnitPrice": Decimal("12.5"), "ItemRef": {"value": "8"}, "TaxCodeRef": {"value": "3"}}
    extra: Doc = {"CurrencyRef": {"value": "GBP"}, "GlobalTaxCalculation": "TaxExcluded"}
    _invoices(company, [line, book], extra, ("1", "2", "3"))


def _lists(company: Company) -> None:
    for name, kind, detail, classification in _ACCOUNTS:
        company.insert(
            "Account",
            {
                "Name": name,
                "SubAccount": False,
                "FullyQualifiedName": name,
                "Active": True,
                "Classification": classification,
                "AccountType": kind,
                "AccountSubType": detail,
                "CurrentBalance": Decimal(0),
                "CurrencyRef": company.currency(company.home),
            },
        )
    for term in _TERMS:
        company.insert("Term", term | {"Active": True})
    company.default_terms = "3"


def _rate(company: Company, name: str, percent: Decimal) -> Doc:
    content: Doc = {"Name": name, "Description": name, "Active": True, "RateValue": percent}
    content |= {"AgencyRef": {"value": "1"}, "SpecialTaxType": "NONE", "DisplayType": "ReadOnly"}
    return company.insert("TaxRate", content)


def _code(
    company: Company,
    name: str,
    rates: list[str],
    *,
    identifier: str | None = None,
    description: str = "",
    active: bool = True,
    hidden: bool = False,
) -> None:
    listed = [{"TaxRateRef": {"value": key}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0} for key in rates]
    content: Doc = {"Name": name, "Description": description or name, "Active": active, "Hidden": hidden}
    content |= {"Taxable": True, "TaxGroup": True, "SalesTaxRateList": {"TaxRateDetail": listed}}
    content |= {"PurchaseTaxRateList": {"TaxRateDetail": []}, "TaxCodeConfigType": "SYSTEM_GENERATED"}
    company.insert("TaxCode", content, identifier=identifier)


def _items(company: Company, rows: tuple[names.Row, ...], taxable: set[str]) -> None:
    for name, code, price, description in rows:
        body: Doc = {"Name": name, "Type": "Service", "UnitPrice": Decimal(price), "Description": description}
        body |= {"IncomeAccountRef": {"value": SERVICES_INCOME}, "Taxable": code in taxable}
        items.create(company, body | ({"Sku": code} if code else {}))
    items.create(company, {"Name": "Hardware", "Type": "Category"})
    old = {"Name": "Fax service", "Type": "Service", "IncomeAccountRef": {"value": SERVICES_INCOME}}
    made = items.create(company, old)
    items.update(company, {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})


def _customer(company: Company, name: str, email: str | None, place: Doc, **more: object) -> Doc:
    body: Doc = {"DisplayName": name, "CompanyName": name[:100]} | more
    if place:
        address = {"Line1": "10 Sample Street", "PostalCode": "00001"} | {n: v for n, v in place.items() if v}
        body |= {"BillAddr": address, "ShipAddr": address}
    if email:
        body["PrimaryEmailAddr"] = {"Address": email}
    return customers.create(company, body)


def _others(company: Company, inactive: tuple[str, ...], subs: tuple[tuple[str, str], ...]) -> None:
    for name in inactive:
        made = _customer(company, name, None, {})
        customers.update(company, {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    for parent, name in subs:
        key = next(doc["Id"] for doc in company.rows("Customer").values() if doc["DisplayName"] == parent)
        _customer(company, name, None, {}, ParentRef={"value": key}, Job=True, BillWithParent=True)


def _invoices(company: Company, details: list[Doc], extra: Doc, buyers: tuple[str, ...]) -> None:
    """Three invoices: one open, one overdue and partly paid, one paid."""
    for age, buyer in zip((5, 60, 40), buyers, strict=True):
        day = company.today() - timedelta(days=age)
        number: Doc = {"DocNumber": f"B-{1000 + age}"} if company.custom_numbers else {}
        kind = "SalesItemLineDetail"
        lines = [{"Amount": each["Qty"] * each["UnitPrice"], "DetailType": kind, kind: each} for each in details]
        body: Doc = {"CustomerRef": {"value": buyer}, "TxnDate": day.isoformat(), "Line": lines}
        made = invoices.create(company, body | extra | number | {"SalesTermRef": {"value": "3"}})
        if age == 5:
            continue
        paid = Decimal(100) if age == 60 and made["Balance"] > 100 else Decimal(10) if age == 60 else made["Balance"]
        line = {"Amount": paid, "LinkedTxn": [{"TxnId": made["Id"], "TxnType": "Invoice"}]}
        payments.create(company, {"CustomerRef": {"value": buyer}, "TotalAmt": paid, "Line": [line]})
