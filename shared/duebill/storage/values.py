"""Attribute values as DynamoDB's wire has them, and how ours become them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Value = "AttributeValueTypeDef"
type Item = dict[str, "AttributeValueTypeDef"]


def text(value: str) -> Value:
    """A string."""
    return {"S": value}


def number(value: int) -> Value:
    """A whole number; money never goes into an attribute of its own."""
    return {"N": str(value)}


def binary(value: bytes) -> Value:
    """Bytes."""
    return {"B": value}


def words(*values: str) -> Value:
    """A set of strings."""
    return {"SS": list(values)}


def moment(value: datetime) -> Value:
    """A time as text whose order is the order of time."""
    return text(rfc3339(value))


def without_none(**values: Value | None) -> Item:
    """The attributes that have a value: DynamoDB's conditions tell absent from empty."""
    return {name: value for name, value in values.items() if value is not None}


def read_text(item: Item, name: str) -> str:
    """A string attribute. Raises KeyError."""
    return item[name]["S"]


def read_optional_text(item: Item, name: str) -> str | None:
    """A string attribute, or None."""
    return item[name]["S"] if name in item else None


def read_number(item: Item, name: str) -> int:
    """A whole number. Raises KeyError."""
    return int(item[name]["N"])


def read_binary(item: Item, name: str) -> bytes:
    """Bytes. Raises KeyError."""
    return bytes(item[name]["B"])


def read_words(item: Item, name: str) -> tuple[str, ...]:
    """A set of strings in their order, empty where there is none."""
    return tuple(sorted(item[name]["SS"])) if name in item else ()


def read_moment(item: Item, name: str) -> datetime:
    """A time. Raises KeyError."""
    return datetime.fromisoformat(read_text(item, name))


def read_optional_moment(item: Item, name: str) -> datetime | None:
    """A time, or None."""
    return read_moment(item, name) if name in item else None


def rfc3339(value: datetime) -> str:
    """A time in UTC with microseconds, always 27 characters. Raises ValueError for one without a time zone."""
    if value.tzinfo is None:
        raise ValueError("a time without a time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def epoch_seconds(value: datetime) -> int:
    """The first whole second that is not before `value`: what DynamoDB's time to live reads."""
    return int(-(-value.timestamp() // 1))
