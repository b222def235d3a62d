"""Invoices on their way to the customer: Xero sends to the addresses of its contact, with a text of its own."""

import re
from datetime import datetime

from duebill.domain.ids import InvoiceId
from duebill.domain.invoice import Invoice
from duebill.domain.mail import Mail, MailTerms, Sent
from duebill.domain.sentence import Sentence
from duebill.errors import Problem, Severity, Unsupported
from duebill.providers.xero.client import XeroClient
from duebill.providers.xero.wire import ReceiverDocument

_BOOKS = {"books": "Xero"}
_SENDER = Sentence("from_connector", "Xero sends it, in the name of whoever connected Xero to Duebill.", _BOOKS)
_TEXT = Sentence("text_of_template", "The text is the organisation's default e-mail template in Xero.", _BOOKS)
_LIMITS = Sentence(
    "limit_daily",
    "Xero sends at most 1,000 e-mails a day for an organisation, 20 in a trial, none for the demo company.",
    _BOOKS | {"limit": "1000", "trial": "20"},
)
_NO_ADDRESS = "The contact has no e-mail address in Xero. Add one there first."
_NO_CHOICE = "Xero sends to the addresses of its contact only: change them there."
_SENT = re.compile(r"\b(sent|e-?mailed)\b", re.IGNORECASE)  # the words of the history are nowhere documented
_ADDRESS = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+[^\s,;<>().]")


def mail_terms(client: XeroClient, invoice: Invoice) -> MailTerms:
    """The contact's own address, and the people of the contact who get copies."""
    contact = client.whole_invoice(invoice.id).contact
    to, copies = _own(contact), _others(contact)
    problems = []
    if not to:
        problems.append(Problem("email_missing", _NO_ADDRESS))
    if copies:
        said = f"Copies go to {', '.join(copies)}: in Xero they are included in e-mails to this contact."
        problems.append(Problem("others_get_copies", said, Severity.WARN, values={"copies": ", ".join(copies)}))
    return MailTerms(
        to, copies, (), can_choose=False, sender=_SENDER, text=_TEXT, limits=_LIMITS, problems=tuple(problems)
    )


def address_mail(mail: Mail) -> None:
    """Raises Unsupported where the mail names receivers."""
    if mail.is_chosen:
        raise Unsupported(_NO_CHOICE, fields=("/to",))


def email_invoice(client: XeroClient, invoice: Invoice, now: datetime, *, key: str) -> Sent:
    """The answer is empty, so the receivers are read before."""
    contact = client.whole_invoice(invoice.id).contact
    client.email_invoice(invoice.id, key=key)
    return Sent(now, (*_own(contact), *_others(contact)))


def sent_since(client: XeroClient, invoice: InvoiceId, since: datetime) -> Sent | None:
    """The invoice says only that it was sent; its history says when and to whom."""
    for record in client.invoice_history(invoice):  # the newest first
        if record.at >= since and _SENT.search(f"{record.changes} {record.details}"):
            return Sent(record.at, tuple(_ADDRESS.findall(record.details)))
    return None


def _own(contact: ReceiverDocument) -> tuple[str, ...]:
    return (contact.email_address,) if contact.email_address else ()


def _others(contact: ReceiverDocument) -> tuple[str, ...]:
    return tuple(
        person.email_address for person in contact.contact_persons if person.include_in_emails and person.email_address
    )
