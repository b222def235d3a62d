"""API Gateway HTTP API events (payload format 2.0), as the gateway sends them."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode


def http_event(
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    cookies: Sequence[str] = (),
    body: str | None = None,
) -> dict[str, Any]:
    """One request; header names arrive in lower case, cookies apart from them."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": {"host": "duebill.test", **{name.lower(): value for name, value in (headers or {}).items()}},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "duebill.test",
            "domainPrefix": "duebill",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "test",
            },
            "requestId": "request-1",
            "routeKey": "$default",
            "stage": "$default",
            "time": "13/Mar/2026:09:00:00 +0000",
            "timeEpoch": 1773392400000,
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = dict(query)
    if cookies:
        event["cookies"] = list(cookies)
    if body is not None:
        event["body"] = body
    return event
