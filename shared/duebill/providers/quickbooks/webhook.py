"""QuickBooks' webhooks: who sent them and what they tell. Standard library only: the receiver starts cold with this.

One address and one verifier token serve all companies; one post may mix companies. CloudEvents are sent since 2026
(Intuit's blog, 12 November 2025), the form before them may come from older settings; both are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from duebill.domain.connection import Provider
from duebill.domain.ids import TenantId
from duebill.domain.news import BooksNews, Changed, Event, latest
from duebill.outside.webhook import identifier, is_signed, moment, objects, read_json

SECRET = "verifier_token"  # noqa: S105  the name of the parameter, not its value
_SIGNATURE = "intuit-signature"

# Void was seen as `voided` and as `void` (ballerina-platform's trigger and its tests): verbs do not matter here, as
# the books are asked how the invoice is. What pays an invoice does not name it.
_ENTITIES = {"invoice": Changed.INVOICE, "payment": Changed.MONEY, "creditmemo": Changed.MONEY}
_MERGED = frozenset({"merge", "merged"})

type Found = tuple[str, Event]


def is_genuine(body: bytes, headers: Mapping[str, str], keys: Sequence[str]) -> bool:
    """Whether Intuit signed these very bytes with one of our verifier tokens."""
    return is_signed(body, headers.get(_SIGNATURE), keys)


def news_in(body: bytes, now: datetime) -> tuple[BooksNews, ...]:
    """What a body tells, by company; what we do not need is left out. Raises InvalidRequest where it is no JSON."""
    document = read_json(body)
    found = _events(document, now) if isinstance(document, list) else _notifications(document, now)
    by_realm: dict[str, list[Event]] = {}
    for realm, event in found:
        by_realm.setdefault(realm, []).append(event)
    return tuple(BooksNews(Provider.QUICKBOOKS, TenantId(realm), latest(each)) for realm, each in by_realm.items())


def _events(document: list[Any], now: datetime) -> Iterator[Found]:
    """CloudEvents 1.0: `qbo.invoice.updated.v1`, times with nanoseconds."""
    for each in objects(document):
        words = str(each.get("type", "")).lower().split(".")
        if len(words) >= 3 and words[0] == "qbo":
            at = moment(each.get("time"), now)
            yield from _event(each.get("intuitaccountid"), words[1], words[2], each.get("intuitentityid"), None, at)


def _notifications(document: object, now: datetime) -> Iterator[Found]:
    """The form before CloudEvents."""
    notices = objects(document.get("eventNotifications")) if isinstance(document, dict) else []
    for notice in notices:
        change = notice.get("dataChangeEvent")
        for each in objects(change.get("entities") if isinstance(change, dict) else None):
            name, verb = str(each.get("name", "")).lower(), str(each.get("operation", "")).lower()
            at = moment(each.get("lastUpdated"), now)
            yield from _event(notice.get("realmId"), name, verb, each.get("id"), each.get("deletedId"), at)


def _event(
    realm: object, entity: str, verb: str, entity_id: object, deleted_id: object, at: datetime
) -> Iterator[Found]:
    company, of = identifier(realm), identifier(entity_id)
    if not (company.isdigit() and of):
        return
    if entity in _ENTITIES:
        yield company, Event(_ENTITIES[entity], of, at)
    elif entity == "customer" and verb in _MERGED:
        # The older form names both, `deletedId` the one that is gone; CloudEvents name one and do not say which.
        gone = identifier(deleted_id)
        yield company, Event(Changed.CUSTOMER, gone, at, of) if gone else Event(Changed.CUSTOMER, of, at)
