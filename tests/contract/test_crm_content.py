"""ports.Crm: what is sold on a deal, and what there is to choose from (fields, rates)."""

from datetime import date
from decimal import Decimal

import pytest

from duebill.domain.deal import (
    Billing,
    Discount,
    FieldRef,
    FieldType,
    RecordKind,
    TaxHandling,
)
from duebill.domain.ids import DealId
from duebill.domain.settings import ORGANIZATION_ADDRESS, ORGANIZATION_NAME, PERSON_EMAIL
from duebill.ports import Crm
from sandbox.faults import Fault
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


# --- content -----------------------------------------------------------------------------------------------------


def test_lines_carry_what_an_invoice_needs(crm: Crm) -> None:
    first, second = crm.content(crm.deal(deal_id(sample.DEAL_US_SIMPLE))).products
    assert (first.product, first.name, first.code) == (sample.CONS_1, "Consulting hour", "CONS-1")
    assert (first.quantity, first.unit_price, first.description) == (Decimal(10), Decimal(150), "On site, week 48")
    assert (first.discount, first.is_enabled, first.billing) == (None, True, Billing.ONE_TIME)
    assert second.code == "LIC-STD"


def test_prices_and_quantities_are_exact(crm: Crm) -> None:
    lines = crm.content(crm.deal(deal_id(sample.DEAL_EUR))).products
    assert [line.quantity for line in lines] == [Decimal(text) for text in ("1.5", "0.333", "1", "1", "7")]
    assert lines[4].unit_price == Decimal("89.9")
    assert all(isinstance(line.unit_price, Decimal) for line in lines)
    assert [line.tax_rate for line in lines] == [Decimal(text) for text in ("20", "20", "5", "0", "8.25")]
    assert lines[1].code == ""


def test_discounts_are_a_percentage_or_an_amount_on_lines_and_on_the_deal(crm: Crm) -> None:
    content = crm.content(crm.deal(deal_id(sample.DEAL_UK_DISCOUNTS)))
    assert [line.discount for line in content.products] == [
        Discount(percent=Decimal("12.5")),
        Discount(amount=Decimal(100)),
        None,
        None,
        None,
    ]
    assert content.discounts == (
        Discount(percent=Decimal(10), description="Partner discount"),
        Discount(amount=Decimal(50), description="Trade fair voucher"),
    )


def test_disabled_lines_are_there_and_marked(crm: Crm) -> None:
    lines = crm.content(crm.deal(deal_id(sample.DEAL_UK_DISCOUNTS))).products
    assert [line.is_enabled for line in lines] == [True, True, True, False, True]


def test_lines_stand_in_the_deals_order(world: PipedriveWorld, crm: Crm) -> None:
    rows = world.simulator.companies[sample.COMPANY].lines[sample.DEAL_EUR]
    for row, order in zip(rows, (30, None, 10, 10, 20), strict=True):
        row["order_nr"] = order
    lines = crm.content(crm.deal(deal_id(sample.DEAL_EUR))).products
    names = ["Freight & packing", "Workshop “Zero → One” ☕", "Gateway HW-100", "Consulting hour"]
    assert [line.name for line in lines] == [*names, "Custom cable, cut to length"]


def test_instalments_are_read_by_date(crm: Crm) -> None:
    parts = crm.content(crm.deal(deal_id(sample.DEAL_INSTALMENTS))).instalments
    assert [(part.amount, part.billing_date, part.description) for part in parts] == [
        (Decimal(3165), date(2026, 12, 1), "Deposit (30 %)"),
        (Decimal(5275), date(2027, 2, 1), "Go-live"),
        (Decimal(2110), date(2027, 3, 1), "Rest"),
    ]


def test_a_plan_without_instalments_has_none(world: PipedriveWorld, crm: Crm) -> None:
    deal = crm.deal(deal_id(sample.DEAL_US_SIMPLE))
    world.simulator.faults.add(Fault("status", "installments", status=402))
    assert crm.content(deal).instalments == ()


def test_recurring_lines_say_how_often(crm: Crm) -> None:
    lines = crm.content(crm.deal(deal_id(sample.DEAL_RECURRING))).products
    assert [line.billing for line in lines] == [Billing.MONTHLY, Billing.ANNUALLY, Billing.ONE_TIME]


def test_a_variation_is_named_on_the_line(crm: Crm) -> None:
    lines = crm.content(crm.deal(deal_id(sample.DEAL_RECURRING))).products
    assert lines[1].name == "Licence, professional (Annual, paid in advance)"


@pytest.mark.parametrize(
    ("number", "handling"),
    [
        (sample.DEAL_US_SIMPLE, TaxHandling.NONE),
        (sample.DEAL_UK_DISCOUNTS, TaxHandling.EXCLUSIVE),
        (sample.DEAL_INCLUSIVE, TaxHandling.INCLUSIVE),
    ],
)
def test_the_deal_says_how_its_prices_hold_tax(crm: Crm, number: int, handling: TaxHandling) -> None:
    assert crm.content(crm.deal(deal_id(number))).tax_handling is handling


def test_a_product_that_was_deleted_since_has_no_code(world: PipedriveWorld, crm: Crm) -> None:
    world.simulator.companies[sample.COMPANY].products[sample.CONS_1]["is_deleted"] = True
    first = crm.content(crm.deal(deal_id(sample.DEAL_US_SIMPLE))).products[0]
    assert (first.name, first.code) == ("Consulting hour", "")


def test_more_than_one_page_of_lines_is_read(world: PipedriveWorld, crm: Crm) -> None:
    company = world.simulator.companies[sample.COMPANY]
    row = company.lines[sample.DEAL_US_SIMPLE][0]
    company.lines[sample.DEAL_US_SIMPLE] = [{**row, "id": 5000 + n, "order_nr": n} for n in range(1, 602)]
    assert len(crm.content(crm.deal(deal_id(sample.DEAL_US_SIMPLE))).products) == 601


# --- fields, rates -----------------------------------------------------------------------------------------------


def test_the_fields_of_all_kinds_can_be_chosen(crm: Crm) -> None:
    fields = {field.ref: field for field in crm.fields()}
    assert fields[ORGANIZATION_NAME].type is FieldType.TEXT
    assert fields[ORGANIZATION_ADDRESS].type is FieldType.ADDRESS
    assert fields[PERSON_EMAIL].type is FieldType.EMAIL
    assert fields[FieldRef(RecordKind.DEAL, "title")].name == "Title"
    vat = fields[FieldRef(RecordKind.ORGANIZATION, keys.ORG_VAT_NUMBER)]
    assert (vat.name, vat.type, vat.is_custom) == ("VAT number", FieldType.TEXT, True)


@pytest.mark.parametrize(
    ("code", "type_"),
    [
        (keys.DEAL_PO_NUMBER, FieldType.TEXT),
        (keys.DEAL_INVOICE_NOTE, FieldType.TEXT),
        (keys.DEAL_DISCOUNT_HINT, FieldType.TEXT),
        (keys.DEAL_SEATS, FieldType.TEXT),
        (keys.DEAL_DEPOSIT, FieldType.TEXT),
        (keys.DEAL_SITE_ADDRESS, FieldType.ADDRESS),
        (keys.DEAL_REGION, FieldType.TEXT),
        (keys.DEAL_SERVICES, FieldType.TEXT),
        (keys.DEAL_DUE_DATE, FieldType.TEXT),
        (keys.DEAL_SERVICE_PERIOD, FieldType.TEXT),
        (keys.DEAL_CALL_AT, FieldType.TEXT),
        (keys.DEAL_HOTLINE, FieldType.TEXT),
        (keys.DEAL_ACCOUNT_MANAGER, None),
        (keys.DEAL_PARTNER, None),
        (keys.DEAL_BILLING_CONTACT, None),
        ("owner_id", None),
        ("stage_id", None),
    ],
)
def test_each_type_of_field_is_mapped_or_left_out(crm: Crm, code: str, type_: FieldType | None) -> None:
    fields = {field.ref.code: field.type for field in crm.fields() if field.ref.record is RecordKind.DEAL}
    assert fields.get(code) is type_


def test_every_field_that_can_be_chosen_is_one_that_values_have(crm: Crm) -> None:
    """No field is offered that can never hold anything; each sample value of a chosen kind is under its code."""
    offered = {field.ref.code for field in crm.fields() if field.ref.record is RecordKind.DEAL}
    values = crm.deal(deal_id(sample.DEAL_EUR)).record.values
    empty = {keys.DEAL_INVOICE_NUMBER, keys.DEAL_INVOICE_STATUS, keys.DEAL_INVOICE_URL}
    assert offered - empty <= set(values)


def test_a_deleted_field_is_gone(world: PipedriveWorld, crm: Crm) -> None:
    ref = FieldRef(RecordKind.ORGANIZATION, keys.ORG_VAT_NUMBER)
    assert ref in {field.ref for field in crm.fields()}
    world.simulator.delete_field("organization", keys.ORG_VAT_NUMBER)
    assert ref not in {field.ref for field in crm.fields()}
    buyer = crm.buyer(crm.deal(deal_id(sample.DEAL_UK_DISCOUNTS)))
    assert buyer.organization
    assert ref.code not in buyer.organization.values


def test_the_tax_rates_of_the_catalogue_are_listed_once(crm: Crm) -> None:
    assert crm.tax_rates() == ("0", "5", "8.25", "20")


def test_a_deal_opens_at_its_companys_own_address(world: PipedriveWorld) -> None:
    assert world.crm().deal_url(deal_id(7)) == "https://duebill-demo.pipedrive.com/deal/7"
    # … also where calls go elsewhere.
    moved = world.crm(api_url="https://elsewhere.test")
    assert moved.deal_url(deal_id(7)) == "https://duebill-demo.pipedrive.com/deal/7"
    assert moved.deal(deal_id(sample.DEAL_ZERO)).value == 0
