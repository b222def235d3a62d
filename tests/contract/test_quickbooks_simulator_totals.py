"""What the simulated QuickBooks reckons: tax per rate over the lines, rounded half up; the state's rate in the US."""

from decimal import Decimal
from typing import Any

import pytest

from tests.contract.quickbooks_desk import Desk, Json, codes, line, uk_desk, us_desk

STANDARD, REDUCED, ZERO, EXEMPT = "1", "2", "3", "4"


@pytest.fixture
def us() -> Desk:
    return us_desk()


@pytest.fixture
def uk() -> Desk:
    return uk_desk()


def _uk_line(amount: str, code: str | None, **detail: Json) -> dict[str, Any]:
    tax = {"TaxCodeRef": {"value": code}} if code else {}
    return line(amount, {"ItemRef": {"value": "1"}} | tax | detail)


def _totals(invoice: dict[str, Any]) -> tuple[Decimal, Decimal]:
    return Decimal(str(invoice["TxnTaxDetail"]["TotalTax"])), Decimal(str(invoice["TotalAmt"]))


@pytest.mark.parametrize(
    ("lines", "tax", "total"),
    [
        # Three lines of 0.33 × 20 %: per line 0.07 each would be 0.21; over the rate it is 0.20.
        ([("0.33", STANDARD)] * 3, "0.20", "1.19"),
        # Each half cent goes up: 0.125 and 0.025.
        ([("0.125", STANDARD)], None, None),
        ([("0.50", REDUCED)], "0.03", "0.53"),
        ([("-0.50", REDUCED), ("1.00", ZERO)], "-0.03", "0.47"),
        ([("99.99", STANDARD), ("50.01", REDUCED), ("10", ZERO), ("7", EXEMPT)], "22.50", "189.50"),
    ],
)
def test_tax_is_rounded_once_per_rate(uk: Desk, lines: list[Any], tax: str | None, total: str | None) -> None:
    body = uk.invoice(Line=[_uk_line(*each) for each in lines])
    answer = uk.post("/invoice", body)
    if tax is None:
        assert codes(answer) == ["2080"]  # amounts are whole cents
        return
    parts = answer.json()["Invoice"]["TxnTaxDetail"]["TaxLine"]
    assert sum(Decimal(str(part["Amount"])) for part in parts) == Decimal(str(tax))
    assert _totals(answer.json()["Invoice"]) == (Decimal(str(tax)), Decimal(str(total)))


def test_prices_that_include_tax_keep_their_sum(uk: Desk) -> None:
    lines = [
        _uk_line("8.33", STANDARD, TaxInclusiveAmt=9.99, Qty=1, UnitPrice=8.325),
        _uk_line("8.33", STANDARD, TaxInclusiveAmt=9.99, Qty=3, UnitPrice=2.775),
        _uk_line("9.52", REDUCED, TaxInclusiveAmt=10, Qty=1, UnitPrice=9.5238095),
    ]
    made = uk.create(GlobalTaxCalculation="TaxInclusive", Line=lines)
    # 19.98 × 20/120 = 3.33; 10 × 5/105 = 0.476…
    assert _totals(made) == (Decimal("3.81"), Decimal("29.98"))
    assert [each["TaxLineDetail"]["NetAmountTaxable"] for each in made["TxnTaxDetail"]["TaxLine"]] == [16.65, 9.52]


def test_the_tax_in_prices_is_taken_out_of_their_sum(uk: Desk) -> None:
    # Ten lines of 0.03: each is 0.03 without tax too, but their sum holds 0.05 of tax.
    lines = [_uk_line("0.03", STANDARD, TaxInclusiveAmt=0.03) for _ in range(10)]
    assert _totals(uk.create(GlobalTaxCalculation="TaxInclusive", Line=lines)) == (Decimal("0.05"), Decimal("0.30"))


@pytest.mark.parametrize(
    ("amount", "detail", "code"),
    [
        ("8.32", {"TaxInclusiveAmt": 9.99}, "6000"),
        ("8.33", {}, "6000"),
        ("8.33", {"TaxInclusiveAmt": 9.99, "Qty": 1, "UnitPrice": 9.99}, "6070"),
    ],
)
def test_net_and_gross_of_a_line_must_agree(uk: Desk, amount: str, detail: dict[str, Any], code: str) -> None:
    body = uk.invoice(GlobalTaxCalculation="TaxInclusive", Line=[_uk_line(amount, STANDARD, **detail)])
    assert codes(uk.post("/invoice", body)) == [code]


def test_a_transaction_without_tax_needs_no_codes(uk: Desk) -> None:
    made = uk.create(GlobalTaxCalculation="NotApplicable", Line=[_uk_line("10", None), _uk_line("5", ZERO)])
    assert _totals(made) == (Decimal(0), Decimal(15))


def test_a_foreign_invoice_is_kept_in_home_units_too(uk: Desk) -> None:
    customer = uk.customer("Berliner Maschinenbau GmbH")
    body = {"CustomerRef": {"value": customer}, "CurrencyRef": {"value": "EUR"}}
    made = uk.create(**body, ExchangeRate=0.8532)
    assert (made["TotalAmt"], made["HomeTotalAmt"], made["HomeBalance"]) == (120, 102.38, 102.38)
    # "wrong or missing ExchangeRate books at 1"
    assert uk.create(**body)["HomeTotalAmt"] == 120


@pytest.mark.parametrize(
    ("buyer", "tax"),
    [
        ("Cool Cars", "7.25"),
        ("Diego's Diner", "8.25"),
        ("Empire State Florists", "8.88"),
        ("Franklin Pools", "0"),
        ("County School District", "0"),
    ],
)
def test_in_the_us_the_state_and_the_customer_decide(us: Desk, buyer: str, tax: str) -> None:
    detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "TAX"}}
    free = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "NON"}}
    lines = [line("100", detail), line("50", free)]
    made = us.create(CustomerRef={"value": us.customer(buyer)}, Line=lines)
    assert _totals(made) == (Decimal(tax), 150 + Decimal(tax))


def test_in_the_us_the_shipping_address_wins(us: Desk) -> None:
    detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "TAX"}}
    made = us.create(Line=[line("100", detail)], ShipAddr={"CountrySubDivisionCode": "TX"})
    assert _totals(made)[0] == Decimal("8.25")


def test_in_the_us_an_explicit_tax_is_honoured(us: Desk) -> None:
    made = us.create(TxnTaxDetail={"TotalTax": 3.21})
    assert _totals(made) == (Decimal("3.21"), Decimal("103.21"))


def test_without_a_code_the_item_and_the_customer_decide(us: Desk) -> None:
    made = us.create(
        Line=[line("100", {"ItemRef": {"value": us.item("Rock fountain")}}), line("10", {"ItemRef": {"value": "1"}})]
    )
    assert [each["SalesItemLineDetail"]["TaxCodeRef"]["value"] for each in made["Line"][:2]] == ["TAX", "NON"]


@pytest.mark.parametrize(("after", "tax", "total"), [(True, "6.53", "96.53"), (False, "7.25", "97.25")])
def test_a_discount_comes_before_or_after_tax(us: Desk, *, after: bool, tax: str, total: str) -> None:
    off = {"Amount": 10, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": False}}
    detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "TAX"}}
    made = us.create(Line=[line("100", detail), off], ApplyTaxAfterDiscount=after)
    assert _totals(made) == (Decimal(tax), Decimal(total))
