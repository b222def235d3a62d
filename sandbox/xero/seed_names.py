"""What is in the sample organisations."""

from typing import NamedTuple

from sandbox.xero.documents import Doc

CURRENCIES = {
    "NZD": "New Zealand Dollar",
    "AUD": "Australian Dollar",
    "GBP": "British Pound",
    "EUR": "Euro",
    "USD": "United States Dollar",
}


class Rate(NamedTuple):
    """A tax rate; `applies` names the class of accounts that it goes with."""

    type: str
    name: str
    percent: str
    applies: str
    status: str = "ACTIVE"


class Account(NamedTuple):
    """An account of the chart; `tax` is a tax type, or "sales" or "cost" for the country's own."""

    code: str
    name: str
    type: str
    kind: str
    tax: str
    status: str = "ACTIVE"
    system: str = ""


NZ_TAX = (
    Rate("OUTPUT2", "15% GST on Income", "15", "Revenue"),
    Rate("INPUT2", "15% GST on Expenses", "15", "Expenses"),
    Rate("ZERORATED", "Zero Rated", "0", "all"),
    Rate("NONE", "No GST", "0", "all"),
    Rate("OUTPUT", "12.5% GST on Income", "12.5", "Revenue", "ARCHIVED"),
)
UK_TAX = (
    Rate("OUTPUT2", "20% (VAT on Income)", "20", "Revenue"),
    Rate("RROUTPUT", "5% (VAT on Income)", "5", "Revenue"),
    Rate("ZERORATEDOUTPUT", "Zero Rated Income", "0", "Revenue"),
    Rate("EXEMPTOUTPUT", "Exempt Income", "0", "Revenue"),
    Rate("INPUT2", "20% (VAT on Expenses)", "20", "Expenses"),
    Rate("NONE", "No VAT", "0", "all"),
    Rate("SROUTPUT", "17.5% (VAT on Income)", "17.5", "Revenue", "ARCHIVED"),
)
AU_TAX = (
    Rate("OUTPUT", "GST on Income", "10", "Revenue"),
    Rate("EXEMPTOUTPUT", "GST Free Income", "0", "Revenue"),
    Rate("INPUT", "GST on Expenses", "10", "Expenses"),
    Rate("BASEXCLUDED", "BAS Excluded", "0", "all"),
    Rate("NONE", "BAS Excluded", "0", "all"),
)
ACCOUNTS = (
    Account("090", "Business Bank Account", "BANK", "ASSET", "NONE"),
    Account("200", "Sales", "REVENUE", "REVENUE", "sales"),
    Account("205", "Consulting Income", "SALES", "REVENUE", "sales"),
    Account("260", "Other Revenue", "OTHERINCOME", "REVENUE", "sales"),
    Account("270", "Interest Income", "REVENUE", "REVENUE", "NONE"),
    Account("299", "Sales of the old shop", "REVENUE", "REVENUE", "sales", "ARCHIVED"),
    Account("310", "Cost of Goods Sold", "DIRECTCOSTS", "EXPENSE", "cost"),
    Account("400", "Advertising", "OVERHEADS", "EXPENSE", "cost"),
    Account("610", "Accounts Receivable", "CURRENT", "ASSET", "NONE", system="DEBTORS"),
    Account("800", "Accounts Payable", "CURRLIAB", "LIABILITY", "NONE", system="CREDITORS"),
    Account("820", "Sales Tax", "CURRLIAB", "LIABILITY", "NONE", system="GST"),
)
# code, name, price, whether it is sold (else bought)
ITEMS = (
    ("CONS-1", "Consulting hour", "150", True),
    ("LIC-STD", "Standard licence", "49", True),
    ("LIC-PRO", "Professional licence", "129.5", True),
    ("DES-DAY", "Design day", "960", True),
    ("PRINT-A5", "A5 leaflet, full colour", "0.0475", True),
    ("HOST-YR", "Hosting, one year", "240", True),
    ("SUPPORT-PREMIUM-24X7-ANNUAL-01", "Premium support round the clock, billed each year", "3600", True),
    ("PAPER-A4", "Paper A4, 500 sheets", "6.4", False),
)
SUPPLIER = "Harbour Paper Supplies"
_EVERYWHERE: tuple[Doc, ...] = (
    {"Name": "Northwind Traders Ltd", "EmailAddress": "accounts@northwind.example", "ContactNumber": "PD-ORG-1"},
    {"Name": "O'Brien & Sons", "EmailAddress": "office@obrien.example", "FirstName": "Nora", "LastName": "O'Brien"},
    {"Name": "Northwind Traders (old)", "EmailAddress": "old@northwind.example"},
    {"Name": "Old Mill Trading", "EmailAddress": "post@oldmill.example"},
    {"Name": "Fern Street Café", "EmailAddress": "books@fernstreet.example"},
    {"Name": "Fern Street Bakery", "EmailAddress": "books@fernstreet.example"},  # the same address on purpose
    {"Name": "Walk-in customer"},  # no e-mail address
    {
        "Name": "Summit Builders",
        "EmailAddress": "pay@summit.example",
        "ContactPersons": [
            {"FirstName": "Ana", "LastName": "Lima", "EmailAddress": "ana@summit.example", "IncludeInEmails": True},
            {"FirstName": "Bo", "LastName": "Chen", "EmailAddress": "bo@summit.example", "IncludeInEmails": False},
        ],
        "PaymentTerms": {"Sales": {"Day": 7, "Type": "DAYSAFTERBILLDATE"}},
    },
    {"Name": SUPPLIER, "EmailAddress": "sales@harbourpaper.example"},
)
NZ_CONTACTS: tuple[Doc, ...] = (
    *_EVERYWHERE,
    {
        "Name": "Tui Books",
        "EmailAddress": "hello@tuibooks.example",
        "TaxNumber": "12-345-678",
        "Addresses": [{"AddressType": "STREET", "AddressLine1": "1 Cuba Street", "City": "Wellington"}],
    },
)
UK_CONTACTS: tuple[Doc, ...] = (
    *_EVERYWHERE,
    {"Name": "Bremer Kontor GmbH", "EmailAddress": "rechnung@bremer.example", "DefaultCurrency": "EUR"},
    {"Name": "Hudson Prints Inc", "EmailAddress": "ap@hudson.example", "DefaultCurrency": "USD"},
)
AU_CONTACTS = _EVERYWHERE
# contact, net price, status; the newest first
INVOICES = (
    ("Northwind Traders Ltd", 480, "DRAFT"),
    ("O'Brien & Sons", 1250, "AUTHORISED"),
    ("Fern Street Café", 96, "AUTHORISED"),
    ("Summit Builders", 5400, "SUBMITTED"),
)
