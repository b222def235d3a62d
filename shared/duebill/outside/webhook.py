"""What readers of webhooks share. Standard library only: the receiver starts cold with this."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from duebill.errors import InvalidRequest

LARGEST_BODY = 1024 * 1024  # bytes; what Intuit sends at most, and nobody is known to send more
_LONGEST_ID = 64


def is_signed(body: bytes, signature: str | None, keys: Sequence[str]) -> bool:
    """Whether `signature` is base64(HMAC-SHA256(key, body)) by one of the keys; in constant time for each of them."""
    given = (signature or "").strip().encode()
    matches = [
        hmac.compare_digest(given, base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()))
        for key in keys
        if key
    ]
    return any(matches)


def read_json(body: bytes) -> Any:  # noqa: ANN401  a JSON document has any shape
    """The document. Raises InvalidRequest."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("A webhook's body cannot be read.", code="unreadable_webhook") from error


def objects(found: object) -> list[dict[str, Any]]:
    """The objects of a list; whatever else stands there is nothing to us."""
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def identifier(found: object) -> str:
    """An id as it came, empty where it can be none of ours: it becomes part of a key."""
    text = str(found) if isinstance(found, str | int) else ""
    return text if text.isascii() and 0 < len(text) <= _LONGEST_ID and text.replace("-", "").isalnum() else ""


def moment(found: object, otherwise: datetime) -> datetime:
    """A time as text, in UTC where it names no zone; `otherwise` where it is none. More than microseconds are cut."""
    try:
        at = datetime.fromisoformat(found) if isinstance(found, str) else otherwise
    except ValueError:
        return otherwise
    return at if at.tzinfo else at.replace(tzinfo=UTC)
