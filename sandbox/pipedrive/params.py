"""Query parameters and pages. v2 is strict: what it does not know, or cannot read, it refuses.

[D:pipedrive-api-v2-migration-guide]
"""

import base64
import json
from collections.abc import Callable, Collection
from datetime import datetime

from sandbox.pipedrive import envelope
from sandbox.pipedrive.call import Call
from sandbox.pipedrive.model import Document
from sandbox.wire import Response

DEFAULT_LIMIT = 100
MOST_V2 = 500
MOST_IDS = 100
MOST_CUSTOM_FIELDS = 15


def whole(call: Call, name: str) -> int | None:
    """An integer parameter, or None when it is absent. Raises Refusal."""
    text = call.request.param(name)
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    raise _wrong(call, name, f"Parameter '{name}' must be an integer")


def flag(call: Call, name: str) -> bool:
    """A boolean parameter; only `true` and `false` are booleans. Raises Refusal."""
    text = call.request.param(name)
    if text in (None, "false"):
        return False
    if text == "true":
        return True
    raise _wrong(call, name, f"Parameter '{name}' must be a boolean")


def choice(call: Call, name: str, allowed: Collection[str], default: str) -> str:
    """One word out of a list. Raises Refusal."""
    text = call.request.param(name)
    if text is None:
        return default
    if text in allowed:
        return text
    raise _wrong(call, name, f"Parameter '{name}' must be one of {', '.join(sorted(allowed))}")


def words(call: Call, name: str, most: int | None = None) -> list[str]:
    """A comma-separated list; empty when absent. Raises Refusal for more than `most`."""
    found = [word for word in (call.request.param(name) or "").split(",") if word]
    if most is not None and len(found) > most:
        raise _wrong(call, name, f"Parameter '{name}' must contain at most {most} items")
    return found


def ids(call: Call, name: str, *, required: bool = False, repeated: bool = False) -> list[int] | None:
    """Up to 100 ids, comma-separated, or None when absent. `repeated`: `name=1&name=2` is read too. Raises Refusal."""
    given = list(call.request.query.get(name, []))
    if not given:
        if required:
            raise _wrong(call, name, f"Parameter '{name}' is required")
        return None
    if len(given) > 1 and not repeated:
        raise _wrong(call, name, f"Parameter '{name}' must be a comma separated list")
    found = ",".join(given).split(",")
    if not all(word.isascii() and word.isdigit() for word in found):
        raise _wrong(call, name, f"Parameter '{name}' must contain only integers")
    if len(found) > MOST_IDS:
        raise _wrong(call, name, f"Parameter '{name}' must contain at most {MOST_IDS} items")
    return [int(word) for word in found]


def moment(call: Call, name: str) -> str | None:
    """An RFC 3339 time in whole seconds, UTC (fractions are refused: seen live by others). Raises Refusal."""
    text = call.request.param(name)
    if text is None:
        return None
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").astimezone()
    except ValueError as error:
        raise _wrong(call, name, f"Parameter '{name}' is not a valid datetime") from error
    return text


def page(
    call: Call,
    rows: list[Document],
    sorts: Collection[str] = ("id",),
    shown: Callable[[list[Document]], object] | None = None,
) -> Response:
    """Sort, cut and answer as v2 does. `shown` turns the rows of the page into `data`. Raises Refusal."""
    limit = whole(call, "limit")
    limit = DEFAULT_LIMIT if limit is None else limit
    if not 1 <= limit <= MOST_V2:
        raise envelope.invalid({"limit": f"Parameter 'limit' must be between 1 and {MOST_V2}"})
    key = choice(call, "sort_by", sorts, "id")
    downwards = choice(call, "sort_direction", ("asc", "desc"), "asc") == "desc"
    ordered = sorted(rows, key=lambda row: (row.get(key) is not None, row.get(key) or 0, row["id"]), reverse=downwards)
    start = _start(call, key)
    more = len(ordered) > start + limit
    part = ordered[start : start + limit]
    return envelope.page_v2(shown(part) if shown else part, _cursor(call, key, start + limit) if more else None)


def page_v1(call: Call, rows: list[Document], most: int = MOST_V2) -> Response:
    """Cut and answer as v1 does. Raises Refusal."""
    start = whole(call, "start") or 0
    limit = whole(call, "limit") or DEFAULT_LIMIT
    if limit > most:
        raise envelope.bad_request(f"limit must be at most {most}")
    return envelope.page_v1([*rows[start : start + limit]], start, limit, more=len(rows) > start + limit)


def _cursor(call: Call, key: str, start: int) -> str:
    document = json.dumps({"field": key, "path": call.request.path, "start": start})
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def _start(call: Call, key: str) -> int:
    """A cursor belongs to the question that it was given for."""
    text = call.request.param("cursor")
    if text is None:
        return 0
    try:
        document = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if (document["field"], document["path"]) == (key, call.request.path):
            return int(document["start"])
    except (ValueError, KeyError, TypeError) as error:
        raise envelope.invalid({"cursor": "Parameter 'cursor' is invalid"}) from error
    raise envelope.invalid({"cursor": "Parameter 'cursor' is invalid"})


def _wrong(call: Call, name: str, sentence: str) -> envelope.Refusal:
    return envelope.bad_request(sentence) if call.version == 1 else envelope.invalid({name: sentence})
