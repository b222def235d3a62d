"""Prefill a draft from a deal, so that nothing has to be typed twice."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from duebill.domain.books import BooksOptions, Customer, CustomerDetails, Item
from duebill.domain.calendar import today_in
from duebill.domain.connection import Connection
from duebill.domain.customer_match import ranked
from duebill.domain.deal import Buyer, Deal, DealContent, Instalment
from duebill.domain.draft import Creation, Draft, DraftLine
from duebill.domain.features import Feature
from duebill.domain.money import is_iso_currency
from duebill.domain.prefill import LineNotice, details_of, lines_of, missing_fields, notices_of, with_books
from duebill.domain.settings import CompanySettings, ConnectionSettings
from duebill.errors import DraftRefused, NotFound, Problem
from duebill.ports import AccountingProvider, BooksReads, Clock, Crm, CrmFields, Invoices, Links


@dataclass(frozen=True, slots=True)
class Prefill:
    """A draft with `basis`, the version of the deal's list of invoices, and what a person may want to choose from."""

    draft: Draft
    basis: int
    deal: Deal
    customer: Customer | None = None
    customer_suggestions: tuple[Customer, ...] = ()
    item_suggestions: dict[int, Item] = field(default_factory=dict)
    instalments: tuple[Instalment, ...] = ()
    options: BooksOptions = field(default_factory=BooksOptions)
    features: frozenset[Feature] = frozenset()
    notices: tuple[LineNotice, ...] = ()
    problems: tuple[Problem, ...] = ()


def prefill_draft(
    deal: Deal,
    connection: Connection,
    *,
    crm: Crm,
    crm_fields: CrmFields,
    books: AccountingProvider,
    reads: BooksReads,
    company_settings: CompanySettings,
    connection_settings: ConnectionSettings,
    links: Links,
    invoices: Invoices,
    clock: Clock,
    instalment: int | None = None,
) -> Prefill:
    """The draft for a deal. Raises DraftRefused for a custom currency, NotFound for an unknown instalment."""
    refuse_custom_currency(deal)
    record = invoices.deal(connection.company, deal.id)
    content = crm.content(deal)
    buyer = crm.buyer(deal)
    details = details_of(buyer, deal, company_settings.mapping)
    chosen = _chosen_instalment(content, instalment)
    customer = _linked_customer(connection, buyer, links, reads)
    lines, suggestions = _lines(deal, content, chosen, connection, connection_settings, links, books)
    options = reads.options()
    draft = Draft(
        connection=connection.id,
        customer=customer.id if customer else None,
        details=details,
        currency=deal.currency,
        tax_handling=connection_settings.tax_handling or content.tax_handling,
        lines=lines,
        issued_on=today_in(connection.tenant.time_zone, clock.now()),
        number=books.propose_number(),
        instalment=chosen.id if chosen else None,
        creation=connection_settings.creation or _careful_creation(books),
        template=connection_settings.template,
        account=connection_settings.income_account,
        tracking=connection_settings.tracking,
    )
    return Prefill(
        draft=_with_due_date(draft, company_settings, connection_settings, options),
        basis=record.version,
        deal=deal,
        customer=customer,
        customer_suggestions=() if customer else _suggested_customers(details, books),
        item_suggestions=suggestions,
        instalments=content.instalments,
        options=options,
        features=books.features,
        notices=notices_of(lines, content, deal.currency) if chosen is None else (),
        problems=missing_fields(company_settings.mapping, (known.ref for known in crm_fields.fields())),
    )


def _careful_creation(books: AccountingProvider) -> Creation:
    """Where nobody has said what creating means, a draft: approving is the step that cannot be taken back."""
    return Creation.SAVE if Feature.APPROVAL in books.features else Creation.APPROVE


def refuse_custom_currency(deal: Deal) -> None:
    """Raise DraftRefused when the deal is in a currency that the company made up."""
    if is_iso_currency(deal.currency):
        return
    raise DraftRefused(
        f"{deal.currency} is a custom currency of your Pipedrive account. Invoices need a real one: "
        "change the deal's currency, then try again.",
        code="custom_currency",
        fields=("/currency",),
        values={"currency": deal.currency},
    )


def _chosen_instalment(content: DealContent, wanted: int | None) -> Instalment | None:
    if wanted is None:
        return None
    for instalment in content.instalments:
        if instalment.id == wanted:
            return instalment
    raise NotFound("The deal has no such instalment any more.", code="instalment_not_found")


def _linked_customer(connection: Connection, buyer: Buyer, links: Links, reads: BooksReads) -> Customer | None:
    if buyer.key is None:
        return None
    link = links.customer(connection.company, connection.id, buyer.key)
    if link is None:
        return None
    try:
        return reads.customer(link.customer)
    except NotFound:
        return None


def _suggested_customers(details: CustomerDetails, books: AccountingProvider) -> tuple[Customer, ...]:
    searches = [text for text in (details.name, details.email) if text]
    return ranked((found for text in searches for found in books.search_customers(text)), details)


def _lines(
    deal: Deal,
    content: DealContent,
    instalment: Instalment | None,
    connection: Connection,
    settings: ConnectionSettings,
    links: Links,
    books: AccountingProvider,
) -> tuple[tuple[DraftLine, ...], dict[int, Item]]:
    plain = lines_of(deal, content, instalment)
    products = {product.product: product for product in content.products}
    wanted = sorted({line.product for line in plain if line.product is not None})
    remembered = links.items(connection.company, connection.id, wanted)
    lines = with_books(plain, remembered, settings, products)
    unlinked = {line.product for line in lines if line.product is not None and line.item is None}
    if not unlinked:
        return lines, {}
    codes = sorted({products[product].code for product in unlinked if products[product].code})
    names = sorted({products[product].name for product in unlinked})
    found = books.items_matching(codes, names)
    suggestions = {}
    for index, line in enumerate(lines):
        if line.product is not None and line.product in unlinked:
            product = products[line.product]
            if item := _matching(product.code, product.name, found):
                suggestions[index] = item
    return lines, suggestions


def _matching(code: str, name: str, items: tuple[Item, ...]) -> Item | None:
    by_code = (item for item in items if code and item.code == code)
    by_name = (item for item in items if item.name.casefold() == name.casefold())
    return next(by_code, None) or next(by_name, None)


def _with_due_date(
    draft: Draft, company: CompanySettings, connection: ConnectionSettings, options: BooksOptions
) -> Draft:
    term = options.term(connection.term) if company.use_term else None
    if term:
        return replace(draft, term=term.id, due_on=term.due_on(draft.issued_on))
    return replace(draft, due_on=draft.issued_on + timedelta(days=company.due_days))
