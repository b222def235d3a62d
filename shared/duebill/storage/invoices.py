"""A deal's intents, invoice links and history, and the version of its list of invoices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from duebill.domain.ids import CompanyId, ConnectionId, DealId, IntentKey, InvoiceId
from duebill.domain.intent import DealRecord, Intent
from duebill.domain.invoice import HistoryEntry, InvoiceLink
from duebill.domain.press import Press
from duebill.domain.watch import first_look
from duebill.errors import DuebillError
from duebill.storage import keys
from duebill.storage.codec import read_document
from duebill.storage.invoice_items import (
    after,
    belongs_to,
    check_size,
    free_for,
    next_version,
    put_entry,
    put_intent,
    put_link,
    put_pointer,
    read_intent,
    read_link,
    untie,
)
from duebill.storage.keys import Key
from duebill.storage.presses import put_press, read_press
from duebill.storage.table import Table, key_of
from duebill.storage.values import (
    read_number,
    read_optional_text,
    read_words,
)
from duebill.storage.watches import DynamoWatches, watching
from duebill.storage.writes import ABSENT, ALWAYS, Action, Delete, Put, at_version


@dataclass(frozen=True, slots=True)
class DynamoInvoices:
    """ports.Invoices on the table."""

    table: Table

    @property
    def watches(self) -> DynamoWatches:
        """What is watched for the links."""
        return DynamoWatches(self.table)

    def deal(self, company: CompanyId, deal: DealId) -> DealRecord:
        """What is kept of a deal; version 0 where nothing is."""
        item = self.table.get(keys.deal(company, deal))
        if item is None:
            return DealRecord(company, deal)
        last = read_optional_text(item, "last_intent")
        return DealRecord(
            company,
            deal,
            read_number(item, "version"),
            IntentKey(last) if last else None,
            read_words(item, "connections"),
        )

    def begin(self, intent: Intent) -> Intent:
        """Write the intent and the deal's next version in one transaction, due at `intent.due_at`.

        Raises ConditionFailed when the deal's version is not `intent.basis`, or the key was used; DraftRefused when
        it is too large to be kept.
        """
        check_size(intent)
        begun = replace(intent, version=intent.version + 1)
        expected = at_version(intent.basis)
        if intent.basis == 0:
            expected = replace(expected, expression=f"{ABSENT.expression} OR {expected.expression}")
        self.table.write(put_intent(begun, ABSENT), next_version(intent, expected))
        return begun

    def intent(self, company: CompanyId, deal: DealId, key: IntentKey) -> Intent | None:
        """The intent with this key, or None."""
        item = self.table.get(keys.intent(company, deal, key))
        return read_intent(item) if item else None

    def save(self, intent: Intent) -> Intent:
        """Write it one version further, due at `intent.due_at` (None: never). Raises ConditionFailed."""
        saved = replace(intent, version=intent.version + 1)
        self.table.write(put_intent(saved, at_version(intent.version)))
        return saved

    def made(self, intent: Intent, link: InvoiceLink, entry: HistoryEntry, *, note_due_at: datetime | None) -> Intent:
        """Intent, link, history and the deal's next version in one transaction. Raises ConditionFailed.

        An intent with a `due_at` stays due (to look once more after an unknown outcome). Where the deal has a link to
        this invoice already, what is known of its note is kept.
        """
        saved = replace(intent, version=intent.version + 1)
        stored = self._stored(link.company, link.deal, link.connection, link.invoice.id)
        when = at_version(stored.version) if stored else ABSENT
        self.table.write(
            put_intent(saved, at_version(intent.version)),
            put_link(after(stored, replace(link, write_back_due_at=note_due_at)), note_due_at, when),
            # The invoice carries our reference for this very deal, so the pointer is ours whatever it said.
            put_pointer(link, ALWAYS),
            put_entry(link, entry),
            next_version(intent, ALWAYS, link.connection),
            watching(link),
        )
        self._look_in_time(link)
        return saved

    def links(self, company: CompanyId, deal: DealId) -> tuple[InvoiceLink, ...]:
        """The deal's invoices, newest first."""
        links = map(read_link, self.table.query(keys.deal_partition(company, deal), keys.LINKS))
        tied = (link for link in links if link.unlinked_at is None)
        return tuple(sorted(tied, key=lambda each: each.linked_at, reverse=True))

    def link(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        """One link, or None."""
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
        """Write it one version further, due for write-back at `due_at` (None: never); a press in the same transaction.

        A new link (version 0) is also the deal's next version. Raises ConditionFailed, also for the press, and for a
        new link when the invoice belongs to another deal.
        """
        saved = replace(link, version=link.version + 1, write_back_due_at=due_at)
        actions: tuple[Action, ...]
        if link.version:
            actions = (put_link(saved, due_at, at_version(link.version)),)
        else:
            pointer = put_pointer(link, free_for(link.deal))
            actions = (put_link(saved, due_at, ABSENT), pointer, next_version(link, ALWAYS))
        if entry:
            actions = (*actions, put_entry(link, entry))
        if entry or not link.version:  # nothing else changes what the books say
            actions = (*actions, watching(saved))
        if press:
            actions = (*actions, put_press(press))
        self.table.write(*actions)
        if not link.version:
            self._look_in_time(saved)
        return saved

    def linked(
        self, company: CompanyId, connection: ConnectionId, invoices: Sequence[InvoiceId]
    ) -> tuple[InvoiceLink, ...]:
        """The links of those of these invoices that a deal has."""
        deals = self.deals_of(company, connection, invoices)
        wanted = [keys.link(company, deal, connection, invoice) for invoice, deal in deals.items()]
        return tuple(map(read_link, self.table.get_many(wanted)))

    def move_link(self, link: InvoiceLink, deal: DealId, entry: HistoryEntry) -> InvoiceLink:
        """Give a link, and what the books' news of it leads to, to another deal. Raises ConditionFailed."""
        moved = replace(link, deal=deal, version=1)
        self.table.write(
            Delete(keys.link(link.company, link.deal, link.connection, link.invoice.id), at_version(link.version)),
            put_link(moved, link.write_back_due_at, ABSENT),
            put_pointer(moved, ALWAYS),
            put_entry(moved, entry),
            next_version(moved, ALWAYS),
            watching(moved),
        )
        return moved

    def copy_history(self, company: CompanyId, deal: DealId, into: DealId) -> None:
        """Have another deal's history tell what this one's does; twice does no harm: content names entries."""
        for item in self.table.query(keys.deal_partition(company, deal), keys.HISTORY):
            attributes = {name: value for name, value in item.items() if name not in ("pk", "sk", "v")}
            self.table.write(Put(Key(keys.deal_partition(company, into), key_of(item).sk), attributes))

    def _look_in_time(self, link: InvoiceLink) -> None:
        """Sweep the books in time for a new link. Where that fails the weekly sweep finds it."""
        try:
            self.watches.want(link.company, link.connection, by=first_look(link))
        except DuebillError:
            return

    def press(self, company: CompanyId, deal: DealId, key: str) -> Press | None:
        """The press with this key, or None."""
        item = self.table.get(keys.press(company, deal, key))
        return read_press(item) if item else None

    def presses(self, company: CompanyId, deal: DealId) -> tuple[Press, ...]:
        """The deal's presses, newest first."""
        items = self.table.query(keys.deal_partition(company, deal), keys.PRESSES)
        return tuple(sorted(map(read_press, items), key=lambda each: each.at, reverse=True))

    def save_press(self, press: Press) -> Press:
        """Write it one version further; a new one has version 0. Raises ConditionFailed."""
        self.table.write(put_press(press))
        return replace(press, version=press.version + 1)

    def deal_of(self, company: CompanyId, connection: ConnectionId, invoice: InvoiceId) -> DealId | None:
        """The deal that an invoice is linked to, or None."""
        item = self.table.get(keys.invoice_pointer(company, connection, invoice))
        return DealId(read_number(item, "deal")) if item else None

    def deals_of(
        self, company: CompanyId, connection: ConnectionId, invoices: Sequence[InvoiceId]
    ) -> dict[InvoiceId, DealId]:
        """The deal of each of these invoices that is linked to one."""
        found = self.table.get_many(keys.invoice_pointer(company, connection, each) for each in invoices)
        return {keys.invoice_of(key_of(item)): DealId(read_number(item, "deal")) for item in found}

    def link_by_hand(
        self, link: InvoiceLink, entry: HistoryEntry, *, moved: tuple[InvoiceLink, HistoryEntry] | None = None
    ) -> InvoiceLink:
        """Tie an invoice to a deal, and take it from another, in one transaction. Raises ConditionFailed."""
        saved = replace(link, version=link.version + 1)
        expected = at_version(link.version) if link.version else ABSENT
        actions: list[Action] = [
            put_link(saved, saved.write_back_due_at, expected),
            put_pointer(link, belongs_to(moved[0].deal) if moved else free_for(link.deal)),
            next_version(link, ALWAYS),
            put_entry(link, entry),
            watching(saved),
        ]
        if moved:
            actions += untie(*moved)
        self.table.write(*actions)
        self._look_in_time(saved)
        return saved

    def unlink(self, link: InvoiceLink, entry: HistoryEntry) -> None:
        """Untie an invoice: it is in no list any more, and waits for write-back. Raises ConditionFailed."""
        pointer = keys.invoice_pointer(link.company, link.connection, link.invoice.id)
        watched = Delete(keys.watched(link.company, link.connection, link.invoice.id))
        self.table.write(*untie(link, entry), Delete(pointer, belongs_to(link.deal)), watched)

    def untied(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        """A link that was untied and is not forgotten yet, or None."""
        found = self._stored(company, deal, connection, invoice)
        return found if found and found.unlinked_at else None

    def forget(self, link: InvoiceLink) -> None:
        """Delete a link that was untied, once nothing shows it any more. Raises ConditionFailed."""
        key = keys.link(link.company, link.deal, link.connection, link.invoice.id)
        self.table.write(Delete(key, at_version(link.version)))

    def intents(self, company: CompanyId, deal: DealId) -> tuple[Intent, ...]:
        """The deal's intents, newest first."""
        items = self.table.query(keys.deal_partition(company, deal), keys.INTENTS)
        return tuple(sorted(map(read_intent, items), key=lambda each: each.created_at, reverse=True))

    def history(self, company: CompanyId, deal: DealId, *, since: datetime | None = None) -> tuple[HistoryEntry, ...]:
        """What happened after `since` (None: ever, as far as it is still kept), newest first."""
        items = self.table.query(keys.deal_partition(company, deal), keys.HISTORY, newest_first=True)
        entries = (read_document(item, HistoryEntry) for item in items)
        return tuple(takewhile(lambda entry: since is None or entry.at > since, entries))

    def _stored(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        item = self.table.get(keys.link(company, deal, connection, invoice))
        return read_link(item) if item else None
