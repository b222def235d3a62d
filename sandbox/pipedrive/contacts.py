"""Persons and organizations, v2 [O2]."""

from decimal import Decimal
from functools import partial

from sandbox.pipedrive import envelope, params, shown
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.model import ORGANIZATIONS, PERSONS, Document
from sandbox.pipedrive.searching import custom_texts, hits, searched_fields, term_of
from sandbox.pipedrive.visibility import may_see, take
from sandbox.wire import Response

READ = frozenset({"contacts:read", "contacts:full"})
SORTS = ("id", "update_time", "add_time")
LIST_QUERY = shown.VIEW | {
    "ids", "owner_id", "updated_since", "updated_until", "sort_by", "sort_direction", "limit", "cursor",
}  # fmt: skip
SEARCHED = ("address", "custom_fields", "notes", "name")
COUNTS = (
    "open_deals_count", "related_open_deals_count", "closed_deals_count", "related_closed_deals_count",
    "email_messages_count", "activities_count", "done_activities_count", "undone_activities_count", "files_count",
    "notes_count", "followers_count", "won_deals_count", "related_won_deals_count", "lost_deals_count",
    "related_lost_deals_count",
)  # fmt: skip


def one(entity: str, call: Call) -> Response:
    """One person or organization, also when it is deleted: it says so itself."""
    return envelope.one(shown.document(call, entity, take(call, entity, call.id()), _optional()))


def several(entity: str, call: Call) -> Response:
    """Persons or organizations that are not deleted."""
    numbers = params.ids(call, "ids")
    owner, since, until = (
        params.whole(call, "owner_id"),
        params.moment(call, "updated_since"),
        params.moment(call, "updated_until"),
    )
    organization = params.whole(call, "org_id")
    deal = call.company.deals.get(params.whole(call, "deal_id") or 0, {})
    rows = [
        document
        for document in call.company.documents(entity).values()
        if not document["is_deleted"]
        and may_see(call.company, call.user, document)
        and (numbers is None or document["id"] in numbers)
        and owner in (None, document["owner_id"])
        and organization in (None, document.get("org_id"))
        and ("deal_id" not in call.request.query or document["id"] == deal.get("person_id"))
        and (since is None or document["update_time"] >= since)
        and (until is None or document["update_time"] < until)
    ]
    return params.page(call, rows, SORTS, lambda part: [shown.document(call, entity, row, _optional()) for row in part])


def search(call: Call) -> Response:
    """Organizations in which `term` stands. Not case sensitive; deleted ones are not found."""
    term = term_of(call)
    fields = searched_fields(call, SEARCHED)
    rows = [
        document
        for document in call.company.organizations.values()
        if not document["is_deleted"]
        and may_see(call.company, call.user, document)
        and hits(_texts(call, document, fields), term)
    ]
    return params.page(call, rows, shown=lambda part: {"items": [_item(call, row) for row in part]})


def _optional() -> dict[str, object]:
    return {**dict.fromkeys(COUNTS, 0), "next_activity_id": None, "last_activity_id": None}


def _texts(call: Call, document: Document, fields: list[str]) -> list[str]:
    found = [document["name"]] if "name" in fields else []
    if "address" in fields and document["address"]:
        found.append(document["address"]["value"])
    return found + (custom_texts(call, ORGANIZATIONS, document) if "custom_fields" in fields else [])


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
            "custom_fields": custom_texts(call, ORGANIZATIONS, document),
            "notes": [],
        },
    }


OPERATIONS = (
    Operation("GET", "/persons/{id}", 2, 1, READ, partial(one, PERSONS), shown.VIEW),
    Operation("GET", "/persons", 2, 10, READ, partial(several, PERSONS), LIST_QUERY | {"org_id", "deal_id"}),
    Operation("GET", "/organizations", 2, 10, READ, partial(several, ORGANIZATIONS), LIST_QUERY),
    Operation("GET", "/organizations/{id}", 2, 1, READ, partial(one, ORGANIZATIONS), shown.VIEW),
    Operation(
        "GET", "/organizations/search", 2, 20, READ | {"search:read"}, search,
        frozenset({"term", "fields", "exact_match", "limit", "cursor"}),
    ),
)  # fmt: skip
