"""A company's items as plain records that a person can read: everything but what only a machine may know."""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from duebill.domain.ids import CompanyId
from duebill.storage.belongings import belongings
from duebill.storage.due import due_at_of
from duebill.storage.keys import Key
from duebill.storage.table import Table, key_of
from duebill.storage.values import Item

type Record = dict[str, Any]

_AT_ONCE = 100
# Of a token set, whatever is not named here stays: what is sealed, and what a later version may keep beside it.
_OF_TOKENS = frozenset(
    "issuer version expires_at refreshed_at refresh_expires_at consent_ends_at refresh_started_at dead_reason".split()
)
_HOUSEKEEPING = frozenset({"pk", "sk", "v", "due_pk", "due_sk", "expires"})
_KINDS = {
    "INSTALLATION": "installation",
    "TOKENS": "token_set",
    "CONNECTION": "connection",
    "CUSTOMER": "customer_link",
    "ITEM": "item_link",
    "DEAL": "deal",
    "CACHE": "cached_text",
    "WEBHOOKS": "crm_webhooks",
    "ERASURE": "planned_erasure",
    "INTENT": "intent",
    "LINK": "invoice_link",
    "HISTORY": "history_entry",
    "INVOICE": "invoice_pointer",
}


def records(table: Table, company: CompanyId) -> Iterator[Record]:
    """One record for each item that belongs to the company. Token sets are there without their tokens.

    Not a snapshot: what is written meanwhile may be in it or not. Raises TryLater.
    """
    for some in batched(dict.fromkeys(belongings(table, company)), _AT_ONCE, strict=False):
        found = {key_of(item): item for item in table.get_many(some)}
        yield from (record_of(found[key]) for key in some if key in found)


def kind_of(key: Key) -> str:
    """What an item is, by its key."""
    if key.pk.startswith("TENANT#"):
        return "tenant_pointer"
    name, hash_sign, _ = key.sk.partition("#")
    if name == "SETTINGS":
        return "connection_settings" if hash_sign else "company_settings"
    if name == "REFRESH":
        return "watched_invoice" if hash_sign else "watch"
    return _KINDS.get(name, name.lower())


def record_of(item: Item) -> Record:
    """An item as a record: its document's fields and its own attributes side by side, no bytes among them."""
    key = key_of(item)
    kind = kind_of(key)
    record: Record = {"stored_as": kind, "stored_under": str(key)}
    for name, value in item.items():
        if name in _HOUSEKEEPING or (kind == "token_set" and name not in _OF_TOKENS):
            continue
        if name in ("doc", "text"):
            record |= _fields(name, value["S"])
        elif (plain := _plain(value)) is not None:
            record[name] = plain
    if due := due_at_of(item):
        record["due_at"] = due
    return record


def to_json(value: object, *, indent: int | None = None) -> str:
    """JSON text of a record; decimals with all their digits, times in RFC 3339."""
    return json.dumps(value, ensure_ascii=False, indent=indent, default=_as_json)


def _fields(name: str, text: str) -> Record:
    try:
        read = json.loads(text, parse_float=Decimal)
    except ValueError:
        read = text
    return read if name == "doc" and isinstance(read, dict) else {name: read}


def _plain(value: Any) -> Any:  # noqa: ANN401  DynamoDB's wire: a tag and a value of its type
    match value:
        case {"S": text}:
            return text
        case {"N": digits}:
            return int(digits)
        case {"SS": words}:
            return sorted(words)
    return None


def _as_json(value: object) -> str:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Decimal():
            return str(value)
    raise TypeError(type(value).__name__)
