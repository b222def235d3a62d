"""Connect: the answer to the question, and reconnecting."""

from dataclasses import replace

import pytest

from duebill.domain.connection import Health
from duebill.domain.ids import ConnectionId, UserId
from duebill.errors import ConditionFailed, ConsentFailed, TryLater
from duebill.use_cases.fresh_tokens import next_look
from tests.fakes.consent_world import COMPANY, World


def test_a_yes_activates_the_connection_and_makes_the_first_one_the_default() -> None:
    world = World()
    caller = world.install()
    first = world.connect(caller, "100")
    second = world.connect(caller, "200")
    assert world.active() == [first, second]
    assert first.manager == caller.user
    assert world.stores.settings.company(COMPANY).default_connection == first.id
    kept = world.stores.tokens.get(COMPANY, first.token_set)
    assert kept
    assert world.due_at(first.token_set) == next_look(kept)


def test_a_no_revokes_and_forgets() -> None:
    world = World()
    question, opened = world.ask(world.install())
    assert world.confirm(question.ticket_id, opened.cookie_secret, yes=False).connections == ()
    assert len(world.quickbooks.revoked) == 1
    assert world.stores.connections.of_company(COMPANY) == ()
    assert [each.issuer for each in world.token_sets()] == ["pipedrive"]
    with pytest.raises(ConsentFailed):
        world.confirm(question.ticket_id, opened.cookie_secret)


def test_a_no_that_did_not_reach_the_provider_is_passed_on_later() -> None:
    world = World()
    question, opened = world.ask(world.install())
    world.quickbooks.failure = TryLater()
    world.confirm(question.ticket_id, opened.cookie_secret, yes=False)
    world.quickbooks.failure = None
    world.clock.move(minutes=15)
    assert world.drop_unused(question.pending[0].token_set)
    assert len(world.quickbooks.revoked) == 1
    assert world.stores.connections.of_company(COMPANY) == ()


def test_a_no_that_is_passed_on_late_cuts_nobody_off_who_connected_meanwhile() -> None:
    world = World()
    caller = world.install()
    question, opened = world.ask(caller)
    world.quickbooks.failure = TryLater()
    world.confirm(question.ticket_id, opened.cookie_secret, yes=False)
    world.quickbooks.failure = None
    connection = world.connect(caller)
    world.clock.move(minutes=15)
    assert world.drop_unused(question.pending[0].token_set)
    assert world.quickbooks.revoked == []
    assert world.stores.connections.of_company(COMPANY) == (connection,)


@pytest.mark.parametrize("cookie", [None, "another-browser", ""])
def test_another_browser_cannot_answer(cookie: str | None) -> None:
    world = World()
    question, opened = world.ask(world.install())
    with pytest.raises(ConsentFailed, match="another browser"):
        world.confirm(question.ticket_id, cookie)
    assert world.active() == []
    assert world.confirm(question.ticket_id, opened.cookie_secret).connections


def test_a_question_is_answered_once() -> None:
    world = World()
    question, opened = world.ask(world.install())
    world.confirm(question.ticket_id, opened.cookie_secret)
    with pytest.raises(ConsentFailed, match="nothing to answer"):
        world.confirm(question.ticket_id, opened.cookie_secret, yes=False)
    assert len(world.active()) == 1


def test_of_two_answers_at_once_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    question, opened = world.ask(world.install())

    def lose(_: object) -> None:
        raise ConditionFailed

    monkeypatch.setattr(world.stores.consents, "change_ticket", lose)
    with pytest.raises(ConsentFailed, match="answered already"):
        world.confirm(question.ticket_id, opened.cookie_secret)
    assert world.active() == []


def test_a_ticket_without_a_consent_cannot_be_confirmed() -> None:
    world = World()
    ticket = world.ticket(world.install())
    opened = world.open(ticket)
    with pytest.raises(ConsentFailed, match="nothing to answer"):
        world.confirm(ticket, opened.cookie_secret)


def test_a_question_can_be_answered_for_ten_minutes() -> None:
    world = World()
    question, opened = world.ask(world.install())
    world.clock.move(minutes=10)
    with pytest.raises(ConsentFailed, match="expired"):
        world.confirm(question.ticket_id, opened.cookie_secret)


def test_who_uninstalled_meanwhile_connects_nothing() -> None:
    world = World()
    question, opened = world.ask(world.install())
    world.stores.installations.remove(COMPANY, UserId(1))
    with pytest.raises(ConsentFailed, match="uninstalled meanwhile"):
        world.confirm(question.ticket_id, opened.cookie_secret)
    assert world.stores.connections.of_company(COMPANY) == ()
    assert len(world.quickbooks.revoked) == 1


def test_a_member_whose_colleague_was_faster_connects_nothing() -> None:
    world = World()
    faster, member = world.install(1), world.install(2)
    question, opened = world.ask(member, "200")
    connection = world.connect(faster, "100")
    with pytest.raises(ConsentFailed, match="manages invoicing"):
        world.confirm(question.ticket_id, opened.cookie_secret)
    assert world.active() == [connection]
    assert world.stores.connections.of_company(COMPANY) == (connection,)


def test_a_reconnect_keeps_the_id_that_settings_and_links_hang_on() -> None:
    world = World()
    caller = world.install()
    before = world.connect(caller)
    world.stores.connections.save(replace(before, health=Health.RECONNECT, reason="withdrawn"))
    after = world.connect(caller)
    assert after.id == before.id
    assert after.health is Health.ACTIVE
    assert after.reason is None
    assert after.token_set != before.token_set
    assert world.stores.connections.of_company(COMPANY) == (after,)


def test_the_live_connection_works_until_the_answer_and_its_old_tokens_are_forgotten_not_revoked() -> None:
    world = World()
    caller = world.install()
    before = world.connect(caller)
    question, opened = world.ask(caller)
    assert world.active() == [before]
    assert world.stores.tokens.get(COMPANY, before.token_set)
    world.confirm(question.ticket_id, opened.cookie_secret)
    assert world.stores.tokens.get(COMPANY, before.token_set) is None
    assert world.quickbooks.revoked == []


def test_a_no_to_a_reconnect_leaves_the_live_connection_as_it_was() -> None:
    world = World()
    caller = world.install()
    before = world.connect(caller)
    question, opened = world.ask(caller)
    world.confirm(question.ticket_id, opened.cookie_secret, yes=False)
    assert world.stores.connections.of_company(COMPANY) == (before,)
    assert world.stores.tokens.get(COMPANY, before.token_set)
    assert world.quickbooks.revoked == []  # revoking might end the consent that works


def test_an_admin_who_reconnects_manages_only_where_the_manager_is_gone() -> None:
    world = World()
    world.connect(world.install(1))
    admin = world.install(2, is_admin=True)
    assert world.connect(admin).manager == UserId(1)
    world.stores.installations.remove(COMPANY, UserId(1))
    assert world.connect(admin).manager == UserId(2)


def test_books_that_their_manager_disconnected_belong_to_whoever_connects_them_next() -> None:
    world = World()
    before = world.connect(world.install(1))
    world.stores.connections.save(replace(before, health=Health.DISCONNECTED))
    assert world.connect(world.install(2)).manager == UserId(2)


def test_a_new_connection_becomes_the_default_where_the_default_is_gone() -> None:
    world = World()
    caller = world.install()
    first = world.connect(caller, "100")
    world.stores.connections.save(replace(first, health=Health.DISCONNECTED))
    second = world.connect(caller, "200")
    assert world.stores.settings.company(COMPANY).default_connection == second.id


def test_an_answer_for_books_that_were_not_asked_about_changes_nothing() -> None:
    world = World()
    question, opened = world.ask(world.install())
    with pytest.raises(ConsentFailed, match="which books"):
        world.confirm(question.ticket_id, opened.cookie_secret, which=(ConnectionId("other"),))
    assert world.active() == []
