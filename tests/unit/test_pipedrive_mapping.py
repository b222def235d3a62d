"""Pipedrive's documents in the domain's words: the corners that the sample data does not reach."""

from decimal import Decimal
from typing import Any

import pytest

from duebill.crm.pipedrive import fields, mapping
from duebill.crm.pipedrive.addresses import address_of, address_value
from duebill.crm.pipedrive.wire import (
    WireAddress,
    WireDeal,
    WireField,
    WireLine,
    WirePerson,
    WireProduct,
    WireUser,
)
from duebill.domain.deal import Address, Billing, Discount, FieldType, RecordKind, TaxHandling


def line(**other: Any) -> WireLine:  # noqa: ANN401  any field of the document
    document = {"id": 1, "product_id": 2, "name": "Licence", "quantity": 1, "item_price": 10, "sum": 10}
    return WireLine.model_validate({**document, **other})


def user(access: list[dict[str, object]], **other: object) -> WireUser:
    return WireUser.model_validate({"id": 1, "name": "A", "company_id": 2, "access": access, **other})


def address(value: str | None, **parts: str) -> Address:
    return address_of(WireAddress.model_validate({"value": value, **parts}))


# --- people ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("app", "admin", "expected"),
    [
        ("global", True, True),
        ("account_settings", True, True),
        ("sales", True, False),
        ("global", False, False),
        ("projects", True, False),
    ],
)
def test_global_or_account_settings_make_an_admin(app: str, admin: bool, expected: bool) -> None:
    assert mapping.user(user([{"app": app, "admin": admin}])).is_admin is expected


def test_a_user_without_language_or_time_zone_reads_english() -> None:
    found = mapping.user(user([], language=None, timezone_name=""))
    assert (found.language, found.time_zone, found.company_name) == ("en", None, "")


def test_of_several_addresses_the_primary_one_is_taken_else_the_first() -> None:
    mails = [{"value": " "}, {"value": "a@x.example"}, {"value": "b@x.example", "primary": True}]
    person = {"id": 1, "name": "P", "emails": mails, "phones": None}
    assert mapping.person(WirePerson.model_validate(person)).values["email"].text == "b@x.example"
    person["emails"] = mails[:2]
    record = mapping.person(WirePerson.model_validate(person))
    assert record.values["email"].text == "a@x.example"
    assert "phone" not in record.values


def test_a_persons_postal_address_is_read_where_there_is_one() -> None:
    document = {"id": 1, "name": "P", "postal_address": {"value": "1 High St, Leeds", "locality": "Leeds"}}
    value = mapping.person(WirePerson.model_validate(document)).values["postal_address"]
    assert value.address == Address(("1 High St",), "Leeds")


# --- deals and lines ---------------------------------------------------------------------------------------------


def test_a_deal_without_a_value_is_worth_nothing() -> None:
    deal = mapping.deal(
        WireDeal.model_validate({"id": 1, "title": "T", "value": None, "currency": "EUR", "status": "open"})
    )
    assert (deal.value, deal.record.values["value"].text) == (Decimal(0), "0")
    assert (deal.owner, deal.organization, deal.person) == (None, None, None)


def test_a_status_that_we_do_not_know_is_kept() -> None:
    document = {"id": 1, "title": "T", "value": 1, "currency": "EUR", "status": "pending_magic"}
    assert mapping.deal(WireDeal.model_validate(document)).status == "pending_magic"


def test_a_discount_of_nothing_is_none() -> None:
    assert mapping.product(line(discount=0), "", "").discount is None
    assert mapping.product(line(discount=None), "", "").discount is None
    assert mapping.product(line(discount=5), "", "").discount == Discount(percent=Decimal(5))
    assert mapping.product(line(discount=5, discount_type="amount"), "", "").discount == Discount(amount=Decimal(5))


def test_a_variation_is_named_once() -> None:
    assert mapping.product(line(), "", "Annual").name == "Licence (Annual)"
    assert mapping.product(line(name="Licence – annual"), "", "Annual").name == "Licence – annual"
    assert mapping.product(line(), "", " ").name == "Licence"


def test_without_tax_the_rate_is_zero_whatever_the_line_keeps() -> None:
    assert mapping.product(line(tax=20, tax_method="none"), "", "").tax_rate == 0
    assert mapping.product(line(tax=20, tax_method="inclusive"), "", "").tax_rate == 20
    assert mapping.product(line(tax=None), "", "").tax_rate == 0


def test_small_plans_know_no_billing_frequency() -> None:
    assert mapping.product(line(billing_frequency=None), "", "").billing is Billing.ONE_TIME


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], TaxHandling.EXCLUSIVE),
        ([line(tax_method="none")], TaxHandling.NONE),
        ([line(tax_method="none"), line(id=2, tax_method="inclusive")], TaxHandling.INCLUSIVE),
        ([line(tax_method="exclusive", is_enabled=False), line(id=2, tax_method="inclusive")], TaxHandling.INCLUSIVE),
        ([line(id=2, tax_method="exclusive"), line(tax_method="inclusive")], TaxHandling.INCLUSIVE),
    ],
)
def test_the_first_enabled_taxed_line_says_how_tax_is_held(lines: list[WireLine], expected: TaxHandling) -> None:
    assert mapping.tax_handling(lines) is expected


def test_rates_are_counted_once_and_sorted_as_numbers() -> None:
    taxes = ["20", "5.50", None, "20.00", "0", "100"]
    products = [WireProduct.model_validate({"id": n, "tax": tax}) for n, tax in enumerate(taxes)]
    assert mapping.rates(products) == ("0", "5.5", "20", "100")


# --- values and fields -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("x", "x"),
        (5, "5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("2.50"), "2.5"),
        (True, "Yes"),
        ({"id": 3, "label": "Gold"}, "Gold"),
        ([{"id": 3, "label": "A"}, {"id": 4, "label": None}, {"id": 5, "label": "B"}], "A, B"),
        ({"value": Decimal(0), "currency": "EUR"}, "0 EUR"),
        ({"value": "10:00:00", "until": "12:00:00"}, "10:00:00 – 12:00:00"),
        ({"value": "somewhere", "country": 7}, "somewhere"),
    ],
)
def test_a_custom_value_reads_as_text(raw: object, text: str) -> None:
    value = fields.value_of(raw)
    assert value
    assert value.text == text


@pytest.mark.parametrize(
    "raw",
    [None, "", "  ", [], {}, {"id": 1, "label": None}, {"value": None, "currency": "EUR"}, {"value": ""}, object()],
)
def test_an_empty_custom_value_is_none(raw: object) -> None:
    assert fields.value_of(raw) is None


def wire_field(code: str, type_: str, *, custom: bool = False) -> WireField:
    return WireField(field_code=code, field_name=code.title(), field_type=type_, is_custom_field=custom)


def test_the_plural_of_v2_is_the_same_field() -> None:
    found = fields.mappable(
        RecordKind.PERSON,
        [wire_field("emails", "varchar"), wire_field("email", "varchar"), wire_field("phones", "phone")],
    )
    assert [(field.ref.code, field.type) for field in found] == [("email", FieldType.EMAIL), ("phone", FieldType.TEXT)]


def test_a_custom_field_that_is_called_like_a_built_in_one_is_not_it() -> None:
    (field,) = fields.mappable(RecordKind.PERSON, [wire_field("emails", "varchar", custom=True)])
    assert (field.ref.code, field.type, field.is_custom) == ("emails", FieldType.TEXT, True)


def test_built_in_fields_come_first_and_types_that_we_do_not_know_not_at_all() -> None:
    metadata = [
        wire_field("c1", "varchar", custom=True),
        wire_field("c2", "hologram", custom=True),
        wire_field("address", "address"),
        wire_field("name", "varchar"),
        wire_field("moon_phase", "varchar"),
    ]
    found = fields.mappable(RecordKind.ORGANIZATION, metadata)
    assert [field.ref.code for field in found] == ["name", "address", "c1"]


# --- addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (address("London Road 5, London", locality="London"), Address(("London Road 5",), "London")),
        (
            address("Hof, 50-106 Wrocław, Polska", locality="Wrocław", country="Polska"),
            Address(("Hof",), "Wrocław", "", "50-106", "Polska"),
        ),
        (
            address("c/o Smith\n1 High St\nLeeds LS1 1AA", locality="Leeds", postal_code="LS1 1AA"),
            Address(("c/o Smith", "1 High St"), "Leeds", "", "LS1 1AA"),
        ),
        (address("Somewhere\nelse"), Address(("Somewhere", "else"))),
        (
            address("", route="Main St", street_number="1", subpremise="Apt 2", locality="X"),
            Address(("1 Main St", "Apt 2"), "X"),
        ),
        (
            address("Hauptstr. 7 Ulm", route="Hauptstr.", street_number="7", locality="Ulm"),
            Address(("Hauptstr. 7",), "Ulm"),
        ),
        (
            address("5 Bedford Ave, Brooklyn, NY", sublocality="Brooklyn", admin_area_level_1="NY"),
            Address(("5 Bedford Ave",), "Brooklyn", "NY"),
        ),
        (address("Leeds, UK", locality="Leeds", country="UK"), Address((), "Leeds", "", "", "UK")),
        (address(None), Address()),
    ],
)
def test_an_address_is_taken_apart_and_nothing_is_lost(found: Address, expected: Address) -> None:
    assert found == expected


def test_an_address_without_text_is_written_from_its_parts() -> None:
    wire = WireAddress(route="Main St", street_number="1", locality="X", postal_code="9", country="NO")
    value = address_value(wire)
    assert value
    assert value.text == "1 Main St, 9 X, NO"


def test_no_address_is_no_value() -> None:
    assert address_value(None) is None
    assert address_value(WireAddress()) is None
