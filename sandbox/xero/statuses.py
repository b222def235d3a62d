"""Which step an invoice may take, and who may take it (facts §2.4)."""

from datetime import date

from sandbox.xero.documents import Doc
from sandbox.xero.organisation import Actor, Organisation
from sandbox.xero.refusals import Invalid

EARLY = ("DRAFT", "SUBMITTED")
OVER = ("VOIDED", "DELETED")
FOR_CREATION = ("DRAFT", "SUBMITTED", "AUTHORISED")
STEPS = {
    "DRAFT": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"},
    "AUTHORISED": {"AUTHORISED", "VOIDED"},
    "PAID": {"PAID"},
    "VOIDED": set(),
    "DELETED": set(),
}
_NOT_VALID = "Invoice not of valid status for modification"


def has_payments(doc: Doc) -> bool:
    """Whether a payment or a credit note is applied."""
    return bool(doc.get("Payments") or doc.get("CreditNotes"))


def demand_step(old: Doc, new: str) -> None:
    """Refuse a step that the status machine does not have."""
    if new == "VOIDED" and has_payments(old):
        raise Invalid(
            f"The status {new} cannot be applied to the invoice because it has payments or credit notes "
            "allocated to it."
        )
    if new not in STEPS[old["Status"]]:
        raise Invalid(_NOT_VALID)


def demand_right(org: Organisation, old: Doc | None, doc: Doc, actor: Actor) -> None:
    """Refuse an approval that the connecting user or the plan does not allow."""
    if doc["Status"] in EARLY or (old and old["Status"] not in EARLY):
        return
    right = "CreateApprovedInvoice" if doc["Type"] == "ACCREC" else "CreateApprovedBill"
    if actor.app and not org.may(right):
        raise Invalid("You do not have permission to approve this document.")
    most = org.approvals_a_month
    if most is not None and doc["Type"] == "ACCREC" and _approved(org, org.today()) >= most:
        raise Invalid("You have reached the limit of invoices you can approve")


def _approved(org: Organisation, today: date) -> int:
    return sum(
        1
        for doc in org.rows("Invoice").values()
        if doc["Type"] == "ACCREC"
        and doc["Status"] in ("AUTHORISED", "PAID", "VOIDED")
        and (doc["Date"].year, doc["Date"].month) == (today.year, today.month)
    )


def demand_open(org: Organisation, day: date, actor: Actor) -> None:
    """Refuse a date in a locked period. Before the period lock (not the year's) some users may still write."""
    if org.year_lock and day <= org.year_lock:
        raise _locked("end of year", org.year_lock)
    allowed = actor.app and org.may("ApproveTransactionsBeforePeriodLockDate")
    if org.period_lock and day <= org.period_lock and not allowed:
        raise _locked("period", org.period_lock)


def _locked(which: str, until: date) -> Invalid:
    at = f"{until.day} {until:%b %Y}"
    return Invalid(f"The document date cannot be before the {which} lock date, currently set at {at}")


def end(org: Organisation, old: Doc, status: str, actor: Actor) -> Doc:
    """Void or delete. What was due stays written on the document (recorded: AmountDue of a voided one)."""
    if status == "VOIDED":
        demand_open(org, old["Date"], actor)
    saved = org.replace("Invoice", old | {"Status": status})
    org.note(saved["InvoiceID"], status.capitalize(), f"INV {old['InvoiceNumber']}.", actor.name)
    return saved
