"""Submit, approve, void, delete: what is so already is not done again, and what is unknown is read first."""

from dataclasses import dataclass, replace

from duebill.domain.actions import Action, Asks, is_done
from duebill.domain.changes import entry_of, presser_of
from duebill.domain.invoice import Invoice, InvoiceLink
from duebill.domain.press import Press, PressState
from duebill.domain.status import Stage
from duebill.errors import BooksRefused, NotFound, StaleVersion
from duebill.use_cases.pressing import Pressing
from duebill.use_cases.record_reading import newer_of

_ATTEMPTS = (1, 2)  # a stale version is read again and tried once more


@dataclass(frozen=True, slots=True)
class ActOnInvoice:
    """Acts in one connection's books."""

    pressing: Pressing

    def __call__(self, wish: Press, link: InvoiceLink, *, confirmed: Asks = Asks.NEVER) -> InvoiceLink:
        """The link with the invoice as it is afterwards; `confirmed` is how often the person said yes.

        Raises NotPossible and ConfirmationNeeded (nothing was sent), KeyReused, and what the books raise.
        """
        pressing = self.pressing
        press = pressing.resumed(wish)
        if press.state is PressState.DONE:
            return link
        link = pressing.read(link)
        if is_done(press.action, link.invoice) and (doubtful := self._doubtful(press, link)):
            return pressing.finish(press, link, entry_of(doubtful, link.invoice))
        pressing.demand(press.action, link, confirmed)
        press = pressing.sending(press)
        link = self._sent(press, link, confirmed)
        return pressing.finish(press, link, entry_of(press, link.invoice))

    def _doubtful(self, press: Press, link: InvoiceLink) -> Press | None:
        """The press whose outcome was unknown and that brought the invoice here: this one, or one before it."""
        if press.state is PressState.SENDING:
            return press
        return presser_of(link.invoice, self.pressing.invoices.presses(link.company, link.deal))

    def _sent(self, press: Press, link: InvoiceLink, confirmed: Asks) -> InvoiceLink:
        pressing = self.pressing
        for attempt in _ATTEMPTS:
            try:
                after = self._do(press.action, link.invoice, press.provider_key(attempt))
            except (BooksRefused, NotFound) as refused:
                link = pressing.read(link)
                if is_done(press.action, link.invoice):
                    break
                if not isinstance(refused, StaleVersion) or attempt is _ATTEMPTS[-1]:
                    pressing.refused(press, refused)
                    raise
                pressing.demand(press.action, link, confirmed)
            else:
                # What an answer says is true from the answer on: a reading that began before may be older.
                now = pressing.now
                return replace(link, invoice=newer_of(link, after, now), read_at=now)
        return link

    def _do(self, action: Action, invoice: Invoice, key: str) -> Invoice:
        match action:
            case Action.SUBMIT:
                return self.pressing.books.submit_invoice(invoice.id, key=key)
            case Action.APPROVE:
                return self.pressing.books.approve_invoice(invoice.id, key=key)
            case Action.VOID:
                return self.pressing.books.void_invoice(invoice, key=key)
            case Action.DELETE:
                self.pressing.books.delete_invoice(invoice, key=key)
                return replace(invoice, stage=Stage.DELETED)
            case _:
                raise ValueError(f"{action.value} does not change an invoice")
