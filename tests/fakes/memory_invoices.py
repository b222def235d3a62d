"""Intents, invoice links and history, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from threading import RLock

from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId, ConnectionId, DealId, IntentKey, InvoiceId
from duebill.domain.intent import DealRecord, Intent
from duebill.domain.invoice import HistoryEntry, InvoiceLink
from duebill.domain.press import Press
from duebill.domain.watch import first_look
from duebill.errors import ConditionFailed
from tests.fakes.memory_due import MemoryDueWork
from tests.fakes.memory_forget import forget
from tests.fakes.memory_watches import MemoryWatches

type Deal = tuple[CompanyId, DealId]


class MemoryInvoices:
    """ports.Invoices."""

    def __init__(self, due: MemoryDueWork | None = None, watches: MemoryWatches | None = None) -> None:
        self.due = due or MemoryDueWork()
        self.watches = watches or MemoryWatches(self.due)
        self.deals: dict[Deal, DealRecord] = {}
        self.all_intents: dict[tuple[CompanyId, DealId, IntentKey], Intent] = {}
        self.all_links: dict[tuple[CompanyId, DealId, ConnectionId, InvoiceId], InvoiceLink] = {}
        self.all_presses: dict[tuple[CompanyId, DealId, str], Press] = {}
        self.pointers: dict[tuple[CompanyId, ConnectionId, InvoiceId], DealId] = {}
        self.entries: dict[Deal, list[HistoryEntry]] = {}
        self._lock = RLock()

    def deal(self, company: CompanyId, deal: DealId) -> DealRecord:
        return self.deals.get((company, deal), DealRecord(company, deal))

    def begin(self, intent: Intent) -> Intent:
        with self._lock:
            is_known = (intent.company, intent.deal, intent.key) in self.all_intents
            if is_known or self.deal(intent.company, intent.deal).version != intent.basis:
                raise ConditionFailed
            self._next_version(intent.company, intent.deal, intent=intent.key)
            return self._put_intent(intent)

    def intent(self, company: CompanyId, deal: DealId, key: IntentKey) -> Intent | None:
        found = self.all_intents.get((company, deal, key))
        return replace(found, due_at=self.due.get(_intent_work(found))) if found else None

    def save(self, intent: Intent) -> Intent:
        with self._lock:
            self._require(intent)
            return self._put_intent(intent)

    def made(self, intent: Intent, link: InvoiceLink, entry: HistoryEntry, *, note_due_at: datetime | None) -> Intent:
        with self._lock:
            self._require(intent)
            stored = self._stored(link.company, link.deal, link.connection, link.invoice.id)
            if stored:
                link = replace(
                    link,
                    note=stored.note,
                    note_started_at=stored.note_started_at,
                    note_shows=stored.note_shows,
                )
            self._put_link(replace(link, version=stored.version if stored else 0), note_due_at)
            self.pointers[link.company, link.connection, link.invoice.id] = link.deal
            self._tell(link, entry)
            self._next_version(link.company, link.deal, intent=intent.key, connection=link.connection)
            self._watch(link, is_new=True)
            return self._put_intent(intent)

    def links(self, company: CompanyId, deal: DealId) -> tuple[InvoiceLink, ...]:
        found = [
            self._read(link)
            for key, link in self.all_links.items()
            if key[:2] == (company, deal) and link.unlinked_at is None
        ]
        return tuple(sorted(found, key=lambda each: each.linked_at, reverse=True))

    def link(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        found = self._stored(company, deal, connection, invoice)
        return found if found and found.unlinked_at is None else None

    def save_link(
        self,
        link: InvoiceLink,
        *,
        due_at: datetime | None,
        entry: HistoryEntry | None = None,
        press: Press | None = None,
    ) -> InvoiceLink:
        with self._lock:
            stored = self._stored(link.company, link.deal, link.connection, link.invoice.id)
            if (stored.version if stored else 0) != link.version:
                raise ConditionFailed
            if press:
                self._require_press(press)
            if stored is None:
                place = (link.company, link.connection, link.invoice.id)
                if self.pointers.setdefault(place, link.deal) != link.deal:
                    raise ConditionFailed
                self._next_version(link.company, link.deal, connection=link.connection)
            if entry:
                self._tell(link, entry)
            if entry or stored is None:
                self._watch(link, is_new=stored is None)
            if press:
                self.save_press(press)
            return self._put_link(link, due_at)

    def linked(
        self, company: CompanyId, connection: ConnectionId, invoices: Sequence[InvoiceId]
    ) -> tuple[InvoiceLink, ...]:
        deals = {each: self.deal_of(company, connection, each) for each in invoices}
        found = (self.link(company, deal, connection, each) for each, deal in deals.items() if deal)
        return tuple(link for link in found if link)

    def move_link(self, link: InvoiceLink, deal: DealId, entry: HistoryEntry) -> InvoiceLink:
        with self._lock:
            stored = self.link(link.company, link.deal, link.connection, link.invoice.id)
            if stored is None or stored.version != link.version:
                raise ConditionFailed
            del self.all_links[link.company, link.deal, link.connection, link.invoice.id]
            self.due.set(_link_work(link), None)
            moved = replace(link, deal=deal, version=0)
            self.pointers[link.company, link.connection, link.invoice.id] = deal
            self._tell(moved, entry)
            self._next_version(link.company, deal, connection=link.connection)
            self._watch(moved, is_new=False)
            return self._put_link(moved, link.write_back_due_at)

    def copy_history(self, company: CompanyId, deal: DealId, into: DealId) -> None:
        told = self.entries.setdefault((company, into), [])
        told.extend(entry for entry in self.entries.get((company, deal), []) if entry not in told)

    def _watch(self, link: InvoiceLink, *, is_new: bool) -> None:
        self.watches.see(link)
        if is_new:
            self.watches.want(link.company, link.connection, by=first_look(link))

    def press(self, company: CompanyId, deal: DealId, key: str) -> Press | None:
        return self.all_presses.get((company, deal, key))

    def presses(self, company: CompanyId, deal: DealId) -> tuple[Press, ...]:
        found = [press for key, press in self.all_presses.items() if key[:2] == (company, deal)]
        return tuple(sorted(found, key=lambda each: each.at, reverse=True))

    def save_press(self, press: Press) -> Press:
        with self._lock:
            self._require_press(press)
            saved = replace(press, version=press.version + 1)
            self.all_presses[press.company, press.deal, press.key] = saved
            return saved

    def _require_press(self, press: Press) -> None:
        stored = self.press(press.company, press.deal, press.key)
        if (stored.version if stored else 0) != press.version:
            raise ConditionFailed

    def deal_of(self, company: CompanyId, connection: ConnectionId, invoice: InvoiceId) -> DealId | None:
        return self.pointers.get((company, connection, invoice))

    def deals_of(
        self, company: CompanyId, connection: ConnectionId, invoices: Sequence[InvoiceId]
    ) -> dict[InvoiceId, DealId]:
        found = {invoice: self.deal_of(company, connection, invoice) for invoice in invoices}
        return {invoice: deal for invoice, deal in found.items() if deal is not None}

    def link_by_hand(
        self, link: InvoiceLink, entry: HistoryEntry, *, moved: tuple[InvoiceLink, HistoryEntry] | None = None
    ) -> InvoiceLink:
        with self._lock:
            stored = self._stored(link.company, link.deal, link.connection, link.invoice.id)
            if (stored.version if stored else 0) != link.version:
                raise ConditionFailed
            holder = self.deal_of(link.company, link.connection, link.invoice.id)
            if holder != moved[0].deal if moved else holder not in (None, link.deal):
                raise ConditionFailed
            if moved:
                self._untie(*moved)
            self.pointers[link.company, link.connection, link.invoice.id] = link.deal
            self._next_version(link.company, link.deal, connection=link.connection)
            self._tell(link, entry)
            self._watch(link, is_new=True)
            return self._put_link(link, link.write_back_due_at)

    def unlink(self, link: InvoiceLink, entry: HistoryEntry) -> None:
        with self._lock:
            if self.deal_of(link.company, link.connection, link.invoice.id) != link.deal:
                raise ConditionFailed
            self._untie(link, entry)
            del self.pointers[link.company, link.connection, link.invoice.id]
            self.watches.forget(link.company, link.connection, link.invoice.id)

    def untied(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        found = self._stored(company, deal, connection, invoice)
        return found if found and found.unlinked_at else None

    def forget(self, link: InvoiceLink) -> None:
        with self._lock:
            stored = self._stored(link.company, link.deal, link.connection, link.invoice.id)
            if stored is None or stored.version != link.version:
                raise ConditionFailed
            del self.all_links[link.company, link.deal, link.connection, link.invoice.id]
            self.due.set(_link_work(link), None)

    def _untie(self, link: InvoiceLink, entry: HistoryEntry) -> None:
        stored = self._stored(link.company, link.deal, link.connection, link.invoice.id)
        if stored is None or stored.version != link.version:
            raise ConditionFailed
        self._put_link(replace(link, unlinked_at=entry.at), entry.at)
        self._next_version(link.company, link.deal, connection=link.connection)
        self._tell(link, entry)

    def _stored(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        found = self.all_links.get((company, deal, connection, invoice))
        return self._read(found) if found else None

    def intents(self, company: CompanyId, deal: DealId) -> tuple[Intent, ...]:
        found = [self.intent(*key) for key in self.all_intents if key[:2] == (company, deal)]
        return tuple(sorted(filter(None, found), key=lambda each: each.created_at, reverse=True))

    def history(self, company: CompanyId, deal: DealId, *, since: datetime | None = None) -> tuple[HistoryEntry, ...]:
        told = [entry for entry in self.entries.get((company, deal), ()) if since is None or entry.at > since]
        return tuple(sorted(told, key=lambda each: each.at, reverse=True))

    def erase(self, company: CompanyId) -> int:
        told = sum(len(entries) for (of, _), entries in self.entries.items() if of == company)
        forget(company, self.entries)
        return told + forget(company, self.deals, self.all_intents, self.all_links, self.all_presses, self.pointers)

    def _require(self, intent: Intent) -> None:
        stored = self.all_intents.get((intent.company, intent.deal, intent.key))
        if stored is None or stored.version != intent.version:
            raise ConditionFailed

    def _put_intent(self, intent: Intent) -> Intent:
        saved = replace(intent, version=intent.version + 1)
        self.all_intents[intent.company, intent.deal, intent.key] = saved
        self.due.set(_intent_work(intent), intent.due_at)
        return saved

    def _put_link(self, link: InvoiceLink, due_at: datetime | None) -> InvoiceLink:
        saved = replace(link, version=link.version + 1, write_back_due_at=due_at)
        self.all_links[link.company, link.deal, link.connection, link.invoice.id] = saved
        self.due.set(_link_work(link), due_at)
        return saved

    def _read(self, link: InvoiceLink) -> InvoiceLink:
        return replace(link, write_back_due_at=self.due.get(_link_work(link)))

    def _tell(self, link: InvoiceLink, entry: HistoryEntry) -> None:
        told = self.entries.setdefault((link.company, link.deal), [])
        if entry not in told:
            told.append(entry)

    def _next_version(
        self,
        company: CompanyId,
        deal: DealId,
        *,
        intent: IntentKey | None = None,
        connection: ConnectionId | None = None,
    ) -> None:
        record = self.deal(company, deal)
        connections = {*record.connections, connection} if connection else record.connections
        self.deals[company, deal] = replace(
            record,
            version=record.version + 1,
            last_intent=intent or record.last_intent,
            connections=tuple(sorted(connections)),
        )


def _intent_work(intent: Intent) -> DueId:
    return DueId(DueKind.INTENT, intent.company, (str(intent.deal), intent.key))


def _link_work(link: InvoiceLink) -> DueId:
    return DueId(DueKind.WRITE_BACK, link.company, (str(link.deal), link.connection, link.invoice.id))
