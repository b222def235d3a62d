"""Which tax code of the books fits a rate of the CRM: a suggestion, for a person to confirm."""

from collections.abc import Iterable
from decimal import Decimal

from duebill.domain.books import BooksOptions
from duebill.domain.connection import TaxModel
from duebill.domain.settings import rate_key


def suggested_tax_codes(rates: Iterable[str], options: BooksOptions, model: TaxModel) -> dict[str, str]:
    """A tax code for each rate (keys as `rate_key` writes them) where one fits; rates that none fits are left out."""
    return {rate: code for rate in rates if (code := _code_for(Decimal(rate), options, model)) is not None}


def _code_for(rate: Decimal, options: BooksOptions, model: TaxModel) -> str | None:
    if model in (TaxModel.AUTOMATED, TaxModel.NONE, TaxModel.MANUAL):
        wanted = bool(rate) and model is not TaxModel.NONE
        return next((code.id for code in options.tax_codes if code.is_taxable is wanted), None)
    fitting = [code for code in options.tax_codes if rate_key(code.rate) == rate_key(rate) and code.components]
    # Of several codes with one rate the plainest is the likeliest: fewest components, then the shortest name.
    best = min(fitting, key=lambda code: (len(code.components), len(code.name), code.name), default=None)
    return best.id if best else None
