"""What every limiter does, in memory and on the table; and what only the table's has."""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from duebill.domain.connection import Provider
from duebill.domain.ids import CompanyId, TenantId
from duebill.domain.limits import Ask, Asker, BooksLimit, CrmLimit, DayLeft, Limited, Window
from duebill.errors import TryLater
from duebill.providers.quickbooks.limits import BATCHES, CALLS
from duebill.storage.limiter import DynamoLimiter
from duebill.storage.taking import NAMES
from sandbox.dynamodb_local import what_is_missing
from tests.fakes.dynamo_stores import DynamoStores
from tests.fakes.memory_stores import Stores

NOW = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
BOOKS = BooksLimit(Provider.QUICKBOOKS, TenantId("4620816365"))
CRM = CrmLimit(CompanyId(7))
ONE = Ask((CALLS,))
READ = Ask((CALLS,), month_budget=500)
BATCH = Ask((CALLS, BATCHES))
PERSON, MACHINE = Asker.PERSON, Asker.MACHINE
KINDS = ["memory", *(["dynamodb-local"] if "DYNAMODB_LOCAL_URL" in os.environ or what_is_missing() is None else [])]


def seconds(span: float) -> datetime:
    return NOW + timedelta(seconds=span)


def granted(stores: Stores | DynamoStores, ask: Ask, at: datetime, times: int, asker: Asker = PERSON) -> int:
    return sum(stores.limiter.take(BOOKS, ask, asker, at).is_granted for _ in range(times))


def test_a_window_holds_its_calls_and_the_next_but_one_as_many_again(stores: Stores) -> None:
    assert granted(stores, ONE, NOW, 14) == 10
    refused = stores.limiter.take(BOOKS, ONE, PERSON, seconds(0.5))
    assert refused.wait == pytest.approx(1.5)
    assert granted(stores, ONE, seconds(1), 3) == 0
    assert granted(stores, ONE, seconds(2), 14) == 10


def test_what_the_window_before_left_may_be_used(stores: Stores) -> None:
    assert granted(stores, ONE, NOW, 4) == 4
    assert granted(stores, ONE, seconds(1), 14) == 6


def test_a_count_starts_anew_after_any_pause(stores: Stores) -> None:
    at = NOW
    for pause in (2, 3, NAMES, 2 * NAMES, 5 * NAMES, 7, NAMES - 1, NAMES + 1, 86_400):
        assert granted(stores, ONE, at, 11) == 10
        at += timedelta(seconds=pause)


def test_tenants_share_nothing(stores: Stores) -> None:
    others: list[Limited] = [replace(BOOKS, tenant=TenantId("1")), CRM, CrmLimit(CompanyId(4620816365))]
    assert granted(stores, ONE, NOW, 11) == 10
    assert all(stores.limiter.take(other, ONE, PERSON, NOW).is_granted for other in others)


def test_batches_are_calls_that_have_a_limit_of_their_own_too(stores: Stores) -> None:
    at = [seconds(step * 2) for step in range(8)]
    assert sum(granted(stores, BATCH, each, 8) for each in at) == 40
    assert granted(stores, ONE, seconds(20), 3) == 3
    assert stores.limiter.take(BOOKS, BATCH, PERSON, seconds(22)).wait == pytest.approx(98)
    assert granted(stores, BATCH, seconds(120), 1) == 1


def test_nobody_is_let_into_a_window_that_is_over_for_others(stores: Stores) -> None:
    assert granted(stores, ONE, seconds(1), 10) == 10
    late = stores.limiter.take(BOOKS, ONE, PERSON, seconds(0.99))
    assert late.wait == pytest.approx(0.01)


def test_a_refused_call_uses_up_nothing(stores: Stores) -> None:
    assert granted(stores, BATCH, NOW, 20) == 10
    assert sum(granted(stores, BATCH, seconds(2 * step), 20) for step in (1, 2, 3)) == 30


def test_machines_leave_the_rest_to_people(stores: Stores) -> None:
    assert granted(stores, ONE, NOW, 20, MACHINE) == CALLS.for_machines
    assert granted(stores, ONE, NOW, 20) == CALLS.most - CALLS.for_machines


def test_nobody_asks_while_held_and_the_longer_hold_stands(stores: Stores) -> None:
    stores.limiter.hold(BOOKS, seconds(60))
    stores.limiter.hold(BOOKS, seconds(30))
    assert stores.limiter.take(BOOKS, ONE, PERSON, seconds(1)).wait == 59
    assert stores.limiter.take(BOOKS, ONE, MACHINE, seconds(59)).wait == 1
    assert stores.limiter.take(CRM, ONE, PERSON, seconds(1)).is_granted
    assert stores.limiter.take(BOOKS, ONE, PERSON, seconds(60)).is_granted


def day(left: int, at: datetime) -> DayLeft:
    return DayLeft(left, 3000, 20, at)


def test_a_poor_day_is_for_people_and_a_spent_one_for_nobody_until_it_is_tried_again(stores: Stores) -> None:
    stores.limiter.note_day(CRM, day(2999, NOW))
    assert stores.limiter.take(CRM, ONE, MACHINE, seconds(60)).wait == 3540
    known = stores.limiter.take(CRM, ONE, PERSON, seconds(60))
    assert known.is_granted
    assert known.day == day(2999, NOW)
    stores.limiter.note_day(CRM, day(19, seconds(61)))
    assert stores.limiter.take(CRM, ONE, PERSON, seconds(62)).wait == 899
    assert stores.limiter.take(CRM, ONE, PERSON, seconds(61 + 900)).is_granted
    stores.limiter.note_day(CRM, day(30_000, seconds(962)))
    assert stores.limiter.take(CRM, ONE, MACHINE, seconds(963)).is_granted


def test_an_older_answer_says_nothing_new_about_the_day(stores: Stores) -> None:
    stores.limiter.note_day(CRM, day(10, seconds(5)))
    stores.limiter.note_day(CRM, day(30_000, NOW))
    assert not stores.limiter.take(CRM, ONE, PERSON, seconds(6)).is_granted


def test_the_table_decides_as_the_arithmetic_does(stores: DynamoStores) -> None:
    """The same calls at the same moments, on the store in question and in memory."""
    random, model = Random(4), Stores().limiter  # noqa: S311  the same cases each time, no secrets
    small = Window("s", 2, 5, 3)
    asks = [Ask((small,)), Ask((small, Window("b", 5, 9, 4)))]
    at = NOW
    for _ in range(150):
        at += timedelta(seconds=random.choice([0, 0, 0.25, 0.5, 1, 1, 2, 3, 26, 65, 130]))
        ask, asker = random.choice(asks), random.choice([PERSON, PERSON, MACHINE])
        if random.random() < 0.03:
            until, left = at + timedelta(seconds=random.randint(1, 5)), random.choice([5, 500, 5000])
            for limiter in (model, stores.limiter):
                limiter.hold(BOOKS, until)
                limiter.note_day(BOOKS, day(left, at))
        assert stores.limiter.take(BOOKS, ask, asker, at) == model.take(BOOKS, ask, asker, at)


@pytest.mark.parametrize("stores", KINDS, indirect=True)
def test_200_who_ask_at_once_never_get_more_than_the_window_holds(stores: Stores) -> None:
    def ask(turn: int) -> Asker | None:
        asker = MACHINE if turn % 2 else PERSON
        at = seconds(turn // 100 * 2)  # the first hundred in one second, the second two later
        return asker if stores.limiter.take(BOOKS, BATCH, asker, at).is_granted else None

    with ThreadPoolExecutor(10) as pool:
        first = Counter(pool.map(ask, range(100)))
        second = Counter(pool.map(ask, range(100, 200)))
    for got in (first, second):
        assert got[PERSON] + got[MACHINE] == 10
        assert got[MACHINE] <= CALLS.for_machines


# --- the month, and what only the table has ------------------------------------------------------------------------


def item_of(dynamo: DynamoStores, pk: str) -> dict[str, Any]:
    found = [row for row in rows(dynamo) if row["pk"]["S"] == pk]
    assert len(found) == 1
    return found[0]


def rows(dynamo: DynamoStores) -> list[dict[str, Any]]:
    return dynamo.table.client.scan(TableName=dynamo.table.name, ConsistentRead=True)["Items"]


class Writes:
    """Counts what a client is asked to do."""

    def __init__(self, client: Any, fail: Exception | None = None) -> None:  # noqa: ANN401  botocore's client
        self._client = client
        self.fail = fail
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  any of the client's methods
        def call(**arguments: object) -> object:
            self.calls[name] += 1
            if self.fail:
                raise self.fail
            return getattr(self._client, name)(**arguments)

        return call


def watched(dynamo: DynamoStores, fail: Exception | None = None) -> tuple[DynamoLimiter, Writes]:
    client: Any = Writes(dynamo.table.client, fail)
    return DynamoLimiter(replace(dynamo.table, client=client), {}, {}), client


def test_a_call_costs_one_write_granted_or_refused(dynamo: DynamoStores) -> None:
    limiter, writes = watched(dynamo)
    for turn in range(40):
        limiter.take(BOOKS, BATCH, PERSON, seconds(turn // 15))
    assert writes.calls == {"update_item": 40}


def test_only_a_name_that_was_last_used_a_round_ago_costs_a_second_write(dynamo: DynamoStores) -> None:
    limiter, writes = watched(dynamo)
    limiter.take(BOOKS, ONE, PERSON, NOW)
    writes.calls.clear()
    limiter.take(BOOKS, ONE, PERSON, seconds(4 * NAMES))
    limiter.take(BOOKS, ONE, PERSON, seconds(4 * NAMES))
    assert writes.calls == {"update_item": 3}


def test_pauses_of_other_lengths_cost_no_second_write(dynamo: DynamoStores) -> None:
    limiter, writes = watched(dynamo)
    for pause in range(1, 2 * NAMES, 3):
        if pause % NAMES:
            writes.calls.clear()
            tenant = replace(BOOKS, tenant=TenantId(str(pause)))
            limiter.take(tenant, ONE, PERSON, NOW)
            limiter.take(tenant, ONE, PERSON, seconds(pause))
            assert writes.calls == {"update_item": 2}


def test_an_item_stays_small_and_ends_by_itself(dynamo: DynamoStores) -> None:
    for turn in range(30):
        dynamo.limiter.take(BOOKS, replace(BATCH, month_budget=500), PERSON, seconds(turn * 17))
    item = item_of(dynamo, "LIMIT#quickbooks#4620816365")
    assert len(item) <= 6 + 10
    assert item["v"] == {"N": "1"}
    assert int(item["expires"]["N"]) == seconds(29 * 17).timestamp() + 40 * 86_400


def test_books_are_counted_outside_the_companies_and_hold_numbers_alone(dynamo: DynamoStores) -> None:
    dynamo.limiter.take(BOOKS, READ, PERSON, NOW)
    dynamo.limiter.hold(BOOKS, NOW)
    dynamo.limiter.take(CRM, ONE, PERSON, NOW)
    dynamo.limiter.note_day(CRM, day(1, NOW))
    assert {(row["pk"]["S"], row["sk"]["S"]) for row in rows(dynamo)} == {
        ("LIMIT#quickbooks#4620816365", "LIMIT"),
        ("C#7", "LIMIT"),
    }
    texts = {name for row in rows(dynamo) for name, value in row.items() if "N" not in value}
    assert texts == {"pk", "sk", "held_until", "day_at"}


def test_the_apps_month_moves_by_blocks_and_counts_reads_alone(dynamo: DynamoStores) -> None:
    limiter, writes = watched(dynamo)
    for turn in range(120):
        limiter.take(BOOKS, ONE if turn % 6 == 0 else READ, PERSON, seconds(turn))
    used = int(item_of(dynamo, "LIMIT#quickbooks")["used"]["N"])
    assert used % 50 == 0
    assert abs(used - 100) <= 50
    assert writes.calls == {"update_item": 120 + used // 50}
    assert item_of(dynamo, "LIMIT#quickbooks#4620816365")["reads_202603"] == {"N": "100"}


def test_a_new_month_is_counted_anew_and_the_old_one_forgotten(dynamo: DynamoStores) -> None:
    dynamo.limiter.take(BOOKS, READ, PERSON, NOW)
    dynamo.limiter.take(BOOKS, READ, PERSON, NOW + timedelta(days=20))
    item = item_of(dynamo, "LIMIT#quickbooks#4620816365")
    assert [name for name in item if name.startswith("reads")] == ["reads_202604"]
    assert dynamo.limiter.reads_used(Provider.QUICKBOOKS, NOW + timedelta(days=20)) == 0


def month(dynamo: DynamoStores, used: int) -> None:
    dynamo.table.client.put_item(
        TableName=dynamo.table.name,
        Item={"pk": {"S": "LIMIT#quickbooks"}, "sk": {"S": "MONTH#202603"}, "used": {"N": str(used)}, "v": {"N": "1"}},
    )


@pytest.mark.parametrize(("used", "wait"), [(474, 0.0), (475, 3600.0)])
def test_from_95_percent_of_the_month_on_only_people_read(dynamo: DynamoStores, used: int, wait: float) -> None:
    month(dynamo, used)
    assert dynamo.limiter.take(BOOKS, READ, MACHINE, NOW).wait == wait
    assert dynamo.limiter.take(BOOKS, ONE, MACHINE, NOW).is_granted, "writes are free"
    assert dynamo.limiter.take(BOOKS, READ, PERSON, NOW).is_granted


def test_what_is_known_of_the_month_is_asked_again_after_five_minutes(dynamo: DynamoStores) -> None:
    limiter, writes = watched(dynamo)
    month(dynamo, 100)
    assert limiter.reads_used(Provider.QUICKBOOKS, NOW) == 100
    month(dynamo, 475)
    assert limiter.take(BOOKS, READ, MACHINE, seconds(299)).is_granted
    assert writes.calls == {"get_item": 1, "update_item": 1}
    assert not limiter.take(BOOKS, READ, MACHINE, seconds(300)).is_granted
    assert writes.calls == {"get_item": 2, "update_item": 1}


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url="here"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "UpdateItem"),
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "UpdateItem"),
        ClientError({"Error": {"Code": "TransactionConflictException", "Message": ""}}, "UpdateItem"),
    ],
)
def test_whatever_keeps_the_table_from_answering_is_try_later(dynamo: DynamoStores, error: Exception) -> None:
    limiter, _ = watched(dynamo, error)
    for attempt in (
        lambda: limiter.take(BOOKS, READ, PERSON, NOW),
        lambda: limiter.take(BOOKS, READ, MACHINE, NOW),
        lambda: limiter.hold(BOOKS, NOW),
        lambda: limiter.note_day(BOOKS, day(1, NOW)),
    ):
        with pytest.raises(TryLater):
            attempt()


# --- the window of the whole app ---

XERO = [BooksLimit(Provider.XERO, TenantId(f"tenant-{number}")) for number in range(4)]
OF_THE_APP = Ask((), app=Window("a", seconds=60, most=200, for_machines=120))
MINUTE = NOW.replace(second=0, microsecond=0)


def of_the_app(stores: Stores | DynamoStores, at: datetime, times: int, asker: Asker = PERSON) -> int:
    """Calls that are granted, for one tenant after the other."""
    takes = (stores.limiter.take(XERO[call % len(XERO)], OF_THE_APP, asker, at) for call in range(times))
    return sum(permit.is_granted for permit in takes)


def test_all_tenants_share_the_apps_window(stores: Stores) -> None:
    assert of_the_app(stores, MINUTE, 230) == 200
    refused = stores.limiter.take(XERO[0], OF_THE_APP, PERSON, MINUTE)
    assert refused.wait == pytest.approx(120), "the next minute holds what this one left"
    assert of_the_app(stores, MINUTE + timedelta(seconds=60), 5) == 0
    assert of_the_app(stores, MINUTE + timedelta(seconds=120), 5) == 5


def test_machines_leave_some_of_the_apps_window_to_people(stores: Stores) -> None:
    by_machines = of_the_app(stores, MINUTE, 200, MACHINE)
    assert 120 <= by_machines <= 150, "a block that was begun may be used up"
    assert of_the_app(stores, MINUTE, 200) == 200 - by_machines


def test_the_app_rests_when_an_answer_says_so(stores: Stores) -> None:
    assert of_the_app(stores, MINUTE, 3) == 3
    stores.limiter.hold_app(Provider.XERO, MINUTE + timedelta(seconds=30))
    stores.limiter.hold_app(Provider.XERO, MINUTE + timedelta(seconds=10))
    refused = stores.limiter.take(XERO[1], OF_THE_APP, PERSON, MINUTE + timedelta(seconds=20))
    assert refused.wait == pytest.approx(10)
    assert stores.limiter.take(BOOKS, ONE, PERSON, MINUTE + timedelta(seconds=20)).is_granted, "another provider's"
    assert of_the_app(stores, MINUTE + timedelta(seconds=30), 3) == 3


def test_the_apps_window_costs_one_write_for_fifty_calls(dynamo: DynamoStores) -> None:
    limiter, writes = watched(dynamo)
    for call in range(100):
        limiter.take(XERO[call % 4], OF_THE_APP, PERSON, MINUTE)
    assert writes.calls == {"update_item": 100 + 2, "get_item": 2}


def test_containers_with_blocks_of_their_own_never_pass_the_apps_window_together(dynamo: DynamoStores) -> None:
    containers = [replace(dynamo.limiter, blocks={}) for _ in range(7)]
    granted = sum(containers[call % 7].take(XERO[0], OF_THE_APP, PERSON, MINUTE).is_granted for call in range(1000))
    assert granted == 200, "four containers have a block each, the others wait"


def test_a_block_is_not_taken_twice_though_two_containers_read_the_same(dynamo: DynamoStores) -> None:
    of_the_app(dynamo, MINUTE, 1)
    other = replace(dynamo.limiter, blocks={})
    client: Any = Overtaken(dynamo.table.client, lambda: other.take(XERO[1], OF_THE_APP, PERSON, MINUTE))
    slow = DynamoLimiter(replace(dynamo.table, client=client), {}, {})
    assert slow.take(XERO[2], OF_THE_APP, PERSON, MINUTE).is_granted
    [item] = [row for row in rows(dynamo) if row["sk"]["S"] == "APP"]
    assert item["taken"]["N"] == "150"


class Overtaken:
    """A client that reads once, and then somebody else writes before it does."""

    def __init__(self, client: Any, meanwhile: Callable[[], object]) -> None:  # noqa: ANN401  botocore's client
        self._client = client
        self._meanwhile: list[Callable[[], object]] = [meanwhile]

    def get_item(self, **arguments: object) -> object:
        found = self._client.get_item(**arguments)
        while self._meanwhile:
            self._meanwhile.pop()()
        return found

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  any of the client's methods
        return getattr(self._client, name)
