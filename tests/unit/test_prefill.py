"""From a deal to a draft's customer and lines."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duebill.domain.deal import (
    Address,
    Billing,
    Buyer,
    Deal,
    DealContent,
    DealProduct,
    Discount,
    FieldRef,
    FieldValue,
    Instalment,
    Record,
    RecordKind,
)
from duebill.domain.draft import DraftLine
from duebill.domain.ids import DealId, ItemId, ProductId
from duebill.domain.prefill import (
    deal_discount_lines,
    details_of,
    lines_of,
    missing_fields,
    notices_of,
    with_books,
)
from duebill.domain.settings import ConnectionSettings, CustomerMapping, UnlinkedLine

ADDRESS = Address(("1 High Street",), "London", "", "N1 1AA", "UK")
ORGANIZATION = Record(
    RecordKind.ORGANIZATION,
    1,
    "Northwind",
    {
        "name": FieldValue("Northwind"),
        "address": FieldValue("1 High Street, London", ADDRESS),
        "vat": FieldValue("GB 123"),
    },
)
PERSON = Record(
    RecordKind.PERSON, 2, "Ann Lee", {"name": FieldValue("Ann Lee"), "email": FieldValue("ann@example.com")}
)
DEAL = Deal(
    id=DealId(7),
    title="Website",
    value=Decimal(1200),
    currency="GBP",
    status="won",
    is_archived=False,
    owner=None,
    organization=1,
    person=2,
    record=Record(RecordKind.DEAL, 7, "Website", {"po": FieldValue("PO-77")}),
)


def product(
    number: int = 1, price: str = "100", quantity: str = "1", rate: str = "20", **changes: object
) -> DealProduct:
    plain = DealProduct(
        product=ProductId(number),
        name=f"Product {number}",
        code=f"P-{number}",
        description="",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        tax_rate=Decimal(rate),
        discount=None,
        is_enabled=True,
        billing=Billing.ONE_TIME,
        billing_start=None,
        total=Decimal(price) * Decimal(quantity),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # tests name the product's own fields


def test_the_defaults_take_name_and_address_from_the_organization_and_the_email_from_the_person() -> None:
    details = details_of(Buyer(ORGANIZATION, PERSON), DEAL, CustomerMapping())
    assert (details.name, details.address, details.email, details.tax_id) == (
        "Northwind",
        ADDRESS,
        "ann@example.com",
        "",
    )


def test_any_field_of_any_record_can_fill_any_part() -> None:
    mapping = CustomerMapping(
        name=FieldRef(RecordKind.PERSON, "name"),
        address=None,
        email=FieldRef(RecordKind.DEAL, "po"),
        tax_id=FieldRef(RecordKind.ORGANIZATION, "vat"),
    )
    details = details_of(Buyer(ORGANIZATION, PERSON), DEAL, mapping)
    assert (details.name, details.email, details.tax_id) == ("Ann Lee", "PO-77", "GB 123")
    assert not details.address


def test_a_deal_without_an_organization_bills_its_person() -> None:
    details = details_of(Buyer(None, PERSON), DEAL, CustomerMapping())
    assert (details.name, details.email) == ("Ann Lee", "ann@example.com")
    assert Buyer(None, PERSON).key == "person:2"


def test_an_address_of_plain_text_becomes_lines() -> None:
    mapping = CustomerMapping(address=FieldRef(RecordKind.DEAL, "po"))
    deal = replace(DEAL, record=replace(DEAL.record, values={"po": FieldValue("1 Road\n\n Town ")}))
    assert details_of(Buyer(ORGANIZATION), deal, mapping).address.lines == ("1 Road", "Town")


def test_a_mapped_field_that_was_deleted_is_a_warning_with_a_way_out() -> None:
    mapping = CustomerMapping(tax_id=FieldRef(RecordKind.ORGANIZATION, "gone"))
    known = [ref for ref in (mapping.name, mapping.address, mapping.email) if ref]
    [problem] = missing_fields(mapping, known)
    assert (problem.code, problem.severity, problem.fields) == ("mapped_field_deleted", "warn", ("/details/tax_id",))


def test_disabled_products_are_skipped_and_the_order_is_kept() -> None:
    content = DealContent(products=(product(2), product(1, is_enabled=False), product(3)))
    assert [line.product for line in lines_of(DEAL, content, None)] == [2, 3]


def test_a_deal_without_products_is_one_line_with_its_value() -> None:
    [line] = lines_of(DEAL, DealContent(), None)
    assert (line.description, line.quantity, line.unit_price) == ("Website", 1, 1200)


def test_an_instalment_is_one_line_with_its_amount() -> None:
    instalment = Instalment(5, Decimal("400.50"), date(2026, 3, 1), "First third")
    [line] = lines_of(DEAL, DealContent(products=(product(),)), instalment)
    assert (line.unit_price, line.description, line.tax_rate) == (Decimal("400.50"), "Website: First third", 20)


def test_an_instalment_over_several_rates_leaves_the_rate_to_the_person() -> None:
    content = DealContent(products=(product(1, rate="20"), product(2, rate="5")))
    [line] = lines_of(DEAL, content, Instalment(5, Decimal(1), date(2026, 3, 1), ""))
    assert line.tax_rate is None


@pytest.mark.parametrize(
    ("discount", "amount"),
    [
        (None, "37.46"),
        (Discount(percent=Decimal(10)), "33.71"),
        (Discount(amount=Decimal("7.46")), "30.00"),
        (Discount(percent=Decimal("33.33")), "24.97"),
    ],
)
def test_a_line_comes_to_quantity_times_price_less_its_discount_each_rounded(
    discount: Discount | None, amount: str
) -> None:
    [line] = lines_of(DEAL, DealContent(products=(product(1, "12.49", "2.999", discount=discount),)), None)
    assert line.amount("GBP") == Decimal(amount)


def test_a_deal_wide_percentage_takes_from_each_rate_its_own() -> None:
    lines = lines_of(
        DEAL,
        DealContent(
            products=(product(1, "100", rate="20"), product(2, "50", rate="5")), discounts=(Discount(Decimal(10)),)
        ),
        None,
    )
    assert [(line.unit_price, line.tax_rate) for line in lines[2:]] == [(-10, 20), (-5, 5)]


@given(
    amount=st.decimals("0.01", "5000", places=2),
    prices=st.lists(st.tuples(st.decimals("0.01", "9999", places=2), st.sampled_from(["0", "5", "20"])), min_size=1),
)
def test_a_deal_wide_amount_is_shared_to_the_cent(amount: Decimal, prices: list[tuple[Decimal, str]]) -> None:
    lines = tuple(DraftLine("x", Decimal(1), price, tax_rate=Decimal(rate)) for price, rate in prices)
    shares = deal_discount_lines(lines, (Discount(amount=amount),), "GBP")
    assert sum(line.unit_price for line in shares) == -amount


def test_remembered_items_and_tax_codes_are_filled_in() -> None:
    lines = lines_of(DEAL, DealContent(products=(product(1, rate="20.00"), product(2, rate="5"))), None)
    settings = ConnectionSettings(tax_codes={"20": "S"})
    first, second = with_books(lines, {ProductId(1): (ItemId("i1"), "Item 1")}, settings, {})
    assert (first.item, first.tax_code) == ("i1", "S")
    assert (second.item, second.tax_code) == (None, None)


@pytest.mark.parametrize(
    ("policy", "item", "creates"),
    [(UnlinkedLine.STOP, None, False), (UnlinkedLine.DEFAULT_ITEM, "d", False), (UnlinkedLine.CREATE_ITEM, None, True)],
)
def test_an_unlinked_line_does_what_the_settings_say(policy: UnlinkedLine, item: str | None, creates: bool) -> None:
    plain = product(1)
    lines = lines_of(DEAL, DealContent(products=(plain,)), None)
    settings = ConnectionSettings(
        default_item=ItemId("d"), default_item_name="Sales", income_account="77", unlinked_line=policy
    )
    [line] = with_books(lines, {}, settings, {plain.product: plain})
    assert line.item == item
    assert (line.new_item is not None) is creates
    if line.new_item:
        assert (line.new_item.code, line.new_item.income_account) == ("P-1", "77")


def test_a_deal_discount_stands_on_the_first_linked_item_where_there_is_no_default() -> None:
    content = DealContent(products=(product(1),), discounts=(Discount(amount=Decimal(5)),))
    lines = with_books(
        lines_of(DEAL, content, None), {ProductId(1): (ItemId("i1"), "Item 1")}, ConnectionSettings(), {}
    )
    assert [line.item for line in lines] == ["i1", "i1"]


def test_recurring_products_and_sums_that_differ_are_noticed() -> None:
    content = DealContent(
        products=(product(1, billing=Billing.MONTHLY), product(2, total=Decimal(99)), product(3, total=Decimal(120)))
    )
    notices = notices_of(lines_of(DEAL, content, None), content, "GBP")
    assert [(notice.code, notice.line) for notice in notices] == [("recurring", 0), ("total_differs", 1)]
