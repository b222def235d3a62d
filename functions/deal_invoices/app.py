"""The panel: what a deal has been invoiced, how those invoices are now, and what happened to them."""

from typing import Any

from duebill.runtime.api import answer, caller, make_app
from duebill.runtime.models.invoices import DealModel, HistoryModel, PanelModel
from duebill.runtime.panel import Panel

app = make_app()


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


@app.get("/deals/<deal_id>/history")
def get_history(deal_id: int) -> list[HistoryModel]:
    """What happened to the deal's invoices, newest first."""
    return Panel(caller(app), deal_id).history()


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One HTTP request."""
    return answer(app, event, context)
