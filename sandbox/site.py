"""What answers at the sandbox's own address: the API, and beside it the control calls and the books' own pages."""

from sandbox.books_page import books_page
from sandbox.controls import Controls
from sandbox.gateway import Gateway
from sandbox.outside import Outside
from sandbox.wire import Request, Response


class Site:
    """`/`: on to Pipedrive · `/sandbox/…`: controls · `/books/…`: the books' own pages · the rest: the API."""

    def __init__(self, gateway: Gateway, outside: Outside, controls: Controls, pipedrive: str) -> None:
        self._gateway = gateway
        self._outside = outside
        self._controls = controls
        self._pipedrive = pipedrive

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        match request.path.split("/")[1:]:
            case [""] if request.method == "GET":
                return Response(302, {"location": f"{self._pipedrive}/"})
            case ["favicon.ico"]:
                return Response(204)
            case ["books", *_] if request.method == "GET":
                return books_page(self._outside, request)
            case ["sandbox", *route]:
                return self._controls.answer("/".join(route), request)
            case _:
                return self._gateway(request)
