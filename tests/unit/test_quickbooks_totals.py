"""What QuickBooks will say: tax rounded once per rate, over all the lines that have it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from duebill.domain.books import BooksOptions, CustomerDetails, TaxCode, TaxComponent
from duebill.domain.connection import TaxModel
from duebill.domain.deal import Discount, TaxHandling
from duebill.domain.draft import Draft, DraftLine, TaxTotal
from duebill.domain.ids import ConnectionId, CustomerId
from duebill.providers.quickbooks.totals import totals_of

GST = TaxComponent("g", "GST", Decimal(5))
QST = TaxComponent("q", "QST", Decimal("9.975"))
VAT = TaxComponent("v", "VAT", Decimal(20))
OPTIONS = BooksOptions(
    tax_codes=(
        TaxCode("V", "VAT", (VAT,)),
        TaxCode("G", "GST", (GST,)),
        TaxCode("GQ", "GST and QST", (GST, QST)),
        TaxCode("Z", "Zero", (TaxComponent("z", "Zero", Decimal(0)),)),
    )
)


def line(price: str, code: str | None = "V", quantity: str = "1", **changes: object) -> DraftLine:
    return replace(DraftLine("x", Decimal(quantity), Decimal(price), tax_code=code), **changes)  # type: ignore[arg-type]  # the dictionary holds what DraftLine wants


def draft(*lines: DraftLine, handling: TaxHandling = TaxHandling.EXCLUSIVE) -> Draft:
    return Draft(ConnectionId("c"), CustomerId("7"), CustomerDetails("A"), "GBP", handling, lines, date(2026, 11, 21))


def test_tax_is_rounded_per_rate_and_not_per_line() -> None:
    totals = totals_of(draft(*[line("0.02")] * 5), TaxModel.PER_LINE, OPTIONS)
    assert (totals.net, totals.tax, totals.total) == (Decimal("0.10"), Decimal("0.02"), Decimal("0.12"))


def test_a_rate_of_two_codes_is_rounded_once() -> None:
    totals = totals_of(draft(line("0.50", "G"), line("0.60", "GQ")), TaxModel.PER_LINE, OPTIONS)
    assert totals.taxes == (
        TaxTotal("GST", Decimal(5), Decimal("1.10"), Decimal("0.06")),  # 0.025 + 0.03 = 0.055
        TaxTotal("QST", Decimal("9.975"), Decimal("0.60"), Decimal("0.06")),
    )
    assert totals.total == Decimal("1.22")


def test_halves_go_away_from_zero() -> None:
    assert totals_of(draft(line("0.125", quantity="1")), TaxModel.PER_LINE, OPTIONS).net == Decimal("0.13")
    assert totals_of(draft(line("-0.125", quantity="1")), TaxModel.PER_LINE, OPTIONS).net == Decimal("-0.13")


def test_prices_with_tax_add_up_to_what_was_said() -> None:
    totals = totals_of(
        draft(line("10"), line("9.99", "Z"), line("0.05"), handling=TaxHandling.INCLUSIVE), TaxModel.PER_LINE, OPTIONS
    )
    assert (totals.total, totals.tax, totals.net) == (Decimal("20.04"), Decimal("1.68"), Decimal("18.36"))


def test_a_discount_lowers_net_and_tax() -> None:
    totals = totals_of(draft(line("100", discount=Discount(percent=Decimal(10)))), TaxModel.PER_LINE, OPTIONS)
    assert (totals.net, totals.tax, totals.total) == (90, 18, 108)


@pytest.mark.parametrize("handling", [TaxHandling.EXCLUSIVE, TaxHandling.INCLUSIVE])
def test_tax_is_unknown_where_a_line_lacks_its_code(handling: TaxHandling) -> None:
    for code in (None, "gone"):
        totals = totals_of(draft(line("10"), line("10", code), handling=handling), TaxModel.PER_LINE, OPTIONS)
        assert (totals.tax, totals.total) == (None, None)


def test_where_the_books_decide_only_untaxed_totals_are_known() -> None:
    taxed = totals_of(draft(line("10", "TAX"), line("5", "NON")), TaxModel.AUTOMATED, OPTIONS)
    assert (taxed.net, taxed.tax, taxed.total) == (15, None, None)
    unsaid = totals_of(draft(line("10", None)), TaxModel.AUTOMATED, OPTIONS)
    assert (unsaid.net, unsaid.tax, unsaid.total) == (10, None, None)
    untaxed = totals_of(draft(line("10", "NON")), TaxModel.AUTOMATED, OPTIONS)
    assert (untaxed.net, untaxed.tax, untaxed.total) == (10, 0, 10)


def test_without_tax_the_net_is_the_total() -> None:
    for model in TaxModel:
        totals = totals_of(draft(line("10", None), handling=TaxHandling.NONE), model, OPTIONS)
        assert (totals.net, totals.tax, totals.total) == (10, 0, 10)
    kept = totals_of(draft(line("10", None)), TaxModel.NONE, OPTIONS)
    assert (kept.tax, kept.total) == (0, 10)


def test_an_empty_draft_comes_to_nothing() -> None:
    assert totals_of(draft(), TaxModel.PER_LINE, OPTIONS).total == 0
