"""The contract of ports.Crm, kept by the Pipedrive adapter against the simulator: users, deals, buyers, notes."""

from decimal import Decimal

import pytest

from duebill.domain.deal import (
    Address,
    TaxHandling,
)
from duebill.domain.ids import DealId
from duebill.domain.settings import ORGANIZATION_ADDRESS, ORGANIZATION_NAME, PERSON_EMAIL
from duebill.errors import (
    NotFound,
)
from duebill.ports import Crm
from sandbox.pipedrive import seed as sample
from sandbox.pipedrive import seed_fields as keys
from tests.fakes.pipedrive import PipedriveWorld


@pytest.fixture
def world() -> PipedriveWorld:
    return PipedriveWorld()


@pytest.fixture
def crm(world: PipedriveWorld) -> Crm:
    return world.crm()


def deal_id(number: int) -> DealId:
    return DealId(number)


# --- who ---------------------------------------------------------------------------------------------------------


def test_the_user_and_the_company_are_known(world: PipedriveWorld) -> None:
    ada = world.crm(sample.ADA).who_am_i()
    assert (ada.company, ada.user, ada.name, ada.is_admin) == (sample.COMPANY, sample.ADA, "Ada Manager", True)
    assert (ada.company_name, ada.language, ada.time_zone) == ("Duebill Demo Ltd", "en", "Europe/London")


def test_a_member_is_no_admin_and_has_a_language_of_their_own(world: PipedriveWorld) -> None:
    cid = world.crm(sample.CID).who_am_i()
    assert (cid.is_admin, cid.language, cid.time_zone) == (False, "de", "Europe/Berlin")


# --- deals -------------------------------------------------------------------------------------------------------


def test_a_deal_is_read(crm: Crm) -> None:
    deal = crm.deal(deal_id(sample.DEAL_US_SIMPLE))
    assert (deal.id, deal.title, deal.currency, deal.status) == (1, "O'Brien onboarding", "USD", "open")
    assert deal.value == Decimal(1800)
    assert (deal.owner, deal.organization, deal.person) == (sample.BEN, sample.OBRIEN, sample.PERSON_EMOJI)
    assert deal.record.values["title"].text == "O'Brien onboarding"
    assert deal.record.values[keys.DEAL_PO_NUMBER].text == "PO-2026-0017"


def test_every_type_of_custom_field_reads_as_text(crm: Crm) -> None:
    values = crm.deal(deal_id(sample.DEAL_EUR)).record.values
    assert {code: value.text for code, value in values.items() if len(code) == 40} == {
        keys.DEAL_PO_NUMBER: "ZAM/2026/11",
        keys.DEAL_INVOICE_NOTE: "Prosimy o płatność w terminie.\nDziękujemy!",
        keys.DEAL_DISCOUNT_HINT: "2.5",
        keys.DEAL_SEATS: "7",
        keys.DEAL_DEPOSIT: "250.5 EUR",
        keys.DEAL_SITE_ADDRESS: "Rynek 1, 50-106 Wrocław, Polska",
        keys.DEAL_REGION: "Łódź & okolice",
        keys.DEAL_SERVICES: "Setup, Support",
        keys.DEAL_DUE_DATE: "2026-12-31",
        keys.DEAL_SERVICE_PERIOD: "2026-12-01 – 2027-11-30",
        keys.DEAL_CALL_AT: "09:30:00",
        keys.DEAL_HOTLINE: "+48 42 123 45 67",
        # Links to other records are ids, and cannot be chosen in a mapping.
        keys.DEAL_ACCOUNT_MANAGER: str(sample.BEN),
        keys.DEAL_PARTNER: str(sample.NORTHWIND),
        keys.DEAL_BILLING_CONTACT: str(sample.PERSON_POLAND),
    }
    site = values[keys.DEAL_SITE_ADDRESS].address
    assert site == Address(("Rynek 1",), "Wrocław", "", "50-106", "Polska")


def test_a_deal_without_products_keeps_its_exact_value(crm: Crm) -> None:
    deal = crm.deal(deal_id(sample.DEAL_NO_PRODUCTS))
    assert deal.value == Decimal("4999.99")
    assert isinstance(deal.value, Decimal)
    content = crm.content(deal)
    assert (content.products, content.discounts, content.instalments) == ((), (), ())
    assert content.tax_handling is TaxHandling.EXCLUSIVE


def test_an_archived_deal_is_read_as_one(crm: Crm) -> None:
    deal = crm.deal(deal_id(sample.DEAL_ARCHIVED))
    assert (deal.is_archived, deal.status) == (True, "won")


def test_a_deleted_deal_says_so(world: PipedriveWorld, crm: Crm) -> None:
    assert crm.deal(deal_id(sample.DEAL_DELETED)).status == "deleted"
    world.simulator.edit_deal(sample.DEAL_US_SIMPLE, {"is_deleted": True})  # while its status still says open
    assert crm.deal(deal_id(sample.DEAL_US_SIMPLE)).status == "deleted"


def test_a_deal_that_is_not_there_is_not_found(crm: Crm) -> None:
    with pytest.raises(NotFound):
        crm.deal(deal_id(999))


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize("user", [sample.CID, sample.DEE])
def test_a_deal_of_others_is_not_found_whichever_way_pipedrive_says_so(
    world: PipedriveWorld, user: int, status: int
) -> None:
    world.simulator.hidden_status = status
    with pytest.raises(NotFound):
        world.crm(user).deal(deal_id(sample.DEAL_RESTRICTED))


def test_the_owner_and_admins_see_a_restricted_deal(world: PipedriveWorld) -> None:
    for user in (sample.ADA, sample.BEN):
        assert world.crm(user).deal(deal_id(sample.DEAL_RESTRICTED)).title == "Confidential"


def test_another_companys_deal_is_not_found(world: PipedriveWorld) -> None:
    with pytest.raises(NotFound):
        world.crm().deal(deal_id(sample.OTHER_DEAL))
    with pytest.raises(NotFound):
        world.crm(sample.OTHER_USER, sample.OTHER_COMPANY).deal(deal_id(sample.DEAL_US_SIMPLE))


@pytest.mark.parametrize("number", range(1, 16))
def test_every_sample_deal_can_be_read_whole(crm: Crm, number: int) -> None:
    deal = crm.deal(deal_id(number))
    content = crm.content(deal)
    buyer = crm.buyer(deal)
    assert (buyer.key is None) == (number == sample.DEAL_NO_BUYER)
    if content.products and not content.discounts:
        assert sum(line.total for line in content.products if line.is_enabled) == deal.value


# --- buyer -------------------------------------------------------------------------------------------------------


def test_the_buyer_is_the_organization_with_its_person(crm: Crm) -> None:
    buyer = crm.buyer(crm.deal(deal_id(sample.DEAL_UK_DISCOUNTS)))
    assert (buyer.key, buyer.name) == (f"organization:{sample.NORTHWIND}", "Northwind Traders Ltd")
    assert buyer.organization
    assert buyer.person
    values = buyer.organization.values
    assert values[ORGANIZATION_NAME.code].text == "Northwind Traders Ltd"
    assert values[ORGANIZATION_ADDRESS.code].address == Address(
        ("12 Kingsway",), "London", "England", "WC2B 6LH", "United Kingdom"
    )
    assert buyer.person.values[PERSON_EMAIL.code].text == "maria.anders@northwind.example"  # the primary of three


def test_an_organizations_custom_fields_are_read(crm: Crm) -> None:
    buyer = crm.buyer(crm.deal(deal_id(sample.DEAL_UK_DISCOUNTS)))
    assert buyer.organization
    values = buyer.organization.values
    assert values[keys.ORG_VAT_NUMBER].text == "GB123456789"
    assert values[keys.ORG_TIER].text == "Gold"
    assert values[keys.ORG_CREDIT_LIMIT].text == "25000 GBP"
    assert values[keys.ORG_BILLING_ADDRESS].address == Address(("PO Box 99",), "Leeds", "", "LS1 1AA", "UK")


def test_a_person_alone_is_the_buyer(crm: Crm) -> None:
    buyer = crm.buyer(crm.deal(deal_id(sample.DEAL_PERSON_ONLY)))
    assert (buyer.key, buyer.organization) == (f"person:{sample.PERSON_ALONE}", None)
    assert buyer.person
    assert buyer.person.values[keys.PERSON_INTERESTS].text == "Events"
    home = buyer.person.values[keys.PERSON_HOME_ADDRESS].address
    assert home == Address(("Heidestraße 17", "51147 Köln"), country="Deutschland")


def test_a_person_without_an_e_mail_address_has_no_such_value(crm: Crm) -> None:
    buyer = crm.buyer(crm.deal(deal_id(sample.DEAL_NO_PRODUCTS)))
    assert buyer.person
    assert "email" not in buyer.person.values


def test_a_deal_with_nobody_has_no_buyer(crm: Crm) -> None:
    buyer = crm.buyer(crm.deal(deal_id(sample.DEAL_NO_BUYER)))
    assert (buyer.key, buyer.name) == (None, "")


@pytest.mark.parametrize("status", [403, 404])
def test_nobody_is_billed_in_place_of_an_organization_that_is_hidden(world: PipedriveWorld, status: int) -> None:
    world.simulator.hidden_status = status
    company = world.simulator.companies[sample.COMPANY]
    company.organizations[sample.OBRIEN].update(owner_id=sample.ADA, visible_to=1)
    crm = world.crm(sample.CID)
    with pytest.raises(NotFound) as refusal:
        crm.buyer(crm.deal(deal_id(sample.DEAL_US_SIMPLE)))
    assert refusal.value.code == "buyer_hidden"


def test_a_hidden_person_leaves_the_organization_as_the_buyer(world: PipedriveWorld) -> None:
    company = world.simulator.companies[sample.COMPANY]
    company.persons[sample.PERSON_EMOJI].update(owner_id=sample.ADA, visible_to=1)
    crm = world.crm(sample.CID)
    buyer = crm.buyer(crm.deal(deal_id(sample.DEAL_US_SIMPLE)))
    assert (buyer.key, buyer.person) == (f"organization:{sample.OBRIEN}", None)


# --- notes -------------------------------------------------------------------------------------------------------


def test_notes_are_written_changed_and_listed_newest_first(crm: Crm) -> None:
    deal = deal_id(sample.DEAL_US_SIMPLE)
    assert crm.notes(deal) == ()
    first = crm.add_note(deal, "<b>Invoice 1001</b>")
    second = crm.add_note(deal, "Żółw & “co”")
    assert [note.id for note in crm.notes(deal)] == [second.id, first.id]
    changed = crm.change_note(first.id, "<b>Invoice 1001, paid</b>")
    assert changed.id == first.id
    assert crm.notes(deal)[1].content == "<b>Invoice 1001, paid</b>"


def test_a_note_that_a_person_deleted_is_not_found(world: PipedriveWorld, crm: Crm) -> None:
    note = crm.add_note(deal_id(sample.DEAL_US_SIMPLE), "soon gone")
    del world.simulator.companies[sample.COMPANY].notes[note.id]
    with pytest.raises(NotFound):
        crm.change_note(note.id, "changed")


def test_a_note_on_a_hidden_deal_is_not_found(world: PipedriveWorld) -> None:
    with pytest.raises(NotFound):
        world.crm(sample.CID).add_note(deal_id(sample.DEAL_RESTRICTED), "hello")
