"""Webhooks v2: registering them, and what they tell [D:guide-for-webhooks-v2] [D:webhooks-for-apps] [O1].

Each event goes to every active webhook that asks for it and whose user may see the record. Apps' webhooks are seen and
deleted by the app alone; with the user's install they go.
"""

from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from sandbox.pipedrive import envelope
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.model import Company, Document
from sandbox.pipedrive.visibility import may_see
from sandbox.wire import Response, dumps

READ = frozenset({"webhooks:read", "webhooks:full", "admin"})
WRITE = frozenset({"webhooks:full", "admin"})
ACTIONS = ("create", "change", "delete", "*")
OBJECTS = (
    "activity", "deal", "lead", "note", "organization", "person", "pipeline", "product", "stage", "user", "*",
    "deal_product", "deal_installment", "project", "task", "board", "phase",
)  # fmt: skip
MOST = 40  # of one app and user
LONGEST_NAME = 255
KNOWN = {
    "subscription_url", "event_action", "event_object", "name", "version", "user_id", "http_auth_user",
    "http_auth_password",
}  # fmt: skip


def several(call: Call) -> Response:
    """The webhooks of the app and this user."""
    rows = [_shown(hook) for hook in call.company.webhooks.values() if hook["owner_id"] == call.user.id]
    return Response.of_json({"status": "ok", "success": True, "data": rows})


def add(call: Call) -> Response:
    """Register one."""
    sent = call.body()
    if problems := _problems(call, sent):
        raise _refused(400, problems)
    mine = [hook for hook in call.company.webhooks.values() if hook["owner_id"] == call.user.id]
    if len(mine) >= MOST:
        raise _refused(400, {"user_id": [f"has {MOST} webhooks already"]})
    number = call.company.next_webhook
    call.company.next_webhook += 1
    hook: Document = {
        "id": number,
        "company_id": call.company.id,
        "owner_id": call.user.id,
        "user_id": sent.get("user_id") or call.user.id,
        "event_action": sent["event_action"],
        "event_object": sent["event_object"],
        "subscription_url": sent["subscription_url"],
        "version": sent.get("version", "2.0"),
        "is_active": 1,
        "add_time": call.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "remove_time": None,
        "type": "application",
        "http_auth_user": sent.get("http_auth_user"),
        "http_auth_password": sent.get("http_auth_password"),
        "remove_reason": None,
        "last_delivery_time": None,
        "last_http_status": None,
        "admin_id": call.user.id,
        "name": sent["name"],
    }
    call.company.webhooks[number] = hook
    return Response.of_json({"status": "ok", "success": True, "data": _shown(hook)}, 201)


def delete(call: Call) -> Response:
    """Take one away. Another user's is not there: whether that is 403 or 404 is not documented."""
    hook = call.company.webhooks.get(call.id())
    if hook is None or hook["owner_id"] != call.user.id:
        raise _refused(404, {"id": ["not found"]})
    del call.company.webhooks[hook["id"]]
    return Response.of_json({"status": "ok", "success": True})


def tell(
    company: Company,
    entity: str,
    action: str,
    number: int,
    now: datetime,
    *,
    data: Document | None,
    previous: Document | None,
    source: str,
    **more: str,
) -> None:
    """An event happens: every webhook that asks for it will tell it."""
    for hook in company.webhooks.values():
        owner = company.users.get(hook["owner_id"])
        asks = hook["event_object"] in (entity, "*") and hook["event_action"] in (action, "*")
        if not asks or not hook["is_active"] or owner is None:
            continue
        if data is not None and not may_see(company, owner, data):
            continue
        company.events += 1
        moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z"
        meta = {
            "action": action,
            "entity": entity,
            "entity_id": str(number),
            "company_id": str(company.id),
            "user_id": str(hook["user_id"]),
            "id": str(uuid5(NAMESPACE_URL, f"event {company.id} {company.events}")),
            "correlation_id": str(uuid5(NAMESPACE_URL, f"change {company.id} {company.events}")),
            "is_bulk_edit": False,
            "timestamp": moment,
            "type": hook["type"],
            "version": hook["version"],
            "webhook_id": str(hook["id"]),
            "webhook_owner_id": str(hook["owner_id"]),
            "change_source": source,
            "attempt": 1,
            "host": f"{company.domain}.pipedrive.com",
            "permitted_user_ids": [str(owner.id)],
            **more,
        }
        body = dumps({"meta": meta, "data": data, "previous": previous}).encode()
        company.told.append((hook["subscription_url"], body, _headers(hook)))


def _headers(hook: Document) -> dict[str, str]:
    headers = {"content-type": "application/json"}
    if hook["http_auth_user"]:
        pair = f"{hook['http_auth_user']}:{hook['http_auth_password'] or ''}"
        headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return headers


def _shown(hook: Document) -> Document:
    """A password is not shown again: the documents allow null there, and this is the stricter reading."""
    return {**hook, "http_auth_password": None}


def _problems(call: Call, sent: Document) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {name: ["is not allowed"] for name in sorted(set(sent) - KNOWN)}
    if not _is_reachable(sent.get("subscription_url"), insecure=call.company.takes_local_webhooks):
        problems["subscription_url"] = ["invalid or non-reachable URL"]
    if sent.get("event_action") not in ACTIONS:
        problems["event_action"] = ["invalid value"]
    if sent.get("event_object") not in OBJECTS:
        problems["event_object"] = ["invalid value"]
    name = sent.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        problems["name"] = ["is required"]
    if sent.get("version", "2.0") != "2.0":  # 1.0 is of the past [D:guide-for-webhooks-v2]
        problems["version"] = ["invalid value"]
    if sent.get("user_id") not in (None, call.user.id):
        problems["user_id"] = ["invalid value"]
    if bool(sent.get("http_auth_user")) != bool(sent.get("http_auth_password")):
        problems["http_auth_password"] = ["invalid value"]
    return problems


def _is_reachable(url: object, *, insecure: bool) -> bool:
    """Public and HTTPS; in the sandbox this machine may be told, too."""
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    if insecure and parts.scheme == "http":
        return True
    return parts.scheme == "https" and bool(parts.hostname) and parts.hostname not in ("localhost", "127.0.0.1")


def _refused(status: int, errors: dict[str, list[str]]) -> envelope.Refusal:
    return envelope.Refusal(status, {"status": "error", "success": False, "errors": errors})


OPERATIONS = (
    Operation("GET", "/webhooks", 1, 10, READ, several),
    Operation("POST", "/webhooks", 1, 10, WRITE, add),
    Operation("DELETE", "/webhooks/{id}", 1, 6, WRITE, delete),
)
