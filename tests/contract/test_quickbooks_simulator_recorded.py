"""The simulated QuickBooks against recorded traffic of a real sandbox company, where such recordings are at hand."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.contract.quickbooks_desk import Desk, Doc, Json, us_desk

FOLDER = Path(__file__).parents[3] / "shared" / "specs" / "quickbooks" / "recorded"
RECORDED = sorted(FOLDER.glob("*.json"))

# What the recordings have and the simulator has not, each for a reason.
ABSENT = {
    "Lat": "no longer returned (2025)",
    "Long": "no longer returned (2025)",
    "CustomField": "the sample companies define none",
    "DeliveryInfo": "only on what was sent",
    "BillEmail": "only where one was given",
    "CustomerMemo": "only where one was given",
    "TxnStatus": "estimates only",
    "Line2": "addresses are answered as they were given",
    "Line3": "addresses are answered as they were given",
    "Line4": "addresses are answered as they were given",
}


def _names() -> Iterator[Any]:
    if not RECORDED:
        yield pytest.param(None, marks=pytest.mark.skip(reason="the recordings are not beside this checkout"))
    for path in RECORDED:
        yield pytest.param(path, id=path.stem)


@pytest.fixture
def us() -> Desk:
    found = us_desk()
    company = found.company
    company.insert("Customer", company.rows("Customer")["5"] | {"DisplayName": "Doe2, Jane"}, identifier="68")
    phone = {"FreeFormNumber": "(650) 555-0100"}
    company.rows("Customer")["5"] |= {"GivenName": "Diego", "FamilyName": "Rodriguez", "PrimaryPhone": phone}
    head = {"Id": "68", "SyncToken": "0"}
    company.rows("Customer")["68"] |= head
    for key in ("264", "130"):
        made = found.create()
        company.rows("Invoice")[key] = company.rows("Invoice").pop(made["Id"]) | {"Id": key}
    return found


def _send(us: Desk, request: Doc) -> httpx.Response:
    url = urlsplit(request["uri"])
    path = re.sub(r"^/v3(/company/-COMPANY_ID-)?", "", url.path)
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    headers = {"accept": "application/pdf"} if path.endswith("/pdf") else {}
    body = request["body"] or None
    return us.http.request(request["method"], path, params=query, json=body, headers=headers)


def _lacks(recorded: Json, ours: Json, at: str = "") -> list[str]:
    """The names of properties that the recording has and our answer has not."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        missing = [f"{at}.{name}" for name in recorded if name not in ours and name not in ABSENT]
        shared = [name for name in recorded if name in ours]
        return missing + [each for name in shared for each in _lacks(recorded[name], ours[name], f"{at}.{name}")]
    if isinstance(recorded, list) and isinstance(ours, list) and recorded and ours:
        return _lacks(recorded[0], ours[0], f"{at}[]")
    return []


@pytest.mark.parametrize("path", list(_names()))
def test_a_recorded_exchange_is_answered_alike(us: Desk, path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("Estimate", "Invoice").replace("estimate", "invoice")
    exchange = json.loads(text)  # estimates are not simulated; as far as it matters here, invoices look alike
    recorded = exchange["response"]
    if recorded["status"]["code"] == 401:
        us.http.headers["authorization"] = "Bearer expired"
    answer = _send(us, exchange["request"])
    assert answer.status_code == recorded["status"]["code"]
    kind = recorded["headers"]["Content-Type"][0].split(";")[0]
    assert answer.headers["content-type"].split(";")[0] == kind
    if kind == "application/pdf":
        assert answer.content.startswith(b"%PDF-1.4")
        return
    ours, theirs = answer.json(), recorded["body"]
    if "QueryResponse" in theirs:
        theirs = _common(theirs)
    assert _lacks(theirs, ours) == []
    for envelope, error in (("Fault", "Error"), ("fault", "error")):
        if envelope in theirs:
            assert [e["code"] for e in ours[envelope][error]] == [e["code"] for e in theirs[envelope][error]]
            assert ours[envelope]["type"] == theirs[envelope]["type"]


def _common(answer: Doc) -> Doc:
    """Of many recorded customers only what all of them have."""
    rows = answer["QueryResponse"]["Customer"]
    shared = set.intersection(*(set(row) for row in rows))
    return answer | {"QueryResponse": answer["QueryResponse"] | {"Customer": [{n: rows[0][n] for n in shared}]}}


def test_a_void_reads_as_recorded(us: Desk) -> None:
    path = FOLDER / "void__invoice.2.json"
    if not path.exists():
        pytest.skip("the recordings are not beside this checkout")
    exchange = json.loads(path.read_text(encoding="utf-8"))
    ours = _send(us, exchange["request"]).json()["Invoice"]
    theirs = exchange["response"]["body"]["Invoice"]
    for name in ("TotalAmt", "Balance", "PrivateNote", "SyncToken", "LinkedTxn", "TxnTaxDetail"):
        assert ours[name] == theirs[name]
    assert [line["Amount"] for line in ours["Line"]] == [line["Amount"] for line in theirs["Line"]]
