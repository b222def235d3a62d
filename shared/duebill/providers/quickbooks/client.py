"""One method per endpoint of QuickBooks' Accounting API that we use; answers are wire models, refusals our errors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from duebill.domain.ids import CustomerId, ItemId, TenantId
from duebill.errors import BooksRefused, NotFound, OutcomeUnknown, ReconnectRequired
from duebill.outside.http import Http, HttpRequest, HttpResponse, to_json
from duebill.ports import AccessTokens
from duebill.providers.quickbooks.faults import error_of, fault_in, no_answer, refusal
from duebill.providers.quickbooks.query import Query
from duebill.providers.quickbooks.spec import LONG_STATEMENT, MINOR_VERSION
from duebill.providers.quickbooks.wire import (
    CompanyDocument,
    CustomerDocument,
    InvoiceDocument,
    ItemDocument,
    PreferencesDocument,
)

type Body = Mapping[str, object]

_JSON = "application/json"
_STATEMENT = "application/text"
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
        return _rows(model, query.entity, document, answer), _time(document, answer)

    def changes(self, since: datetime) -> Changes:
        """GET cdc: invoices that changed at or after `since`, at most 1,000 of them, deleted ones by their ids."""
        moment = since.astimezone(UTC).isoformat(timespec="seconds")
        document, answer = self._ask("GET", "cdc", params={"entities": "Invoice", "changedSince": moment})
        invoices: list[InvoiceDocument] = []
        deleted: list[str] = []
        for row in _changed_rows(document, answer):
            if row.get("status") == "Deleted":  # nothing but its id comes along
                deleted.append(str(row.get("Id")))
            else:
                invoices.append(_parsed(InvoiceDocument, row, answer, wrote=False))
        return Changes(tuple(invoices), tuple(deleted), _time(document, answer))

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

    def _read[M: BaseModel](self, model: type[M], entity: str, path: str) -> M:
        document, answer = self._ask("GET", path)
        return _parsed(model, document.get(entity), answer, wrote=False)

    def _create[M: BaseModel](self, model: type[M], entity: str, body: Body, key: str) -> M:
        try:
            return self._write(model, entity, body, key)
        except NotFound as error:  # something that the new object names
            raise BooksRefused(
                "Something that this names is inactive or gone in QuickBooks.",
                code="not_found_in_books",
                provider_reference=error.provider_reference,
            ) from error

    def _write[M: BaseModel](self, model: type[M], entity: str, body: Body, key: str) -> M:
        document, answer = self._ask(
            "POST",
            entity.lower(),
            params={"requestid": key},
            body=to_json(body),
            content_type=_JSON,
            wrote=True,
        )
        return _parsed(model, document.get(entity), answer, wrote=True)

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
        request = HttpRequest(
            method,
            f"{self.api_url}/v3/company/{_part(self.realm)}/{path}",
            params={**(params or {}), "minorversion": MINOR_VERSION},
            # Without Accept QuickBooks answers in XML.
            headers={"accept": _JSON, **({"content-type": content_type} if content_type else {})},
            body=body,
            timeout=_WRITE_TIMEOUT if wrote else _READ_TIMEOUT,
        )
        try:
            answer = self._send(request)
        except OutcomeUnknown as error:
            if wrote:
                raise
            raise no_answer(wrote=False) from error
        document = _document(answer)
        fault = fault_in(document)
        if answer.status != 200 or fault or document is None:
            refused = error_of(answer, fault, wrote=wrote)
            if isinstance(refused, ReconnectRequired):
                self.on_reconnect(refused.message)
            raise refused
        return document, answer

    def _send(self, request: HttpRequest) -> HttpResponse:
        token = self.tokens.current()
        answer = self.http.send(_signed(request, token))
        if answer.status == _UNAUTHORIZED:  # refused by the gateway, so nothing was done
            answer = self.http.send(_signed(request, self.tokens.instead_of(token)))
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
    return tuple(_parsed(model, each, answer, wrote=False) for each in found.get(entity) or ())


def _changed_rows(document: Mapping[str, Any], answer: HttpResponse) -> list[dict[str, Any]]:
    try:
        parts = [part for response in document["CDCResponse"] for part in response["QueryResponse"]]
        # Where nothing changed the part is empty.
        return [row for part in parts for row in part.get("Invoice") or ()]
    except (KeyError, TypeError, AttributeError) as error:
        raise no_answer(wrote=False, reference=answer.headers.get("intuit_tid")) from error


def _time(document: Mapping[str, Any], answer: HttpResponse) -> datetime:
    """The server's time, which every answer has."""
    try:
        return datetime.fromisoformat(document["time"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError) as error:
        raise no_answer(wrote=False, reference=answer.headers.get("intuit_tid")) from error


def _parsed[M: BaseModel](model: type[M], document: object, answer: HttpResponse, *, wrote: bool) -> M:
    try:
        return model.model_validate(document)
    except ValueError as error:
        raise no_answer(wrote=wrote, reference=answer.headers.get("intuit_tid")) from error


def _document(answer: HttpResponse) -> dict[str, Any] | None:
    try:
        document = answer.json()
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _signed(request: HttpRequest, token: str) -> HttpRequest:
    return HttpRequest(
        request.method,
        request.url,
        request.params,
        {**request.headers, "authorization": f"Bearer {token}"},
        request.body,
        request.timeout,
    )


def _part(identifier: str) -> str:
    """An id as part of a path. Raises NotFound for what is no id: nothing else may be reached through it."""
    if not identifier.isascii() or not identifier.isdigit():
        raise NotFound("QuickBooks has no such id.", code="not_found_in_books")
    return identifier
