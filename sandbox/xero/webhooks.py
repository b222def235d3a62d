"""Webhooks: events of all connected organisations, signed with the app's key (facts §5)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence

from sandbox.xero.documents import Doc
from sandbox.xero.organisation import News

MOST = 50  # events in one post; how many Xero puts together is stated nowhere
_PATHS = {"INVOICE": "Invoices", "CONTACT": "Contacts", "CREDITNOTE": "CreditNotes"}

Post = tuple[bytes, dict[str, str]]


def posts(news: Sequence[News], key: str, first: int) -> list[Post]:
    """Signed posts. `first` numbers the events over all calls."""
    pages = [news[at : at + MOST] for at in range(0, len(news), MOST)]
    return [signed(_document(page, first + MOST * place), key) for place, page in enumerate(pages)]


def intent_to_receive(key: str) -> list[tuple[bytes, dict[str, str], int]]:
    """What is asked when a subscription begins: (body, headers, the status that must come back)."""
    body, right = signed({"events": [], "lastEventSequence": 0, "firstEventSequence": 0, "entropy": "WXKUHLJPMTS"}, key)
    signature = right["x-xero-signature"]
    wrong = right | {"x-xero-signature": ("B" if signature[0] != "B" else "C") + signature[1:]}  # one character off
    return [(body, right, 200), (body, wrong, 401)]


def signed(document: Doc, key: str) -> Post:
    """The body, with spaces, and its headers: base64(HMAC-SHA256(key as text, raw body))."""
    body = json.dumps(document).encode()
    signature = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()
    return body, {"content-type": "application/json; charset=utf-8", "x-xero-signature": signature}


def _document(page: Sequence[News], first: int) -> Doc:
    return {
        "events": [_event(each) for each in page],
        "lastEventSequence": first + len(page) - 1,
        "firstEventSequence": first,
        "entropy": hashlib.sha256(str(first).encode()).hexdigest()[:20].upper(),
    }


def _event(each: News) -> Doc:
    event: Doc = {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/{_PATHS[each.category]}/{each.id}",
        "resourceId": each.id,
        "eventDateUtc": each.at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3],
        "eventType": each.kind,
        "eventCategory": each.category,
        "tenantId": each.tenant,
        "tenantType": "ORGANISATION",
    }
    return event | ({"data": each.data} if each.data else {})
