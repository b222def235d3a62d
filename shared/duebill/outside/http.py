"""One HTTP exchange with an outside system, in our own terms: no client library is named outside `runtime`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request. `params` are appended to the query, encoded; `timeout` in seconds for the whole exchange."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    timeout: float = 20.0

    def signed(self, token: str) -> "HttpRequest":
        """The same with an access token."""
        return replace(self, headers={**self.headers, "authorization": f"Bearer {token}"})


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer; header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    def json(self, *, without: str | None = None) -> Any:  # noqa: ANN401  a JSON document has any shape until a wire model has read it
        """The body as JSON, with Decimal for every number with a point. Raises ValueError.

        What stands under the name `without`, at any depth, is let go as soon as it is read: nobody needs its memory.
        """
        if without is None:
            return json.loads(self.body, parse_float=Decimal)

        def kept(found: dict[str, Any]) -> dict[str, Any]:
            found.pop(without, None)
            return found

        return json.loads(self.body, parse_float=Decimal, object_hook=kept)


class Http(Protocol):
    """Sends one request and waits for its answer."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer, whatever its status; redirects are not followed.

        Raises TryLater when the request surely never reached the other side (no connection could be made, or no
        time is left to begin one), OutcomeUnknown when it was sent and no whole answer came back.
        """
        ...


def to_json(document: object) -> bytes:
    """JSON with decimals as exact numbers. Raises ValueError for one of more than 15 digits, TypeError for non-JSON."""
    return json.dumps(document, ensure_ascii=False, default=_number, separators=(",", ":")).encode()


def _number(value: object) -> int | float:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is not JSON")
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    if Decimal(repr(number)) != value:
        raise ValueError("a number with more digits than JSON readers keep")
    return number
