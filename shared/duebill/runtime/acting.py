"""Acting on an invoice for a caller: only on one that is linked to a deal which the caller can read."""

from datetime import timedelta

from duebill.domain.actions import RIGHT, Action, Asks
from duebill.domain.connection import Connection
from duebill.domain.ids import DealId, InvoiceId
from duebill.domain.invoice import InvoiceLink
from duebill.domain.mail import Mail
from duebill.domain.press import Press
from duebill.errors import BasisRequired, NotFound, NotPossible
from duebill.ports import AccountingProvider
from duebill.runtime.caller import Caller
from duebill.runtime.invoicing import Desk
from duebill.runtime.models.invoices import InvoiceModel
from duebill.runtime.models.mail import MailTermsModel, PayLinkModel
from duebill.use_cases.act_on_invoice import ActOnInvoice
from duebill.use_cases.email_invoice import EmailInvoice
from duebill.use_cases.pressing import Pressing
from duebill.use_cases.record_reading import RecordReading
from duebill.use_cases.show_deal import show_invoice

LARGEST_PDF = 4 * 1024 * 1024  # bytes; in base64 it must fit into the 6 MB that Lambda answers
_WRITE_BACK_IN = timedelta(minutes=1)


class InvoiceDesk:
    """One invoice of one deal, for one action.

    On being made raises NotFound for a deal that the caller cannot read, another company's connection, and an invoice
    that is not linked to this very deal; NotAllowed.
    """

    def __init__(self, caller: Caller, action: Action, deal_id: int, connection_id: str, invoice_id: str) -> None:
        caller.deal(deal_id)
        self._caller, self._action = caller, action
        self._desk = Desk(caller, RIGHT[action], connection_id)
        connection = self._desk.connection.id
        link = caller.wiring.invoices.link(caller.company, DealId(deal_id), connection, InvoiceId(invoice_id))
        if link is None:
            raise NotFound("This deal has no such invoice.", code="invoice_not_found")
        self._link = link

    def act(self, key: str | None, confirmed: Asks = Asks.NEVER) -> InvoiceModel:
        """Submit, approve, void or delete it; the invoice afterwards."""
        return self._shown(ActOnInvoice(self._pressing())(self._press(key), self._link, confirmed=confirmed))

    def email(self, key: str | None, mail: Mail) -> InvoiceModel:
        """Let the books send it; the invoice afterwards, whose `mailing` may be in doubt."""
        return self._shown(EmailInvoice(self._pressing())(self._press(key, mail), self._link))

    def mail_terms(self) -> MailTermsModel:
        """To whom it would go. Raises NotPossible."""
        self._demand()
        return MailTermsModel.of(self._desk.books.mail_terms(self._link.invoice))

    def pdf(self) -> tuple[str, bytes]:
        """A file name, and the file. Raises NotPossible, also for one that is too large to go through us."""
        self._demand()
        file = self._desk.books.invoice_pdf(self._link.invoice.id)
        if len(file) > LARGEST_PDF:
            books = self._link.provider.label
            raise NotPossible(
                f"This PDF is too large to be handed on. Open the invoice in {books} and download it there.",
                code="pdf_too_large",
                values={"url": self._link.url},
            )
        return _file_name(self._link), file

    def pay_link(self) -> PayLinkModel:
        """Where the customer pays. Raises NotPossible, also where the books have no such page."""
        self._demand()
        url = self._desk.books.pay_url(self._link.invoice.id)
        if url is None:
            raise NotPossible(
                f"{self._link.provider.label} has no page for paying this invoice online. "
                "Online payments may be off there, or the invoice has no e-mail address.",
                code="no_pay_link",
                values={"url": self._link.url},
            )
        return PayLinkModel(url=url)

    def _demand(self) -> None:
        """Raise NotPossible, as far as is known without asking the books."""
        self._pressing().demand(self._action, self._link)

    def _pressing(self) -> Pressing:
        return pressing_in(self._desk.connection, self._desk.books, self._caller)

    def _press(self, key: str | None, mail: Mail | None = None) -> Press:
        if key is None:
            raise BasisRequired("Send an Idempotency-Key: it keeps one press of the button one change in the books.")
        link = self._link
        now = self._caller.wiring.clock.now()
        return Press(
            link.company, link.deal, link.connection, link.invoice.id, self._action, key, self._caller.user, now, mail
        )

    def _shown(self, link: InvoiceLink) -> InvoiceModel:
        zone = self._desk.connection.tenant.time_zone
        return InvoiceModel.of(show_invoice(link, zone, self._caller.offers(link), self._caller.wiring.clock))


def pressing_in(connection: Connection, books: AccountingProvider, caller: Caller) -> Pressing:
    """What every press of the caller's in a connection's books has in common."""
    wiring = caller.wiring
    write_back_at = wiring.clock.now() + _WRITE_BACK_IN if caller.settings.wants_write_back else None
    record = RecordReading(wiring.invoices, wiring.clock, connection.tenant.time_zone)
    return Pressing(books, record, write_back_at)


def _file_name(link: InvoiceLink) -> str:
    number = "".join(sign for sign in link.invoice.number if sign.isascii() and (sign.isalnum() or sign in "-_."))
    return f"Invoice-{number or link.invoice.id}.pdf"
