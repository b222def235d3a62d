"""The HTTP side of the API functions: one way to begin, to answer and to fail."""

import base64
import json
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from duebill.domain.draft import MAX_BYTES
from duebill.errors import DuebillError, InvalidRequest, NotFound
from duebill.runtime.caller import Caller, caller_of
from duebill.runtime.logs import logger, place_of
from duebill.runtime.metrics import Metric, count, count_error
from duebill.runtime.problems import CONTENT_TYPE, fields_to_blame, problem_body, problem_headers
from duebill.runtime.wiring import Wiring, wire

_SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class InvalidFields(InvalidRequest):
    """The JSON is well formed and something in it is not what it should be."""

    code = "invalid_fields"
    http_status = 422


class TooLarge(InvalidRequest):
    """More than a draft may be."""

    code = "draft_too_large"
    http_status = 413


def make_app() -> APIGatewayHttpResolver:
    """A resolver that checks types, speaks exact decimals, and answers every error with a problem document."""
    app = APIGatewayHttpResolver(enable_validation=True, json_body_deserializer=_read_json)

    @app.exception_handler(DuebillError)
    def on_error(error: DuebillError) -> Response[str]:
        count_error(error, wiring_of(app).settings)
        return refuse(error)

    @app.exception_handler(RequestValidationError)
    def on_invalid(error: RequestValidationError) -> Response[str]:
        found = error.errors()
        if any(one["type"] == "json_invalid" for one in found):
            return refuse(InvalidRequest("The request is not well-formed JSON.", code="malformed_json"))
        sentence = "; ".join(dict.fromkeys(str(one["msg"]) for one in found[:3]))
        return refuse(InvalidFields(f"The request does not fit: {sentence}.", fields=fields_to_blame(found)))

    @app.not_found
    def on_unknown_route(_: NotFoundError) -> Response[str]:
        return refuse(NotFound("There is no such address.", code="no_such_route"))

    return app


def answer(app: APIGatewayHttpResolver, event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one API Gateway event. What nobody foresaw becomes a 500 with a problem document, and one log line."""
    wiring = wire(context)
    app.append_context(wiring=wiring)
    try:
        problem = _unreadable(event)
        # The resolver never looks into the context, so whatever stands in for Lambda's will do.
        result = _as_result(refuse(problem)) if problem else app.resolve(event, context)  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001  the last line of defence: nothing may leave as a stack trace
        said = {"error": type(error).__name__, "at": place_of(error), "route": event.get("routeKey")}
        logger().error("unexpected_error", extra=said)
        result = _as_result(refuse(DuebillError()))
    if result["statusCode"] == HTTPStatus.INTERNAL_SERVER_ERROR:  # pages' too; what waits or may be repeated is a 503
        count(Metric.UNEXPECTED_ERRORS, wiring.settings)
    result["headers"] = {**_SAFE_HEADERS, **(result.get("headers") or {})}
    return result


def wiring_of(app: APIGatewayHttpResolver) -> Wiring:
    """The wiring of the request that is being answered."""
    wiring: Wiring = app.context["wiring"]
    return wiring


def caller(app: APIGatewayHttpResolver) -> Caller:
    """Who is asking. Raises NotAuthenticated, NotAllowed."""
    return caller_of(wiring_of(app), app.current_event.headers.get("authorization"))


def refuse(error: DuebillError) -> Response[str]:
    """The problem document of an error as an answer; server-side failures leave a log line by code."""
    log_failure(error)
    return Response(
        status_code=error.http_status,
        content_type=CONTENT_TYPE,
        body=problem_body(error),
        headers=dict(problem_headers(error)),
    )


def log_failure(error: DuebillError) -> None:
    """A log line by code for a failure on our side or behind us; what a caller did wrong leaves none."""
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().warning(error.code, extra={"status": error.http_status, "reference": error.provider_reference})


def _unreadable(event: dict[str, Any]) -> InvalidRequest | None:
    """Why the body cannot even be looked at, if so; API Gateway sends what is not text as base64."""
    body = event.get("body") or ""
    if len(body) > MAX_BYTES * 4 // 3:
        return TooLarge("This is more than an invoice may hold (256 KB).")
    if event.get("isBase64Encoded"):
        try:
            base64.b64decode(body).decode()
        except ValueError:
            return InvalidRequest("The request is not text in UTF-8.", code="malformed_json")
    return None


def _as_result(response: Response[str]) -> dict[str, Any]:
    headers = {"Content-Type": CONTENT_TYPE, **{name: str(value) for name, value in response.headers.items()}}
    return {"statusCode": response.status_code, "headers": headers, "body": response.body, "isBase64Encoded": False}


def _read_json(text: str) -> Any:  # noqa: ANN401  JSON has any shape until a model has read it
    return json.loads(text, parse_float=Decimal)
