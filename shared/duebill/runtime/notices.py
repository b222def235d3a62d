"""What arrives in the body of a notice or a form, whatever its content type says."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from duebill.domain.ids import CompanyId, UserId
from duebill.errors import InvalidRequest

_LONGEST_ID = 18
_MOST_FIELDS = 50


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the CRM about one user of one company."""

    company: CompanyId
    user: UserId
    is_shared: bool | None = None


def read_notice(event: Mapping[str, Any]) -> Notice:
    """The notice in an API Gateway event, as JSON or as a form. Raises InvalidRequest."""
    text = _text(event)
    document = _json_object(text)
    if document is None:
        document = _form(text)
    shared = document.get("isShared")
    return Notice(
        company=CompanyId(_whole(document, "company_id")),
        user=UserId(_whole(document, "user_id")),
        is_shared=None if shared is None else shared is True or str(shared).lower() in ("true", "1"),
    )


def read_form(event: Mapping[str, Any]) -> dict[str, str]:
    """The form in an API Gateway event; of repeated names the last counts. Raises InvalidRequest."""
    return _form(_text(event))


def read_choices(event: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """All that was ticked under one name in the form of an API Gateway event. Raises InvalidRequest."""
    return tuple(value for found, value in _pairs(_text(event)) if found == name and value)


def read_cookie(event: Mapping[str, Any], name: str) -> str | None:
    """A cookie's value; HTTP APIs put cookies apart from the headers."""
    pairs = list(event.get("cookies") or [])
    for header, value in (event.get("headers") or {}).items():
        if header.lower() == "cookie":
            pairs += value.split(";")
    for pair in pairs:
        found, _, value = pair.strip().partition("=")
        if found == name:
            return str(value)
    return None


def _text(event: Mapping[str, Any]) -> str:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body)
    try:
        return base64.b64decode(body, validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest("The request's body cannot be read.") from error


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _form(text: str) -> dict[str, Any]:
    return dict(_pairs(text))


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise InvalidRequest("The request's body cannot be read.") from error


def _whole(document: Mapping[str, Any], name: str) -> int:
    text = str(document.get(name, ""))
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_ID:
        raise InvalidRequest(f"The notice has no usable {name}.", fields=(f"/{name}",))
    return int(text)
