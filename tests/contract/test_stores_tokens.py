"""What every store of token sets does: one renews at a time, and no answer is lost."""

from dataclasses import replace
from datetime import datetime

import pytest

from duebill.domain.due import SHARDS, DueId, DueKind
from duebill.domain.ids import TokenSetId
from duebill.domain.tokens import TokenSet
from duebill.errors import ConditionFailed
from tests.fakes.memory_stores import Stores
from tests.fakes.stored_examples import COMPANY, NOW, OTHER_COMPANY, TOKEN_SET, after, token_set

WORK = DueId(DueKind.TOKEN, COMPANY, (TOKEN_SET,))


def due_by(stores: Stores, moment: datetime) -> list[DueId]:
    """What is due by `moment`; it is claimed and due again at once."""
    return [
        work
        for shard in range(SHARDS)
        for work in stores.due.claim(DueKind.TOKEN, shard, now=moment, again_at=moment, limit=100)
    ]


def created(stores: Stores, **other: object) -> TokenSet:
    stores.tokens.create(token_set(**other), due_at=after(days=30))
    return token_set(**other)


def lease(stores: Stores, of: TokenSet, owner: str = "a", at: datetime = NOW) -> TokenSet:
    return stores.tokens.take_lease(
        of, owner=owner, until=at.replace(second=30), now=at, due_at=at.replace(minute=at.minute + 1)
    )


def renewed(of: TokenSet) -> TokenSet:
    return replace(
        of,
        version=of.version + 1,
        access_token="access-2",
        refresh_token="refresh-2",
        previous_refresh_token="refresh-1",
        expires_at=after(hours=2),
        refreshed_at=after(seconds=9),
    )


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"previous_refresh_token": None, "refresh_expires_at": None, "consent_ends_at": None},
        {"dead_reason": "withdrawn"},
        {"lease_owner": "a", "lease_until": after(seconds=30), "refresh_started_at": NOW},
    ],
)
def test_a_token_set_is_read_as_it_was_created(stores: Stores, other: dict[str, object]) -> None:
    whole = created(stores, **other)
    assert stores.tokens.get(COMPANY, TOKEN_SET) == whole
    assert stores.tokens.get(OTHER_COMPANY, TOKEN_SET) is None
    assert stores.tokens.get(COMPANY, TokenSetId("other")) is None


def test_a_token_set_is_replaced_whole(stores: Stores) -> None:
    lease(stores, created(stores))
    anew = token_set(version=1, access_token="other", consent_ends_at=None)
    stores.tokens.create(anew, due_at=after(days=1))
    assert stores.tokens.get(COMPANY, TOKEN_SET) == anew


def test_a_new_token_set_is_due_when_it_was_said(stores: Stores) -> None:
    created(stores)
    assert due_by(stores, after(days=30, microseconds=-1)) == []
    assert due_by(stores, after(days=30)) == [WORK]


def test_the_lease_is_given_once(stores: Stores) -> None:
    found = created(stores)
    leased = lease(stores, found)
    assert leased == replace(found, lease_owner="a", lease_until=after(seconds=30), refresh_started_at=NOW)
    assert stores.tokens.get(COMPANY, TOKEN_SET) == leased
    for again in (found, leased):
        with pytest.raises(ConditionFailed):
            lease(stores, again, "b", after(seconds=29))


def test_an_expired_lease_is_given_again(stores: Stores) -> None:
    found = lease(stores, created(stores))
    assert lease(stores, found, "b", after(seconds=30)).lease_owner == "b"


def test_the_lease_is_not_given_for_a_version_that_was_renewed(stores: Stores) -> None:
    found = created(stores)
    stores.tokens.store_grant(renewed(found), expected_version=1, due_at=after(days=30))
    with pytest.raises(ConditionFailed):
        lease(stores, found)


def test_the_lease_of_a_set_that_is_not_there_is_not_given(stores: Stores) -> None:
    with pytest.raises(ConditionFailed):
        lease(stores, token_set())
    assert stores.tokens.get(COMPANY, TOKEN_SET) is None


def test_whoever_takes_the_lease_leaves_it_due_in_case_of_a_crash(stores: Stores) -> None:
    lease(stores, created(stores))
    assert due_by(stores, after(seconds=59)) == []
    assert due_by(stores, after(seconds=60)) == [WORK]


def test_an_answer_is_stored_and_ends_the_lease(stores: Stores) -> None:
    leased = lease(stores, created(stores))
    stores.tokens.store_grant(renewed(leased), expected_version=1, due_at=after(days=40))
    stored = stores.tokens.get(COMPANY, TOKEN_SET)
    assert stored == replace(renewed(leased), lease_owner=None, lease_until=None, refresh_started_at=None)
    assert due_by(stores, after(days=39)) == []
    assert due_by(stores, after(days=40)) == [WORK]


def test_a_late_holder_still_stores_its_answer_while_another_holds_the_lease(stores: Stores) -> None:
    first = lease(stores, created(stores))
    lease(stores, first, "b", after(seconds=31))
    stores.tokens.store_grant(renewed(first), expected_version=1, due_at=after(days=30))
    stored = stores.tokens.get(COMPANY, TOKEN_SET)
    assert stored is not None
    assert (stored.access_token, stored.version, stored.lease_owner) == ("access-2", 2, None)


def test_an_answer_to_an_older_version_is_not_stored(stores: Stores) -> None:
    found = created(stores)
    stores.tokens.store_grant(renewed(found), expected_version=1, due_at=after(days=30))
    with pytest.raises(ConditionFailed):
        stores.tokens.store_grant(
            replace(renewed(found), access_token="late"), expected_version=1, due_at=after(days=30)
        )
    stored = stores.tokens.get(COMPANY, TOKEN_SET)
    assert stored is not None
    assert stored.access_token == "access-2"


def test_an_answer_for_a_set_that_was_removed_brings_it_not_back(stores: Stores) -> None:
    leased = lease(stores, created(stores))
    stores.tokens.remove(COMPANY, TOKEN_SET)
    with pytest.raises(ConditionFailed):
        stores.tokens.store_grant(renewed(leased), expected_version=1, due_at=after(days=30))
    assert stores.tokens.get(COMPANY, TOKEN_SET) is None
    assert due_by(stores, after(days=3000)) == []


def test_a_lease_that_is_given_back_is_free(stores: Stores) -> None:
    found = created(stores)
    stores.tokens.release(lease(stores, found), owner="a")
    assert stores.tokens.get(COMPANY, TOKEN_SET) == found
    assert lease(stores, found, "b").lease_owner == "b"


def test_only_the_holder_gives_the_lease_back(stores: Stores) -> None:
    leased = lease(stores, created(stores))
    stores.tokens.release(leased, owner="b")
    assert stores.tokens.get(COMPANY, TOKEN_SET) == leased
    stores.tokens.release(token_set(id=TokenSetId("other")), owner="a")
    assert stores.tokens.get(COMPANY, TokenSetId("other")) is None


def test_a_dead_set_says_why_and_is_never_due(stores: Stores) -> None:
    found = created(stores)
    stores.tokens.mark_dead(lease(stores, found), reason="withdrawn")
    assert stores.tokens.get(COMPANY, TOKEN_SET) == replace(found, dead_reason="withdrawn")
    assert due_by(stores, after(days=3000)) == []


def test_a_set_that_was_renewed_meanwhile_is_not_marked_dead(stores: Stores) -> None:
    found = created(stores)
    stores.tokens.store_grant(renewed(found), expected_version=1, due_at=after(days=30))
    with pytest.raises(ConditionFailed):
        stores.tokens.mark_dead(found, reason="withdrawn")
    assert stores.tokens.get(COMPANY, TOKEN_SET) == renewed(found)


def test_an_answer_that_comes_after_all_revives_a_dead_set(stores: Stores) -> None:
    leased = lease(stores, created(stores))
    stores.tokens.mark_dead(leased, reason="withdrawn")
    stores.tokens.store_grant(renewed(leased), expected_version=1, due_at=after(days=30))
    stored = stores.tokens.get(COMPANY, TOKEN_SET)
    assert stored is not None
    assert stored.dead_reason is None


def test_the_time_of_the_next_look_can_be_set_and_taken_away(stores: Stores) -> None:
    created(stores)
    stores.tokens.set_due(COMPANY, TOKEN_SET, after(days=50))
    assert due_by(stores, after(days=49)) == []
    assert due_by(stores, after(days=50)) == [WORK]
    stores.tokens.set_due(COMPANY, TOKEN_SET, None)
    assert due_by(stores, after(days=3000)) == []


def test_a_look_is_not_put_off_while_a_renewal_is_under_way(stores: Stores) -> None:
    lease(stores, created(stores))
    stores.tokens.set_due(COMPANY, TOKEN_SET, after(days=30))
    stores.tokens.set_due(COMPANY, TOKEN_SET, None)
    assert due_by(stores, after(seconds=60)) == [WORK]
    stores.tokens.set_due(COMPANY, TOKEN_SET, after(seconds=20))
    assert due_by(stores, after(seconds=20)) == [WORK]


def test_no_set_comes_into_being_by_setting_it_due(stores: Stores) -> None:
    stores.tokens.set_due(COMPANY, TOKEN_SET, NOW)
    assert stores.tokens.get(COMPANY, TOKEN_SET) is None
    assert due_by(stores, NOW) == []


def test_a_removed_set_is_gone_and_may_be_removed_again(stores: Stores) -> None:
    created(stores)
    stores.tokens.remove(COMPANY, TOKEN_SET)
    stores.tokens.remove(COMPANY, TOKEN_SET)
    assert stores.tokens.get(COMPANY, TOKEN_SET) is None
    assert due_by(stores, after(days=3000)) == []
