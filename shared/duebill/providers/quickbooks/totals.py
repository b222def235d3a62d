"""What QuickBooks will compute: the tax of each rate is rounded once, over all the lines that have it."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from duebill.domain.books import BooksOptions, TaxCode, TaxComponent
from duebill.domain.connection import TaxModel
from duebill.domain.deal import TaxHandling
from duebill.domain.draft import Draft, TaxTotal, Totals
from duebill.domain.money import rounded
from duebill.providers.quickbooks.lines import BooksLine, books_lines, holds_tax
from duebill.providers.quickbooks.spec import NOT_TAXABLE

_ZERO = Decimal(0)


def totals_of(draft: Draft, tax_model: TaxModel, options: BooksOptions) -> Totals:
    """The invoice's totals, to the cent; tax and total are None where they cannot be known beforehand.

    They cannot where the books decide the tax, or where a line lacks a tax code that the books need.
    """
    lines = books_lines(draft, tax_model, options)
    net = sum((line.amount for line in lines), _ZERO)
    if all(line.tax_code in (None, NOT_TAXABLE) for line in lines) and not _needs_codes(draft, tax_model):
        return Totals(draft.currency, net, _ZERO, net)
    codes = {line.tax_code: options.tax_code(line.tax_code) for line in lines}
    if tax_model is not TaxModel.PER_LINE or None in codes.values():
        return Totals(draft.currency, net, None, None)
    known = {key: code for key, code in codes.items() if code is not None}
    if holds_tax(draft, tax_model):
        return _with_tax_inside(draft, lines, known)
    return _with_tax_on_top(draft, lines, known)


def _needs_codes(draft: Draft, tax_model: TaxModel) -> bool:
    if draft.tax_handling is TaxHandling.NONE or tax_model is TaxModel.NONE:
        return False
    return any(line.tax_code is None for line in draft.lines)


def _with_tax_on_top(draft: Draft, lines: tuple[BooksLine, ...], codes: dict[str | None, TaxCode]) -> Totals:
    nets: defaultdict[TaxComponent, Decimal] = defaultdict(Decimal)
    for line in lines:
        for component in codes[line.tax_code].components:
            nets[component] += line.amount
    taxes = tuple(
        TaxTotal(component.name, component.rate, net, rounded(net * component.rate / 100, draft.currency))
        for component, net in nets.items()
    )
    net = sum((line.amount for line in lines), _ZERO)
    tax = sum((each.tax for each in taxes), _ZERO)
    return Totals(draft.currency, net, tax, net + tax, taxes)


def _with_tax_inside(draft: Draft, lines: tuple[BooksLine, ...], codes: dict[str | None, TaxCode]) -> Totals:
    nets: defaultdict[TaxComponent, Fraction] = defaultdict(Fraction)  # exact: only sums are rounded
    for line in lines:
        code = codes[line.tax_code]
        net = Fraction(line.gross or 0) * 100 / (100 + Fraction(code.rate))
        for component in code.components:
            nets[component] += net
    taxes = tuple(
        TaxTotal(
            component.name,
            component.rate,
            _rounded(net, draft.currency),
            _rounded(net * Fraction(component.rate) / 100, draft.currency),
        )
        for component, net in nets.items()
    )
    total = sum((line.gross or _ZERO for line in lines), _ZERO)
    tax = sum((each.tax for each in taxes), _ZERO)
    return Totals(draft.currency, total - tax, tax, total, taxes)


def _rounded(amount: Fraction, currency: str) -> Decimal:
    return rounded(Decimal(amount.numerator) / Decimal(amount.denominator), currency)
