"""The Accounting API: from a request of an authorised caller to an answer."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sandbox.quickbooks import batch, cdc, company_info, invoice_actions, query, xml_answer
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.refusals import Refused, unsupported
from sandbox.quickbooks.writes import WRITABLE, Options, write
from sandbox.wire import Request, Response

READABLE = WRITABLE | {
    "account": "Account",
    "term": "Term",
    "taxcode": "TaxCode",
    "taxrate": "TaxRate",
    "companycurrency": "CompanyCurrency",
    "vendor": "Vendor",
}
Memory = timedelta | Literal["forever", "never"]
INVOICE_LINK = "https://connect.intuit.test/portal/app/CommerceNetwork/view/"


@dataclass
class Api:
    """The service behind the gateway. Its attributes are what the documents leave open; tests set them."""

    requestid_memory: Memory = "forever"
    lookup_lag: timedelta = timedelta(0)
    _remembered: dict[tuple[str, str], tuple[datetime, Response]] = field(default_factory=dict)

    def answer(self, company: Company, request: Request) -> Response:
        """The answer to a call under /v3/company/{realm}/."""
        parts = request.path.split("/")[4:]
        wants_json = "json" in request.headers.get("accept", "")
        if parts[2:] == ["pdf"] and request.method == "GET" and "pdf" in request.headers.get("accept", ""):
            return self._pdf(company, parts)
        try:
            return self._once(company, request, parts) if wants_json else self._as_xml(company, request, parts)
        except Refused as refusal:
            return _fault(company, refusal, wants_json=wants_json)

    def _as_xml(self, company: Company, request: Request, parts: list[str]) -> Response:
        answer = self._once(company, request, parts)
        return xml_answer.answer(json.loads(answer.body), answer.status)

    def _once(self, company: Company, request: Request, parts: list[str]) -> Response:
        """A write with a `requestid` that was used before gets the answer of then and does nothing (S-RID)."""
        key = request.param("requestid") if request.method == "POST" else None
        if not key or parts == ["query"]:
            return _body(company, self._route(company, request, parts))
        if len(key) > (36 if parts == ["batch"] else 50):
            raise Refused("2050", "String length is either shorter or longer than supported", "requestid", "requestid")
        known = self._remembered.get((company.realm, key))
        if known and self._remembers(known[0], company.now()):
            return known[1]
        try:
            answer = _body(company, self._route(company, request, parts))
        except Refused as refusal:
            answer = _fault(company, refusal, wants_json=True)  # refusals are remembered too (unverified, stricter)
        self._remembered[company.realm, key] = (company.now(), answer)
        return answer

    def _remembers(self, since: datetime, now: datetime) -> bool:
        match self.requestid_memory:
            case "forever":
                return True
            case "never":
                return False
            case span:
                return now - since < span

    def _route(self, company: Company, request: Request, parts: list[str]) -> Doc:
        if request.method == "GET":
            return self._get(company, request, parts)
        match request.method, parts:
            case "POST", ["query"]:
                _demand_type(request, "application/text")
                return self._query(company, request.body.decode())
            case "POST", ["batch"]:
                _demand_type(request, "application/json")
                found = batch.run(company, _json(request), lambda text: self._query(company, text)["QueryResponse"])
                return {"BatchItemResponse": found}
            case "POST", ["invoice", key, "send"]:
                _demand_type(request, "application/octet-stream")
                return {"Invoice": invoice_actions.send(company, key, request.param("sendTo"))}
            case "POST", [entity] if entity in WRITABLE:
                _demand_type(request, "application/json")
                return {WRITABLE[entity]: write(company, WRITABLE[entity], _json(request), Options.of(request.query))}
            case _:
                raise _nowhere(request)

    def _get(self, company: Company, request: Request, parts: list[str]) -> Doc:
        match parts:
            case ["query"]:
                return self._query(company, request.param("query") or "")
            case ["cdc"]:
                found = cdc.changes(company, request.param("entities"), request.param("changedSince"), self.lookup_lag)
                return {"CDCResponse": found}
            case ["companyinfo", realm] if realm == company.realm:
                return {"CompanyInfo": company_info.company_info(company)}
            case ["preferences"]:
                return {"Preferences": company_info.preferences(company)}
            case ["exchangerate"]:
                source, day = request.param("sourcecurrencycode"), request.param("asofdate")
                return {"ExchangeRate": company_info.exchange_rate(company, source, day)}
            case [entity, key] if entity in READABLE:
                return self._read(company, READABLE[entity], key, request.param("include") or "")
            case _:
                raise _nowhere(request)

    def _read(self, company: Company, entity: str, key: str, include: str) -> Doc:
        if entity != "TaxCode" and not re.fullmatch(r"-?\d+", key):
            # Recorded: S-VCR error__500.2.
            raise Refused("2030", "Invalid ID", f"Id should be a valid number. Supplied value:{key}", "Id")
        found = company.get(entity, key)
        # The link is only where online payment is on and the customer has an e-mail address (facts §2).
        payable = entity == "Invoice" and company.online_payments and "BillEmail" in found
        if payable and "invoicelink" in include.lower():
            found = found | {"InvoiceLink": f"{INVOICE_LINK}{company.realm}-{key}"}
        return {entity: found}

    def _query(self, company: Company, text: str) -> Doc:
        # CompanyInfo and Preferences can be queried too; each is one document.
        company.rows("CompanyInfo")["1"] = company_info.company_info(company)
        company.rows("Preferences")["1"] = company_info.preferences(company)
        return {"QueryResponse": query.run(company, text, self.lookup_lag)}

    def _pdf(self, company: Company, parts: list[str]) -> Response:
        try:
            if parts[0] != "invoice":
                raise unsupported("pdf")
            return Response(200, {"content-type": "application/pdf"}, invoice_actions.pdf(company, parts[1]))
        except Refused as refusal:
            return _fault(company, refusal, wants_json=True)


def _body(company: Company, document: Doc) -> Response:
    time = company.local_now().isoformat(timespec="milliseconds")
    return Response.of_json(document | {"time": time}, 200, {"content-type": "application/json;charset=utf-8"})


def _fault(company: Company, refusal: Refused, *, wants_json: bool) -> Response:
    document = {"Fault": refusal.fault(), "time": company.local_now().isoformat(timespec="milliseconds")}
    return Response.of_json(document, refusal.status) if wants_json else xml_answer.answer(document, refusal.status)


def _demand_type(request: Request, wanted: str) -> None:
    sent = request.headers.get("content-type", "").split(";")[0].strip()
    if sent != wanted:
        raise unsupported(f"{request.method} {request.path} with Content-Type {sent or 'missing'}")


def _nowhere(request: Request) -> Refused:
    # Recorded: S-VCR error__500.1.
    return unsupported(f"Could not find resource for relative : {request.path}")


def _json(request: Request) -> object:
    try:
        return request.json()
    except ValueError:
        raise Refused("2010", "Request has invalid or unsupported property", "The body is not JSON") from None
