"""Every key of the table; no other module writes one. What lies under which key: docs/data-model.md.

An item's partition begins with its company, so no query can cross companies. Only four families of partitions do
not, and they hold ids and counts alone: tenant pointers, the due index, one-use secrets under their hashes, and the
limits of the books.
"""

import hashlib
from datetime import datetime
from typing import NamedTuple

from duebill.domain.connection import Provider
from duebill.domain.due import SHARDS, DueId, DueKind
from duebill.domain.ids import (
    CompanyId,
    ConnectionId,
    DealId,
    IntentKey,
    InvoiceId,
    ProductId,
    TenantId,
    TokenSetId,
    UserId,
)
from duebill.errors import InvalidRequest
from duebill.storage.values import rfc3339

INSTALLATIONS = "INSTALLATION#"
CONNECTIONS = "CONNECTION#"
DEALS = "DEAL#"
INTENTS = "INTENT#"
LINKS = "LINK#"
HISTORY = "HISTORY#"
WATCHED = "REFRESH#"
PRESSES = "PRESS#"

_LONGEST_PART = 255  # a sort key ends at 1,024 bytes
_AFTER_HASH_SIGN = "$"  # the character after "#": everything that is due at one moment sorts before it


class Key(NamedTuple):
    """The full key of one item."""

    pk: str
    sk: str

    def __str__(self) -> str:
        return f"{self.pk}/{self.sk}"


def company_partition(company: CompanyId) -> str:
    """What belongs to a company as a whole."""
    return f"C#{company:d}"


def deal_partition(company: CompanyId, deal: DealId) -> str:
    """What belongs to one deal."""
    return f"{company_partition(company)}#D#{deal:d}"


def connection_partition(company: CompanyId, connection: ConnectionId) -> str:
    """What is found by connection: which deal an invoice belongs to."""
    return f"{company_partition(company)}#N#{_part(connection)}"


def installation(company: CompanyId, user: UserId) -> Key:
    """One user's install."""
    return Key(company_partition(company), f"{INSTALLATIONS}{user:d}")


def token_set(company: CompanyId, token_set: TokenSetId) -> Key:
    """One consent's tokens."""
    return Key(company_partition(company), f"TOKENS#{_part(token_set)}")


def connection(company: CompanyId, connection: ConnectionId) -> Key:
    """A connection."""
    return Key(company_partition(company), f"{CONNECTIONS}{_part(connection)}")


def connection_of(key: Key) -> ConnectionId:
    """The connection of a connection's key."""
    return ConnectionId(key.sk.removeprefix(CONNECTIONS))


def customer_links(connection: ConnectionId) -> str:
    """What the sort keys of a connection's customer links begin with."""
    return f"CUSTOMER#{_part(connection)}#"


def company_settings(company: CompanyId) -> Key:
    """The company's preferences."""
    return Key(company_partition(company), "SETTINGS")


def connection_settings(company: CompanyId, connection: ConnectionId) -> Key:
    """A connection's preferences."""
    return Key(company_partition(company), f"SETTINGS#{_part(connection)}")


def customer_link(company: CompanyId, connection: ConnectionId, buyer: str) -> Key:
    """Which customer a buyer is."""
    return Key(company_partition(company), f"CUSTOMER#{_part(connection)}#{_part(buyer)}")


def item_link(company: CompanyId, connection: ConnectionId, product: ProductId) -> Key:
    """Which item a product is."""
    return Key(company_partition(company), f"ITEM#{_part(connection)}#{product:d}")


def product_of(key: Key) -> ProductId:
    """The product of an item link's key."""
    return ProductId(int(key.sk.rpartition("#")[2]))


def deal(company: CompanyId, deal: DealId) -> Key:
    """What is kept of a deal itself."""
    return Key(company_partition(company), f"{DEALS}{deal:d}")


def deal_of(key: Key) -> DealId:
    """The deal of a deal record's key."""
    return DealId(int(key.sk.removeprefix(DEALS)))


def cached(company: CompanyId, name: str) -> Key:
    """A text that may be read again."""
    return Key(company_partition(company), f"CACHE#{name}")


def erasure(company: CompanyId) -> Key:
    """The plan to erase a company."""
    return Key(company_partition(company), "ERASURE")


def crm_webhooks(company: CompanyId) -> Key:
    """Whether the CRM tells us what changes in a company."""
    return Key(company_partition(company), "WEBHOOKS")


def crm_limit(company: CompanyId) -> Key:
    """How often the CRM was asked for a company."""
    return Key(company_partition(company), "LIMIT")


def intent(company: CompanyId, deal: DealId, key: IntentKey) -> Key:
    """An intent."""
    return Key(deal_partition(company, deal), f"{INTENTS}{_part(key)}")


def link(company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId) -> Key:
    """An invoice of a deal."""
    return Key(deal_partition(company, deal), f"{LINKS}{_part(connection)}#{_part(invoice)}")


def link_ids(key: Key) -> tuple[ConnectionId, InvoiceId]:
    """The connection and the invoice of a link's key."""
    _, connection, invoice = key.sk.split("#")
    return ConnectionId(connection), InvoiceId(invoice)


def history(company: CompanyId, deal: DealId, at: datetime, content: str) -> Key:
    """A history entry. Its name is made of what it says, so that an entry written twice is one entry."""
    return Key(deal_partition(company, deal), f"{HISTORY}{rfc3339(at)}#{digest(content)[:12]}")


def press(company: CompanyId, deal: DealId, key: str) -> Key:
    """A press of a button on one of the deal's invoices."""
    return Key(deal_partition(company, deal), f"{PRESSES}{_part(key)}")


def invoice_pointer(company: CompanyId, connection: ConnectionId, invoice: InvoiceId) -> Key:
    """Which deal an invoice belongs to."""
    return Key(connection_partition(company, connection), f"INVOICE#{_part(invoice)}")


def invoice_of(key: Key) -> InvoiceId:
    """The invoice of a pointer's key."""
    return InvoiceId(key.sk.removeprefix("INVOICE#"))


def watch(company: CompanyId, connection: ConnectionId) -> Key:
    """How far the reading of a connection's books has come."""
    return Key(connection_partition(company, connection), "REFRESH")


def watched(company: CompanyId, connection: ConnectionId, invoice: InvoiceId) -> Key:
    """An unsettled invoice."""
    return Key(connection_partition(company, connection), f"{WATCHED}{_part(invoice)}")


def watched_invoice(key: Key) -> InvoiceId:
    """The invoice of an unsettled invoice's key."""
    return InvoiceId(key.sk.removeprefix(WATCHED))


def tenant_partition(provider: Provider, tenant: TenantId) -> str:
    """Which connections lead to one set of books."""
    return f"TENANT#{provider.value}#{_part(tenant)}"


def tenant_pointer(provider: Provider, tenant: TenantId, company: CompanyId, connection: ConnectionId) -> Key:
    """One connection that leads to one set of books."""
    return Key(tenant_partition(provider, tenant), f"{company:d}#{_part(connection)}")


def pointed_connection(key: Key) -> tuple[CompanyId, ConnectionId]:
    """The company and the connection of a tenant pointer's key."""
    company, connection = key.sk.split("#")
    return CompanyId(int(company)), ConnectionId(connection)


def books_limit(provider: Provider, tenant: TenantId) -> Key:
    """How often one set of books was asked, by whichever company."""
    return Key(f"LIMIT#{provider.value}#{_part(tenant)}", "LIMIT")


def month_of_reads(provider: Provider, month: str) -> Key:
    """How many metered reads the whole app has used in a month."""
    return Key(f"LIMIT#{provider.value}", f"MONTH#{month}")


def app_window(provider: Provider) -> Key:
    """How often the whole app asked a provider in this minute, over all tenants."""
    return Key(f"LIMIT#{provider.value}", "APP")


def install_state(state: str) -> Key:
    """An install that we began."""
    return Key(f"STATE#{digest(state)}", "INSTALL")


def connect_state(state_hash: str) -> Key:
    """Which ticket a state was made for; hashed once more, since the hash itself opens the item."""
    return Key(f"STATE#{digest(state_hash)}", "CONNECT")


def ticket(ticket_id: str) -> Key:
    """A ticket to connect books."""
    return Key(f"TICKET#{digest(ticket_id)}", "TICKET")


# --- the due index -----------------------------------------------------------------------------------------------


def shard_of(key: Key) -> int:
    """The shard of the due index that an item is in, for ever."""
    return int(digest(str(key))[:8], 16) % SHARDS


def due_partition(kind: DueKind, shard: int) -> str:
    """One shard of the due index."""
    return f"DUE#{kind.value}#{shard:d}"


def due_place(key: Key, at: datetime) -> str:
    """Where an item stands in its shard."""
    return f"{rfc3339(at)}#{key}"


def due_before(now: datetime) -> str:
    """What sorts after everything that is due by `now`, and before the rest."""
    return rfc3339(now) + _AFTER_HASH_SIGN


def due_id(kind: DueKind, key: Key) -> DueId:
    """The ids of due work, as they stand in its item's key. Raises ValueError for a key that holds no such work."""
    partition = key.pk.split("#")
    company = CompanyId(int(partition[1]))
    name, *rest = key.sk.split("#")
    match kind, name, rest:
        case DueKind.TOKEN, "TOKENS", [token_set]:
            return DueId(kind, company, (token_set,))
        case DueKind.INTENT, "INTENT", [intent_key]:
            return DueId(kind, company, (partition[3], intent_key))
        case DueKind.WRITE_BACK, "LINK", [connection, invoice]:
            return DueId(kind, company, (partition[3], connection, invoice))
        case DueKind.ERASURE, "ERASURE", []:
            return DueId(kind, company)
        case DueKind.CRM_WEBHOOKS, "WEBHOOKS", []:
            return DueId(kind, company)
        case DueKind.REFRESH, "REFRESH", []:
            return DueId(kind, company, (partition[3],))
    raise ValueError(f"no {kind.value} work under {name}")


def digest(secret: str) -> str:
    """What stands in a key in a secret's place."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _part(value: str) -> str:
    """A part of a key that came from outside: it can neither end its part nor outgrow the key."""
    if not value or "#" in value or len(value.encode()) > _LONGEST_PART:
        raise InvalidRequest("An identifier in the request is empty, too long or holds a '#'.", code="bad_identifier")
    return value
