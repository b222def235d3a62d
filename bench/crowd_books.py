"""Invoices of the crowd in the simulated books, like the seeded ones."""

from datetime import date
from decimal import Decimal

from duebill.domain.ids import InvoiceId, TenantId
from sandbox.quickbooks.seed import US_REALM
from sandbox.tabletop import Tabletop
from sandbox.xero.seed import NZ_TENANT


def add_to_quickbooks(tabletop: Tabletop, tenant: TenantId, place: int, due: date) -> InvoiceId:
    """One more in a company of QuickBooks."""
    like = next(iter(tabletop.quickbooks.companies[US_REALM].rows("Invoice").values()))
    content = {name: value for name, value in like.items() if name not in ("Id", "SyncToken", "MetaData")}
    changed = {"DocNumber": str(place), "DueDate": due.isoformat(), "Balance": like["TotalAmt"]}
    made = tabletop.quickbooks.companies[tenant].insert("Invoice", content | changed, quiet=True)
    return InvoiceId(made["Id"])


def add_to_xero(tabletop: Tabletop, tenant: TenantId, place: int, due: date) -> InvoiceId:
    """One more in an organisation of Xero."""
    seeded = tabletop.xero.organisations[NZ_TENANT]
    unpaid = (each for each in seeded.rows("Invoice").values() if each["Status"] == "AUTHORISED" and each["AmountDue"])
    like, org = next(unpaid), tabletop.xero.organisations[tenant]
    contact = like["Contact"]["ContactID"]
    org.rows("Contact").setdefault(contact, seeded.rows("Contact")[contact])
    key = f"22222222-2222-4222-8222-{place:012d}"
    changed = {"InvoiceID": key, "InvoiceNumber": f"C-{place}", "DueDate": due, "UpdatedDateUTC": org.now()}
    org.rows("Invoice")[key] = like | changed
    org.created[key] = org.now()
    return InvoiceId(key)


def pay_in_quickbooks(tabletop: Tabletop, tenant: TenantId, invoice: InvoiceId) -> None:
    """Pay all of it."""
    company = tabletop.quickbooks.companies[tenant]
    found = company.get("Invoice", invoice)
    company.replace("Invoice", found, found | {"Balance": Decimal(0)}, quiet=True)


def pay_in_xero(tabletop: Tabletop, tenant: TenantId, invoice: InvoiceId) -> None:
    """Pay all of it."""
    org = tabletop.xero.organisations[tenant]
    found = org.get("Invoice", invoice)
    paid = {"AmountDue": Decimal(0), "AmountPaid": found["Total"], "Status": "PAID"}
    org.replace("Invoice", found | paid, quiet=True)
