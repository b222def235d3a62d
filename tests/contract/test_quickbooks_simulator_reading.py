"""How the simulated QuickBooks is asked: queries, change data capture, batches, requestid, the gateway, webhooks."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import httpx
import pytest

from sandbox.faults import Fault
from tests.contract.quickbooks_desk import Desk, codes, uk_desk, us_desk


@pytest.fixture
def us() -> Desk:
    return us_desk()


@pytest.fixture
def uk() -> Desk:
    return uk_desk()


BAD_QUERIES = [
    ("select * from Custmoer", "4001"),
    ("select * from Invoice where Balance > '1' or Balance < '0'", "4000"),
    ("select * from Invoice where Balance != '1'", "4000"),
    ("select Id, DocNumber from Invoice", "4000"),
    ("select * from Invoice startposition 0", "4001"),
    ("select * from Invoice maxresults 1001", "4001"),
    ("select * from Invoice where PrivateNote = 'x'", "4001"),
    ("select * from Invoice where Id > '1'", "4001"),
    ("select * from Customer where DisplayName = 'O'Malley'", "4000"),
    ("select * from Customer where DisplayName = Amy", "4000"),
    ("select * from Invoice where TxnDate > 'soon'", "4001"),
    ("select * from Invoice group by CustomerRef", "4000"),
    ("", "4000"),
]


@pytest.mark.parametrize(("statement", "code"), BAD_QUERIES)
def test_a_query_is_refused(us: Desk, statement: str, code: str) -> None:
    assert codes(us.find(statement)) == [code]


GOOD_QUERIES = [
    (r"select * from Customer where DisplayName = 'O\'Malley\'s Pub'", 1),
    (r"select * from Customer where DisplayName = 'Quick \\ Clean'", 1),
    ("select * from Customer where DisplayName like '%100%'", 1),
    ("SELECT * FROM customer WHERE displayname = 'COOL CARS'", 1),
    ("select * from Customer where DisplayName = 'Old Mill Bakery'", 0),
    ("select * from Customer where DisplayName = 'Old Mill Bakery (deleted)' and Active in (true, false)", 1),
    ("select * from Customer where Active = false", 2),
    ("select * from Customer where PrimaryEmailAddr = 'ap@obrien.example'", 1),
    ("select * from Item where Sku = 'CONS-1'", 1),
    ("select * from Item where Type in ('Service', 'Inventory', 'NonInventory')", 18),
    ("select * from Account where AccountType = 'Income' and AccountSubType = 'SalesOfProductIncome'", 1),
    ("select * from Term where Active = true", 4),
    ("select * from Invoice where Id in ('1', '2', '77')", 2),
    ("select * from Invoice where CustomerRef = '2' and TxnDate >= '2026-11-01' and TxnDate <= CURRENT_DATE", 1),
    ("select * from Invoice where Balance > '0' orderby TxnDate desc startposition 1 maxresults 1000", 2),
    ("select * from Invoice where MetaData.CreateTime >= '2026-11-20T11:59:00Z'", 3),
    ("select * from Invoice where MetaData.CreateTime > '2026-11-20T04:00:01-08:00'", 0),
    ("select * from Invoice where DueDate < '2026-11-01'", 1),
    ("select * from CompanyInfo", 1),
]


@pytest.mark.parametrize(("statement", "count"), GOOD_QUERIES)
def test_a_query_finds(us: Desk, statement: str, count: int) -> None:
    assert len(us.rows(statement)) == count


def test_nothing_found_is_an_empty_answer(us: Desk) -> None:
    assert us.find("select * from Invoice where Id = '99'").json()["QueryResponse"] == {}


def test_results_come_in_pages_and_in_order(us: Desk) -> None:
    first = us.find("select * from Customer orderby DisplayName maxresults 20").json()["QueryResponse"]
    second = us.find("select * from Customer orderby DisplayName startposition 21 maxresults 20").json()[
        "QueryResponse"
    ]
    assert (first["startPosition"], first["maxResults"], second["startPosition"], second["maxResults"]) == (
        1,
        20,
        21,
        8,
    )
    names = [each["DisplayName"].lower() for each in first["Customer"] + second["Customer"]]
    assert names == sorted(names)
    counted = us.find("select count(*) from Customer").json()["QueryResponse"]
    assert counted == {"totalCount": 28}


def test_the_code_of_an_item_is_there_only_when_it_is_named(us: Desk) -> None:
    assert "Sku" not in us.rows("select * from Item where Name = 'Consulting'")[0]
    assert us.rows("select *, Sku from Item where Name = 'Consulting'")[0]["Sku"] == "CONS-1"
    assert us.get("/item/1").json()["Item"]["Sku"] == "CONS-1"


def test_a_long_query_can_be_posted_as_text(us: Desk) -> None:
    text = b"select * from Invoice where Id = '1'"
    answer = us.http.post("/query", content=text, headers={"content-type": "application/text"})
    assert len(answer.json()["QueryResponse"]["Invoice"]) == 1
    assert codes(us.http.post("/query", content=text, headers={"content-type": "application/json"})) == ["500"]


def test_what_is_new_may_not_be_found_yet(us: Desk) -> None:
    us.simulator.lookup_lag = timedelta(seconds=30)
    us.clock.push(timedelta(seconds=31))
    made = us.create()
    assert us.where("Invoice", f"Id = '{made['Id']}'") == []
    assert us.get(f"/invoice/{made['Id']}").status_code == 200
    us.clock.push(timedelta(seconds=30))
    assert len(us.where("Invoice", f"Id = '{made['Id']}'")) == 1


def test_cdc_shows_changes_and_deletions(us: Desk) -> None:
    us.clock.push(timedelta(minutes=10))
    kept, gone = us.create(), us.create()
    us.simulator.bookkeeper.delete(us.realm, gone["Id"])
    us.simulator.bookkeeper.pay(us.realm, "1")
    answer = us.get("/cdc", entities="Invoice,Payment,Item", changedSince="2026-11-20T04:05:00-08:00").json()
    invoices, payments, items = answer["CDCResponse"][0]["QueryResponse"]
    assert {each["Id"]: each.get("status") for each in invoices["Invoice"]} == {
        kept["Id"]: None,
        gone["Id"]: "Deleted",
        "1": None,
    }
    assert len(payments["Payment"]) == 1
    assert items == {}


def test_cdc_does_not_look_back_more_than_thirty_days(us: Desk) -> None:
    us.clock.push(timedelta(days=31))
    us.sign_in()
    answer = us.get("/cdc", entities="Invoice", changedSince="2026-11-01T00:00:00Z").json()
    assert answer["CDCResponse"][0]["QueryResponse"] == [{}]


@pytest.mark.parametrize(
    "query",
    [{"entities": "TaxCode", "changedSince": "2026-11-20"}, {"entities": "Invoice"}, {"changedSince": "2026-11-20"}],
)
def test_cdc_is_refused_for_what_it_does_not_cover(us: Desk, query: dict[str, str]) -> None:
    assert us.get("/cdc", **query).status_code == 400


def test_a_batch_succeeds_where_its_items_fail(us: Desk) -> None:
    items = [
        {"bId": "a", "operation": "create", "Customer": {"DisplayName": "Batch made"}},
        {"bId": "b", "operation": "create", "Customer": {"DisplayName": "Cool Cars"}},
        {"bId": "c", "Query": "select * from Invoice where Id = '1'"},
        {"bId": "d", "Query": "select * from Nothing"},
        {"bId": "e", "operation": "delete", "Invoice": {"Id": "1", "SyncToken": "0"}},
    ]
    answer = us.post("/batch", {"BatchItemRequest": items})
    assert answer.status_code == 200
    found = {each["bId"]: each for each in answer.json()["BatchItemResponse"]}
    assert found["a"]["Customer"]["DisplayName"] == "Batch made"
    assert found["b"]["Fault"]["Error"][0]["code"] == "6240"
    assert len(found["c"]["QueryResponse"]["Invoice"]) == 1
    assert found["d"]["Fault"]["Error"][0]["code"] == "4001"
    assert found["e"]["Invoice"]["status"] == "Deleted"


def test_a_batch_holds_thirty_items(us: Desk) -> None:
    items = [{"bId": str(n), "Query": "select count(*) from Item"} for n in range(31)]
    assert us.post("/batch", {"BatchItemRequest": items[:30]}).status_code == 200
    assert us.post("/batch", {"BatchItemRequest": items}).status_code == 400


def test_the_same_requestid_gives_the_same_answer_and_one_invoice(us: Desk) -> None:
    first = us.post("/invoice", us.invoice(), requestid="k1").json()
    us.clock.push(timedelta(minutes=59))
    again = us.post("/invoice", us.invoice(PrivateNote="other"), requestid="k1").json()
    other = us.post("/customer", {"DisplayName": "New one"}, requestid="k1").json()
    assert again == first == other
    assert us.post("/invoice", us.invoice(), requestid="k2").json()["Invoice"]["Id"] != first["Invoice"]["Id"]


@pytest.mark.parametrize(
    ("memory", "minutes", "same"),
    [
        ("forever", 50, True),
        (timedelta(minutes=10), 9, True),
        (timedelta(minutes=10), 11, False),
        ("never", 0, False),
    ],
)
def test_a_requestid_is_remembered_as_long_as_told(us: Desk, memory: object, minutes: int, *, same: bool) -> None:
    us.simulator.requestid_memory = memory  # type: ignore[assignment]  # the parametrised values are of its types
    first = us.post("/invoice", us.invoice(), requestid="k").json()["Invoice"]["Id"]
    us.clock.push(timedelta(minutes=minutes))
    again = us.post("/invoice", us.invoice(), requestid="k").json()["Invoice"]["Id"]
    assert (again == first) is same


def test_a_refusal_is_remembered_under_its_requestid_too(us: Desk) -> None:
    assert codes(us.post("/invoice", us.invoice(Nonsense=1), requestid="k")) == ["2010"]
    assert codes(us.post("/invoice", us.invoice(), requestid="k")) == ["2010"]


def test_a_requestid_has_fifty_characters_at_most(us: Desk) -> None:
    assert us.post("/invoice", us.invoice(), requestid="x" * 50).status_code == 200
    assert codes(us.post("/invoice", us.invoice(), requestid="x" * 51)) == ["2050"]


def _gateway(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["fault"]["error"][0]["code"]


def test_an_expired_or_unknown_token_is_turned_away_by_the_gateway(us: Desk) -> None:
    us.clock.push(timedelta(seconds=3600))
    assert _gateway(us.get("/invoice/1")) == (401, "3200")
    us.http.headers["authorization"] = "Bearer nobody"
    answer = us.get("/invoice/1")
    assert _gateway(answer) == (401, "3200")
    assert answer.headers["www-authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'


def test_a_token_opens_its_own_company_only(us: Desk) -> None:
    other = "https://quickbooks.test/v3/company/9341453908129937/invoice/1"
    assert _gateway(us.http.get(other)) == (403, "3100")


def test_after_a_disconnect_inside_quickbooks_tokens_are_dead(us: Desk) -> None:
    us.simulator.disconnect(us.realm)
    assert _gateway(us.get("/invoice/1")) == (401, "3200")


def test_more_than_500_calls_a_minute_are_throttled(us: Desk) -> None:
    us.simulator.limits.per_minute = 5
    assert [us.get("/invoice/1").status_code for _ in range(6)] == [200] * 5 + [429]
    assert _gateway(us.get("/invoice/1")) == (429, "3001")
    us.clock.push(timedelta(seconds=60))
    assert us.get("/invoice/1").status_code == 200


def test_without_accept_the_answer_is_xml(us: Desk) -> None:
    answer = us.http.get("/invoice/1", headers={"accept": "*/*"})
    assert answer.headers["content-type"] == "application/xml"
    assert "<TotalAmt>594.94</TotalAmt>" in answer.text
    assert "<code>610</code>" in us.http.get("/invoice/99", headers={"accept": "*/*"}).text


def test_a_post_says_what_it_sends(us: Desk) -> None:
    answer = us.http.post("/invoice", content=json.dumps(us.invoice()), headers={"content-type": "text/plain"})
    assert codes(answer) == ["500"]


def test_every_answer_carries_a_reference_of_its_own(us: Desk) -> None:
    us.simulator.faults.add(Fault("status", status=500))
    answers = [us.get("/invoice/1"), us.get("/invoice/1"), us.get("/invoice/99"), us.get("/nowhere/else/at/all")]
    assert [each.status_code for each in answers] == [500, 200, 400, 400]
    assert len({each.headers["intuit_tid"] for each in answers}) == 4


def test_paths_outside_the_service_are_not_found(us: Desk) -> None:
    assert us.http.get("https://quickbooks.test/elsewhere").status_code == 404


def test_a_dropped_connection_can_leave_an_invoice_behind(us: Desk) -> None:
    before = us.simulator.bookkeeper.state()["realms"][us.realm]["invoices"]
    body = us.invoice()
    for kind, made in (("drop_before", 0), ("drop_after_commit", 1), ("commit_after_drop", 1)):
        us.simulator.faults.add(Fault(kind, where="POST .*/invoice"))
        with pytest.raises(httpx.ReadError):
            us.post("/invoice", body)
        assert us.simulator.bookkeeper.state()["realms"][us.realm]["invoices"] == before + made
    us.simulator.faults.settle()
    assert us.simulator.bookkeeper.state()["realms"][us.realm]["invoices"] == before + 2


def test_changes_are_told_as_signed_cloud_events(us: Desk) -> None:
    made = us.create()
    us.simulator.bookkeeper.void(us.realm, made["Id"])
    [(body, headers)] = us.simulator.webhooks()
    expected = hmac.new(us.simulator.verifier_token.encode(), body, hashlib.sha256).digest()
    assert base64.b64decode(headers["intuit-signature"]) == expected
    events = json.loads(body)
    assert [event["type"] for event in events] == ["qbo.invoice.created.v1", "qbo.invoice.voided.v1"]
    assert {event["intuitaccountid"] for event in events} == {us.realm}
    assert {event["intuitentityid"] for event in events} == {made["Id"]}
    assert len({event["id"] for event in events}) == 2
    assert us.simulator.webhooks() == []


def test_a_post_holds_a_hundred_events_and_may_mix_companies(us: Desk) -> None:
    for n in range(101):
        us.simulator.bookkeeper.edit(us.realm, "Invoice", "1", {"PrivateNote": str(n)})
    us.simulator.bookkeeper.edit("9341453908129937", "Item", "1", {"Description": "x"})
    posts = [json.loads(body) for body, _ in us.simulator.webhooks()]
    assert [len(post) for post in posts] == [100, 2]
    assert len({event["intuitaccountid"] for event in posts[1]}) == 2


def test_a_payment_is_told_but_not_the_invoice_it_pays(us: Desk) -> None:
    us.simulator.bookkeeper.pay(us.realm, "1")
    [(body, _)] = us.simulator.webhooks()
    assert [event["type"] for event in json.loads(body)] == ["qbo.payment.created.v1"]


def test_the_old_form_of_webhooks_names_the_merged_customer(us: Desk) -> None:
    us.simulator.bookkeeper.merge(us.realm, loser="2", winner="3")
    [(body, _)] = us.simulator.webhooks(legacy=True)
    [notice] = json.loads(body)["eventNotifications"]
    [entity] = notice["dataChangeEvent"]["entities"]
    assert (entity["id"], entity["deletedId"], entity["operation"]) == ("3", "2", "Merge")
    assert us.get("/invoice/1").json()["Invoice"]["CustomerRef"]["value"] == "3"
    assert codes(us.get("/customer/2")) == ["610"]


def _control(desk: Desk, name: str, body: object | None = None) -> httpx.Response:
    url = f"https://quickbooks.test/_control/{name}"
    return desk.http.get(url) if body is None else desk.http.post(url, json=body)


def test_control_calls_do_what_people_do_inside_quickbooks(us: Desk) -> None:
    realm = us.realm
    paid = _control(us, "pay", {"realm": realm, "invoice": "1", "amount": 94.94})
    assert paid.json()["Payment"]["TotalAmt"] == 94.94
    assert _control(us, "credit", {"realm": realm, "invoice": "1"}).status_code == 200
    assert us.get("/invoice/1").json()["Invoice"]["Balance"] == 0
    assert _control(us, "void", {"realm": realm, "invoice": "1"}).status_code == 400
    made = us.create()
    assert (
        _control(
            us, "edit", {"realm": realm, "entity": "Invoice", "id": made["Id"], "fields": {"DueDate": "2026-11-21"}}
        ).json()["Invoice"]["DueDate"]
        == "2026-11-21"
    )
    assert _control(us, "delete", {"realm": realm, "invoice": made["Id"]}).json()["Invoice"]["status"] == "Deleted"
    assert _control(us, "close_books", {"realm": realm, "date": "2026-11-20"}).status_code == 200
    assert codes(us.post("/invoice", us.invoice())) == ["6210"]
    assert _control(us, "fault", {"kind": "status", "status": 503}).status_code == 200
    assert us.get("/invoice/1").status_code == 503
    for name, body in (("settle", {}), ("requestid_memory", {"memory": "never"}), ("lookup_lag", {"seconds": 5})):
        assert _control(us, name, body).status_code == 200
    assert us.simulator.lookup_lag == timedelta(seconds=5)
    state = _control(us, "state").json()
    assert state["realms"][realm]["payments"] == 4
    assert _control(us, "calls").json()["calls"][-1] == f"GET /v3/company/{realm}/invoice/1"
    assert _control(us, "disconnect", {"realm": realm}).status_code == 200
    assert us.get("/invoice/1").status_code == 401
    assert _control(us, "nonsense", {}).status_code == 400


def test_rates_and_preferences_can_be_read(uk: Desk) -> None:
    rate = uk.get("/exchangerate", sourcecurrencycode="EUR", asofdate="2026-11-01").json()["ExchangeRate"]
    assert (rate["Rate"], rate["TargetCurrencyCode"], rate["AsOfDate"]) == (0.8532, "GBP", "2026-11-01")
    assert uk.get("/exchangerate", sourcecurrencycode="XXX").status_code == 400
    preferences = uk.get("/preferences").json()["Preferences"]
    assert preferences["CurrencyPrefs"] == {"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "GBP"}}
    assert preferences["SalesFormsPrefs"]["CustomTxnNumbers"] is True
    assert "PartnerTaxEnabled" not in preferences["TaxPrefs"]
