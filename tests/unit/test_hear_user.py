"""What the CRM says of a person now replaces what it said when they installed."""

from dataclasses import replace
from typing import cast

from duebill.domain.ids import UserId
from duebill.domain.installation import CrmUser, Installation
from duebill.errors import TryLater
from duebill.ports import Crm
from duebill.use_cases.hear_user import hear_user
from tests.fakes.consent_world import World


class Says:
    """A CRM that knows who asks, or is busy."""

    def __init__(self, said: CrmUser | None) -> None:
        self.said = said

    def who_am_i(self) -> CrmUser:
        if self.said is None:
            raise TryLater("Pipedrive is busy.")
        return self.said


def user_of(known: Installation) -> CrmUser:
    return CrmUser(
        known.company, known.user, known.name, known.is_admin, known.company_name, known.language, known.time_zone
    )


def hear(world: World, known: Installation, said: CrmUser | None) -> Installation:
    return hear_user(known, crm=cast("Crm", Says(said)), installations=world.stores.installations)


def test_a_new_language_name_and_rank_are_kept() -> None:
    world = World()
    known = world.install(1)
    said = replace(user_of(known), language="pl", name="Ada Nowak", is_admin=not known.is_admin)
    heard = hear(world, known, said)
    assert (heard.language, heard.name, heard.is_admin) == ("pl", "Ada Nowak", not known.is_admin)
    assert world.stores.installations.get(known.company, known.user) == heard
    assert replace(heard, language=known.language, name=known.name, is_admin=known.is_admin) == known


def test_nothing_is_written_where_nothing_changed() -> None:
    world = World()
    known = world.install(1)
    world.stores.installations.remove(known.company, known.user)
    assert hear(world, known, user_of(known)) == known
    assert world.stores.installations.get(known.company, known.user) is None


def test_where_the_crm_cannot_be_asked_what_was_heard_last_counts() -> None:
    world = World()
    known = world.install(1)
    assert hear(world, known, None) == known


def test_a_token_of_somebody_else_changes_nobody() -> None:
    world = World()
    known = world.install(1)
    stranger = replace(user_of(known), user=UserId(99), is_admin=True, language="pl")
    assert hear(world, known, stranger) == known
    assert world.stores.installations.get(known.company, known.user) == known
