"""What a person does to an invoice of the books: submit it, approve it."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header

from duebill.domain.actions import Action
from duebill.runtime.acting import act
from duebill.runtime.api import answer, caller, make_app
from duebill.runtime.models.invoices import InvoiceModel

app = make_app()

Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[A-Za-z0-9_-]{8,64}$")]


@app.post("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/submit")
def submit_invoice(deal_id: int, connection_id: str, invoice_id: str, key: Key = None) -> InvoiceModel:
    """Hand a draft in for approval."""
    return act(caller(app), Action.SUBMIT, deal_id, connection_id, invoice_id, key)


@app.post("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/approve")
def approve_invoice(deal_id: int, connection_id: str, invoice_id: str, key: Key = None) -> InvoiceModel:
    """Approve a draft or a submitted invoice."""
    return act(caller(app), Action.APPROVE, deal_id, connection_id, invoice_id, key)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One HTTP request."""
    return answer(app, event, context)
