"""Take an intent as far as it can go now: from a press of the button, and again from due work until it ends.

Before anything is sent the attempt is stored; after an answer that did not come nothing is sent until the provider
must have finished, and then the books are looked at first (guarantees §1). No lock is held across a provider's call.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from duebill.domain.books import Customer, Item
from duebill.domain.connection import Connection
from duebill.domain.draft import Draft
from duebill.domain.ids import CustomerId, InvoiceId
from duebill.domain.intent import LOOK_AGAIN_AFTER, LOOK_BACK, Intent, IntentState, Refusal, StepKind
from duebill.domain.invoice import HistoryEntry, Invoice, InvoiceLink
from duebill.domain.steps import content_of, new_item_of
from duebill.domain.write_back import next_look
from duebill.errors import BooksRefused, ConditionFailed, NotFound, OutcomeUnknown, ReconnectRequired, TryLater
from duebill.ports import AccountingProvider, BooksReads, Clock, CustomerLink, Invoices, Links

NOTE_IS_DUE_IN = timedelta(minutes=3)
GIVE_UP_AFTER = timedelta(hours=24)
_RETRY_SECONDS = 60
_PERSON_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class AdvanceIntent:
    """Advances intents of one connection. Losing a race to another worker is no error: the newer state is returned."""

    connection: Connection
    books: AccountingProvider
    reads: BooksReads
    invoices: Invoices
    links: Links
    clock: Clock
    notes_wanted: bool = True

    def __call__(self, intent: Intent) -> Intent:
        """The intent as far as it came. What the provider answers becomes the intent's state, never an exception."""
        go_on = True
        try:
            while go_on and not intent.is_finished:
                intent, go_on = self._step(intent)
        except ConditionFailed:
            return self.invoices.intent(intent.company, intent.deal, intent.key) or intent
        return intent

    def look_again(self, intent: Intent) -> Intent:
        """A day after an outcome was unknown: two invoices with our reference are a problem, never silence."""
        found = self.books.invoices_with_reference(intent.reference, since=intent.created_at - LOOK_BACK)
        duplicates = tuple(invoice.id for invoice in found) if len(found) > 1 else ()
        return self.invoices.save(replace(intent, duplicates=duplicates, due_at=None))

    def _step(self, intent: Intent) -> tuple[Intent, bool]:
        index = intent.next_step()
        if index is None:
            return intent, False
        settled = intent.settled_at()
        if settled is None:
            return self._send(intent, index)
        if self.clock.now() < settled:
            return intent, False
        intent = replace(intent, was_unknown=True)  # also where the process ended before it could say so
        try:
            found = self._look_up(intent, index)
        except (TryLater, OutcomeUnknown, ReconnectRequired) as error:
            return self._wait(intent, error), False
        return (found, True) if found else self._send(intent, index)

    def _look_up(self, intent: Intent, index: int) -> Intent | None:
        step = intent.steps[index]
        match step.kind:
            case StepKind.INVOICE:
                since = step.attempts[0].started_at - LOOK_BACK
                found = self.books.invoices_with_reference(intent.reference, since=since)
                return self._made(intent, index, found[0], self._expected_total(intent)) if found else None
            case StepKind.CUSTOMER:
                customer = self.books.customer_named(intent.draft.details.name)
                return self._done(intent, index, customer.id) if customer and customer.is_active else None
            case StepKind.ITEM:
                item = self.books.item_named(new_item_of(intent, step).name)
                return self._done(intent, index, item.id) if item and item.is_active else None

    def _send(self, intent: Intent, index: int) -> tuple[Intent, bool]:
        if not intent.steps[index].is_in_doubt and self.clock.now() > intent.created_at + GIVE_UP_AFTER:
            return self._refuse(intent, _GAVE_UP), False
        try:
            # Before anything is sent: a limit that is met afterwards must not look as if nothing had been done.
            expected = self._expected_total(intent)
        except (TryLater, OutcomeUnknown, ReconnectRequired) as error:
            return self._wait(intent, error), False
        key = intent.next_key(index, self.books.creation_rule, self.clock.now())
        begun = self.invoices.save(intent.begin_attempt(index, key, self.clock.now()))
        try:
            created = self._create(begun, index, key)
        except OutcomeUnknown as unknown:
            return self._wait(replace(begun, was_unknown=True), unknown), False
        except (TryLater, ReconnectRequired) as later:
            return self._wait(begun.answer_attempt(index, None), later), False
        except (BooksRefused, NotFound) as refused:
            refusal = Refusal(refused.code, refused.message, refused.provider_reference)
            return self._refuse(begun.answer_attempt(index, None), refusal), False
        if isinstance(created, Invoice):
            return self._made(begun, index, created, expected), True
        return self._done(begun, index, created.id), True

    def _create(self, begun: Intent, index: int, key: str) -> Customer | Item | Invoice:
        step = begun.steps[index]
        draft = content_of(begun)
        match step.kind:
            case StepKind.CUSTOMER:
                return self.books.create_customer(draft.details, draft.currency, key=key)
            case StepKind.ITEM:
                return self.books.create_item(new_item_of(begun, step), key=key)
            case StepKind.INVOICE:
                return self.books.create_invoice(draft, reference=begun.reference, key=key)

    def _expected_total(self, intent: Intent) -> Decimal | None:
        return self.books.totals(content_of(intent), self.reads.options()).total

    def _done(self, intent: Intent, index: int, outcome: str) -> Intent:
        return self.invoices.save(intent.answer_attempt(index, outcome))

    def _refuse(self, intent: Intent, refusal: Refusal) -> Intent:
        return self.invoices.save(replace(intent, state=IntentState.REFUSED, refusal=refusal, due_at=None))

    def _wait(self, intent: Intent, error: TryLater | OutcomeUnknown | ReconnectRequired) -> Intent:
        """Store that this goes on later: when the doubt has settled, when the provider allows, or after a person."""
        settled = intent.settled_at()
        needs_person = error.message if isinstance(error, ReconnectRequired) else None
        seconds = _PERSON_SECONDS if needs_person else error.retry_after or _RETRY_SECONDS
        now = self.clock.now()
        return self.invoices.save(
            replace(
                intent,
                state=IntentState.UNKNOWN if settled else IntentState.PREPARED,
                needs_person=needs_person,
                due_at=settled if settled and now < settled else now + timedelta(seconds=seconds),
            )
        )

    def _made(self, intent: Intent, index: int, invoice: Invoice, expected_total: Decimal | None) -> Intent:
        now, zone = self.clock.now(), self.connection.tenant.time_zone
        draft = content_of(intent)
        link = InvoiceLink(
            company=intent.company,
            deal=intent.deal,
            connection=self.connection.id,
            provider=self.connection.provider,
            invoice=replace(invoice, reference=intent.reference),
            url=self.books.invoice_url(invoice.id),
            linked_at=now,
            linked_by=intent.created_by,
            read_at=now,
            intent=intent.key,
            write_back_due_at=now + NOTE_IS_DUE_IN if self.notes_wanted else next_look(invoice, zone, now),
            expected_total=expected_total,
        )
        entry = HistoryEntry(now, "created", intent.created_by, invoice.id, invoice.number)
        made = replace(
            intent.answer_attempt(index, invoice.id),
            state=IntentState.MADE,
            invoice=InvoiceId(invoice.id),
            needs_person=None,
            due_at=now + LOOK_AGAIN_AFTER if intent.was_unknown else None,
        )
        stored = self.invoices.made(made, link, entry, note_due_at=link.write_back_due_at)
        self._remember(intent, draft)
        return stored

    def _remember(self, intent: Intent, draft: Draft) -> None:
        """Keep who the buyer is and what the products are in the books, for the next draft."""
        company, connection = intent.company, self.connection.id
        if intent.buyer and draft.customer:
            known = self.links.customer(company, connection, intent.buyer)
            if known is None or known.customer != draft.customer:
                link = CustomerLink(CustomerId(draft.customer), draft.details.name)
                self.links.link_customer(company, connection, intent.buyer, link)
        products = [line.product for line in draft.lines if line.product is not None]
        remembered = self.links.items(company, connection, products)
        for line in draft.lines:
            if line.product is None or line.item is None or line.product in remembered:
                continue
            self.links.link_item(company, connection, line.product, line.item, line.item_name)


def wait_for_person(intent: Intent, reason: str, now: datetime) -> Intent:
    """The intent while its books cannot be opened: a person is needed; given up after a day if nothing was sent."""
    if intent.state is IntentState.MADE:
        return replace(intent, due_at=now + LOOK_AGAIN_AFTER)
    if intent.settled_at() is None and now > intent.created_at + GIVE_UP_AFTER:
        return replace(intent, state=IntentState.REFUSED, refusal=_GAVE_UP, needs_person=None, due_at=None)
    return replace(intent, needs_person=reason, due_at=now + timedelta(seconds=_PERSON_SECONDS))


_GAVE_UP = Refusal(
    "gave_up",
    "The books could not be reached for a day, so the invoice was not created. Nothing was sent; please try again.",
)
