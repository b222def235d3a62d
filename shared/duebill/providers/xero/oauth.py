"""How Xero issues tokens for a consent: OAuth 2.0, one grant for all organisations that a person connected."""

import base64
import json
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from duebill.domain.tokens import Grant
from duebill.errors import ConsentFailed, OutcomeUnknown, ReconnectRequired, TryLater
from duebill.outside.http import HttpRequest
from duebill.outside.oauth import InvalidGrant, TokenEndpoint
from duebill.providers.xero.spec import GUID, REFRESH_LIVES, SCOPES, XeroUrls

_DONE = {200, 400}  # 400: the token is no good already
_UNLINKED = {200, 204, 404}  # 404: the link is gone already
_REFUSED = {401, 403}


@dataclass(frozen=True, slots=True)
class XeroIssuer:
    """Xero's token service, for our app. Implements ports.BooksIssuer."""

    endpoint: TokenEndpoint
    urls: XeroUrls
    redirect_uri: str

    @property
    def has_links(self) -> bool:
        """Each organisation is a link of its own; `revoke` would end all that this person ever connected."""
        return True

    def consent_url(self, state: str) -> str:
        """Where a person consents. Spaces as %20: the authorise page has been seen to refuse `+`."""
        asked = {
            "response_type": "code",
            "client_id": self.endpoint.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(SCOPES),
            "state": state,
        }
        return f"{self.urls.login}/identity/connect/authorize?{urlencode(asked, quote_via=quote)}"

    def exchange(self, code: str) -> Grant:
        """A code for tokens; it is good once, within 5 minutes. Raises ConsentFailed, TryLater, OutcomeUnknown."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        try:
            return _with_end(self.endpoint.ask(form))
        except InvalidGrant as error:
            raise ConsentFailed("Xero did not accept the consent any more. Please connect once again.") from error

    def refresh(self, refresh_token: str) -> Grant:
        """New tokens; the refresh token changes each time, and the old one is good for 30 minutes more.

        Raises InvalidGrant, TryLater, OutcomeUnknown.
        """
        return _with_end(self.endpoint.ask({"grant_type": "refresh_token", "refresh_token": refresh_token}))

    def revoke(self, refresh_token: str) -> None:
        """End everything that this person connected to our app, other companies' organisations too.

        Raises TryLater, OutcomeUnknown.
        """
        endpoint = replace(self.endpoint, url=f"{self.urls.identity}/connect/revocation")
        answer = endpoint.post({"token": refresh_token})
        if answer.status in _DONE:
            return
        if answer.status >= 500:
            raise OutcomeUnknown("Xero did not say whether the connection has ended.", retry_after=30)
        raise TryLater("Xero did not end the connection.", retry_after=60)

    def unlink(self, access_token: str, provider_connection: str) -> None:
        """End one organisation's link by its own id, which is not the tenant's. Raises ReconnectRequired, TryLater,
        OutcomeUnknown.
        """
        answer = self.endpoint.http.send(
            HttpRequest(
                "DELETE",
                f"{self.urls.api}/connections/{quote(provider_connection, safe='')}",
                headers={"authorization": f"Bearer {access_token}", "accept": "application/json"},
                timeout=self.endpoint.timeout,
            )
        )
        if answer.status in _UNLINKED:
            return
        if answer.status in _REFUSED:
            raise ReconnectRequired("Xero no longer accepts this connection.")
        if answer.status >= 500:
            raise OutcomeUnknown("Xero did not say whether the connection has ended.", retry_after=30)
        raise TryLater("Xero did not end the connection.", retry_after=60)


def consent_event(access_token: str) -> str | None:
    """The id of the consent that a token came from, which lists what was consented to in it.

    Read without checking the signature: the token came from the token endpoint a moment ago, over TLS.
    """
    parts = access_token.split(".")
    if len(parts) != 3:
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except ValueError:
        return None
    event = claims.get("authentication_event_id") if isinstance(claims, dict) else None
    return event if isinstance(event, str) and GUID.fullmatch(event) else None


def _with_end(grant: Grant) -> Grant:
    return replace(grant, refresh_expires_in=int(REFRESH_LIVES.total_seconds()))
