"""What a simulator hears and says: one request, one answer.

A simulator is a callable from `Request` to `Response`. It knows no HTTP library: `sandbox/transport.py` puts it behind
the HTTP client of the product (tests), `sandbox/serve.py` puts it on a port of its own (the sandbox).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import parse_qs


class ConnectionDropped(Exception):
    """The other side closed the connection without an answer. What it had done by then stays done."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `path` is decoded and begins with `/`; header names are lower case.

    `query_string` is the query as it was written; empty where nobody needs it so.
    """

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    query_string: str = ""

    def param(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        values = self.query.get(name)
        return values[0] if values else None

    def form(self) -> dict[str, str]:
        """The body as `application/x-www-form-urlencoded`; of repeated names the first counts."""
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}

    def json(self) -> Any:  # noqa: ANN401  a JSON document has any shape
        """The body as JSON, numbers with a point as Decimal. Raises ValueError."""
        return json.loads(self.body, parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer. `cookies` are the values of its Set-Cookie headers, of which there may be several."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cookies: Sequence[str] = ()

    def json(self) -> Any:  # noqa: ANN401  a JSON document has any shape
        """The body as JSON, numbers with a point as Decimal. Raises ValueError."""
        return json.loads(self.body, parse_float=Decimal)

    @staticmethod
    def of_json(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> "Response":
        """A JSON answer. Decimals are written as JSON numbers, without passing through a float."""
        body = dumps(document).encode()
        return Response(status, {"content-type": "application/json", **(headers or {})}, body)


class Simulator(Protocol):
    """One outside system."""

    def __call__(self, request: Request) -> Response:
        """Answer as the real system would. Raises ConnectionDropped when told to."""
        ...


def dumps(document: object) -> str:
    """JSON in which decimals are numbers. Raises ValueError where a float would not hold one exactly (> 15 digits)."""
    return json.dumps(document, ensure_ascii=False, default=_number)


def _number(value: object) -> int | float:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is not JSON")
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    if Decimal(repr(number)) != value:
        raise ValueError("a number with more digits than JSON readers keep")
    return number
