"""Xero's login and identity servers: consent, token, revocation, connections (facts §1)."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from urllib.parse import urlencode

from sandbox.wire import Request, Response
from sandbox.xero import jwt
from sandbox.xero.consent_page import consent_page, html
from sandbox.xero.documents import Doc
from sandbox.xero.organisation import Organisation
from sandbox.xero.tokens import ACCESS_LIFE, MAY_CONNECT, Connection, Tokens, TokenSet, User

AUTHORIZE = "/identity/connect/authorize"
TOKEN = "/connect/token"
REVOKE = "/connect/revocation"
ISSUER = "https://identity.xero.com"
MOST_UNCERTIFIED = 2  # uncertified apps that one organisation may have connected
# Apps made since March 2026 get granular scopes only (facts §1.4): no accounting.transactions, no accounting.reports.
SCOPES = {
    *"openid profile email offline_access".split(),
    *"accounting.invoices accounting.payments accounting.contacts accounting.settings accounting.attachments".split(),
    *(
        f"accounting.{each}.read"
        for each in "invoices payments contacts settings attachments banktransactions manualjournals".split()
    ),
}
DEFAULT_SCOPE = (
    "openid profile email offline_access accounting.invoices accounting.contacts accounting.settings.read "
    "accounting.payments"
)


@dataclass
class OAuth:
    """The servers' answers; `tokens` holds their state."""

    tokens: Tokens
    organisations: Mapping[str, Organisation]
    users: Mapping[str, User]
    client_id: str = "xero-client"
    client_secret: str = "xero-secret"
    registered_redirects: list[str] = field(default_factory=list)
    max_connections: int = 50  # Starter: 5, Core: 50
    certified: bool = False

    def answer(self, request: Request) -> Response | None:
        """The answer, or None where the path is not of these servers."""
        parts = request.path.strip("/").split("/")
        match request.method, request.path:
            case "GET", "/identity/connect/authorize":
                return self._authorize(request)
            case "POST", "/connect/token":
                return self._token(request)
            case "POST", "/connect/revocation":
                return self._revoke(request)
            case "GET", _ if [each.lower() for each in parts] == [
                "connections"
            ]:  # the specification writes /Connections
                return self._connections(request)
            case "DELETE", _ if parts[0].lower() == "connections" and len(parts) == 2:
                return self._disconnect(request, parts[1])
            case _:
                return None

    def _authorize(self, request: Request) -> Response:
        """Whatever is wrong with the address gives an error page: nothing goes back to the app (troubleshooting)."""
        scope = (request.param("scope") or "").split()
        redirect, state = request.param("redirect_uri") or "", request.param("state")
        problem = self._wrong(request, redirect, scope)
        if problem:
            return html(f"<h1>Sorry, something went wrong</h1><p>Error: {problem}</p>", 400)
        told = {"state": state} if state is not None else {}
        if request.param("_deny"):
            return _back(redirect, {"error": "access_denied"} | told)
        user = self.users.get(request.param("_user") or "")
        if user is None:
            return consent_page(request, self._choices())
        tenants = [each for value in request.query.get("_tenants", []) for each in value.split(",") if each]
        refusals = [why for each in tenants if (why := self.why_not(user, each))]
        if not tenants or refusals or self._too_many(user, tenants):
            words = "; ".join(refusals) or ("no organisation was chosen" if not tenants else "connection limit reached")
            return html(f"<h1>Sorry, something went wrong</h1><p>Error: {words}</p>", 400)
        event = self.tokens.connect(user.id, tenants)
        code = self.tokens.code_for(user.id, " ".join(scope), event, redirect)
        return _back(redirect, {"code": code, "scope": " ".join(scope)} | told)

    def _wrong(self, request: Request, redirect: str, scope: list[str]) -> str:
        if request.param("client_id") != self.client_id:
            return "unauthorized_client. Unknown client"
        if request.param("response_type") != "code":
            return "unsupported_response_type"
        if not redirect or (self.registered_redirects and redirect not in self.registered_redirects):
            return "unauthorized_client. Invalid redirect_uri"
        if not scope or not set(scope) <= SCOPES:
            return "unauthorized_client. Invalid scope for client"
        return ""

    def _choices(self) -> list[tuple[User, list[tuple[Organisation, str]]]]:
        """Each user's organisations. Where the user has no sufficient role it is not even shown."""
        found = []
        for user in self.users.values():
            seen = [each for each in self.organisations.values() if user.roles.get(each.tenant) in MAY_CONNECT]
            found.append((user, [(org, self.why_not(user, org.tenant)) for org in seen]))
        return found

    def why_not(self, user: User, tenant: str) -> str:
        """Why the user cannot connect the organisation; empty: they can."""
        org = self.organisations.get(tenant)
        if org is None or user.roles.get(tenant) not in MAY_CONNECT:
            return "unknown organisation"
        holders = [each.user for each in self.tokens.connections if each.tenant == tenant]
        if holders and user.id not in holders:
            return "already connected"
        if not holders and not self.certified and org.other_uncertified_apps >= MOST_UNCERTIFIED:
            return "two uncertified apps are connected already"
        return ""

    def _too_many(self, user: User, tenants: list[str]) -> bool:
        new = [each for each in set(tenants) if self.tokens.connection(user.id, each) is None]
        return bool(new) and len(self.tokens.connections) + len(new) > self.max_connections

    def _token(self, request: Request) -> Response:
        form = request.form() if "form-urlencoded" in request.headers.get("content-type", "") else {}
        if not self._is_client(request, form):
            return _error("invalid_client")
        match form.get("grant_type"):
            case "authorization_code":
                found = self.tokens.exchange(form.get("code", ""), form.get("redirect_uri", ""))
            case "refresh_token":
                found = self.tokens.refresh(form.get("refresh_token", ""))
            case None:
                return _error("invalid_request")
            case _:
                return _error("unsupported_grant_type")
        return Response.of_json(self.token_answer(found)) if found else _error("invalid_grant")

    def token_answer(self, tokens: TokenSet) -> Doc:
        """The document of a token answer, with a new access token. No refresh token without offline_access."""
        scopes, at = tokens.scope.split(), self.tokens.now()
        access = jwt.token(self._claims(tokens, at))
        self.tokens.keep_access(tokens, access)
        answer: Doc = {
            "access_token": access,
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
            "scope": tokens.scope,
        }
        if "offline_access" in scopes:
            answer["refresh_token"] = tokens.refresh
        if "openid" in scopes:
            answer["id_token"] = jwt.token(self._identity(tokens, at))
        return answer

    def _claims(self, tokens: TokenSet, at: datetime) -> Doc:
        now = int(at.timestamp())
        return {
            "nbf": now,
            "exp": now + int(ACCESS_LIFE.total_seconds()),
            "iss": ISSUER,
            "aud": f"{ISSUER}/resources",
            "client_id": self.client_id,
            "sub": tokens.user.replace("-", ""),
            "auth_time": int(tokens.authorised.timestamp()),
            "xero_userid": tokens.user,
            "global_session_id": tokens.event.replace("-", ""),
            "jti": f"{len(tokens.access)}{tokens.refresh}"[:32],
            "authentication_event_id": tokens.event,
            "scope": tokens.scope.split(),
        }

    def _identity(self, tokens: TokenSet, at: datetime) -> Doc:
        user, now = self.users[tokens.user], int(at.timestamp())
        head = {"nbf": now, "exp": now + 300, "iss": ISSUER, "aud": self.client_id, "xero_userid": user.id}
        return head | {"email": user.email, "given_name": user.first, "family_name": user.last, "name": user.name}

    def _revoke(self, request: Request) -> Response:
        form = request.form()
        if not self._is_client(request, form):
            return _error("invalid_client")
        self.tokens.revoke(form.get("token", ""))  # an unknown one is no error (RFC 7009)
        return Response(200)

    def _connections(self, request: Request) -> Response:
        tokens = self._bearer(request)
        if tokens is None:
            return unauthorized("AuthenticationUnsuccessful")
        event = request.param("authEventId")
        found = [
            self._shown(each)
            for each in self.tokens.connections
            if each.user == tokens.user and event in (None, each.event)
        ]
        return Response.of_json(found)

    def _shown(self, each: Connection) -> Doc:
        return {
            "id": each.id,
            "authEventId": each.event,
            "tenantId": each.tenant,
            "tenantType": "ORGANISATION",
            "tenantName": self.organisations[each.tenant].name,
            "createdDateUtc": f"{each.created:%Y-%m-%dT%H:%M:%S.%f}0",
            "updatedDateUtc": f"{each.updated:%Y-%m-%dT%H:%M:%S.%f}0",
        }

    def _disconnect(self, request: Request, identifier: str) -> Response:
        tokens = self._bearer(request)
        if tokens is None:
            return unauthorized("AuthenticationUnsuccessful")
        mine = [each for each in self.tokens.connections if each.user == tokens.user and each.id == identifier.lower()]
        if not mine:
            return Response(404)
        self.tokens.connections = [each for each in self.tokens.connections if each.id != identifier.lower()]
        return Response(204)

    def _bearer(self, request: Request) -> TokenSet | None:
        return self.tokens.of_access(request.headers.get("authorization", "").removeprefix("Bearer "))

    def _is_client(self, request: Request, form: Mapping[str, str]) -> bool:
        """By Basic, or by client_id and client_secret in the body, as xero-python does."""
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        pair = f"{self.client_id}:{self.client_secret}".encode()
        if not scheme:
            return compare_digest(f"{form.get('client_id')}:{form.get('client_secret')}".encode(), pair)
        try:
            return scheme == "Basic" and compare_digest(b64decode(value, validate=True), pair)
        except binascii.Error:
            return False


def unauthorized(detail: str) -> Response:
    """The gateway's 401."""
    return problem(401, "Unauthorized", detail)


def problem(status: int, title: str, detail: str) -> Response:
    """What the gateway says when it does not let a call in (facts §6)."""
    instance = "6b1d0d4c-0b4e-4f0e-9c57-2f2f0d1f4a11"
    document = {"Type": None, "Title": title, "Status": status, "Detail": detail, "Instance": instance}
    return Response.of_json(document | {"Extensions": {}}, status)


def _error(word: str) -> Response:
    return Response.of_json({"error": word}, 400)


def _back(redirect: str, values: Mapping[str, str]) -> Response:
    return Response(302, {"location": redirect + ("&" if "?" in redirect else "?") + urlencode(values)})
