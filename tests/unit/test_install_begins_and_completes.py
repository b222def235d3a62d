"""Install: a code becomes an installation, or a page says what to do."""

from datetime import timedelta

import pytest

from duebill.errors import ConsentFailed, TryLater
from duebill.use_cases.begin_install import begin_install
from tests.fakes.consent_world import COMPANY, START, World, crm_user


def begin(world: World) -> str:
    url = begin_install(issuer=world.pipedrive, **world.needs("consents", "clock", "randomness"))
    return url.partition("state=")[2]


def assert_nothing_is_stored(world: World) -> None:
    assert world.stores.installations.of_company(COMPANY) == ()
    assert world.token_sets() == []


def test_a_code_with_our_state_becomes_an_installation() -> None:
    world = World()
    installation = world.complete_install(code=world.consent_to_install(crm_user()), state=begin(world))
    assert world.stores.installations.of_company(COMPANY) == (installation,)
    assert installation.api_url == "https://company.test"
    kept = world.stores.tokens.get(COMPANY, installation.token_set)
    assert kept is not None
    assert kept.expires_at == START + timedelta(hours=1)
    assert world.due_at(installation.token_set) == START + timedelta(days=30)


def test_an_install_that_the_crm_began_carries_no_state_and_is_welcome() -> None:
    world = World()
    world.complete_install(code=world.consent_to_install(crm_user()))
    assert len(world.stores.installations.of_company(COMPANY)) == 1


def test_a_denied_consent_stores_nothing_and_says_so() -> None:
    world = World()
    with pytest.raises(ConsentFailed, match="did not allow") as failure:
        world.complete_install(error="user_denied", state=begin(world))
    assert failure.value.code == "consent_denied"
    assert_nothing_is_stored(world)


def test_a_foreign_state_is_refused_before_the_code_is_exchanged() -> None:
    world = World()
    begin(world)
    with pytest.raises(ConsentFailed, match="start the install again"):
        world.complete_install(code=world.consent_to_install(crm_user()), state="foreign")
    assert world.pipedrive.exchanged == []
    assert_nothing_is_stored(world)


def test_a_state_is_good_once() -> None:
    world = World()
    state = begin(world)
    world.complete_install(code=world.consent_to_install(crm_user()), state=state)
    with pytest.raises(ConsentFailed):
        world.complete_install(code=world.consent_to_install(crm_user(2)), state=state)
    assert len(world.stores.installations.of_company(COMPANY)) == 1


def test_a_state_is_good_for_ten_minutes() -> None:
    world = World()
    state = begin(world)
    world.clock.move(minutes=10)
    with pytest.raises(ConsentFailed):
        world.complete_install(code=world.consent_to_install(crm_user()), state=state)


def test_a_callback_without_code_is_refused() -> None:
    with pytest.raises(ConsentFailed, match="without a code"):
        World().complete_install()


def test_a_reused_code_stores_nothing() -> None:
    world = World()
    code = world.consent_to_install(crm_user())
    world.pipedrive.codes.clear()
    with pytest.raises(ConsentFailed):
        world.complete_install(code=code)
    assert_nothing_is_stored(world)


def test_a_crm_that_does_not_say_who_it_is_ends_no_earlier_install() -> None:
    world = World()
    world.crm_failure = TryLater()
    with pytest.raises(ConsentFailed, match="start the install again"):
        world.install()
    assert world.pipedrive.revoked == []
    assert_nothing_is_stored(world)


def test_a_second_install_keeps_what_was_there() -> None:
    world = World()
    first = world.install()
    connection = world.connect(first)
    world.clock.move(days=3)
    second = world.install(name="Ada Lovelace")
    assert second.installed_at == first.installed_at
    assert second.name == "Ada Lovelace"
    assert world.stores.installations.of_company(COMPANY) == (second,)
    assert world.active() == [connection]


def test_an_install_calls_a_planned_erasure_off() -> None:
    world = World()
    world.stores.erasure.plan(COMPANY, START)
    world.install()
    assert not world.stores.erasure.is_due(COMPANY, START + timedelta(days=99))
