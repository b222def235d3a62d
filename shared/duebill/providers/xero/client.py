"""One method per endpoint of Xero's Accounting API that we use; answers are wire models, refusals our errors."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from duebill.domain.ids import CustomerId, InvoiceId, ItemId, TenantId
from duebill.errors import BooksRefused, NotFound, OutcomeUnknown, ReconnectRequired
from duebill.outside.http import Http, HttpRequest, HttpResponse, to_json
from duebill.ports import AccessTokens
from duebill.providers.xero.answers import document_in, elements, is_document, is_empty, is_pdf, parsed
from duebill.providers.xero.faults import element_refusal, error_of, no_answer, reference_of
from duebill.providers.xero.query import ACTIVE, SALES_INVOICES, listed, since_header
from duebill.providers.xero.spec import GUID, LARGEST_PAGE, PAGE_SIZE
from duebill.providers.xero.wire import (
    AccountDocument,
    ActionDocument,
    ContactDocument,
    CurrencyDocument,
    HistoryDocument,
    InvoiceDocument,
    ItemDocument,
    LinkDocument,
    OnlineInvoiceDocument,
    OrganisationDocument,
    PaginationDocument,
    TaxRateDocument,
    ThemeDocument,
    TrackingCategoryDocument,
    WholeInvoiceDocument,
)

type Body = Mapping[str, object]
type Params = Mapping[str, str]

_JSON = "application/json"
_PDF = "application/pdf"
_READ_TIMEOUT = 15.0
_WRITE_TIMEOUT = 20.0
_UNAUTHORIZED = 401
_ACCOUNTING = "api.xro/2.0/"
_FOUR_DECIMALS = {"unitdp": "4"}  # prices keep four decimals; they are rounded to two without it


@dataclass(frozen=True, slots=True)
class InvoicesPage:
    """One page of a list of invoices; `item_count` is how many the whole list has."""

    invoices: tuple[InvoiceDocument, ...]
    item_count: int


@dataclass(frozen=True, slots=True)
class XeroClient:
    """Calls for one organisation. Raises what `ports.AccountingProvider` says."""

    http: Http
    tokens: AccessTokens
    api_url: str
    tenant: TenantId | None  # None: only `links` can be asked for
    on_reconnect: Callable[[str], None] = lambda _: None  # told the reason when Xero lets this connection in no more

    def links(self, consent_event: str | None) -> tuple[LinkDocument, ...]:
        """GET /connections: of one consent, or all that this person has with our app."""
        params = {"authEventId": consent_event} if consent_event else {}
        document, answer = self._send("GET", "connections", params=params)
        if not isinstance(document, list):
            raise no_answer(wrote=False, reference=reference_of(answer))
        return tuple(parsed(LinkDocument, each, answer, wrote=False) for each in document)

    def organisation(self) -> OrganisationDocument:
        """GET /Organisation."""
        return self._one(OrganisationDocument, "Organisation", "Organisations")

    def actions(self) -> tuple[ActionDocument, ...]:
        """GET /Organisation/Actions."""
        return self._list(ActionDocument, "Organisation/Actions", "Actions")

    def accounts(self) -> tuple[AccountDocument, ...]:
        """GET /Accounts, active ones."""
        return self._list(AccountDocument, "Accounts", "Accounts", {"where": ACTIVE})

    def tax_rates(self) -> tuple[TaxRateDocument, ...]:
        """GET /TaxRates, active ones."""
        return self._list(TaxRateDocument, "TaxRates", "TaxRates", {"where": ACTIVE})

    def themes(self) -> tuple[ThemeDocument, ...]:
        """GET /BrandingThemes."""
        return self._list(ThemeDocument, "BrandingThemes", "BrandingThemes")

    def currencies(self) -> tuple[CurrencyDocument, ...]:
        """GET /Currencies."""
        return self._list(CurrencyDocument, "Currencies", "Currencies")

    def tracking_categories(self) -> tuple[TrackingCategoryDocument, ...]:
        """GET /TrackingCategories."""
        return self._list(TrackingCategoryDocument, "TrackingCategories", "TrackingCategories")

    def contact(self, contact: CustomerId) -> ContactDocument:
        """GET /Contacts/{id}, archived and merged ones too. Raises NotFound."""
        return self._one(ContactDocument, f"Contacts/{_part(contact)}", "Contacts")

    def contacts(self, params: Params) -> tuple[ContactDocument, ...]:
        """GET /Contacts, one page."""
        return self._list(ContactDocument, "Contacts", "Contacts", {"page": "1", "pageSize": str(PAGE_SIZE), **params})

    def create_contact(self, body: Body, *, key: str) -> ContactDocument:
        """PUT /Contacts: POST would change a contact that has the name already."""
        return self._create(ContactDocument, "Contacts", body, key)

    def update_contact(self, contact: CustomerId, body: Body, *, key: str) -> ContactDocument:
        """POST /Contacts/{id}: what the body leaves out stays, but a list in it replaces the whole list."""
        return self._write(ContactDocument, "POST", f"Contacts/{_part(contact)}", "Contacts", body, key)

    def item(self, item: ItemId) -> ItemDocument:
        """GET /Items/{id}. Raises NotFound."""
        return self._one(ItemDocument, f"Items/{_part(item)}", "Items", _FOUR_DECIMALS)

    def items(self) -> tuple[ItemDocument, ...]:
        """GET /Items: all of them, as this list knows neither pages nor searching."""
        return self._list(ItemDocument, "Items", "Items", _FOUR_DECIMALS)

    def create_item(self, body: Body, *, key: str) -> ItemDocument:
        """PUT /Items."""
        return self._create(ItemDocument, "Items", body, key, _FOUR_DECIMALS)

    def create_invoice(self, body: Body, *, key: str) -> InvoiceDocument:
        """PUT /Invoices: POST would overwrite an invoice that has the number already."""
        return self._create(InvoiceDocument, "Invoices", body, key, _FOUR_DECIMALS)

    def change_status(self, invoice: InvoiceId, status: str, *, key: str) -> InvoiceDocument:
        """POST /Invoices/{id} with the status alone: lines that are sent along would replace those that are there."""
        return self._write(InvoiceDocument, "POST", f"Invoices/{_part(invoice)}", "Invoices", {"Status": status}, key)

    def whole_invoice(self, invoice: InvoiceId) -> WholeInvoiceDocument:
        """GET /Invoices/{id}: with its payments and its contact's addresses. Raises NotFound."""
        return self._one(WholeInvoiceDocument, f"Invoices/{_part(invoice)}", "Invoices")

    def email_invoice(self, invoice: InvoiceId, *, key: str) -> None:
        """POST /Invoices/{id}/Email with an empty object; a yes is a 204 without content. Raises NotFound."""
        headers = {"content-type": _JSON, "idempotency-key": key}
        path = f"{_ACCOUNTING}Invoices/{_part(invoice)}/Email"
        self._send("POST", path, headers=headers, body=b"{}", wrote=True, is_yes=is_empty)

    def invoice_history(self, invoice: InvoiceId) -> tuple[HistoryDocument, ...]:
        """GET /Invoices/{id}/History. Raises NotFound."""
        return self._list(HistoryDocument, f"Invoices/{_part(invoice)}/History", "HistoryRecords")

    def online_invoice(self, invoice: InvoiceId) -> str | None:
        """GET /Invoices/{id}/OnlineInvoice, None where there is no such page. Raises NotFound, BooksRefused."""
        found = self._list(OnlineInvoiceDocument, f"Invoices/{_part(invoice)}/OnlineInvoice", "OnlineInvoices")
        return next((each.online_invoice_url for each in found if each.online_invoice_url), None)

    def invoice_pdf(self, invoice: InvoiceId) -> bytes:
        """GET /Invoices/{id} as a PDF. Raises NotFound."""
        path = f"{_ACCOUNTING}Invoices/{_part(invoice)}"
        return self._send("GET", path, headers={"accept": _PDF}, is_yes=is_pdf)[1].body

    def invoices_by_id(self, ids: Iterable[str]) -> tuple[InvoiceDocument, ...]:
        """GET /Invoices of these ids without lines, voided and deleted ones too."""
        params = {"IDs": listed(ids), "summaryOnly": "true", "page": "1", "pageSize": str(PAGE_SIZE)}
        return self._list(InvoiceDocument, "Invoices", "Invoices", params)

    def invoices_of_contact(self, contact: CustomerId, where: str, *, page: int, size: int) -> InvoicesPage:
        """GET /Invoices of a contact, newest first, without lines; voided and deleted ones too. Raises NotFound."""
        params = {
            "ContactIDs": _part(contact),
            "where": where,
            "order": "Date DESC",
            "summaryOnly": "true",
            "page": str(page),
            "pageSize": str(size),
        }
        document, answer = self._send("GET", _ACCOUNTING + "Invoices", params=params)
        found = tuple(
            parsed(InvoiceDocument, element, answer, wrote=False)
            for element in elements(document, "Invoices", answer, wrote=False)
        )
        pagination = parsed(PaginationDocument, document.get("pagination"), answer, wrote=False)
        return InvoicesPage(found, pagination.item_count)

    def invoices_since(self, since: datetime, page: int) -> tuple[InvoiceDocument, ...]:
        """GET /Invoices that changed after `since` without lines, voided and deleted ones too, one large page."""
        which = {"where": SALES_INVOICES, "order": "UpdatedDateUTC ASC", "summaryOnly": "true"}
        params = which | {"page": str(page), "pageSize": str(LARGEST_PAGE)}
        return self._list(InvoiceDocument, "Invoices", "Invoices", params, {"if-modified-since": since_header(since)})

    def own_invoices_since(self, since: datetime) -> Iterator[InvoiceDocument]:
        """GET /Invoices that our app made and that changed at or after `since`, page by page.

        `If-Modified-Since` works as a header only. Whole invoices: whether the short form keeps `Url` is not certain.
        """
        page = 1
        while True:
            params = {
                "createdByMyApp": "true",
                "where": SALES_INVOICES,
                "order": "UpdatedDateUTC ASC",
                "page": str(page),
                "pageSize": str(PAGE_SIZE),
            }
            headers = {"if-modified-since": since_header(since)}
            found = self._list(InvoiceDocument, "Invoices", "Invoices", params, headers)
            yield from found
            if len(found) < PAGE_SIZE:
                return
            page += 1

    def _list[M: BaseModel](
        self, model: type[M], path: str, name: str, params: Params | None = None, headers: Params | None = None
    ) -> tuple[M, ...]:
        document, answer = self._send("GET", _ACCOUNTING + path, params=params, headers=headers)
        return tuple(
            parsed(model, element, answer, wrote=False) for element in elements(document, name, answer, wrote=False)
        )

    def _one[M: BaseModel](self, model: type[M], path: str, name: str, params: Params | None = None) -> M:
        found = self._list(model, path, name, params)
        if not found:
            raise NotFound("Xero does not have this any more.", code="not_found_in_books")
        return found[0]

    def _create[M: BaseModel](self, model: type[M], name: str, body: Body, key: str, params: Params | None = None) -> M:
        return self._write(model, "PUT", name, name, body, key, params)

    def _write[M: BaseModel](
        self, model: type[M], method: str, path: str, name: str, body: Body, key: str, params: Params | None = None
    ) -> M:
        headers = {"content-type": _JSON, "idempotency-key": key}
        try:
            document, answer = self._send(
                method, _ACCOUNTING + path, params=params, headers=headers, body=to_json({name: [body]}), wrote=True
            )
        except NotFound as error:
            raise BooksRefused(
                "Something that this names is gone in Xero.",
                code="not_found_in_books",
                provider_reference=error.provider_reference,
            ) from error
        found = elements(document, name, answer, wrote=True)
        if len(found) != 1:
            raise no_answer(wrote=True, reference=reference_of(answer))
        if refused := element_refusal(found[0], reference_of(answer)):
            raise refused
        return parsed(model, found[0], answer, wrote=True)

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        headers: Params | None = None,
        body: bytes | None = None,
        wrote: bool = False,
        is_yes: Callable[[HttpResponse, Any], bool] = is_document,
    ) -> tuple[Any, HttpResponse]:
        request = HttpRequest(
            method,
            f"{self.api_url}/{path}",
            params=params or {},
            # Without Accept Xero answers in XML.
            headers={"accept": _JSON, **self._tenant_header(), **(headers or {})},
            body=body,
            timeout=_WRITE_TIMEOUT if wrote else _READ_TIMEOUT,
        )
        try:
            answer = self._signed_send(request)
        except OutcomeUnknown as error:
            if wrote:
                raise
            raise no_answer(wrote=False) from error
        document = document_in(answer)
        if not is_yes(answer, document):
            refused = error_of(answer, document, wrote=wrote)
            if isinstance(refused, ReconnectRequired):
                self.on_reconnect(refused.values.get("reason", refused.message))
            raise refused
        return document, answer

    def _signed_send(self, request: HttpRequest) -> HttpResponse:
        token = self.tokens.current()
        answer = self.http.send(request.signed(token))
        if answer.status == _UNAUTHORIZED:  # refused before anything was done
            answer = self.http.send(request.signed(self.tokens.instead_of(token)))
        return answer

    def _tenant_header(self) -> dict[str, str]:
        return {"xero-tenant-id": self.tenant} if self.tenant else {}


def _part(identifier: str) -> str:
    """An id as part of a path. Raises NotFound for what is no id: nothing else may be reached through it."""
    if not GUID.fullmatch(identifier):
        raise NotFound("Xero has no such id.", code="not_found_in_books")
    return identifier
