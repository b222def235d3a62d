"""The token endpoints of RFC 6749 and RFC 7009, as both our outside systems speak them."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from duebill.domain.tokens import Grant
from duebill.errors import OutcomeUnknown, TryLater
from duebill.outside.http import Http, HttpRequest, HttpResponse

_FORM = "application/x-www-form-urlencoded"
_UNAUTHORIZED = 401
_BAD_REQUEST = 400
_SERVER_ERROR = 500


class InvalidGrant(Exception):
    """The code or the refresh token is not (or no longer) good. Not an error of ours: callers decide what it means."""


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """A token endpoint and the app's credentials there.

    `secrets` gives the client secrets to try, newest first: while one is being rotated two are accepted.
    """

    http: Http
    url: str
    client_id: str
    secrets: Callable[[], Sequence[str]]
    timeout: float = 10.0

    def ask(self, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Grant:
        """Ask for tokens.

        Raises InvalidGrant, TryLater (surely nothing happened) or OutcomeUnknown (5xx, no answer).
        """
        answer = self.post(form, headers)
        if answer.status >= _SERVER_ERROR:
            raise OutcomeUnknown("The sign-in service did not answer properly.", retry_after=30)
        if answer.status == 200:
            return _grant(answer)
        if answer.status in (_BAD_REQUEST, _UNAUTHORIZED) and _is_invalid_grant(answer):
            raise InvalidGrant
        raise TryLater(
            "The sign-in service refused the app itself. The operator has been told.",
            code="app_refused",
            retry_after=60,
        )

    def post(self, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> HttpResponse:
        """Post a form with the app's Basic credentials; with the next secret where the newest is refused."""
        answer = HttpResponse(_UNAUTHORIZED)
        for secret in self.secrets():
            answer = self.http.send(
                HttpRequest(
                    "POST",
                    self.url,
                    headers={
                        "authorization": basic(self.client_id, secret),
                        "content-type": _FORM,
                        "accept": "application/json",
                        **(headers or {}),
                    },
                    body=urlencode(form).encode(),
                    timeout=self.timeout,
                )
            )
            if not _refuses_client(answer):
                break
        return answer


def basic(user: str, password: str) -> str:
    """The value of an Authorization header for Basic authentication."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _grant(answer: HttpResponse) -> Grant:
    try:
        document = answer.json()
        return Grant(
            access_token=document["access_token"],
            refresh_token=document["refresh_token"],
            expires_in=int(document.get("expires_in", 3600)),
            refresh_expires_in=document.get("x_refresh_token_expires_in"),
            hard_expires_in=document.get("x_refresh_token_hard_expires_in"),
            api_url=document.get("api_domain"),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutcomeUnknown("The sign-in service answered with something else than tokens.") from error


def _refuses_client(answer: HttpResponse) -> bool:
    # RFC 6749 §5.2 says 401; Pipedrive says 400 with "Invalid client: …" (pipedrive.md §1.3).
    if answer.status == _BAD_REQUEST:
        text = answer.body.decode("utf-8", "replace").lower()
        return "invalid_client" in text or "invalid client" in text
    return answer.status == _UNAUTHORIZED


def _is_invalid_grant(answer: HttpResponse) -> bool:
    # Pipedrive's envelope is not documented; its messages begin "Invalid grant" (pipedrive.md §1.3).
    text = answer.body.decode("utf-8", "replace").lower()
    return "invalid_grant" in text or "invalid grant" in text
