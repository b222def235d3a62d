"""Simulators as the transport of an `httpx.Client`: the product's real client runs, only the wire is replaced."""

from collections.abc import Mapping
from urllib.parse import parse_qs

import httpx

from sandbox.wire import ConnectionDropped, Request, Simulator


def transport(simulators: Mapping[str, Simulator]) -> httpx.MockTransport:
    """A transport that hands each request to the simulator of its host name, as in `{"quickbooks.test": simulator}`."""

    def handle(request: httpx.Request) -> httpx.Response:
        try:
            answer = simulators[request.url.host](from_httpx(request))
        except ConnectionDropped as dropped:
            raise httpx.ReadError(str(dropped), request=request) from dropped
        return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)

    return httpx.MockTransport(handle)


def from_httpx(request: httpx.Request) -> Request:
    """The same request in the simulators' terms."""
    return Request(
        method=request.method,
        path=request.url.path,
        query=parse_qs(request.url.query.decode(), keep_blank_values=True),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.read(),
    )
