"""A token set is renewed by one caller at a time, and only the provider's word ends it (guarantees §3)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from duebill.domain.ids import CompanyId, TokenSetId
from duebill.domain.tokens import Issuer, TokenSet
from duebill.errors import OutcomeUnknown, ReconnectRequired, TryLater
from duebill.outside.oauth import InvalidGrant
from duebill.use_cases.fresh_tokens import KEEP_ALIVE, KeptTokens
from duebill.use_cases.keep_token_set import keep_token_set
from tests.fakes.books_world import BooksWorld
from tests.fakes.memory_stores import Stores
from tests.fakes.quickbooks import QuickBooksWorld
from tests.fakes.xero import XeroWorld

COMPANY, SET = CompanyId(1), TokenSetId("t1")
TOKEN_CALL = r"POST /(oauth2/v1/tokens/bearer|connect/token)$"


class WaitingClock:
    """A clock whose sleeping lets time pass, and lets something else happen meanwhile."""

    def __init__(self, world: BooksWorld) -> None:
        self.world = world
        self.left = 29.0
        self.meanwhile: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.world.clock.now()

    def sleep(self, seconds: float) -> None:
        self.world.wait(seconds=seconds)
        self.meanwhile()

    def time_left(self) -> float:
        return self.left


class Counter:
    """ports.Randomness without any."""

    def __init__(self) -> None:
        self.count = 0

    def token(self) -> str:
        self.count += 1
        return f"owner-{self.count}"


class TokenBench:
    """One consent at a simulated provider, stored in memory."""

    def __init__(self, world: BooksWorld) -> None:
        self.world = world
        self.clock = WaitingClock(self.world)
        self.stores = Stores()
        self.deaths: list[str] = []
        self.kept = KeptTokens(
            COMPANY, SET, self.stores.tokens, self.world.issuer, self.clock, Counter(), self.deaths.append
        )
        now = self.clock.now()
        self.first = TokenSet(
            company=COMPANY,
            id=SET,
            issuer=Issuer(world.provider.value),
            version=1,
            access_token=self.world.tokens.access_token,
            refresh_token=self.world.tokens.refresh_token,
            expires_at=now + timedelta(minutes=world.token_minutes),
            refreshed_at=now,
        )
        self.stores.tokens.create(self.first, due_at=now + KEEP_ALIVE)

    @property
    def stored(self) -> TokenSet:
        found = self.stores.tokens.get(COMPANY, SET)
        assert found is not None
        return found

    @property
    def exchanges(self) -> int:
        return self.world.calls("/tokens/bearer") + self.world.calls("/connect/token")

    def lease_to_somebody(self) -> TokenSet:
        now = self.clock.now()
        return self.stores.tokens.take_lease(
            self.stored, owner="somebody", until=now + timedelta(seconds=30), now=now, due_at=now
        )


@pytest.fixture(params=[QuickBooksWorld, XeroWorld])
def bench(request: pytest.FixtureRequest) -> TokenBench:
    return TokenBench(request.param())


def intuit(rotation: str) -> TokenBench:
    """A consent at QuickBooks, which is said to treat a token that was replaced in two ways."""
    world = QuickBooksWorld()
    world.simulator.tokens.rotation = rotation  # type: ignore[assignment]  # one of its two words
    return TokenBench(world)


def test_a_good_token_is_used_without_asking(bench: TokenBench) -> None:
    assert bench.kept.current() == bench.first.access_token
    assert bench.exchanges == 0


def test_an_expired_token_is_renewed_once_and_stored(bench: TokenBench) -> None:
    bench.world.wait(hours=1)
    token = bench.kept.current()
    assert token == bench.stored.access_token != bench.first.access_token
    assert bench.kept.current() == token
    assert bench.exchanges == 1


def test_a_loser_waits_for_the_winner_and_never_asks_the_provider(bench: TokenBench) -> None:
    bench.world.wait(hours=1)
    leased = bench.lease_to_somebody()
    renewed = replace(leased, access_token="theirs", version=2, expires_at=bench.clock.now() + timedelta(hours=1))
    bench.clock.meanwhile = lambda: (
        bench.stores.tokens.store_grant(renewed, expected_version=1, due_at=bench.clock.now())
        if bench.stored.version == 1
        else None
    )
    assert bench.kept.current() == "theirs"
    assert bench.exchanges == 0


def test_a_loser_whose_winner_takes_too_long_is_told_to_come_back(bench: TokenBench) -> None:
    bench.world.wait(hours=1)
    bench.lease_to_somebody()
    with pytest.raises(TryLater) as later:
        bench.kept.current()
    assert later.value.retry_after
    assert bench.exchanges == 0


def test_no_renewal_is_begun_without_time_to_finish_it(bench: TokenBench) -> None:
    bench.world.wait(hours=1)
    bench.clock.left = 14.0
    with pytest.raises(TryLater):
        bench.kept.current()
    assert bench.exchanges == 0


def test_a_401_with_an_older_token_does_not_renew(bench: TokenBench) -> None:
    assert bench.kept.instead_of("an older one") == bench.first.access_token
    assert bench.exchanges == 0


def test_a_401_with_the_stored_token_renews(bench: TokenBench) -> None:
    assert bench.kept.instead_of(bench.first.access_token) != bench.first.access_token
    assert bench.exchanges == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_error_disconnects_nobody_and_leaves_the_renewal_in_doubt(bench: TokenBench, status: int) -> None:
    bench.world.wait(hours=1)
    bench.world.fail("status", where=TOKEN_CALL, status=status)
    with pytest.raises(TryLater):
        bench.kept.current()
    assert bench.stored.dead_reason is None
    assert bench.stored.lease_owner is not None
    bench.world.wait(seconds=31)
    assert bench.kept.current() == bench.stored.access_token
    assert bench.deaths == []


def test_a_renewal_whose_answer_was_lost_is_repeated_with_the_same_token(bench: TokenBench) -> None:
    bench.world.wait(hours=1)  # younger than a day: Intuit does not rotate yet
    bench.world.fail("drop_after_commit", where=TOKEN_CALL)
    with pytest.raises(TryLater):
        bench.kept.current()
    bench.world.wait(seconds=61)
    keep_token_set(bench.kept, store=bench.stores.tokens, clock=bench.clock)
    assert bench.stored.version == 2
    assert bench.deaths == []


def test_a_lost_answer_with_a_rotated_token_ends_in_reconnect_with_the_reason_where_intuit_is_strict() -> None:
    bench = intuit("strict")
    bench.world.wait(hours=25)
    bench.world.fail("drop_after_commit", where=TOKEN_CALL)
    with pytest.raises(TryLater):
        bench.kept.current()
    bench.world.wait(seconds=61)
    keep_token_set(bench.kept, store=bench.stores.tokens, clock=bench.clock)
    assert bench.stored.dead_reason
    assert bench.deaths == [bench.stored.dead_reason]
    with pytest.raises(ReconnectRequired):
        bench.kept.current()


def test_a_lost_answer_with_a_rotated_token_heals_where_intuit_gives_grace() -> None:
    bench = intuit("grace")
    bench.world.wait(hours=25)
    bench.world.fail("drop_after_commit", where=TOKEN_CALL)
    with pytest.raises(TryLater):
        bench.kept.current()
    bench.world.wait(seconds=61)
    keep_token_set(bench.kept, store=bench.stores.tokens, clock=bench.clock)
    assert bench.stored.version == 2
    assert bench.deaths == []


def test_a_refused_grant_asks_the_store_before_it_asks_a_person(bench: TokenBench) -> None:
    bench.world.wait(hours=1)
    stale = bench.stored
    bench.kept.current()
    newer = bench.stored
    assert bench.kept.renew(stale).version == newer.version
    assert bench.exchanges == 1


def test_a_withdrawn_consent_becomes_reconnect_and_is_not_asked_again(bench: TokenBench) -> None:
    bench.world.end_consent()
    bench.world.wait(hours=1)
    with pytest.raises(ReconnectRequired):
        bench.kept.current()
    asked = bench.exchanges
    with pytest.raises(ReconnectRequired):
        bench.kept.current()
    assert bench.exchanges == asked
    assert len(bench.deaths) == 1


def test_a_late_holder_still_saves_what_it_got(bench: TokenBench) -> None:
    bench.world.wait(hours=1)
    leased = bench.lease_to_somebody()
    bench.world.wait(minutes=5)  # its lease is long over
    late = replace(leased, access_token="late", version=2)
    bench.stores.tokens.store_grant(late, expected_version=1, due_at=bench.clock.now())
    assert bench.stored.access_token == "late"


def test_an_answer_is_stored_again_and_again_until_the_store_takes_it(
    bench: TokenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.world.wait(hours=1)
    tries = []
    store_grant = bench.stores.tokens.store_grant

    def stubborn(*args: object, **kwargs: object) -> None:
        tries.append(1)
        if len(tries) < 4:
            raise TryLater
        store_grant(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(bench.stores.tokens, "store_grant", stubborn)
    assert bench.kept.current() == bench.stored.access_token
    assert (len(tries), bench.exchanges) == (4, 1)


def test_a_request_that_surely_was_not_sent_gives_the_lease_back(
    bench: TokenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.world.wait(hours=1)

    def unreachable(_: str) -> None:
        raise TryLater("no connection")

    monkeypatch.setattr(type(bench.world.issuer), "refresh", lambda _, token: unreachable(token))
    with pytest.raises(TryLater):
        bench.kept.current()
    assert bench.stored.lease_owner is None


def test_a_set_that_nobody_uses_is_renewed_before_it_dies(bench: TokenBench) -> None:
    bench.world.wait(days=32)
    keep_token_set(bench.kept, store=bench.stores.tokens, clock=bench.clock)
    assert bench.stored.version == 2
    assert bench.stored.refreshed_at == bench.clock.now()


def test_a_renewal_that_times_out_is_in_doubt_not_over(bench: TokenBench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.world.wait(hours=1)

    def silent(_: object, __: str) -> None:
        raise OutcomeUnknown

    monkeypatch.setattr(type(bench.world.issuer), "refresh", silent)
    with pytest.raises(TryLater):
        bench.kept.current()
    assert bench.stored.lease_owner is not None
    assert bench.stored.dead_reason is None


def test_a_set_that_is_gone_says_so_on_the_connection(bench: TokenBench) -> None:
    bench.stores.tokens.remove(COMPANY, SET)
    with pytest.raises(ReconnectRequired):
        bench.kept.current()
    assert len(bench.deaths) == 1


def test_a_grant_that_is_refused_because_another_renewed_meanwhile_is_not_tried_with_older_tokens(
    bench: TokenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try with a token that was replaced may cost the consent: the store is read before the next one."""
    bench.world.wait(hours=1)
    first = bench.lease_to_somebody()
    bench.world.wait(seconds=31)  # the lease ran out: a renewal in doubt, with an older token to fall back on
    bench.stores.tokens.store_grant(
        replace(first, access_token="a2", refresh_token="r2", previous_refresh_token="r1", version=2),
        expected_version=1,
        due_at=bench.clock.now(),
    )
    in_doubt = bench.lease_to_somebody()
    bench.world.wait(seconds=31)
    asked: list[str] = []

    def refuse(_: object, refresh_token: str) -> None:
        asked.append(refresh_token)
        late = replace(in_doubt, access_token="a3", refresh_token="r3", version=3)
        bench.stores.tokens.store_grant(late, expected_version=2, due_at=bench.clock.now())
        raise InvalidGrant

    monkeypatch.setattr(type(bench.kept.issuer), "refresh", refuse)
    assert bench.kept.renew(bench.stored).access_token == "a3"
    assert asked == ["r2"]
    assert bench.deaths == []


def test_a_lost_answer_with_a_rotated_token_heals_for_half_an_hour_at_xero_and_for_all_organisations() -> None:
    bench = TokenBench(XeroWorld())
    bench.world.wait(minutes=30)
    bench.world.fail("drop_after_commit", where=TOKEN_CALL)
    with pytest.raises(TryLater):
        bench.kept.current()
    bench.world.wait(minutes=2)
    bench.world.tokens.access_token = bench.kept.current()
    assert bench.deaths == []
    assert bench.world.opened().describe()
