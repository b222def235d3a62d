"""Uninstall, and the notice of shared visibility."""

from datetime import timedelta

import pytest

from duebill.domain.connection import Health
from duebill.domain.ids import CompanyId, UserId
from duebill.errors import OutcomeUnknown, TryLater
from duebill.use_cases.note_sharing import note_sharing
from duebill.use_cases.uninstall import uninstall
from tests.fakes.consent_world import COMPANY, START, World


def leave(world: World, user: int = 1, company: CompanyId = COMPANY) -> None:
    uninstall(
        company,
        UserId(user),
        **world.needs(
            "installations", "tokens", "connections", "erasure", "crm_webhooks", "issuer_of", "clock", "randomness"
        ),
    )


def test_a_user_who_uninstalls_is_forgotten_and_colleagues_keep_the_books() -> None:
    world = World()
    manager, colleague = world.install(1), world.install(2)
    connection = world.connect(manager)
    leave(world, 1)
    assert world.stores.installations.of_company(COMPANY) == (colleague,)
    assert world.stores.tokens.get(COMPANY, manager.token_set) is None
    assert world.active() == [connection]
    assert world.quickbooks.revoked == []
    assert not world.stores.erasure.is_due(COMPANY, START + timedelta(days=99))


def test_with_the_last_user_every_connection_is_revoked_and_the_rest_is_kept_thirty_days() -> None:
    world = World()
    manager = world.install()
    first, second = world.connect(manager, "100"), world.connect(manager, "200")
    leave(world)
    assert len(world.quickbooks.revoked) == 2
    assert world.token_sets() == []
    kept = [world.connection(each.id) for each in (first, second)]
    assert [each and each.health for each in kept] == [Health.DISCONNECTED, Health.DISCONNECTED]
    assert not world.stores.erasure.is_due(COMPANY, START + timedelta(days=29, hours=23))
    assert world.stores.erasure.is_due(COMPANY, START + timedelta(days=30))


def test_the_notice_may_come_twice() -> None:
    world = World()
    world.connect(world.install())
    leave(world)
    leave(world)
    assert len(world.quickbooks.revoked) == 1


def test_a_notice_about_nobody_changes_nothing_for_others() -> None:
    world = World()
    connection = world.connect(world.install())
    leave(world, 99)
    leave(world, 1, CompanyId(404))
    assert world.active() == [connection]


@pytest.mark.parametrize("failure", [TryLater(), OutcomeUnknown()])
def test_a_provider_that_does_not_answer_is_told_later(failure: Exception) -> None:
    world = World()
    connection = world.connect(world.install())
    world.quickbooks.failure = failure
    leave(world)
    ended = world.connection(connection.id)
    assert ended
    assert ended.health is Health.DISCONNECTED
    assert world.due_at(connection.token_set) == START + timedelta(minutes=15)

    world.quickbooks.failure = None
    world.clock.move(minutes=15)
    assert world.drop_unused(connection.token_set)
    assert len(world.quickbooks.revoked) == 1
    assert world.token_sets() == []


def test_an_uninstall_that_was_cut_off_is_finished_by_due_work() -> None:
    world = World()
    connection = world.connect(world.install())
    world.stores.installations.remove(COMPANY, UserId(1))  # and nothing after it
    assert world.drop_unused(connection.token_set)
    ended = world.connection(connection.id)
    assert ended
    assert ended.health is Health.DISCONNECTED
    assert len(world.quickbooks.revoked) == 1


def test_the_books_of_a_company_that_left_connect_again_under_the_same_id() -> None:
    world = World()
    before = world.connect(world.install())
    leave(world)
    assert world.connect(world.install()).id == before.id


def test_due_work_forgets_crm_tokens_without_an_install_and_no_others() -> None:
    world = World()
    installation = world.install()
    assert not world.drop_unused(installation.token_set)
    world.stores.installations.remove(COMPANY, UserId(1))
    assert world.drop_unused(installation.token_set)
    assert world.token_sets() == []
    assert world.pipedrive.revoked == []


def test_the_sharing_notice_is_stored_on_an_install_and_makes_none() -> None:
    world = World()
    world.install()
    assert note_sharing(COMPANY, UserId(1), is_shared=True, **world.needs("installations"))
    assert not note_sharing(COMPANY, UserId(2), is_shared=True, **world.needs("installations"))
    (installation,) = world.stores.installations.of_company(COMPANY)
    assert installation.is_shared
    assert world.install().is_shared  # a second install keeps it
