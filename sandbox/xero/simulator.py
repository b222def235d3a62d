"""Xero, simulated: one class, which tests put behind an HTTP client and the sandbox on a port."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import RLock
from zoneinfo import ZoneInfo

from sandbox.faults import Faults
from sandbox.wire import Request, Response
from sandbox.xero import control, gate, webhooks
from sandbox.xero.api import BASE, Api, nowhere
from sandbox.xero.bookkeeper import Bookkeeper
from sandbox.xero.documents import Doc
from sandbox.xero.limits import Limits
from sandbox.xero.oauth import DEFAULT_SCOPE, OAuth, problem
from sandbox.xero.organisation import Actor, Organisation
from sandbox.xero.refusals import Throttled, TurnedAway
from sandbox.xero.tokens import Tokens, User


class Xero:
    """The whole of it: login and identity, connections, Accounting API, webhooks, and what a bookkeeper does inside."""

    webhook_key = "xero-webhook-key"

    def __init__(self, *, now: Callable[[], datetime], sleep: Callable[[float], None] = lambda _seconds: None) -> None:
        self.now = now
        self.organisations: dict[str, Organisation] = {}
        self.users: dict[str, User] = {}
        self.tokens = Tokens(now)
        self.oauth = OAuth(self.tokens, self.organisations, self.users)
        self.api = Api()
        self.limits = Limits()
        self.faults = Faults(sleep, gate.broken)
        self.bookkeeper = Bookkeeper(self)
        self.calls_of: dict[str, int] = {}
        self._lock = RLock()
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
    def max_connections(self) -> int:
        """How many connections the app may have: 5 (Starter), 50 (Core)."""
        return self.oauth.max_connections

    @max_connections.setter
    def max_connections(self, most: int) -> None:
        self.oauth.max_connections = most

    @property
    def certified(self) -> bool:
        """Whether the app is certified; else an organisation with two uncertified apps takes no third."""
        return self.oauth.certified

    @certified.setter
    def certified(self, certified: bool) -> None:
        self.oauth.certified = certified

    @property
    def idempotency_memory(self) -> timedelta:
        """How long the answer to an Idempotency-Key is remembered."""
        return self.api.idempotency.memory

    @idempotency_memory.setter
    def idempotency_memory(self, memory: timedelta) -> None:
        self.api.idempotency.memory = memory

    @property
    def lookup_lag(self) -> timedelta:
        """How long a new document stays unseen by lists."""
        return self.api.lookup_lag

    @lookup_lag.setter
    def lookup_lag(self, lag: timedelta) -> None:
        self.api.lookup_lag = lag

    def add_organisation(
        self, tenant: str, name: str, *, version: str, country: str, base: str, zone: str, zone_name: str, short: str
    ) -> Organisation:
        """New, empty books. `zone` is IANA's name, `zone_name` Xero's own."""
        self.organisations[tenant] = Organisation(
            tenant, name, version, country, base, ZoneInfo(zone), zone_name, short, self.now
        )
        return self.organisations[tenant]

    def add_user(self, user: User) -> None:
        """A Xero user; GET /Users of the user's organisations shows them."""
        self.users[user.id] = user

    def grant(self, user: str, tenants: Iterable[str], scope: str = DEFAULT_SCOPE) -> Doc:
        """A consent without the browser: the token answer that the exchange would have given."""
        with self._lock:
            event = self.tokens.connect(user, tenants)
            return self.oauth.token_answer(self.tokens.consent(user, scope, event))

    def disconnect(self, tenant: str) -> None:
        """A person removes the app inside Xero: the organisation's connections go, the tokens live on."""
        with self._lock:
            self.tokens.disconnect(tenant)

    def webhooks(self) -> list[webhooks.Post]:
        """The posts that are due: (body, headers) each, signed; what is returned once is not returned again.

        Only connected organisations tell anything.
        """
        with self._lock:
            connected = {each.tenant for each in self.tokens.connections}
            found = [each for org in self.organisations.values() if org.tenant in connected for each in org.news]
            for org in self.organisations.values():
                org.news = []
            first, self._told = self._told + 1, self._told + len(found)
        return webhooks.posts(sorted(found, key=lambda news: news.at), self.webhook_key, first)

    def intent_to_receive(self) -> list[tuple[bytes, dict[str, str], int]]:
        """What Xero asks when a subscription begins: (body, headers, the status that must come back)."""
        return webhooks.intent_to_receive(self.webhook_key)

    def __call__(self, request: Request) -> Response:
        """Answer as Xero would. Raises ConnectionDropped when told to."""
        if request.path.startswith("/_control/"):
            with self._lock:
                return control.answer(self, request)
        tenant = request.headers.get("xero-tenant-id", "").lower() if request.path.startswith(BASE) else ""
        if not tenant:
            return self.faults.around(request, self._handle)
        with self._lock:
            try:
                self.limits.enter(tenant)
            except Throttled as throttled:
                self.faults.calls.append(f"{request.method} {request.path}")
                return gate.too_many(throttled, self.limits.headers(tenant, self.now()))
        try:
            return self.faults.around(request, self._handle)
        finally:
            with self._lock:
                self.limits.leave(tenant)

    def _handle(self, request: Request) -> Response:
        with self._lock:
            found = self.oauth.answer(request)
            if found is not None:
                return found
            if not request.path.startswith(BASE):
                return nowhere()
            try:
                org, actor = self._authorised(request)
                self.limits.count(org.tenant, self.now())
            except TurnedAway as refusal:
                return problem(refusal.status, refusal.title, refusal.detail)
            except Throttled as throttled:
                tenant = request.headers["xero-tenant-id"].lower()
                return gate.too_many(throttled, self.limits.headers(tenant, self.now()))
            self.calls_of[org.tenant] = self.calls_of.get(org.tenant, 0) + 1
            answer = self.api.answer(org, actor, request)
            return Response(
                answer.status, dict(answer.headers) | self.limits.headers(org.tenant, self.now()), answer.body
            )

    def _authorised(self, request: Request) -> tuple[Organisation, Actor]:
        tokens = gate.bearer(request, self.tokens)
        gate.demand_scope(request, tokens.scope.split())
        org = self.organisations.get(request.headers.get("xero-tenant-id", "").lower())
        user = self.users.get(tokens.user)
        if org is None or user is None or self.tokens.connection(user.id, org.tenant) is None:
            raise gate.forbidden()
        gate.demand_role(user, org.tenant)
        return org, Actor(user.name, app=True)
