"""What each sender's webhooks tell, and who is believed."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from duebill.crm.pipedrive import webhook as pipedrive
from duebill.domain.connection import Provider
from duebill.domain.ids import CompanyId, TenantId
from duebill.domain.news import BooksNews, Changed, CrmNews, Event
from duebill.errors import InvalidRequest
from duebill.providers.quickbooks import webhook as quickbooks
from duebill.providers.registry import Webhooks, webhooks_of
from duebill.providers.xero import webhook as xero

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
AT = datetime(2026, 11, 21, 9, 59, 58, 179851, tzinfo=UTC)
TIME = "2026-11-21T09:59:58.179851517Z"
ORGANISATION = "c2cc9b6e-9458-4c7d-93cc-f02b81b0594f"
INVOICE = "717f2bfc-c6d4-41fd-b238-3f2f0c0cf777"
COMPANY = CompanyId(8087566)


def cloud(verb: str, entity: str = "invoice", of: object = "12", realm: object = "934") -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": f"qbo.{entity}.{verb}.v1",
        "time": TIME,
        "intuitentityid": of,
        "intuitaccountid": realm,
        "data": {},
    }


def read(document: object) -> tuple[BooksNews, ...]:
    return quickbooks.news_in(json.dumps(document).encode(), NOW)


def event(document: dict[str, Any]) -> Event:
    [news] = read([document])
    [found] = news.events
    return found


@pytest.mark.parametrize("verb", ["created", "updated", "deleted", "emailed", "void", "voided", "VOIDED"])
def test_every_verb_about_an_invoice_means_look_at_it(verb: str) -> None:
    assert event(cloud(verb)) == Event(Changed.INVOICE, "12", AT)


@pytest.mark.parametrize("entity", ["payment", "creditmemo", "Payment"])
def test_what_pays_an_invoice_does_not_name_it(entity: str) -> None:
    assert event(cloud("created", entity, "7")) == Event(Changed.MONEY, "7", AT)


def test_one_post_may_mix_companies_and_is_split_by_them() -> None:
    found = read([cloud("updated", realm="1"), cloud("updated", realm="2"), cloud("updated", of="13", realm="1")])
    assert [(news.tenant, [each.id for each in news.events]) for news in found] == [("1", ["12", "13"]), ("2", ["12"])]


def test_the_same_thing_told_twice_is_heard_once_with_the_later_time() -> None:
    earlier = cloud("created") | {"time": "2026-11-21T09:00:00Z"}
    [news] = read([cloud("updated"), earlier])
    assert news.events == (Event(Changed.INVOICE, "12", AT),)


def test_the_form_before_cloud_events_is_read_too() -> None:
    entities = [
        {"name": "Invoice", "id": "12", "operation": "Void", "lastUpdated": "2026-11-21T09:59:58.000Z"},
        {"name": "Customer", "id": "9", "operation": "Merge", "deletedId": "8", "lastUpdated": "2026-11-21T09:59:58Z"},
        {"name": "Customer", "id": "9", "operation": "Update", "lastUpdated": "2026-11-21T09:59:58Z"},
    ]
    [news] = read({"eventNotifications": [{"realmId": "934", "dataChangeEvent": {"entities": entities}}]})
    at = AT.replace(microsecond=0)
    assert news.tenant == "934"
    assert news.events == (Event(Changed.INVOICE, "12", at), Event(Changed.CUSTOMER, "8", at, "9"))


@pytest.mark.parametrize(
    "strange",
    [
        {},
        [],
        [None, 3, "x"],
        [{"type": "qbo.invoice.updated.v1"}],
        [cloud("updated", of="12#34")],
        [cloud("updated", realm="not-a-realm")],
        [cloud("updated", of="x" * 65)],
        [cloud("updated", "vendor")],
        [cloud("updated") | {"type": "other.invoice.updated.v1"}],
        {"eventNotifications": [{"realmId": "934"}, {"realmId": "1", "dataChangeEvent": []}, 5]},
        "a text",
        7,
    ],
)
def test_what_is_nothing_to_us_is_left_out(strange: object) -> None:
    assert read(strange) == ()


@pytest.mark.parametrize("time", [None, "yesterday", 17, "2026-13-01T00:00:00Z"])
def test_an_event_without_a_usable_time_counts_from_now(time: object) -> None:
    assert event(cloud("updated") | {"time": time}).at == NOW


@pytest.mark.parametrize("reader", [quickbooks, xero])
def test_a_body_that_is_no_json_is_refused(reader: Webhooks) -> None:
    for body in (b"", b"{", b"\xff\xfe", b"[" * 100_000):
        with pytest.raises(InvalidRequest):
            reader.news_in(body, NOW)


def xero_event(category: str = "INVOICE", **more: object) -> dict[str, Any]:
    return {
        "resourceId": INVOICE.upper(),
        "eventDateUtc": "2026-11-21T09:59:58.179851",
        "eventType": "UPDATE",
        "eventCategory": category,
        "tenantId": ORGANISATION,
        "tenantType": "ORGANISATION",
        **more,
    }


@pytest.mark.parametrize(
    ("category", "what"),
    [
        ("INVOICE", Changed.INVOICE),
        ("CREDITNOTE", Changed.MONEY),
        ("PREPAYMENT", Changed.MONEY),
        ("OVERPAYMENT", Changed.MONEY),
        ("CONTACT", Changed.CUSTOMER),
    ],
)
def test_xeros_categories_mean_what_they_are_about(category: str, what: Changed) -> None:
    body = json.dumps({"events": [xero_event(category)], "firstEventSequence": 1}).encode()
    assert xero.news_in(body, NOW) == (BooksNews(Provider.XERO, TenantId(ORGANISATION), (Event(what, INVOICE, AT),)),)


def test_xeros_times_name_no_zone_and_are_utc() -> None:
    [news] = xero.news_in(json.dumps({"events": [xero_event()]}).encode(), NOW)
    assert news.events[0].at == AT


def test_subscriptions_and_the_intent_to_receive_tell_nothing() -> None:
    for events in ([], [xero_event("SUBSCRIPTION")], None):
        assert xero.news_in(json.dumps({"events": events, "entropy": "X"}).encode(), NOW) == ()


@pytest.mark.parametrize("provider", list(Provider))
def test_only_the_very_bytes_under_one_of_our_keys_are_believed(provider: Provider) -> None:
    webhooks = webhooks_of(provider)
    header = {Provider.QUICKBOOKS: "intuit-signature", Provider.XERO: "x-xero-signature"}[provider]
    body = b'{"a": 1}'

    def signed(key: str) -> dict[str, str]:
        return {header: base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()}

    assert webhooks.is_genuine(body, signed("new"), ("new", "old"))
    assert webhooks.is_genuine(body, signed("old"), ("new", "old")), "two are accepted while one replaces the other"
    assert not webhooks.is_genuine(b'{"a":1}', signed("new"), ("new", "old"))
    assert not webhooks.is_genuine(body, signed("other"), ("new", "old"))
    assert not webhooks.is_genuine(body, {}, ("new",))
    assert not webhooks.is_genuine(body, signed(""), ("",)), "an empty key proves nothing"
    assert not webhooks.is_genuine(body, {header: "ü"}, ("new",))


def basic(user: object, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_each_company_has_a_password_of_its_own() -> None:
    password = pipedrive.password_of(COMPANY, "key")
    assert pipedrive.company_of(basic(COMPANY, password), ("key",)) == COMPANY
    assert pipedrive.company_of(basic(COMPANY, password), ("new", "key")) == COMPANY
    assert pipedrive.company_of(basic(COMPANY + 1, password), ("key",)) is None
    assert pipedrive.company_of(basic(COMPANY, password + "x"), ("key",)) is None


@pytest.mark.parametrize(
    "header", [None, "", "Bearer x", "Basic", "Basic ?", "Basic " + "eA==", basic("²", "x"), basic("", "")]
)
def test_without_a_password_nobody_is_believed(header: str | None) -> None:
    assert pipedrive.company_of(header, ("key",)) is None


def meta(**more: object) -> bytes:
    about = {"company_id": str(COMPANY), "entity": "deal", "entity_id": "8", "timestamp": TIME, "action": "delete"}
    return json.dumps({"meta": about | more, "data": None, "previous": {}}).encode()


@pytest.mark.parametrize(
    ("entity", "what"),
    [
        ("deal", Changed.DEAL_MERGED),
        ("person", Changed.PERSON_MERGED),
        ("organization", Changed.ORGANIZATION_MERGED),
    ],
)
def test_a_merge_is_heard_from_either_end(entity: str, what: Changed) -> None:
    expected = CrmNews(COMPANY, (Event(what, "8", AT, "9"),))
    assert pipedrive.news_in(meta(entity=entity, merged_to_id="9"), COMPANY, NOW) == expected
    assert pipedrive.news_in(meta(entity=entity, entity_id="9", merged_from_id="8"), COMPANY, NOW) == expected


def test_other_changes_in_the_crm_our_own_among_them_are_nothing_to_us() -> None:
    for body in (
        meta(),
        meta(action="change", change_source="api"),
        meta(entity="note", merged_to_id="9"),
        b"{}",
        b"[]",
    ):
        assert pipedrive.news_in(body, COMPANY, NOW) is None


def test_a_company_speaks_for_itself_alone() -> None:
    assert pipedrive.news_in(meta(merged_to_id="9", company_id="1"), COMPANY, NOW) is None


def test_changed_fields_are_heard() -> None:
    [heard] = (pipedrive.news_in(meta(entity="dealField"), COMPANY, NOW) or CrmNews(COMPANY, ())).events
    assert heard.what is Changed.FIELDS
