"""Pipedrive's OAuth endpoints [D:marketplace-oauth-authorization]: authorize, token, revoke."""

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from sandbox.pipedrive.consent_page import consent_page
from sandbox.pipedrive.grants import ACCESS_LIFE, Grant, Grants
from sandbox.pipedrive.model import Company
from sandbox.wire import Request, Response

FORM = "application/x-www-form-urlencoded"
KNOWN = {"client_id", "redirect_uri", "state", "_user", "_company", "_deny"}


@dataclass
class OAuth:
    """The authorization server of one app."""

    client_id: str
    client_secret: str
    grants: Grants
    companies: dict[int, Company]
    scopes: Callable[[], str]
    api_domain: Callable[[Company], str]
    registered_redirects: list[str] = field(default_factory=list)

    def authorize(self, request: Request, now: datetime) -> Response:
        """The consent page, or at once its outcome when `_user` and `_company`, or `_deny`, say what a person chose."""
        redirect = request.param("redirect_uri") or ""
        if problem := self._wrong_request(request, redirect):
            return Response.of_json({"error": problem}, 400)
        if request.param("_deny"):
            # The docs say user_denied, the Node client's README access_denied.
            return self._back(request, redirect, error="user_denied")
        if not (request.param("_user") or request.param("_company")):
            return consent_page(request, self.companies, self.scopes())
        company = self.companies.get(_whole(request.param("_company")))
        user = company.users.get(_whole(request.param("_user"))) if company else None
        if company is None or user is None:
            return Response.of_json({"error": "There is no such user in that company"}, 400)
        return self._back(request, redirect, code=self.grants.new_code(company.id, user.id, redirect, now))

    def token(self, request: Request, now: datetime) -> Response:
        """A code or a refresh token against tokens.

        Sentences, all with 400: [D:marketplace-oauth-and-api-proxy-status-codes]; the envelope is RFC 6749's.
        """
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
            return _no("invalid_request", f"Invalid request: content must be {FORM}")
        form = request.form()
        if problem := self._wrong_client(request, form):
            return problem
        match form.get("grant_type"):
            case None | "":
                return _no("invalid_request", "Missing parameter: grant_type")
            case "authorization_code":
                return self._exchange(form, now)
            case "refresh_token":
                grant = self.grants.by_refresh(form.get("refresh_token", ""), now)
                if grant is None:
                    return _no("invalid_grant", "Invalid grant: refresh_token is invalid")
                return self._tokens(grant, now)
            case _:
                return _no("unsupported_grant_type", "Unsupported grant type: grant_type is invalid")

    def revoke(self, request: Request) -> Response:
        """End a token: 200 for one that is not valid, too [D:app-uninstallation]."""
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
            return _no("invalid_request", f"Invalid request: content must be {FORM}")
        form = request.form()
        if problem := self._wrong_client(request, form):
            return problem
        if not form.get("token"):
            return _no("invalid_request", "Missing parameter: token")
        self.grants.revoke(form["token"])
        return Response(200)

    def _exchange(self, form: dict[str, str], now: datetime) -> Response:
        if not form.get("code"):
            return _no("invalid_request", "Missing parameter: code")
        code = self.grants.codes.get(form["code"])
        if code is None:
            return _no("invalid_grant", "Invalid grant: authorization_code is invalid")
        if now >= code.expires:
            return _no("invalid_grant", "Invalid grant: authorization_code has expired")
        if form.get("redirect_uri") != code.redirect_uri:
            return _no("invalid_request", "Invalid request: redirect_uri is invalid")
        del self.grants.codes[form["code"]]
        return self._tokens(self.grants.install(code.company_id, code.user_id, now), now)

    def _tokens(self, grant: Grant, now: datetime) -> Response:
        document = {
            "access_token": self.grants.new_access(grant, now),
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()) - 1,
            "refresh_token": grant.refresh_token,
            "scope": self.scopes(),
            "api_domain": self.api_domain(self.companies[grant.company_id]),
        }
        return Response.of_json(document, headers={"cache-control": "no-store"})

    def _wrong_request(self, request: Request, redirect: str) -> str | None:
        if request.param("client_id") != self.client_id:
            return "Invalid client: client is invalid"
        if not redirect or (self.registered_redirects and redirect not in self.registered_redirects):
            return "Invalid redirect URL"  # [D:faq] quotes this envelope
        if unknown := set(request.query) - KNOWN:
            # [O1]: neither `scope` nor `response_type` is a parameter here; the stricter reading refuses them.
            return f"Unknown parameter: {', '.join(sorted(unknown))}"
        return None

    def _wrong_client(self, request: Request, form: dict[str, str]) -> Response | None:
        given = _basic(request.headers.get("authorization", "")) or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        if not all(given):
            return _no("invalid_client", "Invalid client: cannot retrieve client credentials")
        known = (self.client_id, self.client_secret)
        if not all(hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, known, strict=True)):
            return _no("invalid_client", "Invalid client: client is invalid")
        return None

    def _back(self, request: Request, redirect: str, **outcome: str) -> Response:
        """Send the browser to the app; `state` comes back as it was given, `code` and `error` exclude each other."""
        state = request.param("state")
        query = urlencode(outcome if state is None else {**outcome, "state": state})
        return Response(302, {"location": f"{redirect}{'&' if '?' in redirect else '?'}{query}"})


def _no(error: str, sentence: str) -> Response:
    return Response.of_json({"error": error, "error_description": sentence}, 400)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _basic(header: str) -> tuple[str, str] | None:
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret
