"""What goes over the wire to QuickBooks, and what an odd answer means."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from duebill.domain.ids import CustomerId, TenantId
from duebill.errors import BooksRefused, OutcomeUnknown, ReconnectRequired, TryLater
from duebill.outside.http import HttpRequest, HttpResponse
from duebill.providers.quickbooks.client import QuickBooksClient
from duebill.providers.quickbooks.query import Query, one_of
from duebill.providers.quickbooks.wire import CustomerDocument

CUSTOMER = {"Id": "7", "SyncToken": "3", "DisplayName": "A", "SomethingNew": {"x": 1}}
FAULT = {"Fault": {"Error": [{"Message": "M", "Detail": "D", "code": "610"}], "type": "ValidationFault"}}


@dataclass
class Wire:
    """outside.http.Http that answers from a list and keeps what was sent."""

    answers: list[HttpResponse | Exception]
    sent: list[HttpRequest] = field(default_factory=list)

    def send(self, request: HttpRequest) -> HttpResponse:
        self.sent.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Tokens:
    def current(self) -> str:
        return "first"

    def instead_of(self, refused: str) -> str:
        assert refused == "first"
        return "second"


def json_of(document: object, status: int = 200) -> HttpResponse:
    return HttpResponse(status, {"intuit_tid": "1-abc"}, json.dumps(document).encode())


def opened(*answers: HttpResponse | Exception) -> tuple[QuickBooksClient, Wire]:
    wire = Wire(list(answers))
    return QuickBooksClient(wire, Tokens(), "https://api.test", TenantId("42")), wire


def test_a_write_carries_its_key_the_minor_version_and_the_token() -> None:
    client, wire = opened(json_of({"Customer": CUSTOMER}))
    assert client.create_customer({"DisplayName": "A"}, key="k1").id == "7"
    (sent,) = wire.sent
    assert (sent.method, sent.url) == ("POST", "https://api.test/v3/company/42/customer")
    assert sent.params == {"requestid": "k1", "minorversion": "75"}
    assert sent.headers == {
        "accept": "application/json",
        "content-type": "application/json",
        "authorization": "Bearer first",
    }


def test_a_401_is_answered_with_the_next_token_and_the_same_request() -> None:
    client, wire = opened(HttpResponse(401), json_of({"Customer": CUSTOMER}))
    client.create_customer({"DisplayName": "A"}, key="k1")
    first, second = wire.sent
    assert (first.body, first.params, first.url) == (second.body, second.params, second.url)
    assert second.headers["authorization"] == "Bearer second"


def test_two_401s_end_it() -> None:
    client, wire = opened(HttpResponse(401), HttpResponse(401))
    with pytest.raises(ReconnectRequired):
        client.read_company()
    assert len(wire.sent) == 2


def test_a_long_question_goes_into_the_body() -> None:
    client, wire = opened(json_of({"QueryResponse": {}}), json_of({"QueryResponse": {}}))
    client.query(CustomerDocument, Query("Customer", (one_of("Id", [str(n) for n in range(10)]),)))
    client.query(CustomerDocument, Query("Customer", (one_of("Id", [str(n) for n in range(1000, 1200)]),)))
    short, long = wire.sent
    assert (short.method, "query" in short.params) == ("GET", True)
    assert (long.method, "query" in long.params) == ("POST", False)
    assert long.headers["content-type"] == "application/text"
    assert long.body is not None
    assert long.body.startswith(b"SELECT * FROM Customer WHERE Id IN ('1000', '1001'")


def test_pages_are_read_until_one_is_not_full() -> None:
    page = {"QueryResponse": {"Customer": [CUSTOMER, CUSTOMER]}}
    client, wire = opened(json_of(page), json_of(page), json_of({"QueryResponse": {"Customer": [CUSTOMER]}}))
    assert len(client.query_all(CustomerDocument, Query("Customer", limit=2))) == 5
    starts = [sent.params["query"].split("STARTPOSITION ")[1] for sent in wire.sent]
    assert starts == ["1 MAXRESULTS 2", "3 MAXRESULTS 2", "5 MAXRESULTS 2"]


def test_answers_of_a_batch_come_in_the_order_of_the_questions() -> None:
    answers = [{"bId": "1", "QueryResponse": {"Term": []}}, {"bId": "0", "QueryResponse": {"Account": []}}]
    client, _ = opened(json_of({"BatchItemResponse": answers}))
    first, second = client.query_together([Query("Account"), Query("Term")])
    assert ("Account" in first["QueryResponse"], "Term" in second["QueryResponse"]) == (True, True)


def test_one_refused_question_refuses_the_batch() -> None:
    client, _ = opened(json_of({"BatchItemResponse": [{"bId": "0", "QueryResponse": {}}, {"bId": "1"} | FAULT]}))
    with pytest.raises(Exception, match="does not have this any more"):
        client.query_together([Query("Account"), Query("Term")])


def test_a_batch_with_an_answer_missing_is_for_later() -> None:
    client, _ = opened(json_of({"BatchItemResponse": [{"bId": "0", "QueryResponse": {}}]}))
    with pytest.raises(TryLater):
        client.query_together([Query("Account"), Query("Term")])


def test_creating_with_something_that_is_gone_is_a_refusal() -> None:
    client, _ = opened(json_of(FAULT, 400))
    with pytest.raises(BooksRefused) as refused:
        client.create_invoice({}, key="k1")
    assert (refused.value.code, refused.value.provider_reference) == ("not_found_in_books", "1-abc")


ODD = [
    HttpResponse(200, {}, b"<html>"),
    HttpResponse(200, {}, b"[1]"),
    HttpResponse(200, {}, b"\xff\xfe"),
    HttpResponse(302, {"location": "https://elsewhere.test"}),
    json_of({"Customer": {"Id": "7"}}),
    json_of({"time": "now"}),
    OutcomeUnknown("nothing came"),
]


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_answer_to_a_write_leaves_it_in_doubt(odd: HttpResponse | Exception) -> None:
    client, _ = opened(odd)
    with pytest.raises(OutcomeUnknown):
        client.create_customer({"DisplayName": "A"}, key="k1")


READS: list[Callable[[QuickBooksClient], object]] = [
    lambda client: client.read_customer(CustomerId("7")),
    lambda client: client.query(CustomerDocument, Query("Customer")),
    lambda client: client.query_together([Query("Customer")]),
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("read", READS)
def test_an_odd_answer_to_a_read_is_for_later(
    odd: HttpResponse | Exception, read: Callable[[QuickBooksClient], object]
) -> None:
    client, _ = opened(odd)
    with pytest.raises(TryLater):
        read(client)


def test_what_surely_was_not_sent_stays_so() -> None:
    client, _ = opened(TryLater("no connection"))
    with pytest.raises(TryLater):
        client.create_customer({"DisplayName": "A"}, key="k1")
