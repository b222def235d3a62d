"""Webhooks as QuickBooks sends them: CloudEvents since 2026, signed with the app's verifier token (S-WHN, S-WHQ)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import UTC
from uuid import NAMESPACE_URL, uuid5

from sandbox.quickbooks.company import News
from sandbox.quickbooks.documents import Doc

MOST = 100  # events in one post (S-WHQ)
# Void was seen as `voided` and as `void` (ballerina-platform trigger): the caller may choose.
_VERBS = {"Create": "created", "Update": "updated", "Delete": "deleted", "Merge": "merged", "Emailed": "emailed"}

Post = tuple[bytes, dict[str, str]]


def cloud_events(news: Sequence[News], token: str, void_verb: str, first: int) -> list[Post]:
    """Posts of at most 100 events; one post may mix companies. `first` numbers the events over all calls."""
    events = [_event(each, void_verb, place) for place, each in enumerate(news, start=first)]
    pages = [events[at : at + MOST] for at in range(0, len(events), MOST)]
    return [signed(page, token, "application/cloudevents+json") for page in pages]


def _event(news: News, void_verb: str, place: int) -> Doc:
    verb = _VERBS.get(news.operation, void_verb)
    return {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, f"{news.realm}/{news.entity}/{news.id}/{place}")),
        "source": "intuit.c2FuZGJveC1zaW11bGF0b3I=",
        "type": f"qbo.{news.entity.lower()}.{verb}.v1",
        "datacontenttype": "application/json",
        "time": news.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "517Z",  # nanoseconds, as recorded
        "intuitentityid": news.id,
        "intuitaccountid": news.realm,
        "data": {},
    }


def legacy(news: Iterable[News], token: str) -> list[Post]:
    """The form before CloudEvents: one post, grouped by company."""
    realms: dict[str, list[Doc]] = {}
    for each in news:
        entity = {
            "name": each.entity,
            "id": each.id,
            "operation": each.operation,
            "lastUpdated": each.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if each.merged_into:
            entity |= {"id": each.merged_into, "deletedId": each.id}
        realms.setdefault(each.realm, []).append(entity)
    notices = [{"realmId": realm, "dataChangeEvent": {"entities": entities}} for realm, entities in realms.items()]
    return [signed({"eventNotifications": notices}, token, "application/json")] if notices else []


def signed(document: object, token: str, content_type: str) -> Post:
    """The body and its headers: `intuit-signature` is base64(HMAC-SHA256(raw body, verifier token))."""
    body = json.dumps(document).encode()
    signature = base64.b64encode(hmac.new(token.encode(), body, hashlib.sha256).digest()).decode()
    return body, {"content-type": content_type, "intuit-signature": signature}
