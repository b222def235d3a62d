"""Notes, v1 [O1]. What is written comes back sanitised, so it need not be what was sent."""

from collections.abc import Mapping

from sandbox.pipedrive import envelope, params
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.html_sanitizer import sanitised
from sandbox.pipedrive.model import DEALS, ORGANIZATIONS, PERSONS, Document
from sandbox.pipedrive.visibility import may_see
from sandbox.wire import Response

READ = frozenset({"deals:read", "deals:full", "contacts:read", "contacts:full"})
WRITE = frozenset({"deals:full", "contacts:full"})
TARGETS = {"deal_id": DEALS, "person_id": PERSONS, "org_id": ORGANIZATIONS}
PINS = {
    "pinned_to_deal_flag": "deal_id",
    "pinned_to_person_flag": "person_id",
    "pinned_to_organization_flag": "org_id",
}


def add(call: Call) -> Response:
    """Write a note: it needs content and something to hang on."""
    sent = call.body()
    _check(call, sent)
    if not sent.get("content"):
        raise envelope.bad_request("content is required")
    if not any(sent.get(target) for target in TARGETS):
        raise envelope.bad_request("One of deal_id, person_id, org_id, lead_id, project_id or task_id is required")
    number = max(call.company.notes, default=0) + 1
    note: Document = {"id": number, "active_flag": True, "add_time": call.stamp_v1(), "user_id": call.user.id}
    call.company.notes[number] = note | dict.fromkeys(TARGETS) | dict.fromkeys(PINS, False)
    return envelope.one(_write(call, call.company.notes[number], sent))


def update(call: Call) -> Response:
    """Change what is named."""
    note = _take(call)
    sent = call.body()
    _check(call, sent)
    if "content" in sent and not sent["content"]:
        raise envelope.bad_request("content must not be empty")
    return envelope.one(_write(call, note, sent))


def one(call: Call) -> Response:
    """One note."""
    return envelope.one(_show(call, _take(call)))


def several(call: Call) -> Response:
    """Notes on what the user may see, oldest first."""
    wanted = {name: number for name in (*TARGETS, "user_id") if (number := params.whole(call, name)) is not None}
    rows = [
        _show(call, note)
        for note in call.company.notes.values()
        if _visible(call, note) and all(note[name] == number for name, number in wanted.items())
    ]
    return params.page_v1(call, rows)


def delete(call: Call) -> Response:
    """Take a note away: `data` is just true (v1 spec)."""
    del call.company.notes[_take(call)["id"]]
    return envelope.one(data=True)


def _write(call: Call, note: Document, sent: Mapping[str, object]) -> Document:
    if isinstance(sent.get("content"), str):
        note["content"] = sanitised(str(sent["content"]))
    note.update({target: sent[target] for target in TARGETS if target in sent})
    note["user_id"] = sent.get("user_id", note["user_id"])
    note.update({pin: bool(sent[pin]) for pin in PINS if pin in sent})
    note["update_time"] = call.stamp_v1()
    note["last_update_user_id"] = call.user.id
    return _show(call, note)


def _check(call: Call, sent: Mapping[str, object]) -> None:
    """The targets must be there, visible and not deleted; a pin is 0 or 1 and needs its target. Raises Refusal."""
    if "content" in sent and not isinstance(sent["content"], str):
        raise envelope.bad_request("content must be a string")
    for target, entity in TARGETS.items():
        if sent.get(target) is not None:
            _check_target(call, target, entity, sent[target])
    for pin, target in PINS.items():
        if pin in sent and (sent[pin] not in (0, 1) or isinstance(sent[pin], bool)):
            raise envelope.bad_request(f"{pin} must be 0 or 1")
        if sent.get(pin) and not sent.get(target):
            raise envelope.bad_request(f"{pin} needs {target}")
    if "user_id" in sent and not call.user.admin:
        raise envelope.forbidden()  # v1 spec: only an admin can change the author


def _check_target(call: Call, target: str, entity: str, number: object) -> None:
    if not isinstance(number, int) or isinstance(number, bool):
        raise envelope.bad_request(f"{target} must be an integer")
    document = call.company.documents(entity).get(number)
    if document is None or document["is_deleted"]:
        raise envelope.not_found()
    if not may_see(call.company, call.user, document):
        raise call.hidden()


def _take(call: Call) -> Document:
    note = call.company.notes.get(call.id())
    if note is None:
        raise envelope.not_found()
    if not _visible(call, note):
        raise call.hidden()
    return note


def _visible(call: Call, note: Document) -> bool:
    targets = [
        document
        for target, entity in TARGETS.items()
        if (document := call.company.documents(entity).get(note[target] or 0)) is not None
    ]
    return any(may_see(call.company, call.user, document) for document in targets)


def _show(call: Call, note: Document) -> Document:
    company = call.company
    author = company.users.get(note["user_id"])
    deal, person = company.deals.get(note["deal_id"] or 0), company.persons.get(note["person_id"] or 0)
    organization = company.organizations.get(note["org_id"] or 0)
    return {
        **note,
        "lead_id": None,
        "project_id": None,
        "task_id": None,
        "deal": {"title": deal["title"]} if deal else None,
        "person": {"name": person["name"]} if person else None,
        "organization": {"name": organization["name"]} if organization else None,
        "project": None,
        "pinned_to_lead_flag": False,
        "pinned_to_project_flag": False,
        "pinned_to_task_flag": False,
        "user": {
            "email": author.email if author else "",
            "icon_url": None,
            "is_you": note["user_id"] == call.user.id,
            "name": author.name if author else "",
        },
    }


OPERATIONS = (
    Operation("POST", "/notes", 1, 10, WRITE, add),
    Operation("GET", "/notes", 1, 20, READ, several),
    Operation("GET", "/notes/{id}", 1, 2, READ, one),
    Operation("PUT", "/notes/{id}", 1, 10, WRITE, update),
    Operation("DELETE", "/notes/{id}", 1, 6, WRITE, delete),
)
