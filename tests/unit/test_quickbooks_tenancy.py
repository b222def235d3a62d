"""Who decides the tax, which tax codes a line can name, and the small rules of numbers and ranking."""

from decimal import Decimal

import pytest

from duebill.domain.connection import TaxModel
from duebill.providers.quickbooks.numbers import next_number
from duebill.providers.quickbooks.tenancy import tax_codes, tax_model_of
from duebill.providers.quickbooks.wire import PreferencesDocument, TaxCodeDocument, TaxRateDocument
from duebill.providers.ranking import best_first


@pytest.mark.parametrize(
    ("country", "prefs", "model"),
    [
        ("US", {"UsingSalesTax": True, "PartnerTaxEnabled": True}, TaxModel.AUTOMATED),
        ("US", {"UsingSalesTax": True, "PartnerTaxEnabled": False}, TaxModel.NONE),
        ("US", {"UsingSalesTax": True}, TaxModel.MANUAL),
        ("US", {"UsingSalesTax": False, "PartnerTaxEnabled": True}, TaxModel.NONE),
        ("US", {}, TaxModel.NONE),
        ("GB", {"UsingSalesTax": True}, TaxModel.PER_LINE),
        ("GB", {"UsingSalesTax": True, "PartnerTaxEnabled": True}, TaxModel.PER_LINE),
        ("AU", {"UsingSalesTax": False}, TaxModel.NONE),
    ],
)
def test_country_and_preferences_say_who_decides_the_tax(country: str, prefs: dict[str, bool], model: TaxModel) -> None:
    assert tax_model_of(country, PreferencesDocument.model_validate({"TaxPrefs": prefs})) is model


def code(identifier: str, *rates: tuple[str, str], **changes: object) -> TaxCodeDocument:
    listed = [
        {"TaxRateRef": {"value": rate}, "TaxTypeApplicable": kind, "TaxOrder": place}
        for place, (rate, kind) in enumerate(rates)
    ]
    given = {"Id": identifier, "Name": identifier, "SalesTaxRateList": {"TaxRateDetail": listed}}
    return TaxCodeDocument.model_validate(given | changes)


RATES = [
    TaxRateDocument.model_validate({"Id": "g", "Name": "GST", "RateValue": 5}),
    TaxRateDocument.model_validate({"Id": "p", "Name": "PST", "RateValue": 10}),
    TaxRateDocument.model_validate({"Id": "empty", "Name": "No value"}),
]


def test_a_codes_rate_is_the_sum_of_its_rates() -> None:
    (found,) = tax_codes([code("a", ("g", "TaxOnAmount"), ("p", "TaxOnAmount"))], RATES)
    assert found.rate == 15


def test_a_tax_upon_taxes_is_turned_into_a_rate_upon_the_amount() -> None:
    both, tax_only = tax_codes(
        [
            code("a", ("g", "TaxOnAmount"), ("p", "TaxOnAmountPlusTax")),
            code("b", ("g", "TaxOnAmount"), ("p", "TaxOnTax")),
        ],
        RATES,
    )
    assert (both.rate, tax_only.rate) == (Decimal("15.5"), Decimal("5.5"))


def test_codes_that_no_sales_line_can_name_are_left_out() -> None:
    offered = tax_codes(
        [
            code("inactive", ("g", "TaxOnAmount"), Active=False),
            code("hidden", ("g", "TaxOnAmount"), Hidden=True),
            code("purchases only"),
            code("rate is gone", ("x", "TaxOnAmount")),
            code("rate has no value", ("empty", "TaxOnAmount")),
            code("good", ("g", "TaxOnAmount")),
        ],
        RATES,
    )
    assert [each.id for each in offered] == ["good"]


@pytest.mark.parametrize(
    ("newest_first", "proposed"),
    [
        (["INV-0099", "INV-0098"], "INV-0100"),
        (["999"], "1000"),
        (["", "by hand", "7"], "8"),
        (["2026/11-009b", "2026/11-009"], "2026/11-010"),
        ([], "1001"),
        (["no digits"], "1001"),
        (["9" * 21], None),
        (["x" * 18 + "999"], None),
    ],
)
def test_the_next_number_keeps_the_form_of_the_newest(newest_first: list[str], proposed: str | None) -> None:
    assert next_number(newest_first) == proposed


def test_ranking_drops_what_does_not_hold_the_text() -> None:
    names = ["B ann", "Annabel", "ANN", "other", "Joanne"]
    assert best_first(names, "ann", lambda name: (name,), 3) == ("ANN", "Annabel", "B ann")
    assert best_first(names, "ann", lambda name: (name,), 9)[-1] == "Joanne"
