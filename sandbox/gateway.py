"""The HTTP API of `template.yaml` on this machine: its routes, its events, its limits, and the real handlers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from sandbox.events import http_answer, http_event
from sandbox.functions import Functions
from sandbox.template import Route
from sandbox.wire import Request, Response

# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
MOST_HEADER_BYTES = 10_240
MOST_BODY_BYTES = 10 * 1024 * 1024
MOST_ANSWER_BYTES = 6 * 1024 * 1024  # Lambda's, for a synchronous call
LONGEST_SECONDS = 30.0


class Gateway:
    """A simulator like the others: what comes from outside goes in, what a browser would get comes out."""

    def __init__(
        self,
        routes: tuple[Route, ...],
        functions: Functions,
        now: Callable[[], datetime],
        on_failure: Callable[[str, Exception], None] = lambda *_: None,
    ) -> None:
        # The most specific route wins: fewest variables, and fixed parts before variable ones.
        self._routes = sorted(routes, key=lambda route: [part.startswith("{") for part in route.segments])
        self._functions = functions
        self._now = now
        self._on_failure = on_failure
        self.calls: list[str] = []

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if _header_bytes(request) > MOST_HEADER_BYTES:
            return _message(431, "Request Header Fields Too Large")
        if len(request.body) > MOST_BODY_BYTES:
            return _message(413, "Request Entity Too Large")
        found = self._find(request)
        if found is None:
            return _message(404, "Not Found")
        route, parameters = found
        self.calls.append(route.key)
        event = http_event(request, route.key, parameters, at=self._now(), request_id=str(uuid4()))
        return self._answer(route, event)

    def _answer(self, route: Route, event: dict[str, Any]) -> Response:
        began = self._functions.seconds()
        try:
            answer = http_answer(self._functions.invoke(route.function.name, event))
        except Exception as error:  # noqa: BLE001  a handler that raises, or answers nonsense, is a 500 to the caller
            self._on_failure(route.key, error)
            return _message(500, "Internal Server Error")
        if self._functions.seconds() - began > LONGEST_SECONDS:
            return _message(503, "Service Unavailable")
        if len(answer.body) > MOST_ANSWER_BYTES:
            return _message(500, "Internal Server Error")
        return answer

    def _find(self, request: Request) -> tuple[Route, dict[str, str]] | None:
        parts = request.path.split("/")[1:]
        for route in self._routes:
            if route.method == request.method and (parameters := _match(route.segments, parts)) is not None:
                return route, parameters
        return None


def _match(segments: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    """The path's variables, or None where the path is another. `{name+}` takes all the rest."""
    if segments and segments[-1].endswith("+}"):
        head, rest = parts[: len(segments) - 1], parts[len(segments) - 1 :]
        found = _match(segments[:-1], head) if any(rest) else None
        return None if found is None else {**found, segments[-1][1:-2]: "/".join(rest)}
    if len(segments) != len(parts):
        return None
    parameters = {}
    for segment, part in zip(segments, parts, strict=True):
        if segment.startswith("{") and part:
            parameters[segment[1:-1]] = part
        elif segment != part:
            return None
    return parameters


def _header_bytes(request: Request) -> int:
    line = len(request.method) + len(request.path) + len(request.query_string) + 12
    return line + sum(len(name) + len(value) + 4 for name, value in request.headers.items())


def _message(status: int, text: str) -> Response:
    return Response.of_json({"message": text}, status)
