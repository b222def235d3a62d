"""The intent engine on its own: memory stores, a simulator as the books, a clock that stands still."""

from dataclasses import replace

from duebill.domain.books import BooksOptions, Customer
from duebill.domain.draft import Draft
from duebill.domain.ids import CompanyId, CustomerId, DealId, IntentKey, UserId
from duebill.domain.intent import Intent
from duebill.ports import AccountingProvider
from duebill.use_cases.advance_intent import AdvanceIntent
from duebill.use_cases.create_invoice import CreateInvoice, create_invoice
from tests.fakes.books_world import BooksWorld, draft_for
from tests.fakes.memory_stores import Stores

COMPANY, DEAL, USER = CompanyId(1), DealId(7), UserId(101)


class DirectReads:
    """ports.BooksReads that always ask."""

    def __init__(self, books: AccountingProvider) -> None:
        self.books = books

    def options(self) -> BooksOptions:
        return self.books.options()

    def customer(self, customer: CustomerId) -> Customer:
        return self.books.customer(customer)


class IntentBench:
    """One deal, one connection, and a person who presses the button."""

    def __init__(self, world: BooksWorld) -> None:
        self.world = world
        self.books = world.opened()
        self.reads = DirectReads(self.books)
        self.stores = Stores()
        self.connection = world.connection()
        customer = self.books.customer_named(world.known_customer)
        assert customer is not None
        self.customer = customer
        self.invoices_before = world.count()
        self._draft = draft_for(world, customer)

    @property
    def advance(self) -> AdvanceIntent:
        return AdvanceIntent(
            self.connection, self.books, self.reads, self.stores.invoices, self.stores.links, self.world.clock
        )

    def draft(self, **changes: object) -> Draft:
        return replace(self._draft, **changes)  # type: ignore[arg-type]  # tests name the draft's own fields

    def press(self, key: str = "key-00000001", basis: int = 0, draft: Draft | None = None) -> Intent:
        wanted = draft or self.draft()
        command = CreateInvoice(
            COMPANY, DEAL, USER, IntentKey(key), basis, wanted, repr(wanted), buyer="organization:1"
        )
        intent, self.is_new = create_invoice(
            command,
            books=self.books,
            reads=self.reads,
            invoices=self.stores.invoices,
            advance=self.advance,
            clock=self.world.clock,
        )
        return intent

    def take_up(self, intent: Intent) -> Intent:
        """What due work does with an intent."""
        stored = self.stores.invoices.intent(COMPANY, DEAL, intent.key)
        assert stored is not None
        return self.advance(stored)

    @property
    def made(self) -> int:
        """Invoices that came into the books since the bench was set up."""
        return self.world.count() - self.invoices_before

    @property
    def links(self) -> int:
        return len(self.stores.invoices.links(COMPANY, DEAL))
