"""The simulated Pipedrive's writes: PATCH of a deal with its trap, notes, files; faults and control routes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from sandbox.clock import SandboxClock
from sandbox.faults import Fault
from sandbox.pipedrive import seed
from sandbox.pipedrive.seed_fields import (
    DEAL_ACCOUNT_MANAGER,
    DEAL_DEPOSIT,
    DEAL_DUE_DATE,
    DEAL_INVOICE_NUMBER,
    DEAL_INVOICE_STATUS,
    DEAL_PO_NUMBER,
    DEAL_SEATS,
    DEAL_SERVICES,
    DEAL_SITE_ADDRESS,
    option,
)
from sandbox.pipedrive.simulator import Pipedrive
from sandbox.pipedrive.visitor import Visitor, read
from sandbox.transport import transport
from sandbox.wire import ConnectionDropped, Request, Response

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
DEAL = f"/api/v2/deals/{seed.DEAL_US_SIMPLE}"


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(START)


@pytest.fixture
def pipedrive(clock: SandboxClock) -> Pipedrive:
    simulator = Pipedrive(now=clock.now)
    seed.seed(simulator)
    return simulator


@pytest.fixture
def ada(pipedrive: Pipedrive) -> Visitor:
    return Visitor(pipedrive, seed.COMPANY, seed.ADA)


def custom(visitor: Visitor, number: int = seed.DEAL_US_SIMPLE) -> dict[str, object]:
    fields: dict[str, object] = read(visitor.get(f"/api/v2/deals/{number}"))["data"]["custom_fields"]
    return fields


def upload(visitor: Visitor, name: str = "invoice.pdf", deal: str = "1") -> Response:
    edge = "----edge"
    body = (
        f'--{edge}\r\ncontent-disposition: form-data; name="deal_id"\r\n\r\n{deal}\r\n'
        f'--{edge}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n'
        "content-type: application/pdf\r\n\r\n%PDF\x00 1\r\n2\r\n"
        f"--{edge}--\r\n"
    )
    return visitor.call("POST", "/v1/files", body.encode(), f"multipart/form-data; boundary={edge}")


def test_a_custom_field_is_written_and_the_others_stay(ada: Visitor, clock: SandboxClock) -> None:
    clock.push(timedelta(minutes=1))
    answer = ada.send("PATCH", DEAL, {"custom_fields": {DEAL_INVOICE_NUMBER: "INV-1", DEAL_SEATS: 3}})
    assert answer.status == 200
    assert read(answer)["data"]["update_time"] == "2026-11-21T12:01:00Z"
    assert custom(ada)[DEAL_INVOICE_NUMBER] == "INV-1"
    assert custom(ada)[DEAL_PO_NUMBER] == "PO-2026-0017"


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        (DEAL_INVOICE_NUMBER, "INV-1", 1),
        (DEAL_INVOICE_NUMBER, None, "x" * 256),
        (DEAL_SEATS, 3, "3"),
        (DEAL_INVOICE_STATUS, option(DEAL_INVOICE_STATUS, "Paid"), "Paid"),
        (DEAL_INVOICE_STATUS, None, 999),
        (DEAL_SERVICES, [option(DEAL_SERVICES, "Setup")], []),
        (DEAL_DUE_DATE, "2026-12-24", "24.12.2026"),
        (DEAL_DEPOSIT, {"value": 12.5, "currency": "EUR"}, 12.5),
        (DEAL_ACCOUNT_MANAGER, seed.BEN, seed.OTHER_USER),
        (DEAL_SITE_ADDRESS, {"value": "1 Main St"}, "1 Main St"),
    ],
)
def test_a_custom_field_takes_its_own_type_only(ada: Visitor, key: str, good: object, bad: object) -> None:
    assert ada.send("PATCH", DEAL, {"custom_fields": {key: good}}).status == 200
    answer = ada.send("PATCH", DEAL, {"custom_fields": {key: bad}})
    assert answer.status == 400
    assert read(answer)["code"] == "ERR_SCHEMA_VALIDATION_FAILED"


def test_an_addresss_missing_parts_become_null(ada: Visitor) -> None:
    number = seed.DEAL_EUR
    ada.send("PATCH", f"/api/v2/deals/{number}", {"custom_fields": {DEAL_SITE_ADDRESS: {"value": "elsewhere"}}})
    address = custom(ada, number)[DEAL_SITE_ADDRESS]
    assert isinstance(address, dict)
    assert (address["value"], address["route"]) == ("elsewhere", None)


@pytest.mark.parametrize(
    "sent",
    [
        {DEAL_INVOICE_NUMBER: "at the top, as v1 had it"},
        {"custom_fields": {"0" * 40: "no such field"}},
        {"stage_id": "1"},
        {"title": ""},
        {"status": "deleted"},
        {"visible_to": "7"},
        {"currency": "XXX"},
        {"org_id": 424242},
    ],
)
def test_a_wrong_patch_is_refused_whole(ada: Visitor, sent: dict[str, object]) -> None:
    before = read(ada.get(DEAL))
    good = {"custom_fields": {DEAL_SEATS: 9}, "probability": 50}
    assert ada.send("PATCH", DEAL, {**good, **sent}).status == 400
    assert read(ada.get(DEAL)) == before


def test_a_patch_must_be_json(ada: Visitor) -> None:
    assert ada.call("PATCH", DEAL, b"title=x", "application/x-www-form-urlencoded").status == 400
    assert ada.call("PATCH", DEAL, b"{", "application/json").status == 400


def test_sending_the_value_resets_other_fields_and_is_noted(pipedrive: Pipedrive, ada: Visitor) -> None:
    path = f"/api/v2/deals/{seed.DEAL_NO_PRODUCTS}"
    ada.send("PATCH", path, {"custom_fields": {DEAL_PO_NUMBER: "PO 1"}})
    assert pipedrive.warnings == []
    assert ada.send("PATCH", path, {"value": 10}).status == 200
    assert custom(ada, seed.DEAL_NO_PRODUCTS)[DEAL_PO_NUMBER] is None
    assert len(pipedrive.warnings) == 1


def test_the_value_of_a_deal_with_products_cannot_be_written(ada: Visitor) -> None:
    assert ada.send("PATCH", DEAL, {"value": 10}).status == 400
    assert custom(ada)[DEAL_PO_NUMBER] == "PO-2026-0017"


def test_closed_deals_are_not_written_until_they_are_brought_back(ada: Visitor) -> None:
    archived, deleted = f"/api/v2/deals/{seed.DEAL_ARCHIVED}", f"/api/v2/deals/{seed.DEAL_DELETED}"
    assert ada.send("PATCH", archived, {"title": "x"}).status == 400
    assert ada.send("PATCH", deleted, {"title": "x"}).status == 404
    assert ada.send("PATCH", archived, {"is_archived": False, "title": "x"}).status == 200


def test_a_note_needs_content_and_something_to_hang_on(ada: Visitor) -> None:
    assert ada.send("POST", "/v1/notes", {"deal_id": 1}).status == 400
    assert ada.send("POST", "/v1/notes", {"content": "x"}).status == 400
    assert ada.send("POST", "/v1/notes", {"content": "x", "deal_id": "1"}).status == 400
    assert ada.send("POST", "/v1/notes", {"content": "x", "deal_id": 424242}).status == 404
    assert ada.send("POST", "/v1/notes", {"content": "x", "deal_id": seed.DEAL_DELETED}).status == 404
    assert ada.send("POST", "/v1/notes", {"content": "x", "org_id": 1, "pinned_to_deal_flag": 1}).status == 400
    assert ada.send("POST", "/v1/notes", {"content": "x", "deal_id": 1, "pinned_to_deal_flag": True}).status == 400


def test_a_note_is_written_changed_listed_and_deleted(ada: Visitor) -> None:
    note = read(ada.send("POST", "/v1/notes", {"content": "first", "deal_id": 1, "pinned_to_deal_flag": 1}))["data"]
    assert (note["deal"], note["pinned_to_deal_flag"]) == ({"title": "O'Brien onboarding"}, True)
    assert note["add_time"] == "2026-11-21 12:00:00"
    path = f"/v1/notes/{note['id']}"
    assert read(ada.send("PUT", path, {"content": "second"}))["data"]["content"] == "second"
    assert [row["id"] for row in read(ada.get("/v1/notes", deal_id="1"))["data"]] == [note["id"]]
    assert read(ada.get("/v1/notes", deal_id="2"))["data"] is None
    assert read(ada.call("DELETE", path)) == {"success": True, "data": True}
    assert ada.get(path).status == 404


def test_a_notes_html_comes_back_sanitised(ada: Visitor) -> None:
    sent = '<p onclick="x()">Paid<br/><a href="https://a.example/?b=1&amp;c" class="z">INV-1</a>'
    sent += '<a href="javascript:x">!</a>'
    sent += "<script>alert(1)</script><!-- ref --></p>"
    note = read(ada.send("POST", "/v1/notes", {"content": sent, "deal_id": 1}))["data"]
    assert note["content"] == '<p>Paid<br><a href="https://a.example/?b=1&amp;c">INV-1</a><a>!</a></p>'


def test_notes_of_hidden_deals_are_hidden(pipedrive: Pipedrive, ada: Visitor) -> None:
    number = read(ada.send("POST", "/v1/notes", {"content": "x", "deal_id": seed.DEAL_RESTRICTED}))["data"]["id"]
    cid = Visitor(pipedrive, seed.COMPANY, seed.CID)
    assert cid.get(f"/v1/notes/{number}").status == 404
    assert read(cid.get("/v1/notes"))["data"] is None


def test_only_an_admin_names_another_author(pipedrive: Pipedrive, ada: Visitor) -> None:
    sent = {"content": "x", "deal_id": 1, "user_id": seed.BEN}
    assert read(ada.send("POST", "/v1/notes", sent))["data"]["user_id"] == seed.BEN
    assert Visitor(pipedrive, seed.COMPANY, seed.CID).send("POST", "/v1/notes", sent).status == 403


def test_a_file_is_kept_to_the_byte_and_hangs_on_the_deal(ada: Visitor) -> None:
    file = read(upload(ada))["data"]
    assert (file["deal_id"], file["name"]) == (1, "invoice.pdf")
    assert file["url"] == f"https://duebill-demo.pipedrive.com/v1/files/{file['id']}/download"
    assert ada.get(f"/v1/files/{file['id']}/download").body == b"%PDF\x00 1\r\n2"
    assert [row["id"] for row in read(ada.get("/v1/deals/1/files"))["data"]] == [file["id"]]
    assert ada.get("/v1/deals/1/files", limit="101").status == 400
    assert read(ada.call("DELETE", f"/v1/files/{file['id']}"))["data"] == {"id": file["id"]}
    assert ada.get(f"/v1/files/{file['id']}").status == 404


def test_a_file_must_be_a_form_with_a_file_for_a_deal_that_is_there(ada: Visitor) -> None:
    assert ada.send("POST", "/v1/files", {"deal_id": 1}).status == 400
    assert upload(ada, deal="424242").status == 404
    assert upload(ada, deal=str(seed.DEAL_DELETED)).status == 404
    assert upload(ada, deal="one").status == 400


def test_a_real_http_client_uploads_a_file_with_any_name(pipedrive: Pipedrive, ada: Visitor) -> None:
    headers = {"authorization": f"Bearer {ada.tokens['access_token']}"}
    with httpx.Client(transport=transport({"api.test": pipedrive}), base_url="https://api.test") as client:
        file = {"file": ("Rechnung ü 🦄.pdf", b"%PDF\r\n\x00\xff", "application/pdf")}
        answer = client.post("/v1/files", files=file, data={"deal_id": "1"}, headers=headers).json()
    number = answer["data"]["id"]
    assert ada.get(f"/v1/files/{number}/download").body == b"%PDF\r\n\x00\xff"
    assert answer["data"]["name"] == "Rechnung ü 🦄.pdf"


def test_calls_at_the_same_time_lose_nothing(pipedrive: Pipedrive, ada: Visitor) -> None:
    def write(number: int) -> int:
        return ada.send("POST", "/v1/notes", {"content": str(number), "deal_id": 1}).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(40))) == {200}
    assert len(pipedrive.companies[seed.COMPANY].notes) == 40


def test_a_dropped_connection_leaves_the_note_that_was_written(pipedrive: Pipedrive, ada: Visitor) -> None:
    pipedrive.faults.add(Fault("drop_after_commit", "POST /v1/notes"))
    with pytest.raises(ConnectionDropped):
        ada.send("POST", "/v1/notes", {"content": "x", "deal_id": 1})
    assert len(pipedrive.companies[seed.COMPANY].notes) == 1


def test_a_slow_commit_happens_when_it_settles(pipedrive: Pipedrive, ada: Visitor) -> None:
    control(pipedrive, "fault", {"kind": "commit_after_drop", "where": "POST /v1/notes"})
    with pytest.raises(ConnectionDropped):
        ada.send("POST", "/v1/notes", {"content": "x", "deal_id": 1})
    assert not pipedrive.companies[seed.COMPANY].notes
    control(pipedrive, "settle")
    assert len(pipedrive.companies[seed.COMPANY].notes) == 1


@pytest.mark.parametrize(
    ("status", "told"), [(401, "unauthorized access"), (429, "over limit"), (403, "<html>"), (503, "")]
)
def test_a_fault_answers_in_pipedrives_words(pipedrive: Pipedrive, ada: Visitor, status: int, told: str) -> None:
    pipedrive.faults.add(Fault("status", status=status))
    answer = ada.get("/v1/users/me")
    assert answer.status == status
    assert told in answer.body.decode()
    assert ada.get("/v1/users/me").status == 200


def control(pipedrive: Pipedrive, name: str, sent: object = None, **query: str) -> dict[str, object]:
    asked = {key: [value] for key, value in query.items()}
    body = json.dumps(sent or {}).encode()
    method = "POST" if sent is not None or name == "settle" else "GET"
    return read(pipedrive(Request(method, f"/_control/{name}", asked, body=body)))


def test_control_routes_show_the_state_and_count_as_no_call(pipedrive: Pipedrive, ada: Visitor) -> None:
    calls = len(pipedrive.faults.calls)
    ada.send("POST", "/v1/notes", {"content": "x", "deal_id": 1})
    state = control(pipedrive, "state")
    assert state["calls"] == calls + 1
    companies = state["companies"]
    assert isinstance(companies, dict)
    assert companies[str(seed.COMPANY)]["notes"] == 1
    assert companies[str(seed.COMPANY)]["installed_users"] == [seed.ADA]
    assert control(pipedrive, "calls")["calls"] == pipedrive.faults.calls


def test_control_routes_list_deals_and_users_and_mint_tokens(pipedrive: Pipedrive) -> None:
    deals = control(pipedrive, "deals")["deals"]
    users = control(pipedrive, "users")["users"]
    assert isinstance(deals, list)
    assert isinstance(users, list)
    assert {"id", "title", "value", "currency", "organization"} <= set(deals[0])
    assert len(users) == 5
    token = control(pipedrive, "token", company_id=str(seed.COMPANY), user_id=str(seed.ADA))["token"]
    assert token == pipedrive.signed_token(seed.COMPANY, seed.ADA)
    request = Request("GET", "/_control/token", {"company_id": ["1"], "user_id": ["1"]})
    assert pipedrive(request).status == 404


def test_control_routes_edit_deals_and_delete_fields(pipedrive: Pipedrive, ada: Visitor) -> None:
    control(pipedrive, "edit_deal", {"deal_id": 1, "fields": {"title": "New", "custom_fields": {DEAL_SEATS: 4}}})
    deal = read(ada.get(DEAL))["data"]
    assert (deal["title"], deal["custom_fields"][DEAL_SEATS]) == ("New", 4)
    control(pipedrive, "delete_field", {"entity": "deal", "field_code": DEAL_SEATS})
    assert DEAL_SEATS not in custom(ada)
    assert pipedrive(Request("POST", "/_control/edit_deal", body=b'{"deal_id": 77, "fields": {}}')).status == 404
    assert pipedrive(Request("POST", "/_control/nonsense")).status == 404


def test_an_access_token_can_be_aged_without_ending_the_install(pipedrive: Pipedrive, ada: Visitor) -> None:
    control(pipedrive, "expire_access", {"company_id": seed.COMPANY, "user_id": seed.ADA})
    assert ada.get("/v1/users/me").status == 401
    assert (seed.COMPANY, seed.ADA) in pipedrive.grants.grants


def test_a_new_start_finds_the_sample_data_as_it_was(pipedrive: Pipedrive, ada: Visitor) -> None:
    ada.send("PATCH", DEAL, {"custom_fields": {DEAL_SEATS: 9}})
    seed.seed(pipedrive)
    assert custom(ada)[DEAL_SEATS] is None
