"""The simulated Pipedrive refuses what the real one refuses: deal fields that are made, activities that are planned."""

from collections.abc import Mapping
from datetime import date

import pytest

from duebill.domain.ids import DealId, UserId
from duebill.outside.http import HttpRequest, to_json
from sandbox.pipedrive import seed
from tests.fakes.pipedrive import PipedriveWorld

FIELD = {"field_name": "Invoice status", "field_type": "enum", "options": [{"label": "Paid"}, {"label": "Open"}]}
ACTIVITY = {"subject": "Paid", "type": "task", "owner_id": seed.ADA, "deal_id": 1, "due_date": "2026-11-21"}


@pytest.fixture
def world() -> PipedriveWorld:
    world = PipedriveWorld()
    world.simulator.scopes |= {"deal-fields:full", "activities:full"}
    return world


def ask(world: PipedriveWorld, path: str, body: Mapping[str, object], user: int = seed.ADA) -> tuple[int, dict]:  # type: ignore[type-arg]  # any JSON
    headers = {"authorization": f"Bearer {world.tokens(user).current()}", "content-type": "application/json"}
    url = f"https://duebill-demo.pipedrive.com/api/v2{path}"
    answer = world.http.send(HttpRequest("POST", url, headers=headers, body=to_json(dict(body))))
    return answer.status, answer.json()


@pytest.mark.parametrize(("path", "body"), [("/dealFields", FIELD), ("/activities", ACTIVITY)])
def test_without_the_scope_it_is_a_mismatch_of_scope_and_url(
    world: PipedriveWorld, path: str, body: Mapping[str, object]
) -> None:
    world.simulator.scopes -= {"deal-fields:full", "activities:full"}
    status, document = ask(world, path, body)
    assert (status, document["error"]) == (403, "Scope and URL mismatch")


def test_a_field_gets_a_code_of_forty_characters_and_options_with_ids(world: PipedriveWorld) -> None:
    status, document = ask(world, "/dealFields", FIELD)
    made = document["data"]
    assert (status, len(made["field_code"]), made["is_custom_field"]) == (200, 40, True)
    assert [option["label"] for option in made["options"]] == ["Paid", "Open"]
    assert len({option["id"] for option in made["options"]}) == 2
    _, second = ask(world, "/dealFields", FIELD)
    assert second["data"]["field_code"] != made["field_code"], "two fields may have one name"


@pytest.mark.parametrize(
    "wrong",
    [
        {"field_name": ""},
        {"field_type": "money"},
        {"field_type": "status"},
        {"options": None},
        {"options": []},
        {"field_type": "varchar"},
        {"edit_flag": True},
    ],
)
def test_a_field_that_cannot_be_made_is_refused(world: PipedriveWorld, wrong: Mapping[str, object]) -> None:
    before = len(world.simulator.companies[seed.COMPANY].fields["deal"])
    status, document = ask(world, "/dealFields", FIELD | wrong)
    assert (status, document["code"]) == (400, "ERR_SCHEMA_VALIDATION_FAILED")
    assert len(world.simulator.companies[seed.COMPANY].fields["deal"]) == before


def test_who_is_no_admin_makes_no_field(world: PipedriveWorld) -> None:
    assert ask(world, "/dealFields", FIELD, seed.CID)[0] == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_date": "21.11.2026"},
        {"type": "reminder"},
        {"owner_id": "101"},
        {"owner_id": 999},
        {"deal_id": "1"},
        {"subject": 7},
        {"done": 0},
        {"user_id": seed.ADA},
        {"person_id": 1},
    ],
)
def test_an_activity_with_a_wrong_value_is_refused(world: PipedriveWorld, wrong: Mapping[str, object]) -> None:
    status, document = ask(world, "/activities", ACTIVITY | wrong)
    assert (status, document["code"]) == (400, "ERR_SCHEMA_VALIDATION_FAILED")
    assert world.simulator.companies[seed.COMPANY].activities == {}


@pytest.mark.parametrize("deal", [seed.DEAL_DELETED, 999_999])
def test_an_activity_on_a_deal_that_is_gone_is_not_found(world: PipedriveWorld, deal: int) -> None:
    assert ask(world, "/activities", ACTIVITY | {"deal_id": deal})[0] == 404


def test_the_adapter_reads_what_it_wrote(world: PipedriveWorld) -> None:
    crm = world.crm()
    made = crm.add_activity(DealId(1), UserId(seed.ADA), "Paid", "<i>Duebill DB-1 paid</i>", date(2026, 11, 21))
    assert crm.activities(DealId(1)) == (made,)
    assert crm.activities(DealId(2)) == ()
    field = crm.add_deal_field("Invoice status", "enum", ("Paid", "Open"))
    assert field in crm.deal_fields()
    assert set(field.options) == {"Paid", "Open"}
    number = crm.add_file(DealId(1), 'Invoice "7"\n.pdf', b"%PDF-1.7\r\n--boundary\r\n")
    assert list(crm.files(DealId(1)).values()) == [number]
    assert world.simulator.companies[seed.COMPANY].contents[number] == b"%PDF-1.7\r\n--boundary\r\n"
