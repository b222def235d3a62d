"""Persons and organizations, v2 [O2]."""

from decimal import Decimal
from functools import partial

from sandbox.pipedrive import envelope, params, shown
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.model import ORGANIZATIONS, PERSONS, Document
from sandbox.pipedrive.visibility import may_see, take
from sandbox.wire import Response

READ = frozenset({"contacts:read", "contacts:full"})
SEARCHED = ("address", "custom_fields", "notes", "name")
SEARCHABLE = ("address", "varchar", "text", "varchar_auto", "double", "monetary", "phone")
SHORTEST_TERM = 2
COUNTS = (
    "open_deals_count", "related_open_deals_count", "closed_deals_count", "related_closed_deals_count",
    "email_messages_count", "activities_count", "done_activities_count", "undone_activities_count", "files_count",
    "notes_count", "followers_count", "won_deals_count", "related_won_deals_count", "lost_deals_count",
    "related_lost_deals_count",
)  # fmt: skip


def one(entity: str, call: Call) -> Response:
    """One person or organization, also when it is deleted: it says so itself."""
    optional: dict[str, object] = {**dict.fromkeys(COUNTS, 0), "next_activity_id": None, "last_activity_id": None}
    return envelope.one(shown.document(call, entity, take(call, entity, call.id()), optional))


def search(call: Call) -> Response:
    """Organizations in which `term` stands. Not case sensitive; deleted ones are not found."""
    term = (call.request.param("term") or "").casefold().strip()
    exact = params.flag(call, "exact_match")
    if len(term) < (1 if exact else SHORTEST_TERM):
        raise envelope.invalid({"term": "Parameter 'term' must have at least 2 characters, 1 with exact_match"})
    fields = params.words(call, "fields") or list(SEARCHED)
    if unknown := [name for name in fields if name not in SEARCHED]:
        raise envelope.invalid({"fields": f"'{unknown[0]}' is not a valid value"})
    rows = [
        document
        for document in call.company.organizations.values()
        if not document["is_deleted"]
        and may_see(call.company, call.user, document)
        and any(_hit(text, term, exact=exact) for text in _texts(call, document, fields))
    ]
    return params.page(call, rows, shown=lambda part: {"items": [_item(call, row) for row in part]})


def _hit(text: str, term: str, *, exact: bool) -> bool:
    return text.casefold() == term if exact else term in text.casefold()


def _texts(call: Call, document: Document, fields: list[str]) -> list[str]:
    found = [document["name"]] if "name" in fields else []
    if "address" in fields and document["address"]:
        found.append(document["address"]["value"])
    if "custom_fields" in fields:
        found += _custom_texts(call, document)
    return found


def _custom_texts(call: Call, document: Document) -> list[str]:
    found = []
    for key, field in shown.custom_fields_of(call, ORGANIZATIONS).items():
        value = document["custom_fields"].get(key)
        if value is not None and field["field_type"] in SEARCHABLE:
            found.append(str(value["value"] if isinstance(value, dict) else value))
    return found


def _item(call: Call, document: Document) -> Document:
    return {
        "result_score": Decimal("0.316"),
        "item": {
            "id": document["id"],
            "type": "organization",
            "name": document["name"],
            "address": document["address"]["value"] if document["address"] else None,
            "visible_to": document["visible_to"],
            "owner": {"id": document["owner_id"]},
            "custom_fields": _custom_texts(call, document),
            "notes": [],
        },
    }


OPERATIONS = (
    Operation("GET", "/persons/{id}", 2, 1, READ, partial(one, PERSONS), shown.VIEW),
    Operation("GET", "/organizations/{id}", 2, 1, READ, partial(one, ORGANIZATIONS), shown.VIEW),
    Operation(
        "GET", "/organizations/search", 2, 20, READ | {"search:read"}, search,
        frozenset({"term", "fields", "exact_match", "limit", "cursor"}),
    ),
)  # fmt: skip
