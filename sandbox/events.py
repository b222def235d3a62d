"""HTTP to API Gateway's events and back: payload format 2.0 of HTTP APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.wire import Request, Response

_TEXT = ("application/json", "application/javascript", "application/xml")


def http_event(
    request: Request, route_key: str, path_parameters: Mapping[str, str], *, at: datetime, request_id: str
) -> dict[str, Any]:
    """The event of one request. What is empty is left out, as API Gateway does."""
    headers = dict(request.headers)
    cookies = [each.strip() for each in headers.pop("cookie", "").split(";") if each.strip()]
    host = headers.get("host", "localhost")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": request.query_string or urlencode(dict(request.query), doseq=True),
        "headers": headers | {"x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https", "x-forwarded-port": "443"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "sandbox",
            "domainName": host,
            "domainPrefix": host.split(".", 1)[0],
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": route_key,
            "stage": "$default",
            "time": at.astimezone(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(at.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if request.query:
        event["queryStringParameters"] = {name: ",".join(values) for name, values in request.query.items()}
    if path_parameters:
        event["pathParameters"] = dict(path_parameters)
    if request.body:
        event |= _body(request)
    return event


def http_answer(result: object) -> Response:
    """A handler's answer as HTTP. Raises ValueError for one that API Gateway cannot read."""
    if not isinstance(result, dict) or "statusCode" not in result:
        return Response(200, {"content-type": "application/json"}, json.dumps(result).encode())
    headers = {name.lower(): str(value) for name, value in (result.get("headers") or {}).items()}
    headers.setdefault("content-type", "text/plain; charset=utf-8")
    body = result.get("body") or ""
    if not isinstance(body, str):
        raise ValueError("a body must be text")  # noqa: TRY004  one error for whatever cannot be read
    content = base64.b64decode(body, validate=True) if result.get("isBase64Encoded") else body.encode()
    return Response(int(result["statusCode"]), headers, content, tuple(result.get("cookies") or ()))


def _body(request: Request) -> dict[str, Any]:
    """Text as it is; everything else in base64, forms and `application/cloudevents+json` among it."""
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type in _TEXT or content_type.startswith("text/"):
        try:
            return {"body": request.body.decode()}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}
