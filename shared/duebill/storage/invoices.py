"""A deal's intents, invoice links and history, and the version of its list of invoices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from duebill.domain.due import DueKind
from duebill.domain.ids import CompanyId, ConnectionId, DealId, IntentKey, InvoiceId
from duebill.domain.intent import DealRecord, Intent
from duebill.domain.invoice import HISTORY_LIVES, HistoryEntry, InvoiceLink
from duebill.errors import DraftRefused
from duebill.storage import keys
from duebill.storage.codec import document, encode, read_document
from duebill.storage.due import due_at_of, due_attributes
from duebill.storage.table import Table, key_of
from duebill.storage.values import (
    Item,
    Value,
    epoch_seconds,
    number,
    read_number,
    read_optional_text,
    read_words,
    text,
    words,
)
from duebill.storage.writes import ABSENT, ALWAYS, Action, Delete, Put, Update, When, at_version

LARGEST_NEW_INTENT = 300 * 1024  # bytes; DynamoDB ends an item at 400 KB, and attempts are added to it later


@dataclass(frozen=True, slots=True)
class DynamoInvoices:
    """ports.Invoices on the table."""

    table: Table

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
        _check_size(intent)
        begun = replace(intent, version=intent.version + 1)
        expected = at_version(intent.basis)
        if intent.basis == 0:
            expected = replace(expected, expression=f"{ABSENT.expression} OR {expected.expression}")
        self.table.write(_put_intent(begun, ABSENT), _next_version(intent, expected))
        return begun

    def intent(self, company: CompanyId, deal: DealId, key: IntentKey) -> Intent | None:
        """The intent with this key, or None."""
        item = self.table.get(keys.intent(company, deal, key))
        return _read_intent(item) if item else None

    def save(self, intent: Intent) -> Intent:
        """Write it one version further, due at `intent.due_at` (None: never). Raises ConditionFailed."""
        saved = replace(intent, version=intent.version + 1)
        self.table.write(_put_intent(saved, at_version(intent.version)))
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
            _put_intent(saved, at_version(intent.version)),
            _put_link(_after(stored, replace(link, write_back_due_at=note_due_at)), note_due_at, when),
            # The invoice carries our reference for this very deal, so the pointer is ours whatever it said.
            _put_pointer(link, ALWAYS),
            _put_entry(link, entry),
            _next_version(intent, ALWAYS, link.connection),
        )
        return saved

    def links(self, company: CompanyId, deal: DealId) -> tuple[InvoiceLink, ...]:
        """The deal's invoices, newest first."""
        links = map(_read_link, self.table.query(keys.deal_partition(company, deal), keys.LINKS))
        tied = (link for link in links if link.unlinked_at is None)
        return tuple(sorted(tied, key=lambda each: each.linked_at, reverse=True))

    def link(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        """One link, or None."""
        found = self._stored(company, deal, connection, invoice)
        return found if found and found.unlinked_at is None else None

    def save_link(
        self, link: InvoiceLink, *, due_at: datetime | None, entry: HistoryEntry | None = None
    ) -> InvoiceLink:
        """Write it one version further, due for write-back at `due_at` (None: never).

        A new link (version 0) is also the deal's next version. Raises ConditionFailed, for a new link also when the
        invoice belongs to another deal.
        """
        saved = replace(link, version=link.version + 1, write_back_due_at=due_at)
        actions: tuple[Action, ...]
        if link.version:
            actions = (_put_link(saved, due_at, at_version(link.version)),)
        else:
            pointer = _put_pointer(link, _free_for(link.deal))
            actions = (_put_link(saved, due_at, ABSENT), pointer, _next_version(link, ALWAYS))
        if entry:
            actions = (*actions, _put_entry(link, entry))
        self.table.write(*actions)
        return saved

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
            _put_link(saved, saved.write_back_due_at, expected),
            _put_pointer(link, _belongs_to(moved[0].deal) if moved else _free_for(link.deal)),
            _next_version(link, ALWAYS),
            _put_entry(link, entry),
        ]
        if moved:
            actions += _untie(*moved)
        self.table.write(*actions)
        return saved

    def unlink(self, link: InvoiceLink, entry: HistoryEntry) -> None:
        """Untie an invoice: it is in no list any more, and waits for write-back. Raises ConditionFailed."""
        pointer = keys.invoice_pointer(link.company, link.connection, link.invoice.id)
        self.table.write(*_untie(link, entry), Delete(pointer, _belongs_to(link.deal)))

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
        return tuple(sorted(map(_read_intent, items), key=lambda each: each.created_at, reverse=True))

    def history(self, company: CompanyId, deal: DealId, *, since: datetime | None = None) -> tuple[HistoryEntry, ...]:
        """What happened after `since` (None: ever, as far as it is still kept), newest first."""
        items = self.table.query(keys.deal_partition(company, deal), keys.HISTORY, newest_first=True)
        entries = (read_document(item, HistoryEntry) for item in items)
        return tuple(takewhile(lambda entry: since is None or entry.at > since, entries))

    def _stored(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        item = self.table.get(keys.link(company, deal, connection, invoice))
        return _read_link(item) if item else None


def _put_intent(intent: Intent, when: When) -> Put:
    key = keys.intent(intent.company, intent.deal, intent.key)
    return _put_versioned(key, intent, intent.version, due_attributes(DueKind.INTENT, key, intent.due_at), when)


def _put_link(link: InvoiceLink, due_at: datetime | None, when: When) -> Put:
    key = keys.link(link.company, link.deal, link.connection, link.invoice.id)
    return _put_versioned(key, link, link.version, due_attributes(DueKind.WRITE_BACK, key, due_at), when)


def _put_versioned(key: keys.Key, value: object, version: int, due: Item, when: When) -> Put:
    return Put(key, {"doc": document(value), "version": number(version), **due}, when)


def _put_pointer(link: InvoiceLink, when: When) -> Put:
    key = keys.invoice_pointer(link.company, link.connection, link.invoice.id)
    return Put(key, {"deal": number(link.deal)}, when)


def _free_for(deal: DealId) -> When:
    """The invoice belongs to no deal, or to this one."""
    return When(f"{ABSENT.expression} OR #deal = :deal", {":deal": number(deal)})


def _belongs_to(deal: DealId) -> When:
    return When("#deal = :deal", {":deal": number(deal)})


def _untie(link: InvoiceLink, entry: HistoryEntry) -> list[Action]:
    """The link kept until the CRM shows it no more, the deal's list a version further, and its history."""
    kept = replace(link, unlinked_at=entry.at, version=link.version + 1)
    return [
        _put_link(kept, entry.at, at_version(link.version)),
        _next_version(link, ALWAYS),
        _put_entry(link, entry),
    ]


def _put_entry(link: InvoiceLink, entry: HistoryEntry) -> Put:
    content = encode(entry)
    key = keys.history(link.company, link.deal, entry.at, content)
    return Put(key, {"doc": text(content), "expires": number(epoch_seconds(entry.at + HISTORY_LIVES))})


def _next_version(of: Intent | InvoiceLink, when: When, connection: ConnectionId | None = None) -> Update:
    """The deal's list of invoices one version further: moved by an intent, or by a link that is new."""
    changes, values = "SET #v = :v", dict[str, Value]()
    if isinstance(of, Intent):
        changes, values = f"{changes}, #last_intent = :intent", {":intent": text(of.key)}
    else:
        connection = of.connection
    changes, values = f"{changes} ADD #version :one", {**values, ":one": number(1)}
    if connection:
        changes, values = f"{changes}, #connections :connections", {**values, ":connections": words(connection)}
    return Update(keys.deal(of.company, of.deal), changes, values, when)


def _read_intent(item: Item) -> Intent:
    return replace(read_document(item, Intent), version=read_number(item, "version"), due_at=due_at_of(item))


def _read_link(item: Item) -> InvoiceLink:
    return replace(
        read_document(item, InvoiceLink), version=read_number(item, "version"), write_back_due_at=due_at_of(item)
    )


def _after(stored: InvoiceLink | None, link: InvoiceLink) -> InvoiceLink:
    """The link that a made intent leaves, where a link to the same invoice may have been there before."""
    if stored is None:
        return replace(link, version=1)
    kept = replace(link, note=stored.note, note_started_at=stored.note_started_at, note_shows=stored.note_shows)
    return replace(kept, version=stored.version + 1)


def _check_size(intent: Intent) -> None:
    if len(encode(intent).encode()) > LARGEST_NEW_INTENT:
        raise DraftRefused(
            "This invoice is too large to be kept: shorten its descriptions or make two of it.", code="draft_too_large"
        )
