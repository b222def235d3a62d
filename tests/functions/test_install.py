"""The install function from its events: install, uninstall, notices, landing pages, and what is refused."""

import json
import re
from collections.abc import Iterator

import pytest

from sandbox.faults import Fault
from sandbox.pipedrive.seed import ADA, BEN, COMPANY
from sandbox.quickbooks.seed import US_REALM
from tests.fakes.deployment import Cloud, Deployment, cloud, query_of, sample_events
from tests.fakes.install_steps import (
    CALLBACK,
    call,
    connect,
    connections,
    consent,
    install,
    is_page,
    items,
    revocations,
    uninstall,
)


@pytest.fixture(scope="module")
def aws() -> Iterator[Cloud]:
    with cloud() as aws:
        yield aws


@pytest.fixture
def site(aws: Cloud) -> Deployment:
    return Deployment(aws)


def test_an_install_ends_in_our_settings_inside_pipedrive(site: Deployment) -> None:
    answer = install(site)
    assert answer["statusCode"] == 302
    address = "https://duebill-demo.pipedrive.test/settings/marketplace/app/pipedrive-client/app-settings"
    assert answer["headers"]["Location"] == address
    shown = connections(site)
    assert shown["connections"] == []
    assert shown["may_connect"]
    assert shown["providers"] == [{"provider": "quickbooks", "name": "QuickBooks"}]


def test_an_install_that_pipedrive_began_has_no_state(site: Deployment) -> None:
    address = "https://pipedrive.test/oauth/authorize?client_id=pipedrive-client"
    back = site.follow(f"{address}&redirect_uri=https://duebill.test{CALLBACK}", _user=str(ADA), _company=str(COMPANY))
    assert call(site, "GET", CALLBACK, query=query_of(back))["statusCode"] == 302


def test_a_denied_install_is_a_page_with_the_way_back_and_stores_nothing(site: Deployment) -> None:
    begun = call(site, "GET", "/install")
    answer = call(site, "GET", CALLBACK, query=query_of(site.follow(begun["headers"]["Location"], _deny="1")))
    assert answer["statusCode"] == 400
    assert is_page(answer)
    assert 'href="/install"' in answer["body"]
    assert items(site) == []


@pytest.mark.parametrize(
    "query", [{}, {"code": "unknown"}, {"code": "c", "state": "foreign"}, {"code": "\u202e\U0001f600"}]
)
def test_a_bad_install_is_a_page_and_stores_nothing(site: Deployment, query: dict[str, str]) -> None:
    answer = call(site, "GET", CALLBACK, query=query)
    assert answer["statusCode"] == 400
    assert is_page(answer)
    assert items(site) == []


def test_a_code_is_good_once(site: Deployment) -> None:
    begun = call(site, "GET", "/install")
    back = query_of(site.follow(begun["headers"]["Location"], _user=str(ADA), _company=str(COMPANY)))
    assert call(site, "GET", CALLBACK, query=back)["statusCode"] == 302
    again = call(site, "GET", CALLBACK, query={"code": back["code"]})
    assert again["statusCode"] == 400
    assert is_page(again)


def test_a_pipedrive_that_does_not_answer_is_a_page_that_says_so(site: Deployment) -> None:
    begun = call(site, "GET", "/install")
    back = site.follow(begun["headers"]["Location"], _user=str(ADA), _company=str(COMPANY))
    site.pipedrive.faults.add(Fault("status", "POST /oauth/token", status=500))
    answer = call(site, "GET", CALLBACK, query=query_of(back))
    assert answer["statusCode"] == 503
    assert is_page(answer)


# --- uninstall and sharing ---


def test_an_uninstall_of_the_last_user_revokes_and_may_come_twice(site: Deployment) -> None:
    install(site)
    connect(site)
    assert uninstall(site)["statusCode"] == 200
    assert revocations(site) == 1
    assert uninstall(site)["statusCode"] == 200
    assert revocations(site) == 1
    assert call(site, "GET", "/connections", headers=site.token(COMPANY, ADA))["statusCode"] == 403
    install(site)
    assert [each["health"] for each in connections(site)["connections"]] == ["disconnected"]


def test_while_a_colleague_is_left_the_books_stay_connected(site: Deployment) -> None:
    install(site)
    connect(site)
    install(site, BEN)
    assert uninstall(site)["statusCode"] == 200
    assert revocations(site) == 0


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (None, '{"company_id": %d, "user_id": %d}'),
        ("text/plain", '{"company_id": %d, "user_id": %d}'),
        ("application/x-www-form-urlencoded", "company_id=%d&user_id=%d"),
        ("application/json; charset=utf-8", '{"company_id": "%d", "user_id": "%d", "timestamp": "any"}'),
        ("application/octet-stream", '{"company_id": %d, "user_id": %d}'),
    ],
)
def test_an_uninstall_notice_is_read_whatever_its_content_type(
    site: Deployment, content_type: str | None, body: str
) -> None:
    install(site)
    authorization = {"authorization": site.pipedrive.uninstall(COMPANY, ADA).headers["authorization"]}
    headers = authorization | ({"content-type": content_type} if content_type else {})
    assert call(site, "DELETE", CALLBACK, headers=headers, body=body % (COMPANY, ADA))["statusCode"] == 200
    assert call(site, "GET", "/connections", headers=site.token(COMPANY, ADA))["statusCode"] == 403


@pytest.mark.parametrize("authorization", [None, "Basic eDp5", "Bearer x"])
def test_an_uninstall_notice_of_somebody_else_changes_nothing(site: Deployment, authorization: str | None) -> None:
    install(site)
    headers = {"authorization": authorization} if authorization else {}
    body = json.dumps({"company_id": COMPANY, "user_id": ADA})
    assert call(site, "DELETE", CALLBACK, headers=headers, body=body)["statusCode"] == 401
    assert connections(site)


@pytest.mark.parametrize(
    "body", [None, "", "{", "[]", "{}", '{"company_id": -1, "user_id": 1}', '{"company_id": true}', "[" * 5000]
)
def test_a_notice_without_ids_is_refused(site: Deployment, body: str | None) -> None:
    authorization = {"authorization": site.pipedrive.uninstall(COMPANY, ADA).headers["authorization"]}
    answer = call(site, "DELETE", CALLBACK, headers=authorization, body=body)
    assert answer["statusCode"] == 400
    assert answer["headers"]["Content-Type"] == "application/problem+json"


def test_the_sharing_notice_is_kept_where_there_is_an_install(site: Deployment) -> None:
    install(site)
    before = len(items(site))
    for user in (ADA, BEN):
        notice = site.pipedrive.share(COMPANY, user, True)
        answer = call(site, notice.method, notice.path, headers=notice.headers, body=notice.body.decode())
        assert answer["statusCode"] == 200
    assert len(items(site)) == before
    assert any('"is_shared":true' in str(item) for item in items(site))


def test_a_sharing_notice_with_wrong_credentials_or_without_the_word_is_refused(site: Deployment) -> None:
    body = json.dumps({"company_id": COMPANY, "user_id": ADA})
    assert call(site, "POST", CALLBACK, body=body)["statusCode"] == 400
    assert call(site, "POST", CALLBACK, headers={"authorization": "Basic eDp5"}, body=body)["statusCode"] == 401


# --- landing pages and the rest ---


@pytest.mark.parametrize("path", ["/disconnected/quickbooks", "/reconnect/quickbooks"])
@pytest.mark.parametrize(
    "query", [{}, {"realmId": US_REALM}, {"realmId": "<script>"}, {"realmId": "a#b"}, {"realmId": ""}]
)
def test_landing_pages_say_what_to_do(site: Deployment, path: str, query: dict[str, str]) -> None:
    install(site)
    connect(site)
    answer = call(site, "GET", path, query=query)
    assert answer["statusCode"] == 200
    assert is_page(answer)
    assert "Reconnect" in answer["body"]
    assert "<script" not in answer["body"]
    assert [each["health"] for each in connections(site)["connections"]] == ["active"]


@pytest.mark.parametrize("path", ["/disconnected/abacus", "/reconnect/abacus", "/oauth/abacus/callback", "/nowhere"])
def test_an_address_that_is_none_of_ours_is_not_found(site: Deployment, path: str) -> None:
    assert call(site, "GET", path)["statusCode"] == 404


def test_health_is_answered(site: Deployment) -> None:
    assert json.loads(call(site, "GET", "/health")["body"]) == {"status": "ok"}


def test_every_page_forbids_framing_and_caching(site: Deployment) -> None:
    install(site)
    for answer in (consent(site)[2], call(site, "GET", "/reconnect/quickbooks"), call(site, "GET", CALLBACK)):
        headers = answer["headers"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert not re.search(r"https?://", answer["body"])


EXPECTED = {
    "begin_install": 302,
    "complete_install": 400,
    "confirm_connection": 400,
    "connect": 400,
    "connect_callback": 400,
    "connections": 401,
    "disconnect": 401,
    "disconnected": 200,
    "health": 200,
    "install_denied": 400,
    "new_connection": 401,
    "reconnect": 200,
    "reference": 200,
    "sharing": 200,
    "take_over": 401,
    "uninstall": 200,
}


@pytest.mark.parametrize("name", sorted(sample_events("install")))
def test_every_sample_event_is_answered(site: Deployment, name: str) -> None:
    answer = site.handle("install", sample_events("install")[name])
    assert answer["statusCode"] == EXPECTED[name], answer["body"]


def test_there_is_a_sample_event_for_each_expectation() -> None:
    assert set(sample_events("install")) == set(EXPECTED)
