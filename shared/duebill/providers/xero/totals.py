"""What Xero will compute: the tax of each line is rounded by itself, then added up."""

from decimal import Decimal

from duebill.domain.books import BooksOptions, TaxCode
from duebill.domain.deal import TaxHandling
from duebill.domain.draft import Draft, TaxTotal, Totals
from duebill.providers.xero.lines import BooksLine, books_lines, cents

_ZERO = Decimal(0)


def totals_of(draft: Draft, options: BooksOptions) -> Totals:
    """The invoice's totals, to the cent; tax and total are None where a line lacks a tax rate."""
    lines = books_lines(draft)
    amount = sum((line.amount for line in lines), _ZERO)
    if draft.tax_handling is TaxHandling.NONE:
        return Totals(draft.currency, amount, _ZERO, amount)
    coded = [(line, options.tax_code(line.tax_code)) for line in lines]
    known = [(line, code) for line, code in coded if code is not None]
    if len(known) != len(coded):
        return Totals(draft.currency, amount, None, None)
    is_inside = draft.tax_handling is TaxHandling.INCLUSIVE
    taxes = _by_code(known, is_inside=is_inside)
    tax = sum((each.tax for each in taxes), _ZERO)
    net = amount - tax if is_inside else amount
    return Totals(draft.currency, net, tax, net + tax, taxes)


def tax_of(line: BooksLine, rate: Decimal, *, is_inside: bool) -> Decimal:
    """The tax of one line, rounded: on top of its amount, or the part of it that is tax."""
    if is_inside:
        return cents(line.amount - line.amount * 100 / (100 + rate))
    return cents(line.amount * rate / 100)


def _by_code(lines: list[tuple[BooksLine, TaxCode]], *, is_inside: bool) -> tuple[TaxTotal, ...]:
    found: dict[str, TaxTotal] = {}
    for line, code in lines:
        tax = tax_of(line, code.rate, is_inside=is_inside)
        net = line.amount - tax if is_inside else line.amount
        before = found.get(code.id, TaxTotal(code.name, code.rate, _ZERO, _ZERO))
        found[code.id] = TaxTotal(code.name, code.rate, before.net + net, before.tax + tax)
    return tuple(found.values())
