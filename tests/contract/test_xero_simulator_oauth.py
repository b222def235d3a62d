"""Consent, tokens and connections at the simulated Xero."""

import base64
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from sandbox.clock import SandboxClock
from sandbox.transport import transport
from sandbox.xero.oauth import DEFAULT_SCOPE
from sandbox.xero.seed import AU_TENANT, COLLEAGUE, NZ_TENANT, UK_TENANT, USER, seed
from sandbox.xero.simulator import Xero
from tests.contract.xero_desk import HOST, NOON, Doc

BACK = "https://app.example/oauth/callback"


class App:
    """An app that connects, and nothing else."""

    def __init__(self) -> None:
        self.clock = SandboxClock(NOON)
        self.simulator = Xero(now=self.clock.now)
        seed(self.simulator)
        self.simulator.registered_redirects.append(BACK)
        self.http = httpx.Client(transport=transport({HOST: self.simulator}), base_url=f"https://{HOST}")

    def authorize(self, **changes: str) -> httpx.Response:
        query = {
            "response_type": "code",
            "client_id": "xero-client",
            "redirect_uri": BACK,
            "scope": DEFAULT_SCOPE,
            "state": "s1",
        } | changes
        return self.http.get(f"/identity/connect/authorize?{urlencode(query)}")

    def code(self, tenants: str = NZ_TENANT, user: str = USER, **changes: str) -> str:
        answer = self.authorize(_user=user, _tenants=tenants, **changes)
        assert answer.status_code == 302, answer.text
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def token(self, auth: tuple[str, str] = ("xero-client", "xero-secret"), **form: str) -> httpx.Response:
        return self.http.post("/connect/token", data=form, auth=auth)

    def exchange(self, code: str, redirect: str = BACK) -> httpx.Response:
        return self.token(grant_type="authorization_code", code=code, redirect_uri=redirect)

    def connect(self, tenants: str = NZ_TENANT, user: str = USER) -> Doc:
        return self.exchange(self.code(tenants, user)).json()

    def refresh(self, value: str) -> httpx.Response:
        return self.token(grant_type="refresh_token", refresh_token=value)

    def connections(self, tokens: Doc, **query: str) -> list[Doc]:
        answer = self.http.get("/connections", params=query, headers=bearer(tokens))
        assert answer.status_code == 200
        return answer.json()

    def organisation(self, tokens: Doc, tenant: str = NZ_TENANT) -> int:
        headers = bearer(tokens) | {"xero-tenant-id": tenant, "accept": "application/json"}
        return self.http.get("/api.xro/2.0/Organisation", headers=headers).status_code


@pytest.fixture
def app() -> App:
    return App()


def bearer(tokens: Doc) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens['access_token']}"}


def claims(token: str) -> Doc:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_the_page_offers_what_each_user_may_connect(app: App) -> None:
    page = app.authorize()
    assert page.status_code == 200
    assert page.headers["content-security-policy"] == "frame-ancestors 'none'"
    moana, iain = page.text.split("<form")[1:]
    assert [name in moana for name in ("Kowhai", "Thistle &amp; Rose", "Pebble")] == [True, True, True]
    assert [name in iain for name in ("Kowhai", "Thistle &amp; Rose", "Pebble")] == [False, True, False]
    assert 'name="state" value="s1"' in moana


def test_pressing_cancel_comes_back_with_access_denied(app: App) -> None:
    answer = app.authorize(_deny="1")
    assert answer.headers["location"] == f"{BACK}?error=access_denied&state=s1"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"},
        {"redirect_uri": f"{BACK}/"},
        {"redirect_uri": ""},
        {"response_type": "token"},
        {"scope": ""},
        {"scope": "openid accounting.transactions"},
        {"scope": "openid accounting.reports.read"},
    ],
)
def test_a_wrong_address_gives_a_page_and_sends_nothing_back(app: App, changes: dict[str, str]) -> None:
    answer = app.authorize(_user=USER, _tenants=NZ_TENANT, **changes)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


def test_the_access_token_tells_the_event_and_the_scopes(app: App) -> None:
    tokens = app.connect(f"{NZ_TENANT},{UK_TENANT}")
    found = claims(tokens["access_token"])
    assert (tokens["expires_in"], tokens["token_type"], found["exp"] - found["nbf"]) == (1800, "Bearer", 1800)
    assert (found["xero_userid"], found["scope"]) == (USER, DEFAULT_SCOPE.split())
    rows = app.connections(tokens, authEventId=found["authentication_event_id"])
    assert {row["tenantId"] for row in rows} == {NZ_TENANT, UK_TENANT}
    assert {row["tenantType"] for row in rows} == {"ORGANISATION"}
    assert rows[0]["createdDateUtc"] == "2026-11-20T12:00:00.0000000"
    assert claims(tokens["id_token"])["email"] == "moana.fraser@example.com"


def test_without_offline_access_there_is_no_refresh_token(app: App) -> None:
    tokens = app.exchange(app.code(scope="accounting.invoices")).json()
    assert ("refresh_token" in tokens, "id_token" in tokens) == (False, False)


def test_a_code_works_once_for_five_minutes_and_for_its_address(app: App) -> None:
    code = app.code()
    assert app.exchange(code).status_code == 200
    assert app.exchange(code).json() == {"error": "invalid_grant"}
    assert app.exchange(app.code(), "https://app.example/other").json() == {"error": "invalid_grant"}
    late = app.code()
    app.clock.push(timedelta(minutes=5))
    assert app.exchange(late).json() == {"error": "invalid_grant"}


def test_the_client_is_checked(app: App) -> None:
    answer = app.token(auth=("xero-client", "wrong"), grant_type="refresh_token", refresh_token="x")
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_client"})
    assert app.token(grant_type="password").json() == {"error": "unsupported_grant_type"}


def test_each_refresh_rotates_and_the_old_value_has_half_an_hour(app: App) -> None:
    first = app.connect()["refresh_token"]
    second = app.refresh(first).json()["refresh_token"]
    assert second != first
    app.clock.push(timedelta(minutes=29))
    third = app.refresh(first).json()["refresh_token"]
    assert third not in (first, second)
    assert app.refresh(second).status_code == 200
    app.clock.push(timedelta(minutes=1))
    assert app.refresh(first).json() == {"error": "invalid_grant"}
    assert app.refresh(second).status_code == 200


def test_a_refresh_token_dies_after_sixty_idle_days(app: App) -> None:
    value = app.connect()["refresh_token"]
    app.clock.push(timedelta(days=59))
    value = app.refresh(value).json()["refresh_token"]
    app.clock.push(timedelta(days=59))
    value = app.refresh(value).json()["refresh_token"]
    app.clock.push(timedelta(days=60))
    assert app.refresh(value).json() == {"error": "invalid_grant"}


def test_an_access_token_lives_half_an_hour(app: App) -> None:
    tokens = app.connect()
    assert app.organisation(tokens) == 200
    app.clock.push(timedelta(minutes=30))
    assert app.organisation(tokens) == 401
    assert app.http.get("/connections", headers=bearer(tokens)).status_code == 401


def test_deleting_a_connection_leaves_the_others(app: App) -> None:
    tokens = app.connect(f"{NZ_TENANT},{UK_TENANT}")
    ids = {row["tenantId"]: row["id"] for row in app.connections(tokens)}
    path = f"/connections/{ids[NZ_TENANT]}"
    assert app.http.delete(path, headers=bearer(tokens)).status_code == 204
    assert app.http.delete(path, headers=bearer(tokens)).status_code == 404
    assert app.http.delete(f"/connections/{UK_TENANT}", headers=bearer(tokens)).status_code == 404
    assert (app.organisation(tokens, NZ_TENANT), app.organisation(tokens, UK_TENANT)) == (403, 200)
    assert app.refresh(tokens["refresh_token"]).status_code == 200


def test_revoking_takes_every_connection_of_the_user_along(app: App) -> None:
    one = app.connect(NZ_TENANT)
    other = app.connect(UK_TENANT)
    answer = app.http.post(
        "/connect/revocation", data={"token": one["refresh_token"]}, auth=("xero-client", "xero-secret")
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert app.refresh(one["refresh_token"]).json() == {"error": "invalid_grant"}
    assert app.connections(other) == []
    assert app.organisation(other, UK_TENANT) == 403


def test_consenting_again_makes_no_new_row(app: App) -> None:
    first = app.connections(app.connect())
    app.clock.push(timedelta(minutes=1))
    again = app.connect()
    event = claims(again["access_token"])["authentication_event_id"]
    assert app.connections(again) == first
    assert app.connections(again, authEventId=event) == []


def test_consenting_again_moves_the_row_if_told_so(app: App) -> None:
    app.simulator.tokens.reconsent_moves = True
    [first] = app.connections(app.connect())
    app.clock.push(timedelta(minutes=1))
    again = app.connect()
    [row] = app.connections(again, authEventId=claims(again["access_token"])["authentication_event_id"])
    assert (row["id"], row["createdDateUtc"]) == (first["id"], first["createdDateUtc"])
    assert row["updatedDateUtc"] != first["updatedDateUtc"]


def test_an_organisation_that_someone_else_connected_is_not_offered(app: App) -> None:
    app.connect(UK_TENANT)
    assert "Thistle &amp; Rose Ltd (already connected)" in app.authorize().text
    assert app.authorize(_user=COLLEAGUE, _tenants=UK_TENANT).status_code == 400
    app.simulator.disconnect(UK_TENANT)
    app.connect(UK_TENANT, COLLEAGUE)


def test_who_is_neither_standard_nor_adviser_cannot_connect(app: App) -> None:
    assert app.authorize(_user=COLLEAGUE, _tenants=NZ_TENANT).status_code == 400
    assert app.authorize(_user=USER, _tenants="").status_code == 400


def test_an_uncertified_app_is_the_third_in_vain(app: App) -> None:
    app.simulator.organisations[NZ_TENANT].other_uncertified_apps = 2
    assert "two uncertified apps" in app.authorize(_user=USER, _tenants=NZ_TENANT).text
    app.simulator.certified = True
    app.connect(NZ_TENANT)


def test_connections_are_capped(app: App) -> None:
    app.simulator.max_connections = 2
    app.connect(f"{NZ_TENANT},{UK_TENANT}")
    assert app.authorize(_user=USER, _tenants=AU_TENANT).status_code == 400
    app.connect(f"{NZ_TENANT},{UK_TENANT}")


def test_what_xero_does_to_a_connection_shows_as_403_and_what_the_user_does_as_invalid_grant(app: App) -> None:
    tokens = app.connect(f"{NZ_TENANT},{UK_TENANT}")
    app.simulator.bookkeeper.set_role(NZ_TENANT, USER, "READONLY")
    assert app.organisation(tokens, NZ_TENANT) == 403
    app.simulator.disconnect(UK_TENANT)
    assert app.organisation(tokens, UK_TENANT) == 403
    assert app.refresh(tokens["refresh_token"]).status_code == 200
    app.http.post("/_control/revoke_user", json={"user": USER})
    assert app.refresh(tokens["refresh_token"]).json() == {"error": "invalid_grant"}
