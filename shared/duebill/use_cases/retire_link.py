"""Let the CRM show an invoice no more that a person unlinked from its deal, then forget the link."""

from dataclasses import dataclass, replace
from datetime import timedelta

from duebill.domain.invoice import InvoiceLink
from duebill.domain.note import is_note_of, note_of_unlinked
from duebill.errors import ConditionFailed, DuebillError, NotFound, OutcomeUnknown, TryLater
from duebill.ports import Clock, Crm, Invoices

_RETRY_SECONDS = 60
_PERSON_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class RetireLink:
    """Retires links with the eyes of one CRM user. Losing a race (the invoice was linked again) is no error."""

    crm: Crm
    invoices: Invoices
    clock: Clock

    def __call__(self, link: InvoiceLink) -> None:
        """Change the note, which may be repeated without harm, then forget the link; or say when to try again."""
        try:
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

    def _find(self, link: InvoiceLink) -> int | None:
        """A note that may have been written without an answer."""
        if link.note_started_at is None:
            return None
        ours = (note.id for note in self.crm.notes(link.deal) if is_note_of(note.content, link.mark))
        return next(ours, None)

    def _later(self, link: InvoiceLink, error: DuebillError) -> None:
        is_passing = isinstance(error, TryLater | OutcomeUnknown)
        seconds = (error.retry_after or _RETRY_SECONDS) if is_passing else _PERSON_SECONDS
        due_at = self.clock.now() + timedelta(seconds=seconds)
        try:
            self.invoices.save_link(replace(link, write_back_due_at=due_at), due_at=due_at)
        except ConditionFailed:
            return
