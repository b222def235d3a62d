"""The Accounting API under /api.xro/2.0/: routes, envelopes, several elements in one call (facts §2, §3, §6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sandbox.wire import Request, Response
from sandbox.xero import contacts, invoices, items, payments, reads, sending, shown, xml_answer
from sandbox.xero import input as reading
from sandbox.xero.documents import NO_ID, Doc, wire
from sandbox.xero.idempotency import Idempotency
from sandbox.xero.organisation import IDS, Actor, Organisation
from sandbox.xero.refusals import BadRequest, Invalid, Missing, not_data, validation

BASE = "/api.xro/2.0/"
LONGEST_NOTE = 2500
Write = Callable[[Any], Doc]
Show = Callable[[Doc], Doc]


@dataclass
class Api:
    """The service behind the gateway. Its attributes are what tests set."""

    idempotency: Idempotency = field(default_factory=Idempotency)
    fails_first: str | None = None
    failed: set[bytes] = field(default_factory=set)
    lookup_lag: timedelta = timedelta(0)
    _answered: int = 0

    def answer(self, org: Organisation, actor: Actor, request: Request) -> Response:
        """The answer to one call for one organisation."""
        wants_json = "json" in request.headers.get("accept", "") or "pdf" in request.headers.get("accept", "")
        try:
            found = self._once(org, actor, request)
        except BadRequest as refusal:
            found = Response.of_json(refusal.document, 400, _JSON)
        return found if wants_json else xml_answer.answer(found)

    def _once(self, org: Organisation, actor: Actor, request: Request) -> Response:
        if request.method not in ("POST", "PUT", "PATCH"):
            return self._safely(org, actor, request)
        same = f"{org.tenant} {request.method} {request.path} {sorted(request.query.items())} {request.body!r}"
        key = request.headers.get("idempotency-key")
        return self.idempotency.once(key, same, org.now(), lambda: self._failing_first(org, actor, request))

    def _failing_first(self, org: Organisation, actor: Actor, request: Request) -> Response:
        """Where `fails_first` says so, the first creation of each content there is answered with 500 and not done.

        The answer is remembered with its key as every other: "also cached errors" (facts §2.6).
        """
        where = self.fails_first
        if where is None or request.method != "PUT" or not request.path.endswith(where) or request.body in self.failed:
            return self._safely(org, actor, request)
        self.failed.add(request.body)
        return Response(500)

    def _safely(self, org: Organisation, actor: Actor, request: Request) -> Response:
        """The answer; what is refused leaves nothing behind."""
        restore = org.snapshot()
        parts = [each for each in request.path.removeprefix(BASE).split("/") if each]
        try:
            return self._route(org, actor, request, parts)
        except Missing:
            restore()
            return nowhere()
        except Invalid as refusal:
            restore()
            element = {"ValidationErrors": refusal.errors()}
            return Response.of_json(validation([element]), 400, _JSON)
        except BadRequest as refusal:
            restore()
            return Response.of_json(refusal.document, 400, _JSON)

    def _route(self, org: Organisation, actor: Actor, request: Request, parts: list[str]) -> Response:
        digits = _digits(request)
        match request.method, parts:
            case "GET", ["Invoices", key] if "pdf" in request.headers.get("accept", ""):
                found = sending.pdf(org, reads.invoice(org, key))
                return Response(200, {"content-type": "application/pdf"}, found)
            case "GET", _:
                return self._envelope(org, reads.answer(org, request, parts, digits, self.lookup_lag))
            case "POST", ["Invoices", key, "Email"]:
                _body(request)
                sending.email(org, reads.invoice(org, key), actor)
                return Response(204)
            case "PUT", [kind, key, "History"] if kind in ("Invoices", "Contacts", "Items", "Payments"):
                return self._envelope(org, {"HistoryRecords": [_note(org, kind, key, request)]})
            case "DELETE", ["Items", key]:
                items.delete(org, key)
                return Response(204)
            case "PUT", ["CreditNotes", key, "Allocations"]:
                [one] = _elements(request, "Allocations")
                return self._envelope(org, {"Allocations": [payments.allocate(org, key, one, actor)]})
            case "POST", ["Payments", key]:
                [one] = _elements(request, "Payments")
                ended = payments.end(org, key, one, actor)
                return self._envelope(org, {"Payments": [shown.payment(org, ended)]})
            case (("PUT" | "POST"), [name] | [name, _]):
                return self._write(org, actor, request, name, parts[1] if len(parts) > 1 else None, digits)
            case _:
                raise Missing

    def _write(
        self, org: Organisation, actor: Actor, request: Request, name: str, key: str | None, digits: int
    ) -> Response:
        if key is not None and request.method == "PUT":
            raise Missing
        new = request.method == "PUT"
        match name:
            case "Invoices":
                key = reads.invoice(org, key)["InvoiceID"] if key else None
                make: Write = lambda body: (  # noqa: E731  one of five, side by side
                    invoices.put(org, body, actor, digits) if new else invoices.post(org, body, actor, digits, key)
                )
                return self._batch(org, request, "Invoice", key, make, lambda doc: shown.invoice(org, doc, digits))
            case "Contacts":
                make = lambda body: contacts.put(org, body, actor) if new else contacts.post(org, body, actor, key)  # noqa: E731
                return self._batch(org, request, "Contact", key, make, lambda doc: shown.contact(org, doc))
            case "Items":
                make = lambda body: (  # noqa: E731
                    items.put(org, body, actor, digits) if new else items.post(org, body, actor, digits, key)
                )
                return self._batch(org, request, "Item", key, make, lambda doc: shown.item(doc, digits))
            case "Payments":
                make = lambda body: payments.put(org, body, actor)  # noqa: E731
                return self._batch(org, request, "Payment", None, make, lambda doc: shown.payment(org, doc))
            case "CreditNotes" if new:
                make = lambda body: payments.credit_note(org, body, actor, digits)  # noqa: E731
                return self._batch(
                    org, request, "CreditNote", None, make, lambda doc: shown.credit_note(org, doc, digits)
                )
            case _:
                raise Missing

    def _batch(
        self, org: Organisation, request: Request, entity: str, key: str | None, make: Write, show: Show
    ) -> Response:
        """Each element by itself. Told together as a 400, or one by one inside a 200 (summarizeErrors=false).

        Together means: one refused element, and nothing is kept (unverified).
        """
        together = (request.param("summarizeErrors") or "true").lower() != "false"
        restore_all, results, refused = org.snapshot(), [], []
        for body in _elements(request, f"{entity}s"):
            restore = org.snapshot()
            try:
                shown_doc = show(make(body))
            except Invalid as refusal:
                restore()
                refused.append({IDS[entity]: key or NO_ID} | _echo(entity, body, refusal))
                results.append(refused[-1] | {"StatusAttributeString": "ERROR"})
                continue
            word = "WARNING" if shown_doc.get("Warnings") else "OK"
            results.append(shown_doc if together else shown_doc | {"StatusAttributeString": word})
        if refused and together:
            restore_all()
            return Response.of_json(wire(validation(refused)), 400, _JSON)
        return self._envelope(org, {f"{entity}s": results})

    def _envelope(self, org: Organisation, content: Mapping[str, object]) -> Response:
        self._answered += 1
        head: Doc = {
            "Id": str(uuid5(NAMESPACE_URL, f"answer/{org.tenant}/{self._answered}")),
            "Status": "OK",
            "ProviderName": "Simulated app",
            "DateTimeUTC": org.now(),
        }
        return Response.of_json(wire(head | dict(content)), 200, _JSON)


_JSON = {"content-type": "application/json; charset=utf-8"}


def nowhere() -> Response:
    """The 404: HTML without content (recorded)."""
    return Response(404, {"content-type": "text/html"})


def _digits(request: Request) -> int:
    return 4 if request.param("unitdp") == "4" else 2


def _body(request: Request) -> object:
    if "json" not in request.headers.get("content-type", ""):
        raise not_data("The body must be application/json.")
    try:
        return request.json()
    except ValueError:
        raise not_data("The body is not JSON.") from None


def _elements(request: Request, name: str) -> list[Any]:
    """The elements of `{"Invoices": […]}`; an element alone stands for a list of one."""
    body = _body(request)
    if not isinstance(body, dict):
        raise not_data(f"The body must be an object with {name}.")
    if name not in body:
        return [body]
    found = body[name]
    if not isinstance(found, list) or not found:
        raise not_data(f"{name} must be a list with elements.")
    return found


def _echo(entity: str, body: object, refusal: Invalid) -> Doc:
    """A refused element: what was sent, and why not (recorded for contacts and for a delete)."""
    sent = dict(body) if isinstance(body, dict) else {}
    flag = "HasValidationErrors" if entity in ("Contact", "Payment") else "HasErrors"
    return sent | {flag: True, "ValidationErrors": refusal.errors()}


def _note(org: Organisation, kind: str, key: str, request: Request) -> Doc:
    [one] = _elements(request, "HistoryRecords")
    content = reading.read("HistoryRecord", one)
    if not content.get("Details") or len(content["Details"]) > LONGEST_NOTE:
        raise Invalid(f"Details must have 1 to {LONGEST_NOTE} characters.")
    identifier = reads.identifier(org, kind, key)
    return org.note(identifier, "Note", content["Details"], "System Generated")
