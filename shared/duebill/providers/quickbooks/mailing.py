"""Invoices on their way to the customer: e-mail with receivers of our choice, and QuickBooks' own text."""

from datetime import UTC, datetime

from duebill.domain.ids import CustomerId, InvoiceId
from duebill.domain.invoice import Invoice
from duebill.domain.mail import Mail, MailTerms, Sent
from duebill.domain.sentence import Sentence
from duebill.errors import NotFound, Problem, Severity
from duebill.providers.quickbooks.client import QuickBooksClient
from duebill.providers.quickbooks.mapping import addresses_in, receivers_of
from duebill.providers.quickbooks.wire import InvoiceDocument

_BOOKS = {"books": "QuickBooks"}
_SENDER = Sentence("from_company", "QuickBooks sends it, in the name of the company.", _BOOKS)
_TEXT = Sentence(
    "text_of_settings",
    "The text is the message for invoices in QuickBooks' settings; the invoice is attached or linked as set there.",
    _BOOKS,
)
# "Basic schema and data formats", limits table: a sandbox company sends 40 a day; for others no limit is published.
_LIMITS = Sentence(
    "limit_unnamed",
    "Intuit names no daily limit for a real company; a sandbox company sends 40 e-mails a day.",
    _BOOKS | {"trial": "40"},
)
_NO_ADDRESS = "QuickBooks has no e-mail address for this customer. Say where the invoice goes."


def mail_terms(client: QuickBooksClient, invoice: Invoice) -> MailTerms:
    """What stands on the invoice, else the customer's address."""
    document = client.read_invoice(invoice.id)
    to = addresses_in(document.bill_email) or _customers_own(client, invoice.customer)
    missing = Problem("email_missing", _NO_ADDRESS, Severity.WARN, ("/to",))
    return MailTerms(
        to=to,
        copies=addresses_in(document.bill_email_cc),
        blind_copies=addresses_in(document.bill_email_bcc),
        can_choose=True,
        sender=_SENDER,
        text=_TEXT,
        limits=_LIMITS,
        problems=() if to else (missing,),
    )


def address_mail(client: QuickBooksClient, invoice: Invoice, mail: Mail, *, key: str) -> None:
    """Copies stand on the invoice: `send` takes one address only (Invoice reference). Written where they differ."""
    if mail.copies is None and mail.blind_copies is None:
        return
    document = client.read_invoice(invoice.id)
    wanted = {
        "BillEmailCc": (mail.copies, document.bill_email_cc),
        "BillEmailBcc": (mail.blind_copies, document.bill_email_bcc),
    }
    changes = {
        name: {"Address": ", ".join(new)} if new else None  # null clears
        for name, (new, old) in wanted.items()
        if new is not None and tuple(new) != addresses_in(old)
    }
    if changes:
        head = {"Id": invoice.id, "SyncToken": str(document.sync_token), "sparse": True}
        client.update_invoice(head | changes, key=key)


def email_invoice(client: QuickBooksClient, invoice: Invoice, mail: Mail, now: datetime, *, key: str) -> Sent:
    """Sent by one call; the answer is the invoice with the time of delivery."""
    document = client.send_invoice(invoice.id, mail.to, key=key)
    return Sent(_delivered_at(document) or now, receivers_of(document))


def sent_since(client: QuickBooksClient, invoice: InvoiceId, since: datetime) -> Sent | None:
    """The last delivery stands on the invoice."""
    document = client.read_invoice(invoice)
    at = _delivered_at(document)
    return Sent(at, receivers_of(document)) if at and at >= since else None


def _delivered_at(document: InvoiceDocument) -> datetime | None:
    at = document.delivery_info.delivery_time if document.delivery_info else None
    return at.astimezone(UTC) if at else None


def _customers_own(client: QuickBooksClient, customer: CustomerId) -> tuple[str, ...]:
    try:
        return addresses_in(client.read_customer(customer).primary_email_addr)
    except NotFound:
        return ()
