"""Check and save what a company and its connections prefer; what cannot work is a problem with a way out."""

from collections.abc import Iterable

from duebill.domain.books import BooksOptions
from duebill.domain.connection import Connection, Health
from duebill.domain.deal import FieldRef, RecordKind
from duebill.domain.draft import Creation
from duebill.domain.ids import CompanyId
from duebill.domain.prefill import missing_fields
from duebill.domain.settings import CompanySettings, ConnectionSettings, UnlinkedLine
from duebill.errors import InvalidRequest, Problem, Severity
from duebill.ports import SettingsStore


def company_problems(settings: CompanySettings, known: Iterable[FieldRef]) -> tuple[Problem, ...]:
    """What is wrong with a company's preferences now: fields that were deleted since, mapped ones or the app's own."""
    there = frozenset(known)
    codes = settings.deal_fields
    ours = (codes.status, codes.amount_due, codes.number, codes.link) if codes else ()
    gone = any(FieldRef(RecordKind.DEAL, code) not in there for code in ours)
    return (*missing_fields(settings.mapping, there), *((_FIELDS_GONE,) if gone else ()))


def save_company_settings(
    company: CompanyId,
    settings: CompanySettings,
    *,
    connections: tuple[Connection, ...],
    known: tuple[FieldRef, ...],
    store: SettingsStore,
) -> None:
    """Save them. Raises InvalidRequest for a field or a connection that does not exist."""
    mapping = settings.mapping
    parts = {"name": mapping.name, "address": mapping.address, "email": mapping.email, "tax_id": mapping.tax_id}
    unknown = tuple(f"/mapping/{part}" for part, ref in parts.items() if ref is not None and ref not in known)
    if unknown:
        raise InvalidRequest("This Pipedrive field does not exist (any more).", code="unknown_field", fields=unknown)
    active = {connection.id for connection in connections if connection.health is not Health.DISCONNECTED}
    if settings.default_connection is not None and settings.default_connection not in active:
        raise InvalidRequest(
            "There is no such connection.", code="connection_not_found", fields=("/default_connection_id",)
        )
    store.save_company(company, settings)


def connection_problems(settings: ConnectionSettings, options: BooksOptions) -> tuple[Problem, ...]:
    """What is wrong with a connection's preferences now, by what the books offer."""
    codes = {code.id for code in options.tax_codes}
    problems = [
        Problem(
            "tax_code_gone",
            f"The tax code for {rate} % is no longer in the books.",
            Severity.WARN,
            fields=(f"/tax_codes/{rate}",),
            values={"rate": rate},
        )
        for rate, code in settings.tax_codes.items()
        if code not in codes
    ]
    if settings.term and options.term(settings.term) is None:
        problems.append(_problem("term_gone", "The chosen payment term is no longer in the books.", "/term_id"))
    accounts = {account.id for account in options.accounts}
    if settings.income_account and settings.income_account not in accounts:
        problems.append(_problem("account_gone", "The income account is no longer in the books.", "/income_account_id"))
    if settings.template and settings.template not in {template.id for template in options.templates}:
        problems.append(_problem("template_gone", "The chosen template is no longer in the books.", "/template_id"))
    offered = {(category.id, option.id) for category in options.tracking for option in category.options}
    if any((chosen.category, chosen.option) not in offered for chosen in settings.tracking):
        problems.append(_problem("tracking_gone", "A tracking option is no longer in the books.", "/tracking"))
    if settings.creation is Creation.APPROVE and not options.may_approve:
        problems.append(
            _problem("approval_not_allowed", "Who connected the books may not approve invoices there.", "/creation")
        )
    if settings.unlinked_line is UnlinkedLine.DEFAULT_ITEM and not settings.default_item:
        problems.append(
            _problem("default_item_missing", "Choose the item that stands for unlinked products.", "/default_item_id")
        )
    if settings.unlinked_line is UnlinkedLine.CREATE_ITEM and not settings.income_account:
        problems.append(
            _problem("account_missing", "Choose the income account that new items go to.", "/income_account_id")
        )
    return tuple(problems)


_FIELDS_GONE = Problem(
    "deal_fields_gone",
    "A deal field that Duebill made was deleted in Pipedrive. Save these settings again to make it anew.",
    Severity.WARN,
    fields=("/fields_on_deal",),
)


def _problem(code: str, message: str, field: str) -> Problem:
    return Problem(code, message, Severity.WARN, fields=(field,))
