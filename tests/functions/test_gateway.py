"""The local gateway does what API Gateway does: routes, events, answers, limits."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.events import http_answer, http_event
from sandbox.functions import Functions
from sandbox.gateway import Gateway
from sandbox.template import Function, Route, read_template
from sandbox.wire import Request, Response

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class Echo(Functions):
    """Functions that answer with what they were sent; `returns` replaces that."""

    def __init__(self) -> None:
        super().__init__({"echo": Function("echo", 29)}, lambda: self.time)
        self.time = 0.0
        self.takes = 0.0
        self.events: list[dict[str, Any]] = []
        self.returns: Any = {"statusCode": 200, "body": "ok"}

    def invoke(self, name: str, event: dict[str, Any]) -> object:
        self.events.append(event)
        self.time += self.takes
        if isinstance(self.returns, Exception):
            raise self.returns
        return self.returns


KEYS = ("GET /a", "GET /a/{b}", "POST /a/fixed", "POST /a/{b}", "GET /files/{path+}", "GET /{x}/end")


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def gateway(echo: Echo) -> Gateway:
    return Gateway(tuple(Route(key, Function("echo", 29)) for key in KEYS), echo, lambda: AT)


def event_of(sent: Request) -> dict[str, Any]:
    return http_event(sent, "POST /a/{b}", {"b": "1"}, at=AT, request_id="r")


@pytest.mark.parametrize(
    ("method", "path", "key", "parameters"),
    [
        ("GET", "/a", "GET /a", None),
        ("GET", "/a/7", "GET /a/{b}", {"b": "7"}),
        ("POST", "/a/fixed", "POST /a/fixed", None),
        ("POST", "/a/other", "POST /a/{b}", {"b": "other"}),
        ("GET", "/files/css/a.css", "GET /files/{path+}", {"path": "css/a.css"}),
        ("GET", "/b/end", "GET /{x}/end", {"x": "b"}),
    ],
)
def test_the_most_specific_route_answers(
    gateway: Gateway, echo: Echo, method: str, path: str, key: str, parameters: dict[str, str] | None
) -> None:
    gateway(Request(method, path))

    assert echo.events[0]["routeKey"] == key
    assert echo.events[0].get("pathParameters") == parameters


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/a/"), ("PUT", "/a"), ("GET", "/files/")])
def test_what_no_route_takes_is_api_gateways_own_404(gateway: Gateway, echo: Echo, method: str, path: str) -> None:
    answer = gateway(Request(method, path))

    assert (answer.status, answer.body) == (404, b'{"message": "Not Found"}')
    assert echo.events == []


def test_the_event_holds_the_request_as_payload_2_0_does() -> None:
    sent = {"host": "duebill.test", "user-agent": "Mozilla", "cookie": "a=1; b=2", "content-type": "application/json"}
    query = {"q": ["1", "2"], "s": [""]}
    event = event_of(Request("POST", "/a/1", query, sent, b'{"x": "\xc3\xa9"}', "q=1&q=2&s="))

    assert event["version"] == "2.0"
    assert event["rawQueryString"] == "q=1&q=2&s="
    assert event["queryStringParameters"] == {"q": "1,2", "s": ""}
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert event["body"] == '{"x": "é"}'
    assert event["isBase64Encoded"] is False
    assert event["requestContext"]["http"] == {
        "method": "POST",
        "path": "/a/1",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "Mozilla",
    }
    assert event["requestContext"]["timeEpoch"] == 1795255200000
    assert event["requestContext"]["time"] == "21/Nov/2026:10:00:00 +0000"


def test_what_is_empty_is_left_out_of_the_event() -> None:
    event = http_event(Request("GET", "/a"), "GET /a", {}, at=AT, request_id="r")

    assert {"cookies", "queryStringParameters", "pathParameters", "body"} & set(event) == set()


@pytest.mark.parametrize(
    ("content_type", "is_encoded"),
    [
        ("application/json; charset=utf-8", False),
        ("text/plain", False),
        ("application/cloudevents+json", True),
        ("application/x-www-form-urlencoded", True),
        ("application/pdf", True),
    ],
)
def test_bodies_that_are_not_text_arrive_in_base64(content_type: str, is_encoded: bool) -> None:
    event = event_of(Request("POST", "/a/1", headers={"content-type": content_type}, body=b"body"))

    assert event["isBase64Encoded"] is is_encoded
    assert event["body"] == (base64.b64encode(b"body").decode() if is_encoded else "body")


def test_an_answer_may_set_several_cookies_and_hold_any_bytes() -> None:
    body = base64.b64encode(b"\x00\xff").decode()
    answer = http_answer(
        {"statusCode": 201, "headers": {"X-One": 1}, "cookies": ["a=1", "b=2"], "body": body, "isBase64Encoded": True}
    )

    assert answer == Response(
        201, {"x-one": "1", "content-type": "text/plain; charset=utf-8"}, b"\x00\xff", ("a=1", "b=2")
    )


@pytest.mark.parametrize("returned", [ValueError("boom"), {"statusCode": 200, "body": 5}, {"statusCode": "many"}])
def test_a_handler_that_raises_or_answers_nonsense_is_a_500(gateway: Gateway, echo: Echo, returned: object) -> None:
    echo.returns = returned

    answer = gateway(Request("GET", "/a"))

    assert (answer.status, answer.body) == (500, b'{"message": "Internal Server Error"}')


def test_a_handler_that_takes_longer_than_the_gateway_waits_is_a_503(gateway: Gateway, echo: Echo) -> None:
    echo.takes = 31

    assert gateway(Request("GET", "/a")).status == 503


def test_more_than_the_gateway_carries_never_reaches_a_handler(gateway: Gateway, echo: Echo) -> None:
    too_long = gateway(Request("GET", "/a", headers={"authorization": "x" * 10_240}))
    too_big = gateway(Request("POST", "/a/b", body=b"x" * (10 * 1024 * 1024 + 1)))

    assert (too_long.status, too_big.status) == (431, 413)
    assert echo.events == []


def test_the_template_names_a_function_for_every_route() -> None:
    template = read_template()
    found = {route.key: route.function.name for route in template.routes}

    assert found["POST /deals/{deal_id}/invoices"] == "create_invoice"
    assert found["GET /oauth/{provider}/callback"] == "install"
    assert template.functions["finish_work"].timeout == 120
    assert {feed.queue: (feed.function.name, feed.batch) for feed in template.feeds} == {
        "work": ("finish_work", 5),
        "news": ("refresh_invoices", 50),
        "sweep": ("refresh_invoices", 10),
    }
