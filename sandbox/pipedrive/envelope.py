"""How Pipedrive wraps its answers, and its refusals [O1] [O2]."""

from collections.abc import Mapping

from sandbox.wire import Response

ERROR_INFO = "Please check developers.pipedrive.com for more information about Pipedrive API."


class Refusal(Exception):
    """The request is answered with a failure."""

    def __init__(self, status: int, document: Mapping[str, object], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {document.get('error')}")
        self.status = status
        self.document = document
        self.headers = headers or {}

    def response(self) -> Response:
        """The answer."""
        return Response.of_json(dict(self.document), self.status, self.headers)


def one(data: object) -> Response:
    """One object, in v1 and v2."""
    return Response.of_json({"success": True, "data": data})


def page_v2(data: object, next_cursor: str | None) -> Response:
    """A page of v2; `next_cursor` is null at the end."""
    return Response.of_json({"success": True, "data": data, "additional_data": {"next_cursor": next_cursor}})


def page_v1(data: list[object], start: int, limit: int, *, more: bool) -> Response:
    """A page of v1; `next_start` is there only when more follows. An empty list is null, as v1 does [M]."""
    pagination: dict[str, object] = {"start": start, "limit": limit, "more_items_in_collection": more}
    if more:
        pagination["next_start"] = start + limit
    return Response.of_json({"success": True, "data": data or None, "additional_data": {"pagination": pagination}})


def unauthorized() -> Refusal:
    """No token, one that is unknown, or one that has expired (v1 spec, 401 example)."""
    return Refusal(401, {"success": False, "error": "unauthorized access", "errorCode": 401})


def scope_mismatch() -> Refusal:
    """The app's scopes do not cover the address (faq: "Scope and URL mismatch")."""
    info = "Please check developers.pipedrive.com"
    return Refusal(403, {"success": False, "error": "Scope and URL mismatch", "errorCode": 403, "error_info": info})


def forbidden() -> Refusal:
    """The user's permissions do not allow it (v1 spec, 403 example)."""
    info = "Please check developers.pipedrive.com"
    return failure(403, "You do not have permissions to do this.", info)


def not_found() -> Refusal:
    """There is no such thing (v2 spec, 404 example)."""
    return failure(404, "Entity was not found", "Object was not found.")


def unknown_address() -> Refusal:
    """No operation at this address."""
    return failure(404, "Unknown method .", ERROR_INFO)


def bad_request(sentence: str) -> Refusal:
    """v1 did not like what was sent."""
    return failure(400, sentence, ERROR_INFO)


def invalid(problems: Mapping[str, str]) -> Refusal:
    """v2's validation error: parameter → sentence (client-nodejs#651 shows this envelope)."""
    told = "; ".join(f"{name}: {sentence}" for name, sentence in problems.items())
    return Refusal(
        400, {"success": False, "error": f"Validation failed: {told}", "code": "ERR_SCHEMA_VALIDATION_FAILED"}
    )


def not_allowed(names: list[str]) -> Refusal:
    """v2's answer to parameters that it does not know (client-nodejs#651)."""
    return invalid({name: f"Parameter '{name}' is not allowed for this request" for name in names})


def failure(status: int, error: str, info: str) -> Refusal:
    """The common failure envelope."""
    return Refusal(
        status, {"success": False, "error": error, "error_info": info, "data": None, "additional_data": None}
    )
