"""Intuit's OAuth 2.0 server: consent, token, revocation, discovery (facts §1)."""

import binascii
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hmac import compare_digest
from html import escape
from threading import Lock
from urllib.parse import urlencode

from sandbox.quickbooks.company import Company
from sandbox.quickbooks.tokens import ACCESS_LIFE, Family, Tokens
from sandbox.wire import Request, Response

AUTHORIZE = "/connect/oauth2"
TOKEN = "/oauth2/v1/tokens/bearer"
REVOKE = "/v2/oauth2/tokens/revoke"
USER_INFO = "/v1/openid_connect/userinfo"
DISCOVERY = ("/.well-known/openid_sandbox_configuration", "/.well-known/openid_configuration")
SCOPES = {
    "com.intuit.quickbooks.accounting",
    "com.intuit.quickbooks.payment",
    "openid",
    "profile",
    "email",
    "phone",
    "address",
}


@dataclass
class OAuth:
    """The server's answers; `tokens` holds its state."""

    tokens: Tokens
    companies: Mapping[str, Company]
    client_id: str = "quickbooks-client"
    client_secret: str = "quickbooks-secret"
    registered_redirects: list[str] = field(default_factory=list)
    _refreshing: list[str] = field(default_factory=list)
    _entering: Lock = field(default_factory=Lock)

    def answer(self, request: Request, *, overlaps: bool = False) -> Response | None:
        """The answer, or None where the path is not this server's."""
        match request.method, request.path:
            case "GET", "/connect/oauth2":
                return self._authorize(request)
            case "POST", "/oauth2/v1/tokens/bearer":
                return self._token(request, overlaps=overlaps)
            case "POST", "/v2/oauth2/tokens/revoke":
                return self._revoke(request)
            case "GET", "/v1/openid_connect/userinfo":
                return self._user_info(request)
            case "GET", path if path.rstrip("/") in DISCOVERY:
                return discovery(request.headers.get("host", "quickbooks.test"))
            case _:
                return None

    @contextmanager
    def refreshing(self, request: Request) -> Iterator[bool]:
        """While a refresh is under way, another with the same token overlaps with it: yields whether this one does."""
        token = request.form().get("refresh_token") if request.path == TOKEN else None
        with self._entering:
            overlaps = token in self._refreshing
            if token:
                self._refreshing.append(token)
        try:
            yield overlaps
        finally:
            if token:
                self._refreshing.remove(token)

    def _authorize(self, request: Request) -> Response:
        redirect = request.param("redirect_uri") or ""
        scope, state = request.param("scope") or "", request.param("state")
        if request.param("client_id") != self.client_id:
            return _page("The client_id is unknown.", 400)
        if not redirect or (self.registered_redirects and redirect not in self.registered_redirects):
            # Redirect addresses must match exactly what is registered (…/set-redirect-uri).
            return _page("The redirect_uri query parameter value is invalid.", 400)
        if state is None or request.param("response_type") != "code":
            return _page("The request lacks state or response_type=code.", 400)
        if not scope or not set(scope.split()) <= SCOPES:
            return _back(redirect, error="invalid_scope", state=state)
        if request.param("_deny"):
            return _back(redirect, error="access_denied", state=state)
        realm = request.param("_realm")
        if realm is None:
            return self._choice(request)
        if realm not in self.companies:
            return _page("There is no such company.", 400)
        return _back(redirect, code=self.tokens.code_for(realm, scope, redirect), state=state, realmId=realm)

    def _choice(self, request: Request) -> Response:
        asked = {name: values[0] for name, values in request.query.items()}
        choices = [_link(asked | {"_realm": realm}, each.name) for realm, each in self.companies.items()]
        rows = "".join(f"<li>{choice}</li>" for choice in choices)
        return _page(f"<p>Which company?</p><ul>{rows}</ul><p>{_link(asked | {'_deny': '1'}, 'No, thanks')}</p>")

    def _token(self, request: Request, *, overlaps: bool) -> Response:
        if not self._is_client(request):
            return Response.of_json({"error": "invalid_client"}, 401)
        if "application/x-www-form-urlencoded" not in request.headers.get("content-type", ""):
            return Response.of_json({"error": "invalid_request"}, 400)
        form = request.form()
        match form.get("grant_type"):
            case "authorization_code":
                family = self.tokens.exchange(form.get("code", ""), form.get("redirect_uri", ""))
                refusal = "Invalid authorization code"
            case "refresh_token":
                family = self.tokens.refresh(form.get("refresh_token", ""), overlaps=overlaps)
                refusal = "Incorrect or invalid refresh token"
            case _:
                return Response.of_json({"error": "unsupported_grant_type"}, 400)
        if family is None:
            return Response.of_json({"error": "invalid_grant", "error_description": refusal}, 400)
        wants_end = request.headers.get("x-include-refresh-token-hard-expires-in", "").lower() == "true"
        return Response.of_json(self.token_answer(family, hard_end=wants_end))

    def token_answer(self, family: Family, *, hard_end: bool = False) -> dict[str, object]:
        """The document of a token answer, with a new access token."""
        at = self.tokens.now()
        document: dict[str, object] = {
            "token_type": "bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "access_token": self.tokens.give_access(family),
            "refresh_token": family.refresh,
            "x_refresh_token_expires_in": int((family.refresh_end - at).total_seconds()),
        }
        if hard_end:
            document["x_refresh_token_hard_expires_in"] = int((family.hard_end - at).total_seconds())
        return document

    def _revoke(self, request: Request) -> Response:
        if not self._is_client(request):
            return Response.of_json({"error": "invalid_client"}, 401)
        try:
            token = json.loads(request.body)["token"]
        except (ValueError, KeyError, TypeError):
            return Response.of_json({"error": "invalid_request"}, 400)
        done = isinstance(token, str) and self.tokens.revoke(token)
        return Response(200) if done else Response.of_json({"error": "invalid_request"}, 400)

    def _user_info(self, request: Request) -> Response:
        family = self.tokens.of_access(request.headers.get("authorization", "").removeprefix("Bearer "))
        if family is None or family.revoked or "openid" not in family.scope.split():
            return Response.of_json({"error": "invalid_token"}, 401)
        return Response.of_json({"sub": "sample-user", "email": "bookkeeper@example.com", "emailVerified": True})

    def _is_client(self, request: Request) -> bool:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        try:
            pair = b64decode(value, validate=True)
        except binascii.Error:
            return False
        return scheme == "Basic" and compare_digest(pair, f"{self.client_id}:{self.client_secret}".encode())


def discovery(host: str) -> Response:
    """The discovery document, with the addresses of this simulator."""
    here = f"http://{host}"
    return Response.of_json(
        {
            "issuer": f"{here}/op/v1",
            "authorization_endpoint": here + AUTHORIZE,
            "token_endpoint": here + TOKEN,
            "userinfo_endpoint": here + USER_INFO,
            "revocation_endpoint": here + REVOKE,
            "jwks_uri": f"{here}/op/v1/jwks",
            "response_types_supported": ["code"],
            "scopes_supported": sorted(SCOPES),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }
    )


def _back(redirect: str, **values: str) -> Response:
    return Response(302, {"location": redirect + ("&" if "?" in redirect else "?") + urlencode(values)})


def _link(query: dict[str, str], text: str) -> str:
    return f'<a href="{escape(AUTHORIZE + "?" + urlencode(query))}">{escape(text)}</a>'


def _page(content: str, status: int = 200) -> Response:
    head = "<!doctype html><meta charset=utf-8><title>Sandbox: QuickBooks</title><h1>QuickBooks (simulated)</h1>"
    return Response(status, {"content-type": "text/html; charset=utf-8"}, (head + content).encode())
