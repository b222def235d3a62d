"""Tie an invoice of the books to a deal by hand, and untie it: only one of the linked customer's, and to one deal."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from duebill.domain.connection import Connection
from duebill.domain.ids import DealId, InvoiceId, UserId
from duebill.domain.intent import SETTLE
from duebill.domain.invoice import HistoryEntry, Invoice, InvoiceLink, Told
from duebill.domain.status import Stage
from duebill.domain.write_back import Task, next_look, version_of
from duebill.errors import ConditionFailed, LinkedElsewhere, NotFound, TryLater
from duebill.ports import AccountingProvider, Clock, Invoices, Links


@dataclass(frozen=True, slots=True)
class LinkInvoice:
    """Links invoices of one connection. `sees` says whether the person can see another deal."""

    connection: Connection
    books: AccountingProvider
    invoices: Invoices
    links: Links
    clock: Clock
    sees: Callable[[DealId], bool]

    def __call__(
        self,
        invoice_id: InvoiceId,
        deal: DealId,
        buyer: str | None,
        *,
        by: UserId,
        move_from: DealId | None,
        write_back_at: datetime | None,
    ) -> InvoiceLink:
        """The link; one that is there already is left as it is.

        Raises NotFound for what is no invoice of the customer that `buyer` is linked to (nothing more is said of it),
        LinkedElsewhere where it belongs to another deal and `move_from` does not name that deal.
        """
        if linked := self.invoices.link(self.connection.company, deal, self.connection.id, invoice_id):
            return linked
        now = self.clock.now()
        invoice = self._own(invoice_id, buyer)
        moved = self._taken_from(invoice_id, deal, by, move_from, now)
        link = self._new(invoice, deal, by, now, write_back_at)
        detail = f"from deal {moved[0].deal}" if moved else ""
        entry = HistoryEntry(now, "linked", by, invoice.id, invoice.number, detail)
        try:
            return self.invoices.link_by_hand(link, entry, moved=moved)
        except ConditionFailed:
            if linked := self.invoices.link(self.connection.company, deal, self.connection.id, invoice_id):
                return linked
            raise TryLater("Somebody else was linking this invoice. Please look again.", retry_after=1) from None

    def _own(self, invoice_id: InvoiceId, buyer: str | None) -> Invoice:
        """The invoice as the books have it now, if it is the linked customer's."""
        customer = self.links.customer(self.connection.company, self.connection.id, buyer) if buyer else None
        found = self.books.read_invoices([invoice_id]).found if customer else ()
        for invoice in found:
            if customer and invoice.customer == customer.customer and invoice.stage is not Stage.DELETED:
                return invoice
        raise NotFound("The customer that this deal is linked to has no such invoice.", code="invoice_not_found")

    def _taken_from(
        self, invoice_id: InvoiceId, deal: DealId, by: UserId, move_from: DealId | None, now: datetime
    ) -> tuple[InvoiceLink, HistoryEntry] | None:
        """The link that another deal has, and what that deal's history will say; None where no other deal has one."""
        holder = self.invoices.deal_of(self.connection.company, self.connection.id, invoice_id)
        if holder is None or holder == deal:
            return None
        is_seen = self.sees(holder)
        link = self.invoices.link(self.connection.company, holder, self.connection.id, invoice_id)
        if move_from != holder or not is_seen or link is None:
            raise _elsewhere(holder if is_seen else None)
        return link, HistoryEntry(now, "unlinked", by, invoice_id, link.invoice.number, f"to deal {deal}")

    def _new(
        self, invoice: Invoice, deal: DealId, by: UserId, now: datetime, write_back_at: datetime | None
    ) -> InvoiceLink:
        """The link to be; where one was untied a moment ago it goes on from there, with the note that the deal has."""
        untied = self.invoices.untied(self.connection.company, deal, self.connection.id, invoice.id)
        fresh = InvoiceLink(
            company=self.connection.company,
            deal=deal,
            connection=self.connection.id,
            provider=self.connection.provider,
            invoice=invoice,
            url=self.books.invoice_url(invoice.id),
            linked_at=now,
            linked_by=by,
            read_at=now,
            write_back_due_at=write_back_at or next_look(invoice, self.connection.tenant.time_zone, now),
            told_at=now,
            # The deal may have a note and a file of an earlier link: they are looked for first.
            note_started_at=now - SETTLE,
            told={Task.FILE.value: Told(wants=version_of(invoice), started_at=now - SETTLE)},
        )
        if untied is None:
            return fresh
        return replace(
            fresh,
            intent=untied.intent,
            expected_total=untied.expected_total,
            note=untied.note,
            note_started_at=untied.note_started_at or fresh.note_started_at,
            told={task: told for task, told in untied.told.items() if task != Task.FIELDS} or fresh.told,
            version=untied.version,
        )


def unlink_invoice(link: InvoiceLink, *, by: UserId, invoices: Invoices, clock: Clock) -> None:
    """Untie an invoice from its deal; the books are not touched. Raises TryLater where it changes just now."""
    entry = HistoryEntry(clock.now(), "unlinked", by, link.invoice.id, link.invoice.number)
    try:
        invoices.unlink(link, entry)
    except ConditionFailed:
        raise TryLater("This invoice is being changed. Please try again in a moment.", retry_after=1) from None


def _elsewhere(holder: DealId | None) -> LinkedElsewhere:
    if holder is None:
        return LinkedElsewhere("This invoice is linked to a deal that you cannot see.", code="linked_to_hidden_deal")
    return LinkedElsewhere(
        f"This invoice is linked to deal {holder}. Move it to this deal?", values={"deal_id": str(holder)}
    )
