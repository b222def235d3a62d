"""Acting on invoices on its own: memory stores, a simulator as the books, a clock that stands still."""

from datetime import timedelta

from duebill.domain.actions import Action, Asks
from duebill.domain.draft import Creation
from duebill.domain.features import Feature
from duebill.domain.ids import CompanyId, DealId, InvoiceId, UserId
from duebill.domain.invoice import HistoryEntry, InvoiceLink
from duebill.domain.mail import Mail
from duebill.domain.press import Press
from duebill.domain.status import Status
from duebill.use_cases.act_on_invoice import ActOnInvoice
from duebill.use_cases.email_invoice import EmailInvoice
from duebill.use_cases.pressing import Pressing
from duebill.use_cases.record_reading import RecordReading
from duebill.use_cases.refresh_deal import RefreshDeal
from tests.fakes.books_world import TODAY, BooksWorld, draft_for
from tests.fakes.memory_invoices import MemoryInvoices

COMPANY, DEAL, ADA = CompanyId(1), DealId(7), UserId(101)
WAYS = {"paid by credit": Status.PAID, "partly credited": Status.PARTIALLY_PAID}
CREATED_AS = {Status.DRAFT: Creation.SAVE, Status.AWAITING_APPROVAL: Creation.SUBMIT}


class ActionBench:
    """One deal, one connection, and Ada, who presses buttons."""

    def __init__(self, world: BooksWorld) -> None:
        self.world = world
        self.books = world.opened()
        self.invoices = MemoryInvoices()
        zone = world.tenant().time_zone
        self.record = RecordReading(self.invoices, world.clock, zone)
        self.pressing = Pressing(self.books, self.record, None)
        self._keys = 0
        customer = self.books.customer_named(world.known_customer)
        assert customer is not None
        self.customer = customer

    @property
    def has_drafts(self) -> bool:
        return Feature.APPROVAL in self.books.features

    def key(self) -> str:
        self._keys += 1
        return f"press-{self._keys:08}"

    def made(self, creation: Creation = Creation.APPROVE, due_in: int = 14) -> InvoiceLink:
        """An invoice that was made here and is linked to the deal."""
        world, number = self.world, self.key()
        draft = draft_for(
            world,
            self.customer,
            creation=creation,
            issued_on=TODAY - timedelta(days=40),
            due_on=TODAY + timedelta(days=due_in),
            number=number if world.numbers_by_hand else None,
        )
        invoice = self.books.create_invoice(draft, reference=f"DB-{number}", key=f"make-{number}")
        now = world.clock.now()
        link = InvoiceLink(
            COMPANY,
            DEAL,
            world.connection().id,
            world.provider,
            invoice,
            self.books.invoice_url(invoice.id),
            linked_at=now,
            linked_by=ADA,
            read_at=now,
        )
        world.wait(minutes=1)
        return self.invoices.save_link(link, due_at=None)

    def brought_to(self, state: str) -> InvoiceLink:
        """An invoice that the bookkeeper brought into a state (a status, or a way to it), and that was refreshed."""
        status = WAYS[state] if state in WAYS else Status(state)
        is_draft = status is Status.DRAFT or (status is Status.DELETED and self.has_drafts)
        creation = Creation.SAVE if is_draft else CREATED_AS.get(status, Creation.APPROVE)
        link = self.made(creation, due_in=-3 if status is Status.OVERDUE else 14)
        self._settle(link.invoice.id, state)
        self.world.wait(minutes=1)
        link = self.refresh(link)
        assert link.invoice.status(TODAY) is status, (state, link.invoice)
        return link

    def _settle(self, invoice: InvoiceId, state: str) -> None:
        match state:
            case "partially_paid":
                self.world.pay(invoice, "20")
            case "paid":
                self.world.pay(invoice)
            case "paid by credit":
                self.world.credit(invoice)
            case "partly credited":
                self.world.credit(invoice, "20")
            case "voided":
                self.world.void(invoice)
            case "deleted":
                self.world.delete(invoice)

    def refresh(self, link: InvoiceLink) -> InvoiceLink:
        """What “Refresh” does for one invoice."""
        looked = EmailInvoice(self.pressing).look_up(self.stored(link))
        [refreshed] = RefreshDeal(self.books, self.record)((looked,), write_back_at=None)
        return refreshed

    def stored(self, link: InvoiceLink) -> InvoiceLink:
        found = self.invoices.link(COMPANY, DEAL, link.connection, link.invoice.id)
        assert found is not None
        return found

    def press(
        self,
        action: Action,
        link: InvoiceLink,
        *,
        confirmed: Asks = Asks.NEVER,
        key: str | None = None,
        mail: Mail | None = None,
        by: UserId = ADA,
    ) -> InvoiceLink:
        """Press a button in the panel."""
        now = self.world.clock.now()
        wish = Press(
            COMPANY,
            DEAL,
            link.connection,
            link.invoice.id,
            action,
            key or self.key(),
            by,
            now,
            (mail or Mail()) if action is Action.EMAIL else None,
        )
        link = self.stored(link)
        if action is Action.EMAIL:
            return EmailInvoice(self.pressing)(wish, link)
        return ActOnInvoice(self.pressing)(wish, link, confirmed=confirmed)

    def history(self, invoice: InvoiceId) -> list[HistoryEntry]:
        """What happened to one invoice, newest first."""
        return [entry for entry in self.invoices.history(COMPANY, DEAL) if entry.invoice == invoice]
