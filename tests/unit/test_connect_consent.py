"""Connect: the link, the consent, and what it takes to steal one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from duebill.domain.connection import ConsentedBooks, Health
from duebill.domain.ids import ConnectionId, UserId
from duebill.errors import BooksRefused, ConditionFailed, ConsentFailed, NotAllowed, TryLater
from tests.fakes.consent_world import COMPANY, START, World, tenant


def books_token_sets(world: World) -> list[str]:
    return [each.id for each in world.token_sets() if each.issuer == "quickbooks"]


def test_a_link_opens_once() -> None:
    world = World()
    ticket = world.ticket(world.install())
    opened = world.open(ticket)
    assert opened.consent_url.startswith("https://consent.test/?state=")
    assert opened.cookie_secret not in opened.consent_url
    with pytest.raises(ConsentFailed, match="opened already"):
        world.open(ticket)


def test_of_two_who_open_a_link_at_once_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ticket = world.ticket(world.install())

    def lose(_: object) -> None:
        raise ConditionFailed

    monkeypatch.setattr(world.stores.consents, "change_ticket", lose)
    with pytest.raises(ConsentFailed, match="opened already"):
        world.open(ticket)


def test_a_link_opens_for_ten_minutes() -> None:
    world = World()
    ticket = world.ticket(world.install())
    world.clock.move(minutes=10)
    with pytest.raises(ConsentFailed, match="expired"):
        world.open(ticket)
    with pytest.raises(ConsentFailed, match="expired"):
        world.open("no-such-ticket")


def test_only_the_manager_and_admins_connect_once_books_are_connected() -> None:
    world = World()
    manager, member, admin = world.install(1), world.install(2), world.install(3, is_admin=True)
    assert world.ticket(member)  # nothing is connected: whoever installed may begin
    world.connect(manager)
    assert world.ticket(manager)
    assert world.ticket(admin)
    with pytest.raises(NotAllowed):
        world.ticket(member)


def test_a_code_becomes_a_question_that_names_both_sides_and_nothing_is_active_yet() -> None:
    world = World()
    question, _ = world.ask(world.install())
    assert question.company_name == "Company 11"
    assert [each.tenant.name for each in question.pending] == ["Books 100"]
    assert world.active() == []
    (pending,) = question.pending
    assert pending.health is Health.PENDING
    assert world.due_at(pending.token_set) == START + timedelta(minutes=11)


@pytest.mark.parametrize(
    "change",
    [
        {"cookie_secret": None},
        {"cookie_secret": "another-browser"},
        {"state": None},
        {"state": "foreign"},
        {"code": None},
        {"tenant": None},
        {"tenant": ""},
        {"tenant": "100/query?x="},
        {"tenant": "../100"},
        {"tenant": "1" * 65},
        {"error": "access_denied"},
    ],
)
def test_what_is_not_whole_is_refused_before_the_exchange(change: dict[str, str | None]) -> None:
    world = World()
    opened = world.open(world.ticket(world.install()))
    with pytest.raises(ConsentFailed, match="press Connect again"):
        world.complete_connect(world.consent_to_books(opened, **change))
    assert world.quickbooks.exchanged == []
    assert books_token_sets(world) == []
    assert world.stores.connections.of_company(COMPANY) == ()


def test_the_consent_of_one_browser_is_no_good_with_the_cookie_of_another() -> None:
    world = World()
    caller = world.install()
    mine, theirs = world.open(world.ticket(caller)), world.open(world.ticket(caller))
    with pytest.raises(ConsentFailed, match="another browser"):
        world.complete_connect(world.consent_to_books(theirs, cookie_secret=mine.cookie_secret))
    assert world.quickbooks.exchanged == []


def test_a_consent_later_than_ten_minutes_is_refused() -> None:
    world = World()
    opened = world.open(world.ticket(world.install()))
    world.clock.move(minutes=10)
    with pytest.raises(ConsentFailed, match="10 minutes"):
        world.complete_connect(world.consent_to_books(opened))
    assert world.quickbooks.exchanged == []


def test_a_page_that_is_loaded_again_asks_again_and_exchanges_nothing() -> None:
    world = World()
    returned = world.consent_to_books(world.open(world.ticket(world.install())))
    first = world.complete_connect(returned)
    assert world.complete_connect(returned) == first
    assert len(world.quickbooks.exchanged) == 1
    with pytest.raises(ConsentFailed):
        world.complete_connect(replace(returned, cookie_secret="another-browser"))


def test_a_code_is_never_exchanged_twice_at_the_same_time() -> None:
    world = World()
    returned = world.consent_to_books(world.open(world.ticket(world.install())))
    world.quickbooks.failure = TryLater()
    with pytest.raises(TryLater):
        world.complete_connect(returned)  # as far as the exchange
    world.quickbooks.failure = None
    with pytest.raises(ConsentFailed, match="used already"):
        world.complete_connect(returned)
    assert world.quickbooks.exchanged == []


def test_a_code_that_is_no_good_stores_nothing() -> None:
    world = World()
    opened = world.open(world.ticket(world.install()))
    with pytest.raises(ConsentFailed):
        world.complete_connect(world.consent_to_books(opened, code="used-before"))
    assert books_token_sets(world) == []


def test_a_tenant_that_the_token_does_not_open_is_refused_and_the_consent_given_back() -> None:
    world = World()
    opened = world.open(world.ticket(world.install()))
    with pytest.raises(ConsentFailed, match="does not open"):
        world.complete_connect(world.consent_to_books(opened, "100", tenant="200"))
    assert len(world.quickbooks.revoked) == 1
    assert books_token_sets(world) == []
    assert world.stores.connections.of_company(COMPANY) == ()


def test_books_that_say_they_are_others_are_refused_and_the_consent_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    opened = world.open(world.ticket(world.install()))
    monkeypatch.setattr(World, "read_books", lambda *_: (ConsentedBooks(tenant("200")),))
    with pytest.raises(ConsentFailed, match="opens other books"):
        world.complete_connect(world.consent_to_books(opened, "100"))
    assert len(world.quickbooks.revoked) == 1
    assert books_token_sets(world) == []


def test_a_ticket_for_one_provider_is_no_good_for_another() -> None:
    world = World()
    opened = world.open(world.ticket(world.install()))
    ((ticket_id, ticket),) = world.stores.consents.tickets.items()
    world.stores.consents.tickets[ticket_id] = replace(ticket, provider="another")
    with pytest.raises(ConsentFailed, match="not begun here"):
        world.complete_connect(world.consent_to_books(opened))
    assert world.quickbooks.exchanged == []


@pytest.mark.parametrize("failure", [TryLater(), BooksRefused("no")])
def test_books_that_cannot_be_read_are_not_connected(failure: Exception) -> None:
    world = World()
    caller = world.install()
    world.books_failure = failure
    with pytest.raises(ConsentFailed):
        world.ask(caller)
    assert len(world.quickbooks.revoked) == 1
    assert books_token_sets(world) == []


def test_books_that_do_not_answer_during_a_reconnect_keep_the_consent_they_have() -> None:
    world = World()
    caller = world.install()
    connection = world.connect(caller)
    world.books_failure = TryLater()
    with pytest.raises(ConsentFailed):
        world.ask(caller)
    assert world.quickbooks.revoked == []
    assert world.active() == [connection]


def test_a_consent_that_nobody_confirmed_is_revoked_by_due_work() -> None:
    world = World()
    question, opened = world.ask(world.install())
    (pending,) = question.pending
    world.clock.move(minutes=11)
    assert world.drop_unused(pending.token_set)
    assert len(world.quickbooks.revoked) == 1
    assert books_token_sets(world) == []
    assert world.stores.connections.of_company(COMPANY) == ()
    with pytest.raises(ConsentFailed, match="expired"):
        world.confirm(question.ticket_id, opened.cookie_secret)


def test_an_unconfirmed_second_consent_to_live_books_is_forgotten_and_cuts_nobody_off() -> None:
    world = World()
    caller = world.install()
    connection = world.connect(caller)
    question, _ = world.ask(caller)
    world.clock.move(minutes=11)
    assert world.drop_unused(question.pending[0].token_set)
    assert world.quickbooks.revoked == []
    assert world.active() == [connection]
    assert books_token_sets(world) == [connection.token_set]


def test_due_work_ends_tokens_that_no_connection_knows() -> None:
    world = World()
    question, _ = world.ask(world.install())
    (pending,) = question.pending
    world.stores.connections.remove(COMPANY, pending.id)
    assert world.drop_unused(pending.token_set)
    assert len(world.quickbooks.revoked) == 1
    assert books_token_sets(world) == []


def test_due_work_leaves_a_confirmed_consent_alone() -> None:
    world = World()
    connection = world.connect(world.install())
    assert not world.drop_unused(connection.token_set)
    assert world.active() == [connection]


def test_the_secrets_of_a_consent_do_not_show_in_what_is_logged() -> None:
    world = World()
    caller = world.install()
    opened = world.open(world.ticket(caller))
    returned = world.consent_to_books(opened)
    shown = repr((opened, returned, world.complete_connect(returned)))
    for secret in (opened.cookie_secret, returned.code, returned.state):
        assert f"'{secret}'" not in shown


def test_ids_of_connections_are_not_users_or_realms() -> None:
    world = World()
    connection = world.connect(world.install())
    assert connection.id not in (ConnectionId("100"), ConnectionId("1"))
    assert connection.manager == UserId(1)
