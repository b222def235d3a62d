"""Create an invoice from a deal, once, however often and by however many people it is asked for (guarantees §1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from duebill.domain.draft import Draft
from duebill.domain.ids import CompanyId, DealId, IntentKey, UserId
from duebill.domain.intent import Intent, reference_of
from duebill.domain.steps import steps_of
from duebill.errors import ConditionFailed, DealChanged, KeyReused
from duebill.ports import AccountingProvider, BooksReads, Clock, Invoices
from duebill.use_cases.preview_draft import preview_draft

# If this process dies before it sends anything, due work takes the intent up after this.
TAKEN_UP_AFTER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class CreateInvoice:
    """One press of the button. `content_hash` tells two contents under one key apart; `basis` is the draft's."""

    company: CompanyId
    deal: DealId
    user: UserId
    key: IntentKey
    basis: int
    draft: Draft
    content_hash: str
    buyer: str | None


def create_invoice(
    command: CreateInvoice,
    *,
    books: AccountingProvider,
    reads: BooksReads,
    invoices: Invoices,
    advance: Callable[[Intent], Intent],
    clock: Clock,
) -> tuple[Intent, bool]:
    """The intent as far as it came, and whether it is new.

    Raises KeyReused (same key, other content), DealChanged (the deal was invoiced meanwhile), DraftRefused (problems).
    """
    if known := invoices.intent(command.company, command.deal, command.key):
        return _same_wish(command, known), False
    try:
        _require_basis(command, invoices)
        preview_draft(command.draft, books=books, reads=reads).require_creatable()
        intent = invoices.begin(_intent(command, _generation(command, invoices), clock))
    except (ConditionFailed, DealChanged) as refused:
        # The same press may have come twice at once: then it is the other one that moved the deal.
        if known := invoices.intent(command.company, command.deal, command.key):
            return _same_wish(command, known), False
        if isinstance(refused, ConditionFailed):
            _require_basis(command, invoices)
        raise
    return advance(intent), True


def _same_wish(command: CreateInvoice, known: Intent) -> Intent:
    if known.content_hash != command.content_hash:
        raise KeyReused(
            "This form was already used for another invoice. Nothing was created now; reload the page to begin again."
        )
    return known


def _require_basis(command: CreateInvoice, invoices: Invoices) -> None:
    record = invoices.deal(command.company, command.deal)
    if record.version == command.basis:
        return
    newest = next(iter(invoices.links(command.company, command.deal)), None)
    values = {"basis": str(record.version)}
    if newest:
        values |= {"invoice": newest.invoice.id, "number": newest.invoice.number or newest.invoice.id}
        raise DealChanged(
            f"This deal was invoiced meanwhile: invoice {newest.invoice.number or newest.invoice.id}. "
            "Invoice it again anyway?",
            values=values,
        )
    raise DealChanged(
        "Somebody else is invoicing this deal right now. Look at the panel first.",
        code="deal_being_invoiced",
        values=values,
    )


def _generation(command: CreateInvoice, invoices: Invoices) -> int:
    """One more than that of the voided or deleted invoice which this one replaces."""
    if command.draft.copy_of is None:
        return 1
    made = (each for each in invoices.intents(command.company, command.deal) if each.invoice == command.draft.copy_of)
    return max((each.generation for each in made), default=0) + 1


def _intent(command: CreateInvoice, generation: int, clock: Clock) -> Intent:
    now = clock.now()
    return Intent(
        company=command.company,
        deal=command.deal,
        key=command.key,
        created_by=command.user,
        created_at=now,
        draft=command.draft,
        content_hash=command.content_hash,
        basis=command.basis,
        buyer=command.buyer,
        reference=reference_of(command.company, command.deal, command.key, generation),
        generation=generation,
        steps=steps_of(command.draft),
        due_at=now + TAKEN_UP_AFTER,
    )
