"""What only a table has: keys, schema versions, sizes, indexes, and DynamoDB's own refusals."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from duebill.domain.due import DueKind
from duebill.domain.ids import CompanyId, ConnectionId, IntentKey, ProductId, UserId
from duebill.domain.intent import IntentState
from duebill.errors import ConditionFailed, DraftRefused, DuebillError, InvalidRequest, TryLater
from duebill.storage import keys
from duebill.storage.codec import encode
from duebill.storage.connections import DynamoConnections
from duebill.storage.invoice_items import LARGEST_NEW_INTENT
from duebill.storage.keys import Key
from duebill.storage.table import Table
from duebill.storage.values import epoch_seconds, rfc3339
from tests.fakes.dynamo_stores import DynamoStores
from tests.fakes.still_clock import StillClock
from tests.fakes.stored_examples import (
    COMPANY,
    CONNECTION,
    DEAL,
    INVOICE,
    NOW,
    OTHER_COMPANY,
    after,
    connection,
    draft,
    entry,
    installation,
    intent,
    link,
    made,
    ticket,
    token_set,
)


def items(dynamo: DynamoStores) -> list[dict[str, Any]]:
    """Everything in the table: only a test may scan."""
    return dynamo.table.client.scan(TableName=dynamo.table.name, ConsistentRead=True)["Items"]


def filled(dynamo: DynamoStores, company: CompanyId = COMPANY) -> None:
    dynamo.installations.save(installation(company=company))
    dynamo.connections.save(connection(company=company))
    dynamo.tokens.create(token_set(company=company), due_at=NOW)
    begun = dynamo.invoices.begin(intent(company=company))
    dynamo.invoices.made(made(begun), link(company=company), entry(), note_due_at=NOW)
    dynamo.erasure.plan(company, NOW)


def change(dynamo: DynamoStores, key: Key, attribute: str, value: dict[str, str]) -> None:
    """Change an item behind the stores' back."""
    dynamo.table.client.update_item(
        TableName=dynamo.table.name,
        Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
        UpdateExpression="SET #attribute = :value",
        ExpressionAttributeNames={"#attribute": attribute},
        ExpressionAttributeValues={":value": value},
    )


def test_every_item_says_its_schema_version(dynamo: DynamoStores) -> None:
    filled(dynamo)
    dynamo.consents.put_ticket(ticket())
    assert len(items(dynamo)) == 12
    assert {item["v"]["N"] for item in items(dynamo)} == {"1"}


def test_an_item_of_the_version_before_is_read(dynamo: DynamoStores) -> None:
    dynamo.installations.save(installation())
    change(dynamo, keys.installation(COMPANY, UserId(1)), "v", {"N": "0"})
    assert dynamo.installations.get(COMPANY, UserId(1)) == installation()


def test_an_item_of_a_newer_version_is_refused_by_name(dynamo: DynamoStores) -> None:
    dynamo.installations.save(installation())
    change(dynamo, keys.installation(COMPANY, UserId(1)), "v", {"N": "2"})
    for read in (
        lambda: dynamo.installations.get(COMPANY, UserId(1)),
        lambda: dynamo.installations.of_company(COMPANY),
    ):
        with pytest.raises(DuebillError) as caught:
            read()
        assert caught.value.code == "unreadable_schema_version"


def test_a_field_that_this_code_does_not_know_yet_is_passed_over(dynamo: DynamoStores) -> None:
    dynamo.installations.save(installation())
    key = keys.installation(COMPANY, UserId(1))
    stored = dynamo.table.get(key)
    assert stored is not None
    change(dynamo, key, "doc", {"S": stored["doc"]["S"].replace("{", '{"from_the_future": 1, ', 1)})
    assert dynamo.installations.get(COMPANY, UserId(1)) == installation()


def test_an_erasure_leaves_not_one_item(dynamo: DynamoStores) -> None:
    filled(dynamo)
    before = {item["pk"]["S"] for item in items(dynamo)}
    assert f"TENANT#quickbooks#{connection().tenant.id}" in before
    assert dynamo.erasure.erase(COMPANY) == 11
    assert items(dynamo) == []


def test_an_erasure_that_is_cut_off_is_still_planned_and_finds_the_rest(dynamo: DynamoStores) -> None:
    filled(dynamo)
    for number in range(30):
        dynamo.invoices.begin(intent(f"key-{number}", deal=100 + number))
    client, calls = dynamo.table.client, 0

    def cut_off(**arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise EndpointConnectionError(endpoint_url="here")
        return type(client).batch_write_item(client, **arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "batch_write_item", cut_off)
        with pytest.raises(TryLater):
            dynamo.erasure.erase(COMPANY)
    assert 0 < len(items(dynamo)) < 70
    assert dynamo.erasure.is_due(COMPANY, NOW)
    dynamo.erasure.erase(COMPANY)
    assert items(dynamo) == []


def test_outside_the_companies_partitions_there_are_ids_alone(dynamo: DynamoStores) -> None:
    filled(dynamo)
    dynamo.consents.put_ticket(ticket())
    opened = ticket().opened(cookie_hash="c", state_hash=keys.digest("state"))
    dynamo.consents.change_ticket(opened)
    outside = [item for item in items(dynamo) if not item["pk"]["S"].startswith(f"C#{COMPANY}")]
    assert {frozenset(item) for item in outside} == {
        frozenset({"pk", "sk", "v"}),
        frozenset({"pk", "sk", "v", "sealed", "version", "ends", "expires"}),
        frozenset({"pk", "sk", "v", "sealed", "ends", "expires"}),
    }


def test_the_table_shows_neither_a_tickets_id_nor_its_content(dynamo: DynamoStores) -> None:
    dynamo.consents.put_ticket(ticket())
    state_hash = keys.digest("state-secret")
    dynamo.consents.change_ticket(ticket().opened(cookie_hash="cookie-hash", state_hash=state_hash))
    shown = repr(items(dynamo))
    for secret in ("ticket-1", "state-secret", state_hash, "cookie-hash", "Analytical Engines"):
        assert secret not in shown


def test_a_ticket_moved_under_another_id_does_not_open(dynamo: DynamoStores) -> None:
    dynamo.consents.put_ticket(ticket("mine"))
    stored = dynamo.table.get(keys.ticket("mine"))
    assert stored is not None
    yours = keys.ticket("yours")
    dynamo.table.client.put_item(
        TableName=dynamo.table.name, Item={**stored, "pk": {"S": yours.pk}, "sk": {"S": yours.sk}}
    )
    with pytest.raises(Exception, match=r"^$") as caught:
        dynamo.consents.ticket("yours", NOW)
    assert type(caught.value).__name__ == "InvalidTag"


def test_a_connection_that_was_moved_meanwhile_leaves_no_pointer_behind(
    dynamo: DynamoStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    dynamo.connections.save(connection(tenant="2"))
    monkeypatch.setattr(DynamoConnections, "get", lambda *arguments: connection(tenant="1"))
    with pytest.raises(ConditionFailed):
        dynamo.connections.save(connection(tenant="3"))
    assert {item["pk"]["S"] for item in items(dynamo)} == {f"C#{COMPANY}", "TENANT#quickbooks#2"}


def test_what_ends_says_so_to_the_table(dynamo: DynamoStores) -> None:
    filled(dynamo)
    dynamo.consents.put_ticket(ticket())
    dynamo.cache.put(COMPANY, "fields", "a", until=after(seconds=1))
    ends = {item["sk"]["S"].split("#")[0]: int(item["expires"]["N"]) for item in items(dynamo) if "expires" in item}
    assert ends == {
        "HISTORY": epoch_seconds(after(days=400)),
        "TICKET": epoch_seconds(after(minutes=10)),
        "CACHE": epoch_seconds(after(seconds=1)),
    }


def test_only_what_is_due_is_in_the_index(dynamo: DynamoStores) -> None:
    filled(dynamo)
    in_index = {item["sk"]["S"].split("#")[0] for item in items(dynamo) if "due_pk" in item}
    assert in_index == {"TOKENS", "LINK", "ERASURE", "REFRESH"}
    assert all(("due_pk" in item) == ("due_sk" in item) for item in items(dynamo))


def test_an_entry_of_the_index_that_lags_behind_is_not_claimed(dynamo: DynamoStores) -> None:
    dynamo.tokens.create(token_set(), due_at=NOW)
    key = keys.token_set(COMPANY, token_set().id)
    shard = keys.shard_of(key)
    stale = dynamo.table.due(keys.due_partition(DueKind.TOKEN, shard), keys.due_before(NOW), 10)
    dynamo.tokens.set_due(COMPANY, token_set().id, after(days=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Table, "due", lambda *arguments: stale)
        claimed = dynamo.due.claim(DueKind.TOKEN, shard, now=NOW, again_at=after(minutes=15), limit=10)
    assert claimed == ()


def test_an_intent_that_is_too_large_is_refused_before_anything_is_written(dynamo: DynamoStores) -> None:
    large = intent(draft=replace(draft(), memo="x" * LARGEST_NEW_INTENT))
    with pytest.raises(DraftRefused) as caught:
        dynamo.invoices.begin(large)
    assert caught.value.code == "draft_too_large"
    assert items(dynamo) == []


def test_an_intent_of_the_largest_draft_can_still_be_saved_with_every_attempt(dynamo: DynamoStores) -> None:
    steps = tuple(replace(intent().steps[0], line=number) for number in range(300))
    without_memo = intent(draft=replace(draft(300), memo=""), steps=steps)
    spare = LARGEST_NEW_INTENT - len(encode(without_memo).encode())
    begun = dynamo.invoices.begin(replace(without_memo, draft=replace(draft(300), memo="x" * spare)))
    tried = tuple(replace(step, attempts=step.attempts * 3) for step in begun.steps)
    assert dynamo.invoices.save(replace(begun, steps=tried, state=IntentState.UNKNOWN)).version == 2


def test_a_link_stays_small(dynamo: DynamoStores) -> None:
    filled(dynamo)
    stored = dynamo.table.get(keys.link(COMPANY, DEAL, CONNECTION, INVOICE))
    assert len(repr(stored)) < 2048


@pytest.mark.parametrize("bad", ["", "a#b", "x" * 256, "ä" * 128])
def test_an_id_can_neither_leave_its_part_of_a_key_nor_outgrow_it(bad: str) -> None:
    made_of: list[Callable[[], Key]] = [
        lambda: keys.intent(COMPANY, DEAL, IntentKey(bad)),
        lambda: keys.connection(COMPANY, ConnectionId(bad)),
        lambda: keys.item_link(COMPANY, ConnectionId(bad), ProductId(1)),
        lambda: keys.customer_link(COMPANY, CONNECTION, bad),
    ]
    for make in made_of:
        with pytest.raises(InvalidRequest):
            make()


def test_a_time_has_a_fixed_width_in_utc_and_seconds_are_rounded_up() -> None:
    assert rfc3339(NOW) == "2026-03-13T09:00:00.000000Z"
    assert epoch_seconds(NOW) == 1773392400
    assert epoch_seconds(after(microseconds=1)) == 1773392401
    with pytest.raises(ValueError, match="time zone"):
        rfc3339(NOW.replace(tzinfo=None))


def refusal(code: str, *reasons: str) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": ""},
        "CancellationReasons": [{"Code": each} for each in reasons],
    }
    return ClientError(response, "Any")


class Refusing:
    """A DynamoDB that fails a number of times, then works."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def get_item(self, **arguments: object) -> dict[str, Any]:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return {}

    def batch_write_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803  boto3's own name
        self.calls += 1
        return {"UnprocessedItems": {name: asked[1:] for name, asked in RequestItems.items() if asked[1:]}}

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803  boto3's own name
        self.calls += 1
        ((name, asked),) = RequestItems.items()
        first, *rest = asked["Keys"]
        return {
            "Responses": {name: [{**first, "v": {"N": "1"}}]},
            "UnprocessedKeys": {name: {"Keys": rest}} if rest else {},
        }


def table_of(client: Refusing, clock: StillClock) -> Table:
    return Table(client, "table", clock.sleep, lambda: 0.5)  # type: ignore[arg-type]  a stand-in


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refusal("ConditionalCheckFailedException"), ConditionFailed),
        (refusal("TransactionCanceledException", "None", "ConditionalCheckFailed"), ConditionFailed),
        (refusal("TransactionCanceledException", "TransactionConflict", "ConditionalCheckFailed"), ConditionFailed),
        (refusal("TransactionCanceledException", "ThrottlingError", "None"), TryLater),
        (refusal("ProvisionedThroughputExceededException"), TryLater),
        (refusal("InternalServerError"), TryLater),
        (ReadTimeoutError(endpoint_url="here"), TryLater),
        (EndpointConnectionError(endpoint_url="here"), TryLater),
        (refusal("ValidationException"), ClientError),
        (refusal("TransactionCanceledException", "None", "ValidationError"), ClientError),
        (refusal("AccessDeniedException"), ClientError),
    ],
)
def test_what_dynamodb_refuses_is_said_in_our_own_terms(
    error: Exception, expected: type[Exception], clock: StillClock
) -> None:
    client = Refusing(error)
    with pytest.raises(expected):
        table_of(client, clock).get(Key("a", "b"))
    assert client.calls == 1


def test_a_write_that_met_a_transaction_is_repeated_a_little_later(clock: StillClock) -> None:
    client = Refusing(
        refusal("TransactionConflictException"), refusal("TransactionCanceledException", "TransactionConflict")
    )
    assert table_of(client, clock).get(Key("a", "b")) is None
    assert clock.slept == [0.05, 0.1]


def test_a_write_that_keeps_meeting_transactions_is_for_later(clock: StillClock) -> None:
    client = Refusing(*[refusal("TransactionConflictException")] * 9)
    with pytest.raises(TryLater):
        table_of(client, clock).get(Key("a", "b"))
    assert client.calls == 4


def test_what_a_batch_left_over_is_asked_again(clock: StillClock) -> None:
    three = [Key("a", name) for name in "xyz"]
    client = Refusing()
    assert table_of(client, clock).delete_many(three) == 3
    assert client.calls == 3
    client = Refusing()
    assert len(table_of(client, clock).get_many([*three, three[0]])) == 3
    assert client.calls == 3


def test_a_batch_that_is_never_done_is_for_later(clock: StillClock) -> None:
    many = [Key("a", str(number)) for number in range(9)]
    with pytest.raises(TryLater):
        table_of(Refusing(), clock).delete_many(many)
    with pytest.raises(TryLater):
        table_of(Refusing(), clock).get_many(many)


def test_a_partition_longer_than_a_page_is_read_to_its_end(dynamo: DynamoStores) -> None:
    for number in range(5):
        dynamo.cache.put(COMPANY, f"text-{number}", "x" * 290 * 1024, until=after(hours=1))
    found = list(dynamo.table.query(keys.company_partition(COMPANY), "CACHE#"))
    assert len(found) == 5
    assert list(dynamo.table.query(keys.company_partition(OTHER_COMPANY))) == []


def test_claiming_work_loads_neither_models_nor_an_http_client() -> None:
    program = (
        "import sys, duebill.storage.due, duebill.storage.queue, duebill.storage.table\n"
        "print([name for name in ('pydantic', 'httpx', 'cryptography') if name in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": "shared"}
    )
    assert loaded.stdout.strip() == "[]"
