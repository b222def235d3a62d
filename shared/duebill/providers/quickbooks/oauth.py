"""How QuickBooks issues tokens for a consent: OAuth 2.0, one grant for one company."""

from dataclasses import dataclass
from urllib.parse import urlencode

from duebill.domain.tokens import Grant
from duebill.errors import ConsentFailed, OutcomeUnknown, TryLater
from duebill.outside.http import HttpRequest, HttpResponse, to_json
from duebill.outside.oauth import InvalidGrant, TokenEndpoint, basic
from duebill.providers.quickbooks.spec import SCOPE

# Asks for the end of the consent itself, five years at most (Intuit blog, 12 November 2025).
_TELL_HARD_EXPIRY = {"x-include-refresh-token-hard-expires-in": "true"}
_UNAUTHORIZED = 401
_DONE = {200, 400}  # 400: the token is no good already


@dataclass(frozen=True, slots=True)
class QuickBooksIssuer:
    """QuickBooks' token service, for our app. Implements ports.TokenIssuer."""

    endpoint: TokenEndpoint
    authorize_url: str
    revoke_url: str
    redirect_uri: str

    def consent_url(self, state: str) -> str:
        """Where a person consents; `realmId` comes back with the code and is unsigned."""
        return f"{self.authorize_url}?" + urlencode(
            {
                "client_id": self.endpoint.client_id,
                "response_type": "code",
                "scope": SCOPE,
                "redirect_uri": self.redirect_uri,
                "state": state,
            }
        )

    def exchange(self, code: str) -> Grant:
        """A code for tokens. Raises ConsentFailed, TryLater, OutcomeUnknown."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        try:
            return self.endpoint.ask(form, _TELL_HARD_EXPIRY)
        except InvalidGrant as error:
            raise ConsentFailed("QuickBooks did not accept the consent any more. Please connect once again.") from error

    def refresh(self, refresh_token: str) -> Grant:
        """New tokens; the refresh token changes about once a day. Raises InvalidGrant, TryLater, OutcomeUnknown."""
        return self.endpoint.ask({"grant_type": "refresh_token", "refresh_token": refresh_token}, _TELL_HARD_EXPIRY)

    def revoke(self, refresh_token: str) -> None:
        """End the consent at Intuit; the body is JSON there. Raises TryLater, OutcomeUnknown."""
        answer = HttpResponse(_UNAUTHORIZED)
        for secret in self.endpoint.secrets():
            answer = self._post_revocation(refresh_token, secret)
            if answer.status != _UNAUTHORIZED:
                break
        if answer.status in _DONE:
            return
        if answer.status >= 500:
            raise OutcomeUnknown("QuickBooks did not say whether the connection has ended.", retry_after=30)
        raise TryLater("QuickBooks did not end the connection.", retry_after=60)

    def _post_revocation(self, refresh_token: str, secret: str) -> HttpResponse:
        return self.endpoint.http.send(
            HttpRequest(
                "POST",
                self.revoke_url,
                headers={
                    "authorization": basic(self.endpoint.client_id, secret),
                    "content-type": "application/json",
                    "accept": "application/json",
                },
                body=to_json({"token": refresh_token}),
                timeout=self.endpoint.timeout,
            )
        )

    @property
    def has_links(self) -> bool:
        """One consent opens one company here: there is no link beside it."""
        return False

    def unlink(self, access_token: str, provider_connection: str) -> None:
        """There is nothing to end: see `has_links`."""
