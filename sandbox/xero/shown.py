"""How documents look in answers (facts §2.1, §2.3, §3)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sandbox.xero import tax
from sandbox.xero.documents import ZERO, Doc, number
from sandbox.xero.organisation import Organisation

_BLANK_CONTACT: Doc = {"Addresses": [], "Phones": [], "ContactGroups": [], "ContactPersons": []}


def invoice(org: Organisation, doc: Doc, digits: int = 2) -> Doc:
    """The whole invoice, with its lines and its contact."""
    return _invoice(doc, contact(org, org.get("Contact", doc["Contact"]["ContactID"])), digits)


def invoice_row(org: Organisation, doc: Doc, digits: int, *, lines: bool, summary: bool) -> Doc:
    """An invoice in a list: lines only on pages, the contact's id and name only."""
    found = org.get("Contact", doc["Contact"]["ContactID"])
    short = {"ContactID": found["ContactID"], "Name": found["Name"]} | _BLANK_CONTACT | {"HasValidationErrors": False}
    row = _invoice(doc, short, digits)
    if not lines:
        row["LineItems"] = []
    if summary:
        dropped = ("Payments", "LineItems", "HasAttachments")
        row = {name: value for name, value in row.items() if name not in dropped}
    return row


def _invoice(doc: Doc, who: Doc, digits: int) -> Doc:
    blank: Doc = {
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "SentToContact": False,
        "HasAttachments": False,
        "HasErrors": False,
        "Attachments": [],
        "InvoicePaymentServices": [],
    }
    if doc["Type"] == "ACCREC":
        blank["Reference"] = ""
    found = blank | doc | {"Contact": who, "IsDiscounted": bool(doc["TotalDiscount"])}
    found["LineItems"] = [line(each, digits) for each in doc["LineItems"]]
    if not doc["TotalDiscount"]:
        del found["TotalDiscount"]
    if doc.get("_warnings"):
        found["Warnings"] = [{"Message": each} for each in doc["_warnings"]]
    return found | {"UpdatedDateUTCString": text_time(doc["UpdatedDateUTC"])}


def line(doc: Doc, digits: int) -> Doc:
    """A line; unit amounts with two digits unless four were asked for."""
    found = doc | {"ValidationErrors": []}
    return found | ({"UnitAmount": tax.unit(number(doc["UnitAmount"]), digits)} if "UnitAmount" in doc else {})


def text_time(at: datetime) -> str:
    """UpdatedDateUTCString: ISO, without a zone."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]


def contact(org: Organisation, doc: Doc) -> Doc:
    """The whole contact."""
    sales = [each for each in org.rows("Invoice").values() if each["Contact"]["ContactID"] == doc["ContactID"]]
    found = doc | {"ContactGroups": [], "HasAttachments": False, "HasValidationErrors": False}
    found["IsCustomer"] = any(each["Type"] == "ACCREC" for each in sales)
    found["IsSupplier"] = any(each["Type"] == "ACCPAY" for each in sales)
    balances = {
        key: _balance(org, [each for each in sales if each["Type"] == kind])
        for key, kind in (("AccountsReceivable", "ACCREC"), ("AccountsPayable", "ACCPAY"))
    }
    return found | ({"Balances": balances} if sales else {})


def _balance(org: Organisation, invoices: list[Doc]) -> Mapping[str, Decimal]:
    owed = [each for each in invoices if each["Status"] == "AUTHORISED"]
    late = [each for each in owed if each["DueDate"] < org.today()]
    return {
        "Outstanding": sum((each["AmountDue"] for each in owed), ZERO),
        "Overdue": sum((each["AmountDue"] for each in late), ZERO),
    }


def contact_row(org: Organisation, doc: Doc, *, paged: bool, summary: bool) -> Doc:
    """A contact in a list: people, terms and balances only on pages, and not in summaries."""
    found = contact(org, doc)
    if not paged or summary:
        for name in ("PaymentTerms", "Balances", "ContactPersons", "BrandingTheme"):
            found.pop(name, None)
    return found


def item(doc: Doc, digits: int) -> Doc:
    """An item."""
    found = dict(doc)
    for name in ("SalesDetails", "PurchaseDetails"):
        if "UnitPrice" in doc.get(name, {}):
            found[name] = doc[name] | {"UnitPrice": tax.unit(doc[name]["UnitPrice"], digits)}
    return found


def payment(org: Organisation, doc: Doc) -> Doc:
    """A payment, with what there is to know of its invoice."""
    paid = org.get("Invoice", doc["Invoice"]["InvoiceID"])
    who = org.get("Contact", paid["Contact"]["ContactID"])
    names = ("Type", "InvoiceID", "InvoiceNumber", "CurrencyCode")
    short = {name: paid[name] for name in names} | {
        "Contact": {"ContactID": who["ContactID"], "Name": who["Name"]} | _BLANK_CONTACT,
        "LineItems": [],
        "HasErrors": False,
        "IsDiscounted": False,
    }
    return doc | {"Invoice": short, "UpdatedDateUTCString": text_time(doc["UpdatedDateUTC"])}


def credit_note(org: Organisation, doc: Doc, digits: int) -> Doc:
    """A credit note."""
    who = contact(org, org.get("Contact", doc["Contact"]["ContactID"]))
    found = doc | {"Contact": who, "HasErrors": False, "UpdatedDateUTCString": text_time(doc["UpdatedDateUTC"])}
    return found | {"LineItems": [line(each, digits) for each in doc["LineItems"]]}
