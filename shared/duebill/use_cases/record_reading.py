"""Write down what the books say of a deal's invoice: the one place where its status changes (guarantees §5).

Whoever reads the books hands each invoice in here: a person's refresh, the worker behind webhooks and sweeps. What
follows from a change follows from here: the deal's history is written together with the link, and the link is due for
write-back, which brings note, fields and activity up to date.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from duebill.domain.actions import Action
from duebill.domain.calendar import today_in
from duebill.domain.changes import entry_of, looks_changed, presser_of, was_sent
from duebill.domain.invoice import HistoryEntry, Invoice, InvoiceLink, Mailing
from duebill.domain.mail import CLOCKS_DIFFER
from duebill.domain.press import Press
from duebill.domain.status import Stage, Status
from duebill.domain.write_back import next_look
from duebill.errors import ConditionFailed
from duebill.ports import Clock, Invoices


@dataclass(frozen=True, slots=True)
class RecordReading:
    """Records readings of one connection's invoices; `time_zone` is that of its books. Losing a race is no error."""

    invoices: Invoices
    clock: Clock
    time_zone: str | None

    def __call__(
        self, link: InvoiceLink, read: Invoice, started_at: datetime, *, write_back_at: datetime | None
    ) -> InvoiceLink:
        """The link after a reading that began at `started_at`.

        What is older than what is known changes nothing. A change is due for write-back at `write_back_at` (None: the
        company wants none).
        """
        return self._save(link, newer_of(link, read, started_at), started_at, write_back_at)

    def gone(self, link: InvoiceLink, started_at: datetime, *, write_back_at: datetime | None) -> InvoiceLink:
        """The link after the books said for sure that the invoice is not there any more."""
        return self._save(link, replace(link.invoice, stage=Stage.DELETED), started_at, write_back_at)

    def time_passed(self, link: InvoiceLink) -> InvoiceLink:
        """The link after time alone may have changed its status: overdue begins without any news from the books."""
        if self.told(link) is self._status(link.invoice):
            return link
        return self._save(link, link.invoice, link.read_at, self.clock.now())

    def told(self, link: InvoiceLink) -> Status:
        """The status that the deal's history has arrived at."""
        until = max(link.read_at, link.told_at or link.read_at)
        return link.invoice.status(today_in(self.time_zone, until))

    def _save(
        self, link: InvoiceLink, after: Invoice, started_at: datetime, write_back_at: datetime | None
    ) -> InvoiceLink:
        now = self.clock.now()
        entry = self._entry(link, after, now)
        due_at = write_back_at if entry else link.write_back_due_at
        later = replace(
            link,
            invoice=after,
            read_at=max(link.read_at, started_at),
            told_at=now,
            mailing=_settled(link, after),
            # The preview spoke of what was created; what somebody made of it since is no difference to it.
            expected_total=link.expected_total if after.total == link.invoice.total else None,
            write_back_due_at=due_at or next_look(after, self.time_zone, now),
        )
        try:
            return self.invoices.save_link(later, due_at=later.write_back_due_at, entry=entry)
        except ConditionFailed:
            return self.invoices.link(link.company, link.deal, link.connection, link.invoice.id) or link

    def _entry(self, link: InvoiceLink, after: Invoice, now: datetime) -> HistoryEntry | None:
        known, before, status = link.invoice, self.told(link), self._status(after)
        if known.stage is not after.stage and (press := self._presser(link, after)):
            return entry_of(press, after)
        if status is not before:
            return HistoryEntry(now, status.value, None, after.id, after.number, detail=f"was {before.value}")
        if after.balance != known.balance:
            return HistoryEntry(now, "balance_changed", None, after.id, after.number)
        if was_sent(known, after):
            return _sent(link, after, now)
        return HistoryEntry(now, "changed", None, after.id, after.number) if looks_changed(known, after) else None

    def _presser(self, link: InvoiceLink, after: Invoice) -> Press | None:
        """Who here wanted it so, and never learnt that it was done."""
        return presser_of(after, self.invoices.presses(link.company, link.deal))

    def _status(self, invoice: Invoice) -> Status:
        return invoice.status(today_in(self.time_zone, self.clock.now()))


def newer_of(link: InvoiceLink, read: Invoice, started_at: datetime) -> Invoice:
    """The newer of what is stored and what was read; on a tie the read that started later wins.

    What was deleted stays deleted: no books give an id back, so a reading that says otherwise is an old one. What was
    voided stays so while it is worth nothing: not all books say it in words that we know.
    """
    known = link.invoice
    if known.stage is Stage.DELETED:
        return known
    is_tie = (read.updated_at, read.version) == (known.updated_at, known.version)
    if read.is_newer_than(known) or (is_tie and started_at >= link.read_at):
        is_void = known.stage is Stage.VOIDED and read.stage is Stage.ISSUED and not read.total
        return replace(read, reference=known.reference or read.reference, stage=Stage.VOIDED if is_void else read.stage)
    return known


def _settled(link: InvoiceLink, after: Invoice) -> Mailing | None:
    """The e-mail that was asked for here, sure where the books now say that they sent it."""
    ours = link.mailing
    if ours is None or ours.is_sure or after.sent_at is None or after.sent_at < ours.at - CLOCKS_DIFFER:
        return ours
    return Mailing(after.sent_at, after.sent_to, ours.by, is_sure=True)


def _sent(link: InvoiceLink, after: Invoice, now: datetime) -> HistoryEntry | None:
    to, ours = ", ".join(after.sent_to), link.mailing
    if ours is None or ours.is_sure:
        return HistoryEntry(now, "sent", None, after.id, after.number, to)
    if (settled := _settled(link, after)) and settled.is_sure:
        return HistoryEntry(ours.at, Action.EMAIL.value, ours.by, after.id, after.number, to)
    return None  # the books do not say when: whoever looks for the doubtful one will tell
