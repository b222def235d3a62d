"""What the use cases need of the world, as Protocols. Adapters and fakes pass the same contract suites."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from duebill.domain.books import BooksOptions, Customer, CustomerDetails, Item, NewItem
from duebill.domain.connection import Connection, Provider, Tenant
from duebill.domain.consent import InstallState, Ticket
from duebill.domain.crm_webhooks import CrmWebhooks, Subscription, Telling
from duebill.domain.deal import Buyer, CrmField, Deal, DealContent, DealTitle, Record
from duebill.domain.draft import Draft, Totals
from duebill.domain.due import DueId, DueKind
from duebill.domain.features import Feature
from duebill.domain.ids import (
    CompanyId,
    ConnectionId,
    CustomerId,
    DealId,
    IntentKey,
    InvoiceId,
    ItemId,
    ProductId,
    TenantId,
    TokenSetId,
    UserId,
)
from duebill.domain.installation import CrmUser, Installation
from duebill.domain.intent import CreationRule, DealRecord, Intent
from duebill.domain.invoice import HistoryEntry, Invoice, InvoiceLink, ListedInvoice, Reading
from duebill.domain.limits import Ask, Asker, DayLeft, Limited, Permit
from duebill.domain.mail import Mail, MailTerms, Sent
from duebill.domain.matching import Catalogue, Entry, Page, Wanted
from duebill.domain.money import Money
from duebill.domain.press import Press
from duebill.domain.settings import CompanySettings, ConnectionSettings
from duebill.domain.tokens import Grant, TokenSet
from duebill.domain.watch import Watch, Watched
from duebill.errors import Problem


class Clock(Protocol):
    """The time, passed in so that tests can move it."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    def time_left(self) -> float:
        """Seconds until this invocation must answer."""
        ...


class Randomness(Protocol):
    """Where unguessable texts come from."""

    def token(self) -> str:
        """A new text of at least 128 random bits, safe in a URL."""
        ...


# --- outside systems ---------------------------------------------------------------------------------------------


class AccountingProvider(Protocol):
    """One open connection to one set of books.

    Every method raises ReconnectRequired, TryLater or LimitReached (surely nothing was done), BooksRefused (the
    provider said no) and, where it writes, OutcomeUnknown. Keys are idempotency keys of at most 36 characters.
    """

    @property
    def features(self) -> frozenset[Feature]:
        """What these books can do beyond what all can."""
        ...

    @property
    def creation_rule(self) -> CreationRule:
        """What this provider promises about keys."""
        ...

    def describe(self) -> Tenant:
        """Read who these books are; proves that the tokens open this very tenant."""
        ...

    def options(self) -> BooksOptions:
        """Read what there is to choose from: accounts, tax codes with rates, terms, currencies, closing date."""
        ...

    def customer(self, customer: CustomerId) -> Customer:
        """Read one customer, inactive ones too. Raises NotFound."""
        ...

    def search_customers(self, text: str, *, limit: int = 20) -> tuple[Customer, ...]:
        """Active customers whose name or e-mail holds `text`, best first; no text: the first by name."""
        ...

    def customer_named(self, name: str) -> Customer | None:
        """The customer with exactly this name, inactive ones too, as the books write it."""
        ...

    def create_customer(self, details: CustomerDetails, currency: str, *, key: str) -> Customer:
        """Create a customer who pays in `currency`."""
        ...

    def customers_page(self, cursor: str | None) -> Page[Entry]:
        """A part of all active customers, marked by their e-mail; as many in one question as the provider allows."""
        ...

    def update_customer(self, customer: Customer, details: CustomerDetails, *, key: str) -> Customer:
        """Change address, e-mail and tax id where `details` has them and they differ; the name stays."""
        ...

    def item(self, item: ItemId) -> Item:
        """Read one item. Raises NotFound."""
        ...

    def search_items(self, text: str, *, limit: int = 20) -> tuple[Item, ...]:
        """Active items that can stand on an invoice whose name or code holds `text`, best first."""
        ...

    def items_matching(self, codes: Sequence[str], names: Sequence[str]) -> tuple[Item, ...]:
        """Active items with one of these codes or one of these exact names; at most two questions to the books."""
        ...

    def items_page(self, cursor: str | None) -> Page[Entry]:
        """A part of all active items that can stand on an invoice, marked by their code, likewise."""
        ...

    def item_named(self, name: str) -> Item | None:
        """The item with exactly this name, inactive ones too."""
        ...

    def create_item(self, item: NewItem, *, key: str) -> Item:
        """Create an item for services."""
        ...

    def propose_number(self) -> str | None:
        """The next invoice number where the company numbers by hand, None where the books number."""
        ...

    def problems(self, draft: Draft, customer: Customer | None, options: BooksOptions) -> tuple[Problem, ...]:
        """What these books would refuse in `draft`, all at once, without asking them."""
        ...

    def totals(self, draft: Draft, options: BooksOptions) -> Totals:
        """What these books will compute for `draft`, to the cent, without asking them."""
        ...

    def create_invoice(self, draft: Draft, *, reference: str, key: str) -> Invoice:
        """Create the invoice; every line has an item and `draft.customer` is set."""
        ...

    def invoices_with_reference(self, reference: str, *, since: datetime) -> tuple[Invoice, ...]:
        """The invoices created at or after `since` that carry our reference."""
        ...

    def read_invoices(self, invoices: Sequence[InvoiceId]) -> Reading:
        """How these invoices are now, in as few questions as the provider allows."""
        ...

    def customer_invoices(
        self, customer: CustomerId, *, since: date, until: date, limit: int
    ) -> tuple[ListedInvoice, ...]:
        """A customer's invoices issued from `since` to `until`, both days included, at most `limit`, newest day first.

        Whoever made them; those of one day come in any order. Raises TryLater where the list changed while several
        pages of it were read.
        """
        ...

    @property
    def ids_at_once(self) -> int:
        """How many invoices one question can name."""
        ...

    def invoices_changed(self, since: datetime, *, known: Sequence[InvoiceId]) -> Reading:
        """Every invoice that changed at or after `since`, whoever made it; deleted ones among `known` at least.

        Fewer questions than to name each; its `cursor` is where the next such question begins.
        """
        ...

    def submit_invoice(self, invoice: InvoiceId, *, key: str) -> Invoice:
        """Hand a draft in for approval. Raises Unsupported, BooksRefused, StaleVersion."""
        ...

    def approve_invoice(self, invoice: InvoiceId, *, key: str) -> Invoice:
        """Approve a draft or a submitted one. Raises Unsupported, BooksRefused, StaleVersion."""
        ...

    def void_invoice(self, invoice: Invoice, *, key: str) -> Invoice:
        """Void an invoice as it was just read. Raises BooksRefused, StaleVersion, NotFound."""
        ...

    def delete_invoice(self, invoice: Invoice, *, key: str) -> None:
        """Delete an invoice as it was just read. Raises BooksRefused, StaleVersion, NotFound."""
        ...

    def ties_of(self, invoice: InvoiceId) -> tuple[str, ...]:
        """What hangs on the invoice, each in words: `Payment of 20.00 GBP on 2026-11-21`. Raises NotFound."""
        ...

    def mail_terms(self, invoice: Invoice) -> MailTerms:
        """To whom an e-mail with the invoice would go, and what to know before. Raises NotFound."""
        ...

    def address_mail(self, invoice: Invoice, mail: Mail, *, key: str) -> None:
        """Write down to whom it goes where the books keep that on the invoice; sends nothing.

        Raises Unsupported where the receivers cannot be chosen and `mail` names some, BooksRefused, StaleVersion.
        """
        ...

    def email_invoice(self, invoice: Invoice, mail: Mail, *, key: str) -> Sent:
        """Let the books send it, once. Raises BooksRefused, NotFound; OutcomeUnknown: it may have been sent."""
        ...

    def sent_since(self, invoice: InvoiceId, since: datetime) -> Sent | None:
        """The newest e-mail with the invoice at or after `since`, as the books tell. Raises NotFound."""
        ...

    def invoice_pdf(self, invoice: InvoiceId) -> bytes:
        """The invoice as a PDF. Raises NotFound, BooksRefused."""
        ...

    def pay_url(self, invoice: InvoiceId) -> str | None:
        """Where the customer sees and pays the invoice, None where there is no such page. Raises NotFound."""
        ...

    def invoice_url(self, invoice: InvoiceId) -> str:
        """Where a signed-out or signed-in bookkeeper opens the invoice."""
        ...


class BooksReads(Protocol):
    """Reads of the books that may be some minutes old: reads are metered, and these change rarely."""

    def options(self) -> BooksOptions:
        """What there is to choose from."""
        ...

    def customer(self, customer: CustomerId) -> Customer:
        """One customer. Raises NotFound."""
        ...

    def items(self, *, fresh: bool = False) -> Catalogue:
        """All active items, or the first 20,000; `fresh` asks the books anew."""
        ...

    def customers(self, *, fresh: bool = False) -> Catalogue:
        """All active customers, likewise."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a deal. `content` is HTML as the CRM keeps it."""

    id: int
    content: str


@dataclass(frozen=True, slots=True)
class Activity:
    """Something planned on a deal. `note` is HTML as the CRM keeps it."""

    id: int
    note: str


@dataclass(frozen=True, slots=True)
class DealField:
    """A custom field of deals. `options`: ids by label, where it has some."""

    code: str
    name: str
    kind: str
    options: Mapping[str, int] = field(default_factory=dict)


class Crm(Protocol):
    """The CRM with the eyes of one of its users.

    Methods raise ReconnectRequired, NotFound (not there, or not for this user), TryLater, LimitReached and, where they
    write, OutcomeUnknown.
    """

    def who_am_i(self) -> CrmUser:
        """The user and the company that the tokens belong to."""
        ...

    def deal(self, deal: DealId) -> Deal:
        """One deal. Raises NotFound where this user may not see it. Deleted deals have status `deleted`."""
        ...

    def titles(self, deals: Collection[DealId]) -> dict[DealId, str]:
        """The titles of those of these deals that this user can see and that are neither deleted nor archived."""
        ...

    def find_deals(self, text: str) -> tuple[DealTitle, ...]:
        """Some deals whose title holds `text`, best first; the newest ones where it is too short to look for."""
        ...

    def products_page(self, cursor: str | None) -> Page[Wanted]:
        """A part of the product catalogue, marked by code; the key is the product's id. As this user sees it."""
        ...

    def organizations_page(self, cursor: str | None) -> Page[Record]:
        """A part of all organizations that this user sees."""
        ...

    def persons_page(self, cursor: str | None) -> Page[tuple[Record, int | None]]:
        """A part of all persons that this user sees, each with the organization they belong to."""
        ...

    def organizations(self, organizations: Collection[int]) -> tuple[Record, ...]:
        """Those of these organizations that this user sees."""
        ...

    def content(self, deal: Deal) -> DealContent:
        """The deal's products, discounts and instalments."""
        ...

    def buyer(self, deal: Deal) -> Buyer:
        """The deal's organization and person, with their fields."""
        ...

    def fields(self) -> tuple[CrmField, ...]:
        """All fields of organizations, persons and deals that exist now."""
        ...

    def tax_rates(self) -> tuple[str, ...]:
        """The tax rates that occur in the product catalogue, as `rate_key` writes them."""
        ...

    def deal_url(self, deal: DealId) -> str:
        """Where a person opens the deal."""
        ...

    def notes(self, deal: DealId) -> tuple[Note, ...]:
        """The notes on a deal, newest first, as far as one page reaches."""
        ...

    def add_note(self, deal: DealId, content: str) -> Note:
        """Write a note (HTML) on a deal."""
        ...

    def change_note(self, note: int, content: str) -> Note:
        """Replace a note's content. Raises NotFound where a person deleted it."""
        ...

    def deal_fields(self) -> tuple[DealField, ...]:
        """The custom fields of deals."""
        ...

    def add_deal_field(self, name: str, kind: str, options: Sequence[str] = ()) -> DealField:
        """Make a custom field of deals: `varchar`, `monetary`, or `enum` with options. Raises NotFound where the app
        or this user lacks the permission."""
        ...

    def set_deal_fields(self, deal: DealId, values: Mapping[str, str | int | Money | None]) -> None:
        """Write custom fields of a deal by their codes, None clears; everything else stays as it is."""
        ...

    def activities(self, deal: DealId) -> tuple[Activity, ...]:
        """The activities on a deal, newest first. Raises NotFound where the app lacks the permission."""
        ...

    def may_use_activities(self) -> None:
        """Raise NotFound where the app's permissions do not cover activities."""
        ...

    def add_activity(self, deal: DealId, owner: UserId, subject: str, note: str, due_on: date) -> Activity:
        """Plan a task (`note` is HTML) for a user on a deal."""
        ...

    def subscriptions(self) -> tuple[Subscription, ...]:
        """What the CRM tells the app by itself on this user's behalf. Raises NotFound where the app lacks the
        permission."""
        ...

    def subscribe(self, wanted: Subscription, *, user: str, password: str) -> Subscription:
        """Have something told; the CRM proves itself by `user` and `password`. Raises NotFound: see above."""
        ...

    def unsubscribe(self, subscription: int) -> None:
        """Have something told no more; what is gone is no error."""
        ...

    def files(self, deal: DealId) -> dict[str, int]:
        """The files on a deal, ids by name; of two of one name the newer."""
        ...

    def add_file(self, deal: DealId, name: str, content: bytes) -> int:
        """Attach a file to a deal; its id."""
        ...


class CrmFields(Protocol):
    """The CRM's fields and tax rates, possibly some minutes old."""

    def fields(self) -> tuple[CrmField, ...]:
        """All fields of organizations, persons and deals that can be mapped."""
        ...

    def tax_rates(self) -> tuple[str, ...]:
        """The tax rates that occur in the product catalogue, as `rate_key` writes them."""
        ...


class TokenIssuer(Protocol):
    """A system that issues tokens for a consent."""

    def consent_url(self, state: str) -> str:
        """Where a person consents."""
        ...

    def exchange(self, code: str) -> Grant:
        """A code for tokens. Raises ConsentFailed (reused, expired), TryLater, OutcomeUnknown."""
        ...

    def refresh(self, refresh_token: str) -> Grant:
        """New tokens. Raises outside.oauth.InvalidGrant, TryLater, OutcomeUnknown."""
        ...

    def revoke(self, refresh_token: str) -> None:
        """End the consent there. An unknown token is no error. Raises TryLater, OutcomeUnknown."""
        ...


class BooksIssuer(TokenIssuer, Protocol):
    """Who issues tokens for books. One consent may open several links (organisations): `revoke` ends all of them."""

    @property
    def has_links(self) -> bool:
        """Whether a consent opens links that end one by one, with `unlink`."""
        ...

    def unlink(self, access_token: str, provider_connection: str) -> None:
        """End one link, where there are such; one that is gone is no error.

        Raises ReconnectRequired where the token is not accepted, TryLater, OutcomeUnknown.
        """
        ...


class AccessTokens(Protocol):
    """The access token of one token set, kept fresh."""

    def current(self) -> str:
        """A token that is good for the next call. Raises ReconnectRequired, TryLater."""
        ...

    def instead_of(self, refused: str) -> str:
        """A token after `refused` was answered with 401: a newer stored one, else a refreshed one."""
        ...


# --- stores ------------------------------------------------------------------------------------------------------


class Installations(Protocol):
    """Who installed the app."""

    def get(self, company: CompanyId, user: UserId) -> Installation | None:
        """One user's install, or None."""
        ...

    def of_company(self, company: CompanyId) -> tuple[Installation, ...]:
        """All installs of a company, oldest first."""
        ...

    def save(self, installation: Installation) -> None:
        """Write or replace an install."""
        ...

    def remove(self, company: CompanyId, user: UserId) -> None:
        """Forget an install; none is no error."""
        ...


class Tokens(Protocol):
    """Token sets, encrypted at rest. Reads are consistent."""

    def get(self, company: CompanyId, token_set: TokenSetId) -> TokenSet | None:
        """The set with its tokens, or None."""
        ...

    def create(self, token_set: TokenSet, *, due_at: datetime) -> None:
        """Write a new set, or replace one whole; `due_at` is when a machine looks after it."""
        ...

    def take_lease(
        self, token_set: TokenSet, *, owner: str, until: datetime, now: datetime, due_at: datetime
    ) -> TokenSet:
        """Take the right to renew: free or expired, and the version still `token_set.version`; sets it due at `due_at`.

        Raises ConditionFailed when another holds it or has renewed.
        """
        ...

    def store_grant(self, renewed: TokenSet, *, expected_version: int, due_at: datetime) -> None:
        """Write the new tokens, whoever holds the lease by now; ends the lease. Raises ConditionFailed."""
        ...

    def release(self, token_set: TokenSet, *, owner: str) -> None:
        """Give the lease back without an answer stored: only when surely nothing was sent. No longer ours: no error."""
        ...

    def mark_dead(self, token_set: TokenSet, *, reason: str) -> None:
        """A person must consent again; only if the version is still `token_set.version`. Raises ConditionFailed."""
        ...

    def set_due(self, company: CompanyId, token_set: TokenSetId, due_at: datetime | None) -> None:
        """When a machine looks after it next; None: never. While somebody holds the lease it is only moved earlier."""
        ...

    def remove(self, company: CompanyId, token_set: TokenSetId) -> None:
        """Forget the set; none is no error."""
        ...


class Connections(Protocol):
    """Links from companies to books, with the pointer from a tenant to all its connections."""

    def get(self, company: CompanyId, connection: ConnectionId) -> Connection | None:
        """One connection, or None."""
        ...

    def of_company(self, company: CompanyId) -> tuple[Connection, ...]:
        """All connections of a company, oldest first, disconnected ones too."""
        ...

    def save(self, connection: Connection) -> None:
        """Write or replace, together with the tenant pointer. May raise ConditionFailed when it changes just now."""
        ...

    def of_tenant(self, provider: Provider, tenant: TenantId) -> tuple[tuple[CompanyId, ConnectionId], ...]:
        """Which connections lead to these books, of whichever company."""
        ...

    def remove(self, company: CompanyId, connection: ConnectionId) -> None:
        """Forget it and its tenant pointer."""
        ...


class Consents(Protocol):
    """One-use secrets of installs and connects. Expiry is checked on read; only hashes are stored."""

    def put_install_state(self, state: InstallState) -> None:
        """Remember the state of an install that we began."""
        ...

    def use_install_state(self, state: str, now: datetime) -> bool:
        """Whether this state was ours, unexpired and unused; it is used up."""
        ...

    def put_ticket(self, ticket: Ticket) -> None:
        """Remember a ticket."""
        ...

    def ticket(self, ticket_id: str, now: datetime) -> Ticket | None:
        """The unexpired ticket with this id, or None."""
        ...

    def ticket_of_state(self, state: str, now: datetime) -> Ticket | None:
        """The unexpired ticket that `state` was made for, or None."""
        ...

    def change_ticket(self, ticket: Ticket) -> None:
        """Write the ticket one step further; only if its stored version is `ticket.version`. Raises ConditionFailed."""
        ...


class SettingsStore(Protocol):
    """Preferences; what was never saved has the defaults."""

    def company(self, company: CompanyId) -> CompanySettings:
        """The company's preferences."""
        ...

    def save_company(self, company: CompanyId, settings: CompanySettings) -> None:
        """Write them whole."""
        ...

    def connection(self, company: CompanyId, connection: ConnectionId) -> ConnectionSettings:
        """A connection's preferences."""
        ...

    def save_connection(self, company: CompanyId, connection: ConnectionId, settings: ConnectionSettings) -> None:
        """Write them whole."""
        ...


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """Which customer a buyer is in the books; `sent_tax_id_hash` is of the tax id last sent (books mask it)."""

    customer: CustomerId
    name: str
    sent_tax_id_hash: str | None = None


class Links(Protocol):
    """What the CRM's buyers and products are in the books."""

    def customer(self, company: CompanyId, connection: ConnectionId, buyer: str) -> CustomerLink | None:
        """The customer that a buyer (`organization:7`) is linked to, or None."""
        ...

    def customers(self, company: CompanyId, connection: ConnectionId, buyers: Sequence[str]) -> dict[str, CustomerLink]:
        """The link of each of these buyers that has one."""
        ...

    def link_customer_over(
        self, company: CompanyId, connection: ConnectionId, buyer: str, link: CustomerLink, over: CustomerId | None
    ) -> bool:
        """Remember it, if the buyer is linked to `over` now (None: to nobody). False where to somebody else."""
        ...

    def link_customer(self, company: CompanyId, connection: ConnectionId, buyer: str, link: CustomerLink) -> None:
        """Remember it."""
        ...

    def linked_customers(self, company: CompanyId, connection: ConnectionId) -> tuple[tuple[str, CustomerLink], ...]:
        """Every buyer that is linked to a customer of these books, with the link."""
        ...

    def unlink_customer(self, company: CompanyId, connection: ConnectionId, buyer: str) -> None:
        """Forget it; none is no error."""
        ...

    def items(
        self, company: CompanyId, connection: ConnectionId, products: Sequence[ProductId]
    ) -> dict[ProductId, tuple[ItemId, str]]:
        """The item and its name for each of these products that is linked."""
        ...

    def link_item_over(
        self,
        company: CompanyId,
        connection: ConnectionId,
        product: ProductId,
        item: ItemId,
        name: str,
        over: ItemId | None,
    ) -> bool:
        """Remember it, if the product is linked to `over` now (None: to nothing). False where to something else."""
        ...

    def link_item(
        self, company: CompanyId, connection: ConnectionId, product: ProductId, item: ItemId, name: str
    ) -> None:
        """Remember it."""
        ...


class Invoices(Protocol):
    """A deal's intents, invoice links and history, and the version of its list of invoices."""

    def deal(self, company: CompanyId, deal: DealId) -> DealRecord:
        """What is kept of a deal; version 0 where nothing is."""
        ...

    def begin(self, intent: Intent) -> Intent:
        """Write the intent and the deal's next version in one transaction, due at `intent.due_at`.

        Raises ConditionFailed when the deal's version is not `intent.basis`, or the key was used.
        """
        ...

    def intent(self, company: CompanyId, deal: DealId, key: IntentKey) -> Intent | None:
        """The intent with this key, or None. Consistent."""
        ...

    def save(self, intent: Intent) -> Intent:
        """Write it one version further, due at `intent.due_at` (None: never). Raises ConditionFailed."""
        ...

    def made(self, intent: Intent, link: InvoiceLink, entry: HistoryEntry, *, note_due_at: datetime | None) -> Intent:
        """Intent, link, history and the deal's next version in one transaction. Raises ConditionFailed.

        An intent with a `due_at` stays due (to look once more after an unknown outcome). Where the deal has a link to
        this invoice already, what is known of its note is kept.
        """
        ...

    def links(self, company: CompanyId, deal: DealId) -> tuple[InvoiceLink, ...]:
        """The deal's invoices, newest first."""
        ...

    def link(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        """One link, or None. Consistent."""
        ...

    def save_link(
        self,
        link: InvoiceLink,
        *,
        due_at: datetime | None,
        entry: HistoryEntry | None = None,
        press: Press | None = None,
    ) -> InvoiceLink:
        """Write it one version further, due for write-back at `due_at` (None: never); a press in the same transaction.

        A new link (version 0) is also the deal's next version. Raises ConditionFailed, also for the press, and for a
        new link when the invoice belongs to another deal.
        """
        ...

    def linked(
        self, company: CompanyId, connection: ConnectionId, invoices: Sequence[InvoiceId]
    ) -> tuple[InvoiceLink, ...]:
        """The links of those of these invoices that a deal has, in any order. Consistent."""
        ...

    def move_link(self, link: InvoiceLink, deal: DealId, entry: HistoryEntry) -> InvoiceLink:
        """Give a link to another deal. Raises ConditionFailed."""
        ...

    def copy_history(self, company: CompanyId, deal: DealId, into: DealId) -> None:
        """Have another deal's history tell what this one's does; twice does no harm."""
        ...

    def press(self, company: CompanyId, deal: DealId, key: str) -> Press | None:
        """The press with this key, or None. Consistent."""
        ...

    def presses(self, company: CompanyId, deal: DealId) -> tuple[Press, ...]:
        """The deal's presses, newest first, as far as they are still kept."""
        ...

    def save_press(self, press: Press) -> Press:
        """Write it one version further; a new one has version 0. Raises ConditionFailed."""
        ...

    def deal_of(self, company: CompanyId, connection: ConnectionId, invoice: InvoiceId) -> DealId | None:
        """The deal that an invoice is linked to, or None."""
        ...

    def deals_of(
        self, company: CompanyId, connection: ConnectionId, invoices: Sequence[InvoiceId]
    ) -> dict[InvoiceId, DealId]:
        """The deal of each of these invoices that is linked to one."""
        ...

    def link_by_hand(
        self, link: InvoiceLink, entry: HistoryEntry, *, moved: tuple[InvoiceLink, HistoryEntry] | None = None
    ) -> InvoiceLink:
        """Tie an invoice to `link.deal`, due for write-back at `link.write_back_due_at`, in one transaction.

        `link.version` is 0, or that of a link which was untied and still waits to be forgotten. `moved` is the link
        that ties it to another deal, as it was read, and what that deal's history is told. Both deals' lists are a
        version further. Raises ConditionFailed, also where the invoice belongs to a third deal.
        """
        ...

    def unlink(self, link: InvoiceLink, entry: HistoryEntry) -> None:
        """Untie an invoice: it is in no list any more, and waits for write-back. Raises ConditionFailed."""
        ...

    def untied(
        self, company: CompanyId, deal: DealId, connection: ConnectionId, invoice: InvoiceId
    ) -> InvoiceLink | None:
        """A link that was untied and is not forgotten yet, or None."""
        ...

    def forget(self, link: InvoiceLink) -> None:
        """Delete a link that was untied, once nothing shows it any more. Raises ConditionFailed."""
        ...

    def intents(self, company: CompanyId, deal: DealId) -> tuple[Intent, ...]:
        """The deal's intents, newest first."""
        ...

    def history(self, company: CompanyId, deal: DealId, *, since: datetime | None = None) -> tuple[HistoryEntry, ...]:
        """What happened after `since` (None: ever, as far as it is still kept), newest first."""
        ...


class Watches(Protocol):
    """How far the reading of each connection's books has come. What is unsettled there is written by `Invoices`."""

    def take(
        self, company: CompanyId, connection: ConnectionId, *, owner: str, until: datetime, now: datetime
    ) -> Watch | None:
        """The watch, held by `owner` until `until`; None while another holds it."""
        ...

    def peek(self, company: CompanyId, connection: ConnectionId) -> Watch:
        """The watch as it is, whoever holds it: to tell people how far it came."""
        ...

    def release(self, held: Watch, after: Watch, *, owner: str, asked: Iterable[InvoiceId] = ()) -> bool:
        """Write how far it came, and let go; `asked` are no longer wanted. False where another holds it by now."""
        ...

    def want(
        self, company: CompanyId, connection: ConnectionId, *, by: datetime, ids: Iterable[InvoiceId] = ()
    ) -> None:
        """Look at these books by `by`, and at these invoices among others; an earlier time that is set stays."""
        ...

    def rest(self, company: CompanyId, connection: ConnectionId) -> None:
        """Look at these books no more, until somebody wants it again."""
        ...

    def unsettled(self, company: CompanyId, connection: ConnectionId) -> tuple[Watched, ...]:
        """The unsettled invoices of this connection that a deal has."""
        ...

    def see(self, link: InvoiceLink) -> None:
        """Remember how the link's invoice was seen, where that was not written together with the link."""
        ...

    def forget(self, company: CompanyId, connection: ConnectionId, invoice: InvoiceId) -> None:
        """No deal has this invoice any more."""
        ...


class Cache(Protocol):
    """What was read outside and may be read again: texts by name, with an end."""

    def get(self, company: CompanyId, name: str, now: datetime) -> str | None:
        """The text, or None when there is none or it has ended."""
        ...

    def put(self, company: CompanyId, name: str, text: str, *, until: datetime) -> None:
        """Keep a text of at most 300 KB until `until`; a longer one is not kept."""
        ...

    def drop(self, company: CompanyId, name: str) -> None:
        """Forget it."""
        ...


class Limiter(Protocol):
    """How often outside systems were asked, shared by everybody who asks them. All methods raise TryLater."""

    def take(self, limited: Limited, ask: Ask, asker: Asker, now: datetime) -> Permit:
        """Count one call, if it may be made now: one write, whatever the answer."""
        ...

    def hold(self, limited: Limited, until: datetime) -> None:
        """Nobody asks before `until`; a later end that is known already stays."""
        ...

    def note_day(self, limited: Limited, day: DayLeft) -> None:
        """What is left of the day, as the other side says; an older answer changes nothing."""
        ...

    def hold_app(self, provider: Provider, until: datetime) -> None:
        """The whole app asks this provider for no tenant before `until`, except with permits that are out already."""
        ...

    def reads_used(self, provider: Provider, now: datetime) -> int:
        """About how many of the month's metered reads the whole app has used; may be some minutes old."""
        ...


class DueWork(Protocol):
    """The due index: what a machine must look at, and when."""

    def claim(self, kind: DueKind, shard: int, *, now: datetime, again_at: datetime, limit: int) -> tuple[DueId, ...]:
        """What is due by `now` in one shard, each moved on to `again_at` under a condition: claimed by this caller."""
        ...


class Erasure(Protocol):
    """Companies that left."""

    def plan(self, company: CompanyId, at: datetime) -> None:
        """Erase everything of the company at `at`, unless called off."""
        ...

    def call_off(self, company: CompanyId) -> None:
        """Somebody installed again; nothing planned is no error."""
        ...

    def is_due(self, company: CompanyId, now: datetime) -> bool:
        """Whether an erasure is planned and its time has come."""
        ...

    def erase(self, company: CompanyId) -> int:
        """Delete every item of the company; how many."""
        ...


class CrmWebhooksStore(Protocol):
    """Whether the CRM tells us a company's changes."""

    def plan(self, company: CompanyId, at: datetime) -> None:
        """Look after them at `at`; what is known of them stays."""
        ...

    def get(self, company: CompanyId) -> CrmWebhooks | None:
        """What is known, or None."""
        ...

    def note(self, company: CompanyId, seen: CrmWebhooks, telling: Telling, again_at: datetime) -> None:
        """What was found, and when to look again; nothing where somebody planned anew since `seen`, or left."""
        ...

    def forget(self, company: CompanyId) -> None:
        """Nobody is left whom the CRM would tell anything; nothing known is no error."""
        ...


class WorkQueue(Protocol):
    """Where claimed work is put for workers."""

    def send(self, work: Sequence[DueId]) -> None:
        """Enqueue; what could not be sent is claimed again later."""
        ...
