"""The one place where httpx is imported (docs/adr/0003): outside.http.Http on a client that lives with the process."""

import httpx

from duebill.errors import OutcomeUnknown, TryLater
from duebill.outside.http import HttpRequest, HttpResponse
from duebill.ports import Clock

# What the function needs after its last outside call, to write down what came of it and to answer.
RESERVE_SECONDS = 3.0
_SHORTEST = 1.0


class HttpxHttp:
    """Sends requests with deadlines: never longer than the request allows, nor than the invocation has left."""

    def __init__(self, client: httpx.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def send(self, request: HttpRequest) -> HttpResponse:
        """See outside.http.Http.send."""
        timeout = min(request.timeout, self._clock.time_left() - RESERVE_SECONDS)
        if timeout < _SHORTEST:
            raise TryLater("There was no time left to ask. Please try again.", retry_after=1)
        try:
            answer = self._client.request(
                request.method,
                request.url,
                params=dict(request.params) or None,
                headers=dict(request.headers),
                content=request.body,
                timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0)),
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise TryLater("The other system cannot be reached right now.", retry_after=30) from error
        except httpx.TransportError as error:
            raise OutcomeUnknown("The other system did not answer.") from error
        return HttpResponse(answer.status_code, dict(answer.headers), answer.content)


def new_client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client without redirects, cookies of its own or the environment's proxies."""
    return httpx.Client(transport=transport, follow_redirects=False, trust_env=False)
