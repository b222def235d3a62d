"""Drafts, previews, new invoices, and what a draft needs of the books: customers and items."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from duebill.domain.ids import CustomerId, IntentKey, ItemId, ProductId
from duebill.domain.roles import Right
from duebill.errors import BasisRequired, NotFound
from duebill.runtime import invoicing
from duebill.runtime.api import answer, caller, make_app
from duebill.runtime.models.draft import (
    CustomerModel,
    DraftModel,
    ItemModel,
    LinkCustomerModel,
    LinkedCustomerModel,
    LinkItemModel,
    NewCustomerModel,
    NewItemModel,
    PrefillModel,
    PreviewModel,
)
from duebill.runtime.models.invoices import CreatedModel, IntentModel

app = make_app()

Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Basis = Annotated[str | None, Header(alias="If-Match", pattern=r'^"?\d{1,12}"?$')]
Search = Annotated[str, Query(max_length=200)]


@app.get("/deals/<deal_id>/draft")
def get_draft(
    deal_id: int, connection_id: str | None = None, instalment_id: int | None = None, copy_of: str | None = None
) -> PrefillModel:
    """A draft prefilled from the deal, or (`copy_of`, in `connection_id`) from an invoice that is voided or deleted."""
    desk = invoicing.Desk(caller(app), Right.CREATE, connection_id)
    prefill = desk.prefill(deal_id, instalment_id) if copy_of is None else desk.copy(deal_id, copy_of)
    return PrefillModel.of(prefill, desk.choices(), desk.caller.installation.language)


@app.post("/deals/<deal_id>/draft/preview")
def preview_draft(deal_id: int, draft: DraftModel) -> PreviewModel:
    """Totals to the cent and all problems, before anything is sent."""
    desk = invoicing.Desk(caller(app), Right.CREATE, draft.connection_id)
    return PreviewModel.of(desk.preview(deal_id, draft.to_domain()))


@app.post("/deals/<deal_id>/invoices")
def create_invoice(deal_id: int, draft: DraftModel, key: Key = None, basis: Basis = None) -> Response[CreatedModel]:
    """Create the invoice: 201; the same key again: 200; still running or outcome unknown: 202 with the intent."""
    if key is None or basis is None:
        raise BasisRequired("Send Idempotency-Key and If-Match (the draft's basis): they keep one wish one invoice.")
    desk = invoicing.Desk(caller(app), Right.CREATE, draft.connection_id)
    status, created = desk.create(deal_id, draft, IntentKey(key), int(basis.strip('"')))
    location = f"/deals/{deal_id}/intents/{key}"
    return Response(status, "application/json", created, headers={"Location": location})


@app.get("/deals/<deal_id>/intents/<key>")
def get_intent(deal_id: int, key: str) -> IntentModel:
    """How far an intent came."""
    asking = caller(app)
    asking.deal(deal_id)
    intent = asking.wiring.invoices.intent(asking.company, invoicing.deal_of(deal_id), IntentKey(key))
    if intent is None:
        raise NotFound("There is no such intent.")
    if intent.created_by != asking.user:  # whoever may create may see what became of their own press
        asking.require(Right.SEE, asking.connection(intent.draft.connection))
    return IntentModel.of(intent)


@app.get("/connections/<connection_id>/customers")
def search_customers(connection_id: str, query: Search = "") -> list[CustomerModel]:
    """Customers by name or e-mail, best first."""
    desk = invoicing.Desk(caller(app), Right.CREATE, connection_id)
    return [CustomerModel.of(customer) for customer in desk.books.search_customers(query.strip())]


@app.post("/connections/<connection_id>/customers")
def create_customer(connection_id: str, new: NewCustomerModel, key: Key = None) -> Response[CustomerModel]:
    """Create a customer."""
    desk = invoicing.Desk(caller(app), Right.CREATE, connection_id)
    step = desk.key_of(key, "customer")
    customer = desk.books.create_customer(new.details.to_domain(), new.currency, key=step)
    return Response(201, "application/json", CustomerModel.of(customer))


@app.get("/connections/<connection_id>/items")
def search_items(connection_id: str, query: Search = "") -> list[ItemModel]:
    """Items by name or code, best first."""
    desk = invoicing.Desk(caller(app), Right.CREATE, connection_id)
    return [ItemModel.of(item) for item in desk.books.search_items(query.strip())]


@app.post("/connections/<connection_id>/items")
def create_item(connection_id: str, new: NewItemModel, key: Key = None) -> Response[ItemModel]:
    """Create an item; without an income account it gets the connection's."""
    desk = invoicing.Desk(caller(app), Right.CREATE, connection_id)
    item = desk.books.create_item(desk.with_account(new.to_domain()), key=desk.key_of(key, "item"))
    return Response(201, "application/json", ItemModel.of(item))


@app.put("/connections/<connection_id>/products/<product_id>/item")
def link_item(connection_id: str, product_id: int, link: LinkItemModel) -> ItemModel:
    """Remember which item a product is."""
    desk = invoicing.Desk(caller(app), Right.CREATE, connection_id)
    return ItemModel.of(desk.link_item(ProductId(product_id), ItemId(link.item_id)))


@app.put("/deals/<deal_id>/customer")
def link_customer(deal_id: int, link: LinkCustomerModel, key: Key = None) -> LinkedCustomerModel:
    """Say which customer the deal's buyer is; `push` brings the customer's details in the books up to date."""
    desk = invoicing.Desk(caller(app), Right.CREATE, link.connection_id)
    return LinkedCustomerModel.of(*desk.link_customer(deal_id, CustomerId(link.customer_id), link, key))


@app.delete("/deals/<deal_id>/customer")
def unlink_customer(deal_id: int, connection_id: str) -> Response[None]:
    """Forget which customer the deal's buyer is; invoices stay."""
    desk = invoicing.Desk(caller(app), Right.CREATE, connection_id)
    desk.unlink_customer(deal_id)
    return Response(204)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One HTTP request."""
    return answer(app, event, context)
