"""Activities, v2 [O2]: plan one, list them."""

from collections.abc import Mapping

from sandbox.pipedrive import envelope, params, values
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.html_sanitizer import sanitised
from sandbox.pipedrive.model import DEALS, ORGANIZATIONS, PERSONS, Document
from sandbox.pipedrive.visibility import may_see
from sandbox.wire import Response

READ = frozenset({"activities:read", "activities:full"})
WRITE = frozenset({"activities:full"})
TYPES = ("call", "meeting", "task", "deadline", "email", "lunch")  # key strings of a new company (/activityTypes)
TARGETS = {"deal_id": DEALS, "org_id": ORGANIZATIONS, "person_id": PERSONS}
TEXTS = ("subject", "due_date", "due_time", "duration", "public_description", "note")
FLAGS = ("busy", "done")
KNOWN = {*TEXTS, *FLAGS, *"type owner_id deal_id org_id priority participants attendees location".split()}
FILTERS = ("owner_id", *TARGETS)


def add(call: Call) -> Response:
    """Plan an activity. A person is set through `participants`, so `person_id` is refused on writing (stricter)."""
    sent = call.body()
    known = {
        *TEXTS,
        *FLAGS,
        "type",
        "owner_id",
        "deal_id",
        "org_id",
        "priority",
        "participants",
        "attendees",
        "location",
    }
    if unknown := sorted(set(sent) - known):
        raise envelope.not_allowed(unknown)
    if problems := _problems(call, sent):
        raise envelope.invalid(problems)
    for name, entity in TARGETS.items():
        if sent.get(name) is not None:
            _check_target(call, name, entity, sent[name])
    number = max(call.company.activities, default=0) + 1
    activity: Document = {
        "id": number,
        **dict.fromkeys((*TEXTS, *TARGETS)),
        "busy": False,
        "done": False,
        "type": "call",
        "owner_id": call.user.id,
        "creator_user_id": call.user.id,
        "is_deleted": False,
        "add_time": call.stamp(),
        "update_time": call.stamp(),
        **{name: value for name, value in sent.items() if name not in ("participants", "attendees")},
    }
    if activity["note"]:
        activity["note"] = sanitised(str(activity["note"]))
    call.company.activities[number] = activity
    return envelope.one(activity)


def several(call: Call) -> Response:
    """Activities on what the user may see."""
    wanted = {name: number for name in FILTERS if (number := params.whole(call, name)) is not None}
    done = params.flag(call, "done") if call.request.param("done") is not None else None
    rows = [
        activity
        for activity in call.company.activities.values()
        if all(activity[name] == number for name, number in wanted.items())
        and done in (None, activity["done"])
        and _visible(call, activity)
    ]
    return params.page(call, rows, ("id", "update_time", "add_time", "due_date"))


def _problems(call: Call, sent: Mapping[str, object]) -> dict[str, str]:
    """v2 takes no text for a number and no number for a text [D:pipedrive-api-v2-migration-guide]."""
    problems = {
        name: f"Parameter '{name}' must be a string" for name in TEXTS if not isinstance(sent.get(name, ""), str)
    }
    problems |= {
        name: f"Parameter '{name}' must be a boolean" for name in FLAGS if not isinstance(sent.get(name, False), bool)
    }
    if "due_date" in sent and not values.is_date(sent["due_date"]):
        problems["due_date"] = "Parameter 'due_date' must be a date"
    if sent.get("type", "call") not in TYPES:
        problems["type"] = "Parameter 'type' must be the key of an activity type"
    owner = sent.get("owner_id", call.user.id)
    if not values.is_whole(owner) or owner not in call.company.users:
        problems["owner_id"] = "Parameter 'owner_id' must be the id of a user"
    return problems


def _check_target(call: Call, name: str, entity: str, number: object) -> None:
    if not isinstance(number, int) or isinstance(number, bool):
        raise envelope.invalid({name: f"Parameter '{name}' must be an integer"})
    document = call.company.documents(entity).get(number)
    if document is None or document["is_deleted"]:
        raise envelope.not_found()
    if not may_see(call.company, call.user, document):
        raise call.hidden()


def _visible(call: Call, activity: Document) -> bool:
    if activity["owner_id"] == call.user.id or call.user.admin:
        return True
    found = (call.company.documents(entity).get(activity[name] or 0) for name, entity in TARGETS.items())
    return any(may_see(call.company, call.user, document) for document in found if document is not None)


OPERATIONS = (
    Operation("POST", "/activities", 2, 5, WRITE, add),
    Operation(
        "GET",
        "/activities",
        2,
        10,
        READ,
        several,
        frozenset({*FILTERS, "done", "sort_by", "sort_direction", "limit", "cursor"}),
    ),
)
