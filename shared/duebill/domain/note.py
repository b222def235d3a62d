"""The one note that a deal gets for each invoice: what it says, and how it is recognised."""

import re
from html import escape

from duebill.domain.invoice import Invoice
from duebill.domain.money import rounded
from duebill.domain.status import Status

_WORDS = {
    Status.DRAFT: "draft",
    Status.AWAITING_APPROVAL: "awaiting approval",
    Status.OPEN: "open",
    Status.PARTIALLY_PAID: "partially paid",
    Status.PAID: "paid",
    Status.OVERDUE: "overdue",
    Status.VOIDED: "voided",
    Status.DELETED: "deleted",
}


def note_of(invoice: Invoice, url: str, status: Status, *, reference: str) -> str:
    """The note as HTML: number, total, due date, status, link, and our reference, by which `is_note_of` finds it."""
    number = f"Invoice {escape(invoice.number)}" if invoice.number else "Invoice"
    facts = [f"Total: {rounded(invoice.total, invoice.currency)} {escape(invoice.currency)}"]
    if invoice.balance and invoice.balance != invoice.total:
        facts.append(f"Amount due: {rounded(invoice.balance, invoice.currency)} {escape(invoice.currency)}")
    if invoice.credited > 0:
        facts.append(f"Paid by credit note: {rounded(invoice.credited, invoice.currency)} {escape(invoice.currency)}")
    if invoice.due_on:
        facts.append(f"Due: {invoice.due_on.isoformat()}")
    facts.append(f"Status: {_WORDS[status]}")
    return (
        f'<b><a href="{escape(url, quote=True)}">{number}</a></b><br>'
        + "<br>".join(facts)
        + f"<br><i>Duebill {escape(reference)}</i>"
    )


def note_of_unlinked(invoice: Invoice, url: str, *, reference: str) -> str:
    """The note once the invoice is not the deal's any more; a person decided so, and the note does not go away."""
    number = f"Invoice {escape(invoice.number)}" if invoice.number else "Invoice"
    return (
        f'<a href="{escape(url, quote=True)}">{number}</a> is no longer linked to this deal.'
        f"<br><i>Duebill {escape(reference)}</i>"
    )


def activity_of(invoice: Invoice, url: str, word: str, *, mark: str) -> tuple[str, str]:
    """The subject and the note (HTML) of the activity that says an invoice is `paid` or `overdue`."""
    number = f"Invoice {invoice.number}" if invoice.number else "Invoice"
    amount = invoice.balance if invoice.balance > 0 else invoice.total
    note = (
        f'<a href="{escape(url, quote=True)}">{escape(number)}</a>: {rounded(amount, invoice.currency)} '
        f"{escape(invoice.currency)} {word}<br><i>Duebill {escape(mark)}</i>"
    )
    return f"{number} is {word}", note


def is_note_of(content: str, reference: str) -> bool:
    """Whether a note on the deal is ours for the invoice with this reference, and not for one that begins alike."""
    return re.search(rf"Duebill {re.escape(escape(reference))}(?![\w-])", content) is not None
