"""Domain objects as JSON text, by their type hints. Decimals are written as texts, so every digit survives."""

from collections.abc import Hashable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pydantic import TypeAdapter

from duebill.storage.values import Item, Value, read_text, text


def document(value: object) -> Value:
    """A domain object as the attribute `doc`."""
    return text(encode(value))


def read_document[T](item: Item, kind: type[T]) -> T:
    """The domain object in the attribute `doc`. Raises pydantic's ValidationError for one that is broken."""
    return decode(read_text(item, "doc"), kind)


def encode(value: object) -> str:
    """A domain object as JSON text."""
    return _adapter(cast("Hashable", type(value))).dump_json(value).decode()


def decode[T](content: str, kind: type[T]) -> T:
    """The domain object that `encode` wrote. Fields that this code does not know are passed over."""
    return cast("T", _adapter(cast("Hashable", kind)).validate_json(content))


@cache
def _adapter(kind: Hashable) -> "TypeAdapter[Any]":
    # Imported and built when first needed: dispatch_due never is, and starts without pydantic.
    from pydantic import TypeAdapter

    return TypeAdapter(cast("type[Any]", kind))
