"""What every press of a button on an invoice has in common: written down before it is sent, finished once."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from duebill.domain.actions import Action, Asks, offer_of
from duebill.domain.intent import Refusal
from duebill.domain.invoice import HistoryEntry, InvoiceLink
from duebill.domain.press import Press, PressState
from duebill.domain.roles import Right
from duebill.errors import BooksRefused, ConditionFailed, ConfirmationNeeded, DuebillError, KeyReused, NotPossible
from duebill.ports import AccountingProvider, Invoices
from duebill.use_cases.record_reading import RecordReading, newer_of
from duebill.use_cases.refresh_deal import RefreshDeal

_TRIES = 4  # others may write the same link: a refresh, another press
_OFTEN = list(Asks)


@dataclass(frozen=True, slots=True)
class Pressing:
    """Presses in one connection's books; changed links are due for write-back at `write_back_at` (None: not wanted)."""

    books: AccountingProvider
    record: RecordReading
    write_back_at: datetime | None

    @property
    def invoices(self) -> Invoices:
        """Where links and presses are kept."""
        return self.record.invoices

    @property
    def now(self) -> datetime:
        """The time now."""
        return self.record.clock.now()

    def resumed(self, wish: Press) -> Press:
        """The press as it is stored, else `wish`. Raises KeyReused, and once more what the books refused then."""
        known = self.invoices.press(wish.company, wish.deal, wish.key)
        if known is None:
            return wish
        if not known.is_same_as(wish):
            raise KeyReused("This Idempotency-Key was used for something else.")
        if known.state is PressState.REFUSED and known.refusal:
            said = known.refusal
            raise BooksRefused(said.message, code=said.code, provider_reference=said.provider_reference)
        return known

    def read(self, link: InvoiceLink) -> InvoiceLink:
        """The link with the invoice as the books have it now, saved; one that is gone there is deleted."""
        refresh = RefreshDeal(self.books, self.record)
        return refresh((link,), write_back_at=self.write_back_at)[0]

    def demand(self, action: Action, link: InvoiceLink, confirmed: Asks = Asks.NEVER) -> None:
        """Raise NotPossible, or ConfirmationNeeded where the person must say yes more often than `confirmed`."""
        books, invoice = link.provider.label, link.invoice
        offer = offer_of(action, invoice, self.books.features, Right)
        values = {"action": action.value, "stage": invoice.stage.value, "url": link.url}
        if offer.reason:
            ties = self._ties(link) if invoice.is_linked else ()
            sentence = " ".join((offer.reason.sentence(books), *(f"{tie}." for tie in ties)))
            raise NotPossible(sentence, code=offer.reason.value, values=values | {"ties": "; ".join(ties)})
        if _OFTEN.index(confirmed) < _OFTEN.index(offer.asks):
            ties = self._ties(link) if offer.asks is Asks.TWICE else ()
            hangs = f" {books} still has on it: {'; '.join(ties)}." if ties else ""
            values |= {"asks": offer.asks.value, "ties": "; ".join(ties)}
            raise ConfirmationNeeded(f"This cannot be undone in {books}.{hangs}", values=values)

    def sending(self, press: Press) -> Press:
        """The press, written down before anything is sent for it. Its own repetition may have been first."""
        if press.state is PressState.SENDING:
            return press
        try:
            return self.invoices.save_press(replace(press, state=PressState.SENDING))
        except ConditionFailed:
            return self.resumed(press)

    def refused(self, press: Press, error: DuebillError) -> None:
        """Remember the refusal, for a page that asks again with the same key."""
        refusal = Refusal(error.code, error.message, error.provider_reference)
        with suppress(ConditionFailed):
            self.invoices.save_press(replace(press, state=PressState.REFUSED, refusal=refusal))

    def finish(self, press: Press, link: InvoiceLink, entry: HistoryEntry | None) -> InvoiceLink:
        """The link as it is afterwards, with history and the finished press, in one transaction."""
        done, due_at = replace(press, state=PressState.DONE), self.write_back_at or link.write_back_due_at
        for _ in range(_TRIES):
            try:
                told = replace(link, told_at=self.now)
                return self.invoices.save_link(told, due_at=due_at, entry=entry, press=done)
            except ConditionFailed:
                stored = self.invoices.link(link.company, link.deal, link.connection, link.invoice.id)
                known = self.invoices.press(press.company, press.deal, press.key)
                if stored is None or (known and known.state is PressState.DONE):
                    return stored or link
                done = replace(done, version=known.version if known else 0)
                known_now = newer_of(stored, link.invoice, link.read_at)
                read_at = max(stored.read_at, link.read_at)
                link = replace(stored, invoice=known_now, read_at=read_at, mailing=link.mailing or stored.mailing)
        return link  # the books hold it; the next reading writes it down

    def _ties(self, link: InvoiceLink) -> tuple[str, ...]:
        with suppress(DuebillError):  # only said beside the reason
            return self.books.ties_of(link.invoice.id)
        return ()
