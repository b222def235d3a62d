"""QuickBooks as the use cases see it: ports.AccountingProvider for one company."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlencode

from duebill.domain.books import BooksOptions, Customer, CustomerDetails, Item, NewItem
from duebill.domain.connection import Tenant
from duebill.domain.draft import Draft, Totals
from duebill.domain.features import Feature
from duebill.domain.ids import CustomerId, InvoiceId, ItemId
from duebill.domain.intent import CreationRule
from duebill.domain.invoice import Invoice, ListedInvoice, Reading
from duebill.domain.mail import Mail, MailTerms, Sent
from duebill.domain.matching import Entry, Page
from duebill.domain.status import Stage
from duebill.errors import BooksRefused, Problem, Unsupported
from duebill.providers.quickbooks import mailing, mapping, numbers, spec
from duebill.providers.quickbooks.changes import changed_invoices
from duebill.providers.quickbooks.client import QuickBooksClient
from duebill.providers.quickbooks.lines import books_lines, holds_tax
from duebill.providers.quickbooks.listing import invoices_of
from duebill.providers.quickbooks.problems import problems_of
from duebill.providers.quickbooks.query import ACTIVE, INACTIVE_TOO, Query, at_or_after, holds, one_of
from duebill.providers.quickbooks.tenancy import read_options, read_tenant
from duebill.providers.quickbooks.ties import ties_of
from duebill.providers.quickbooks.totals import totals_of
from duebill.providers.quickbooks.wire import CustomerDocument, InvoiceDocument, ItemDocument
from duebill.providers.ranking import best_first

_DELETED = " (deleted)"  # ends the names of inactive customers and items
_SELLABLE = one_of("Type", ("Service", "Inventory", "NonInventory"))  # categories are refused on lines
_RECENT = 10

_NO_APPROVAL = "Invoices in QuickBooks need no approval."


class QuickBooksBooks:
    """One company's books. Reads are metered at Intuit, so nothing is read that a write has just answered."""

    def __init__(self, client: QuickBooksClient, tenant: Tenant, *, app_url: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._tenant = tenant
        self._app_url = app_url
        self._now = now
        self._options: BooksOptions | None = None

    @property
    def creation_rule(self) -> CreationRule:
        """The same requestid for ever."""
        return spec.CREATION_RULE

    @property
    def features(self) -> frozenset[Feature]:
        """See spec.FEATURES."""
        return spec.FEATURES

    def describe(self) -> Tenant:
        """Read who these books are."""
        return read_tenant(self._client)

    def options(self) -> BooksOptions:
        """Read what there is to choose from, in one call."""
        self._options = read_options(self._client, self._tenant)
        return self._options

    # --- customers -------------------------------------------------------------------------------------------------

    def customer(self, customer: CustomerId) -> Customer:
        """Read one customer. Raises NotFound."""
        return self._customer(self._client.read_customer(customer))

    def search_customers(self, text: str, *, limit: int = 20) -> tuple[Customer, ...]:
        """Active customers by name, and by e-mail where the names do not fill the list: there is no OR."""
        text = text.strip()
        if not text:
            return self._customers(Query("Customer", (ACTIVE,), order="DisplayName", limit=limit))
        found = self._customers(Query("Customer", (holds("DisplayName", text), ACTIVE), order="DisplayName"))
        if len(found) < limit:
            found += self._customers(Query("Customer", (holds("PrimaryEmailAddr", text), ACTIVE), limit=limit))
        unique = {customer.id: customer for customer in found}
        return best_first(
            unique.values(), text, lambda customer: (customer.details.name, customer.details.email), limit
        )

    def customer_named(self, name: str) -> Customer | None:
        """The customer of exactly this name, an active one before an inactive one."""
        name = name.strip()
        found = self._customers(Query("Customer", (one_of("DisplayName", (name, name + _DELETED)), INACTIVE_TOO)))
        return min(found, key=lambda customer: not customer.is_active, default=None)

    def create_customer(self, details: CustomerDetails, currency: str, *, key: str) -> Customer:
        """Create a customer. Raises BooksRefused `multicurrency_off` rather than make one in another currency."""
        if currency != self._tenant.home_currency and not self._tenant.multicurrency:
            raise BooksRefused(
                f"These books are in {self._tenant.home_currency} only, so no customer can pay in {currency}.",
                code="multicurrency_off",
            )
        body = mapping.customer_body(details, currency, self._tenant)
        return self._customer(self._client.create_customer(body, key=key))

    def customers_page(self, cursor: str | None) -> Page[Entry]:
        """1,000 at once, by name."""
        query = Query("Customer", (ACTIVE,), order="DisplayName", start=_start(cursor))
        found = self._customers(query)
        entries = tuple(Entry(each.id, each.details.name, each.details.email) for each in found)
        return Page(entries, _next(query, found))

    def update_customer(self, customer: Customer, details: CustomerDetails, *, key: str) -> Customer:
        """Send what differs; a tax id that the books mask always seems to."""
        changes = mapping.customer_changes(customer, details)
        if not changes:
            return customer
        head = {"Id": customer.id, "SyncToken": str(customer.version), "sparse": True}
        return self._customer(self._client.update_customer(head | changes, key=key))

    # --- items -----------------------------------------------------------------------------------------------------

    def item(self, item: ItemId) -> Item:
        """Read one item. Raises NotFound."""
        return mapping.item_of(self._client.read_item(item))

    def search_items(self, text: str, *, limit: int = 20) -> tuple[Item, ...]:
        """Active items by name, and by code where the names do not fill the list."""
        text = text.strip()
        if not text:
            return self._items(Query("Item", (_SELLABLE, ACTIVE), order="Name", limit=limit))
        found = self._items(Query("Item", (holds("Name", text), _SELLABLE, ACTIVE), order="Name"))
        if len(found) < limit:
            found += self._items(Query("Item", (holds("Sku", text), _SELLABLE, ACTIVE), limit=limit))
        unique = {item.id: item for item in found}
        return best_first(unique.values(), text, lambda item: (item.name, item.code), limit)

    def items_matching(self, codes: Sequence[str], names: Sequence[str]) -> tuple[Item, ...]:
        """Active items with one of these codes or names."""
        found: list[Item] = []
        for name, values in (("Sku", codes), ("Name", names)):
            if wanted := sorted({value for value in values if value}):
                found += self._items(Query("Item", (one_of(name, wanted), _SELLABLE, ACTIVE)))
        return tuple({item.id: item for item in found}.values())

    def items_page(self, cursor: str | None) -> Page[Entry]:
        """1,000 at once, by name."""
        query = Query("Item", (_SELLABLE, ACTIVE), order="Name", start=_start(cursor))
        found = self._items(query)
        return Page(tuple(Entry(each.id, each.name, each.code) for each in found), _next(query, found))

    def item_named(self, name: str) -> Item | None:
        """The item of exactly this name, an active one before an inactive one."""
        name = name.strip()
        found = self._items(Query("Item", (one_of("Name", (name, name + _DELETED)), INACTIVE_TOO)))
        return min(found, key=lambda item: not item.is_active, default=None)

    def create_item(self, item: NewItem, *, key: str) -> Item:
        """Create an item for services."""
        try:
            return mapping.item_of(self._client.create_item(mapping.item_body(item), key=key))
        except BooksRefused as error:
            if error.code == "duplicate_customer_name":  # one code of QuickBooks for all kinds of names
                error.code = "duplicate_item_name"
            raise

    # --- invoices --------------------------------------------------------------------------------------------------

    def propose_number(self) -> str | None:
        """One more than the newest numbered invoice has, where the company numbers by hand."""
        if not self._tenant.custom_numbers:
            return None
        query = Query("Invoice", order="MetaData.CreateTime DESC", limit=_RECENT)
        found = self._client.query(InvoiceDocument, query)
        # Times are of whole seconds; within one the higher id is the newer.
        newest_first = sorted(found, key=lambda each: (each.meta_data.create_time, each.id.zfill(20)), reverse=True)
        return numbers.next_number(document.doc_number or "" for document in newest_first)

    def problems(self, draft: Draft, customer: Customer | None, options: BooksOptions) -> tuple[Problem, ...]:
        """What QuickBooks would refuse in `draft`."""
        return problems_of(draft, customer, self._tenant, options)

    def totals(self, draft: Draft, options: BooksOptions) -> Totals:
        """What QuickBooks will compute for `draft`."""
        return totals_of(draft, self._tenant.tax_model, options)

    def create_invoice(self, draft: Draft, *, reference: str, key: str) -> Invoice:
        """Create the invoice. Where prices hold the tax, its rates are read first, if they were not yet."""
        options = (self._options or self.options()) if holds_tax(draft, self._tenant.tax_model) else None
        lines = books_lines(draft, self._tenant.tax_model, options)
        body = mapping.invoice_body(draft, lines, self._tenant, reference)
        return self._invoice(self._client.create_invoice(body, key=key))

    def invoices_with_reference(self, reference: str, *, since: datetime) -> tuple[Invoice, ...]:
        """Compared here, over all pages: notes cannot be filtered by, and customers merge."""
        recent = Query("Invoice", (at_or_after("MetaData.CreateTime", since),), order="MetaData.CreateTime")
        found = (self._invoice(document) for document in self._client.query_all(InvoiceDocument, recent))
        return tuple(invoice for invoice in found if invoice.reference == reference)

    def read_invoices(self, invoices: Sequence[InvoiceId]) -> Reading:
        """One question for each 200 ids. What the answer lacks is gone: the question named it."""
        started_at = self._now()
        wanted = list(dict.fromkeys(invoices))
        found: list[Invoice] = []
        for first in range(0, len(wanted), spec.MAX_IDS):
            query = Query("Invoice", (one_of("Id", wanted[first : first + spec.MAX_IDS]),))
            found += map(self._invoice, self._client.query(InvoiceDocument, query))
        known = {invoice.id for invoice in found}
        return Reading(tuple(found), tuple(each for each in wanted if each not in known), started_at)

    def customer_invoices(
        self, customer: CustomerId, *, since: date, until: date, limit: int
    ) -> tuple[ListedInvoice, ...]:
        """Those of the customer itself: sub-customers are customers of their own."""
        found = invoices_of(self._client, customer, since=since, until=until, limit=limit)
        return tuple(ListedInvoice(self._invoice(each), mapping.said_on(each)) for each in found)

    @property
    def ids_at_once(self) -> int:
        """As many as one question names."""
        return spec.MAX_IDS

    def invoices_changed(self, since: datetime, *, known: Sequence[InvoiceId]) -> Reading:
        """One call while fewer than 1,000 changed."""
        return changed_invoices(
            self._client, since, known, to_invoice=self._invoice, read_invoices=self.read_invoices, now=self._now
        )

    def submit_invoice(self, invoice: InvoiceId, *, key: str) -> Invoice:  # noqa: ARG002  see Feature.APPROVAL
        """Raises Unsupported."""
        raise Unsupported(_NO_APPROVAL)

    def approve_invoice(self, invoice: InvoiceId, *, key: str) -> Invoice:  # noqa: ARG002  see Feature.APPROVAL
        """Raises Unsupported."""
        raise Unsupported(_NO_APPROVAL)

    def void_invoice(self, invoice: Invoice, *, key: str) -> Invoice:
        """Void it. What the answer calls it need not be a word that we know: it is voided all the same."""
        return replace(self._invoice(self._client.void_invoice(_head(invoice), key=key)), stage=Stage.VOIDED)

    def delete_invoice(self, invoice: Invoice, *, key: str) -> None:
        """Delete it for good."""
        self._client.delete_invoice(_head(invoice), key=key)

    def ties_of(self, invoice: InvoiceId) -> tuple[str, ...]:
        """Payments with amount and day, others by their kind."""
        return ties_of(self._client, self._client.read_invoice(invoice), self._tenant.home_currency)

    def mail_terms(self, invoice: Invoice) -> MailTerms:
        """To whom it would go."""
        return mailing.mail_terms(self._client, invoice)

    def address_mail(self, invoice: Invoice, mail: Mail, *, key: str) -> None:
        """Write the copies on the invoice."""
        mailing.address_mail(self._client, invoice, mail, key=key)

    def email_invoice(self, invoice: Invoice, mail: Mail, *, key: str) -> Sent:
        """Send it."""
        return mailing.email_invoice(self._client, invoice, mail, self._now(), key=key)

    def sent_since(self, invoice: InvoiceId, since: datetime) -> Sent | None:
        """The last delivery, if it is not older."""
        return mailing.sent_since(self._client, invoice, since)

    def invoice_pdf(self, invoice: InvoiceId) -> bytes:
        """In the company's own form style."""
        return self._client.invoice_pdf(invoice)

    def pay_url(self, invoice: InvoiceId) -> str | None:
        """Only where the company takes payments online and the invoice has an e-mail address (Invoice reference)."""
        return self._client.read_invoice(invoice).invoice_link or None

    def invoice_url(self, invoice: InvoiceId) -> str:
        """The address that survives signing in, and names the company: others open a blank invoice."""
        page = {"deeplinkcompanyid": self._tenant.id, "pagereq": f"invoice?txnId={invoice}"}
        return f"{self._app_url}/login?{urlencode(page)}"

    # --- mapping ---------------------------------------------------------------------------------------------------

    def _customer(self, document: CustomerDocument) -> Customer:
        return mapping.customer_of(document, self._tenant.home_currency)

    def _customers(self, query: Query) -> tuple[Customer, ...]:
        return tuple(map(self._customer, self._client.query(CustomerDocument, query)))

    def _items(self, query: Query) -> tuple[Item, ...]:
        return tuple(map(mapping.item_of, self._client.query(ItemDocument, query)))

    def _invoice(self, document: InvoiceDocument) -> Invoice:
        return mapping.invoice_of(document, self._tenant.home_currency)


def _head(invoice: Invoice) -> dict[str, object]:
    return {"Id": invoice.id, "SyncToken": str(invoice.version)}


def _start(cursor: str | None) -> int:
    """Places in a list are counted from 1."""
    return int(cursor) if cursor else 1


def _next(query: Query, found: Sequence[object]) -> str | None:
    return str(query.next_page().start) if len(found) == query.limit else None
