"""The items of a deal: intents, links, pointers, history, the deal itself; how each is written and read."""

from dataclasses import replace
from datetime import datetime

from duebill.domain.due import DueKind
from duebill.domain.ids import ConnectionId, DealId
from duebill.domain.intent import Intent
from duebill.domain.invoice import HISTORY_LIVES, HistoryEntry, InvoiceLink
from duebill.errors import DraftRefused
from duebill.storage import keys
from duebill.storage.codec import document, encode, read_document
from duebill.storage.due import due_at_of, due_attributes
from duebill.storage.values import (
    Item,
    Value,
    epoch_seconds,
    number,
    read_number,
    text,
    words,
)
from duebill.storage.writes import ABSENT, ALWAYS, Action, Put, Update, When, at_version

LARGEST_NEW_INTENT = 300 * 1024  # bytes; DynamoDB ends an item at 400 KB, and attempts are added to it later


def put_intent(intent: Intent, when: When) -> Put:
    """An intent, in the index if it is due."""
    key = keys.intent(intent.company, intent.deal, intent.key)
    return _put_versioned(key, intent, intent.version, due_attributes(DueKind.INTENT, key, intent.due_at), when)


def put_link(link: InvoiceLink, due_at: datetime | None, when: When) -> Put:
    """A link, in the index if it is due."""
    key = keys.link(link.company, link.deal, link.connection, link.invoice.id)
    return _put_versioned(key, link, link.version, due_attributes(DueKind.WRITE_BACK, key, due_at), when)


def _put_versioned(key: keys.Key, value: object, version: int, due: Item, when: When) -> Put:
    return Put(key, {"doc": document(value), "version": number(version), **due}, when)


def put_pointer(link: InvoiceLink, when: When) -> Put:
    """Which deal an invoice belongs to."""
    key = keys.invoice_pointer(link.company, link.connection, link.invoice.id)
    return Put(key, {"deal": number(link.deal)}, when)


def free_for(deal: DealId) -> When:
    """The invoice belongs to no deal, or to this one."""
    return When(f"{ABSENT.expression} OR #deal = :deal", {":deal": number(deal)})


def belongs_to(deal: DealId) -> When:
    """The invoice belongs to this deal."""
    return When("#deal = :deal", {":deal": number(deal)})


def untie(link: InvoiceLink, entry: HistoryEntry) -> list[Action]:
    """The link kept until the CRM shows it no more, the deal's list a version further, and its history."""
    kept = replace(link, unlinked_at=entry.at, version=link.version + 1)
    return [
        put_link(kept, entry.at, at_version(link.version)),
        next_version(link, ALWAYS),
        put_entry(link, entry),
    ]


def put_entry(link: InvoiceLink, entry: HistoryEntry) -> Put:
    """A history entry, that ends by itself."""
    content = encode(entry)
    key = keys.history(link.company, link.deal, entry.at, content)
    return Put(key, {"doc": text(content), "expires": number(epoch_seconds(entry.at + HISTORY_LIVES))})


def next_version(of: Intent | InvoiceLink, when: When, connection: ConnectionId | None = None) -> Update:
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


def read_intent(item: Item) -> Intent:
    """The intent of an item."""
    return replace(read_document(item, Intent), version=read_number(item, "version"), due_at=due_at_of(item))


def read_link(item: Item) -> InvoiceLink:
    """The link of an item."""
    return replace(
        read_document(item, InvoiceLink), version=read_number(item, "version"), write_back_due_at=due_at_of(item)
    )


def after(stored: InvoiceLink | None, link: InvoiceLink) -> InvoiceLink:
    """The link that a made intent leaves, where a link to the same invoice may have been there before."""
    if stored is None:
        return replace(link, version=1)
    kept = replace(link, note=stored.note, note_started_at=stored.note_started_at, note_shows=stored.note_shows)
    return replace(kept, version=stored.version + 1)


def check_size(intent: Intent) -> None:
    """Raises DraftRefused for an intent that is too large to be kept."""
    if len(encode(intent).encode()) > LARGEST_NEW_INTENT:
        raise DraftRefused(
            "This invoice is too large to be kept: shorten its descriptions or make two of it.", code="draft_too_large"
        )
