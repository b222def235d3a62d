"""A bookkeeper who enters many invoices at once: copies of one, each with a day and a number of its own."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from sandbox.quickbooks.company import Company
from sandbox.xero.organisation import Organisation

DUE_AFTER = timedelta(days=30)


def enter_in_quickbooks(company: Company, like: str, days: Iterable[date], *, paid: int = 3) -> list[str]:
    """Ids of copies issued on `days`; every `paid`-th one is paid."""
    rows = company.rows("Invoice")
    first = max(int(key) for key in rows) + 1
    made = []
    for number, day in enumerate(days, start=first):
        due = Decimal(0) if number % paid == 0 else rows[like]["TotalAmt"]
        rows[str(number)] = rows[like] | {
            "Id": str(number),
            "DocNumber": f"B-{number}",
            "TxnDate": day.isoformat(),
            "DueDate": (day + DUE_AFTER).isoformat(),
            "Balance": due,
            "PrivateNote": "Entered by hand",
        }
        made.append(str(number))
    return made


def enter_in_xero(org: Organisation, like: str, days: Iterable[date], *, paid: int = 3) -> list[str]:
    """Ids of copies issued on `days`; every `paid`-th one is paid."""
    rows = org.rows("Invoice")
    made = []
    for number, day in enumerate(days, start=len(rows) + 1):
        key = str(uuid5(NAMESPACE_URL, f"{org.tenant}/entered/{number}"))
        is_paid = number % paid == 0
        rows[key] = rows[like] | {
            "InvoiceID": key,
            "InvoiceNumber": f"B-{number}",
            "Date": day,
            "DueDate": day + DUE_AFTER,
            "Status": "PAID" if is_paid else "AUTHORISED",
            "AmountDue": Decimal(0) if is_paid else rows[like]["Total"],
            "AmountPaid": rows[like]["Total"] if is_paid else Decimal(0),
            "Url": None,
            "_by_app": False,
        }
        org.created[key] = org.created[like]
        made.append(key)
    return made
