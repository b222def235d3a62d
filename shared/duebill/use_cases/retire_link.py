"""Let the CRM show an invoice no more that a person unlinked from its deal, then forget the link."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from duebill.domain.ids import ConnectionId
from duebill.domain.intent import SETTLE
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
        began, now = link.note_started_at, self.clock.now()
        try:
            if began is not None and now < began + SETTLE:
                self._due(link, began + SETTLE)
                return
            # Whoever links it again sees that this may still be under way, and writes anew when it is settled.
            begun = self._due(replace(link, note_started_at=now), link.write_back_due_at)
            try:
                self._tell(begun, is_note_possible=began is not None)
            except DuebillError as error:
                self._due(begun, again_after(error, self.clock.now()))
                return
            self.invoices.forget(begun)
        except ConditionFailed:
            return

    def _tell(self, link: InvoiceLink, *, is_note_possible: bool) -> None:
        with suppress(NotFound):  # a person deleted the note, or the deal is gone: there is nothing left to change
            if self.codes is not None:
                self._tell_fields(link, self.codes)
            note = link.note
            if note is None and is_note_possible:  # it may have been written without an answer
                ours = (each.id for each in self.crm.notes(link.deal) if is_note_of(each.content, link.mark))
                note = next(ours, None)
            if note is not None:
                self.crm.change_note(note, note_of_unlinked(link.invoice, link.url, reference=link.mark))

    def _tell_fields(self, link: InvoiceLink, codes: DealFieldCodes) -> None:
        deal = self.crm.deal(link.deal)
        if deal.status == "deleted" or deal.is_archived:
            return
        told = summary_of(self.invoices.links(link.company, link.deal), self.todays, deal.currency)
        self.crm.set_deal_fields(link.deal, values_of(told, codes))

    def _due(self, link: InvoiceLink, due_at: datetime | None) -> InvoiceLink:
        return self.invoices.save_link(replace(link, write_back_due_at=due_at), due_at=due_at)
