"""Prefill a draft from an invoice that was voided or deleted: the same lines, dates of today. A new generation."""

from dataclasses import replace

from duebill.domain.actions import Action, Reason, offer_of
from duebill.domain.books import Customer
from duebill.domain.calendar import today_in
from duebill.domain.connection import Connection
from duebill.domain.deal import Deal
from duebill.domain.draft import Draft
from duebill.domain.ids import CustomerId, InvoiceId
from duebill.domain.invoice import InvoiceLink
from duebill.domain.roles import Right
from duebill.domain.steps import content_of
from duebill.errors import NotFound, NotPossible
from duebill.ports import AccountingProvider, BooksReads, Clock, Invoices
from duebill.use_cases.prefill_draft import Prefill


def copy_invoice(
    invoice: InvoiceId,
    deal: Deal,
    connection: Connection,
    *,
    books: AccountingProvider,
    reads: BooksReads,
    invoices: Invoices,
    clock: Clock,
) -> Prefill:
    """The draft that made the invoice, for today. Raises NotFound where the deal has no such invoice, NotPossible."""
    record = invoices.deal(connection.company, deal.id)
    link = invoices.link(connection.company, deal.id, connection.id, invoice)
    if link is None:
        raise NotFound("This deal has no such invoice.", code="invoice_not_found")
    draft = _content(link, books, invoices)
    today = today_in(connection.tenant.time_zone, clock.now())
    customer = _still_there(draft.customer, reads)
    copied = replace(
        draft,
        customer=customer.id if customer else None,
        issued_on=today,
        due_on=today + (draft.due_on - draft.issued_on) if draft.due_on else None,
        number=books.propose_number(),
        copy_of=link.invoice.id,
    )
    return Prefill(copied, record.version, deal, customer, options=reads.options(), features=books.features)


def _content(link: InvoiceLink, books: AccountingProvider, invoices: Invoices) -> Draft:
    """What it was made of: the books do not keep the lines of what is voided or deleted."""
    intent = invoices.intent(link.company, link.deal, link.intent) if link.intent else None
    offer = offer_of(Action.COPY, link.invoice, books.features, Right, made_here=intent is not None)
    if offer.reason or intent is None:
        reason = offer.reason or Reason.MADE_ELSEWHERE
        raise NotPossible(reason.sentence(link.provider.label), code=reason.value, values={"url": link.url})
    return content_of(intent)


def _still_there(customer: CustomerId | None, reads: BooksReads) -> Customer | None:
    try:
        return reads.customer(customer) if customer else None
    except NotFound:
        return None
