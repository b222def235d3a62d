"""Pipedrive's webhooks v2: who sent them and what they tell. Standard library only: the receiver starts cold with this.

They are not signed; Basic auth is all there is (guide for webhooks v2). So each company gets a password of its own,
made of one secret: it opens nothing for another company, and none is stored.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from duebill.domain.ids import CompanyId
from duebill.domain.news import Changed, CrmNews, Event, latest
from duebill.outside.webhook import identifier, moment, read_json

SECRET = "pipedrive/webhook_key"  # noqa: S105  the name of the parameter, not its value
_MERGES = {
    "deal": Changed.DEAL_MERGED,
    "person": Changed.PERSON_MERGED,
    "organization": Changed.ORGANIZATION_MERGED,
}
_FIELDS = ("field", "fields")  # how field definitions are named on the wire is stated nowhere


def password_of(company: CompanyId, key: str) -> str:
    """The password of one company's webhooks."""
    made = hmac.new(key.encode(), f"webhooks of {company:d}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def password_mark(company: CompanyId, key: str) -> str:
    """A name for that password which does not tell it: whoever lists webhooks sees which are of an old key."""
    return hashlib.sha256(f"mark {password_of(company, key)}".encode()).hexdigest()[:8]


def company_of(authorization: str | None, keys: Sequence[str]) -> CompanyId | None:
    """Whose webhook this is, as its user name and password prove; None where they do not."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    if not (user.isascii() and user.isdigit()) or len(user) > 18:
        return None
    company = CompanyId(int(user))
    matches = [hmac.compare_digest(password.encode(), password_of(company, key).encode()) for key in keys if key]
    return company if any(matches) else None


def news_in(body: bytes, company: CompanyId, now: datetime) -> CrmNews | None:
    """What a body tells of this company; None where it is nothing to us. Raises InvalidRequest where it is no JSON.

    Our own changes come back too; only merges and field definitions are heard, and those we never make.
    """
    document = read_json(body)
    meta = document.get("meta") if isinstance(document, dict) else None
    if not isinstance(meta, Mapping) or str(meta.get("company_id")) != str(company):
        return None
    event = _event(meta, moment(meta.get("timestamp"), now))
    return CrmNews(company, latest([event])) if event else None


def _event(meta: Mapping[str, object], at: datetime) -> Event | None:
    entity, of = str(meta.get("entity", "")).lower(), identifier(meta.get("entity_id"))
    if entity in _MERGES and of:
        if into := identifier(meta.get("merged_to_id")):
            return Event(_MERGES[entity], of, at, into)
        if merged := identifier(meta.get("merged_from_id")):
            return Event(_MERGES[entity], merged, at, of)
        return None
    return Event(Changed.FIELDS, entity, at) if entity.endswith(_FIELDS) else None
