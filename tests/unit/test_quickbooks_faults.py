"""QuickBooks' refusals become ours: both envelopes, every status."""

import json

import pytest

from duebill.errors import (
    BooksRefused,
    DuebillError,
    LimitReached,
    NotFound,
    OutcomeUnknown,
    ReconnectRequired,
    StaleVersion,
    TryLater,
)
from duebill.outside.http import HttpResponse
from duebill.providers.quickbooks.faults import error_of, fault_in


def service(code: str, detail: str = "", message: str = "Message", kind: str = "ValidationFault") -> dict[str, object]:
    return {"Fault": {"Error": [{"Message": message, "Detail": detail, "code": code, "element": ""}], "type": kind}}


def gateway(code: str, detail: str = "") -> dict[str, object]:
    error = {"message": f"message=X; errorCode={code}", "detail": detail, "code": code, "element": None}
    return {"warnings": None, "fault": {"error": [error], "type": "AUTHENTICATION"}, "time": 1601391072830}


def error(document: object, status: int = 400, *, wrote: bool = True, **headers: str) -> DuebillError:
    answer = HttpResponse(status, {"intuit_tid": "1-abc", **headers}, json.dumps(document).encode())
    return error_of(answer, fault_in(document), wrote=wrote)


@pytest.mark.parametrize(
    ("code", "kind", "ours"),
    [
        ("6240", BooksRefused, "duplicate_customer_name"),
        ("6140", BooksRefused, "duplicate_number"),
        ("6210", BooksRefused, "books_closed"),
        ("6190", BooksRefused, "subscription_ended"),
        ("2500", BooksRefused, "reference_inactive"),
        ("6000", BooksRefused, "quickbooks_6000"),
        ("2010", BooksRefused, "quickbooks_2010"),
        ("5010", StaleVersion, "stale_version"),
        ("610", NotFound, "not_found_in_books"),
        ("3100", ReconnectRequired, "reconnect_required"),
        ("003200", ReconnectRequired, "reconnect_required"),
        ("100", ReconnectRequired, "reconnect_required"),
        ("120", ReconnectRequired, "reconnect_required"),
        ("3001", LimitReached, "limit_reached"),
    ],
)
def test_each_code_becomes_the_error_that_callers_know(code: str, kind: type[DuebillError], ours: str) -> None:
    found = error(service(code, "A detail"))
    assert type(found) is kind
    assert (found.code, found.provider_reference) == (ours, "1-abc")


def test_a_refusal_carries_the_providers_own_sentence_once() -> None:
    found = error(service("6000", "Business Validation Error: the tax is missing.", "Business Validation Error"))
    assert found.message == "QuickBooks refused this. the tax is missing."
    assert error(service("6000", "", "Only this")).message == "QuickBooks refused this. Only this"


def test_a_fault_inside_a_200_is_a_refusal() -> None:
    assert error(service("6210"), 200).code == "books_closed"


def test_no_piece_of_a_token_reaches_a_message() -> None:
    found = error(gateway("3200", "Token expired: eyJhbGciOiJka"), 401)
    assert isinstance(found, ReconnectRequired)
    assert "eyJ" not in found.message


def test_no_access_says_why() -> None:
    assert "administrator" in error(service("100"), 403).message
    assert "does not open this company" in error(gateway("3100"), 403).message


@pytest.mark.parametrize(("header", "seconds"), [({}, 60), ({"retry-after": "90"}, 90), ({"retry-after": "soon"}, 60)])
def test_throttling_waits_a_minute_or_what_the_answer_says(header: dict[str, str], seconds: int) -> None:
    assert error(gateway("3001"), 429, **header).retry_after == seconds
    assert error({"not": "a fault"}, 429, **header).retry_after == seconds


@pytest.mark.parametrize(
    ("document", "status"),
    [
        (service("10000", kind="SystemFault"), 500),
        (service("10000", kind="SystemFault"), 400),
        (service("9999", kind="SystemFault"), 400),
        (service("6000"), 503),
        ({}, 502),
        ([], 200),
        ("text", 404),
        (service(""), 400),
        ({"Fault": {"Error": []}}, 400),
        ({"Fault": {}}, 400),
        ({"Fault": {"Error": ["odd"]}}, 400),
    ],
)
def test_what_is_no_considered_answer_leaves_a_write_in_doubt_and_a_read_for_later(
    document: object, status: int
) -> None:
    assert type(error(document, status, wrote=True)) is OutcomeUnknown
    assert type(error(document, status, wrote=False)) is TryLater


def test_an_ordinary_answer_holds_no_fault() -> None:
    assert fault_in({"Invoice": {}}) is None
    assert fault_in(None) is None
    assert fault_in({"Fault": "text"}) is None
