"""Acting on an invoice for a caller: only on one that is linked to a deal which the caller can read."""

from datetime import timedelta

from duebill.domain.actions import RIGHT, Action
from duebill.domain.calendar import today_in
from duebill.domain.ids import DealId, InvoiceId
from duebill.errors import NotFound
from duebill.runtime.caller import Caller
from duebill.runtime.invoicing import Desk
from duebill.runtime.models.invoices import InvoiceModel
from duebill.use_cases.act_on_invoice import ActOnInvoice
from duebill.use_cases.show_deal import ShownInvoice

_WRITE_BACK_IN = timedelta(minutes=1)


def act(
    caller: Caller, action: Action, deal_id: int, connection_id: str, invoice_id: str, key: str | None
) -> InvoiceModel:
    """The invoice after the action. Raises NotFound for an invoice that is not linked to this deal, NotAllowed."""
    caller.deal(deal_id)
    desk = Desk(caller, RIGHT[action], connection_id)
    wiring, connection = desk.wiring, desk.connection
    link = wiring.invoices.link(caller.company, DealId(deal_id), connection.id, InvoiceId(invoice_id))
    if link is None:
        raise NotFound("This deal has no such invoice.", code="invoice_not_found")
    now = wiring.clock.now()
    acted = ActOnInvoice(desk.books, wiring.invoices, wiring.clock)(
        action,
        link,
        by=caller.user,
        key=desk.key_of(key, f"{action.value}/{invoice_id}"),
        write_back_at=now + _WRITE_BACK_IN if caller.settings.note_on_deal else link.write_back_due_at,
    )
    today = today_in(connection.tenant.time_zone, now)
    return InvoiceModel.of(ShownInvoice(acted, acted.invoice.status(today), today))
