"""Deals, v2 [O2]: read one, read many, search, change some fields."""

from decimal import Decimal

from sandbox.pipedrive import envelope, params, shown
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.deal_changes import change
from sandbox.pipedrive.model import DEALS, Document
from sandbox.pipedrive.searching import custom_texts, hits, searched_fields, term_of
from sandbox.pipedrive.visibility import may_see, take
from sandbox.pipedrive.webhooks import tell
from sandbox.wire import Response

READ = frozenset({"deals:read", "deals:full"})
SEARCHED = ("custom_fields", "notes", "title")
FOUND_STATUSES = ("open", "won", "lost")
STATUSES = ("open", "won", "lost", "deleted")
FILTERS = ("owner_id", "person_id", "org_id", "pipeline_id", "stage_id")
SORTS = ("id", "update_time", "add_time")
LIST_QUERY = shown.VIEW | {
    *FILTERS, "ids", "status", "updated_since", "updated_until", "sort_by", "sort_direction", "limit", "cursor",
}  # fmt: skip


def one(call: Call) -> Response:
    """One deal, also when it is deleted or archived: it says so itself."""
    return envelope.one(show(call, take(call, DEALS, call.id())))


def several(call: Call) -> Response:
    """Deals that are not archived; deleted ones only when `status` asks for them."""
    return _several(call, archived=False)


def archived(call: Call) -> Response:
    """Archived deals."""
    return _several(call, archived=True)


def search(call: Call) -> Response:
    """Deals in which `term` stands, archived ones too, which say so. Deleted ones are not found."""
    term = term_of(call)
    fields = searched_fields(call, SEARCHED)
    status = params.choice(call, "status", FOUND_STATUSES, "")
    person, organization = params.whole(call, "person_id"), params.whole(call, "organization_id")
    rows = [
        deal
        for deal in call.company.deals.values()
        if not deal["is_deleted"]
        and may_see(call.company, call.user, deal)
        and status in ("", deal["status"])
        and person in (None, deal["person_id"])
        and organization in (None, deal["org_id"])
        and hits(_texts(call, deal, fields), term)
    ]
    return params.page(call, rows, shown=lambda part: {"items": [_item(call, row) for row in part]})


def update(call: Call) -> Response:
    """Change what is named, and answer with the whole deal."""
    deal = take(call, DEALS, call.id())
    before = dict(deal)
    change(call, deal, call.body())
    previous = {name: value for name, value in before.items() if deal[name] != value}
    tell(call.company, DEALS, "change", deal["id"], call.now, data=dict(deal), previous=previous, source="api")
    return envelope.one(show(call, deal))


def show(call: Call, deal: Document) -> Document:
    """A deal as v2 answers it."""
    number = deal["id"]
    optional: dict[str, object] = {
        "products_count": len(call.company.lines.get(number, [])),
        "notes_count": sum(note["deal_id"] == number for note in call.company.notes.values()),
        "files_count": sum(file["deal_id"] == number for file in call.company.files.values()),
        "followers_count": 1,
        "participants_count": 1,
        "activities_count": 0,
        "done_activities_count": 0,
        "undone_activities_count": 0,
        "email_messages_count": 0,
        "next_activity_id": None,
        "last_activity_id": None,
        "first_won_time": deal.get("won_time"),
        "last_incoming_mail_time": None,
        "last_outgoing_mail_time": None,
        "smart_bcc_email": f"{call.company.domain}+deal{number}@pipedrivemail.com",
        "source_lead_id": None,
    }
    return shown.document(call, DEALS, deal, optional)


def _several(call: Call, *, archived: bool) -> Response:
    wanted = params.words(call, "status")
    if unknown := [word for word in wanted if word not in STATUSES]:
        raise envelope.invalid({"status": f"'{unknown[0]}' is not a valid value"})
    rows = [
        deal
        for deal in call.company.deals.values()
        if deal["is_archived"] == archived and may_see(call.company, call.user, deal) and _asked(call, deal, wanted)
    ]
    return params.page(call, rows, SORTS, lambda part: [show(call, deal) for deal in part])


def _texts(call: Call, deal: Document, fields: list[str]) -> list[str]:
    found = [deal["title"]] if "title" in fields else []
    return found + (custom_texts(call, DEALS, deal) if "custom_fields" in fields else [])


def _item(call: Call, deal: Document) -> Document:
    return {
        "result_score": Decimal("0.316"),
        "item": {
            "id": deal["id"],
            "type": "deal",
            "title": deal["title"],
            "value": deal["value"],
            "currency": deal["currency"],
            "status": deal["status"],
            "visible_to": deal["visible_to"],
            "owner": {"id": deal["owner_id"]},
            "stage": {"id": deal["stage_id"], "name": "Qualified"},
            "person": _named(call.company.persons, deal["person_id"]),
            "organization": _named(call.company.organizations, deal["org_id"]),
            "custom_fields": custom_texts(call, DEALS, deal),
            "notes": [],
            "is_archived": deal["is_archived"],
        },
    }


def _named(documents: dict[int, Document], number: int | None) -> Document | None:
    found = documents.get(number or 0)
    return {"id": found["id"], "name": found["name"]} if found else None


def _asked(call: Call, deal: Document, statuses: list[str]) -> bool:
    numbers = params.ids(call, "ids")
    since, until = params.moment(call, "updated_since"), params.moment(call, "updated_until")
    return (
        (deal["status"] in statuses if statuses else not deal["is_deleted"])
        and (numbers is None or deal["id"] in numbers)
        and all(params.whole(call, name) in (None, deal[name]) for name in FILTERS)
        and (since is None or deal["update_time"] >= since)
        and (until is None or deal["update_time"] < until)
    )


OPERATIONS = (
    Operation("GET", "/deals/{id}", 2, 1, READ, one, shown.VIEW),
    Operation("GET", "/deals", 2, 10, READ, several, LIST_QUERY),
    Operation(
        "GET", "/deals/search", 2, 20, READ | {"search:read"}, search,
        frozenset({"term", "fields", "exact_match", "status", "person_id", "organization_id", "limit", "cursor"}),
    ),
    Operation(
        "GET", "/deals/archived", 2, 20, READ, archived, LIST_QUERY - {"include_option_labels", "include_labels"}
    ),
    Operation("PATCH", "/deals/{id}", 2, 5, frozenset({"deals:full"}), update),
)  # fmt: skip
