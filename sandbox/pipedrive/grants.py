"""Consents and their tokens [D:marketplace-oauth-authorization]: a token belongs to one user of one company."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(minutes=60)
IDLE_LIFE = timedelta(days=60)


@dataclass(slots=True)
class Code:
    """An authorization code: 5 minutes, one use, bound to the redirect address."""

    company_id: int
    user_id: int
    redirect_uri: str
    expires: datetime


@dataclass(slots=True)
class Grant:
    """One install: a user of a company lets the app in. The refresh token stays the same as long as it is used."""

    company_id: int
    user_id: int
    refresh_token: str
    used: datetime
    access: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Grants:
    """All codes and grants. `random_bytes` makes the tokens."""

    random_bytes: Callable[[int], bytes]
    codes: dict[str, Code] = field(default_factory=dict)
    grants: dict[tuple[int, int], Grant] = field(default_factory=dict)

    def new_code(self, company_id: int, user_id: int, redirect_uri: str, now: datetime) -> str:
        """A code for the consent that was just given."""
        code = self.random_bytes(20).hex()
        self.codes[code] = Code(company_id, user_id, redirect_uri, now + CODE_LIFE)
        return code

    def install(self, company_id: int, user_id: int, now: datetime) -> Grant:
        """The grant of a new consent; it takes the place of an earlier one of this user."""
        refresh_token = f"{company_id}:{user_id}:{self.random_bytes(20).hex()}"
        grant = Grant(company_id, user_id, refresh_token, now)
        self.grants[company_id, user_id] = grant
        return grant

    def new_access(self, grant: Grant, now: datetime) -> str:
        """One more access token. It is opaque and long (the docs: varchar(768) at least, growing)."""
        token = f"v1u:{base64.b64encode(self.random_bytes(540)).decode()}"
        grant.access[token] = now + ACCESS_LIFE
        grant.used = now
        return token

    def by_refresh(self, token: str, now: datetime) -> Grant | None:
        """The grant of a refresh token that was used within the last 60 days."""
        for grant in self.grants.values():
            if grant.refresh_token == token and now < grant.used + IDLE_LIFE:
                return grant
        return None

    def by_access(self, token: str, now: datetime) -> Grant | None:
        """The grant of an access token that has not expired."""
        for grant in self.grants.values():
            expires = grant.access.get(token)
            if expires is not None and now < expires:
                return grant
        return None

    def revoke(self, token: str) -> None:
        """A refresh token ends the install, an access token only itself; what is unknown is no error (RFC 7009)."""
        for key, grant in list(self.grants.items()):
            if grant.refresh_token == token:
                del self.grants[key]
            grant.access.pop(token, None)

    def uninstall(self, company_id: int, user_id: int) -> None:
        """The user removed the app: every token of the install is dead."""
        self.grants.pop((company_id, user_id), None)

    def expire_access(self, company_id: int, user_id: int) -> None:
        """Age the access tokens of an install to their end, as an hour would."""
        if grant := self.grants.get((company_id, user_id)):
            grant.access.clear()
