"""One consent that opens several books: which are meant, what ends, and what the others notice of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from duebill.domain.connection import Connection, Health
from duebill.domain.ids import CompanyId, UserId
from duebill.domain.installation import Installation
from duebill.errors import BooksRefused, ConsentFailed, TryLater
from duebill.use_cases.disconnect import Disconnected, disconnect
from duebill.use_cases.end_connection import Ending
from duebill.use_cases.mark_reconnect import mark_all_reconnect
from duebill.use_cases.uninstall import uninstall
from tests.fakes.consent_world import COMPANY
from tests.fakes.linked_world import LinkedWorld

THEIRS = CompanyId(22)


def end(world: LinkedWorld, caller: Installation, connection: Connection) -> Disconnected:
    return disconnect(
        caller,
        connection.id,
        **world.needs("installations", "connections", "tokens", "settings", "issuer_of", "clock", "randomness"),
    )


def books_token_sets(world: LinkedWorld) -> set[str]:
    return {each.id for each in world.token_sets() if each.issuer == "xero"}


def test_every_organisation_of_a_consent_is_asked_about_and_none_is_active_yet() -> None:
    world = LinkedWorld()
    question, _ = world.ask_linked(world.install())
    assert [each.tenant.id for each in question.pending] == ["A", "B"]
    assert [each.provider_connection for each in question.pending] == ["link-A", "link-B"]
    assert len({each.token_set for each in question.pending}) == 1
    assert world.active() == []


def test_those_that_were_ticked_work_and_the_others_are_unlinked() -> None:
    world = LinkedWorld(opens=("A", "B", "C"))
    question, opened = world.ask_linked(world.install())
    a, _, c = question.pending
    confirmed = world.confirm(question.ticket_id, opened.cookie_secret, which=(a.id, c.id))
    assert [each.tenant.id for each in confirmed.connections] == ["A", "C"]
    assert [each.tenant.id for each in world.active()] == ["A", "C"]
    assert world.linked.unlinked == ["link-B"]
    assert len(world.stores.connections.of_company(COMPANY)) == 2
    assert books_token_sets(world) == {a.token_set}
    assert world.linked.revoked == []


def test_nothing_ticked_is_no_answer_and_the_question_stays() -> None:
    world = LinkedWorld()
    question, opened = world.ask_linked(world.install())
    with pytest.raises(ConsentFailed, match="which books"):
        world.confirm(question.ticket_id, opened.cookie_secret)
    which = (question.pending[0].id,)
    assert world.confirm(question.ticket_id, opened.cookie_secret, which=which).connections


def test_a_no_unlinks_all_and_never_revokes() -> None:
    world = LinkedWorld()
    question, opened = world.ask_linked(world.install())
    assert world.confirm(question.ticket_id, opened.cookie_secret, yes=False).connections == ()
    assert world.linked.unlinked == ["link-A", "link-B"]
    assert world.linked.revoked == []
    assert world.stores.connections.of_company(COMPANY) == ()
    assert books_token_sets(world) == set()


def test_no_organisation_says_why_and_stores_nothing() -> None:
    world = LinkedWorld(opens=())
    with pytest.raises(ConsentFailed) as failed:
        world.ask_linked(world.install())
    assert failed.value.code == "no_books_came"
    assert books_token_sets(world) == set()


@pytest.mark.parametrize("failure", [TryLater(), BooksRefused("no")])
def test_a_consent_that_cannot_be_read_is_never_revoked(failure: Exception) -> None:
    world = LinkedWorld()
    caller = world.install()
    world.books_failure = failure
    with pytest.raises(ConsentFailed):
        world.ask_linked(caller)
    assert world.linked.revoked == []
    assert books_token_sets(world) == set()


def test_disconnecting_one_leaves_its_siblings_and_their_tokens() -> None:
    world = LinkedWorld()
    caller = world.install()
    connections = world.connect_linked(caller, "A", "B")
    assert end(world, caller, connections["A"]).ending is Ending.REVOKED
    assert world.linked.unlinked == ["link-A"]
    assert world.active() == [connections["B"]]
    assert world.stores.tokens.get(COMPANY, connections["B"].token_set)
    end(world, caller, connections["A"])  # again: nothing is left to tell
    assert world.linked.unlinked == ["link-A"]
    end(world, caller, connections["B"])
    assert world.linked.unlinked == ["link-A", "link-B"]
    assert books_token_sets(world) == set()
    assert world.linked.revoked == []


def test_an_unlinking_that_did_not_reach_the_provider_is_done_later_beside_a_working_sibling() -> None:
    world = LinkedWorld()
    caller = world.install()
    connections = world.connect_linked(caller, "A", "B")
    world.linked.failure = TryLater()
    assert end(world, caller, connections["A"]).ending is Ending.LATER
    world.linked.failure = None
    world.clock.move(minutes=15)
    assert not world.drop_unused(connections["A"].token_set)  # B works: the tokens are to be kept fresh
    assert world.linked.unlinked == ["link-A"]
    assert world.active() == [connections["B"]]
    world.drop_unused(connections["A"].token_set)
    assert world.linked.unlinked == ["link-A"]


def test_the_last_sibling_keeps_the_tokens_until_every_link_was_told() -> None:
    world = LinkedWorld()
    caller = world.install()
    connections = world.connect_linked(caller, "A", "B")
    world.linked.failure = TryLater()
    end(world, caller, connections["A"])
    world.linked.failure = None
    end(world, caller, connections["B"])
    assert books_token_sets(world) == {connections["A"].token_set}
    world.clock.move(minutes=15)
    assert world.drop_unused(connections["A"].token_set)
    assert sorted(world.linked.unlinked) == ["link-A", "link-B"]
    assert books_token_sets(world) == set()


def test_a_rejected_link_that_could_not_be_told_is_ended_later() -> None:
    world = LinkedWorld()
    question, opened = world.ask_linked(world.install())
    world.linked.failure = TryLater()
    world.confirm(question.ticket_id, opened.cookie_secret, which=(question.pending[0].id,))
    world.linked.failure = None
    world.clock.move(minutes=15)
    assert not world.drop_unused(question.pending[0].token_set)
    assert world.linked.unlinked == ["link-B"]
    assert [each.tenant.id for each in world.stores.connections.of_company(COMPANY)] == ["A"]


def test_a_consent_that_nobody_confirmed_is_unlinked_by_due_work() -> None:
    world = LinkedWorld()
    question, _ = world.ask_linked(world.install())
    world.clock.move(minutes=11)
    assert world.drop_unused(question.pending[0].token_set)
    assert world.linked.unlinked == ["link-A", "link-B"]
    assert books_token_sets(world) == set()
    assert world.stores.connections.of_company(COMPANY) == ()


def test_no_company_unlinks_what_another_uses() -> None:
    world = LinkedWorld()
    mine, theirs = world.install(), world.install(company=THEIRS)
    ours = world.connect_linked(mine, "A", "B")
    world.connect_linked(theirs, "A")
    assert end(world, mine, ours["A"]).ending is Ending.FORGOTTEN
    assert world.linked.unlinked == []
    assert len(world.active(THEIRS)) == 1


def test_a_new_consent_keeps_ids_and_the_siblings_of_the_old_one() -> None:
    world = LinkedWorld()
    caller = world.install()
    before = world.connect_linked(caller, "A", "B")
    after = world.connect_linked(caller, "A")
    assert after["A"].id == before["A"].id
    assert after["A"].token_set != before["A"].token_set
    assert [each.id for each in world.active()] == [before["A"].id, before["B"].id]
    assert books_token_sets(world) == {after["A"].token_set, before["B"].token_set}
    again = world.connect_linked(caller, "A", "B")
    assert {each.id for each in again.values()} == {each.id for each in before.values()}
    assert books_token_sets(world) == {again["A"].token_set}
    assert world.linked.unlinked == []


def test_a_death_of_the_tokens_shows_on_all_that_share_them() -> None:
    world = LinkedWorld()
    caller = world.install()
    shared = world.connect_linked(caller, "A", "B")
    other = world.connect_linked(caller, "C")["C"]
    marked = mark_all_reconnect(
        COMPANY, shared["A"].token_set, "gone", connections=world.stores.connections, clock=world.clock
    )
    assert marked == 2
    assert {world.stored(each.id).health for each in shared.values()} == {Health.RECONNECT}
    assert world.active() == [other]


def test_tokens_that_die_while_one_is_disconnected_show_on_its_siblings() -> None:
    world = LinkedWorld()
    caller = world.install()
    connections = world.connect_linked(caller, "A", "B")
    world.linked.is_dead = True
    assert end(world, caller, connections["A"]).ending is Ending.FORGOTTEN
    assert world.stored(connections["B"].id).health is Health.RECONNECT


def test_the_last_uninstall_unlinks_everything_of_the_company() -> None:
    world = LinkedWorld()
    world.connect_linked(world.install(), "A", "B")
    uninstall(
        COMPANY,
        UserId(1),
        **world.needs(
            "installations", "tokens", "connections", "erasure", "crm_webhooks", "issuer_of", "clock", "randomness"
        ),
    )
    assert world.linked.unlinked == ["link-A", "link-B"]
    assert world.linked.revoked == []
    assert books_token_sets(world) == set()


def test_tokens_that_have_run_out_are_forgotten_without_asking() -> None:
    world = LinkedWorld()
    caller = world.install()
    connections = world.connect_linked(caller, "A")
    found = world.stores.tokens.get(COMPANY, connections["A"].token_set)
    assert found
    assert found.refresh_expires_at == world.clock.now() + timedelta(days=60)
    world.stores.tokens.create(replace(found, refresh_expires_at=world.clock.now()), due_at=world.clock.now())
    assert end(world, caller, connections["A"]).ending is Ending.FORGOTTEN
    assert world.linked.unlinked == []
