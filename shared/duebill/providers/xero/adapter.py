"""Xero as the use cases see it: ports.AccountingProvider for one organisation."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from urllib.parse import quote

from duebill.domain.books import BooksOptions, Customer, CustomerDetails, Item, NewItem
from duebill.domain.connection import Tenant
from duebill.domain.draft import Creation, Draft, Totals
from duebill.domain.features import Feature
from duebill.domain.ids import CustomerId, InvoiceId, ItemId
from duebill.domain.intent import CreationRule
from duebill.domain.invoice import Invoice, ListedInvoice, Reading
from duebill.domain.mail import Mail, MailTerms, Sent
from duebill.domain.matching import Entry, Page
from duebill.errors import BooksRefused, NotFound, Problem, StaleVersion
from duebill.providers.ranking import best_first
from duebill.providers.xero import mailing, mapping, spec
from duebill.providers.xero.changes import changed_invoices
from duebill.providers.xero.client import XeroClient
from duebill.providers.xero.lines import books_lines
from duebill.providers.xero.listing import invoices_of
from duebill.providers.xero.problems import problems_of
from duebill.providers.xero.query import equals, sayable_part
from duebill.providers.xero.tenancy import read_options, read_tenant
from duebill.providers.xero.ties import ties_of
from duebill.providers.xero.totals import totals_of
from duebill.providers.xero.wire import ContactDocument, InvoiceDocument, ItemDocument

_ARCHIVED_TOO = {"includeArchived": "true"}
_MAX_MERGES = 5  # contacts that were merged into one that was merged into another …


class XeroBooks:
    """One organisation's books. The list of items is read once: it knows neither pages nor searching."""

    def __init__(
        self, client: XeroClient, tenant: Tenant, *, app_url: str, our_url: str, now: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._tenant = tenant
        self._app_url = app_url
        self._our_url = our_url
        self._now = now
        self._items_read: dict[ItemId, ItemDocument] | None = None

    @property
    def creation_rule(self) -> CreationRule:
        """The same key for five minutes."""
        return spec.CREATION_RULE

    @property
    def features(self) -> frozenset[Feature]:
        """See spec.FEATURES."""
        return spec.FEATURES

    def describe(self) -> Tenant:
        """Read who these books are."""
        return read_tenant(self._client)

    def options(self) -> BooksOptions:
        """Read what there is to choose from."""
        return read_options(self._client, self._tenant)

    # --- customers -------------------------------------------------------------------------------------------------

    def customer(self, customer: CustomerId) -> Customer:
        """Read one contact; of one that was merged, the contact that it is part of now. Raises NotFound."""
        document = self._client.contact(customer)
        for _ in range(_MAX_MERGES):
            if not document.merged_to:
                break
            document = self._client.contact(CustomerId(document.merged_to))
        return self._customer(document)

    def search_customers(self, text: str, *, limit: int = 20) -> tuple[Customer, ...]:
        """Active contacts whose name or e-mail holds `text`."""
        text = text.strip()
        if not text:
            found = self._customers({"order": "Name ASC", "pageSize": str(limit)})
            return tuple(sorted(found, key=lambda customer: customer.details.name))[:limit]
        found = self._customers({"searchTerm": text})
        active = [customer for customer in found if customer.is_active]
        return best_first(active, text, lambda customer: (customer.details.name, customer.details.email), limit)

    def customer_named(self, name: str) -> Customer | None:
        """The contact of exactly this name, an active one before an archived one; case does not count in Xero."""
        name = name.strip()
        condition = equals("Name", name)
        asked = {"where": condition} if condition else {"searchTerm": sayable_part(name)}
        found = self._customers(asked | _ARCHIVED_TOO)
        same = [customer for customer in found if customer.details.name.casefold() == name.casefold()]
        return min(same, key=lambda customer: not customer.is_active, default=None)

    def create_customer(self, details: CustomerDetails, currency: str, *, key: str) -> Customer:
        """Create a contact; a currency that the books do not have is refused, `currency_not_in_books`."""
        foreign = currency if currency != self._tenant.home_currency else None
        return self._customer(self._client.create_contact(mapping.contact_body(details, foreign), key=key))

    def customers_page(self, cursor: str | None) -> Page[Entry]:
        """1,000 at once, by name; archived ones are left out."""
        number = int(cursor) if cursor else 1
        size = spec.LARGEST_PAGE
        found = self._customers({"order": "Name ASC", "page": str(number), "pageSize": str(size)})
        entries = tuple(Entry(each.id, each.details.name, each.details.email) for each in found if each.is_active)
        return Page(entries, str(number + 1) if len(found) == size else None)

    def update_customer(self, customer: Customer, details: CustomerDetails, *, key: str) -> Customer:
        """Send what differs. The other addresses are read first, as a list that is sent replaces the whole list."""
        changes = mapping.contact_changes(customer, details)
        if not changes:
            return customer
        if "Addresses" in changes:
            changes = mapping.with_other_addresses(changes, self._client.contact(customer.id))
        return self._customer(self._client.update_contact(customer.id, changes, key=key))

    # --- items -----------------------------------------------------------------------------------------------------

    def item(self, item: ItemId) -> Item:
        """Read one item. Raises NotFound."""
        return mapping.item_of(self._client.item(item))

    def search_items(self, text: str, *, limit: int = 20) -> tuple[Item, ...]:
        """Items that are sold whose name or code holds `text`."""
        sold = self._sold()
        if not text.strip():
            return tuple(sorted(sold, key=lambda item: item.name))[:limit]
        return best_first(sold, text.strip(), lambda item: (item.name, item.code), limit)

    def items_matching(self, codes: Sequence[str], names: Sequence[str]) -> tuple[Item, ...]:
        """Items that are sold with one of these codes or names."""
        wanted_codes = {code.casefold() for code in codes if code}
        wanted_names = {name.casefold() for name in names if name}
        return tuple(
            item
            for item in self._sold()
            if item.code.casefold() in wanted_codes or item.name.casefold() in wanted_names
        )

    def items_page(self, cursor: str | None) -> Page[Entry]:  # noqa: ARG002  all at once: the list knows no pages
        """All that are sold."""
        return Page(tuple(Entry(each.id, each.name, each.code) for each in self._sold()))

    def item_named(self, name: str) -> Item | None:
        """The item of exactly this name, one that is sold before one that is not."""
        items = map(mapping.item_of, self._items(fresh=True).values())
        same = [item for item in items if item.name.casefold() == name.strip().casefold()]
        return min(same, key=lambda item: not item.is_active, default=None)

    def create_item(self, item: NewItem, *, key: str) -> Item:
        """Create an item that is sold. Raises BooksRefused where it has no code and its name is too long for one."""
        if not mapping.item_code(item):
            raise BooksRefused("Items in Xero need a code. Give the product one.", code="item_code_missing")
        document = self._client.create_item(mapping.item_body(item), key=key)
        if self._items_read is not None:
            self._items_read[ItemId(document.id)] = document
        return mapping.item_of(document)

    # --- invoices --------------------------------------------------------------------------------------------------

    def propose_number(self) -> str | None:
        """None: Xero numbers."""
        return None

    def problems(self, draft: Draft, customer: Customer | None, options: BooksOptions) -> tuple[Problem, ...]:
        """What Xero would refuse in `draft`."""
        return problems_of(draft, customer, options)

    def totals(self, draft: Draft, options: BooksOptions) -> Totals:
        """What Xero will compute for `draft`."""
        return totals_of(draft, options)

    def create_invoice(self, draft: Draft, *, reference: str, key: str) -> Invoice:
        """Create the invoice. Lines name items by their codes, which are read first."""
        wanted = {line.item for line in draft.lines if line.item is not None}
        items = self._items() if wanted else {}
        if not wanted <= items.keys():
            raise BooksRefused("An item of this invoice is gone in Xero. Link another.", code="not_found_in_books")
        body = mapping.invoice_body(draft, books_lines(draft, items), reference, self._our_url)
        return self._invoice(self._client.create_invoice(body, key=key))

    def invoices_with_reference(self, reference: str, *, since: datetime) -> tuple[Invoice, ...]:
        """Compared here, over all pages of what our app made: addresses cannot be filtered by."""
        found = (self._invoice(document) for document in self._client.own_invoices_since(since))
        unique = {invoice.id: invoice for invoice in found if invoice.reference == reference}
        return tuple(unique.values())

    def read_invoices(self, invoices: Sequence[InvoiceId]) -> Reading:
        """One question for each 40 ids. Deleted and voided ones are found, and say so."""
        started_at = self._now()
        wanted = list(dict.fromkeys(invoices))
        asked = [each for each in wanted if spec.GUID.fullmatch(each)]  # nothing else can be an invoice's id
        found: list[Invoice] = []
        for first in range(0, len(asked), spec.MAX_IDS):
            found += map(self._invoice, self._client.invoices_by_id(asked[first : first + spec.MAX_IDS]))
        known = {invoice.id for invoice in found}
        return Reading(tuple(found), tuple(each for each in wanted if each not in known), started_at)

    def customer_invoices(
        self, customer: CustomerId, *, since: date, until: date, limit: int
    ) -> tuple[ListedInvoice, ...]:
        """One question for each thousand; drafts, voided and deleted ones too."""
        found = invoices_of(self._client, customer, since=since, until=until, limit=limit)
        return tuple(ListedInvoice(self._invoice(each), each.reference or "") for each in found)

    @property
    def ids_at_once(self) -> int:
        """As many as one address names."""
        return spec.MAX_IDS

    def invoices_changed(self, since: datetime, *, known: Sequence[InvoiceId]) -> Reading:  # noqa: ARG002  deleted ones stay listed
        """One call while fewer than 1,000 changed."""
        return changed_invoices(self._client, since, to_invoice=self._invoice, now=self._now)

    def submit_invoice(self, invoice: InvoiceId, *, key: str) -> Invoice:
        """Hand a draft in for approval. Raises BooksRefused, StaleVersion."""
        return self._move(invoice, mapping.STATUSES[Creation.SUBMIT], key)

    def approve_invoice(self, invoice: InvoiceId, *, key: str) -> Invoice:
        """Approve a draft or a submitted one. Raises BooksRefused, StaleVersion."""
        return self._move(invoice, mapping.STATUSES[Creation.APPROVE], key)

    def void_invoice(self, invoice: Invoice, *, key: str) -> Invoice:
        """Void an approved invoice on which nothing hangs."""
        return self._move(invoice.id, mapping.VOIDED, key)

    def delete_invoice(self, invoice: Invoice, *, key: str) -> None:
        """Delete what is not approved yet; it stays readable, and says so."""
        self._move(invoice.id, mapping.DELETED, key)

    def ties_of(self, invoice: InvoiceId) -> tuple[str, ...]:
        """Payments and credits."""
        return ties_of(self._client.whole_invoice(invoice), self._tenant.home_currency)

    def mail_terms(self, invoice: Invoice) -> MailTerms:
        """To whom it would go."""
        return mailing.mail_terms(self._client, invoice)

    def address_mail(self, invoice: Invoice, mail: Mail, *, key: str) -> None:  # noqa: ARG002  nothing is written here
        """Raises Unsupported where the mail names receivers."""
        mailing.address_mail(mail)

    def email_invoice(self, invoice: Invoice, mail: Mail, *, key: str) -> Sent:  # noqa: ARG002  see address_mail
        """Send it to its contact."""
        return mailing.email_invoice(self._client, invoice, self._now(), key=key)

    def sent_since(self, invoice: InvoiceId, since: datetime) -> Sent | None:
        """The newest e-mail in its history, if it is not older."""
        return mailing.sent_since(self._client, invoice, since)

    def invoice_pdf(self, invoice: InvoiceId) -> bytes:
        """In its branding theme."""
        return self._client.invoice_pdf(invoice)

    def pay_url(self, invoice: InvoiceId) -> str | None:
        """The online invoice."""
        return self._client.online_invoice(invoice)

    def invoice_url(self, invoice: InvoiceId) -> str:
        """The address that opens the organisation first, by its short code."""
        organisation = f"/{quote(self._tenant.link_code, safe='')}" if self._tenant.link_code else ""
        return f"{self._app_url}/app{organisation}/invoicing/view/{quote(invoice, safe='')}"

    # --- within ----------------------------------------------------------------------------------------------------

    def _move(self, invoice: InvoiceId, status: str, key: str) -> Invoice:
        try:
            document = self._client.change_status(invoice, status, key=key)
        except NotFound as error:
            raise BooksRefused(error.message, code="not_found_in_books") from error
        if document.status != status:
            raise StaleVersion("It is at another stage in Xero by now. Read it again.")
        return self._invoice(document)

    def _items(self, *, fresh: bool = False) -> dict[ItemId, ItemDocument]:
        if self._items_read is None or fresh:
            self._items_read = {ItemId(document.id): document for document in self._client.items()}
        return self._items_read

    def _sold(self) -> list[Item]:
        items = map(mapping.item_of, self._items().values())
        return [item for item in items if item.is_active]

    def _customer(self, document: ContactDocument) -> Customer:
        return mapping.customer_of(document, self._tenant.home_currency)

    def _customers(self, params: dict[str, str]) -> tuple[Customer, ...]:
        return tuple(map(self._customer, self._client.contacts(params)))

    def _invoice(self, document: InvoiceDocument) -> Invoice:
        return mapping.invoice_of(document, self._tenant.home_currency)
