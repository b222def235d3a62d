"""The install function from its events: install, connect, confirm, disconnect, uninstall, and what is refused."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandbox.faults import Fault
from sandbox.pipedrive.seed import ADA, BEN, COMPANY, OTHER_COMPANY, OTHER_USER
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from tests.fakes.deployment import Cloud, Deployment, cloud, query_of, sample_events

CALLBACK = "/oauth/pipedrive/callback"
BOOKS_CALLBACK = "/oauth/quickbooks/callback"
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def aws() -> Iterator[Cloud]:
    with cloud() as aws:
        yield aws


@pytest.fixture
def site(aws: Cloud) -> Deployment:
    return Deployment(aws)


def call(site: Deployment, method: str, path: str, **parts: Any) -> Answer:  # noqa: ANN401  see http_event
    return site.call("install", method, path, **parts)


def install(site: Deployment, user: int = ADA, company: int = COMPANY) -> Answer:
    begun = call(site, "GET", "/install")
    back = site.follow(begun["headers"]["Location"], _user=str(user), _company=str(company))
    return call(site, "GET", CALLBACK, query=query_of(back))


def open_link(site: Deployment, user: int = ADA, company: int = COMPANY) -> tuple[str, str, str]:
    """The ticket's path, the cookie, and the provider's consent page."""
    headers = {**site.token(company, user), "content-type": "application/json"}
    answer = call(site, "POST", "/connections", headers=headers, body='{"provider": "quickbooks"}')
    assert answer["statusCode"] == 200, answer["body"]
    path = urlsplit(json.loads(answer["body"])["url"]).path
    opened = call(site, "GET", path)
    assert opened["statusCode"] == 302, opened["body"]
    (cookie,) = opened["cookies"]
    return path, cookie.split(";")[0], opened["headers"]["Location"]


def consent(
    site: Deployment, realm: str = US_REALM, user: int = ADA, company: int = COMPANY
) -> tuple[str, str, Answer]:
    path, cookie, location = open_link(site, user, company)
    back = site.follow(location, _realm=realm)
    return path, cookie, call(site, "GET", BOOKS_CALLBACK, query=query_of(back), cookies=[cookie])


def confirm(site: Deployment, path: str, cookie: str | None, answer: str = "yes") -> Answer:
    return call(
        site,
        "POST",
        f"{path}/confirm",
        headers={"content-type": "application/x-www-form-urlencoded"},
        cookies=[cookie] if cookie else [],
        body=f"answer={answer}",
    )


def connect(site: Deployment, realm: str = US_REALM, user: int = ADA, company: int = COMPANY) -> Answer:
    path, cookie, _ = consent(site, realm, user, company)
    return confirm(site, path, cookie)


def connections(site: Deployment, user: int = ADA, company: int = COMPANY) -> Answer:
    answer = call(site, "GET", "/connections", headers=site.token(company, user))
    assert answer["statusCode"] == 200, answer["body"]
    found: Answer = json.loads(answer["body"])
    return found


def uninstall(site: Deployment, user: int = ADA, company: int = COMPANY) -> Answer:
    notice = site.pipedrive.uninstall(company, user)
    return call(site, notice.method, notice.path, headers=notice.headers, body=notice.body.decode())


def items(site: Deployment) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.aws["dynamodb"].scan(TableName=site.name)["Items"]
    return found


def revocations(site: Deployment) -> int:
    return sum("/tokens/revoke" in each for each in site.quickbooks.faults.calls)


def is_page(answer: Answer) -> bool:
    return answer["headers"]["Content-Type"].startswith("text/html") and answer["body"].startswith("<!doctype html>")


# --- install ---


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


# --- connect ---


def test_books_are_connected_after_both_sides_were_named_and_confirmed(site: Deployment) -> None:
    install(site)
    path, cookie, question = consent(site)
    assert question["statusCode"] == 200
    assert "Duebill Demo Ltd" in question["body"]
    assert "Larkspur Gardens &amp; Design" in question["body"]
    assert connections(site)["connections"] == []
    answer = confirm(site, path, cookie)
    assert answer["statusCode"] == 200, answer["body"]
    assert "Larkspur Gardens &amp; Design" in answer["body"]
    assert "app-settings" in answer["body"]
    site.clock.move(seconds=1)
    connect(site, UK_REALM)
    us, uk = connections(site)["connections"]
    assert (us["home_currency"], us["country"], us["tax_model"], us["is_default"]) == ("USD", "US", "automated", True)
    assert (uk["home_currency"], uk["country"], uk["tax_model"], uk["is_default"]) == ("GBP", "GB", "per_line", False)
    assert {us["health_text"], uk["health_text"]} == {"Connected"}


def test_the_cookie_is_for_this_site_alone_and_out_of_reach_of_scripts(site: Deployment) -> None:
    install(site)
    headers = {**site.token(COMPANY, ADA), "content-type": "application/json"}
    link = call(site, "POST", "/connections", headers=headers, body='{"provider": "quickbooks"}')
    opened = call(site, "GET", urlsplit(json.loads(link["body"])["url"]).path)
    (cookie,) = opened["cookies"]
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-duebill_connect=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600"} == set(attributes)
    secret = name.partition("=")[2]
    assert secret not in opened["headers"]["Location"]
    assert not any(secret in str(item) for item in items(site))


def test_a_link_opens_once(site: Deployment) -> None:
    install(site)
    path, _, _ = open_link(site)
    answer = call(site, "GET", path)
    assert answer["statusCode"] == 400
    assert is_page(answer)
    assert "cookies" not in answer or not answer["cookies"]


@pytest.mark.parametrize("cookies", [[], ["__Host-duebill_connect=other"], ["other=1; x=2"]])
def test_a_consent_in_another_browser_exchanges_nothing(site: Deployment, cookies: list[str]) -> None:
    install(site)
    _, _, location = open_link(site)
    answer = call(site, "GET", BOOKS_CALLBACK, query=query_of(site.follow(location, _realm=US_REALM)), cookies=cookies)
    assert answer["statusCode"] == 400
    assert is_page(answer)
    assert not any("/tokens/bearer" in each for each in site.quickbooks.faults.calls)


def test_a_realm_that_was_put_in_by_hand_is_not_connected_and_the_consent_is_given_back(site: Deployment) -> None:
    install(site)
    _, cookie, location = open_link(site)
    back = {**query_of(site.follow(location, _realm=US_REALM)), "realmId": UK_REALM}
    answer = call(site, "GET", BOOKS_CALLBACK, query=back, cookies=[cookie])
    assert answer["statusCode"] == 400
    assert revocations(site) == 1
    assert connections(site)["connections"] == []


@pytest.mark.parametrize("realm", ["../../x", "1/query?a=b", "9" * 65, " "])
def test_a_realm_that_is_no_id_is_refused(site: Deployment, realm: str) -> None:
    install(site)
    _, cookie, location = open_link(site)
    back = {**query_of(site.follow(location, _realm=US_REALM)), "realmId": realm}
    assert call(site, "GET", BOOKS_CALLBACK, query=back, cookies=[cookie])["statusCode"] == 400
    assert not any("/tokens/bearer" in each for each in site.quickbooks.faults.calls)


def test_a_denied_consent_is_a_page(site: Deployment) -> None:
    install(site)
    _, cookie, location = open_link(site)
    answer = call(site, "GET", BOOKS_CALLBACK, query=query_of(site.follow(location, _deny="1")), cookies=[cookie])
    assert answer["statusCode"] == 400
    assert "did not allow" in answer["body"]


def test_a_no_is_taken_for_a_no(site: Deployment) -> None:
    install(site)
    path, cookie, _ = consent(site)
    answer = confirm(site, path, cookie, "no")
    assert answer["statusCode"] == 200
    assert "Nothing was connected" in answer["body"]
    assert revocations(site) == 1
    assert connections(site)["connections"] == []
    assert confirm(site, path, cookie)["statusCode"] == 400


@pytest.mark.parametrize("body", ["", "answer=", "answer=perhaps", "answer[]=yes", "%ff%fe", "{}"])
def test_a_form_without_an_answer_changes_nothing(site: Deployment, body: str) -> None:
    install(site)
    path, cookie, _ = consent(site)
    assert call(site, "POST", f"{path}/confirm", cookies=[cookie], body=body)["statusCode"] == 400
    assert connections(site)["connections"] == []
    assert confirm(site, path, cookie)["statusCode"] == 200


def test_a_form_arrives_as_base64_too(site: Deployment) -> None:
    install(site)
    path, cookie, _ = consent(site)
    event = {
        **sample_events("install")["confirm_connection"],
        "rawPath": f"{path}/confirm",
        "cookies": [cookie],
        "body": base64.b64encode(b"answer=yes").decode(),
        "isBase64Encoded": True,
    }
    event["requestContext"] = {**event["requestContext"], "http": {"method": "POST", "path": f"{path}/confirm"}}
    assert site.handle("install", event)["statusCode"] == 200
    assert len(connections(site)["connections"]) == 1


def test_another_browser_cannot_confirm(site: Deployment) -> None:
    install(site)
    path, _, _ = consent(site)
    assert confirm(site, path, None)["statusCode"] == 400
    assert connections(site)["connections"] == []


def test_no_token_and_no_secret_is_stored_readable(site: Deployment) -> None:
    install(site)
    connect(site)
    stored = str(items(site))
    for family in site.quickbooks.tokens.families:
        assert family.refresh not in stored
        assert not any(token in stored for token in family.access)
    for grant in site.pipedrive.grants.grants.values():
        assert grant.refresh_token not in stored


# --- the settings page ---


def test_connections_need_a_token_of_an_installed_user(site: Deployment) -> None:
    install(site)
    assert call(site, "GET", "/connections")["statusCode"] == 401
    assert call(site, "GET", "/connections", headers={"authorization": "Bearer x.y.z"})["statusCode"] == 401
    answer = call(site, "GET", "/connections", headers=site.token(COMPANY, BEN))
    assert answer["statusCode"] == 403
    assert json.loads(answer["body"])["code"] == "not_installed"


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"provider": "abacus"}', '{"provider": "quickbooks", "more": 1}', "null"]
)
def test_a_malformed_wish_to_connect_is_a_problem_document(site: Deployment, body: str) -> None:
    install(site)
    headers = {**site.token(COMPANY, ADA), "content-type": "application/json"}
    answer = call(site, "POST", "/connections", headers=headers, body=body)
    assert answer["statusCode"] in (400, 422)
    assert answer["headers"]["Content-Type"] == "application/problem+json"


def test_a_disconnect_revokes_and_keeps_the_entry(site: Deployment) -> None:
    install(site)
    connect(site)
    (connected,) = connections(site)["connections"]
    answer = call(site, "DELETE", f"/connections/{connected['id']}", headers=site.token(COMPANY, ADA))
    assert answer["statusCode"] == 200, answer["body"]
    assert json.loads(answer["body"])["ending"] == "revoked"
    assert revocations(site) == 1
    (ended,) = connections(site)["connections"]
    assert ended["health"] == "disconnected"
    connect(site)
    (again,) = connections(site)["connections"]
    assert (again["id"], again["health"]) == (connected["id"], "active")


def test_companies_do_not_reach_each_others_connections(site: Deployment) -> None:
    install(site)
    connect(site)
    install(site, OTHER_USER, OTHER_COMPANY)
    (mine,) = connections(site)["connections"]
    theirs = site.token(OTHER_COMPANY, OTHER_USER)
    assert connections(site, OTHER_USER, OTHER_COMPANY)["connections"] == []
    assert call(site, "DELETE", f"/connections/{mine['id']}", headers=theirs)["statusCode"] == 404
    assert connections(site)["connections"] == [mine]


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
    "sharing": 200,
    "uninstall": 200,
}


@pytest.mark.parametrize("name", sorted(sample_events("install")))
def test_every_sample_event_is_answered(site: Deployment, name: str) -> None:
    answer = site.handle("install", sample_events("install")[name])
    assert answer["statusCode"] == EXPECTED[name], answer["body"]


def test_there_is_a_sample_event_for_each_expectation() -> None:
    assert set(sample_events("install")) == set(EXPECTED)
