"""What answers at the sandbox's own address: the stand-in page, its control calls, and the API for everything else."""

import mimetypes
from functools import cache
from pathlib import Path

from sandbox.books_page import books_page
from sandbox.controls import Controls
from sandbox.gateway import Gateway
from sandbox.outside import Outside
from sandbox.wire import Request, Response

PAGE = Path(__file__).parent / "page"
_HEADERS = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


class Site:
    """`/` and `/page/…`: the page · `/sandbox/…`: controls · `/books/…`: the books' own page · the rest: the API."""

    def __init__(self, gateway: Gateway, outside: Outside, controls: Controls) -> None:
        self._gateway = gateway
        self._outside = outside
        self._controls = controls

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        match request.path.split("/")[1:]:
            case [""] if request.method == "GET":
                return _file("index.html")
            case ["page", name] if request.method == "GET":
                return _file(name)
            case ["favicon.ico"]:
                return Response(204)
            case ["books", *_] if request.method == "GET":
                return books_page(self._outside, request)
            case ["sandbox", *route]:
                return self._controls.answer("/".join(route), request)
            case _:
                return self._gateway(request)


def _file(name: str) -> Response:
    if name not in _files():
        return Response(404, _HEADERS, b"There is no such file.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = {"text/javascript": "text/javascript; charset=utf-8", "text/css": "text/css; charset=utf-8"}.get(kind, kind)
    return Response(200, {**_HEADERS, "content-type": kind}, (PAGE / name).read_bytes())


@cache
def _files() -> frozenset[str]:
    return frozenset(path.name for path in PAGE.iterdir())
