"""Field metadata, v2 [O2]; a deal's custom fields can be made too."""

import hashlib
from collections.abc import Mapping
from functools import partial

from sandbox.pipedrive import envelope, params
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.model import DEALS, ORGANIZATIONS, PERSONS, PRODUCTS, Document
from sandbox.wire import Response

# [O2] addDealField, field_type
WRITABLE_TYPES = (
    "varchar", "text", "double", "phone", "date", "daterange", "time", "timerange", "set", "enum", "varchar_auto",
    "address", "monetary", "org", "people", "user",
)  # fmt: skip
EXTRAS = {
    "ui_visibility": {"add_visible_flag": True, "details_visible_flag": True},
    "important_fields": {"enabled": False, "stage_ids": []},
    "required_fields": {"enabled": False},
}


def listed(entity: str, call: Call) -> Response:
    """All fields of an entity, built in and custom, page by page."""
    rows = [{**_shown(call, row), "id": index} for index, row in enumerate(call.company.fields.get(entity, []))]
    return params.page(call, rows, shown=lambda part: [{k: v for k, v in row.items() if k != "id"} for row in part])


def one(entity: str, call: Call) -> Response:
    """One field. One that was deleted is not found."""
    for row in call.company.fields.get(entity, []):
        if row["field_code"] == call.path["field_code"]:
            return envelope.one(_shown(call, row))
    raise envelope.not_found()


def add(call: Call) -> Response:
    """Make a custom field of deals. Only an admin may: others only by their permission set (stricter reading)."""
    sent = call.body()
    if unknown := sorted(set(sent) - {"field_name", "field_type", "options", "description", *EXTRAS}):
        raise envelope.not_allowed(unknown)
    if problems := _problems(sent):
        raise envelope.invalid(problems)
    if not call.user.admin:
        raise envelope.forbidden()
    rows = call.company.fields.setdefault(DEALS, [])
    known = [option["id"] for row in rows for option in row["options"] or []]
    first = max((number for number in known if isinstance(number, int)), default=0) + 1
    labels = sent.get("options")
    code = f"{sent['field_name']}/{len(rows)}/{call.company.id}"
    row: Document = {
        "field_name": sent["field_name"],
        "field_code": hashlib.sha1(code.encode(), usedforsecurity=False).hexdigest(),
        "description": sent.get("description"),
        "field_type": sent["field_type"],
        "options": [
            {"id": first + index, "label": option["label"], "color": None} for index, option in enumerate(labels)
        ]
        if isinstance(labels, list)
        else None,
        "subfields": None,
        "is_custom_field": True,
        "is_optional_response_field": False,
    }
    rows.append(row)
    return envelope.one(row)


def _problems(sent: Mapping[str, object]) -> dict[str, str]:
    problems = {}
    name, kind, options = sent.get("field_name"), sent.get("field_type"), sent.get("options")
    if not isinstance(name, str) or not name.strip():
        problems["field_name"] = "Parameter 'field_name' is required"
    if kind not in WRITABLE_TYPES:
        problems["field_type"] = f"Parameter 'field_type' must be one of {', '.join(WRITABLE_TYPES)}"
    if kind in ("enum", "set"):
        # [O2] "required for enum and set field types"
        fine = (
            isinstance(options, list) and options and all(isinstance(one, dict) and one.get("label") for one in options)
        )
        if not fine:
            problems["options"] = "Parameter 'options' is required for this field type"
    elif options is not None:
        problems["options"] = "Parameter 'options' is not allowed for this field type"
    return problems


def _shown(call: Call, row: Document) -> Document:
    wanted = params.words(call, "include_fields")
    if unknown := [name for name in wanted if name not in EXTRAS]:
        raise envelope.invalid({"include_fields": f"'{unknown[0]}' is not a valid value"})
    return {**row, **{name: EXTRAS[name] for name in wanted}}


def _operations() -> tuple[Operation, ...]:
    contacts = frozenset({"contacts:read", "contacts:full", "contact-fields:full", "admin"})
    scopes = {
        DEALS: frozenset({"deals:read", "deals:full", "deal-fields:full", "admin"}),
        PERSONS: contacts,
        ORGANIZATIONS: contacts,
        PRODUCTS: frozenset({"products:read", "products:full", "product-fields:full"}),
    }
    pages = frozenset({"include_fields", "limit", "cursor"})
    found = []
    for entity, enough in scopes.items():
        address = f"/{entity}Fields"
        found.append(Operation("GET", address, 2, 10, enough, partial(listed, entity), pages))
        single = frozenset({"include_fields"})
        found.append(Operation("GET", f"{address}/{{field_code}}", 2, 1, enough, partial(one, entity), single))
    found.append(Operation("POST", "/dealFields", 2, 5, frozenset({"deal-fields:full", "admin"}), add))
    return tuple(found)


OPERATIONS = _operations()
