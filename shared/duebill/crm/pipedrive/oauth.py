"""ports.TokenIssuer for Pipedrive: authorisation code, refresh, revocation (pipedrive.md §1)."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from duebill.domain.tokens import Grant
from duebill.errors import ConsentFailed, OutcomeUnknown, TryLater
from duebill.outside.http import Http
from duebill.outside.oauth import InvalidGrant, TokenEndpoint

OAUTH_URL = "https://oauth.pipedrive.com"
_OK = 200
_SERVER_ERROR = 500


class PipedriveIssuer:
    """Pipedrive's authorisation server, as our app meets it. `redirect_uri` is the app's one callback address."""

    def __init__(
        self,
        http: Http,
        *,
        client_id: str,
        secrets: Callable[[], Sequence[str]],
        redirect_uri: str,
        oauth_url: str = OAUTH_URL,
    ) -> None:
        base = oauth_url.rstrip("/")
        self._authorize_url = f"{base}/oauth/authorize"
        self._client_id = client_id
        self._redirect_uri = redirect_uri
        self._tokens = TokenEndpoint(http, f"{base}/oauth/token", client_id, secrets)
        self._revocation = TokenEndpoint(http, f"{base}/oauth/revoke", client_id, secrets)

    def consent_url(self, state: str) -> str:
        """See ports.TokenIssuer.consent_url. Neither `scope` nor `response_type` is a parameter here."""
        query = {"client_id": self._client_id, "redirect_uri": self._redirect_uri, "state": state}
        return f"{self._authorize_url}?{urlencode(query)}"

    def exchange(self, code: str) -> Grant:
        """See ports.TokenIssuer.exchange. A code lives 5 minutes and is good once; `api_url` is set."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri}
        try:
            grant = self._tokens.ask(form)
        except InvalidGrant:
            raise ConsentFailed(
                "Pipedrive's permission has expired or was used already. Please install Duebill again."
            ) from None
        if not grant.api_url:
            raise OutcomeUnknown("Pipedrive did not say where this company's data is.")
        return grant

    def refresh(self, refresh_token: str) -> Grant:
        """See ports.TokenIssuer.refresh. The same refresh token comes back, good for 60 days more."""
        return self._tokens.ask({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def revoke(self, refresh_token: str) -> None:
        """See ports.TokenIssuer.revoke. For Pipedrive this uninstalls the app for the user."""
        answer = self._revocation.post({"token": refresh_token, "token_type_hint": "refresh_token"})
        if answer.status >= _SERVER_ERROR:
            raise OutcomeUnknown("Pipedrive did not answer properly.", retry_after=30)
        if answer.status != _OK:
            raise TryLater("Pipedrive did not accept the end of the authorisation.", retry_after=60)
