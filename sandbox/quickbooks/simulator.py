"""QuickBooks Online, simulated: one class, which tests put behind an HTTP client and the sandbox on a port."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import RLock
from zoneinfo import ZoneInfo

from sandbox.faults import Faults
from sandbox.quickbooks import refusals, webhooks
from sandbox.quickbooks.api import Api, Memory
from sandbox.quickbooks.bookkeeper import Bookkeeper
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.limits import Limits, throttled
from sandbox.quickbooks.oauth import TOKEN, OAuth
from sandbox.quickbooks.refusals import TurnedAway
from sandbox.quickbooks.tokens import Rotation, Tokens
from sandbox.wire import Request, Response

_SCOPE = "com.intuit.quickbooks.accounting"


class QuickBooks:
    """The whole of it: OAuth server, gateway, Accounting API, webhooks, and what a bookkeeper does inside."""

    verifier_token = "quickbooks-verifier"
    void_verb = "voided"

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = lambda _seconds: None,
        rotation: Rotation = "strict",
    ) -> None:
        self.now = now
        self.companies: dict[str, Company] = {}
        self.tokens = Tokens(now, rotation)
        self.oauth = OAuth(self.tokens, self.companies)
        self.api = Api()
        self.limits = Limits()
        self.faults = Faults(sleep, self._broken)
        self.bookkeeper = Bookkeeper(self)
        self._lock = RLock()
        self._served = 0
        self._told = 0

    @property
    def client_id(self) -> str:
        """The app's client id."""
        return self.oauth.client_id

    @property
    def client_secret(self) -> str:
        """The app's client secret."""
        return self.oauth.client_secret

    @property
    def registered_redirects(self) -> list[str]:
        """Redirect addresses that are accepted; empty: any."""
        return self.oauth.registered_redirects

    @property
    def requestid_memory(self) -> Memory:
        """How long the answer to a `requestid` is remembered."""
        return self.api.requestid_memory

    @requestid_memory.setter
    def requestid_memory(self, memory: Memory) -> None:
        self.api.requestid_memory = memory

    @property
    def lookup_lag(self) -> timedelta:
        """How long a new object stays unseen by queries and CDC."""
        return self.api.lookup_lag

    @lookup_lag.setter
    def lookup_lag(self, lag: timedelta) -> None:
        self.api.lookup_lag = lag

    def add_company(self, realm: str, name: str, *, country: str, home: str, zone: str) -> Company:
        """New, empty books."""
        self.companies[realm] = Company(realm, name, country, home, ZoneInfo(zone), self.now)
        return self.companies[realm]

    def grant(self, realm: str, scope: str = _SCOPE) -> dict[str, object]:
        """A consent without the browser: the token answer that the exchange would have given."""
        with self._lock:
            return self.oauth.token_answer(self.tokens.consent(realm, scope))

    def disconnect(self, realm: str) -> None:
        """A person removes the app inside QuickBooks: all its tokens for the company die."""
        with self._lock:
            self.tokens.disconnect(realm)

    def webhooks(self, *, legacy: bool = False) -> list[webhooks.Post]:
        """The posts that are due: (body, headers) each, signed; what is returned once is not returned again."""
        with self._lock:
            news = sorted((each for company in self.companies.values() for each in company.news), key=lambda n: n.at)
            for company in self.companies.values():
                company.news = []
            first, self._told = self._told, self._told + len(news)
        if legacy:
            return webhooks.legacy(news, self.verifier_token)
        return webhooks.cloud_events(news, self.verifier_token, self.void_verb, first)

    def __call__(self, request: Request) -> Response:
        """Answer as QuickBooks would. Raises ConnectionDropped when told to."""
        if request.path.startswith("/_control/"):
            with self._lock:
                return self.bookkeeper.control(request)
        if request.path.startswith("/.well-known/"):
            return self._handle(request)
        realm = _realm(request.path)
        with self._lock:
            self._served += 1
            try:
                self.limits.enter(realm)
            except TurnedAway as refusal:
                return self._turned_away(refusal)
        try:
            with self.oauth.refreshing(request) as overlaps:
                answer = self.faults.around(request, lambda each: self._handle(each, overlaps=overlaps))
        finally:
            with self._lock:
                self.limits.leave(realm)
        return Response(answer.status, {"intuit_tid": self._reference(), **answer.headers}, answer.body)

    def _handle(self, request: Request, *, overlaps: bool = False) -> Response:
        with self._lock:
            try:
                found = self.oauth.answer(request, overlaps=overlaps)
                if found is not None:
                    return found
                company = self._authorised(request)
                if company is None:
                    return Response(404, {"content-type": "text/html"}, b"<html><body>404 Not Found</body></html>")
                self.limits.count(company.realm, self.now(), batch=request.path.endswith("/batch"))
                return self.api.answer(company, request)
            except TurnedAway as refusal:
                return self._turned_away(refusal)

    def _authorised(self, request: Request) -> Company | None:
        """The company of the path, if the caller's token opens it. Raises TurnedAway: 401/3200, 403/3100."""
        if not request.path.startswith("/v3/company/"):
            return None
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        family = self.tokens.of_access(token)
        if scheme != "Bearer" or family is None or family.revoked or family.access[token] <= self.now():
            raise TurnedAway(401, "3200", "AuthenticationFailed", f"Token expired: {token[:8]}")
        company = self.companies.get(_realm(request.path))
        if company is None or family.realm != company.realm or _SCOPE not in family.scope.split():
            raise TurnedAway(403, "3100", "ApplicationAuthorizationFailed", "AuthorizationFailed", "AUTHORIZATION")
        return company

    def _broken(self, status: int, request: Request) -> Response:
        """What a fault of the kind `status` looks like."""
        if request.path == TOKEN:
            words = {400: "invalid_grant", 401: "invalid_client"}
            if status in words:
                return Response.of_json({"error": words[status]}, status)
            return Response(status, {"content-type": "text/html"}, b"<html><body>error</body></html>")
        match status:
            case 401:
                return self._turned_away(TurnedAway(401, "3200", "AuthenticationFailed", "Token revoked"))
            case 403:
                detail = "AuthorizationFailed"
                return self._turned_away(TurnedAway(403, "3100", "ApplicationAuthorizationFailed", detail))
            case 429:
                return self._turned_away(throttled())
            case 500:
                message = "An application error has occurred while processing your request"
                fault = refusals.Refused("10000", message, "System Failure Error", kind="SystemFault").fault()
                return Response.of_json({"Fault": fault, "time": self.now().isoformat()}, 500)
            case _:
                return Response(status, {"content-type": "text/html"}, b"<html><body>Service Unavailable</body></html>")

    def _turned_away(self, refusal: TurnedAway) -> Response:
        answer = refusals.gateway_answer(refusal, int(self.now().timestamp() * 1000))
        return Response(answer.status, {"intuit_tid": self._reference(), **answer.headers}, answer.body)

    def _reference(self) -> str:
        """The support reference that every answer carries as `intuit_tid`."""
        return "1-" + hashlib.sha256(str(self._served).encode()).hexdigest()[:32]


def _realm(path: str) -> str:
    parts = path.split("/")
    return parts[3] if path.startswith("/v3/company/") and len(parts) > 3 else ""
