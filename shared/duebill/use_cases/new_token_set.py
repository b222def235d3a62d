"""The first token set of a consent."""

from datetime import datetime, timedelta

from duebill.domain.ids import CompanyId, TokenSetId
from duebill.domain.tokens import Grant, Issuer, TokenSet


def new_token_set(company: CompanyId, token_set: TokenSetId, issuer: Issuer, grant: Grant, now: datetime) -> TokenSet:
    """What is kept of `grant`, answered at `now`."""
    return TokenSet(
        company=company,
        id=token_set,
        issuer=issuer,
        version=1,
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        expires_at=now + timedelta(seconds=grant.expires_in),
        refreshed_at=now,
        refresh_expires_at=_after(now, grant.refresh_expires_in),
        consent_ends_at=_after(now, grant.hard_expires_in),
    )


def _after(now: datetime, seconds: int | None) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds else None
