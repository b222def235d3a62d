"""The app-extension token: who is looking at a page that Pipedrive frames (pipedrive.md §2.3).

It names a company and a user and nothing else; the deal is not in it and must be checked with the user's own eyes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from jwt.types import Options

from duebill.domain.ids import CompanyId, UserId
from duebill.errors import NotAuthenticated

LEEWAY_SECONDS = 10
_LONGEST = 4096
# The clock is ours: PyJWT would look at the system's.
_OPTIONS: Options = {
    "verify_signature": True,
    "require": ["exp", "userId", "companyId"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a token speaks for."""

    company: CompanyId
    user: UserId


def verify(token: str, *, secrets: Sequence[str], now: datetime) -> Caller:
    """Who `token` speaks for at `now`; any of `secrets` (newest first) may have signed it.

    Raises NotAuthenticated for whatever is not a current, unaltered HS256 token with both ids.
    """
    claims = _claims(token, secrets)
    seconds = now.timestamp()
    if not _is_whole(claims["exp"]) or claims["exp"] + LEEWAY_SECONDS <= seconds:
        raise NotAuthenticated("This page was open for too long. Please reload it.", code="token_expired")
    for begins in ("iat", "nbf"):
        if begins in claims and (not _is_whole(claims[begins]) or claims[begins] - LEEWAY_SECONDS > seconds):
            raise _refused()
    company, user = claims["companyId"], claims["userId"]
    if not (_is_whole(company) and _is_whole(user) and company > 0 and user > 0):
        raise _refused()
    return Caller(CompanyId(company), UserId(user))


def _claims(token: str, secrets: Sequence[str]) -> dict[str, Any]:
    if not token or len(token) > _LONGEST:
        raise _refused()
    for secret in secrets:
        if not secret:
            continue
        try:
            claims: dict[str, Any] = jwt.decode(token, secret, algorithms=["HS256"], options=_OPTIONS)
        except jwt.InvalidSignatureError:
            continue
        except jwt.PyJWTError:
            break
        else:
            return claims
    raise _refused()


def _is_whole(value: object) -> bool:
    """A JSON integer; true is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _refused() -> NotAuthenticated:
    return NotAuthenticated("Pipedrive did not vouch for this page. Please reload it.")
