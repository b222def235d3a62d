"""One method per endpoint of QuickBooks' Accounting API that we use; answers are wire models, refusals our errors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from duebill.domain.ids import CustomerId, InvoiceId, ItemId, TenantId
from duebill.errors import BooksRefused, DuebillError, NotFound, OutcomeUnknown, ReconnectRequired
from duebill.outside.http import Http, HttpRequest, HttpResponse, to_json
from duebill.ports import AccessTokens
from duebill.providers.quickbooks.answers import changed_rows, document_in, parsed, time_of
from duebill.providers.quickbooks.faults import Fault, error_of, fault_in, no_answer, refusal
from duebill.providers.quickbooks.query import Query
from duebill.providers.quickbooks.spec import LONG_STATEMENT, MINOR_VERSION
from duebill.providers.quickbooks.wire import (
    CompanyDocument,
    CustomerDocument,
    DeletedDocument,
    InvoiceDocument,
    ItemDocument,
    PreferencesDocument,
)

type Body = Mapping[str, object]

_JSON = "application/json"
_STATEMENT = "application/text"
_NO_BODY = "application/octet-stream"  # what `send` wants to be told (Invoice reference)
_PDF = "application/pdf"
_PDF_BEGINS = b"%PDF"
_READ_TIMEOUT = 15.0
_WRITE_TIMEOUT = 20.0
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Changes:
    """One answer of change data capture; `at` is the server's time."""

    invoices: tuple[InvoiceDocument, ...]
    deleted: tuple[str, ...]
    at: datetime

    @property
    def count(self) -> int:
        """How many objects it held."""
        return len(self.invoices) + len(self.deleted)


@dataclass(frozen=True, slots=True)
class QuickBooksClient:
    """Calls for one company (realm). Raises what `ports.AccountingProvider` says."""

    http: Http
    tokens: AccessTokens
    api_url: str
    realm: TenantId
    on_reconnect: Callable[[str], None] = lambda _: None  # told the reason when QuickBooks lets this consent in no more

    def read_company(self) -> CompanyDocument:
        """GET companyinfo; refused (3100) when the tokens belong to another company."""
        return self._read(CompanyDocument, "CompanyInfo", f"companyinfo/{self.realm}")

    def read_preferences(self) -> PreferencesDocument:
        """GET preferences."""
        return self._read(PreferencesDocument, "Preferences", "preferences")

    def read_customer(self, customer: CustomerId) -> CustomerDocument:
        """GET customer. Raises NotFound."""
        return self._read(CustomerDocument, "Customer", f"customer/{_part(customer)}")

    def read_item(self, item: ItemId) -> ItemDocument:
        """GET item. Raises NotFound."""
        return self._read(ItemDocument, "Item", f"item/{_part(item)}")

    def create_customer(self, body: Body, *, key: str) -> CustomerDocument:
        """POST customer."""
        return self._create(CustomerDocument, "Customer", body, key)

    def update_customer(self, body: Body, *, key: str) -> CustomerDocument:
        """POST customer with `sparse`: only what the body names is changed. Raises StaleVersion, NotFound."""
        return self._write(CustomerDocument, "Customer", body, key)

    def create_item(self, body: Body, *, key: str) -> ItemDocument:
        """POST item."""
        return self._create(ItemDocument, "Item", body, key)

    def create_invoice(self, body: Body, *, key: str) -> InvoiceDocument:
        """POST invoice."""
        return self._create(InvoiceDocument, "Invoice", body, key)

    def read_invoice(self, invoice: InvoiceId) -> InvoiceDocument:
        """GET invoice, with the customer's page where there is one. Raises NotFound."""
        return self._read(InvoiceDocument, "Invoice", f"invoice/{_part(invoice)}", {"include": "invoiceLink"})

    def update_invoice(self, body: Body, *, key: str) -> InvoiceDocument:
        """POST invoice with `sparse`. Raises StaleVersion, NotFound."""
        return self._write(InvoiceDocument, "Invoice", body, key)

    def void_invoice(self, body: Body, *, key: str) -> InvoiceDocument:
        """POST invoice?operation=void. Raises StaleVersion, NotFound."""
        return self._write(InvoiceDocument, "Invoice", body, key, {"operation": "void"})

    def delete_invoice(self, body: Body, *, key: str) -> DeletedDocument:
        """POST invoice?operation=delete. Raises StaleVersion, NotFound."""
        return self._write(DeletedDocument, "Invoice", body, key, {"operation": "delete"})

    def send_invoice(self, invoice: InvoiceId, to: str | None, *, key: str) -> InvoiceDocument:
        """POST invoice/{id}/send, without a body; `to` also becomes the invoice's address. Raises NotFound."""
        params = {"requestid": key} | ({"sendTo": to} if to else {})
        path = f"invoice/{_part(invoice)}/send"
        document, answer = self._ask("POST", path, params=params, body=b"", content_type=_NO_BODY, wrote=True)
        return parsed(InvoiceDocument, document.get("Invoice"), answer, wrote=True)

    def invoice_pdf(self, invoice: InvoiceId) -> bytes:
        """GET invoice/{id}/pdf. Raises NotFound."""
        answer = self._answer(self._request("GET", f"invoice/{_part(invoice)}/pdf", accept=_PDF), wrote=False)
        if answer.status == 200 and answer.body.startswith(_PDF_BEGINS):
            return answer.body
        raise self._refused(answer, fault_in(document_in(answer)), wrote=False)

    def query[M: BaseModel](self, model: type[M], query: Query) -> tuple[M, ...]:
        """One page of a query; a long statement goes into the body, as URLs end somewhere."""
        statement = query.text
        if len(statement) > LONG_STATEMENT:
            document, answer = self._ask("POST", "query", body=statement.encode(), content_type=_STATEMENT)
        else:
            document, answer = self._ask("GET", "query", params={"query": statement})
        return _rows(model, query.entity, document, answer)

    def query_at[M: BaseModel](self, model: type[M], query: Query) -> tuple[tuple[M, ...], datetime]:
        """One page of a query, and the server's time."""
        document, answer = self._ask("GET", "query", params={"query": query.text})
        return _rows(model, query.entity, document, answer), time_of(document, answer)

    def changes(self, since: datetime) -> Changes:
        """GET cdc: invoices that changed at or after `since`, at most 1,000 of them, deleted ones by their ids."""
        moment = since.astimezone(UTC).isoformat(timespec="seconds")
        document, answer = self._ask("GET", "cdc", params={"entities": "Invoice", "changedSince": moment})
        invoices: list[InvoiceDocument] = []
        deleted: list[str] = []
        for row in changed_rows(document, answer):
            if row.get("status") == "Deleted":  # nothing but its id comes along
                deleted.append(str(row.get("Id")))
            else:
                invoices.append(parsed(InvoiceDocument, row, answer, wrote=False))
        return Changes(tuple(invoices), tuple(deleted), time_of(document, answer))

    def query_all[M: BaseModel](self, model: type[M], query: Query) -> tuple[M, ...]:
        """All pages of a query. Its order must not change while it is read."""
        found: list[M] = []
        while True:
            page = self.query(model, query)
            found += page
            if len(page) < query.limit:
                return tuple(found)
            query = query.next_page()

    def query_together(self, queries: Sequence[Query]) -> tuple[dict[str, Any], ...]:
        """Several queries in one call (POST batch); one document with a QueryResponse for each, in their order.

        Raises the error of the first that was refused.
        """
        items = [{"bId": str(index), "Query": query.text} for index, query in enumerate(queries)]
        document, answer = self._ask("POST", "batch", body=to_json({"BatchItemRequest": items}), content_type=_JSON)
        reference = answer.headers.get("intuit_tid")
        answers: dict[str, dict[str, Any]] = {}
        for item in document.get("BatchItemResponse") or []:
            if fault := fault_in(item):
                raise refusal(fault, reference)
            answers[str(item.get("bId"))] = item
        # The order of the answers is not promised (batch reference).
        if len(answers) != len(queries):
            raise no_answer(wrote=False, reference=reference)
        return tuple(answers[str(index)] for index in range(len(queries)))

    def _read[M: BaseModel](self, model: type[M], entity: str, path: str, params: Mapping[str, str] | None = None) -> M:
        document, answer = self._ask("GET", path, params=params)
        return parsed(model, document.get(entity), answer, wrote=False)

    def _create[M: BaseModel](self, model: type[M], entity: str, body: Body, key: str) -> M:
        try:
            return self._write(model, entity, body, key)
        except NotFound as error:  # something that the new object names
            raise BooksRefused(
                "Something that this names is inactive or gone in QuickBooks.",
                code="not_found_in_books",
                provider_reference=error.provider_reference,
            ) from error

    def _write[M: BaseModel](
        self, model: type[M], entity: str, body: Body, key: str, params: Mapping[str, str] | None = None
    ) -> M:
        document, answer = self._ask(
            "POST",
            entity.lower(),
            params={**(params or {}), "requestid": key},
            body=to_json(body),
            content_type=_JSON,
            wrote=True,
        )
        return parsed(model, document.get(entity), answer, wrote=True)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str | None = None,
        wrote: bool = False,
    ) -> tuple[dict[str, Any], HttpResponse]:
        answer = self._answer(self._request(method, path, params, body, content_type), wrote=wrote)
        document = document_in(answer)
        fault = fault_in(document)
        if answer.status != 200 or fault or document is None:
            raise self._refused(answer, fault, wrote=wrote)
        return document, answer

    def _request(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str | None = None,
        *,
        accept: str = _JSON,
    ) -> HttpRequest:
        return HttpRequest(
            method,
            f"{self.api_url}/v3/company/{_part(self.realm)}/{path}",
            params={**(params or {}), "minorversion": MINOR_VERSION},
            # Without Accept QuickBooks answers in XML.
            headers={"accept": accept, **({"content-type": content_type} if content_type else {})},
            body=body,
        )

    def _answer(self, request: HttpRequest, *, wrote: bool) -> HttpResponse:
        request = replace(request, timeout=_WRITE_TIMEOUT if wrote else _READ_TIMEOUT)
        try:
            return self._send(request)
        except OutcomeUnknown as error:
            if wrote:
                raise
            raise no_answer(wrote=False) from error

    def _refused(self, answer: HttpResponse, fault: Fault | None, *, wrote: bool) -> DuebillError:
        refused = error_of(answer, fault, wrote=wrote)
        if isinstance(refused, ReconnectRequired):
            self.on_reconnect(refused.values.get("reason", refused.message))
        return refused

    def _send(self, request: HttpRequest) -> HttpResponse:
        token = self.tokens.current()
        answer = self.http.send(request.signed(token))
        if answer.status == _UNAUTHORIZED:  # refused by the gateway, so nothing was done
            answer = self.http.send(request.signed(self.tokens.instead_of(token)))
        return answer


def rows[M: BaseModel](model: type[M], entity: str, document: Mapping[str, Any]) -> tuple[M, ...]:
    """The objects in one answer of `query_together`."""
    return _rows(model, entity, document, HttpResponse(200))


def _rows[M: BaseModel](
    model: type[M], entity: str, document: Mapping[str, Any], answer: HttpResponse
) -> tuple[M, ...]:
    found = document.get("QueryResponse")
    if not isinstance(found, Mapping):
        raise no_answer(wrote=False, reference=answer.headers.get("intuit_tid"))
    # An empty result has no list at all: {"QueryResponse": {}}.
    return tuple(parsed(model, each, answer, wrote=False) for each in found.get(entity) or ())


def _part(identifier: str) -> str:
    """An id as part of a path. Raises NotFound for what is no id: nothing else may be reached through it."""
    if not identifier.isascii() or not identifier.isdigit():
        raise NotFound("QuickBooks has no such id.", code="not_found_in_books")
    return identifier
