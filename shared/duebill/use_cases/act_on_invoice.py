"""Act on an invoice of the books: what is so already is not done again, and what is unknown is read first."""

from dataclasses import dataclass, replace
from datetime import datetime

from duebill.domain.actions import Action, is_done, is_possible
from duebill.domain.ids import UserId
from duebill.domain.invoice import HistoryEntry, Invoice, InvoiceLink
from duebill.errors import BooksRefused, NotFound
from duebill.ports import AccountingProvider, Clock, Invoices


@dataclass(frozen=True, slots=True)
class ActOnInvoice:
    """Acts in one connection's books."""

    books: AccountingProvider
    invoices: Invoices
    clock: Clock

    def __call__(
        self, action: Action, link: InvoiceLink, *, by: UserId, key: str, write_back_at: datetime | None
    ) -> InvoiceLink:
        """The link with the invoice as it is afterwards, due for write-back at `write_back_at`.

        The books are read first: what an earlier press did whose outcome stayed unknown shows there. Raises
        BooksRefused where the invoice cannot be acted on so any more, and what the books raise.
        """
        before = self._now(link)
        if not is_done(action, before):
            if not is_possible(action, before):
                stage = before.stage.value.replace("_", " ")
                raise BooksRefused(
                    f"This invoice cannot be changed so any more: in the books it is {stage}.",
                    code="action_not_possible",
                    values={"stage": before.stage.value},
                )
            before = self._do(action, before, key)
        is_news = before.stage is not link.invoice.stage
        entry = HistoryEntry(self.clock.now(), action.value, by, before.id, before.number) if is_news else None
        acted = replace(link, invoice=replace(before, reference=link.invoice.reference), read_at=self.clock.now())
        return self.invoices.save_link(
            replace(acted, write_back_due_at=write_back_at), due_at=write_back_at, entry=entry
        )

    def _now(self, link: InvoiceLink) -> Invoice:
        reading = self.books.read_invoices([link.invoice.id])
        if not reading.found:
            raise NotFound("The books do not have this invoice any more.", code="not_found_in_books")
        return reading.found[0]

    def _do(self, action: Action, invoice: Invoice, key: str) -> Invoice:
        match action:
            case Action.SUBMIT:
                return self.books.submit_invoice(invoice.id, key=key)
            case Action.APPROVE:
                return self.books.approve_invoice(invoice.id, key=key)
