"""Invoices: create, update and what follows from their amounts (facts §2)."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

from sandbox.xero import contacts, lines, statuses, tax
from sandbox.xero import input as reading
from sandbox.xero.documents import ZERO, Doc, cents, number
from sandbox.xero.organisation import Actor, Organisation
from sandbox.xero.refusals import Invalid

_TYPES = ("ACCREC", "ACCPAY")
_AMOUNT_TYPES = ("Exclusive", "Inclusive", "NoTax")
_SUSPICIOUS = Decimal("0.5")  # how far a rate may be from the day's before Xero warns is stated nowhere
# What can still be changed when something is paid, and does not move UpdatedDateUTC then (facts §2.1).
_AFTER_PAYMENT = {"DueDate", "SentToContact", "ExpectedPaymentDate"}
_NOT_CONTENT = {"InvoiceID", "Status", "InvoiceNumber", "Type"}


def put(org: Organisation, body: object, actor: Actor, digits: int) -> Doc:
    """A new invoice. Raises Invalid."""
    content = reading.read("Invoice", body)
    if "InvoiceID" in content and org.find("Invoice", content["InvoiceID"]):
        raise Invalid("Invoice not of valid status for creation")
    return _create(org, content, actor, digits)


def post(org: Organisation, body: object, actor: Actor, digits: int, identifier: str | None = None) -> Doc:
    """Change the invoice of the id or the number, or else make a new one. Raises Invalid; Missing for an unknown id."""
    content = reading.read("Invoice", body)
    key = identifier or content.get("InvoiceID")
    if key:
        return _update(org, org.get("Invoice", key), content, actor, digits)
    named = _of_number(org, content.get("InvoiceNumber")) if content.get("Type", "ACCREC") == "ACCREC" else None
    return _update(org, named, content, actor, digits) if named else _create(org, content, actor, digits)


def _create(org: Organisation, content: Doc, actor: Actor, digits: int) -> Doc:
    problems = []
    if content.get("Type") not in _TYPES:
        problems.append("Invoice not of valid type for creation")
    if content.get("Status", "DRAFT") not in statuses.FOR_CREATION:
        problems.append("Invoice not of valid status for creation")
    if not content.get("LineItems"):
        problems.append("One or more line items must be specified")
    if not content.get("Contact"):
        problems.append("A Contact must be specified for this type of transaction")
    if problems:
        raise Invalid(*problems)
    doc = _assembled(org, content, None, actor, digits)
    statuses.demand_right(org, None, doc, actor)
    saved = org.insert("Invoice", doc, actor)
    org.note(saved["InvoiceID"], "Created", f"INV {doc['InvoiceNumber']} for {doc['Total']}.", actor.name)
    return saved


def _update(org: Organisation, old: Doc, content: Doc, actor: Actor, digits: int) -> Doc:
    if content.get("Type", old["Type"]) != old["Type"]:
        raise Invalid("Invoice type cannot be changed.")
    status: str = content.get("Status") or old["Status"]
    statuses.demand_step(old, status)
    changed = set(content) - _NOT_CONTENT
    paid = statuses.has_payments(old)
    if paid and changed - _AFTER_PAYMENT:
        raise Invalid("This document cannot be edited as it has a payment or credit note allocated to it.")
    if content.get("SentToContact") and status not in ("AUTHORISED", "PAID"):
        raise Invalid("SentToContact can only be set on an approved invoice.")
    if changed and status in statuses.OVER:
        raise Invalid("Invoice not of valid status for modification")
    if status in statuses.OVER:
        return statuses.end(org, old, status, actor)
    doc = old | {name: value for name, value in content.items() if name in _AFTER_PAYMENT} if paid else None
    doc = doc or _assembled(org, content, old, actor, digits)
    statuses.demand_right(org, old, doc, actor)
    saved = org.replace("Invoice", doc, still=paid)
    org.note(saved["InvoiceID"], _change(old, saved), f"INV {doc['InvoiceNumber']} for {doc['Total']}.", actor.name)
    return saved


def _change(old: Doc, new: Doc) -> str:
    return "Approved" if old["Status"] in statuses.EARLY and new["Status"] not in statuses.EARLY else "Edited"


def _assembled(org: Organisation, content: Doc, old: Doc | None, actor: Actor, digits: int) -> Doc:
    """The whole document, reckoned. Raises Invalid with the first rule that is broken."""
    doc: Doc = {"Status": "DRAFT"}
    doc = doc | (old or {}) | content
    sale = doc["Type"] == "ACCREC"
    posted = doc["Status"] != "DRAFT"
    contact = _contact(org, content, old, actor)
    doc["Contact"] = {"ContactID": contact["ContactID"]}
    doc.setdefault("LineAmountTypes", "Exclusive")
    if doc["LineAmountTypes"] not in _AMOUNT_TYPES:
        raise Invalid("LineAmountTypes must be Exclusive, Inclusive or NoTax.")
    doc.setdefault("Date", org.today())
    _due(org, doc, contact, posted=posted)
    for day in {doc["Date"], old["Date"] if old and old["Status"] != "DRAFT" else doc["Date"]}:
        statuses.demand_open(org, day, actor)
    _money(org, doc, content, contact)
    _texts(org, doc, old, sale=sale)
    frame = lines.Frame(sale, doc["LineAmountTypes"], posted, digits)
    again = "LineItems" in content or "LineAmountTypes" in content or (posted and old and old["Status"] == "DRAFT")
    if again:
        sent = content.get("LineItems") or [_resent(line) for line in doc["LineItems"]]
        kept = old["LineItems"] if old else []
        frame = frame if "LineItems" in content else lines.Frame(sale, frame.types, posted, 4)
        doc["LineItems"], doc["TotalDiscount"] = lines.build(org, sent, kept, frame)
        if not doc["LineItems"]:
            raise Invalid("One or more line items must be specified")
    return _reckoned(doc)


def _resent(line: Doc) -> Doc:
    """A line as if it had been sent as it is."""
    reckoned = {"LineAmount", "TaxAmount", "AccountID", "Item"}
    return {name: value for name, value in line.items() if name not in reckoned}


def _reckoned(doc: Doc) -> Doc:
    found = tax.totals(doc["LineItems"], doc["TotalDiscount"], doc["LineAmountTypes"])
    if found.total < 0 and doc["Status"] != "DRAFT":
        raise Invalid("The total for this document must not be less than zero.")
    doc |= {"SubTotal": found.sub_total, "TotalTax": found.tax, "Total": found.total}
    return settled(doc)


def settled(doc: Doc) -> Doc:
    """The document with what is still due, and PAID where nothing is."""
    paid = sum((number(each["Amount"]) for each in doc.get("Payments", [])), ZERO)
    credited = sum((number(each["AppliedAmount"]) for each in doc.get("CreditNotes", [])), ZERO)
    due = cents(doc["Total"] - paid - credited)
    doc = doc | {"AmountPaid": paid, "AmountCredited": credited, "AmountDue": due}
    if doc["Status"] in ("AUTHORISED", "PAID"):
        doc["Status"] = "AUTHORISED" if due > 0 else "PAID"
    last = max((each["Date"] for each in [*doc.get("Payments", []), *doc.get("CreditNotes", [])]), default=doc["Date"])
    doc.pop("FullyPaidOnDate", None)
    return doc | ({"FullyPaidOnDate": last} if doc["Status"] == "PAID" else {})


def _contact(org: Organisation, content: Doc, old: Doc | None, actor: Actor) -> Doc:
    if "Contact" in content or old is None:
        return contacts.of_document(org, content["Contact"], actor)
    return org.get("Contact", old["Contact"]["ContactID"])


def _due(org: Organisation, doc: Doc, contact: Doc, *, posted: bool) -> None:
    if "DueDate" not in doc:
        terms = contact.get("PaymentTerms", {}).get("Sales") or org.sales_terms
        if terms:
            doc["DueDate"] = due(doc["Date"], terms)
        elif posted:
            raise Invalid("A Due Date must be specified for this type of transaction")
    if "DueDate" in doc and doc["DueDate"] < doc["Date"] and posted:
        raise Invalid("The due date must not be before the document date.")


def _money(org: Organisation, doc: Doc, content: Doc, contact: Doc) -> None:
    fallback = contact.get("DefaultCurrency") if org.rows("Currency").get(contact.get("DefaultCurrency", "")) else None
    currency = doc.setdefault("CurrencyCode", fallback or org.base)
    if currency not in org.rows("Currency"):
        raise Invalid(f"Organisation is not subscribed to currency {currency}")
    today = org.rate(currency)
    if currency == org.base:
        doc["CurrencyRate"] = Decimal(1)
    elif "CurrencyRate" not in content and ("CurrencyRate" not in doc or "CurrencyCode" in content):
        doc["CurrencyRate"] = today
    rate = number(doc["CurrencyRate"])
    if rate <= 0:
        raise Invalid("The currency rate must be greater than zero.")
    doc.pop("_warnings", None)
    if abs(rate - today) > today * _SUSPICIOUS:
        doc["_warnings"] = [f"The currency rate {rate} differs much from the rate of the day, {today}."]


def _texts(org: Organisation, doc: Doc, old: Doc | None, *, sale: bool) -> None:
    themes = org.rows("BrandingTheme")
    if "BrandingThemeID" in doc and doc["BrandingThemeID"] not in themes:
        raise Invalid("The branding theme does not exist.")
    if sale and "BrandingThemeID" not in doc and themes:
        doc["BrandingThemeID"] = min(themes.values(), key=lambda theme: int(theme["SortOrder"]))["BrandingThemeID"]
    url = doc.get("Url", "")
    if url and (not url.startswith(("http://", "https://")) or "xero" in url.lower()):
        raise Invalid("Url must be an address of the web and must not contain 'xero'.")
    if not sale:
        doc.pop("Reference", None)
        doc.setdefault("InvoiceNumber", "")
        return
    if not doc.get("InvoiceNumber"):
        doc["InvoiceNumber"] = _free_number(org)
    named = _of_number(org, doc["InvoiceNumber"])
    if named and (old is None or named["InvoiceID"] != old["InvoiceID"]):
        raise Invalid("Invoice # must be unique.")


def _free_number(org: Organisation) -> str:
    found = org.next_number(org.number_prefix)
    while _of_number(org, found):
        found = org.next_number(org.number_prefix)
    return found


def _of_number(org: Organisation, sent: str | None) -> Doc | None:
    """The sales invoice of a number. A deleted draft's number is free again; a voided invoice keeps its own."""
    for doc in org.rows("Invoice").values() if sent else ():
        if doc["Type"] == "ACCREC" and doc["Status"] != "DELETED" and doc["InvoiceNumber"] == sent:
            return doc
    return None


def due(day: date, terms: Doc) -> date:
    """The due date by payment terms (PaymentTermType of the specification)."""
    days = int(terms["Day"])
    match terms["Type"]:
        case "DAYSAFTERBILLDATE":
            return day + timedelta(days=days)
        case "DAYSAFTERBILLMONTH":
            return _in_month(day, 0, 31) + timedelta(days=days)
        case "OFCURRENTMONTH":
            return _in_month(day, 0, days)
        case _:
            return _in_month(day, 1, days)


def _in_month(day: date, later: int, number_of_day: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + later, 12)
    return date(year, month + 1, min(number_of_day, calendar.monthrange(year, month + 1)[1]))
