"""Pipedrive's API, one method per endpoint that we use, with its cost in API tokens.

Entities are v2; users, currencies and notes exist in v1 only (pipedrive.md §0.1).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from duebill.crm.pipedrive import faults
from duebill.crm.pipedrive.upload import form_with_file
from duebill.crm.pipedrive.wire import (
    Wire,
    WireActivity,
    WireDeal,
    WireDiscount,
    WireField,
    WireFile,
    WireFound,
    WireInstalment,
    WireLine,
    WireNote,
    WireOrganization,
    WirePerson,
    WireProduct,
    WireUser,
    WireVariation,
    WireWebhook,
)
from duebill.domain.deal import RecordKind
from duebill.errors import DuebillError, OutcomeUnknown, ReconnectRequired
from duebill.outside.http import Http, HttpRequest, HttpResponse, to_json
from duebill.ports import AccessTokens, Clock

_V1 = "/api/v1"
_V2 = "/api/v2"
_READ_SECONDS = 10.0  # one panel needs several reads, and people wait for them
_WRITE_SECONDS = 15.0
_PAGE = "500"  # the most that v2 gives (pipedrive.md §3.1)
_NOTES = "100"
_MOST_PAGES = 10
_MOST_IDS = 100
_UNAUTHORIZED = 401
_LABELS = {"include_option_labels": "true"}
_LABELS_OF = {"organizations": _LABELS, "persons": _LABELS}  # products take no such parameter
_FIELDS = {
    RecordKind.DEAL: "dealFields",
    RecordKind.PERSON: "personFields",
    RecordKind.ORGANIZATION: "organizationFields",
}


@dataclass(frozen=True, slots=True)
class PipedriveClient:
    """The API as one user sees it. `base_url` is an origin without a path.

    Every method raises ReconnectRequired, NotFound, LimitReached, TryLater and, where it writes, OutcomeUnknown.
    """

    http: Http
    tokens: AccessTokens
    clock: Clock
    base_url: str

    def me(self) -> WireUser:
        """The user of the token (2)."""
        return _read(WireUser, self._get(f"{_V1}/users/me"))

    def deal(self, deal: int) -> WireDeal:
        """A deal (1)."""
        return _read(WireDeal, self._get(f"{_V2}/deals/{deal}", _LABELS))

    def lines(self, deal: int) -> list[WireLine]:
        """The products on a deal, disabled ones too (10 a page)."""
        return list(self._pages(WireLine, f"{_V2}/deals/{deal}/products"))

    def discounts(self, deal: int) -> list[WireDiscount]:
        """The discounts on the whole deal (10)."""
        return _read_all(WireDiscount, self._get(f"{_V2}/deals/{deal}/discounts"))

    def instalments(self, deal: int) -> list[WireInstalment]:
        """The deal's instalments: there is no address for one deal's (10)."""
        return list(self._pages(WireInstalment, f"{_V2}/deals/installments", {"deal_ids": str(deal)}))

    def organization(self, organization: int) -> WireOrganization:
        """An organization (1)."""
        return _read(WireOrganization, self._get(f"{_V2}/organizations/{organization}", _LABELS))

    def person(self, person: int) -> WirePerson:
        """A person (1)."""
        return _read(WirePerson, self._get(f"{_V2}/persons/{person}", _LABELS))

    def deals(self, deals: Collection[int]) -> list[WireDeal]:
        """These deals, without those that are deleted, archived or not this user's to see (10 per hundred)."""
        return self._named(WireDeal, f"{_V2}/deals", deals)

    def newest_deals(self, limit: int) -> list[WireDeal]:
        """The deals that were added last (10)."""
        params = {"sort_by": "add_time", "sort_direction": "desc", "limit": str(limit)}
        return _read_all(WireDeal, self._get(f"{_V2}/deals", params))

    def search_deals(self, term: str, limit: int) -> list[WireFound]:
        """Deals in whose title `term` stands, archived ones too; at least two characters (20)."""
        data = self._get(f"{_V2}/deals/search", {"term": term, "fields": "title", "limit": str(limit)})
        return _read_all(WireFound, (data or {}).get("items"))

    def organizations(self, organizations: Collection[int]) -> list[WireOrganization]:
        """These organizations, without those that are deleted or not this user's to see (10 per hundred)."""
        return self._named(WireOrganization, f"{_V2}/organizations", organizations)

    def page[M: Wire](self, model: type[M], entity: str, cursor: str | None) -> tuple[list[M], str | None]:
        """500 rows of a list by their ids, and where the next ones begin (10)."""
        params = {"limit": _PAGE, **_LABELS_OF.get(entity, {}), **({"cursor": cursor} if cursor else {})}
        document = self._ask("GET", f"{_V2}/{entity}", params)
        more = (document.get("additional_data") or {}).get("next_cursor")
        return _read_all(model, document.get("data")), str(more) if more else None

    def products(self, products: Collection[int]) -> list[WireProduct]:
        """These products, without those that are deleted or not this user's to see (10 per hundred)."""
        return self._named(WireProduct, f"{_V2}/products", products)

    def catalogue(self, pages: int) -> list[WireProduct]:
        """The first `pages` × 500 products (10 a page)."""
        return list(self._pages(WireProduct, f"{_V2}/products", most=pages, whole=False))

    def variations(self, product: int) -> list[WireVariation]:
        """The variations of a product (10 a page)."""
        return list(self._pages(WireVariation, f"{_V2}/products/{product}/variations"))

    def fields(self, kind: RecordKind) -> list[WireField]:
        """The metadata of a kind of record (10 a page)."""
        return list(self._pages(WireField, f"{_V2}/{_FIELDS[kind]}"))

    def notes(self, deal: int) -> list[WireNote]:
        """The hundred newest notes on a deal (20)."""
        params = {"deal_id": str(deal), "limit": _NOTES, "sort": "id DESC"}
        return _read_all(WireNote, self._get(f"{_V1}/notes", params))

    def add_note(self, deal: int, content: str) -> WireNote:
        """Write a note of HTML, which Pipedrive cleans (10)."""
        return self._write_note("POST", f"{_V1}/notes", {"content": content, "deal_id": deal})

    def change_note(self, note: int, content: str) -> WireNote:
        """Replace a note's content (10)."""
        return self._write_note("PUT", f"{_V1}/notes/{note}", {"content": content})

    def add_deal_field(self, document: Mapping[str, object]) -> WireField:
        """Make a custom field of deals (5)."""
        return self._write(WireField, "POST", f"{_V2}/dealFields", document)

    def change_deal(self, deal: int, document: Mapping[str, object]) -> WireDeal:
        """Change what the document names (5). Never name `value`: that resets other fields (client-nodejs#626)."""
        return self._write(WireDeal, "PATCH", f"{_V2}/deals/{deal}", document)

    def activities(self, deal: int) -> list[WireActivity]:
        """The activities on a deal (10 a page)."""
        return list(self._pages(WireActivity, f"{_V2}/activities", {"deal_id": str(deal)}))

    def some_activity(self) -> list[WireActivity]:
        """One activity, whichever (10)."""
        return _read_all(WireActivity, self._get(f"{_V2}/activities", {"limit": "1"}))

    def add_activity(self, document: Mapping[str, object]) -> WireActivity:
        """Plan an activity (5)."""
        return self._write(WireActivity, "POST", f"{_V2}/activities", document)

    def files(self, deal: int) -> list[WireFile]:
        """The hundred newest files on a deal (20)."""
        params = {"limit": _NOTES, "sort": "id DESC"}
        return _read_all(WireFile, self._get(f"{_V1}/deals/{deal}/files", params))

    def add_file(self, deal: int, name: str, content: bytes) -> WireFile:
        """Attach a PDF to a deal (10)."""
        kind, body = form_with_file({"deal_id": str(deal)}, name, content)
        answer = self._ask("POST", f"{_V1}/files", body=body, content_type=kind)
        return _written(WireFile, answer)

    def webhooks(self) -> list[WireWebhook]:
        """The webhooks that the app has registered for this user (10)."""
        return _read_all(WireWebhook, self._get(f"{_V1}/webhooks"))

    def add_webhook(self, document: Mapping[str, object]) -> WireWebhook:
        """Register a webhook (10)."""
        return self._write(WireWebhook, "POST", f"{_V1}/webhooks", document)

    def delete_webhook(self, webhook: int) -> None:
        """Take a webhook away (6)."""
        self._ask("DELETE", f"{_V1}/webhooks/{webhook}")

    def _write_note(self, method: str, path: str, document: Mapping[str, object]) -> WireNote:
        return self._write(WireNote, method, path, document)

    def _write[M: Wire](self, model: type[M], method: str, path: str, document: Mapping[str, object]) -> M:
        return _written(model, self._ask(method, path, body=to_json(document)))

    def _get(self, path: str, params: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401  a wire model reads it
        return self._ask("GET", path, params).get("data")

    def _named[M](self, model: type[M], path: str, ids: Collection[int]) -> list[M]:
        wanted = sorted(set(ids))
        found: list[M] = []
        for start in range(0, len(wanted), _MOST_IDS):
            some = ",".join(str(each) for each in wanted[start : start + _MOST_IDS])
            found += self._pages(model, path, {"ids": some})
        return found

    def _pages[M](
        self,
        model: type[M],
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        most: int = _MOST_PAGES,
        whole: bool = True,
    ) -> Iterator[M]:
        """The rows of a v2 list. Where `whole`, raises DuebillError rather than leave out what comes after `most`."""
        query = {**(params or {}), "limit": _PAGE}
        for _ in range(most):
            document = self._ask("GET", path, query)
            yield from _read_all(model, document.get("data"))
            cursor = (document.get("additional_data") or {}).get("next_cursor")
            if not cursor:
                return
            query["cursor"] = str(cursor)
        if whole:
            raise DuebillError("Pipedrive holds more here than Duebill can read.", code="crm_too_much")

    def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str = "application/json",
    ) -> dict[str, Any]:
        """One call; again with another token after a 401, which says that nothing was done."""
        token = self.tokens.current()
        request = HttpRequest(
            method,
            self.base_url + path,
            dict(params or {}),
            {"accept": "application/json", **({"content-type": content_type} if body is not None else {})},
            body,
            timeout=_READ_SECONDS if method == "GET" else _WRITE_SECONDS,
        )
        answer = self._send(request, token)
        if answer.status == _UNAUTHORIZED:
            answer = self._send(request, self.tokens.instead_of(token))
        if answer.status == _UNAUTHORIZED:
            raise ReconnectRequired("Pipedrive no longer accepts your authorisation. Please install Duebill again.")
        faults.raise_for(answer, self.clock.now(), writes=method != "GET")
        return faults.envelope(answer) or {}

    def _send(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            return self.http.send(replace(request, headers={**request.headers, "authorization": f"Bearer {token}"}))
        except OutcomeUnknown:
            if request.method == "GET":
                raise faults.unclear(writes=False) from None
            raise


def _written[M: Wire](model: type[M], answer: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(answer.get("data"))
    except ValidationError as error:
        raise faults.unclear(writes=True) from error


def _read[M](model: type[M], data: object) -> M:
    try:
        return TypeAdapter(model).validate_python(data)
    except ValidationError as error:
        raise _unreadable(error) from None


def _read_all[M](model: type[M], data: object) -> list[M]:
    # v1 says null where a list is empty.
    return _read(list[model], data or [])  # type: ignore[valid-type]  # a type made of a type variable


def _unreadable(error: ValidationError) -> DuebillError:
    """Says where, not what: an answer holds people's data."""
    places = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False))
    return DuebillError(
        "Pipedrive answered in a form that Duebill cannot read.", code="crm_unreadable", values={"places": places[:200]}
    )
