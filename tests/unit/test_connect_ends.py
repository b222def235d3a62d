"""Disconnect, the list of connections, and the landing after a disconnect inside the provider."""

from dataclasses import replace
from datetime import timedelta

import pytest

from duebill.domain.connection import Connection, Health, Provider
from duebill.domain.ids import CompanyId
from duebill.domain.installation import Installation
from duebill.errors import NotAllowed, NotFound, TryLater
from duebill.use_cases.disconnect import Disconnected, disconnect
from duebill.use_cases.end_connection import Ending
from duebill.use_cases.list_connections import ConnectionList, list_connections
from duebill.use_cases.receive_disconnect_landing import receive_disconnect_landing
from tests.fakes.consent_world import COMPANY, START, World

THEIRS = CompanyId(22)


def end(world: World, caller: Installation, connection: Connection) -> Disconnected:
    return disconnect(
        caller,
        connection.id,
        **world.needs("installations", "connections", "tokens", "settings", "issuer_of", "clock", "randomness"),
    )


def listed(world: World, caller: Installation) -> ConnectionList:
    needed = world.needs("installations", "connections", "settings", "tokens")
    return list_connections(caller, offered=tuple(Provider), now=world.clock.now(), **needed)


def land(world: World, realm: str) -> int:
    return receive_disconnect_landing(Provider.QUICKBOOKS, realm, **world.needs("connections", "tokens", "clock"))


def test_a_disconnect_revokes_and_another_active_connection_becomes_the_default() -> None:
    world = World()
    caller = world.install()
    first, second = world.connect(caller, "100"), world.connect(caller, "200")
    ended = end(world, caller, first)
    assert ended.ending is Ending.REVOKED
    assert len(world.quickbooks.revoked) == 1
    assert world.active() == [second]
    assert world.stores.tokens.get(COMPANY, first.token_set) is None
    assert world.stores.settings.company(COMPANY).default_connection == second.id
    end(world, caller, second)
    assert world.stores.settings.company(COMPANY).default_connection is None


def test_a_disconnect_may_be_repeated() -> None:
    world = World()
    caller = world.install()
    connection = world.connect(caller)
    end(world, caller, connection)
    assert end(world, caller, connection).connection.health is Health.DISCONNECTED
    assert len(world.quickbooks.revoked) == 1


def test_an_unreachable_provider_does_not_keep_the_books_connected_and_is_told_later() -> None:
    world = World()
    caller = world.install()
    connection = world.connect(caller)
    world.quickbooks.failure = TryLater()
    ended = end(world, caller, connection)
    assert ended.ending is Ending.LATER
    assert "could not be told yet" in ended.message
    assert world.active() == []
    world.quickbooks.failure = None
    world.clock.move(minutes=15)
    assert world.drop_unused(connection.token_set)
    assert len(world.quickbooks.revoked) == 1
    assert world.stores.tokens.get(COMPANY, connection.token_set) is None


def test_a_renewal_under_way_is_let_finish_before_the_revocation() -> None:
    world = World()
    caller = world.install()
    connection = world.connect(caller)
    found = world.stores.tokens.get(COMPANY, connection.token_set)
    assert found
    until = START + timedelta(seconds=30)
    world.stores.tokens.take_lease(found, owner="another", until=until, now=START, due_at=until)
    assert end(world, caller, connection).ending is Ending.LATER
    assert world.quickbooks.revoked == []
    assert world.stores.tokens.get(COMPANY, connection.token_set)


def test_a_revocation_is_not_begun_without_time_for_it() -> None:
    world = World()
    caller = world.install()
    connection = world.connect(caller)
    world.clock.left = 5.0
    assert end(world, caller, connection).ending is Ending.LATER
    assert world.quickbooks.revoked == []


def test_dead_tokens_are_forgotten_without_asking() -> None:
    world = World()
    caller = world.install()
    connection = world.connect(caller)
    found = world.stores.tokens.get(COMPANY, connection.token_set)
    assert found
    world.stores.tokens.create(replace(found, dead_reason="withdrawn"), due_at=START)
    assert end(world, caller, connection).ending is Ending.FORGOTTEN
    assert world.quickbooks.revoked == []
    assert world.stores.tokens.get(COMPANY, connection.token_set) is None


def test_a_revocation_that_never_succeeds_is_given_up_when_the_tokens_have_run_out() -> None:
    world = World()
    caller = world.install()
    connection = world.connect(caller)
    world.quickbooks.failure = TryLater()
    end(world, caller, connection)
    world.clock.move(days=101)
    assert world.drop_unused(connection.token_set)
    assert world.stores.tokens.get(COMPANY, connection.token_set) is None


def test_a_company_that_disconnects_cuts_no_other_company_off_from_the_same_books() -> None:
    world = World()
    mine, theirs = world.install(), world.install(company=THEIRS)
    connection, other = world.connect(mine, "100"), world.connect(theirs, "100")
    assert end(world, mine, connection).ending is Ending.FORGOTTEN
    assert world.quickbooks.revoked == []
    assert world.active(THEIRS) == [other]
    assert end(world, theirs, other).ending is Ending.REVOKED


def test_another_companys_connection_is_not_there() -> None:
    world = World()
    connection = world.connect(world.install())
    with pytest.raises(NotFound):
        end(world, world.install(company=THEIRS), connection)
    assert world.active() == [connection]


def test_a_connection_that_waits_for_its_answer_is_not_there() -> None:
    world = World()
    caller = world.install()
    question, _ = world.ask(caller)
    with pytest.raises(NotFound):
        end(world, caller, question.pending[0])


def test_a_member_may_not_disconnect_and_an_admin_may() -> None:
    world = World()
    connection = world.connect(world.install(1))
    with pytest.raises(NotAllowed, match="Ada manages"):
        end(world, world.install(2), connection)
    assert world.active() == [connection]
    assert end(world, world.install(3, is_admin=True), connection).ending is Ending.REVOKED
    with pytest.raises(NotAllowed):  # ended, and still none of the member's business
        end(world, world.install(2), connection)


def test_the_manager_sees_every_connection_with_its_health_in_words() -> None:
    world = World()
    caller = world.install()
    first, second, third = (world.connect(caller, realm) for realm in ("100", "200", "300"))
    world.ask(caller, "400")  # pending: not shown
    end(world, caller, first)
    world.stores.connections.save(replace(second, health=Health.RECONNECT, reason="It was withdrawn."))
    shown = listed(world, caller)
    assert [each.connection.id for each in shown.connections] == [second.id, third.id, first.id]
    assert [each.words.split(";")[0] for each in shown.connections] == [
        "Must be reconnected",
        "Connected",
        "Disconnected",
    ]
    assert "It was withdrawn." in shown.connections[0].words
    assert [each.is_default for each in shown.connections] == [True, False, False]
    assert {each.manager_name for each in shown.connections} == {"Ada"}
    assert shown.may_connect


def test_a_member_learns_who_manages_and_not_which_books() -> None:
    world = World()
    manager, member = world.install(1), world.install(2, name="Grace")
    connection = world.connect(manager)
    shown = listed(world, member)
    assert shown.connections == ()
    assert shown.manager_name == "Ada"
    assert not shown.may_connect
    end(world, manager, connection)
    assert listed(world, member).connections == ()  # disconnected books do not open to everybody
    assert listed(world, member).may_connect


def test_an_admin_sees_and_may_configure_what_another_manages() -> None:
    world = World()
    world.connect(world.install(1))
    shown = listed(world, world.install(2, is_admin=True))
    assert [each.may_configure for each in shown.connections] == [True]


def test_a_landing_has_the_tokens_of_those_books_looked_at_soon_and_changes_nothing_else() -> None:
    world = World()
    mine, theirs = world.install(), world.install(company=THEIRS)
    connection, other = world.connect(mine, "100"), world.connect(theirs, "100")
    apart = world.connect(mine, "200")
    due_before = world.due_at(apart.token_set)
    world.clock.move(hours=2)
    assert land(world, "100") == 2
    assert world.due_at(connection.token_set) == world.clock.now()
    assert world.due_at(other.token_set, THEIRS) == world.clock.now()
    assert world.due_at(apart.token_set) == due_before
    assert world.active() == [connection, apart]


def test_landings_in_a_row_have_tokens_looked_at_every_five_minutes_at_most() -> None:
    world = World()
    connection = world.connect(world.install())
    world.clock.move(minutes=1)
    land(world, "100")
    assert world.due_at(connection.token_set) == START + timedelta(minutes=5)


@pytest.mark.parametrize("realm", ["404", "", "a#b", "../x", "9" * 65])
def test_a_landing_for_unknown_books_does_nothing(realm: str) -> None:
    assert land(World(), realm) == 0


def test_a_landing_leaves_connections_alone_that_do_not_work_anyway() -> None:
    world = World()
    connection = world.connect(world.install())
    world.stores.connections.save(replace(connection, health=Health.RECONNECT))
    assert land(world, "100") == 0


def test_people_are_warned_thirty_days_before_a_consent_ends() -> None:
    world = World()
    caller = world.install()
    connection = world.connect(caller)
    kept = world.stores.tokens.get(connection.company, connection.token_set)
    assert kept is not None
    for days, warned in ((31, False), (29, True)):
        ends_at = world.clock.now() + timedelta(days=days)
        world.stores.tokens.create(replace(kept, consent_ends_at=ends_at), due_at=ends_at)
        [one] = listed(world, caller).connections
        assert (one.ends_at == ends_at) is warned
        assert ("Reconnect before" in one.words) is warned
