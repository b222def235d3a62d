"""Payments and credit notes, as far as they settle invoices (facts §2.4, §3)."""

from decimal import Decimal

from sandbox.xero import contacts, lines, statuses, tax
from sandbox.xero import input as reading
from sandbox.xero.documents import Doc, cents, number
from sandbox.xero.invoices import settled
from sandbox.xero.organisation import Actor, Organisation
from sandbox.xero.refusals import Invalid


def put(org: Organisation, body: object, actor: Actor) -> Doc:
    """Pay an invoice, wholly or in part. Raises Invalid."""
    content = reading.read("Payment", body)
    invoice = _invoice(org, content)
    account = _account(org, content)
    amount = cents(number(content.get("Amount")))
    day = content.get("Date") or org.today()
    _demand_payable(invoice, amount)
    statuses.demand_open(org, day, actor)
    payment: Doc = {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"AccountID": account["AccountID"], "Code": account.get("Code", "")},
        "Date": day,
        "Amount": amount,
        "BankAmount": amount,
        "CurrencyRate": content.get("CurrencyRate", invoice["CurrencyRate"]),
        "Reference": content.get("Reference", ""),
        "Status": "AUTHORISED",
        "PaymentType": "ACCRECPAYMENT" if invoice["Type"] == "ACCREC" else "ACCPAYPAYMENT",
        "IsReconciled": False,
        "HasAccount": True,
        "HasValidationErrors": False,
    }
    saved = org.insert("Payment", payment, actor)
    shown = {name: saved[name] for name in ("PaymentID", "Date", "Amount", "Reference", "CurrencyRate")}
    _settle(org, invoice | {"Payments": [*invoice.get("Payments", []), shown]}, actor, "Payment received")
    return saved


def end(org: Organisation, identifier: str, body: object, actor: Actor) -> Doc:
    """Delete a payment by its status: the one change that there is. The invoice is due again."""
    content = reading.read("Payment", body)
    payment = org.get("Payment", identifier)
    if content.get("Status") != "DELETED" or set(content) - {"Status", "PaymentID"}:
        raise Invalid("Payments cannot be modified, only created and deleted.")
    if payment["Status"] == "DELETED":
        raise Invalid("This payment has already been deleted.")
    statuses.demand_open(org, payment["Date"], actor)
    invoice = org.get("Invoice", payment["Invoice"]["InvoiceID"])
    kept = [each for each in invoice["Payments"] if each["PaymentID"] != payment["PaymentID"]]
    _settle(org, invoice | {"Payments": kept}, actor, "Payment deleted")
    return org.replace("Payment", payment | {"Status": "DELETED"})


def credit_note(org: Organisation, body: object, actor: Actor, digits: int) -> Doc:
    """A new credit note of sales. Raises Invalid."""
    content = reading.read("CreditNote", body)
    doc: Doc = {"Status": "DRAFT", "LineAmountTypes": "Exclusive", "Date": org.today(), "CurrencyCode": org.base}
    doc = doc | content
    if doc.get("Type") != "ACCRECCREDIT":
        raise Invalid("Credit note not of valid type for creation")
    if doc["Status"] not in statuses.FOR_CREATION or not doc.get("LineItems") or not doc.get("Contact"):
        raise Invalid("A credit note needs a contact, line items and a status for creation.")
    statuses.demand_open(org, doc["Date"], actor)
    if doc["CurrencyCode"] not in org.rows("Currency"):
        raise Invalid(f"Organisation is not subscribed to currency {doc['CurrencyCode']}")
    doc["Contact"] = {"ContactID": contacts.of_document(org, doc["Contact"], actor)["ContactID"]}
    frame = lines.Frame(sale=True, types=doc["LineAmountTypes"], posted=doc["Status"] != "DRAFT", digits=digits)
    doc["LineItems"], off = lines.build(org, doc["LineItems"], [], frame)
    sums = tax.totals(doc["LineItems"], off, doc["LineAmountTypes"])
    doc |= {"SubTotal": sums.sub_total, "TotalTax": sums.tax, "Total": sums.total, "RemainingCredit": sums.total}
    doc.setdefault("CreditNoteNumber", org.next_number("CN-"))
    doc.setdefault("CurrencyRate", org.rate(doc["CurrencyCode"]))
    return org.insert("CreditNote", doc | {"Allocations": []}, actor)


def allocate(org: Organisation, identifier: str, body: object, actor: Actor) -> Doc:
    """Use a credit note for an invoice; gives the allocation. Raises Invalid."""
    content = reading.read("Allocation", body)
    note = org.get("CreditNote", identifier)
    invoice = _invoice(org, content)
    amount = cents(number(content.get("Amount")))
    if note["Status"] != "AUTHORISED" or amount > note["RemainingCredit"]:
        raise Invalid("The credit note is not approved or has less credit left than is to be allocated.")
    if note["CurrencyCode"] != invoice["CurrencyCode"]:
        raise Invalid("The credit note and the invoice have different currencies.")
    _demand_payable(invoice, amount)
    day = content.get("Date") or org.today()
    allocation = {"AllocationID": org.new_id(), "Amount": amount, "Date": day}
    allocation["Invoice"] = {"InvoiceID": invoice["InvoiceID"], "InvoiceNumber": invoice["InvoiceNumber"]}
    left = note["RemainingCredit"] - amount
    status = "AUTHORISED" if left else "PAID"
    allocations = [*note["Allocations"], allocation]
    org.replace("CreditNote", note | {"RemainingCredit": left, "Allocations": allocations, "Status": status})
    applied = {
        "CreditNoteID": note["CreditNoteID"],
        "CreditNoteNumber": note["CreditNoteNumber"],
        "Date": day,
        "AppliedAmount": amount,
        "Total": note["Total"],
    }
    _settle(org, invoice | {"CreditNotes": [*invoice.get("CreditNotes", []), applied]}, actor, "Credit applied")
    return allocation


def _invoice(org: Organisation, content: Doc) -> Doc:
    asked = content.get("Invoice", {})
    found = org.find("Invoice", asked["InvoiceID"]) if "InvoiceID" in asked else None
    named = asked.get("InvoiceNumber") or content.get("InvoiceNumber")
    found = found or (org.by("Invoice", "InvoiceNumber", named) if named else None)
    if found is None:
        raise Invalid("Invoice could not be found")
    return found


def _account(org: Organisation, content: Doc) -> Doc:
    asked = content.get("Account", {})
    found = org.find("Account", asked["AccountID"]) if "AccountID" in asked else None
    found = found or (org.by("Account", "Code", asked["Code"]) if asked.get("Code") else None)
    if (
        found is None
        or found["Status"] != "ACTIVE"
        or not (found["Type"] == "BANK" or found.get("EnablePaymentsToAccount"))
    ):
        raise Invalid("Account could not be found or payments to it are not enabled")
    return found


def _demand_payable(invoice: Doc, amount: Decimal) -> None:
    problems = []
    if invoice["Status"] != "AUTHORISED":
        problems.append("Payments can only be made against Authorised documents")
    if amount <= 0:
        problems.append("The payment amount must be greater than zero")
    if amount > invoice["AmountDue"]:
        problems.append("Payment amount exceeds the amount outstanding on this document")
    if problems:
        raise Invalid(*problems)


def _settle(org: Organisation, invoice: Doc, actor: Actor, change: str) -> None:
    saved = org.replace("Invoice", settled(invoice), quiet=not org.tells_payments)
    org.note(saved["InvoiceID"], change, f"Amount due is now {saved['AmountDue']}.", actor.name)
