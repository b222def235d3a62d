"""What a person does to an invoice of the books, and what they ask of it: its PDF, its page for paying."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from duebill.domain.actions import Action, Asks
from duebill.runtime.acting import InvoiceDesk
from duebill.runtime.api import answer, caller, make_app
from duebill.runtime.models.invoices import InvoiceModel
from duebill.runtime.models.mail import MailModel, MailTermsModel, PayLinkModel

app = make_app()

Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Confirmed = Annotated[Asks, Query()]


@app.post("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/submit")
def submit_invoice(deal_id: int, connection_id: str, invoice_id: str, key: Key = None) -> InvoiceModel:
    """Hand a draft in for approval."""
    return _desk(Action.SUBMIT, deal_id, connection_id, invoice_id).act(key)


@app.post("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/approve")
def approve_invoice(deal_id: int, connection_id: str, invoice_id: str, key: Key = None) -> InvoiceModel:
    """Approve a draft or a submitted invoice."""
    return _desk(Action.APPROVE, deal_id, connection_id, invoice_id).act(key)


@app.post("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/void")
def void_invoice(
    deal_id: int, connection_id: str, invoice_id: str, confirmed: Confirmed = Asks.NEVER, key: Key = None
) -> InvoiceModel:
    """Void an invoice, for good. `confirmed`: how often the person said yes; a 409 says how often it takes."""
    return _desk(Action.VOID, deal_id, connection_id, invoice_id).act(key, confirmed)


@app.delete("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>")
def delete_invoice(
    deal_id: int, connection_id: str, invoice_id: str, confirmed: Confirmed = Asks.NEVER, key: Key = None
) -> InvoiceModel:
    """Delete an invoice from the books, for good; it stays in the deal's history. `confirmed` as for void."""
    return _desk(Action.DELETE, deal_id, connection_id, invoice_id).act(key, confirmed)


@app.get("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/email")
def get_email(deal_id: int, connection_id: str, invoice_id: str) -> MailTermsModel:
    """What to know before the invoice is sent: who sends it, to whom, with whose text, how many a day."""
    return _desk(Action.EMAIL, deal_id, connection_id, invoice_id).mail_terms()


@app.post("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/email")
def email_invoice(
    deal_id: int, connection_id: str, invoice_id: str, mail: MailModel, key: Key = None
) -> Response[InvoiceModel]:
    """Let the books e-mail the invoice, once for a key: 200; outcome unknown: 202, `mailing` is in doubt."""
    shown = _desk(Action.EMAIL, deal_id, connection_id, invoice_id).email(key, mail.to_domain())
    is_sure = shown.mailing is not None and shown.mailing.state == "sent"
    return Response(200 if is_sure else 202, "application/json", shown)


@app.get("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/pdf")
def get_pdf(deal_id: int, connection_id: str, invoice_id: str) -> Response[bytes]:
    """The invoice as a PDF of at most 4 MB."""
    name, file = _desk(Action.PDF, deal_id, connection_id, invoice_id).pdf()
    headers: dict[str, str | list[str]] = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(200, "application/pdf", file, headers=headers)


@app.get("/deals/<deal_id>/invoices/<connection_id>/<invoice_id>/pay-link")
def get_pay_link(deal_id: int, connection_id: str, invoice_id: str) -> PayLinkModel:
    """Where the customer sees and pays the invoice."""
    return _desk(Action.PAY_LINK, deal_id, connection_id, invoice_id).pay_link()


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One HTTP request."""
    return answer(app, event, context)


def _desk(action: Action, deal_id: int, connection_id: str, invoice_id: str) -> InvoiceDesk:
    return InvoiceDesk(caller(app), action, deal_id, connection_id, invoice_id)
