"""Token families: what one consent gives, how it ages, rotates and dies (facts §1)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

ACCESS_LIFE = timedelta(seconds=3600)  # S-OAUTH
REFRESH_LIFE = timedelta(days=100)  # rolling, extended by each refresh (S-OAUTH)
HARD_LIFE = timedelta(seconds=157_680_000)  # five years from the consent (S-RTOK)
ROTATES_AFTER = timedelta(hours=24)  # S-OAUTH; laravel-quickbooks-client#46
GRACE = timedelta(hours=24)  # oauth2-nodejs#2 and oauth-jsclient#74 say so; PHP-SDK#324, #454 say there is none
CODE_LIFE = timedelta(minutes=10)  # from memory, in no source at hand

Rotation = Literal["strict", "grace"]


@dataclass
class Family:
    """The tokens of one consent."""

    realm: str
    scope: str
    hard_end: datetime
    refresh: str
    issued_at: datetime
    refresh_end: datetime
    previous: dict[str, datetime] = field(default_factory=dict)
    access: dict[str, datetime] = field(default_factory=dict)
    revoked: bool = False


@dataclass
class Code:
    """An authorisation code that waits to be exchanged."""

    realm: str
    scope: str
    redirect_uri: str
    end: datetime


@dataclass
class Tokens:
    """All codes and families of the app."""

    now: Callable[[], datetime]
    rotation: Rotation
    families: list[Family] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    _made: int = 0

    def code_for(self, realm: str, scope: str, redirect_uri: str) -> str:
        """A new one-use code."""
        value = self._new("code")
        self.codes[value] = Code(realm, scope, redirect_uri, self.now() + CODE_LIFE)
        return value

    def exchange(self, value: str, redirect_uri: str) -> Family | None:
        """The family that the code gives, once; None if it is unknown, used, too old or for another address."""
        code = self.codes.pop(value, None)
        if code is None or code.end <= self.now() or code.redirect_uri != redirect_uri:
            return None
        return self.consent(code.realm, code.scope)

    def consent(self, realm: str, scope: str = "com.intuit.quickbooks.accounting") -> Family:
        """A new family. What an older consent for the same realm gave stays valid (unverified)."""
        at = self.now()
        family = Family(realm, scope, at + HARD_LIFE, self._new("refresh"), at, at + REFRESH_LIFE)
        self.families.append(family)
        self.give_access(family)
        return family

    def give_access(self, family: Family) -> str:
        """A new access token of the family."""
        value = self._new("access")
        family.access[value] = self.now() + ACCESS_LIFE
        return value

    def refresh(self, value: str, *, overlaps: bool = False) -> Family | None:
        """The family after a refresh, or None for `invalid_grant`.

        Two refreshes with one token that meet, or one with a value that was rotated away, are the trap of S-OAUTH: the
        second is refused, and in "strict" what the first got dies too.
        """
        family = self.of_refresh(value)
        if family is None or family.revoked or self.now() >= min(family.refresh_end, family.hard_end):
            return None
        late = value != family.refresh
        if overlaps or (late and not self._in_grace(family, value)):
            family.revoked = family.revoked or self.rotation == "strict"
            return None
        at = self.now()
        if not late and at - family.issued_at > ROTATES_AFTER:
            family.previous[value] = at
            family.refresh, family.issued_at = self._new("refresh"), at
        family.refresh_end = min(at + REFRESH_LIFE, family.hard_end)
        return family

    def revoke(self, value: str) -> bool:
        """End the family of a refresh or access token; False if there is none."""
        family = self.of_refresh(value) or self.of_access(value)
        if family is None or family.revoked:
            return False
        family.revoked = True
        return True

    def disconnect(self, realm: str) -> None:
        """What a person does inside QuickBooks: every consent for the company ends."""
        for family in self.families:
            family.revoked = family.revoked or family.realm == realm

    def expire_access(self, realm: str) -> None:
        """Let the access tokens of a company end now."""
        for family in self.families:
            if family.realm == realm:
                family.access = dict.fromkeys(family.access, self.now())

    def of_refresh(self, value: str) -> Family | None:
        """The family that has, or had, this refresh token."""
        return next((each for each in self.families if value == each.refresh or value in each.previous), None)

    def of_access(self, value: str) -> Family | None:
        """The family of an access token, dead or alive."""
        return next((each for each in self.families if value in each.access), None)

    def _in_grace(self, family: Family, value: str) -> bool:
        return self.rotation == "grace" and self.now() < family.previous[value] + GRACE

    def _new(self, kind: str) -> str:
        self._made += 1
        digest = hashlib.sha256(f"{kind}{self._made}".encode()).hexdigest()
        return {"code": "AB1", "refresh": "RT1-", "access": "eyJ"}[kind] + digest[:36]
