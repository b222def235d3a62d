"""Field metadata, v2 [O2]."""

from functools import partial

from sandbox.pipedrive import envelope, params
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.model import DEALS, ORGANIZATIONS, PERSONS, PRODUCTS, Document
from sandbox.wire import Response

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
    return tuple(found)


OPERATIONS = _operations()
