"""Many at once. moto lets several writers win (it holds no lock), so these run in memory and on DynamoDB Local."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from duebill.domain.due import SHARDS, DueKind
from duebill.errors import ConditionFailed
from sandbox.dynamodb_local import what_is_missing
from tests.fakes.memory_stores import Stores
from tests.fakes.stored_examples import (
    COMPANY,
    CONNECTION,
    DEAL,
    NOW,
    after,
    connection,
    entry,
    intent,
    link,
    made,
    token_set,
)

MANY = 12


HAS_DYNAMODB_LOCAL = "DYNAMODB_LOCAL_URL" in os.environ or what_is_missing() is None
KINDS = ["memory", *(["dynamodb-local"] if HAS_DYNAMODB_LOCAL else [])]
pytestmark = pytest.mark.parametrize("stores", KINDS, indirect=True)


def winners(attempt: Callable[[int], object]) -> list[int]:
    """Who of many that begin at once did not lose."""

    def wins(number: int) -> bool:
        try:
            attempt(number)
        except ConditionFailed:
            return False
        return True

    with ThreadPoolExecutor(MANY) as pool:
        return [number for number, won in enumerate(pool.map(wins, range(MANY))) if won]


def test_one_of_many_takes_the_lease(stores: Stores) -> None:
    stores.tokens.create(token_set(), due_at=NOW)
    until, due_at = NOW + timedelta(seconds=30), NOW + timedelta(seconds=60)
    won = winners(lambda n: stores.tokens.take_lease(token_set(), owner=str(n), until=until, now=NOW, due_at=due_at))
    assert len(won) == 1
    stored = stores.tokens.get(COMPANY, token_set().id)
    assert stored is not None
    assert stored.lease_owner == str(won[0])


def test_one_of_many_answers_is_stored(stores: Stores) -> None:
    stores.tokens.create(token_set(), due_at=NOW)
    won = winners(
        lambda n: stores.tokens.store_grant(token_set(access_token=str(n)), expected_version=1, due_at=after(days=1))
    )
    assert len(won) == 1
    stored = stores.tokens.get(COMPANY, token_set().id)
    assert stored is not None
    assert (stored.access_token, stored.version) == (str(won[0]), 2)


def test_one_of_many_who_invoice_a_deal_at_once_begins(stores: Stores) -> None:
    won = winners(lambda n: stores.invoices.begin(intent(f"key-{n}")))
    assert len(won) == 1
    assert [each.key for each in stores.invoices.intents(COMPANY, DEAL)] == [f"key-{won[0]}"]
    assert stores.invoices.deal(COMPANY, DEAL).version == 1


def test_one_of_many_workers_makes_the_invoice(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    won = winners(lambda n: stores.invoices.made(made(begun), link(str(n)), entry(), note_due_at=None))
    assert len(won) == 1
    assert [each.invoice.id for each in stores.invoices.links(COMPANY, DEAL)] == [str(won[0])]


def test_invoices_of_one_deal_that_are_linked_at_once_are_all_counted(stores: Stores) -> None:
    won = winners(lambda n: stores.invoices.save_link(link(str(n)), due_at=None))
    linked = stores.invoices.links(COMPANY, DEAL)
    assert sorted(int(each.invoice.id) for each in linked) == won
    assert stores.invoices.deal(COMPANY, DEAL).version == len(won)


def test_work_is_claimed_once(stores: Stores) -> None:
    for number in range(20):
        stores.tokens.create(token_set(id=f"set-{number}"), due_at=NOW)
    claimed: list[object] = []

    def claim(_: int) -> None:
        for shard in range(SHARDS):
            claimed.extend(stores.due.claim(DueKind.TOKEN, shard, now=NOW, again_at=after(minutes=15), limit=100))

    winners(claim)
    assert len(claimed) == len(set(claimed)) == 20


def test_a_connection_that_many_move_keeps_one_pointer(stores: Stores) -> None:
    stores.connections.save(connection())
    winners(lambda n: stores.connections.save(connection(tenant=str(n))))
    stored = stores.connections.get(COMPANY, CONNECTION)
    assert stored is not None
    tenants = [replace(stored.tenant, id=str(n)).id for n in range(MANY)] + [connection().tenant.id]
    pointed = [tenant for tenant in tenants if stores.connections.of_tenant(stored.provider, tenant)]
    assert pointed == [stored.tenant.id]
