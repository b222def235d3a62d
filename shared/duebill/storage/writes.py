"""What can be written to the table, each as a value that is sent alone or within a transaction.

Expressions name every attribute with a leading `#`, so that no reserved word of DynamoDB ever matters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from duebill.storage.keys import Key
from duebill.storage.values import Item, Value, number, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_NAME = re.compile(r"#(\w+)")


@dataclass(frozen=True, slots=True)
class When:
    """A condition on the item as it is stored now."""

    expression: str
    values: Mapping[str, Value] = field(default_factory=dict)


ALWAYS = When("")
ABSENT = When("attribute_not_exists(#pk)")
PRESENT = When("attribute_exists(#pk)")


def at_version(version: int) -> When:
    """Nobody wrote since the item was read at this version."""
    return When("#version = :expected_version", {":expected_version": number(version)})


@dataclass(frozen=True, slots=True)
class Put:
    """Write an item whole."""

    key: Key
    attributes: Item
    when: When = ALWAYS

    def stamped(self, version: int) -> "Put":
        """The same with its schema version."""
        return replace(self, attributes={**self.attributes, "v": number(version)})

    def send(self, client: "DynamoDBClient", table: str) -> object:
        """Do it alone."""
        return client.put_item(**self._arguments(table))

    def in_transaction(self, table: str) -> dict[str, Any]:
        """As an action of a transaction."""
        return {"Put": self._arguments(table)}

    def _arguments(self, table: str) -> dict[str, Any]:
        item = {**self.attributes, "pk": text(self.key.pk), "sk": text(self.key.sk)}
        return {"TableName": table, "Item": item, **_conditional(self.when)}


@dataclass(frozen=True, slots=True)
class Update:
    """Change attributes of an item, or make the item of them."""

    key: Key
    changes: str
    values: Mapping[str, Value] = field(default_factory=dict)
    when: When = PRESENT

    def stamped(self, version: int) -> "Update":
        """The same: an update that can make an item says `v` itself, others leave it as it was written."""
        return replace(self, values={**self.values, ":v": number(version)}) if ":v" in self.changes else self

    def send(self, client: "DynamoDBClient", table: str) -> Any:  # noqa: ANN401  botocore's own answer
        """Do it alone; answers the item as it is then."""
        return client.update_item(**self._arguments(table), ReturnValues="ALL_NEW")

    def in_transaction(self, table: str) -> dict[str, Any]:
        """As an action of a transaction."""
        return {"Update": self._arguments(table)}

    def _arguments(self, table: str) -> dict[str, Any]:
        arguments = _conditional(self.when, self.changes, self.values)
        return {"TableName": table, "Key": _wire(self.key), "UpdateExpression": self.changes, **arguments}


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete an item; none is no error unless a condition says so."""

    key: Key
    when: When = ALWAYS

    def stamped(self, version: int) -> "Delete":  # noqa: ARG002  the same for every action
        """The same."""
        return self

    def send(self, client: "DynamoDBClient", table: str) -> object:
        """Do it alone."""
        return client.delete_item(**self._arguments(table))

    def in_transaction(self, table: str) -> dict[str, Any]:
        """As an action of a transaction."""
        return {"Delete": self._arguments(table)}

    def _arguments(self, table: str) -> dict[str, Any]:
        return {"TableName": table, "Key": _wire(self.key), **_conditional(self.when)}


type Action = Put | Update | Delete


def _wire(key: Key) -> Item:
    return {"pk": text(key.pk), "sk": text(key.sk)}


def _conditional(when: When, changes: str = "", values: Mapping[str, Value] | None = None) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if when.expression:
        arguments["ConditionExpression"] = when.expression
    if names := set(_NAME.findall(when.expression + " " + changes)):
        arguments["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
    if together := {**when.values, **(values or {})}:
        arguments["ExpressionAttributeValues"] = together
    return arguments
