"""Users, what they consented to, and the connections that came of it (facts §1.2, §1.5, §1.6)."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

ACCESS_LIFE = timedelta(minutes=30)
REFRESH_LIFE = timedelta(days=60)  # unused; each refresh gives a new one
GRACE = timedelta(minutes=30)  # the value before may be tried again this long (faq/oauth2)
CODE_LIFE = timedelta(minutes=5)
MAY_CONNECT = ("STANDARD", "FINANCIALADVISER")


@dataclass
class User:
    """A Xero user, with a role (OrganisationRole) in each organisation that the user is in."""

    id: str
    email: str
    first: str
    last: str
    roles: dict[str, str]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


@dataclass
class Connection:
    """That the app may see an organisation as a user."""

    id: str
    tenant: str
    user: str
    event: str
    created: datetime
    updated: datetime


@dataclass
class TokenSet:
    """The tokens of one consent."""

    user: str
    scope: str
    event: str
    refresh: str
    refresh_end: datetime
    authorised: datetime
    previous: dict[str, datetime] = field(default_factory=dict)
    access: dict[str, datetime] = field(default_factory=dict)
    revoked: bool = False


@dataclass
class Code:
    """An authorisation code that waits to be exchanged; the connections are there already."""

    user: str
    scope: str
    event: str
    redirect_uri: str
    end: datetime


@dataclass
class Tokens:
    """All consents of the app."""

    now: Callable[[], datetime]
    # Whether consenting again moves an existing connection to the new authEventId is not known; strict: it does not.
    reconsent_moves: bool = False
    sets: list[TokenSet] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    connections: list[Connection] = field(default_factory=list)
    _made: int = 0

    def connect(self, user: str, tenants: Iterable[str]) -> str:
        """The user's Allow: connections for the organisations; gives the id of this event."""
        event, at = self._id("event"), self.now()
        for tenant in tenants:
            known = self.connection(user, tenant)
            if known is None:
                self.connections.append(Connection(self._id("connection"), tenant, user, event, at, at))
            elif self.reconsent_moves:
                known.event, known.updated = event, at
        return event

    def code_for(self, user: str, scope: str, event: str, redirect_uri: str) -> str:
        """A new one-use code."""
        value = self._new("code")
        self.codes[value] = Code(user, scope, event, redirect_uri, self.now() + CODE_LIFE)
        return value

    def exchange(self, value: str, redirect_uri: str) -> TokenSet | None:
        """The token set that the code gives, once; None if it is unknown, used, too old or for another address."""
        code = self.codes.pop(value, None)
        if code is None or code.end <= self.now() or code.redirect_uri != redirect_uri:
            return None
        return self.consent(code.user, code.scope, code.event)

    def consent(self, user: str, scope: str, event: str) -> TokenSet:
        """A new token set. What older consents of the same user gave lives on (unverified)."""
        at = self.now()
        found = TokenSet(user, scope, event, self._new("refresh"), at + REFRESH_LIFE, at)
        self.sets.append(found)
        return found

    def keep_access(self, tokens: TokenSet, value: str) -> None:
        """Remember an access token that was given out."""
        tokens.access[value] = self.now() + ACCESS_LIFE

    def refresh(self, value: str) -> TokenSet | None:
        """The token set after a refresh, or None for `invalid_grant`.

        Each refresh rotates. The value before works for 30 minutes more, counted from its own rotation; what a
        repeated refresh gives takes the place of what the first one gave, which then has its 30 minutes too.
        """
        tokens = next((each for each in self.sets if value == each.refresh or value in each.previous), None)
        if tokens is None or tokens.revoked:
            return None
        at = self.now()
        if value == tokens.refresh:
            if at >= tokens.refresh_end:
                return None
        elif at - tokens.previous[value] >= GRACE:
            return None
        tokens.previous[tokens.refresh] = at
        tokens.refresh, tokens.refresh_end = self._new("refresh"), at + REFRESH_LIFE
        return tokens

    def revoke(self, value: str) -> bool:
        """End a refresh token, and with it ALL connections of its user to the app."""
        tokens = next((each for each in self.sets if value == each.refresh or value in each.previous), None)
        if tokens is None:
            return False
        tokens.revoked = True
        self.connections = [each for each in self.connections if each.user != tokens.user]
        return True

    def forget_user(self, user: str) -> None:
        """The user takes everything back: every token set of theirs ends, every connection goes."""
        for each in self.sets:
            each.revoked = each.revoked or each.user == user
        self.connections = [each for each in self.connections if each.user != user]

    def disconnect(self, tenant: str) -> None:
        """What a person does inside Xero: the organisation's connections go; tokens live on."""
        self.connections = [each for each in self.connections if each.tenant != tenant]

    def expire_access(self) -> None:
        """Let every access token end now."""
        for each in self.sets:
            each.access = dict.fromkeys(each.access, self.now())

    def of_access(self, value: str) -> TokenSet | None:
        """The token set of an access token that is alive. It outlives a revocation: it is a JWT."""
        found = next((each for each in self.sets if value in each.access), None)
        return found if found and found.access[value] > self.now() else None

    def connection(self, user: str, tenant: str) -> Connection | None:
        """The user's connection to an organisation."""
        return next((each for each in self.connections if (each.user, each.tenant) == (user, tenant)), None)

    def _id(self, kind: str) -> str:
        self._made += 1
        return str(uuid5(NAMESPACE_URL, f"{kind}/{self._made}"))

    def _new(self, kind: str) -> str:
        self._made += 1
        return hashlib.sha256(f"{kind}{self._made}".encode()).hexdigest()[:43]
