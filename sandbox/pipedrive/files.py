"""Files, v1 [O1]: upload as multipart/form-data, list by deal, read, download, delete."""

from email import message_from_bytes
from email.message import Message
from email.policy import HTTP

from sandbox.pipedrive import envelope, params
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.model import DEALS, ORGANIZATIONS, PERSONS, Document
from sandbox.pipedrive.visibility import may_see, take
from sandbox.wire import Response

READ = frozenset({"deals:read", "deals:full", "contacts:read", "contacts:full", "activities:read", "activities:full"})
WRITE = frozenset({"deals:full", "contacts:full", "activities:full"})
TARGETS = {"deal_id": DEALS, "person_id": PERSONS, "org_id": ORGANIZATIONS}
MOST = 100


def add(call: Call) -> Response:
    """Keep an uploaded file and hang it on a deal, person or organization."""
    parts = _parts(call)
    part = parts.pop("file", None)
    if part is None or not part.get_filename():
        raise envelope.bad_request("No file was uploaded")
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content:
        raise envelope.bad_request("The file is empty")
    targets = {name: _target(call, name, parts[name]) for name in TARGETS if name in parts}
    number = max(call.company.files, default=0) + 1
    name = str(part.get_filename())
    call.company.contents[number] = content
    call.company.files[number] = _document(call, number, name, len(content), targets)
    return envelope.one(call.company.files[number])


def one(call: Call) -> Response:
    """What is known about a file."""
    return envelope.one(_take(call))


def download(call: Call) -> Response:
    """Its bytes."""
    return Response(200, {"content-type": "application/octet-stream"}, call.company.contents[_take(call)["id"]])


def of_deal(call: Call) -> Response:
    """The files of a deal."""
    take(call, DEALS, call.id())
    rows = [file for file in call.company.files.values() if file["deal_id"] == call.id()]
    return params.page_v1(call, rows, MOST)


def delete(call: Call) -> Response:
    """Take a file away."""
    number = _take(call)["id"]
    del call.company.files[number]
    return envelope.one({"id": number})


def _take(call: Call) -> Document:
    file = call.company.files.get(call.id())
    if file is None:
        raise envelope.not_found()
    for name, entity in TARGETS.items():
        document = call.company.documents(entity).get(file[name] or 0)
        if document is not None and may_see(call.company, call.user, document):
            return file
    if file["user_id"] == call.user.id:
        return file
    raise call.hidden()


def _target(call: Call, name: str, part: Message) -> int:
    text = str(part.get_payload()).strip()
    if not text.isdigit():
        raise envelope.bad_request(f"{name} must be an integer")
    document = take(call, TARGETS[name], int(text))
    if document["is_deleted"]:
        raise envelope.not_found()
    return int(text)


def _parts(call: Call) -> dict[str, Message]:
    kind = call.request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        raise envelope.bad_request("Bad request: Content-Type must be multipart/form-data")
    message = message_from_bytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + call.request.body, policy=HTTP)
    if not message.is_multipart():
        raise envelope.bad_request("Bad request: the body is not multipart/form-data")
    found = {}
    for part in message.get_payload():
        if isinstance(part, Message):
            name = part.get_param("name", header="content-disposition")
            found[str(name)] = part
    return found


def _document(call: Call, number: int, name: str, size: int, targets: dict[str, int]) -> Document:
    deal = call.company.deals.get(targets.get("deal_id", 0))
    return {
        "id": number,
        "user_id": call.user.id,
        **{target: targets.get(target) for target in TARGETS},
        "product_id": None,
        "activity_id": None,
        "lead_id": None,
        "project_id": None,
        "log_id": None,
        "add_time": call.stamp_v1(),
        "update_time": call.stamp_v1(),
        "file_name": name,
        "file_type": name.rpartition(".")[2],
        "file_size": size,
        "active_flag": True,
        "inline_flag": False,
        "remote_location": "s3",
        "remote_id": name,
        "cid": "",
        "s3_bucket": "",
        "mail_message_id": "",
        "mail_template_id": "",
        "deal_name": deal["title"] if deal else "",
        "person_name": "",
        "org_name": "",
        "product_name": "",
        "lead_name": "",
        "project_name": "",
        "url": f"{call.api_domain}/v1/files/{number}/download",
        "name": name,
        "description": "",
    }


OPERATIONS = (
    Operation("POST", "/files", 1, 10, WRITE, add),
    Operation("GET", "/files/{id}", 1, 2, READ, one),
    Operation("GET", "/files/{id}/download", 1, 20, READ, download),
    Operation("GET", "/deals/{id}/files", 1, 20, frozenset({"deals:read", "deals:full"}), of_deal),
    Operation("DELETE", "/files/{id}", 1, 6, WRITE, delete),
)
