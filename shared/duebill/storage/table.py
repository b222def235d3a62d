"""The one table: its few operations, with its failures in our own terms.

Reads that anything is decided by are consistent. Every item carries its schema version `v`: it is stamped on write and
checked on read here, so that no store can forget it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Any

from duebill.errors import DuebillError, TryLater
from duebill.storage.failures import Conflict, translated
from duebill.storage.keys import Key
from duebill.storage.values import Item, read_number, read_text, text
from duebill.storage.writes import Action, Update

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SCHEMA_VERSION = 1
DUE_INDEX = "due"

_TRIES = 4
_BACKOFF_SECONDS = 0.05
_MOST_ACTIONS = 10  # of a transaction: what DynamoDB Local takes; ours need fewer
_MOST_DELETES = 25  # of one BatchWriteItem
_MOST_READS = 100  # of one BatchGetItem


@dataclass(frozen=True, slots=True)
class Table:
    """A table and how to wait. `jitter` gives a number from 0 to 1.

    All methods raise TryLater when DynamoDB cannot serve now, and botocore's ClientError for what is a bug of ours.
    """

    client: "DynamoDBClient" = field(repr=False)
    name: str
    sleep: Callable[[float], None] = field(repr=False)
    jitter: Callable[[], float] = field(repr=False)

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        """One item, or None."""
        answer = self._patiently(self.client.get_item, TableName=self.name, Key=_wire(key), ConsistentRead=consistent)
        return _checked(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Iterable[Key]) -> list[Item]:
        """Those of these items that exist, in no order."""
        found: list[Item] = []
        for some in batched(dict.fromkeys(keys), _MOST_READS, strict=False):
            found.extend(map(_checked, self._get_batch(some)))
        return found

    def query(self, pk: str, prefix: str = "", *, newest_first: bool = False) -> Iterator[Item]:
        """The items of a partition whose sort key begins with `prefix`, in the order of their sort keys."""
        for item in self._pages(pk, prefix, ScanIndexForward=not newest_first):
            yield _checked(item)

    def skeletons(self, pk: str, *attributes: str) -> Iterator[Item]:
        """The keys of everything in a partition, and these attributes of it: costs reads, but sends little."""
        named = ("pk", "sk", *attributes)
        yield from self._pages(
            pk,
            "",
            ProjectionExpression=",".join(f"#{name}" for name in named),
            ExpressionAttributeNames={f"#{name}": name for name in named},
        )

    def due(self, partition: str, before: str, limit: int) -> list[Item]:
        """Keys and place of what is due in one shard, the longest due first. The index may lag behind the items."""
        answer = self._patiently(
            self.client.query,
            TableName=self.name,
            IndexName=DUE_INDEX,
            KeyConditionExpression="due_pk = :pk AND due_sk < :before",
            ExpressionAttributeValues={":pk": text(partition), ":before": text(before)},
            Limit=limit,
        )
        return answer["Items"]

    def write(self, *actions: Action) -> None:
        """Do one action, or several in one transaction. Raises ConditionFailed; then nothing was written."""
        if len(actions) > _MOST_ACTIONS:
            raise ValueError(f"a transaction of {len(actions)} actions")
        stamped = [action.stamped(SCHEMA_VERSION) for action in actions]
        if len(stamped) == 1:
            self._patiently(stamped[0].send, self.client, self.name)
        else:
            together: Any = [action.in_transaction(self.name) for action in stamped]
            self._patiently(self.client.transact_write_items, TransactItems=together)

    def update(self, update: Update) -> Item:
        """Do an update; the item as it is now. Raises ConditionFailed."""
        return _checked(self._patiently(update.stamped(SCHEMA_VERSION).send, self.client, self.name)["Attributes"])

    def delete_many(self, keys: Iterable[Key]) -> int:
        """Delete items without any condition; in this order; how many were asked for."""
        count = 0
        for some in batched(dict.fromkeys(keys), _MOST_DELETES, strict=False):  # a batch may name an item but once
            self._delete_batch(some)
            count += len(some)
        return count

    def _get_batch(self, keys: Sequence[Key]) -> Iterator[Item]:
        asked: Any = {self.name: {"Keys": [_wire(key) for key in keys], "ConsistentRead": True}}
        for attempt in range(_TRIES):
            answer = self._patiently(self.client.batch_get_item, RequestItems=asked)
            yield from answer["Responses"].get(self.name, ())
            asked = answer["UnprocessedKeys"]
            if not asked:
                return
            self._wait(attempt)
        raise TryLater("Our own storage is busy. Please try again in a moment.", retry_after=2)

    def _delete_batch(self, keys: Sequence[Key]) -> None:
        asked: Any = {self.name: [{"DeleteRequest": {"Key": _wire(key)}} for key in keys]}
        for attempt in range(_TRIES):
            asked = self._patiently(self.client.batch_write_item, RequestItems=asked)["UnprocessedItems"]
            if not asked:
                return
            self._wait(attempt)
        raise TryLater("Our own storage is busy. Please try again in a moment.", retry_after=2)

    def _pages(self, pk: str, prefix: str, **more: Any) -> Iterator[Item]:  # noqa: ANN401  botocore's own arguments
        condition, values = "pk = :pk", {":pk": text(pk)}
        if prefix:
            condition, values = "pk = :pk AND begins_with(sk, :prefix)", values | {":prefix": text(prefix)}
        while True:
            answer = self._patiently(
                self.client.query,
                TableName=self.name,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=values,
                ConsistentRead=True,
                **more,
            )
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            more = {**more, "ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _patiently[**P, T](self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Call; again, a little later, where two writers met without either winning."""
        for attempt in range(_TRIES):
            try:
                with translated():
                    return call(*arguments, **named)
            except Conflict:
                self._wait(attempt)
        raise TryLater("Somebody else was changing the same thing. Please try again.", retry_after=1)

    def _wait(self, attempt: int) -> None:
        self.sleep(_BACKOFF_SECONDS * 2**attempt * (0.5 + self.jitter()))


def key_of(item: Item) -> Key:
    """The full key of an item."""
    return Key(read_text(item, "pk"), read_text(item, "sk"))


def create_table(client: "DynamoDBClient", name: str) -> None:
    """Make the table as `template.yaml` defines it, for tests and the sandbox."""
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in ("pk", "sk", "due_pk", "due_sk")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": DUE_INDEX,
                "KeySchema": [
                    {"AttributeName": "due_pk", "KeyType": "HASH"},
                    {"AttributeName": "due_sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )


def _wire(key: Key) -> Item:
    return {"pk": text(key.pk), "sk": text(key.sk)}


def _checked(item: Item) -> Item:
    """The item, if this code can read it: its own schema version or the one before."""
    version = read_number(item, "v")
    if not SCHEMA_VERSION - 1 <= version <= SCHEMA_VERSION:
        raise DuebillError(
            "This was written by a newer version of the app. Please try again in a few minutes.",
            code="unreadable_schema_version",
            values={"found": str(version), "readable": str(SCHEMA_VERSION)},
        )
    return item
