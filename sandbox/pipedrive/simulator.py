"""Pipedrive, as the product meets it: OAuth, the REST API, and control routes for the sandbox and the tests.

Sources, as the rules in this folder cite them: [D:page] is https://pipedrive.readme.io/docs/page, [CL:post] is
https://developers.pipedrive.com/changelog/post/post, [O1] and [O2] are the official OpenAPI documents of v1 and v2.
What no source settles is read the stricter way.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from threading import RLock

from sandbox.faults import Faults
from sandbox.pipedrive import callbacks, control, envelope, jwt
from sandbox.pipedrive.api import Api
from sandbox.pipedrive.consent_page import html_page
from sandbox.pipedrive.grants import Grants
from sandbox.pipedrive.limits import Limits
from sandbox.pipedrive.merging import merge
from sandbox.pipedrive.model import DEALS, Company, Document
from sandbox.pipedrive.oauth import OAuth
from sandbox.pipedrive.webhooks import tell
from sandbox.wire import Request, Response

DEFAULT_SCOPES = ("base", "deals:full", "contacts:read", "products:read", "users:read")


class Pipedrive:
    """One simulated Pipedrive with the one app that is registered there.

    `scopes` are the app's, `limits.burst` its calls in 2 s, `hidden_status` (404 or 403) what a user gets for
    something that is not theirs to see; `warnings` collects calls that work but are traps. An empty
    `registered_redirects` takes any redirect address. `standin_url` is where the app-settings address leads,
    `token_life` how many seconds the token of a framed page is good for.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = lambda _: None,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.now = now
        self.client_id = "pipedrive-client"
        self.client_secret = "pipedrive-secret"
        self.jwt_secret = "pipedrive-jwt-secret-of-32-bytes-or-more"
        self.companies: dict[int, Company] = {}
        self.registered_redirects: list[str] = []
        self.standin_url: str | None = None
        self.token_life = 300  # seconds that a framed page's token is good for [S README]
        self.callback_path = "/oauth/pipedrive/callback"
        self.scopes = set(DEFAULT_SCOPES)
        self.api_domain_for: Callable[[Company], str] = lambda company: f"https://{company.domain}.pipedrive.com"
        self.grants = Grants(random_bytes)
        self.faults = Faults(sleep, _failed)
        self._api = Api(self.grants, self.companies, self._domain, lambda: self.scopes)
        self._lock = RLock()

    @property
    def limits(self) -> Limits:
        """The rate limits and what was spent of them."""
        return self._api.limits

    @property
    def warnings(self) -> list[str]:
        """Calls that did what they said and more."""
        return self._api.warnings

    @property
    def hidden_status(self) -> int:
        """404 or 403: the answer for something that is there but not for this user."""
        return self._api.hidden_status

    @hidden_status.setter
    def hidden_status(self, status: int) -> None:
        self._api.hidden_status = status

    def __call__(self, request: Request) -> Response:
        """Answer as Pipedrive would. Raises ConnectionDropped when told to."""
        if request.path.startswith("/_control/"):
            with self._lock:
                return control.answer(self, request)
        return self.faults.around(request, self._locked)

    def signed_token(self, company_id: int, user_id: int, *, ttl: int | None = None, **overrides: object) -> str:
        """The token for a framed page, good for `ttl` seconds or `token_life`. `overrides` replace claims."""
        issued = int(self.now().timestamp())
        ends = issued + (self.token_life if ttl is None else ttl)
        claims = {"userId": user_id, "companyId": company_id, "iat": issued, "exp": ends, **overrides}
        return jwt.sign({name: value for name, value in claims.items() if value is not None}, self.jwt_secret)

    def uninstall(self, company_id: int, user_id: int) -> Request:
        """Remove the app for a user; the notice to send to the app's callback address."""
        with self._lock:
            self.grants.uninstall(company_id, user_id)
            hooks = self.companies[company_id].webhooks
            for number in [hook["id"] for hook in hooks.values() if hook["owner_id"] == user_id]:
                del hooks[number]  # app webhooks are removed with the install [D:webhooks-for-apps]
        client = (self.client_id, self.client_secret)
        return callbacks.uninstalled(self.callback_path, client, company_id, user_id, self.now())

    def share(self, company_id: int, user_id: int, is_shared: bool) -> Request:  # noqa: FBT001  the notice's one word
        """The notice that the panel's shared visibility was switched."""
        return callbacks.shared(self.callback_path, company_id, user_id, is_shared=is_shared)

    def expire_access(self, company_id: int, user_id: int) -> None:
        """Make the user's access tokens expire now; the refresh token lives."""
        with self._lock:
            self.grants.expire_access(company_id, user_id)

    def edit_deal(self, deal_id: int, fields: Document) -> Document:
        """A person edits a deal in Pipedrive itself: no check but that the deal is there. Raises KeyError."""
        with self._lock:
            deal = self._deal(deal_id)
            company, before = self._company_of(deal_id), dict(deal)
            custom = fields.get("custom_fields", {})
            deal.update({**fields, "custom_fields": {**deal["custom_fields"], **custom}})
            deal["update_time"] = self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
            previous = {name: value for name, value in before.items() if deal[name] != value}
            tell(company, DEALS, "change", deal_id, self.now(), data=dict(deal), previous=previous, source="app")
            return dict(deal)

    def merge(self, company_id: int, entity: str, loser: int, winner: int) -> None:
        """A person merges two deals, persons or organizations in Pipedrive itself. Raises KeyError."""
        with self._lock:
            merge(self.companies[company_id], entity, loser, winner, self.now())

    def webhooks(self) -> list[tuple[str, bytes, dict[str, str]]]:
        """The posts that are due: (address, body, headers) each; what is returned once is not returned again."""
        with self._lock:
            found = [post for company in self.companies.values() for post in company.told]
            for company in self.companies.values():
                company.told = []
        return found

    def delete_field(self, entity: str, field_code: str) -> None:
        """An admin deletes a custom field in every company that has it. Raises KeyError when none has."""
        with self._lock:
            found = False
            for company in self.companies.values():
                kept = [row for row in company.fields[entity] if row["field_code"] != field_code]
                found = found or len(kept) < len(company.fields[entity])
                company.fields[entity] = kept
            if not found:
                raise KeyError(field_code)

    def _deal(self, deal_id: int) -> Document:
        return self._company_of(deal_id).deals[deal_id]

    def _company_of(self, deal_id: int) -> Company:
        for company in self.companies.values():
            if deal_id in company.deals:
                return company
        raise KeyError(deal_id)

    def _domain(self, company: Company) -> str:
        return self.api_domain_for(company)

    def _locked(self, request: Request) -> Response:
        with self._lock:
            return self._answer(request)

    def _answer(self, request: Request) -> Response:
        match (request.method, request.path.rstrip("/")):
            case ("GET", "/oauth/authorize"):
                return self._oauth().authorize(request, self.now())
            case ("POST", "/oauth/token"):
                return self._oauth().token(request, self.now())
            case ("POST", "/oauth/revoke"):
                return self._oauth().revoke(request)
            case ("GET", path) if path == f"/settings/marketplace/app/{self.client_id}/app-settings":
                return self._settings_page()
            case _:
                return self._api.answer(request, self.now())

    def _oauth(self) -> OAuth:
        return OAuth(
            self.client_id,
            self.client_secret,
            self.grants,
            self.companies,
            lambda: ",".join(sorted(self.scopes)),
            self.api_domain_for,
            self.registered_redirects,
        )

    def _settings_page(self) -> Response:
        """Where the app sends people after the install: the page that stands in for Pipedrive, if any."""
        if self.standin_url:
            return Response(302, {"location": self.standin_url})
        return html_page("Pipedrive (simulated): app settings", "<h1>App settings</h1>")


def _failed(status: int, _: Request) -> Response:
    """A fault's answer. 403 is Cloudflare's HTML: who keeps flooding after 429 meets it."""
    match status:
        case 401:
            return envelope.unauthorized().response()
        case 403:
            return Response(403, {"content-type": "text/html"}, b"<html><body>Error 1015: rate limited</body></html>")
        case 429:
            refusal = envelope.failure(429, "request over limit", envelope.ERROR_INFO)
            return Response.of_json(
                dict(refusal.document), 429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2"}
            )
        case _:
            return envelope.failure(status, "Internal Server Error", envelope.ERROR_INFO).response()
