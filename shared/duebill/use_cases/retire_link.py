"""Let the CRM show an invoice no more that a person unlinked from its deal, then forget the link."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from duebill.domain.ids import ConnectionId
from duebill.domain.invoice import InvoiceLink
from duebill.domain.note import is_note_of, note_of_unlinked
from duebill.domain.write_back import DealFieldCodes, summary_of, values_of
from duebill.errors import ConditionFailed, DuebillError, NotFound
from duebill.ports import Clock, Crm, Invoices
from duebill.use_cases.tell_crm import again_after


@dataclass(frozen=True, slots=True)
class RetireLink:
    """Retires links with the eyes of one CRM user. Losing a race (the invoice was linked again) is no error."""

    crm: Crm
    invoices: Invoices
    clock: Clock
    codes: DealFieldCodes | None  # None: the company wants nothing in deal fields
    todays: Mapping[ConnectionId, date]

    def __call__(self, link: InvoiceLink) -> None:
        """Change fields and note, which does no harm twice, then forget the link; or say when to try again."""
        try:
            if self.codes is not None:
                self._tell_fields(link, self.codes)
            note = link.note if link.note is not None else self._find(link)
            if note is not None:
                self.crm.change_note(note, note_of_unlinked(link.invoice, link.url, reference=link.mark))
        except NotFound:
            pass  # a person deleted the note, or the deal is gone: there is nothing left to change
        except ConditionFailed:
            raise
        except DuebillError as error:
            self._later(link, error)
            return
        try:
            self.invoices.forget(link)
        except ConditionFailed:
            return

    def _tell_fields(self, link: InvoiceLink, codes: DealFieldCodes) -> None:
        deal = self.crm.deal(link.deal)
        if deal.status == "deleted" or deal.is_archived:
            return
        told = summary_of(self.invoices.links(link.company, link.deal), self.todays, deal.currency)
        self.crm.set_deal_fields(link.deal, values_of(told, codes))

    def _find(self, link: InvoiceLink) -> int | None:
        """A note that may have been written without an answer."""
        if link.note_started_at is None:
            return None
        ours = (note.id for note in self.crm.notes(link.deal) if is_note_of(note.content, link.mark))
        return next(ours, None)

    def _later(self, link: InvoiceLink, error: DuebillError) -> None:
        due_at = again_after(error, self.clock.now())
        try:
            self.invoices.save_link(replace(link, write_back_due_at=due_at), due_at=due_at)
        except ConditionFailed:
            return
