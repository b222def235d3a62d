"""The panel: what a deal has been invoiced, and all invoices of its customer, to be linked and unlinked."""

from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from duebill.runtime.api import answer, caller, make_app
from duebill.runtime.cursors import LONGEST
from duebill.runtime.customer_invoices import Asked, CustomerInvoices, LinkDesk
from duebill.runtime.models.customer_invoices import CustomerInvoicesModel, LinkInvoiceModel, StatusWord
from duebill.runtime.models.invoices import DealModel, HistoryModel, InvoiceModel, PanelModel
from duebill.runtime.panel import Panel

app = make_app()

Since = Annotated[date | None, Query(alias="from")]
Until = Annotated[date | None, Query(alias="to")]
Statuses = Annotated[list[StatusWord] | None, Query(alias="status")]
Cursor = Annotated[str | None, Query(max_length=LONGEST)]


@app.get("/deals/<deal_id>")
def get_deal(deal_id: int) -> DealModel:
    """What the deal has been invoiced, its version, who may do what."""
    return Panel(caller(app), deal_id).summary()


@app.get("/deals/<deal_id>/invoices")
def get_invoices(deal_id: int) -> PanelModel:
    """The deal's invoices as last known, with today's statuses."""
    return Panel(caller(app), deal_id).show()


@app.post("/deals/<deal_id>/invoices/refresh")
def refresh_invoices(deal_id: int) -> PanelModel:
    """Ask the books now."""
    return Panel(caller(app), deal_id).refresh()


@app.get("/deals/<deal_id>/customer/invoices")
def get_customer_invoices(
    deal_id: int, since: Since = None, until: Until = None, statuses: Statuses = None, cursor: Cursor = None
) -> CustomerInvoicesModel:
    """All invoices of the deal's customer, made here or in the books; the last twelve months unless asked otherwise."""
    asked = Asked(since, until, tuple(statuses or ()))
    return CustomerInvoices(caller(app), deal_id).show(asked, cursor)


@app.put("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/link")
def link_invoice(
    deal_id: int, connection_id: str, invoice_id: str, link: LinkInvoiceModel | None = None
) -> InvoiceModel:
    """Link an invoice of the deal's customer to the deal; one of another deal only where `move_from` names that."""
    return LinkDesk(caller(app), deal_id, connection_id).link(invoice_id, link.move_from if link else None)


@app.delete("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/link")
def unlink_invoice(deal_id: int, connection_id: str, invoice_id: str) -> Response[None]:
    """Unlink an invoice from the deal; the books are not touched."""
    LinkDesk(caller(app), deal_id, connection_id).unlink(invoice_id)
    return Response(204)


@app.get("/deals/<deal_id>/history")
def get_history(deal_id: int) -> list[HistoryModel]:
    """What happened to the deal's invoices, newest first."""
    return Panel(caller(app), deal_id).history()


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One HTTP request."""
    return answer(app, event, context)
