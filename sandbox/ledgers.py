"""What the simulated books hold, each system's documents told in the same words: for the page and the walkthrough."""

from typing import Any

from sandbox.outside import Outside

NEWEST = 25

Doc = dict[str, Any]


def ledgers(outside: Outside) -> list[Doc]:
    """Each set of books with its newest invoices. `realm` or `tenant` is what the system's own controls name it by."""
    return [
        *(
            {
                "provider": "quickbooks",
                "realm": realm,
                "name": company.name,
                "invoices": [_of_quickbooks(doc) for doc in list(company.rows("Invoice").values())[: -NEWEST - 1 : -1]],
            }
            for realm, company in outside.quickbooks.companies.items()
        ),
        *(
            {
                "provider": "xero",
                "tenant": tenant,
                "name": org.name,
                "invoices": [
                    _of_xero(org.get("Contact", doc["Contact"]["ContactID"])["Name"], doc)
                    for doc in [each for each in org.rows("Invoice").values() if each["Type"] == "ACCREC"][
                        : -NEWEST - 1 : -1
                    ]
                ],
            }
            for tenant, org in outside.xero.organisations.items()
        ),
    ]


def _of_quickbooks(doc: Doc) -> Doc:
    voided = "Voided" in doc.get("PrivateNote", "")
    return {
        "id": doc["Id"],
        "number": doc.get("DocNumber", ""),
        "customer": doc["CustomerRef"].get("name", ""),
        "total": str(doc["TotalAmt"]),
        "balance": str(doc["Balance"]),
        "currency": doc["CurrencyRef"]["value"],
        "due": doc.get("DueDate", ""),
        "voided": voided,
        "status": "VOIDED" if voided else "",
    }


def _of_xero(customer: str, doc: Doc) -> Doc:
    ended = doc["Status"] in ("VOIDED", "DELETED")  # a voided one keeps its AmountDue
    return {
        "id": doc["InvoiceID"],
        "number": doc.get("InvoiceNumber", ""),
        "customer": customer,
        "total": str(doc["Total"]),
        "balance": "0" if ended else str(doc["AmountDue"]),
        "currency": doc["CurrencyCode"],
        "due": str(doc.get("DueDate") or ""),
        "voided": ended,
        "status": doc["Status"],
    }
