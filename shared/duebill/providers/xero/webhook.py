"""Xero's webhooks: who sent them and what they tell. Standard library only: the receiver starts cold with this.

One address and one key serve all organisations. The intent to receive is a post without events: signed rightly it must
be answered 200, wrongly 401, both without a body (developer.xero.com, configuring your server).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from duebill.domain.connection import Provider
from duebill.domain.ids import TenantId
from duebill.domain.news import BooksNews, Changed, Event, latest
from duebill.outside.webhook import identifier, is_signed, moment, objects, read_json

SECRET = "webhook_key"  # noqa: S105  the name of the parameter, not its value
_SIGNATURE = "x-xero-signature"

# Bills are told as invoices too, and nothing tells them apart: an id that no deal is linked to is never asked for.
_CATEGORIES = {
    "INVOICE": Changed.INVOICE,
    "CREDITNOTE": Changed.MONEY,
    "PREPAYMENT": Changed.MONEY,
    "OVERPAYMENT": Changed.MONEY,
    "CONTACT": Changed.CUSTOMER,
}


def is_genuine(body: bytes, headers: Mapping[str, str], keys: Sequence[str]) -> bool:
    """Whether Xero signed these very bytes; the key counts as text, it is not decoded."""
    return is_signed(body, headers.get(_SIGNATURE), keys)


def news_in(body: bytes, now: datetime) -> tuple[BooksNews, ...]:
    """What a body tells, by organisation. Raises InvalidRequest where it is no JSON."""
    document = read_json(body)
    by_tenant: dict[str, list[Event]] = {}
    for each in objects(document.get("events")) if isinstance(document, dict) else []:
        what = _CATEGORIES.get(str(each.get("eventCategory", "")).upper())
        tenant, of = identifier(each.get("tenantId")), identifier(each.get("resourceId"))
        if what and tenant and of:
            event = Event(what, of.lower(), moment(each.get("eventDateUtc"), now))
            by_tenant.setdefault(tenant, []).append(event)
    return tuple(BooksNews(Provider.XERO, TenantId(tenant), latest(each)) for tenant, each in by_tenant.items())
