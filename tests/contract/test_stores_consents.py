"""What every store of installs, connections, consents, settings, links and cached texts does."""

from dataclasses import replace

import pytest

from duebill.domain.connection import Health, Provider
from duebill.domain.consent import InstallState, secret_hash
from duebill.domain.ids import CompanyId, ConnectionId, CustomerId, ItemId, ProductId, TenantId, UserId
from duebill.domain.settings import CompanySettings, ConnectionSettings
from duebill.errors import ConditionFailed
from duebill.ports import CustomerLink
from tests.fakes.memory_stores import Stores
from tests.fakes.stored_examples import (
    COMPANY,
    CONNECTION,
    NOW,
    OTHER_COMPANY,
    after,
    company_settings,
    connection,
    connection_settings,
    installation,
    ticket,
)

BOOKS = TenantId("4620816365")


def test_an_install_is_read_as_it_was_saved_and_replaced_whole(stores: Stores) -> None:
    stores.installations.save(installation())
    assert stores.installations.get(COMPANY, UserId(1)) == installation()
    stores.installations.save(installation(name="Ada King", time_zone=None))
    assert stores.installations.get(COMPANY, UserId(1)) == installation(name="Ada King", time_zone=None)


def test_the_installs_of_a_company_come_oldest_first_and_of_no_other(stores: Stores) -> None:
    for user, minutes in ((1, 2), (2, 1), (10, 0)):
        stores.installations.save(installation(user, installed_at=after(minutes=minutes)))
    stores.installations.save(installation(3, company=OTHER_COMPANY))
    stores.installations.save(installation(4, company=CompanyId(COMPANY * 10 + 1)))
    assert [each.user for each in stores.installations.of_company(COMPANY)] == [10, 2, 1]


def test_an_install_that_was_removed_is_gone_and_may_be_removed_again(stores: Stores) -> None:
    stores.installations.save(installation())
    stores.installations.remove(COMPANY, UserId(1))
    stores.installations.remove(COMPANY, UserId(1))
    assert stores.installations.get(COMPANY, UserId(1)) is None


def test_a_connection_is_found_by_its_id_its_company_and_its_books(stores: Stores) -> None:
    stores.connections.save(connection())
    assert stores.connections.get(COMPANY, CONNECTION) == connection()
    assert stores.connections.of_company(COMPANY) == (connection(),)
    assert stores.connections.of_tenant(Provider.QUICKBOOKS, BOOKS) == ((COMPANY, CONNECTION),)
    assert stores.connections.get(OTHER_COMPANY, CONNECTION) is None


def test_two_companies_may_hold_the_same_books(stores: Stores) -> None:
    stores.connections.save(connection())
    stores.connections.save(connection("c-2", company=OTHER_COMPANY))
    found = stores.connections.of_tenant(Provider.QUICKBOOKS, BOOKS)
    assert set(found) == {(COMPANY, CONNECTION), (OTHER_COMPANY, ConnectionId("c-2"))}


def test_a_connection_saved_again_keeps_one_pointer(stores: Stores) -> None:
    stores.connections.save(connection())
    active = connection(health=Health.ACTIVE, reason=None, checked_at=None)
    stores.connections.save(active)
    assert stores.connections.get(COMPANY, CONNECTION) == active
    assert stores.connections.of_tenant(Provider.QUICKBOOKS, BOOKS) == ((COMPANY, CONNECTION),)


def test_a_connection_that_leads_to_other_books_takes_its_pointer_along(stores: Stores) -> None:
    stores.connections.save(connection())
    stores.connections.save(connection(tenant="999"))
    assert stores.connections.of_tenant(Provider.QUICKBOOKS, BOOKS) == ()
    assert stores.connections.of_tenant(Provider.QUICKBOOKS, TenantId("999")) == ((COMPANY, CONNECTION),)


def test_connections_come_oldest_first(stores: Stores) -> None:
    for name, minutes in (("a", 2), ("b", 1), ("c", 0)):
        stores.connections.save(connection(name, connected_at=after(minutes=minutes)))
    assert [each.id for each in stores.connections.of_company(COMPANY)] == ["c", "b", "a"]


def test_a_removed_connection_leaves_no_pointer(stores: Stores) -> None:
    stores.connections.save(connection())
    stores.connections.remove(COMPANY, CONNECTION)
    stores.connections.remove(COMPANY, CONNECTION)
    assert stores.connections.of_company(COMPANY) == ()
    assert stores.connections.of_tenant(Provider.QUICKBOOKS, BOOKS) == ()


def test_an_install_state_works_once(stores: Stores) -> None:
    stores.consents.put_install_state(InstallState("state-1", after(minutes=10)))
    assert stores.consents.use_install_state("state-1", NOW)
    assert not stores.consents.use_install_state("state-1", NOW)


def test_an_install_state_that_is_foreign_or_expired_does_not_work(stores: Stores) -> None:
    stores.consents.put_install_state(InstallState("state-1", after(minutes=10)))
    assert not stores.consents.use_install_state("state-2", NOW)
    assert not stores.consents.use_install_state("state-1", after(minutes=10))
    assert stores.consents.use_install_state("state-1", after(minutes=10, microseconds=-1))


def test_a_ticket_is_read_until_it_expires(stores: Stores) -> None:
    stores.consents.put_ticket(ticket())
    assert stores.consents.ticket("ticket-1", NOW) == ticket()
    assert stores.consents.ticket("ticket-2", NOW) is None
    assert stores.consents.ticket("ticket-1", after(minutes=10)) is None


def test_a_ticket_id_is_given_once(stores: Stores) -> None:
    stores.consents.put_ticket(ticket())
    with pytest.raises(ConditionFailed):
        stores.consents.put_ticket(ticket())


def test_an_opened_ticket_is_found_by_its_state_through_all_its_steps(stores: Stores) -> None:
    stores.consents.put_ticket(ticket())
    opened = ticket().opened(cookie_hash=secret_hash("cookie"), state_hash=secret_hash("state"))
    stores.consents.change_ticket(opened)
    found = stores.consents.ticket_of_state("state", NOW)
    assert found == replace(opened, version=1)
    consented = replace(opened, version=1).returned().consented((connection(),))
    stores.consents.change_ticket(consented)
    assert stores.consents.ticket_of_state("state", NOW) == replace(consented, version=2)
    assert stores.consents.ticket("ticket-1", NOW) == replace(consented, version=2)


def test_a_state_finds_nothing_when_it_is_unknown_or_its_ticket_expired(stores: Stores) -> None:
    stores.consents.put_ticket(ticket())
    stores.consents.change_ticket(ticket().opened(cookie_hash="c", state_hash=secret_hash("state")))
    assert stores.consents.ticket_of_state("other", NOW) is None
    assert stores.consents.ticket_of_state(secret_hash("state"), NOW) is None
    assert stores.consents.ticket_of_state("state", after(minutes=10)) is None


def test_a_ticket_changed_by_two_is_changed_by_one(stores: Stores) -> None:
    stores.consents.put_ticket(ticket())
    stores.consents.change_ticket(ticket().opened(cookie_hash="c", state_hash=secret_hash("first")))
    with pytest.raises(ConditionFailed):
        stores.consents.change_ticket(ticket().opened(cookie_hash="c", state_hash=secret_hash("second")))
    assert stores.consents.ticket_of_state("second", NOW) is None
    assert stores.consents.ticket_of_state("first", NOW) is not None


def test_a_ticket_that_is_not_there_cannot_be_changed(stores: Stores) -> None:
    with pytest.raises(ConditionFailed):
        stores.consents.change_ticket(ticket())


def test_settings_that_were_never_saved_have_the_defaults(stores: Stores) -> None:
    assert stores.settings.company(COMPANY) == CompanySettings()
    assert stores.settings.connection(COMPANY, CONNECTION) == ConnectionSettings()


def test_settings_are_read_as_they_were_saved(stores: Stores) -> None:
    stores.settings.save_company(COMPANY, company_settings())
    stores.settings.save_connection(COMPANY, CONNECTION, connection_settings())
    assert stores.settings.company(COMPANY) == company_settings()
    assert stores.settings.connection(COMPANY, CONNECTION) == connection_settings()
    assert stores.settings.company(OTHER_COMPANY) == CompanySettings()
    assert stores.settings.connection(COMPANY, ConnectionId("c-2")) == ConnectionSettings()


def test_a_buyer_is_linked_and_unlinked_per_connection(stores: Stores) -> None:
    babbage = CustomerLink(CustomerId("58"), "Babbage", "hash")
    stores.links.link_customer(COMPANY, CONNECTION, "organization:7", babbage)
    assert stores.links.customer(COMPANY, CONNECTION, "organization:7") == babbage
    assert stores.links.customer(COMPANY, ConnectionId("c-2"), "organization:7") is None
    assert stores.links.customer(COMPANY, CONNECTION, "person:7") is None
    stores.links.unlink_customer(COMPANY, CONNECTION, "organization:7")
    stores.links.unlink_customer(COMPANY, CONNECTION, "organization:7")
    assert stores.links.customer(COMPANY, CONNECTION, "organization:7") is None


def test_the_items_of_many_products_are_found_at_once(stores: Stores) -> None:
    for product in range(1, 131):
        stores.links.link_item(COMPANY, CONNECTION, ProductId(product), ItemId(str(product)), f"Item {product}")
    asked = [ProductId(product) for product in [*range(1, 151), 1]]
    found = stores.links.items(COMPANY, CONNECTION, asked)
    assert found == {ProductId(n): (ItemId(str(n)), f"Item {n}") for n in range(1, 131)}
    assert stores.links.items(COMPANY, CONNECTION, []) == {}
    assert stores.links.items(OTHER_COMPANY, CONNECTION, asked) == {}


def test_a_cached_text_ends(stores: Stores) -> None:
    stores.cache.put(COMPANY, "fields#de", '{"a": "ä"}', until=after(minutes=5))
    assert stores.cache.get(COMPANY, "fields#de", NOW) == '{"a": "ä"}'
    assert stores.cache.get(COMPANY, "fields#de", after(minutes=5)) is None
    assert stores.cache.get(OTHER_COMPANY, "fields#de", NOW) is None


def test_a_dropped_text_is_gone(stores: Stores) -> None:
    stores.cache.put(COMPANY, "fields", "a", until=after(minutes=5))
    stores.cache.drop(COMPANY, "fields")
    stores.cache.drop(COMPANY, "fields")
    assert stores.cache.get(COMPANY, "fields", NOW) is None


def test_a_text_that_is_too_long_is_not_kept_and_hides_no_older_one(stores: Stores) -> None:
    stores.cache.put(COMPANY, "fields", "ä" * 150 * 1024, until=after(minutes=5))
    assert stores.cache.get(COMPANY, "fields", NOW) is not None
    stores.cache.put(COMPANY, "fields", "ä" * 150 * 1024 + "a", until=after(minutes=5))
    assert stores.cache.get(COMPANY, "fields", NOW) is None
