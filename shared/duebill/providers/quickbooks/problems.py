"""What QuickBooks would refuse in a draft, all of it at once and without asking.

What tends to change is not here: it is passed on in QuickBooks' own words when it happens.
"""

from collections.abc import Iterator

from duebill.domain.books import BooksOptions, Customer
from duebill.domain.connection import TaxModel, Tenant
from duebill.domain.deal import TaxHandling
from duebill.domain.draft import MAX_LINES, Draft
from duebill.domain.money import is_iso_currency
from duebill.errors import Problem, Severity
from duebill.providers.quickbooks.lines import books_lines
from duebill.providers.quickbooks.spec import MAX_NUMBER, TAXABLE
from duebill.providers.quickbooks.text_problems import text_problems
from duebill.providers.quickbooks.totals import totals_of


def problems_of(draft: Draft, customer: Customer | None, tenant: Tenant, options: BooksOptions) -> tuple[Problem, ...]:
    """All problems of the draft, the stopping ones first."""
    found = [
        *_customer(draft, customer),
        *_currency(draft, customer, tenant, options),
        *_dates(draft, options),
        *_number(draft, options),
        *_lines(draft),
        *_taxes(draft, tenant, options),
        *_total(draft, tenant, options),
        *text_problems(draft, books_lines(draft, tenant.tax_model, options), tenant),
    ]
    return tuple(sorted(found, key=lambda problem: problem.severity is not Severity.STOP))


def _customer(draft: Draft, customer: Customer | None) -> Iterator[Problem]:
    if draft.customer is None and not draft.create_customer:
        yield Problem("customer_missing", "Choose a customer in QuickBooks, or create one.", fields=("/customer",))
    if customer is not None and not customer.is_active:
        yield Problem(
            "customer_inactive",
            f"“{customer.details.name}” is inactive in QuickBooks. Make it active there, or choose another customer.",
            fields=("/customer",),
            values={"customer": customer.details.name},
        )


def _currency(draft: Draft, customer: Customer | None, tenant: Tenant, options: BooksOptions) -> Iterator[Problem]:
    currency, home = draft.currency, tenant.home_currency
    values = {"currency": currency, "home_currency": home}
    if not is_iso_currency(currency):
        yield Problem(
            "currency_unknown",
            f"“{currency}” is a currency of your own; QuickBooks takes those of ISO 4217. Change the deal's currency.",
            fields=("/currency",),
            values=values,
        )
    elif currency != home and not options.multicurrency:
        yield Problem(
            "multicurrency_off",
            f"These books are in {home} only. To invoice in {currency}, switch multicurrency on in QuickBooks "
            "(Account and settings, Advanced), which cannot be undone, or change the deal's currency.",
            fields=("/currency",),
            values=values,
        )
    elif customer is not None and customer.currency != currency:
        yield Problem(
            "currency_mismatch",
            f"“{customer.details.name}” is invoiced in {customer.currency}, and a customer's currency never changes in "
            f"QuickBooks. Add {currency} to its currencies, create a second customer in {currency}, and choose it.",
            fields=("/currency", "/customer"),
            values=values | {"customer": customer.details.name, "customer_currency": customer.currency},
        )
    elif currency not in options.currencies and currency != home:
        yield Problem(
            "currency_not_in_books",
            f"{currency} is not among the currencies of these books yet. QuickBooks will add it.",
            Severity.WARN,
            ("/currency",),
            values,
        )


def _dates(draft: Draft, options: BooksOptions) -> Iterator[Problem]:
    closed = options.closed_until
    if closed is not None and draft.issued_on <= closed:
        yield Problem(
            "books_closed",
            f"The books are closed until {closed.isoformat()}. Choose a later issue date, or ask your bookkeeper to "
            "open them.",
            fields=("/issued_on",),
            values={"closed_until": closed.isoformat()},
        )
    if draft.term and options.term(draft.term) is None:
        yield Problem(
            "term_not_found",
            "This payment term is no longer in QuickBooks. Choose another, or a due date.",
            fields=("/term",),
        )
    if draft.due_on is not None and draft.due_on < draft.issued_on:
        yield Problem("due_before_issue", "The invoice would be due before it is issued.", Severity.WARN, ("/due_on",))


def _number(draft: Draft, options: BooksOptions) -> Iterator[Problem]:
    number = draft.number or ""
    if number and not options.custom_numbers:
        yield Problem(
            "number_not_allowed",
            "QuickBooks numbers the invoices of this company itself. Leave the number empty, or switch on custom "
            "transaction numbers there.",
            fields=("/number",),
        )
    if len(number) > MAX_NUMBER:
        yield Problem(
            "number_too_long",
            f"An invoice number has at most {MAX_NUMBER} characters in QuickBooks. Shorten it.",
            fields=("/number",),
            values={"limit": str(MAX_NUMBER), "length": str(len(number))},
        )
    if not number and options.custom_numbers:
        yield Problem(
            "number_missing",
            "This company numbers its invoices by hand: without a number here the invoice will have none.",
            Severity.WARN,
            ("/number",),
        )


def _lines(draft: Draft) -> Iterator[Problem]:
    if not draft.lines:
        yield Problem(
            "no_lines", "An invoice needs a line. Add a product to the deal, or a line here.", fields=("/lines",)
        )
    if len(draft.lines) > MAX_LINES:
        yield Problem(
            "too_many_lines",
            f"An invoice made here has at most {MAX_LINES} lines. Split the deal into several invoices.",
            fields=("/lines",),
            values={"limit": str(MAX_LINES), "count": str(len(draft.lines))},
        )
    for index, line in enumerate(draft.lines):
        values = {"line": str(index + 1)}
        if line.item is None and line.new_item is None:
            yield Problem(
                "line_without_item",
                f"Line {index + 1} has no item in QuickBooks. Link one, or create it.",
                fields=(f"/lines/{index}/item",),
                values=values,
            )
        if line.item is None and line.new_item is not None and not line.new_item.income_account:
            yield Problem(
                "income_account_missing",
                f"The new item of line {index + 1} needs an income account. Choose one in the settings.",
                fields=(f"/lines/{index}/new_item/income_account",),
                values=values,
            )


def _taxes(draft: Draft, tenant: Tenant, options: BooksOptions) -> Iterator[Problem]:
    if draft.tax_handling is TaxHandling.NONE:
        return
    if draft.tax_handling is TaxHandling.INCLUSIVE and tenant.country == "US":
        yield Problem(
            "inclusive_prices_unsupported",
            "QuickBooks adds sales tax on top of prices in the US; it cannot take prices that include it. Change the "
            "deal's tax setting to exclusive.",
            fields=("/tax_handling",),
        )
    for index, line in enumerate(draft.lines):
        field, values = (f"/lines/{index}/tax_code",), {"line": str(index + 1)}
        if tenant.tax_model is TaxModel.NONE:
            if line.tax_rate:
                yield Problem(
                    "sales_tax_off",
                    f"Line {index + 1} has a tax, and these books keep no sales tax. Turn it on in QuickBooks, or set "
                    "the deal's tax to none.",
                    fields=field,
                    values=values,
                )
        elif options.tax_code(line.tax_code) is None:
            yield Problem(
                "tax_code_missing",
                f"Choose the QuickBooks tax code for line {index + 1}, or set one for its rate in the settings.",
                fields=field,
                values=values,
            )
        elif tenant.tax_model is TaxModel.MANUAL and line.tax_code == TAXABLE:
            yield Problem(
                "manual_sales_tax",
                f"Line {index + 1} is taxable, and these books use the old manual sales tax, where one rate is chosen "
                "for the whole invoice. Switch to automated sales tax in QuickBooks, or mark the line as not taxable.",
                fields=field,
                values=values,
            )


def _total(draft: Draft, tenant: Tenant, options: BooksOptions) -> Iterator[Problem]:
    totals = totals_of(draft, tenant.tax_model, options)
    total = totals.net if totals.total is None else totals.total
    if total < 0:
        yield Problem(
            "total_negative",
            "The invoice would come to less than zero, which QuickBooks refuses. Lower a discount, or write a credit "
            "memo there.",
            fields=("/lines",),
        )
    elif not total and draft.lines:
        yield Problem(
            "total_zero",
            "The invoice would come to zero and be paid at once. Change a price or a discount, or leave it.",
            fields=("/lines",),
        )
