"""Books and a CRM with thousands of items, customers, products and organizations: copies of ones that are there."""

from uuid import NAMESPACE_URL, uuid5

from sandbox.pipedrive.model import Company as CrmCompany
from sandbox.quickbooks.company import Company
from sandbox.xero.organisation import Organisation


def copy_in_quickbooks(company: Company, kind: str, count: int) -> None:
    """Items `Copy 1` … with the codes `COPY-1` …, or customers with the e-mails `ap1@copies.example` …"""
    rows = company.rows(kind)
    like = next(doc for doc in rows.values() if doc["Active"] and doc.get("Type", "Service") == "Service")
    first = max(int(key) for key in rows) + 1
    for number in range(1, count + 1):
        key, name = str(first + number), f"Copy {number}"
        rows[key] = (
            like
            | {"Id": key, "FullyQualifiedName": name}
            | (
                {"Name": name, "Sku": f"COPY-{number}"}
                if kind == "Item"
                else {"DisplayName": name, "PrimaryEmailAddr": {"Address": f"ap{number}@copies.example"}}
            )
        )


def copy_in_xero(org: Organisation, kind: str, count: int) -> None:
    """The same in Xero."""
    rows = org.rows(kind)
    like = next(
        doc for doc in rows.values() if doc.get("ContactStatus", "ACTIVE") == "ACTIVE" and doc.get("IsSold", True)
    )
    for number in range(1, count + 1):
        key, name = str(uuid5(NAMESPACE_URL, f"{org.tenant}/{kind}/{number}")), f"Copy {number}"
        org.created[key] = org.now()
        rows[key] = like | (
            {"ItemID": key, "Name": name, "Code": f"COPY-{number}"}
            if kind == "Item"
            else {"ContactID": key, "Name": name, "EmailAddress": f"ap{number}@copies.example"}
        )


def copy_in_crm(company: CrmCompany, count: int) -> None:
    """As many products and organizations, by the same names; products by the same codes."""
    product, organization = next(iter(company.products.values())), next(iter(company.organizations.values()))
    for number in range(1, count + 1):
        key, name = 10_000 + number, f"Copy {number}"
        company.products[key] = product | {"id": key, "name": name, "code": f"COPY-{number}", "visible_to": 7}
        company.organizations[key] = organization | {"id": key, "name": name, "visible_to": 7}
