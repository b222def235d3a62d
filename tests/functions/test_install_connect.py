"""The install function from its events: connect, confirm, disconnect, and what is refused."""

import base64
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from sandbox.pipedrive.seed import ADA, BEN, COMPANY, OTHER_COMPANY, OTHER_USER
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from tests.fakes.deployment import Cloud, Deployment, cloud, query_of, sample_events
from tests.fakes.install_steps import (
    BOOKS_CALLBACK,
    call,
    confirm,
    connect,
    connections,
    consent,
    install,
    is_page,
    items,
    open_link,
    revocations,
)


@pytest.fixture(scope="module")
def aws() -> Iterator[Cloud]:
    with cloud() as aws:
        yield aws


@pytest.fixture
def site(aws: Cloud) -> Deployment:
    return Deployment(aws)


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
