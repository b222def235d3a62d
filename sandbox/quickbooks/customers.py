"""Customers (S-CUST)."""

from decimal import Decimal

from sandbox.quickbooks import input as reading
from sandbox.quickbooks.company import NAMES, Company
from sandbox.quickbooks.documents import Doc, cents, number, reference
from sandbox.quickbooks.references import active, named, settle
from sandbox.quickbooks.refusals import Refused, bad_reference, business, missing

DELETED = " (deleted)"
_NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
_KEPT = ("Balance", "BalanceWithJobs")
_MASKED = ("PrimaryTaxIdentifier", "SecondaryTaxIdentifier")


def create(company: Company, body: Doc) -> Doc:
    """A new customer."""
    content = reading.read("Customer", body)
    return company.insert("Customer", _assemble(company, content, None))


def update(company: Company, body: Doc) -> Doc:
    """A full or sparse update; making inactive is one, and the only way to be rid of a customer."""
    old = company.current("Customer", body)
    content = reading.read("Customer", body)
    if content.get("sparse"):
        content = {name: value for name, value in old.items() if name not in reading.blanks(body)} | content
    return company.replace("Customer", old, _assemble(company, content, old))


def _assemble(company: Company, content: Doc, old: Doc | None) -> Doc:
    name = _display_name(content)
    if old and not content.get("Active", True) and not name.endswith(DELETED):
        if number(old["Balance"]) != 0:
            raise business("A customer with an open balance cannot be made inactive.")  # S-CUST, old reports
        name += DELETED
    if old and old.get("Active") is False and content.get("Active", True):
        name = name.removesuffix(DELETED)
    refuse_taken(company, name, old["Id"] if old else None)
    parent = active(company, "Customer", content, "ParentRef")
    settle(company, "Term", content, "SalesTermRef")
    settle(company, "TaxCode", content, "DefaultTaxCodeRef")
    currency = _currency(company, content, old)
    full = f"{parent['FullyQualifiedName']}:{name}" if parent else name
    found: Doc = {
        "Taxable": content.get("Taxable", company.is_us),
        "Job": content.get("Job", False),
        "BillWithParent": content.get("BillWithParent", False),
        "Balance": old["Balance"] if old else Decimal(0),
        "BalanceWithJobs": old["BalanceWithJobs"] if old else Decimal(0),
        "CurrencyRef": company.currency(currency),
        "PreferredDeliveryMethod": content.get("PreferredDeliveryMethod", "Print"),
        "FullyQualifiedName": full,
        "DisplayName": name,
        "PrintOnCheckName": content.get("PrintOnCheckName") or content.get("CompanyName") or name,
        "Active": content.get("Active", True),
    }
    if parent:
        found |= {"ParentRef": named(parent), "Level": int(parent.get("Level", 0)) + 1}
    skipped = {*found, "Id", "SyncToken", "sparse", "domain", "MetaData"}
    found |= {each: value for each, value in content.items() if each not in skipped}
    for each in _MASKED:
        if each in found:
            found[each] = _masked(found[each])
    for each in ("BillAddr", "ShipAddr"):
        if each in found:
            found[each] = company.address(found[each])
    if company.is_us and found["Taxable"]:
        found.setdefault("DefaultTaxCodeRef", {"value": "2"})  # recorded: S-VCR create__customer
    _check_email(found)
    return found


def _display_name(content: Doc) -> str:
    parts = [content[each] for each in _NAME_PARTS if content.get(each)]
    name = str(content.get("DisplayName") or " ".join(parts)).strip()
    if not name:
        raise missing("DisplayName")
    if any(sign in name for sign in ":\t\n"):
        raise Refused("2040", "Invalid String", "DisplayName must not hold a colon, a tab or a new line", "DisplayName")
    return name


def refuse_taken(company: Company, name: str, own: str | None) -> None:
    """Names are unique over customers, vendors and employees, without regard to case (6240; S-CUST)."""
    for entity in NAMES:
        for key, doc in company.rows(entity).items():
            if doc["DisplayName"].lower() == name.lower() and (entity != "Customer" or key != own):
                raise Refused(
                    "6240",
                    "Duplicate Name Exists Error",
                    "The name supplied already exists. : Another customer, vendor or employee is already using this \n"
                    f"name. Please use a different name. : Id={key}",
                    "",
                )


def _currency(company: Company, content: Doc, old: Doc | None) -> str:
    asked = reference(content, "CurrencyRef")
    if old:
        kept = str(old["CurrencyRef"]["value"])
        if asked not in (None, kept):
            raise business("You cannot change the currency of a customer.")  # "Once set, it cannot be changed" (S-CUST)
        return kept
    if asked in (None, company.home):
        return company.home
    if not company.multicurrency:
        raise business("Multicurrency is not turned on for this company.")
    known = {doc["Code"] for doc in company.rows("CompanyCurrency").values()}
    if asked not in known:
        if not (len(asked) == 3 and asked.isalpha() and asked.isupper()):
            raise bad_reference("CurrencyRef")
        # An unknown currency is added to the company's list (S-CUST).
        company.insert("CompanyCurrency", {"Code": asked, "Name": company.currency(asked)["name"], "Active": True})
    return asked


def _masked(value: str) -> str:
    """Tax numbers are masked in answers: the last five characters only (S-CUST)."""
    return "X" * max(0, len(value) - 5) + value[-5:]


def _check_email(content: Doc) -> None:
    address = content.get("PrimaryEmailAddr", {}).get("Address")
    if address is not None and ("@" not in address or "." not in address):
        raise Refused("2210", "Invalid Email Address", f"Email Address does not conform to the syntax rules: {address}")


def move_balance(company: Company, identifier: str, by: Decimal, rate: Decimal) -> None:
    """What the customer owes changed: balance and time move, the SyncToken does not (S-VCR error__400.1)."""
    customer = company.find("Customer", identifier)
    if customer is None or by == 0:
        return
    change = cents(by * rate)
    customer["Balance"] = number(customer["Balance"]) + change
    customer["BalanceWithJobs"] = number(customer["BalanceWithJobs"]) + change
    customer["MetaData"] = customer["MetaData"] | {"LastUpdatedTime": company.stamp()}
