"""Three sample organisations of one Xero user: in New Zealand, in the UK with several currencies, in Australia."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from sandbox.xero import contacts, invoices, items
from sandbox.xero import seed_names as names
from sandbox.xero.bookkeeper import PERSON
from sandbox.xero.documents import Doc
from sandbox.xero.organisation import Organisation
from sandbox.xero.tokens import User

if TYPE_CHECKING:
    from sandbox.xero.simulator import Xero

NZ_TENANT = "0f3b1c52-6a1d-4e9b-8c0e-1d5a6f2b7a01"
UK_TENANT = "5d8e2a94-1b7f-4c36-9f4d-7e2c8b1a9c02"
AU_TENANT = "a47c6e13-9d52-4b0a-8e71-3c9f5d2e6b03"
USER = "c1a2b3d4-5e6f-4a7b-8c9d-0e1f2a3b4c01"  # may connect all three
COLLEAGUE = "c1a2b3d4-5e6f-4a7b-8c9d-0e1f2a3b4c02"  # may connect the British one only
_TERMS = {"Day": 20, "Type": "OFFOLLOWINGMONTH"}
_APPLIES = ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")


def seed(simulator: "Xero") -> None:
    """Fill the simulator. Nothing of it is told by webhook, and nobody is connected yet."""
    _users(simulator)
    _new_zealand(simulator)
    _united_kingdom(simulator)
    _australia(simulator)
    for org in simulator.organisations.values():
        _yesterday(org)
        org.news = []


def _users(simulator: "Xero") -> None:
    everywhere = {NZ_TENANT: "STANDARD", UK_TENANT: "FINANCIALADVISER", AU_TENANT: "STANDARD"}
    simulator.add_user(User(USER, "moana.fraser@example.com", "Moana", "Fraser", everywhere))
    roles = {UK_TENANT: "STANDARD", NZ_TENANT: "INVOICEONLY"}
    simulator.add_user(User(COLLEAGUE, "iain.ross@example.com", "Iain", "Ross", roles))


def _new_zealand(simulator: "Xero") -> None:
    org = simulator.add_organisation(
        NZ_TENANT,
        "Kowhai Design Limited",
        version="NZ",
        country="NZ",
        base="NZD",
        zone="Pacific/Auckland",
        zone_name="NEWZEALANDSTANDARDTIME",
        short="!kWh4D",
    )
    org.forbidden = {"UseMulticurrency", "AdministerPayroll", "ApproveTransactionsBeforePeriodLockDate"}
    _lists(org, simulator, names.NZ_TAX, "OUTPUT2", "INPUT2", ["NZD"], [("Standard", 1), ("Letterhead", 2)])
    _tracking(org, "Region", ["North Island", "South Island", "Overseas"], archived=["Chatham Islands"])
    _contacts(org, names.NZ_CONTACTS)
    _sample_invoices(org, "200")


def _united_kingdom(simulator: "Xero") -> None:
    org = simulator.add_organisation(
        UK_TENANT,
        "Thistle & Rose Ltd",
        version="UK",
        country="GB",
        base="GBP",
        zone="Europe/London",
        zone_name="GMTSTANDARDTIME",
        short="!tH1sR",
    )
    org.plan = "ULTIMATE"
    org.sales_terms = _TERMS
    org.forbidden = {"AdministerPayroll"}
    org.rates = {"EUR": Decimal("1.17"), "USD": Decimal("1.26")}
    themes = [("Standard", 1), ("Retail", 2), ("Agency", 4)]  # gaps, and no 0: as recorded from a demo company
    _lists(org, simulator, names.UK_TAX, "OUTPUT2", "INPUT2", ["GBP", "EUR", "USD"], themes)
    _tracking(org, "Department", ["Studio", "Shop"])
    _tracking(org, "Campaign", ["Spring", "Autumn"])
    _contacts(org, names.UK_CONTACTS)
    _sample_invoices(org, "200")


def _australia(simulator: "Xero") -> None:
    org = simulator.add_organisation(
        AU_TENANT,
        "Pebble and Pine Pty Ltd",
        version="AU",
        country="AU",
        base="AUD",
        zone="Australia/Sydney",
        zone_name="AUSEASTERNSTANDARDTIME",
        short="!pB3pN",
    )
    org.plan = "IGNITE"
    org.forbidden = {
        "CreateApprovedInvoice",
        "CreateApprovedBill",
        "CreateInvoicePayment",
        "UseMulticurrency",
        "AdministerPayroll",
        "ApproveTransactionsBeforePeriodLockDate",
    }
    _lists(org, simulator, names.AU_TAX, "OUTPUT", "INPUT", ["AUD"], [("Standard", 0)])
    _contacts(org, names.AU_CONTACTS)


def _lists(
    org: Organisation,
    simulator: "Xero",
    rates: Iterable[names.Rate],
    sales_tax: str,
    cost_tax: str,
    currencies: list[str],
    themes: list[tuple[str, int]],
) -> None:
    for code in currencies:
        org.rows("Currency")[code] = {"Code": code, "Description": names.CURRENCIES[code]}
    for rate in rates:
        org.rows("TaxRate")[rate.type] = _rate(rate)
    for account in names.ACCOUNTS:
        tax = {"sales": sales_tax, "cost": cost_tax}.get(account.tax, account.tax)
        _account(org, account, tax)
    for name, place in themes:
        key = _id(org, f"theme/{name}")
        theme: Doc = {"BrandingThemeID": key, "Name": name, "Type": "INVOICE", "SortOrder": place}
        org.rows("BrandingTheme")[key] = theme | {"CreatedDateUTC": org.now()}
    for user in simulator.users.values():
        if org.tenant in user.roles:
            org.rows("User")[user.id] = _user(org, user)
    for code, name, price, sold in names.ITEMS:
        details = {"UnitPrice": Decimal(price), "AccountCode": "200" if sold else "310"}
        body = {"Code": code, "Name": name, "IsSold": sold, "IsPurchased": not sold}
        body |= {"Description": f"{name}, as agreed", "SalesDetails": details} if sold else {"PurchaseDetails": details}
        items.put(org, body, PERSON, 4)


def _rate(rate: names.Rate) -> Doc:
    percent = Decimal(rate.percent)
    return {
        "Name": rate.name,
        "TaxType": rate.type,
        "ReportTaxType": {"Revenue": "OUTPUT", "Expenses": "INPUT"}.get(rate.applies, "NONE"),
        **{f"CanApplyTo{each}": each == rate.applies or rate.applies == "all" for each in _APPLIES},
        "DisplayTaxRate": percent,
        "EffectiveRate": percent,
        "Status": rate.status,
        "TaxComponents": [{"Name": "Tax", "Rate": percent, "IsCompound": False, "IsNonRecoverable": False}],
    }


def _account(org: Organisation, account: names.Account, tax: str) -> None:
    key = _id(org, f"account/{account.code or account.name}")
    doc: Doc = {
        "AccountID": key,
        "Name": account.name,
        "Status": account.status,
        "Type": account.type,
        "TaxType": tax,
        "Class": account.kind,
        "EnablePaymentsToAccount": False,
        "ShowInExpenseClaims": False,
        "BankAccountType": "BANK" if account.type == "BANK" else "",
        "ReportingCode": "",
        "HasAttachments": False,
        "UpdatedDateUTC": org.now(),
        "AddToWatchlist": False,
    }
    if account.code:
        doc["Code"] = account.code
    if account.system:
        doc["SystemAccount"] = account.system
    if account.type == "BANK":
        doc["CurrencyCode"] = org.base
    org.rows("Account")[key] = doc


def _user(org: Organisation, user: User) -> Doc:
    return {
        "UserID": user.id,
        "EmailAddress": user.email,
        "FirstName": user.first,
        "LastName": user.last,
        "UpdatedDateUTC": org.now(),
        "IsSubscriber": user.id == USER,
        "OrganisationRole": user.roles[org.tenant],
    }


def _tracking(org: Organisation, name: str, options: list[str], archived: Iterable[str] = ()) -> None:
    key = _id(org, f"tracking/{name}")
    rows = [(option, "ACTIVE") for option in options] + [(option, "ARCHIVED") for option in archived]
    found = [
        {"TrackingOptionID": _id(org, f"option/{option}"), "Name": option, "Status": status} for option, status in rows
    ]
    org.rows("TrackingCategory")[key] = {
        "TrackingCategoryID": key,
        "Name": name,
        "Status": "ACTIVE",
        "Options": found,
    }


def _contacts(org: Organisation, rows: Iterable[Doc]) -> None:
    made = {body["Name"]: contacts.put(org, body, PERSON)["ContactID"] for body in rows}
    contacts.archive(org, made["Old Mill Trading"])
    contacts.merge(org, made["Northwind Traders (old)"], made["Northwind Traders Ltd"])


def _sample_invoices(org: Organisation, account: str) -> None:
    """What was there before the app came: it did not create them."""
    day = org.today()
    made = []
    for place, (name, price, status) in enumerate(names.INVOICES):
        contact = org.by("Contact", "Name", name) or {}
        dated = day - timedelta(days=10 * place + 1)
        line = {"Description": "Work of last month", "Quantity": 1, "UnitAmount": price, "AccountCode": account}
        body = {
            "Type": "ACCREC",
            "Status": status,
            "Contact": {"ContactID": contact["ContactID"]},
            "Date": dated.isoformat(),
            "DueDate": (dated + timedelta(days=14)).isoformat(),
            "LineItems": [line],
            "CurrencyCode": org.base,
        }
        made.append(invoices.put(org, body, PERSON, 4)["InvoiceID"])
    bill_line = {"Description": "Paper", "Quantity": 1, "UnitAmount": 80, "AccountCode": "400"}
    supplier = org.by("Contact", "Name", names.SUPPLIER) or {}
    dates = {"Date": day.isoformat(), "DueDate": day.isoformat()}
    bill = {"Type": "ACCPAY", "Status": "AUTHORISED", "Contact": {"ContactID": supplier["ContactID"]}} | dates
    invoices.put(org, bill | {"LineItems": [bill_line]}, PERSON, 4)


def _yesterday(org: Organisation) -> None:
    """All of it was there before today."""
    for rows in org.tables.values():
        for key, doc in rows.items():
            if "UpdatedDateUTC" in doc:
                rows[key] = doc | {"UpdatedDateUTC": doc["UpdatedDateUTC"] - timedelta(days=1)}
    org.created = {key: at - timedelta(days=1) for key, at in org.created.items()}


def _id(org: Organisation, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{org.tenant}/{name}"))
