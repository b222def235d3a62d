"""What Xero would refuse in a draft, all of it at once and without asking.

What tends to change is not here: it is passed on in Xero's own words when it happens.
"""

from collections.abc import Iterator
from decimal import Decimal

from duebill.domain.books import BooksOptions, Customer
from duebill.domain.deal import TaxHandling
from duebill.domain.draft import MAX_LINES, Creation, Draft, Tracking
from duebill.domain.money import is_iso_currency
from duebill.errors import Problem, Severity
from duebill.providers.xero.lines import books_lines
from duebill.providers.xero.spec import MAX_TRACKING
from duebill.providers.xero.text_problems import text_problems
from duebill.providers.xero.totals import totals_of


def problems_of(draft: Draft, customer: Customer | None, options: BooksOptions) -> tuple[Problem, ...]:
    """All problems of the draft, the stopping ones first."""
    found = [
        *_customer(draft, customer),
        *_currency(draft, options),
        *_dates(draft, options),
        *_approval(draft, options),
        *_chosen(draft, options),
        *_lines(draft),
        *_taxes(draft, options),
        *_total(draft, options),
        *text_problems(draft, books_lines(draft)),
    ]
    return tuple(sorted(found, key=lambda problem: problem.severity is not Severity.STOP))


def _customer(draft: Draft, customer: Customer | None) -> Iterator[Problem]:
    if draft.customer is None and not draft.create_customer:
        yield Problem("customer_missing", "Choose a contact in Xero, or create one.", fields=("/customer",))
    if customer is None:
        return
    values = {"customer": customer.details.name}
    if draft.customer is not None and customer.id != draft.customer:
        yield Problem(
            "customer_merged",
            f"This contact was merged into “{customer.details.name}” in Xero. Choose that one.",
            fields=("/customer",),
            values=values | {"id": customer.id},
        )
    elif not customer.is_active:
        yield Problem(
            "customer_inactive",
            f"“{customer.details.name}” is archived in Xero. Restore it there, or choose another contact.",
            fields=("/customer",),
            values=values,
        )
    if draft.details != customer.details:
        yield Problem(
            "details_of_customer_used",
            "Invoices in Xero print the contact's own name, address and tax number. To print what stands here, change "
            "the contact.",
            Severity.WARN,
            ("/details",),
            values,
        )


def _currency(draft: Draft, options: BooksOptions) -> Iterator[Problem]:
    values = {"currency": draft.currency}
    if not is_iso_currency(draft.currency):
        yield Problem(
            "currency_unknown",
            f"“{draft.currency}” is a currency of your own; Xero takes those of ISO 4217. Change the deal's currency.",
            fields=("/currency",),
            values=values,
        )
    elif draft.currency not in options.currencies:
        yield Problem(
            "currency_not_in_books",
            f"These books have no {draft.currency} yet. Add it in Xero (Settings, Currencies), or change the deal's "
            "currency.",
            fields=("/currency",),
            values=values,
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
    if draft.term:
        yield Problem("term_not_found", "Xero has no payment terms with names. Choose a due date.", fields=("/term",))
    if draft.due_on is None:
        if draft.creation is not Creation.SAVE:
            yield Problem("due_date_missing", "Xero approves no invoice without a due date.", fields=("/due_on",))
    elif draft.due_on < draft.issued_on:
        yield Problem("due_before_issue", "The invoice would be due before it is issued.", Severity.WARN, ("/due_on",))


def _approval(draft: Draft, options: BooksOptions) -> Iterator[Problem]:
    if draft.creation is Creation.APPROVE and not options.may_approve:
        yield Problem(
            "approval_not_allowed",
            "Who connected Xero may not approve invoices there. Save the invoice as a draft or submit it, or have "
            "somebody connect Xero who may.",
            fields=("/creation",),
        )


def _chosen(draft: Draft, options: BooksOptions) -> Iterator[Problem]:
    if draft.template and all(template.id != draft.template for template in options.templates):
        yield Problem(
            "template_not_found", "This branding theme is no longer in Xero. Choose another.", fields=("/template",)
        )
    if draft.account and all(account.id != draft.account for account in options.accounts):
        yield Problem(
            "account_not_found", "This revenue account is no longer in Xero. Choose another.", fields=("/account",)
        )
    yield from _tracking("The invoice", draft.tracking, "/tracking", options)
    for index, line in enumerate(draft.lines):
        yield from _tracking(f"Line {index + 1}", line.tracking, f"/lines/{index}/tracking", options)


def _tracking(what: str, chosen: tuple[Tracking, ...], field: str, options: BooksOptions) -> Iterator[Problem]:
    if len(chosen) > MAX_TRACKING or len({each.category for each in chosen}) != len(chosen):
        yield Problem(
            "too_much_tracking",
            f"{what} has more tracking than Xero keeps: one option in each of {MAX_TRACKING} categories.",
            fields=(field,),
            values={"limit": str(MAX_TRACKING)},
        )
    known = {(category.id, option.id) for category in options.tracking for option in category.options}
    if any((each.category, each.option) not in known for each in chosen):
        yield Problem(
            "tracking_not_found",
            f"{what} names a tracking option that is no longer in Xero. Choose another.",
            fields=(field,),
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
        # A line that stands for no product needs no item: an account is enough.
        if line.item is None and line.new_item is None and (line.product is not None or not draft.account):
            yield Problem(
                "line_without_item",
                f"Line {index + 1} has no item in Xero. Link one, or create it.",
                fields=(f"/lines/{index}/item",),
                values={"line": str(index + 1)},
            )
    for sent in books_lines(draft):
        if abs(sent.discount_amount or Decimal(0)) > abs(sent.quantity * sent.unit_price):
            yield Problem(
                "discount_too_large",
                f"The discount of line {sent.source + 1} is larger than the line, which Xero refuses. Lower it.",
                fields=(f"/lines/{sent.source}/discount",),
                values={"line": str(sent.source + 1)},
            )


def _taxes(draft: Draft, options: BooksOptions) -> Iterator[Problem]:
    if draft.tax_handling is TaxHandling.NONE:
        return
    for index, line in enumerate(draft.lines):
        if options.tax_code(line.tax_code) is None:
            yield Problem(
                "tax_code_missing",
                f"Choose the Xero tax rate for line {index + 1}, or set one for its rate in the settings.",
                fields=(f"/lines/{index}/tax_code",),
                values={"line": str(index + 1)},
            )


def _total(draft: Draft, options: BooksOptions) -> Iterator[Problem]:
    totals = totals_of(draft, options)
    total = totals.net if totals.total is None else totals.total
    if total < 0:
        yield Problem(
            "total_negative",
            "The invoice would come to less than zero, which Xero refuses. Lower a discount, or write a credit note "
            "there.",
            fields=("/lines",),
        )
    elif not total and draft.lines:
        yield Problem(
            "total_zero",
            "The invoice would come to zero and be paid at once. Change a price or a discount, or leave it.",
            fields=("/lines",),
        )
