"""What every due index and every erasure does."""

from datetime import datetime
from decimal import Decimal

from duebill.domain.connection import Provider
from duebill.domain.due import SHARDS, DueId, DueKind
from duebill.domain.ids import CompanyId, CustomerId, ItemId, ProductId, TenantId
from duebill.domain.settings import CompanySettings, ConnectionSettings
from duebill.ports import CustomerLink
from tests.fakes.memory_stores import Stores
from tests.fakes.stored_examples import (
    COMPANY,
    CONNECTION,
    DEAL,
    INVOICE,
    NOW,
    OTHER_COMPANY,
    TOKEN_SET,
    after,
    company_settings,
    connection,
    connection_settings,
    entry,
    installation,
    intent,
    invoice,
    link,
    made,
    token_set,
)

ALL = 1000


def claim(stores: Stores, kind: DueKind, now: datetime, again_at: datetime, limit: int = ALL) -> list[DueId]:
    """What is due in all shards."""
    return [
        work
        for shard in range(SHARDS)
        for work in stores.due.claim(kind, shard, now=now, again_at=again_at, limit=limit)
    ]


def many_tokens(stores: Stores, count: int) -> set[DueId]:
    for number in range(count):
        stores.tokens.create(token_set(id=f"set-{number}"), due_at=after(seconds=number))
    return {DueId(DueKind.TOKEN, COMPANY, (f"set-{number}",)) for number in range(count)}


def test_all_that_is_due_is_claimed_and_is_due_again_later(stores: Stores) -> None:
    expected = many_tokens(stores, 40)
    assert set(claim(stores, DueKind.TOKEN, after(minutes=1), after(minutes=16))) == expected
    assert claim(stores, DueKind.TOKEN, after(minutes=15), after(minutes=30)) == []
    assert set(claim(stores, DueKind.TOKEN, after(minutes=16), after(minutes=31))) == expected


def test_work_is_spread_over_the_shards(stores: Stores) -> None:
    many_tokens(stores, 100)
    shards = [
        len(stores.due.claim(DueKind.TOKEN, shard, now=after(hours=1), again_at=after(hours=2), limit=ALL))
        for shard in range(SHARDS)
    ]
    assert sum(shards) == 100
    assert max(shards) < 25


def test_a_claim_takes_the_longest_due_first_and_no_more_than_asked(stores: Stores) -> None:
    many_tokens(stores, 60)
    for shard in range(SHARDS):
        due = [
            stores.due.claim(DueKind.TOKEN, shard, now=after(minutes=1), again_at=after(hours=1), limit=2)
            for _ in range(30)
        ]
        assert all(len(some) <= 2 for some in due)
        numbers = [int(work.ids[0].removeprefix("set-")) for some in due for work in some]
        assert numbers == sorted(numbers)


def test_a_kind_is_claimed_apart_from_the_others(stores: Stores) -> None:
    stores.tokens.create(token_set(), due_at=NOW)
    stores.invoices.begin(intent(due_at=NOW))
    stores.invoices.save_link(link(), due_at=NOW)
    stores.erasure.plan(COMPANY, NOW)
    stores.watches.want(COMPANY, CONNECTION, by=NOW)
    stores.crm_webhooks.plan(COMPANY, NOW)
    found = {kind: claim(stores, kind, NOW, after(hours=1)) for kind in DueKind}
    assert found == {
        DueKind.TOKEN: [DueId(DueKind.TOKEN, COMPANY, (TOKEN_SET,))],
        DueKind.INTENT: [DueId(DueKind.INTENT, COMPANY, (str(DEAL), "key-1"))],
        DueKind.WRITE_BACK: [DueId(DueKind.WRITE_BACK, COMPANY, (str(DEAL), CONNECTION, INVOICE))],
        DueKind.ERASURE: [DueId(DueKind.ERASURE, COMPANY)],
        DueKind.REFRESH: [DueId(DueKind.REFRESH, COMPANY, (CONNECTION,))],
        DueKind.CRM_WEBHOOKS: [DueId(DueKind.CRM_WEBHOOKS, COMPANY)],
    }


def test_the_time_is_compared_to_the_microsecond(stores: Stores) -> None:
    stores.tokens.create(token_set(), due_at=after(microseconds=1))
    assert claim(stores, DueKind.TOKEN, NOW, after(hours=1)) == []
    assert len(claim(stores, DueKind.TOKEN, after(microseconds=1), after(hours=1))) == 1


def test_an_erasure_is_due_at_its_time_unless_called_off(stores: Stores) -> None:
    stores.erasure.plan(COMPANY, after(days=30))
    assert not stores.erasure.is_due(COMPANY, after(days=29))
    assert claim(stores, DueKind.ERASURE, after(days=30), after(days=31)) == [DueId(DueKind.ERASURE, COMPANY)]
    assert stores.erasure.is_due(COMPANY, after(days=30))
    stores.erasure.call_off(COMPANY)
    stores.erasure.call_off(COMPANY)
    assert not stores.erasure.is_due(COMPANY, after(days=31))
    assert claim(stores, DueKind.ERASURE, after(days=40), after(days=41)) == []


def test_an_erasure_leaves_nothing_of_its_company_and_all_of_others(stores: Stores) -> None:
    for company in (COMPANY, OTHER_COMPANY, CompanyId(COMPANY * 10)):
        fill(stores, company)
    erased = stores.erasure.erase(COMPANY)
    assert erased == 20
    assert stores.erasure.erase(COMPANY) == 1
    assert stores.installations.of_company(COMPANY) == ()
    assert stores.tokens.get(COMPANY, TOKEN_SET) is None
    assert stores.connections.of_company(COMPANY) == ()
    assert stores.settings.company(COMPANY) == CompanySettings()
    assert stores.settings.connection(COMPANY, CONNECTION) == ConnectionSettings()
    assert stores.links.customer(COMPANY, CONNECTION, "organization:7") is None
    assert stores.links.items(COMPANY, CONNECTION, [ProductId(3)]) == {}
    assert stores.invoices.deal(COMPANY, DEAL).version == 0
    assert stores.invoices.intents(COMPANY, DEAL) == ()
    assert stores.invoices.links(COMPANY, DEAL) == ()
    assert stores.invoices.history(COMPANY, DEAL) == ()
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) is None
    assert stores.watches.unsettled(COMPANY, CONNECTION) == ()
    assert stores.cache.get(COMPANY, "fields", NOW) is None
    assert not stores.erasure.is_due(COMPANY, after(days=999))
    assert len(stores.connections.of_tenant(Provider.QUICKBOOKS, TenantId("4620816365"))) == 2
    assert {work.company for kind in DueKind for work in claim(stores, kind, after(days=999), after(days=999))} == {
        OTHER_COMPANY,
        COMPANY * 10,
    }
    assert stores.invoices.links(OTHER_COMPANY, DEAL) != ()
    assert stores.tokens.get(OTHER_COMPANY, TOKEN_SET) is not None


def fill(stores: Stores, company: CompanyId) -> None:
    """20 items: one of every kind, a link in three, a connection in three, a second deal with an intent."""
    stores.installations.save(installation(company=company))
    stores.installations.save(installation(2, company=company))
    stores.tokens.create(token_set(company=company), due_at=NOW)
    stores.connections.save(connection(company=company))
    stores.settings.save_company(company, company_settings())
    stores.settings.save_connection(company, CONNECTION, connection_settings())
    stores.links.link_customer(company, CONNECTION, "organization:7", CustomerLink(CustomerId("1"), "A"))
    stores.links.link_item(company, CONNECTION, ProductId(3), ItemId("1"), "A")
    stores.cache.put(company, "fields", "text", until=after(hours=1))
    begun = stores.invoices.begin(intent(company=company))
    stores.invoices.made(
        made(begun), link(company=company, invoice=invoice(balance=Decimal(5))), entry(), note_due_at=NOW
    )
    stores.invoices.begin(intent(company=company, deal=DEAL + 1))
    stores.erasure.plan(company, NOW)
