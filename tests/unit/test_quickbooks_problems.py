"""What QuickBooks would refuse is said beforehand, all at once, with what to do."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from duebill.domain.books import BooksOptions, Customer, CustomerDetails, NewItem, TaxCode, TaxComponent, Term
from duebill.domain.connection import TaxModel, Tenant
from duebill.domain.deal import Address, Discount, TaxHandling
from duebill.domain.draft import Draft, DraftLine
from duebill.domain.ids import ConnectionId, CustomerId, ItemId, TenantId
from duebill.errors import Problem, Severity
from duebill.providers.quickbooks.problems import problems_of

UK = Tenant(
    TenantId("2"),
    "UK",
    "GB",
    "GBP",
    multicurrency=True,
    tax_model=TaxModel.PER_LINE,
    time_zone=None,
    custom_numbers=False,
)
US = replace(UK, country="US", home_currency="USD", multicurrency=False, tax_model=TaxModel.AUTOMATED)
OPTIONS = BooksOptions(
    tax_codes=(TaxCode("20", "20 %", (TaxComponent("r", "20 %", Decimal(20)),)),),
    terms=(Term("3", "Net 30", 30),),
    currencies=("GBP", "EUR"),
    multicurrency=True,
)
US_OPTIONS = BooksOptions(tax_codes=(TaxCode("TAX", "Taxable"), TaxCode("NON", "Not taxable", is_taxable=False)))
CUSTOMER = Customer(CustomerId("7"), CustomerDetails("Ann"), "GBP")
LINE = DraftLine("Work", Decimal(2), Decimal(60), item=ItemId("11"), tax_code="20")
DRAFT = Draft(
    ConnectionId("c"),
    CUSTOMER.id,
    CustomerDetails("Ann", Address(("1 Road",)), "ann@example.com"),
    "GBP",
    TaxHandling.EXCLUSIVE,
    (LINE,),
    issued_on=date(2026, 11, 21),
    due_on=date(2026, 12, 1),
)
US_DRAFT = replace(DRAFT, currency="USD", lines=(replace(LINE, tax_code="TAX"),))
US_CUSTOMER = replace(CUSTOMER, currency="USD")


def problems(
    draft: Draft = DRAFT, customer: Customer = CUSTOMER, tenant: Tenant = UK, options: BooksOptions = OPTIONS
) -> dict[str, Problem]:
    return {problem.code: problem for problem in problems_of(draft, customer, tenant, options)}


def us_problems(draft: Draft = US_DRAFT, tenant: Tenant = US, options: BooksOptions = US_OPTIONS) -> dict[str, Problem]:
    return problems(draft, US_CUSTOMER, tenant, options)


def line(**changes: object) -> Draft:
    return replace(DRAFT, lines=(LINE, replace(LINE, **changes)))  # type: ignore[arg-type]  # the dictionary holds what DraftLine wants


def test_a_good_draft_has_none() -> None:
    assert problems() == {}
    assert us_problems() == {}


NEW = NewItem("Work", income_account="1")
STOPS: list[tuple[str, str, Draft]] = [
    ("customer_missing", "/customer", replace(DRAFT, customer=None)),
    ("no_lines", "/lines", replace(DRAFT, lines=())),
    ("too_many_lines", "/lines", replace(DRAFT, lines=(LINE,) * 301)),
    ("line_without_item", "/lines/1/item", line(item=None)),
    ("income_account_missing", "/lines/1/new_item/income_account", line(item=None, new_item=NewItem("Work"))),
    ("name_not_allowed", "/lines/1/new_item/name", line(item=None, new_item=replace(NEW, name="A:B"))),
    ("text_too_long", "/lines/1/new_item/name", line(item=None, new_item=replace(NEW, name="x" * 101))),
    ("text_too_long", "/lines/1/new_item/code", line(item=None, new_item=replace(NEW, code="x" * 101))),
    ("text_too_long", "/lines/1/new_item/description", line(item=None, new_item=replace(NEW, description="x" * 4001))),
    ("tax_code_missing", "/lines/1/tax_code", line(tax_code=None)),
    ("tax_code_missing", "/lines/1/tax_code", line(tax_code="gone")),
    ("text_too_long", "/lines/1/description", line(description="x" * 4001)),
    (
        "text_too_long",
        "/lines/1/description",
        line(discount=Discount(percent=Decimal(1)), item_name="x" * 3990),
    ),
    ("too_many_decimals", "/lines/1/unit_price", line(unit_price=Decimal("1.00000001"))),
    ("too_many_decimals", "/lines/1/quantity", line(quantity=Decimal("1.00000001"))),
    ("amount_too_large", "/lines/1/unit_price", line(quantity=Decimal(10**5), unit_price=Decimal(10**5))),
    ("amount_too_large", "/lines/1/unit_price", line(quantity=Decimal("0.1"), unit_price=Decimal(10**10))),
    ("amount_too_large", "/lines/1/unit_price", line(unit_price=Decimal("123456789.1234567"))),
    ("total_negative", "/lines", line(unit_price=Decimal(-61))),
    ("total_zero", "/lines", line(unit_price=Decimal(-60))),
    ("text_too_long", "/memo", replace(DRAFT, memo="x" * 990, po_number="PO-1")),
    ("text_too_long", "/details/email", replace(DRAFT, details=CustomerDetails("A", email="a@b.c" + "x" * 96))),
    ("email_invalid", "/details/email", replace(DRAFT, details=CustomerDetails("A", email="ann at example"))),
    ("email_invalid", "/details/email", replace(DRAFT, details=CustomerDetails("A", email="ann@localhost"))),
    ("text_too_long", "/details/address/city", replace(DRAFT, details=CustomerDetails("A", Address(city="x" * 256)))),
    (
        "text_too_long",
        "/details/address/postal_code",
        replace(DRAFT, details=CustomerDetails("A", Address(postal_code="x" * 31))),
    ),
    (
        "text_too_long",
        "/details/address/lines",
        replace(DRAFT, details=CustomerDetails("A", Address(("x" * 99,) * 10))),
    ),
    ("number_not_allowed", "/number", replace(DRAFT, number="1")),
    ("number_too_long", "/number", replace(DRAFT, number="1" * 22)),
    ("term_not_found", "/term", replace(DRAFT, term="99")),
    ("currency_unknown", "/currency", replace(DRAFT, currency="PTS")),
    ("currency_mismatch", "/currency", replace(DRAFT, currency="EUR")),
]


@pytest.mark.parametrize(("code", "field", "draft"), STOPS)
def test_what_would_be_refused_stops_and_names_its_field(code: str, field: str, draft: Draft) -> None:
    found = [problem for problem in problems_of(draft, CUSTOMER, UK, OPTIONS) if problem.code == code]
    assert field in {each for problem in found for each in problem.fields}
    assert {problem.severity for problem in found} == {Severity.STOP}
    assert all(problem.message.endswith(".") for problem in found)


def test_a_new_customer_must_have_a_name_that_fits() -> None:
    new = replace(DRAFT, customer=None, create_customer=True)
    assert problems(new) == {}
    for name, code in (("", "name_not_allowed"), ("A: B", "name_not_allowed"), ("x" * 501, "text_too_long")):
        assert code in problems(replace(new, details=CustomerDetails(name)))
        assert code not in problems(replace(DRAFT, details=CustomerDetails(name)))
    assert "text_too_long" in problems(replace(new, details=CustomerDetails("Ann", tax_id="1" * 21)))


def test_an_inactive_customer_is_named() -> None:
    found = problems(customer=replace(CUSTOMER, is_active=False))["customer_inactive"]
    assert "“Ann” is inactive" in found.message


def test_another_currency_than_the_customers_says_every_step() -> None:
    found = problems(replace(DRAFT, currency="EUR"))["currency_mismatch"]
    assert "never changes" in found.message
    assert "second customer in EUR" in found.message
    assert found.values["customer_currency"] == "GBP"


def test_a_currency_that_the_company_does_not_use_yet_only_warns() -> None:
    found = problems(replace(DRAFT, currency="PLN"), replace(CUSTOMER, currency="PLN"))
    assert found["currency_not_in_books"].severity is Severity.WARN


def test_books_of_one_currency_say_how_to_have_more() -> None:
    found = us_problems(replace(US_DRAFT, currency="EUR"))
    assert "switch multicurrency on" in found["multicurrency_off"].message
    assert "currency_mismatch" not in found


def test_closed_books_say_until_when() -> None:
    closed = replace(OPTIONS, closed_until=date(2026, 11, 21))
    assert "2026-11-21" in problems(options=closed)["books_closed"].message
    assert problems(options=replace(OPTIONS, closed_until=date(2026, 11, 20))) == {}


def test_a_missing_number_and_an_early_due_date_only_warn() -> None:
    by_hand = replace(OPTIONS, custom_numbers=True)
    assert problems(options=by_hand)["number_missing"].severity is Severity.WARN
    assert problems(replace(DRAFT, number="1"), options=by_hand) == {}
    assert problems(replace(DRAFT, due_on=date(2026, 11, 20)))["due_before_issue"].severity is Severity.WARN


def test_stopping_problems_come_first() -> None:
    found = problems_of(replace(DRAFT, due_on=date(2026, 1, 1), memo="x" * 1001), CUSTOMER, UK, OPTIONS)
    assert [problem.severity for problem in found] == [Severity.STOP, Severity.WARN]


def test_an_untaxed_deal_needs_no_tax_codes() -> None:
    assert problems(replace(DRAFT, tax_handling=TaxHandling.NONE, lines=(replace(LINE, tax_code=None),))) == {}


def test_us_prices_cannot_hold_the_tax() -> None:
    assert "inclusive_prices_unsupported" in us_problems(replace(US_DRAFT, tax_handling=TaxHandling.INCLUSIVE))
    assert problems(replace(DRAFT, tax_handling=TaxHandling.INCLUSIVE)) == {}


def test_the_old_manual_sales_tax_takes_untaxed_lines_only() -> None:
    manual = replace(US, tax_model=TaxModel.MANUAL)
    assert "manual_sales_tax" in us_problems(tenant=manual)
    untaxed = replace(US_DRAFT, lines=(replace(LINE, tax_code="NON"),))
    assert us_problems(untaxed, tenant=manual) == {}


def test_books_without_sales_tax_drop_no_tax_silently() -> None:
    none = replace(US, tax_model=TaxModel.NONE)
    taxed = replace(US_DRAFT, lines=(replace(LINE, tax_rate=Decimal(20)),))
    assert us_problems(taxed, tenant=none)["sales_tax_off"].fields == ("/lines/0/tax_code",)
    assert us_problems(replace(US_DRAFT, lines=(replace(LINE, tax_code=None),)), tenant=none) == {}


def test_us_books_warn_of_characters_that_they_may_lose() -> None:
    found = us_problems(replace(US_DRAFT, memo="謝謝"))["characters_may_be_lost"]
    assert (found.severity, found.fields) == (Severity.WARN, ("/memo",))
    assert us_problems(replace(US_DRAFT, memo="Café – “€5”")) == {}
    assert problems(replace(DRAFT, memo="謝謝")) == {}
