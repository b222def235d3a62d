"""What lists share: `where`, `order`, ids, If-Modified-Since, pages (facts §2.1, §3)."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.wire import Request
from sandbox.xero import where as language
from sandbox.xero.documents import Doc
from sandbox.xero.refusals import BadRequest

DEFAULT_PAGE = 100
LARGEST_PAGE = 1000
_SINCE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def selected(
    entity: str, rows: Sequence[Doc], request: Request, fallback: Sequence[tuple[str, bool]] = ()
) -> list[Doc]:
    """The rows that `where` and If-Modified-Since leave, in the order asked for."""
    test = language.where(entity, request.param("where"))
    since = modified_since(request)
    found = [doc for doc in rows if test(doc) and (since is None or doc["UpdatedDateUTC"] > since)]
    return language.order(entity, request.param("order"), found, fallback)


def modified_since(request: Request) -> datetime | None:
    """The header's time in UTC. As a query parameter it is ignored, as it is there."""
    text = request.headers.get("if-modified-since")
    if not text:
        return None
    if not _SINCE.fullmatch(text):
        raise BadRequest(17, "QueryParseException", f"If-Modified-Since: {text} is no time without a zone.")
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def values(request: Request, name: str) -> list[str]:
    """A list of values with commas between."""
    return [each.strip() for each in (request.param(name) or "").split(",") if each.strip()]


def ids(request: Request, name: str) -> list[str]:
    """A list of ids. Raises BadRequest for what is none."""
    found = values(request, name)
    for each in found:
        if not _UUID.fullmatch(each):
            raise BadRequest(16, "QueryParseException", f"{name}: '{each}' is not a valid identifier.")
    return [each.lower() for each in found]


def flag(request: Request, name: str) -> bool:
    """A parameter that is true or not."""
    return (request.param(name) or "").lower() == "true"


def paged(rows: Sequence[Doc], request: Request, *, always: bool = False) -> tuple[list[Doc], Doc | None]:
    """The page's rows and the `pagination` object; without a page all rows and None.

    A size out of range is put into it in silence (facts §2.1).
    """
    if not always and request.param("page") is None and request.param("pageSize") is None:
        return list(rows), None
    page = max(_whole(request, "page", 1), 1)
    size = min(max(_whole(request, "pageSize", DEFAULT_PAGE), 1), LARGEST_PAGE)
    pagination = {"page": page, "pageSize": size, "pageCount": -(-len(rows) // size), "itemCount": len(rows)}
    return list(rows[(page - 1) * size : page * size]), pagination


def _whole(request: Request, name: str, fallback: int) -> int:
    text = request.param(name)
    if text is None:
        return fallback
    try:
        return int(text)
    except ValueError:
        raise BadRequest(16, "QueryParseException", f"{name} must be a whole number.") from None


def search(doc: Doc, term: str | None, names: Sequence[str], get: Callable[[Doc, str], Any] = language.value) -> bool:
    """Whether a field holds the term, in capitals or not."""
    return not term or any(term.lower() in str(get(doc, name) or "").lower() for name in names)
