"""Give a deal its one note for an invoice, and keep it current. A step of its own, with a done mark (guarantees §1)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from duebill.domain.calendar import today_in
from duebill.domain.intent import SETTLE
from duebill.domain.invoice import InvoiceLink
from duebill.domain.note import is_note_of, note_of
from duebill.domain.write_back import next_look
from duebill.errors import ConditionFailed, DuebillError, NotFound, OutcomeUnknown, TryLater
from duebill.ports import Clock, Crm, Invoices

_RETRY_SECONDS = 60
_PERSON_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Writes notes with the eyes of one CRM user. Losing a race is no error."""

    crm: Crm
    invoices: Invoices
    clock: Clock
    time_zone: str | None

    def __call__(self, link: InvoiceLink) -> InvoiceLink:
        """The link after the note shows what it should, or with the time at which to try again."""
        content = self._content(link)
        began = link.note_started_at
        if link.note_shows == content and began is None:
            return self._done(link, link.note, content)
        try:
            if began is not None and self.clock.now() < began + SETTLE:
                return self._save(link, began + SETTLE)  # an earlier writing may still come, and must not be the last
            return self._write(link, content)
        except ConditionFailed:
            return link

    def _write(self, link: InvoiceLink, content: str) -> InvoiceLink:
        note = link.note
        if note is None and link.note_started_at is not None:
            try:
                note = self._find(link)
            except DuebillError as error:
                return self._later(link, error)
        begun = self._save(replace(link, note=note, note_started_at=self.clock.now()), self.clock.now() + SETTLE)
        try:
            return self._done(begun, self._send(begun, content), content)
        except OutcomeUnknown:
            return begun
        except NotFound:
            # A person deleted the note, or the deal is gone from this user's sight: neither is put back.
            return self._done(begun, begun.note, content)
        except ConditionFailed:
            raise
        except DuebillError as error:  # nothing was written
            return self._later(replace(begun, note_started_at=link.note_started_at), error)

    def _send(self, link: InvoiceLink, content: str) -> int:
        if link.note is None:
            return self.crm.add_note(link.deal, content).id
        return self.crm.change_note(link.note, content).id

    def _find(self, link: InvoiceLink) -> int | None:
        ours = (note.id for note in self.crm.notes(link.deal) if is_note_of(note.content, link.mark))
        return next(ours, None)

    def _content(self, link: InvoiceLink) -> str:
        today = today_in(self.time_zone, self.clock.now())
        return note_of(link.invoice, link.url, link.invoice.status(today), reference=link.mark)

    def _done(self, link: InvoiceLink, note: int | None, content: str) -> InvoiceLink:
        return self._save(replace(link, note=note, note_started_at=None, note_shows=content), self._next_look(link))

    def _later(self, link: InvoiceLink, error: DuebillError) -> InvoiceLink:
        if isinstance(error, NotFound):
            return self._save(link, self._next_look(link))
        is_passing = isinstance(error, TryLater | OutcomeUnknown)
        seconds = (error.retry_after or _RETRY_SECONDS) if is_passing else _PERSON_SECONDS
        return self._save(link, self.clock.now() + timedelta(seconds=seconds))

    def _next_look(self, link: InvoiceLink) -> datetime | None:
        return next_look(link.invoice, self.time_zone, self.clock.now())

    def _save(self, link: InvoiceLink, due_at: datetime | None) -> InvoiceLink:
        return self.invoices.save_link(replace(link, write_back_due_at=due_at), due_at=due_at)
