"""Let the books e-mail an invoice: at most once for a press, and an unknown outcome is looked up, never repeated."""

from contextlib import suppress
from dataclasses import dataclass, replace

from duebill.domain.actions import Action
from duebill.domain.changes import entry_of
from duebill.domain.invoice import InvoiceLink, Mailing
from duebill.domain.mail import CLOCKS_DIFFER, Mail, Sent
from duebill.domain.press import Press, PressState
from duebill.errors import (
    BooksRefused,
    ConditionFailed,
    NotFound,
    OutcomeUnknown,
    ReconnectRequired,
    StaleVersion,
    TryLater,
)
from duebill.use_cases.pressing import Pressing

_TRIES = 3


@dataclass(frozen=True, slots=True)
class EmailInvoice:
    """Sends from one connection's books."""

    pressing: Pressing

    def __call__(self, wish: Press, link: InvoiceLink) -> InvoiceLink:
        """The link with its `mailing`; one that is not sure may have been sent.

        Raises NotPossible (nothing was sent), KeyReused, and what the books raise before they take it.
        """
        pressing = self.pressing
        press = pressing.resumed(wish)
        if press.state is PressState.DONE:
            return link
        if press.state is PressState.SENDING:
            return self._looked_up(press, link)
        link = pressing.read(link)
        pressing.demand(Action.EMAIL, link)
        mail = press.mail or Mail()
        link = self._address(press, link, mail)
        before = link.mailing
        begun = self._begun(press, link, mail)
        if begun is None:
            return self(wish, link)
        return self._sent(*begun, mail, before)

    def look_up(self, link: InvoiceLink) -> InvoiceLink:
        """The link after looking whether an e-mail of an unknown outcome went out. Raises what the books raise."""
        if link.mailing is None or link.mailing.is_sure:
            return link
        for press in self.pressing.invoices.presses(link.company, link.deal):
            is_it = press.connection == link.connection and press.invoice == link.invoice.id
            if is_it and press.action is Action.EMAIL and press.state is PressState.SENDING:
                link = self._looked_up(press, link)
        return link

    def _looked_up(self, press: Press, link: InvoiceLink) -> InvoiceLink:
        try:
            found = self.pressing.books.sent_since(link.invoice.id, press.at - CLOCKS_DIFFER)
        except NotFound:
            found = None
        return self._finish(press, link, found) if found else link

    def _address(self, press: Press, link: InvoiceLink, mail: Mail) -> InvoiceLink:
        """Receivers that stand on the invoice are written there first; nothing goes out by that."""
        try:
            self.pressing.books.address_mail(link.invoice, mail, key=press.provider_key(1))
        except StaleVersion:
            link = self.pressing.read(link)
            self.pressing.demand(Action.EMAIL, link)
            self.pressing.books.address_mail(link.invoice, mail, key=press.provider_key(2))
        return link

    def _begun(self, press: Press, link: InvoiceLink, mail: Mail) -> tuple[Press, InvoiceLink] | None:
        """Press and link, written down as in doubt before anything goes out; None where this press is under way."""
        sending = replace(press, state=PressState.SENDING)
        to = (mail.to,) if mail.to else link.invoice.sent_to
        doubt = Mailing(press.at, (*to, *(mail.copies or ())), press.by, is_sure=False)
        for _ in range(_TRIES):
            try:
                doubtful = replace(link, mailing=doubt)
                saved = self.pressing.invoices.save_link(doubtful, due_at=link.write_back_due_at, press=sending)
            except ConditionFailed:
                known = self.pressing.invoices.press(press.company, press.deal, press.key)
                stored = self.pressing.invoices.link(link.company, link.deal, link.connection, link.invoice.id)
                if (known.version if known else 0) != press.version:
                    return None
                if stored is None:
                    raise NotFound("This deal has no such invoice any more.", code="invoice_not_found") from None
                link = stored
            else:
                return replace(sending, version=press.version + 1), saved
        raise TryLater("This invoice is being changed at this moment. Please try again.", retry_after=1)

    def _sent(self, press: Press, link: InvoiceLink, mail: Mail, before: Mailing | None) -> InvoiceLink:
        try:
            sent = self.pressing.books.email_invoice(link.invoice, mail, key=press.provider_key(3))
        except OutcomeUnknown:
            return link
        except (BooksRefused, NotFound) as refused:
            self.pressing.refused(press, refused)
            self._not_sent(link, before)
            raise
        except (TryLater, ReconnectRequired):
            # Surely nothing went out: the same press may send it yet.
            with suppress(ConditionFailed):
                self.pressing.invoices.save_press(replace(press, state=PressState.PREPARED))
            self._not_sent(link, before)
            raise
        return self._finish(press, link, sent)

    def _not_sent(self, link: InvoiceLink, before: Mailing | None) -> None:
        with suppress(ConditionFailed):  # whoever wrote it meanwhile will see that nothing went out
            self.pressing.invoices.save_link(replace(link, mailing=before), due_at=link.write_back_due_at)

    def _finish(self, press: Press, link: InvoiceLink, sent: Sent) -> InvoiceLink:
        mailing = Mailing(sent.at, sent.to, press.by, is_sure=True)
        invoice = replace(link.invoice, is_sent=True, sent_at=sent.at, sent_to=sent.to)
        entry = entry_of(press, invoice, detail=", ".join(sent.to))
        return self.pressing.finish(press, replace(link, invoice=invoice, mailing=mailing), entry)
