"""The simulated Pipedrive's reads: envelopes, limits, strictness, pages, and who sees what."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sandbox.clock import SandboxClock
from sandbox.pipedrive import seed
from sandbox.pipedrive.seed_catalogue import LIC_PRO
from sandbox.pipedrive.seed_fields import DEAL_PO_NUMBER, DEAL_REGION, DEAL_SERVICES
from sandbox.pipedrive.simulator import Pipedrive
from sandbox.pipedrive.visitor import Visitor, read
from sandbox.wire import Request

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOT_FOUND = {
    "success": False,
    "error": "Entity was not found",
    "error_info": "Object was not found.",
    "data": None,
    "additional_data": None,
}


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


@pytest.fixture
def cid(pipedrive: Pipedrive) -> Visitor:
    return Visitor(pipedrive, seed.COMPANY, seed.CID)


@pytest.fixture
def dee(pipedrive: Pipedrive) -> Visitor:
    return Visitor(pipedrive, seed.COMPANY, seed.DEE)


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer nonsense"}, {"x-api-token": "t"}, {"authorization": "Basic YTpi"}]
)
def test_only_a_bearer_token_opens_the_api(pipedrive: Pipedrive, headers: dict[str, str]) -> None:
    answer = pipedrive(Request("GET", "/v1/users/me", headers=headers))
    assert (answer.status, read(answer)) == (
        401,
        {"success": False, "error": "unauthorized access", "errorCode": 401},
    )


def test_the_user_of_the_token_is_told_with_the_company(cid: Visitor) -> None:
    me = read(cid.get("/v1/users/me"))["data"]
    assert (me["id"], me["company_id"], me["company_domain"]) == (seed.CID, seed.COMPANY, "duebill-demo")
    assert me["language"] == {"language_code": "de", "country_code": "DE"}
    assert not any(access["admin"] for access in me["access"])


def test_v1_answers_on_both_of_its_bases_and_v2_on_one(ada: Visitor) -> None:
    assert ada.get("/v1/users/me").status == ada.get("/api/v1/users/me").status == 200
    assert ada.get("/api/v2/deals/1").status == 200
    assert ada.get("/v2/deals/1").status == 404


@pytest.mark.parametrize("path", ["/v1/deals/1", "/api/v1/persons/1", "/v1/organizations/1", "/v1/products/1"])
def test_what_v1_no_longer_supports_is_not_there(ada: Visitor, path: str) -> None:
    assert ada.get(path).status == 404


def test_an_address_outside_the_scopes_is_refused(pipedrive: Pipedrive, ada: Visitor) -> None:
    pipedrive.scopes = {"base"}
    answer = ada.get("/api/v2/deals/1")
    assert answer.status == 403
    assert read(answer)["error"] == "Scope and URL mismatch"
    assert ada.get("/v1/currencies").status == 200


def test_a_thing_that_is_not_there_has_the_documented_envelope(ada: Visitor) -> None:
    answer = ada.get("/api/v2/deals/424242")
    assert (answer.status, read(answer)) == (404, NOT_FOUND)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"limit": "ten"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"limit": "0"}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"sort_by": "title"}, "sort_by"),
        ({"status": "closed"}, "status"),
        ({"include_labels": "1"}, "include_labels"),
        ({"include_fields": "everything"}, "include_fields"),
        ({"updated_since": "2026-11-21T12:00:00.000Z"}, "updated_since"),
        ({"ids": ",".join(map(str, range(101)))}, "ids"),
        ({"ids": "1,x"}, "ids"),
        ({"start": "0"}, "start"),
        ({"custom_fields": ",".join("abcdefghijklmnop")}, "custom_fields"),
    ],
)
def test_v2_refuses_what_it_cannot_read(ada: Visitor, query: dict[str, str], parameter: str) -> None:
    answer = ada.get("/api/v2/deals", **query)
    assert answer.status == 400
    problem = read(answer)
    assert problem["code"] == "ERR_SCHEMA_VALIDATION_FAILED"
    assert problem["error"].startswith(f"Validation failed: {parameter}: ")


def test_an_id_that_is_no_number_is_refused(ada: Visitor) -> None:
    assert ada.get("/api/v2/deals/one").status == 400


def test_pages_of_v2_come_in_order_and_end(ada: Visitor) -> None:
    found: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = read(ada.get("/api/v2/deals", limit="4", sort_direction="desc", **cursor))
        found += [deal["id"] for deal in page["data"]]
        if page["additional_data"]["next_cursor"] is None:
            break
        cursor = {"cursor": page["additional_data"]["next_cursor"]}
    expected = {number for number in range(1, 16) if number not in (seed.DEAL_ARCHIVED, seed.DEAL_DELETED)}
    assert found == sorted(expected, reverse=True)


def test_a_cursor_belongs_to_its_own_question(ada: Visitor) -> None:
    cursor = read(ada.get("/api/v2/deals", limit="1"))["additional_data"]["next_cursor"]
    assert ada.get("/api/v2/products", cursor=cursor).status == 400
    assert ada.get("/api/v2/deals", cursor=cursor, sort_by="add_time").status == 400


def test_pages_of_v1_say_where_the_next_begins(ada: Visitor) -> None:
    for text in "abc":
        ada.send("POST", "/v1/notes", {"content": text, "deal_id": 1})
    page = read(ada.get("/v1/notes", limit="2"))
    assert page["additional_data"]["pagination"] == {
        "start": 0, "limit": 2, "more_items_in_collection": True, "next_start": 2,
    }  # fmt: skip
    last = read(ada.get("/v1/notes", limit="2", start="2"))
    assert [note["content"] for note in last["data"]] == ["c"]
    assert last["additional_data"]["pagination"] == {"start": 2, "limit": 2, "more_items_in_collection": False}


def test_each_call_costs_its_tokens_of_the_days_budget(ada: Visitor) -> None:
    before = int(ada.get("/api/v2/deals/1").headers["x-daily-ratelimit-token-remaining"])
    after = int(ada.get("/api/v2/deals/1/products").headers["x-daily-ratelimit-token-remaining"])
    assert before - after == 10


def test_a_spent_budget_answers_429_until_the_next_day(pipedrive: Pipedrive, ada: Visitor, clock: SandboxClock) -> None:
    pipedrive.companies[seed.COMPANY].daily_budget = 2
    assert ada.get("/v1/users/me").status == 200
    assert ada.get("/v1/users/me").status == 429
    other = Visitor(pipedrive, seed.OTHER_COMPANY, seed.OTHER_USER)
    assert other.get("/v1/users/me").status == 200
    clock.push(timedelta(hours=12))
    again = Visitor(pipedrive, seed.COMPANY, seed.ADA)
    assert again.get("/v1/users/me").status == 200


def test_a_burst_is_cut_and_two_seconds_later_forgotten(
    pipedrive: Pipedrive, ada: Visitor, cid: Visitor, clock: SandboxClock
) -> None:
    pipedrive.limits.burst = 3
    assert [ada.get("/v1/users/me").status for _ in range(4)] == [200, 200, 200, 429]
    answer = ada.get("/v1/users/me")
    assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == ("3", "0")
    assert "retry-after" not in answer.headers
    assert cid.get("/v1/users/me").status == 200
    clock.push(timedelta(seconds=2))
    assert ada.get("/v1/users/me").status == 200


def test_searches_have_a_smaller_burst(ada: Visitor) -> None:
    statuses = [ada.get("/api/v2/organizations/search", term="north").status for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_archived_and_deleted_deals_are_listed_apart_and_read_alike(ada: Visitor) -> None:
    archived = read(ada.get("/api/v2/deals/archived"))["data"]
    assert [deal["id"] for deal in archived] == [seed.DEAL_ARCHIVED]
    deleted = read(ada.get("/api/v2/deals", status="deleted"))["data"]
    assert [deal["id"] for deal in deleted] == [seed.DEAL_DELETED]
    deal = read(ada.get(f"/api/v2/deals/{seed.DEAL_DELETED}"))["data"]
    assert (deal["is_deleted"], deal["status"]) == (True, "deleted")
    assert read(ada.get(f"/api/v2/deals/{seed.DEAL_ARCHIVED}"))["data"]["is_archived"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_deal_that_is_not_yours_to_see_is_refused_everywhere(
    pipedrive: Pipedrive, ada: Visitor, cid: Visitor, status: int
) -> None:
    pipedrive.hidden_status = status
    number = seed.DEAL_RESTRICTED
    for path in (f"/api/v2/deals/{number}", f"/api/v2/deals/{number}/products", f"/api/v2/deals/{number}/discounts"):
        assert ada.get(path).status == 200
        assert cid.get(path).status == status
    assert read(cid.get("/api/v2/deals/products", deal_ids=str(number)))["data"] == []
    assert read(cid.get("/api/v2/deals", ids=f"1,{number}"))["data"][0]["id"] == 1
    assert cid.send("POST", "/v1/notes", {"content": "x", "deal_id": number}).status == status


def test_who_sees_only_her_own_sees_only_her_own(dee: Visitor) -> None:
    assert [deal["id"] for deal in read(dee.get("/api/v2/deals"))["data"]] == [seed.DEAL_PERSON_ONLY]
    assert dee.get(f"/api/v2/organizations/{seed.NORTHWIND}").status == 404
    assert dee.get(f"/api/v2/persons/{seed.PERSON_ALONE}").status == 200


def test_the_visibility_group_of_the_owner_counts(pipedrive: Pipedrive, cid: Visitor) -> None:
    deals = pipedrive.companies[seed.COMPANY].deals
    deals[seed.DEAL_NO_PRODUCTS]["visible_to"] = 3
    assert cid.get(f"/api/v2/deals/{seed.DEAL_NO_PRODUCTS}").status == 404
    pipedrive.companies[seed.COMPANY].users[seed.CID].group = 1
    assert cid.get(f"/api/v2/deals/{seed.DEAL_NO_PRODUCTS}").status == 200


def test_a_product_of_another_group_is_hidden(pipedrive: Pipedrive, cid: Visitor) -> None:
    pipedrive.companies[seed.COMPANY].products[LIC_PRO]["visible_to"] = 3
    assert cid.get(f"/api/v2/products/{LIC_PRO}").status == 404
    assert LIC_PRO not in [row["id"] for row in read(cid.get("/api/v2/products"))["data"]]


def test_a_deleted_organization_is_read_but_not_found_by_search(pipedrive: Pipedrive, ada: Visitor) -> None:
    pipedrive.companies[seed.COMPANY].organizations[seed.NORTHWIND]["is_deleted"] = True
    assert read(ada.get(f"/api/v2/organizations/{seed.NORTHWIND}"))["data"]["is_deleted"]
    assert read(ada.get("/api/v2/organizations/search", term="northwind"))["data"]["items"] == []


def test_companies_never_meet(pipedrive: Pipedrive, ada: Visitor) -> None:
    other = Visitor(pipedrive, seed.OTHER_COMPANY, seed.OTHER_USER)
    assert other.get(f"/api/v2/deals/{seed.OTHER_DEAL}").status == 200
    assert ada.get(f"/api/v2/deals/{seed.OTHER_DEAL}").status == 404
    assert other.get("/api/v2/deals/1").status == 404
    assert "secret" not in ada.get("/api/v2/organizations/search", term="secret").body.decode()


def test_custom_fields_are_all_there_and_labels_come_on_request(ada: Visitor) -> None:
    path = f"/api/v2/deals/{seed.DEAL_EUR}"
    plain = read(ada.get(path))["data"]["custom_fields"]
    assert isinstance(plain[DEAL_REGION], int)
    told = read(ada.get(path, include_option_labels="true"))["data"]["custom_fields"]
    assert told[DEAL_REGION]["label"] == "Łódź & okolice"
    assert [option["label"] for option in told[DEAL_SERVICES]] == ["Setup", "Support"]
    only = read(ada.get(path, custom_fields=DEAL_PO_NUMBER))["data"]["custom_fields"]
    assert only == {DEAL_PO_NUMBER: "ZAM/2026/11"}
    empty = read(ada.get(f"/api/v2/deals/{seed.DEAL_ZERO}"))["data"]["custom_fields"]
    assert set(empty) == set(plain)
    assert all(len(key) == 40 for key in empty)
    assert set(empty.values()) == {None}


def test_a_deleted_field_is_gone_from_metadata_and_values(pipedrive: Pipedrive, ada: Visitor) -> None:
    assert ada.get(f"/api/v2/dealFields/{DEAL_PO_NUMBER}").status == 200
    pipedrive.delete_field("deal", DEAL_PO_NUMBER)
    assert ada.get(f"/api/v2/dealFields/{DEAL_PO_NUMBER}").status == 404
    assert DEAL_PO_NUMBER not in read(ada.get("/api/v2/deals/1"))["data"]["custom_fields"]
    assert ada.send("PATCH", "/api/v2/deals/1", {"custom_fields": {DEAL_PO_NUMBER: "x"}}).status == 400


def test_counts_come_only_when_asked_for(ada: Visitor) -> None:
    assert "products_count" not in read(ada.get("/api/v2/deals/1"))["data"]
    assert read(ada.get("/api/v2/deals/1", include_fields="products_count"))["data"]["products_count"] == 2


def test_lines_keep_their_decimals_and_disabled_ones_stay_in_the_list(ada: Visitor) -> None:
    european = read(ada.get(f"/api/v2/deals/{seed.DEAL_EUR}/products", sort_by="order_nr"))["data"]
    assert [line["quantity"] for line in european] == [Decimal("1.5"), Decimal("0.333"), 1, 1, 7]
    assert [line["tax"] for line in european] == [20, 20, 5, 0, Decimal("8.25")]
    british = read(ada.get(f"/api/v2/deals/{seed.DEAL_UK_DISCOUNTS}/products"))["data"]
    assert [line["is_enabled"] for line in british] == [True, True, True, False, True]
    assert [line["sum"] for line in british][:2] == [Decimal("874.78"), 1800]


def test_a_deals_value_counts_enabled_lines_less_its_discounts(ada: Visitor) -> None:
    discounts = read(ada.get(f"/api/v2/deals/{seed.DEAL_UK_DISCOUNTS}/discounts"))["data"]
    assert [(row["type"], row["amount"]) for row in discounts] == [("percentage", 10), ("amount", 50)]
    value = read(ada.get(f"/api/v2/deals/{seed.DEAL_UK_DISCOUNTS}"))["data"]["value"]
    assert value == Decimal("2919.80")  # (874.78 + 1800 + 597 + 28) less 10 %, less 50


def test_installments_are_asked_for_by_deal_ids(pipedrive: Pipedrive, ada: Visitor) -> None:
    assert ada.get("/api/v2/deals/installments").status == 400
    assert ada.get(f"/api/v2/deals/{seed.DEAL_INSTALMENTS}/installments").status == 404
    rows = read(ada.get("/api/v2/deals/installments", deal_ids=f"1,{seed.DEAL_INSTALMENTS}"))["data"]
    deal = read(ada.get(f"/api/v2/deals/{seed.DEAL_INSTALMENTS}"))["data"]
    assert sum(row["amount"] for row in rows) == deal["value"]
    pipedrive.companies[seed.COMPANY].growth_plan = False
    assert ada.get("/api/v2/deals/installments", deal_ids="1").status == 402


def test_organizations_are_searched_by_name_without_regard_to_case(ada: Visitor) -> None:
    def names(**query: str) -> list[str]:
        items = read(ada.get("/api/v2/organizations/search", **query))["data"]["items"]
        return [item["item"]["name"] for item in items]

    assert names(term="o'brien & SONS", exact_match="true", fields="name") == ["O'Brien & Sons"]
    assert names(term="o'brien", exact_match="true", fields="name") == []
    assert names(term="żółw") == ["Żółw Sp. z o.o."]
    assert names(term="gb1234", fields="custom_fields") == ["Northwind Traders Ltd"]
    assert ada.get("/api/v2/organizations/search", term="x").status == 400


def test_products_have_prices_by_currency_and_variations(ada: Visitor) -> None:
    product = read(ada.get(f"/api/v2/products/{LIC_PRO}"))["data"]
    assert product["code"] == "LIC-PRO"
    assert {price["currency"]: price["price"] for price in product["prices"]}["GBP"] == Decimal("39.99")
    assert read(ada.get(f"/api/v2/products/{LIC_PRO}/variations"))["data"][0]["product_id"] == LIC_PRO
    codes = [row["code"] for row in read(ada.get("/api/v2/products", limit="500"))["data"]]
    assert None in codes


def test_a_company_may_have_a_currency_of_its_own(ada: Visitor) -> None:
    rows = read(ada.get("/v1/currencies"))["data"]
    assert [row["code"] for row in rows if row["is_custom_flag"]] == ["PTS"]
    assert [row["code"] for row in read(ada.get("/v1/currencies", term="yen"))["data"]] == ["JPY"]


def test_money_leaves_as_exact_json_numbers(ada: Visitor) -> None:
    text = ada.get(f"/api/v2/deals/{seed.DEAL_NO_PRODUCTS}").body.decode()
    assert '"value": 4999.99' in text
    assert json.loads(text)["data"]["value"] == 4999.99
