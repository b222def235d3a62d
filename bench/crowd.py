"""Many companies with unsettled invoices, in the table and in the simulated books, made without the app."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from bench.crowd_books import add_to_quickbooks, add_to_xero, pay_in_quickbooks, pay_in_xero
from duebill.domain.connection import Connection, Health, Provider, TaxModel, Tenant
from duebill.domain.due import DueKind
from duebill.domain.ids import CompanyId, ConnectionId, DealId, InvoiceId, TenantId, TokenSetId, UserId
from duebill.domain.invoice import Invoice, InvoiceLink
from duebill.domain.tokens import Issuer, TokenSet
from duebill.runtime.wiring import Wiring
from duebill.storage import keys
from duebill.storage.due import due_attributes
from duebill.storage.invoice_items import put_link, put_pointer
from duebill.storage.table import SCHEMA_VERSION
from duebill.storage.values import moment, number, text
from duebill.storage.watches import watching
from duebill.storage.writes import ALWAYS, Put
from sandbox.tabletop import Tabletop
from sandbox.xero.tokens import User

FIRST_COMPANY = 100_000
PER_DEAL = 5
SWEPT_EVERY = timedelta(hours=4)
_AT_ONCE = 25  # of one BatchWriteItem


@dataclass(frozen=True, slots=True)
class Member:
    """One company of the crowd, its connection, and its invoices in the books."""

    connection: Connection
    invoices: tuple[InvoiceId, ...]


class Crowd:
    """`count` companies at one provider, each with `invoices` unsettled ones, all looked at just now.

    `first` keeps two crowds of one table apart; the next look is due after `swept_every`.
    """

    def __init__(
        self,
        tabletop: Tabletop,
        provider: Provider,
        count: int,
        invoices: int,
        *,
        first: int = 0,
        swept_every: timedelta = SWEPT_EVERY,
    ) -> None:
        self.tabletop = tabletop
        self._swept_every = swept_every
        self.provider = provider
        self._is_quickbooks = provider is Provider.QUICKBOOKS
        self._wiring = tabletop.wiring()
        self._read_ids: tuple[InvoiceId, ...] = ()
        self._read: tuple[Invoice, ...] = ()
        start = FIRST_COMPANY * (1 + list(Provider).index(provider)) + first
        self.members = [self._member(CompanyId(start + place), invoices) for place in range(count)]

    def pay_some(self, share: float) -> int:
        """A payment for this share of each company's invoices; how many invoices changed."""
        pay = pay_in_quickbooks if self._is_quickbooks else pay_in_xero
        changed = 0
        for member in self.members:
            for invoice in member.invoices[: max(1, round(len(member.invoices) * share))]:
                pay(self.tabletop, member.connection.tenant.id, invoice)
                changed += 1
        return changed

    def _member(self, company: CompanyId, count: int) -> Member:
        now, wiring = self.tabletop.clock.now(), self._wiring
        connection = self._connection(company, now)
        due = (now + timedelta(days=2)).date()
        add = add_to_quickbooks if self._is_quickbooks else add_to_xero
        ids = tuple(add(self.tabletop, connection.tenant.id, place, due) for place in range(count))
        wiring.connections.save(connection)
        wiring.tokens.create(self._tokens(connection, now), due_at=now + timedelta(days=30))
        if ids != self._read_ids:  # every company's are alike, so the first one's are read for all
            self._read_ids, self._read = ids, wiring.books(connection).read_invoices(ids).found
        read = self._read
        _write(wiring, _items(connection, read, now, self._swept_every))
        return Member(connection, ids)

    def _connection(self, company: CompanyId, now: datetime) -> Connection:
        return Connection(
            id=ConnectionId(f"crowd-{company}"),
            company=company,
            provider=self.provider,
            tenant=self._tenant(company),
            token_set=TokenSetId(f"set-{company}"),
            manager=UserId(1),
            health=Health.ACTIVE,
            connected_at=now,
        )

    def _tokens(self, connection: Connection, now: datetime) -> TokenSet:
        granted = self._grant(connection)
        return TokenSet(
            company=connection.company,
            id=connection.token_set,
            issuer=Issuer(self.provider.value),
            version=1,
            access_token=str(granted["access_token"]),
            refresh_token=str(granted["refresh_token"]),
            expires_at=now + timedelta(seconds=int(str(granted["expires_in"]))),
            refreshed_at=now,
        )

    def _grant(self, connection: Connection) -> dict[str, Any]:
        tenant = connection.tenant.id
        if self._is_quickbooks:
            return dict(self.tabletop.quickbooks.grant(tenant))
        user = f"00000000-0000-4000-8000-{connection.company:012d}"
        email = f"{connection.company}@example.com"
        self.tabletop.xero.add_user(User(user, email, "A", "B", {tenant: "STANDARD"}))
        return self.tabletop.xero.grant(user, [tenant])

    def _tenant(self, company: CompanyId) -> Tenant:
        name = f"Crowd {company}"
        if self._is_quickbooks:
            tenant, country, currency, zone = str(9_000_000_000 + company), "US", "USD", "America/Los_Angeles"
            self.tabletop.quickbooks.add_company(tenant, name, country=country, home=currency, zone=zone)
        else:
            tenant = f"11111111-1111-4111-8111-{company:012d}"
            country, currency, zone = "NZ", "NZD", "Pacific/Auckland"
            self.tabletop.xero.add_organisation(
                tenant, name, version=country, country=country, base=currency, zone=zone,
                zone_name="NEWZEALANDSTANDARDTIME", short=f"!{company}",
            )  # fmt: skip
        return Tenant(
            id=TenantId(tenant),
            name=name,
            country=country,
            home_currency=currency,
            multicurrency=False,
            tax_model=TaxModel.PER_LINE,
            time_zone=zone,
            custom_numbers=False,
        )


def _items(connection: Connection, read: Iterable[Invoice], now: datetime, swept_every: timedelta) -> Iterator[Put]:
    for place, invoice in enumerate(read):
        link = InvoiceLink(
            company=connection.company,
            deal=DealId(1 + place // PER_DEAL),
            connection=connection.id,
            provider=connection.provider,
            invoice=replace(invoice, reference=f"DB-{place}"),
            url="https://books.example/invoice",
            linked_at=now,
            linked_by=UserId(1),
            read_at=now,
            version=1,
        )
        watched = watching(link)
        yield from (put_link(link, None, ALWAYS), put_pointer(link, ALWAYS))
        if isinstance(watched, Put):
            yield watched
    key = keys.watch(connection.company, connection.id)
    looked = {name: moment(now) for name in ("cursor", "looked_at", "whole_at")}
    yield Put(key, looked | due_attributes(DueKind.REFRESH, key, now + swept_every))


def _write(wiring: Wiring, puts: Iterable[Put]) -> None:
    table = wiring.table
    for some in batched(puts, _AT_ONCE, strict=False):
        requests: Any = [{"PutRequest": {"Item": _item(put)}} for put in some]
        table.client.batch_write_item(RequestItems={table.name: requests})


def _item(put: Put) -> dict[str, Any]:
    keyed = {"pk": text(put.key.pk), "sk": text(put.key.sk), "v": number(SCHEMA_VERSION)}
    return {**put.attributes, **keyed}
