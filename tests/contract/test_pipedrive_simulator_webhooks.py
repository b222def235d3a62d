"""The simulated Pipedrive refuses webhooks that the real one refuses, and tells what it was asked to tell."""

import json
from base64 import b64decode
from collections.abc import Mapping

import pytest

from duebill.outside.http import HttpRequest, to_json
from sandbox.pipedrive import seed
from tests.fakes.pipedrive import PipedriveWorld

HOOK = {
    "subscription_url": "https://duebill.example/webhooks/pipedrive",
    "event_action": "change",
    "event_object": "deal",
    "name": "Duebill",
    "version": "2.0",
    "http_auth_user": "1",
    "http_auth_password": "secret",
}


@pytest.fixture
def world() -> PipedriveWorld:
    world = PipedriveWorld()
    world.simulator.scopes |= {"webhooks:full"}
    return world


def ask(
    world: PipedriveWorld, method: str, path: str, body: Mapping[str, object] | None = None, user: int = seed.ADA
) -> tuple[int, dict]:  # type: ignore[type-arg]  # any JSON
    headers = {"authorization": f"Bearer {world.tokens(user).current()}", "content-type": "application/json"}
    url = f"https://duebill-demo.pipedrive.com/api/v1{path}"
    sent = to_json(dict(body)) if body is not None else None
    answer = world.http.send(HttpRequest(method, url, headers=headers, body=sent))
    return answer.status, answer.json()


def test_without_the_scope_it_is_a_mismatch_of_scope_and_url(world: PipedriveWorld) -> None:
    world.simulator.scopes -= {"webhooks:full"}
    for method, path, body in (
        ("GET", "/webhooks", None),
        ("POST", "/webhooks", HOOK),
        ("DELETE", "/webhooks/1", None),
    ):
        status, document = ask(world, method, path, body)
        assert (status, document["error"]) == (403, "Scope and URL mismatch")


def test_one_is_made_listed_and_taken_away_by_its_own_user_and_its_password_is_not_shown(world: PipedriveWorld) -> None:
    status, made = ask(world, "POST", "/webhooks", HOOK)
    assert (status, made["status"], made["data"]["type"]) == (201, "ok", "application")
    [listed] = ask(world, "GET", "/webhooks")[1]["data"]
    assert listed == made["data"]
    assert listed["http_auth_password"] is None
    assert ask(world, "GET", "/webhooks", user=seed.BEN)[1]["data"] == []
    assert ask(world, "DELETE", f"/webhooks/{listed['id']}", user=seed.BEN)[0] == 404
    assert ask(world, "DELETE", f"/webhooks/{listed['id']}")[0] == 200
    status, gone = ask(world, "DELETE", f"/webhooks/{listed['id']}")
    assert (status, gone["errors"]) == (404, {"id": ["not found"]})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subscription_url": "http://duebill.example/hook"}, "subscription_url"),
        ({"subscription_url": "https://localhost/hook"}, "subscription_url"),
        ({"subscription_url": None}, "subscription_url"),
        ({"event_action": "merge"}, "event_action"),
        ({"event_object": "invoice"}, "event_object"),
        ({"name": ""}, "name"),
        ({"name": "n" * 256}, "name"),
        ({"version": "1.0"}, "version"),
        ({"http_auth_password": None}, "http_auth_password"),
        ({"secret": "x"}, "secret"),
    ],
)
def test_what_cannot_be_is_refused_and_makes_nothing(
    world: PipedriveWorld, wrong: Mapping[str, object], field: str
) -> None:
    status, document = ask(world, "POST", "/webhooks", {**HOOK, **wrong})
    assert (status, document["status"], list(document["errors"])) == (400, "error", [field])
    assert ask(world, "GET", "/webhooks")[1]["data"] == []


def test_a_user_has_forty_and_no_more(world: PipedriveWorld) -> None:
    for _ in range(40):
        assert ask(world, "POST", "/webhooks", HOOK)[0] == 201
    assert ask(world, "POST", "/webhooks", HOOK)[0] == 400


def test_a_change_is_told_to_who_asked_for_it_with_basic_authentication(world: PipedriveWorld) -> None:
    ask(world, "POST", "/webhooks", HOOK)
    ask(world, "POST", "/webhooks", HOOK | {"event_object": "person"})
    world.simulator.edit_deal(1, {"title": "Another title"})
    [(url, body, headers)] = world.simulator.webhooks()
    assert world.simulator.webhooks() == []
    assert url == HOOK["subscription_url"]
    assert b64decode(headers["authorization"].removeprefix("Basic ")) == b"1:secret"
    meta = json.loads(body)["meta"]
    assert (meta["entity"], meta["action"], meta["entity_id"], meta["version"]) == ("deal", "change", "1", "2.0")
    assert meta["company_id"] == str(seed.COMPANY)


def test_a_merge_names_the_other_record_on_both(world: PipedriveWorld) -> None:
    for action in ("change", "delete"):
        ask(world, "POST", "/webhooks", HOOK | {"event_object": "organization", "event_action": action})
    loser, winner, *_ = world.simulator.companies[seed.COMPANY].organizations
    world.simulator.merge(seed.COMPANY, "organization", loser, winner)
    told = [json.loads(body)["meta"] for _, body, _ in world.simulator.webhooks()]
    ended = next(meta for meta in told if meta["action"] == "delete")
    stayed = next(meta for meta in told if meta["action"] == "change")
    assert (ended["entity_id"], ended["merged_to_id"]) == (str(loser), str(winner))
    assert (stayed["entity_id"], stayed["merged_from_id"]) == (str(winner), str(loser))


def test_an_uninstall_takes_the_users_webhooks_away(world: PipedriveWorld) -> None:
    ask(world, "POST", "/webhooks", HOOK)
    world.simulator.uninstall(seed.COMPANY, seed.ADA)
    assert world.simulator.companies[seed.COMPANY].webhooks == {}
