"""Simulators on ports of their own, on loopback."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.wire import ConnectionDropped, Request, Simulator

LOOPBACK = "127.0.0.1"


def serve(simulator: Simulator, port: int = 0) -> ThreadingHTTPServer:
    """Answer with `simulator` on `port` (0: any free one) from a daemon thread; `server.server_port` tells which.

    `server.shutdown()` and `server.server_close()` end it.
    """
    server = ThreadingHTTPServer((LOOPBACK, port), handler(simulator))
    server.daemon_threads = True
    # It looks for `shutdown` this often, so that tests need not wait half a second for it.
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def handler(simulator: Simulator) -> type[BaseHTTPRequestHandler]:
    """A request handler class that asks `simulator`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet: the second would wait 40 ms for the first one's receipt.
        wbufsize = -1
        disable_nagle_algorithm = True

        def answer(self) -> None:
            url = urlsplit(self.path)
            request = Request(
                method=self.command,
                path=unquote(url.path),
                query=parse_qs(url.query, keep_blank_values=True),
                headers={name.lower(): ", ".join(self.headers.get_all(name, [])) for name in self.headers},
                body=self.rfile.read(int(self.headers.get("content-length") or 0)),
                query_string=url.query,
            )
            try:
                response = simulator(request)
            except ConnectionDropped:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            for cookie in response.cookies:
                self.send_header("set-cookie", cookie)
            self.send_header("content-length", str(len(response.body)))
            try:
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(response.body)
                self.wfile.flush()
            except ConnectionError:
                self.close_connection = True  # whoever asked has left: a page that was closed while it loaded

        def log_message(self, *_: object) -> None:
            """Say nothing: the sandbox prints what matters itself."""

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815  http.server's own names

    return Handler
