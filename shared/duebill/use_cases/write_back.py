"""Bring the CRM up to date with one of a deal's invoices: note, deal fields, activities. Each is a step of its own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from duebill.domain.calendar import today_in
from duebill.domain.connection import Connection
from duebill.domain.deal import Deal
from duebill.domain.ids import ConnectionId
from duebill.domain.invoice import InvoiceLink
from duebill.domain.money import Money
from duebill.domain.note import activity_of, is_note_of
from duebill.domain.settings import CompanySettings
from duebill.domain.status import Stage, Status
from duebill.domain.write_back import DealFieldCodes, Task, next_look, summary_of, values_of, version_of
from duebill.errors import ConditionFailed, DuebillError, NotFound, TryLater
from duebill.ports import AccountingProvider, Clock, Crm, Invoices
from duebill.use_cases.tell_crm import TellCrm, Telling, again_after
from duebill.use_cases.write_note import WriteNote

LARGEST_FILE = 4 * 1024 * 1024  # bytes: what a person can download through us, too


@dataclass(frozen=True, slots=True)
class WriteBack:
    """Writes back with the eyes of one CRM user, what the company wants. `connections` are all of the company's."""

    crm: Crm
    invoices: Invoices
    clock: Clock
    connections: tuple[Connection, ...]
    settings: CompanySettings
    open_books: Callable[[], AccountingProvider] | None = None  # None: a person waits, and files are left to due work

    def __call__(self, link: InvoiceLink) -> InvoiceLink:
        """The link after everything is told, or with the time at which to go on. Losing a race is no error."""
        zone = self._zone(link.connection)
        try:
            link, again = self._tell(link)
            if self.settings.note_on_deal:
                link = WriteNote(self.crm, self.invoices, self.clock, zone)(link)
                now = self.clock.now()
                later = link.write_back_due_at
                again += [later] if later and later != next_look(link.invoice, zone, now) else []
            due_at = min(again, default=next_look(link.invoice, zone, self.clock.now()))
            if due_at == link.write_back_due_at:
                return link
            return self.invoices.save_link(replace(link, write_back_due_at=due_at), due_at=due_at)
        except ConditionFailed:
            return self.invoices.link(link.company, link.deal, link.connection, link.invoice.id) or link

    def _tell(self, link: InvoiceLink) -> tuple[InvoiceLink, list[datetime]]:
        """Everything but the note, and when to come back for what could not be told."""
        tell, again = TellCrm(self.invoices, self.clock), list[datetime]()
        try:
            tellings = self._tellings(link)
        except NotFound:  # the deal is gone from this user's sight
            return link, []
        except DuebillError as error:
            return link, [again_after(error, self.clock.now())]
        for telling in tellings:
            link, at = tell(telling, link)
            again += [at] if at else []
        return link, again

    def _tellings(self, link: InvoiceLink) -> list[Telling]:
        if self.settings.deal_fields is None and not self.settings.activity_on_deal and not self.settings.pdf_on_deal:
            return []
        tellings: list[Telling] = []
        deal = self.crm.deal(link.deal)
        if deal.status == "deleted" or deal.is_archived:  # neither can be changed
            return []
        if self.settings.deal_fields is not None:
            tellings.append(_Fields(self.crm, self.invoices, deal, self.settings.deal_fields, self._todays()))
        if self.settings.activity_on_deal:
            today = today_in(self._zone(link.connection), self.clock.now())
            tellings += [_Planned(self.crm, deal, task, today) for task in (Task.PAID, Task.OVERDUE)]
        if self.settings.pdf_on_deal:
            tellings.append(_Attached(self.crm, self.open_books))
        return tellings

    def _todays(self) -> dict[ConnectionId, date]:
        now = self.clock.now()
        return {known.id: today_in(known.tenant.time_zone, now) for known in self.connections}

    def _zone(self, connection: ConnectionId) -> str | None:
        return next((known.tenant.time_zone for known in self.connections if known.id == connection), None)


@dataclass(frozen=True, slots=True)
class _Fields:
    """The deal's fields: they tell of all its invoices, and writing the same again does no harm."""

    crm: Crm
    invoices: Invoices
    deal: Deal
    codes: DealFieldCodes
    todays: Mapping[ConnectionId, date]
    task: Task = Task.FIELDS
    may_repeat: bool = True

    def wants(self, link: InvoiceLink) -> str:
        """All values, as one text to compare with."""
        return json.dumps({code: _text(value) for code, value in self._values(link).items()}, sort_keys=True)

    def find(self, link: InvoiceLink, wants: str) -> int | None:  # noqa: ARG002  may be repeated: nothing to find
        """Nothing: writing again is as good."""
        return None

    def send(self, link: InvoiceLink, wants: str) -> None:  # noqa: ARG002  what is so now is written, not what was
        """Write the fields."""
        self.crm.set_deal_fields(self.deal.id, self._values(link))

    def _values(self, link: InvoiceLink) -> dict[str, str | int | Money | None]:
        links = self.invoices.links(link.company, link.deal)
        return values_of(summary_of(links, self.todays, self.deal.currency), self.codes)


@dataclass(frozen=True, slots=True)
class _Planned:
    """An activity for the deal's owner: that the invoice is paid, or that it is overdue since its due date."""

    crm: Crm
    deal: Deal
    task: Task
    today: date
    may_repeat: bool = False

    def wants(self, link: InvoiceLink) -> str | None:
        """Once for each invoice (overdue: for each due date); not for what was so before it was linked."""
        status = link.invoice.status(self.today)
        if self.deal.owner is None:
            return None
        if self.task is Task.PAID:
            return "paid" if status is Status.PAID and link.invoice.updated_at > link.linked_at else None
        due_on = link.invoice.due_on
        is_news = status is Status.OVERDUE and due_on is not None and due_on >= link.linked_at.date()
        return f"overdue {due_on}" if is_news else None

    def find(self, link: InvoiceLink, wants: str) -> int | None:
        """Ours on the deal, by the mark in its note."""
        ours = (each.id for each in self.crm.activities(link.deal) if is_note_of(each.note, f"{link.mark} {wants}"))
        return next(ours, None)

    def send(self, link: InvoiceLink, wants: str) -> int:
        """Plan it for today."""
        if self.deal.owner is None:
            raise ValueError("an activity without an owner")
        subject, note = activity_of(link.invoice, link.url, self.task.value, mark=f"{link.mark} {wants}")
        return self.crm.add_activity(link.deal, self.deal.owner, subject, note, self.today).id


@dataclass(frozen=True, slots=True)
class _Attached:
    """The PDF on the deal: one for each version of an issued invoice, whose name says which."""

    crm: Crm
    open_books: Callable[[], AccountingProvider] | None
    task: Task = Task.FILE
    may_repeat: bool = False

    def wants(self, link: InvoiceLink) -> str | None:
        """The version."""
        return version_of(link.invoice) if link.invoice.stage is Stage.ISSUED else None

    def find(self, link: InvoiceLink, wants: str) -> int | None:
        """The file of that name."""
        return self.crm.files(link.deal).get(self._name(link, wants))

    def send(self, link: InvoiceLink, wants: str) -> int | None:
        """Read it from the books and attach it; one that is too large for us stays there."""
        if self.open_books is None:
            raise TryLater("Files are attached in a moment.")
        content = self.open_books().invoice_pdf(link.invoice.id)
        return self.crm.add_file(link.deal, self._name(link, wants), content) if len(content) <= LARGEST_FILE else None

    def _name(self, link: InvoiceLink, wants: str) -> str:
        number = "".join(sign for sign in link.invoice.number if sign.isalnum() or sign in "-_. ").strip()
        return f"Invoice {number or link.invoice.id} ({wants}).pdf"


def _text(value: str | int | Money | None) -> str | None:
    if isinstance(value, Money):
        return f"{value.amount} {value.currency}"
    return None if value is None else str(value)
