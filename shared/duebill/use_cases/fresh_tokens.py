"""Keep a token set fresh while many need it at once: guarantees §3, step by step.

One caller renews under a lease; the others read until the version moves and never ask the provider. An answer is
stored before anything else. Only a refusal of the grant itself disconnects, and only after every other explanation.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from duebill.domain.endings import WhyEnded
from duebill.domain.ids import CompanyId, TokenSetId
from duebill.domain.tokens import Grant, TokenSet
from duebill.errors import ConditionFailed, OutcomeUnknown, ReconnectRequired, TryLater
from duebill.outside.oauth import InvalidGrant
from duebill.ports import Clock, Randomness, TokenIssuer, Tokens

EARLY = timedelta(seconds=90)
LEASE = timedelta(seconds=30)
DOUBT_IS_DUE_IN = timedelta(seconds=60)
KEEP_ALIVE = timedelta(days=30)  # Pipedrive forgets after 60 idle days, Intuit after 100
NEEDED_SECONDS = 15.0
LOSERS_WAIT_SECONDS = 12.0
_POLL_SECONDS = 0.25
_RESERVE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class KeptTokens:
    """ports.AccessTokens for one token set. `on_dead` is told the reason once a person must consent again;
    `ended` is what that person reads.
    """

    company: CompanyId
    token_set: TokenSetId
    store: Tokens
    issuer: TokenIssuer
    clock: Clock
    randomness: Randomness
    on_dead: Callable[[str], None]
    ended: str = "The connection has ended. A person must connect again; settings and links are kept."

    def current(self) -> str:
        """A token good for the next call. Raises ReconnectRequired, TryLater."""
        found = self._read()
        if self.clock.now() < found.expires_at - EARLY:
            return found.access_token
        return self.renew(found).access_token

    def instead_of(self, refused: str) -> str:
        """A token after a 401: the stored one if it is another, else a renewed one."""
        found = self._read()
        if found.access_token != refused and self.clock.now() < found.expires_at - EARLY:
            return found.access_token
        return self.renew(found).access_token

    def renew(self, found: TokenSet) -> TokenSet:
        """Renew `found`, or wait for whoever is doing it. Raises ReconnectRequired, TryLater."""
        if self.clock.time_left() < NEEDED_SECONDS:
            raise TryLater("There was no time left to renew the connection.", retry_after=2)
        owner = self.randomness.token()
        now = self.clock.now()
        in_doubt = found.lease_owner is not None
        try:
            leased = self.store.take_lease(found, owner=owner, until=now + LEASE, now=now, due_at=now + DOUBT_IS_DUE_IN)
        except ConditionFailed:
            return self._wait_for_another(found.version)
        return self._renew_as_holder(leased, owner, in_doubt=in_doubt)

    def _renew_as_holder(self, leased: TokenSet, owner: str, *, in_doubt: bool) -> TokenSet:
        try:
            grant = self.issuer.refresh(leased.refresh_token)
        except InvalidGrant:
            return self._after_refusal(leased, in_doubt=in_doubt)
        except OutcomeUnknown as unknown:
            # The lease is left to run out: what it says then is "in doubt", and due work repeats the refresh.
            raise TryLater("The connection could not be renewed right now.", retry_after=30) from unknown
        except TryLater:
            if not in_doubt:
                self.store.release(leased, owner=owner)
            raise
        return self._save(leased, grant)

    def _after_refusal(self, leased: TokenSet, *, in_doubt: bool) -> TokenSet:
        stored = self._read()
        if stored.version != leased.version:
            return stored
        if in_doubt and leased.previous_refresh_token:
            try:
                return self._save(leased, self.issuer.refresh(leased.previous_refresh_token))
            except InvalidGrant:
                pass
            except OutcomeUnknown as unknown:
                raise TryLater("The connection could not be renewed right now.", retry_after=30) from unknown
        reason = WhyEnded.CUT_OFF.value if in_doubt else WhyEnded.WITHDRAWN.value
        try:
            self.store.mark_dead(leased, reason=reason)
        except ConditionFailed:
            return self._read()
        self.on_dead(reason)
        raise ReconnectRequired(self.ended, values={"reason": reason})

    def _save(self, leased: TokenSet, grant: Grant) -> TokenSet:
        renewed = renewed_set(leased, grant, self.clock.now())
        while True:
            try:
                self.store.store_grant(renewed, expected_version=leased.version, due_at=next_look(renewed))
            except ConditionFailed:
                return self._read()
            except TryLater:
                if self.clock.time_left() < _RESERVE_SECONDS:
                    raise
                self.clock.sleep(_POLL_SECONDS)
            else:
                return renewed

    def _wait_for_another(self, version: int) -> TokenSet:
        waited = 0.0
        while waited < LOSERS_WAIT_SECONDS and self.clock.time_left() > _RESERVE_SECONDS:
            found = self._read()
            if found.version != version:
                return found
            self.clock.sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS
        raise TryLater("The connection is being renewed. Please try again in a moment.", retry_after=5)

    def _read(self) -> TokenSet:
        found = self.store.get(self.company, self.token_set)
        if found is None:  # as after a restore, which brings no tokens back
            self.on_dead(WhyEnded.TOKENS_GONE.value)
            raise ReconnectRequired(self.ended)
        if found.dead_reason:
            raise ReconnectRequired(self.ended, values={"reason": found.dead_reason})
        return found


def renewed_set(old: TokenSet, grant: Grant, now: datetime) -> TokenSet:
    """The token set after an answer: one version further, without a lease, with the old refresh token kept."""
    return replace(
        old,
        version=old.version + 1,
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        previous_refresh_token=old.refresh_token if grant.refresh_token != old.refresh_token else None,
        expires_at=now + timedelta(seconds=grant.expires_in),
        refreshed_at=now,
        refresh_expires_at=_after(now, grant.refresh_expires_in) or old.refresh_expires_at,
        consent_ends_at=_after(now, grant.hard_expires_in) or old.consent_ends_at,
        lease_owner=None,
        lease_until=None,
        refresh_started_at=None,
        dead_reason=None,
    )


def next_look(token_set: TokenSet) -> datetime:
    """When due work renews a set that nobody uses: long before it dies, spread over a day by its id."""
    spread = timedelta(seconds=sum(token_set.id.encode()) * 997 % 86_400)
    return token_set.refreshed_at + KEEP_ALIVE + spread


def _after(now: datetime, seconds: int | None) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds else None
