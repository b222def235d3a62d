"""Errors as `application/problem+json` (RFC 9457): a stable code, a sentence for the person, the fields to blame."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from duebill.errors import DuebillError, Problem

CONTENT_TYPE = "application/problem+json"


def problem_document(error: DuebillError) -> dict[str, Any]:
    """The document for an error. `fields` and `problems` are there only where something in the request is to blame."""
    document: dict[str, Any] = {
        "type": f"urn:duebill:problem:{error.code}",
        "title": HTTPStatus(error.http_status).phrase,
        "status": error.http_status,
        "code": error.code,
        "detail": error.message,
    }
    if error.fields:
        document["fields"] = list(error.fields)
    if error.values:
        document["values"] = error.values
    if error.problems:
        document["problems"] = [_problem(problem) for problem in error.problems]
    if error.provider_reference:
        document["provider_reference"] = error.provider_reference
    return document


def problem_body(error: DuebillError) -> str:
    """The document as JSON text."""
    return json.dumps(problem_document(error), ensure_ascii=False)


def problem_headers(error: DuebillError) -> dict[str, str]:
    """Retry-After where the error says when."""
    return {"Retry-After": str(error.retry_after)} if error.retry_after else {}


def fields_to_blame(errors: Sequence[Any]) -> tuple[str, ...]:
    """JSON pointers of what a validation found wrong: never the values themselves."""
    pointers = ("/" + "/".join(str(part) for part in error["loc"][1:]) for error in errors)
    return tuple(dict.fromkeys(pointers))


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "severity": problem.severity.value,
        "fields": list(problem.fields),
        "values": problem.values,
    }
