"""What the simulated Xero answers: lists, filters, contacts, items, the gateway, keys, limits, webhooks, controls."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest

from sandbox.faults import Fault
from sandbox.xero.seed import NZ_TENANT, UK_TENANT, USER
from tests.contract.xero_desk import Desk, Doc, desk, line, messages

NOBODY = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def nz() -> Desk:
    return desk(NZ_TENANT)


@pytest.fixture
def uk() -> Desk:
    return desk(UK_TENANT)


# --- lists of invoices -------------------------------------------------------------------------------------------


def test_without_a_page_all_rows_come_without_lines(nz: Desk) -> None:
    document = nz.get("/Invoices").json()
    assert "pagination" not in document
    assert len(document["Invoices"]) == 5
    assert all(row["LineItems"] == [] for row in document["Invoices"])


def test_pages_have_lines_and_say_how_many_there_are(nz: Desk) -> None:
    document = nz.get("/Invoices", page="2", pageSize="2").json()
    assert document["pagination"] == {"page": 2, "pageSize": 2, "pageCount": 3, "itemCount": 5}
    assert [len(row["LineItems"]) for row in document["Invoices"]] == [1, 1]


@pytest.mark.parametrize(("sent", "size"), [("0", 1), ("-5", 1), ("5000", 1000)])
def test_a_page_size_out_of_range_is_put_into_it(nz: Desk, sent: str, size: int) -> None:
    assert nz.get("/Invoices", page="1", pageSize=sent).json()["pagination"]["pageSize"] == size


def test_a_summary_is_paged_and_leaves_things_out(nz: Desk) -> None:
    document = nz.get("/Invoices", summaryOnly="true").json()
    row = document["Invoices"][0]
    assert document["pagination"]["itemCount"] == 5
    assert not {"Payments", "LineItems", "HasAttachments"} & set(row)
    assert {"AmountDue", "AmountPaid", "AmountCredited", "Status", "DueDateString"} <= set(row)


def test_lists_are_narrowed_by_ids_numbers_contacts_and_statuses(nz: Desk) -> None:
    made = nz.create(InvoiceNumber="A-1")
    other = nz.create(InvoiceNumber="A-2", Contact={"ContactID": nz.contact("O'Brien & Sons")})
    nz.change(other, Status="DELETED")

    def found(**query: str) -> set[str]:
        return {row["InvoiceNumber"] for row in nz.rows("Invoices", **query)}

    assert found(IDs=f"{made['InvoiceID']},{other['InvoiceID']},{NOBODY}") == {"A-1", "A-2"}
    assert found(InvoiceNumbers="A-1,A-3") == {"A-1"}
    assert found(ContactIDs=other["Contact"]["ContactID"], createdByMyApp="true") == {"A-2"}
    assert found(Statuses="DELETED,VOIDED") == {"A-2"}
    assert found(createdByMyApp="true") == {"A-1", "A-2"}
    assert found(searchTerm="a-2") == {"A-2"}
    assert "A-2" in found()
    assert nz.get("/Invoices", IDs="A-1").status_code == 400


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ('Type=="ACCREC"', 4),
        ('type=="ACCREC"', None),
        ('Type=="accrec" AND Status=="Draft"', 1),
        ('Status=="DRAFT" OR Status=="SUBMITTED"', 2),
        ('(Status=="DRAFT" || Status=="SUBMITTED") && Type=="ACCREC"', 2),
        ("Date>=DateTime(2026,11,01) AND Date<DateTime(2026,12,01)", 3),
        ("AmountDue>=1000", 2),
        ("AmountPaid==0", 5),
        ('Contact.Name.Contains("traders")', 1),
        ('Contact.Name=="O\'Brien & Sons"', 1),
        ('InvoiceNumber!=null AND InvoiceNumber.StartsWith("INV")', 4),
        (f'InvoiceID==Guid("{NOBODY}")', 0),
        (f'InvoiceID=="{NOBODY}"', None),
        ('Status==Guid("x")', None),
        ('Status="DRAFT"', None),
        ('Status=="DRA""FT"', None),
        ("UpdatedDateUTC>=DateTime(2026,11,01)", None),
        ("AmountDue>=", None),
        ('AmountDue=="much"', None),
        ('(Status=="DRAFT"', None),
        ('Status=="DRAFT")', None),
        ("Date>=DateTime(2026,13,01)", None),
    ],
)
def test_the_language_of_where(nz: Desk, where: str, count: int | None) -> None:
    answer = nz.get("/Invoices", where=where)
    if count is None:
        assert (answer.status_code, answer.json()["Type"]) == (400, "QueryParseException")
    else:
        assert len(answer.json()["Invoices"]) == count


def test_lists_are_in_the_order_asked_for(nz: Desk) -> None:
    dates = [row["DateString"] for row in nz.rows("Invoices", order="Date DESC, InvoiceID ASC")]
    assert dates == sorted(dates, reverse=True)
    assert nz.get("/Invoices", order="Colour").status_code == 400
    stamped = [(row["UpdatedDateUTC"], row["InvoiceID"]) for row in nz.rows("Invoices")]
    assert stamped == sorted(stamped)


def test_if_modified_since_is_a_header_and_shows_what_is_gone(nz: Desk) -> None:
    nz.clock.push(timedelta(minutes=10))
    made = nz.create()
    nz.change(made, Status="DELETED")
    since = "2026-11-20T12:05:00"
    [row] = nz.get("/Invoices", {"if-modified-since": since}).json()["Invoices"]
    assert (row["InvoiceID"], row["Status"]) == (made["InvoiceID"], "DELETED")
    assert len(nz.rows("Invoices", **{"If-Modified-Since": since})) == 6
    assert nz.get("/Invoices", {"if-modified-since": f"{since}Z"}).status_code == 400


def test_a_lagging_list_does_not_show_what_is_new(nz: Desk) -> None:
    nz.simulator.lookup_lag = timedelta(seconds=30)
    made = nz.create()
    assert nz.rows("Invoices", createdByMyApp="true") == []
    assert nz.read(made)["InvoiceID"] == made["InvoiceID"]
    nz.clock.push(timedelta(seconds=30))
    assert len(nz.rows("Invoices", createdByMyApp="true")) == 1


def test_an_invoice_is_read_by_id_or_number(nz: Desk) -> None:
    made = nz.create(InvoiceNumber="A-1")
    [by_number] = nz.get("/Invoices/A-1").json()["Invoices"]
    assert by_number == nz.read(made)
    assert "Addresses" in by_number["Contact"]


# --- contacts and items ------------------------------------------------------------------------------------------


def test_contacts_are_found_by_term_and_by_address(nz: Desk) -> None:
    assert [row["Name"] for row in nz.rows("Contacts", searchTerm="NORTHW", page="1")] == ["Northwind Traders Ltd"]
    assert len(nz.rows("Contacts", where='EmailAddress=="books@fernstreet.example"')) == 2
    assert len(nz.rows("Contacts", searchTerm="northw", includeArchived="true")) == 2


def test_a_merged_contact_points_to_the_other(nz: Desk) -> None:
    [old] = nz.rows("Contacts", where='Name=="Northwind Traders (old)"', includeArchived="true")
    [found] = nz.get(f"/Contacts/{old['ContactID']}").json()["Contacts"]
    assert found["ContactStatus"] == "ARCHIVED"
    assert found["MergedToContactID"] == nz.contact("Northwind Traders Ltd")


def test_merging_moves_the_invoices(nz: Desk) -> None:
    made = nz.create(Contact={"ContactID": nz.contact("Fern Street Café")})
    winner = nz.contact("Fern Street Bakery")
    nz.simulator.bookkeeper.merge(NZ_TENANT, made["Contact"]["ContactID"], winner)
    assert nz.read(made)["Contact"]["ContactID"] == winner


def test_a_contacts_people_come_on_pages_only(nz: Desk) -> None:
    query = {"where": 'Name=="Summit Builders"'}
    [bare], [whole] = nz.rows("Contacts", **query), nz.rows("Contacts", page="1", **query)
    [short] = nz.rows("Contacts", summaryOnly="true", **query)
    assert ["ContactPersons" in row for row in (bare, whole, short)] == [False, True, False]
    assert [len(whole["Addresses"]), len(whole["Phones"])] == [2, 4]


def test_put_refuses_a_taken_name_as_recorded_and_post_takes_it(nz: Desk) -> None:
    body = {"Contacts": [{"Name": "o'brien & sons", "EmailAddress": "x@obrien.example"}]}
    answer = nz.put("/Contacts", body)
    [element] = answer.json()["Elements"]
    assert messages(answer) == [
        (
            "The contact name o'brien & sons is already assigned to another contact. "
            "The contact name must be unique across all active contacts."
        )
    ]
    assert (element["HasValidationErrors"], element["ContactID"]) == (True, "00000000-0000-0000-0000-000000000000")
    [changed] = nz.post("/Contacts", body).json()["Contacts"]
    assert (changed["ContactID"], changed["EmailAddress"]) == (nz.contact("O'Brien & Sons"), "x@obrien.example")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Name": ""}, "name must be specified"),
        ({"Name": "x" * 256}, "Name is 256"),
        ({"EmailAddress": "jürgen@example.com"}, "Email address must be valid."),
        ({"EmailAddress": "nobody"}, "Email address must be valid."),
        ({"ContactPersons": [{"EmailAddress": "nobody"}]}, "Email address must be valid."),
        ({"ContactPersons": [{"FirstName": "A"}] * 6}, "no more than 5"),
        ({"ContactNumber": "PD-ORG-1"}, "contact number PD-ORG-1 is already"),
        ({"Addresses": [{"AddressType": "STREET", "Country": "N2"}]}, "letters only"),
        ({"Addresses": [{"AddressType": "HOME"}]}, "address type"),
        ({"Phones": [{"PhoneType": "HOME"}]}, "phone type"),
        ({"DefaultCurrency": "EUR"}, "not subscribed to currency EUR"),
        ({"AccountNumber": "1" * 51}, "AccountNumber is 51"),
    ],
)
def test_a_contact_is_refused(nz: Desk, fields: Doc, message: str) -> None:
    body = {"Contacts": [{"Name": "Somebody new"} | fields]}
    assert any(message in each for each in messages(nz.put("/Contacts", body)))


def test_an_archived_contact_cannot_be_edited_and_its_name_is_free(nz: Desk) -> None:
    key = nz.contact("Tui Books")
    nz.simulator.bookkeeper.archive_contact(NZ_TENANT, key)
    assert "archived contact" in messages(nz.post(f"/Contacts/{key}", {"FirstName": "A"}))[0]
    assert nz.put("/Contacts", {"Contacts": [{"Name": "Tui Books"}]}).status_code == 200


def test_what_is_not_sent_of_a_contact_stays_but_lists_are_replaced(nz: Desk) -> None:
    key = nz.contact("Summit Builders")
    nz.post(f"/Contacts/{key}", {"ContactPersons": [{"FirstName": "Cy"}]})
    [found] = nz.get(f"/Contacts/{key}").json()["Contacts"]
    assert found["EmailAddress"] == "pay@summit.example"
    assert [each["FirstName"] for each in found["ContactPersons"]] == ["Cy"]


def test_what_a_contact_owes(nz: Desk) -> None:
    nz.create(Status="AUTHORISED")
    [found] = nz.get(f"/Contacts/{nz.contact('Northwind Traders Ltd')}").json()["Contacts"]
    assert found["Balances"]["AccountsReceivable"] == {"Outstanding": 115, "Overdue": 0}
    assert (found["IsCustomer"], found["IsSupplier"]) == (True, False)


def test_items_are_never_paged_and_codes_are_unique(nz: Desk) -> None:
    assert len(nz.rows("Items", page="1", pageSize="1")) == 8
    assert "already exists" in messages(nz.put("/Items", {"Items": [{"Code": "CONS-1"}]}))[0]
    [changed] = nz.post("/Items", {"Items": [{"Code": "CONS-1", "Name": "Advice"}]}).json()["Items"]
    [read] = nz.get("/Items/CONS-1").json()["Items"]
    assert (changed["Name"], read["ItemID"], read["SalesDetails"]["UnitPrice"]) == ("Advice", changed["ItemID"], 150)
    assert nz.http.delete("/Items/CONS-1").status_code == 204
    assert nz.get("/Items/CONS-1").status_code == 404


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"Code": "x" * 31}, "Code is 31"),
        ({"Code": "N-1", "Name": "x" * 51}, "Name is 51"),
        ({"Name": "no code"}, "code must be specified"),
        ({"Code": "N-1", "SalesDetails": {"AccountCode": "999"}}, "Account code '999'"),
        ({"Code": "N-1", "SalesDetails": {"AccountCode": "200", "TaxType": "INPUT2"}}, "TaxType code 'INPUT2'"),
    ],
)
def test_an_item_is_refused(nz: Desk, item: Doc, message: str) -> None:
    assert message in messages(nz.put("/Items", {"Items": [item]}))[0]


def test_items_keep_four_digits_only_if_asked(nz: Desk) -> None:
    body = {"Items": [{"Code": "N-1", "SalesDetails": {"UnitPrice": 0.0475}}]}
    assert nz.put("/Items", body).json()["Items"][0]["SalesDetails"]["UnitPrice"] == 0.05
    assert nz.rows("Items", where='Code=="PRINT-A5"', unitdp="4")[0]["SalesDetails"]["UnitPrice"] == 0.0475


# --- settings ----------------------------------------------------------------------------------------------------


def test_the_organisation_and_its_lists(uk: Desk) -> None:
    [org] = uk.get("/Organisation").json()["Organisations"]
    assert (org["Name"], org["BaseCurrency"], org["Timezone"]) == ("Thistle & Rose Ltd", "GBP", "GMTSTANDARDTIME")
    assert "PeriodLockDate" not in org
    assert {row["Code"] for row in uk.rows("Currencies")} == {"GBP", "EUR", "USD"}
    rates = uk.rows("TaxRates", where='Status=="ACTIVE" AND CanApplyToRevenue==true')
    assert {row["EffectiveRate"] for row in rates} == {20, 5, 0}
    assert {row["Code"] for row in uk.rows("Accounts", where='Class=="REVENUE" AND Status=="ACTIVE"')} >= {"200", "260"}
    roles = {row["EmailAddress"]: row["OrganisationRole"] for row in uk.rows("Users")}
    assert roles == {"moana.fraser@example.com": "FINANCIALADVISER", "iain.ross@example.com": "STANDARD"}


def test_the_lock_date_is_the_organisations(uk: Desk) -> None:
    uk.http.post("https://xero.test/_control/lock", json={"tenant": UK_TENANT, "date": "2026-10-31"})
    assert uk.get("/Organisation").json()["Organisations"][0]["PeriodLockDate"] == "/Date(1793404800000+0000)/"


# --- the gateway -------------------------------------------------------------------------------------------------


def test_without_accept_the_answer_is_xml(nz: Desk) -> None:
    answer = nz.get("/Organisation", {"accept": "*/*"})
    assert answer.headers["content-type"].startswith("text/xml")
    assert ET.fromstring(answer.text).findtext("Organisations/Organisation/BaseCurrency") == "NZD"  # noqa: S314  ours
    assert ET.fromstring(nz.get("/Invoices", {"accept": "*/*"}, where="x").text).findtext("ErrorNumber") == "16"  # noqa: S314  ours


@pytest.mark.parametrize("path", [f"/Invoices/{NOBODY}", f"/Contacts/{NOBODY}", "/Nothing", "/Invoices/INV-9999"])
def test_what_is_not_there_is_an_empty_page(nz: Desk, path: str) -> None:
    answer = nz.get(path)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (404, b"", "text/html")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": "Bearer nonsense"}, 401),
        ({"authorization": ""}, 401),
        ({"xero-tenant-id": ""}, 403),
        ({"xero-tenant-id": NOBODY}, 403),
    ],
)
def test_the_gateway_turns_away(nz: Desk, headers: dict[str, str], status: int) -> None:
    answer = nz.get("/Organisation", headers)
    document = answer.json()
    assert (answer.status_code, document["Status"], document["Type"]) == (status, status, None)
    assert document["Detail"] == "AuthenticationUnsuccessful"


def test_scopes_are_kept_apart(nz: Desk) -> None:
    nz.sign_in("accounting.invoices accounting.contacts.read accounting.settings.read")
    assert nz.get("/Contacts").status_code == nz.get("/Accounts").status_code == 200
    assert nz.put("/Items", {"Items": [{"Code": "N-1"}]}).status_code == 200
    denied = nz.put("/Contacts", {"Contacts": [{"Name": "N"}]})
    assert (denied.status_code, denied.json()["Detail"]) == (401, "AuthorizationUnsuccessful")
    assert nz.get("/Payments").status_code == 401


def test_every_answer_tells_what_is_left_and_the_61st_call_of_a_minute_is_too_many(nz: Desk) -> None:
    nz.simulator.limits.per_minute = 60
    nz.clock.push(timedelta(minutes=1))
    first = nz.get("/Currencies")
    assert (first.headers["x-minlimit-remaining"], first.headers["x-daylimit-remaining"]) == ("59", "4999")
    assert first.headers["x-appminlimit-remaining"] == "9999"
    nz.clock.push(timedelta(seconds=34))
    assert {nz.get("/Currencies").status_code for _ in range(59)} == {200}
    answer = nz.get("/Currencies")
    assert (answer.status_code, answer.content, "content-type" in answer.headers) == (429, b"", False)
    assert (answer.headers["x-rate-limit-problem"], answer.headers["retry-after"]) == ("minute", "26")
    assert answer.headers["x-minlimit-remaining"] == "0"
    assert nz.get("/Currencies", {"xero-tenant-id": UK_TENANT}).status_code == 200
    nz.clock.push(timedelta(seconds=26))
    assert nz.get("/Currencies").status_code == 200


def test_days_and_the_whole_app_have_limits_too(nz: Desk) -> None:
    nz.simulator.limits.per_day = 1
    nz.get("/Currencies")
    assert nz.get("/Currencies").headers["x-rate-limit-problem"] == "day"
    nz.simulator.limits.per_day, nz.simulator.limits.app_per_minute = 5000, 1
    assert nz.get("/Currencies").headers["x-rate-limit-problem"] == "appminute"


def test_too_many_at_once_have_no_time_to_wait(nz: Desk) -> None:
    nz.simulator.limits.at_once = 0
    answer = nz.get("/Currencies")
    assert (answer.status_code, answer.headers["x-rate-limit-problem"]) == (429, "concurrent")
    assert "retry-after" not in answer.headers


def test_a_key_gives_the_same_answer_for_six_minutes_errors_too(nz: Desk) -> None:
    key = {"idempotency-key": "k1"}
    body = nz.invoice()
    first = nz.put("/Invoices", body, key)
    nz.clock.push(timedelta(minutes=5, seconds=59))
    assert nz.put("/Invoices", body, key).content == first.content
    wrong = nz.put("/Invoices", body | {"Type": "NOPE"}, {"idempotency-key": "k2"})
    nz.org.period_lock = None
    assert nz.put("/Invoices", body | {"Type": "NOPE"}, {"idempotency-key": "k2"}).content == wrong.content
    nz.clock.push(timedelta(seconds=1))
    later = nz.put("/Invoices", body, key)
    assert later.json()["Invoices"][0]["InvoiceID"] != first.json()["Invoices"][0]["InvoiceID"]


def test_a_refusal_is_remembered_even_when_its_reason_is_gone(nz: Desk) -> None:
    body = nz.invoice(LineItems=[line(1, ItemCode="NEW-1")])
    key = {"idempotency-key": "k1"}
    assert nz.put("/Invoices", body, key).status_code == 400
    nz.put("/Items", {"Items": [{"Code": "NEW-1"}]})
    assert nz.put("/Invoices", body, key).status_code == 400
    assert nz.put("/Invoices", body, {"idempotency-key": "k2"}).status_code == 200


def test_a_key_is_for_one_request(nz: Desk) -> None:
    nz.put("/Invoices", nz.invoice(), {"idempotency-key": "k1"})
    other = nz.put("/Invoices", nz.invoice(Reference="x"), {"idempotency-key": "k1"})
    assert (other.status_code, other.json()["Message"]) == (
        400,
        "Idempotency Key: k1 is used with a different request.",
    )
    assert nz.put("/Invoices", nz.invoice(), {"idempotency-key": "k" * 129}).status_code == 400
    assert nz.put("/Invoices", nz.invoice(), {"idempotency-key": ""}).status_code == 400


def test_a_dropped_answer_and_the_same_key_make_one_invoice(nz: Desk) -> None:
    for kind in ("drop_after_commit", "commit_after_drop"):
        body, key = nz.invoice(Reference=kind), {"idempotency-key": kind}
        nz.simulator.faults.add(Fault(kind, "PUT .*/Invoices"))
        with pytest.raises(httpx.ReadError):
            nz.put("/Invoices", body, key)
        assert nz.put("/Invoices", body, key).status_code == 200
        nz.simulator.faults.settle()
        assert len(nz.rows("Invoices", where=f'Reference=="{kind}"')) == 1


# --- webhooks and controls ---------------------------------------------------------------------------------------


def test_webhooks_tell_of_connected_organisations_signed_over_the_raw_body(nz: Desk) -> None:
    made = nz.create()
    nz.clock.push(timedelta(minutes=1))
    nz.change(made, Status="AUTHORISED")
    [(body, headers)] = nz.simulator.webhooks()
    assert nz.simulator.webhooks() == []
    expected = hmac.new(nz.simulator.webhook_key.encode(), body, hashlib.sha256).digest()
    assert base64.b64decode(headers["x-xero-signature"]) == expected
    document = json.loads(body)
    assert b'": ' in body
    events = [(each["eventType"], each["eventCategory"], each["resourceId"]) for each in document["events"]]
    assert events == [("CREATE", "INVOICE", made["InvoiceID"]), ("UPDATE", "INVOICE", made["InvoiceID"])]
    assert document["events"][0]["eventDateUtc"] == "2026-11-20T12:00:00.000"
    assert (document["firstEventSequence"], document["lastEventSequence"]) == (1, 2)
    nz.simulator.disconnect(NZ_TENANT)
    nz.simulator.bookkeeper.void(NZ_TENANT, made["InvoiceID"])
    assert nz.simulator.webhooks() == []


def test_payments_may_be_silent(nz: Desk) -> None:
    made = nz.create(Status="AUTHORISED")
    nz.simulator.webhooks()
    nz.org.tells_payments = False
    nz.simulator.bookkeeper.pay(NZ_TENANT, made["InvoiceID"])
    assert nz.simulator.webhooks() == []


def test_the_intent_to_receive_has_right_and_wrong_signatures(nz: Desk) -> None:
    right, wrong = nz.simulator.intent_to_receive()
    assert (right[2], wrong[2], right[0] == wrong[0]) == (200, 401, True)
    assert json.loads(right[0])["events"] == []
    assert right[1]["x-xero-signature"] != wrong[1]["x-xero-signature"]


def _control(nz: Desk, name: str, **body: object) -> httpx.Response:
    return nz.http.post(f"https://xero.test/_control/{name}", json={"tenant": NZ_TENANT} | body)


def test_a_bookkeeper_acts_by_routes(nz: Desk) -> None:
    made = nz.create(Status="AUTHORISED")
    key = made["InvoiceID"]
    assert _control(nz, "pay", invoice=key, amount="15").json()["Payment"]["Amount"] == 15
    assert _control(nz, "credit", invoice=key).json()["Allocation"]["Amount"] == 100
    assert nz.read(made)["Status"] == "PAID"
    assert _control(nz, "void", invoice=key).status_code == 400
    draft = nz.create()["InvoiceID"]
    edited = _control(nz, "edit", entity="Invoice", id=draft, fields={"Reference": "by hand"})
    assert edited.json()["Invoice"]["Reference"] == "by hand"
    assert _control(nz, "approve", invoice=draft).json()["Invoice"]["Status"] == "AUTHORISED"
    assert _control(nz, "void", invoice=draft).json()["Invoice"]["Status"] == "VOIDED"
    assert _control(nz, "delete", invoice=nz.create()["InvoiceID"]).json()["Invoice"]["Status"] == "DELETED"
    contact = nz.contact("Tui Books")
    assert _control(nz, "merge", loser=contact, winner=nz.contact("O'Brien & Sons")).json() == {"done": "merge"}
    archived = _control(nz, "archive_contact", contact=nz.contact("Summit Builders"))
    assert archived.json()["Contact"]["ContactStatus"] == "ARCHIVED"
    assert _control(nz, "pay", invoice=NOBODY).status_code == 400
    assert _control(nz, "nonsense").status_code == 400


def test_the_knobs_turn_by_routes(nz: Desk) -> None:
    assert _control(nz, "idempotency_memory", seconds=0).status_code == 200
    assert _control(nz, "lookup_lag", seconds=30).status_code == 200
    assert nz.simulator.idempotency_memory == timedelta(0)
    assert nz.simulator.lookup_lag == timedelta(seconds=30)
    nz.http.post("https://xero.test/_control/fault", json={"kind": "status", "status": 503, "where": "Currencies"})
    assert nz.get("/Currencies").status_code == 503
    assert nz.get("/Currencies").status_code == 200
    _control(nz, "set_role", user=USER, role="READONLY")
    assert nz.get("/Currencies").status_code == 403
    _control(nz, "set_role", user=USER, role="STANDARD")
    nz.http.post("https://xero.test/_control/expire_access", json={})
    assert nz.get("/Currencies").status_code == 401
    nz.sign_in()
    _control(nz, "disconnect")
    assert nz.get("/Currencies").status_code == 403


def test_the_state_counts(nz: Desk) -> None:
    nz.create()
    state = nz.http.get("https://xero.test/_control/state").json()
    found = state["tenants"][NZ_TENANT]
    assert (found["name"], found["invoices"], found["connected"]) == ("Kowhai Design Limited", 6, True)
    assert found["calls"] == state["calls"] == 2
    calls = nz.http.get("https://xero.test/_control/calls").json()["calls"]
    assert calls == ["GET /api.xro/2.0/Contacts", "PUT /api.xro/2.0/Invoices"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_a_fault_looks_like_the_real_thing(nz: Desk, status: int) -> None:
    nz.simulator.faults.add(Fault("status", status=status))
    answer = nz.get("/Currencies")
    assert answer.status_code == status
    assert (answer.content == b"") == (status in (404, 429))
