"""The simulated Pipedrive's consent, tokens, notices and page token follow the documented rules."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.clock import SandboxClock
from sandbox.pipedrive import seed
from sandbox.pipedrive.simulator import Pipedrive
from sandbox.pipedrive.visitor import REDIRECT, Visitor, authorize, post_token, read
from sandbox.wire import Request, Response

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(START)


@pytest.fixture
def pipedrive(clock: SandboxClock) -> Pipedrive:
    simulator = Pipedrive(now=clock.now)
    seed.seed(simulator)
    return simulator


def consent(pipedrive: Pipedrive, **query: str) -> dict[str, list[str]]:
    answer = authorize(pipedrive, _company=str(seed.COMPANY), _user=str(seed.ADA), **query)
    assert answer.status == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)


def exchange(pipedrive: Pipedrive, code: str, redirect: str = REDIRECT) -> Response:
    return post_token(pipedrive, grant_type="authorization_code", code=code, redirect_uri=redirect)


def refused(response: Response, sentence: str) -> None:
    assert (response.status, read(response)["error_description"]) == (400, sentence)


def test_the_consent_page_offers_every_user_and_a_way_out(pipedrive: Pipedrive) -> None:
    page = authorize(pipedrive, state="s").body.decode()
    assert page.count('class="allow"') == 5
    assert "_deny=1" in page
    assert "Ada Manager" in page


def test_allowing_sends_the_browser_back_with_a_code_and_the_same_state(pipedrive: Pipedrive) -> None:
    found = consent(pipedrive, state="a b/c")
    assert found["state"] == ["a b/c"]
    assert set(found) == {"code", "state"}


def test_an_install_without_state_comes_back_without_state(pipedrive: Pipedrive) -> None:
    assert set(consent(pipedrive)) == {"code"}


def test_denying_sends_the_browser_back_with_an_error_and_no_code(pipedrive: Pipedrive) -> None:
    answer = authorize(pipedrive, state="s", _deny="1")
    assert parse_qs(urlsplit(answer.headers["location"]).query) == {"error": ["user_denied"], "state": ["s"]}


def test_a_redirect_that_is_not_registered_is_refused(pipedrive: Pipedrive) -> None:
    pipedrive.registered_redirects.append(REDIRECT)
    assert authorize(pipedrive).status == 200
    answer = authorize(pipedrive, redirect=f"{REDIRECT}/")
    assert (answer.status, read(answer)) == (400, {"error": "Invalid redirect URL"})


@pytest.mark.parametrize("name", ["scope", "response_type"])
def test_parameters_that_pipedrive_has_not_are_refused(pipedrive: Pipedrive, name: str) -> None:
    assert authorize(pipedrive, **{name: "code"}).status == 400


def test_the_token_answer_has_the_documented_members(pipedrive: Pipedrive) -> None:
    tokens = read(exchange(pipedrive, consent(pipedrive)["code"][0]))
    assert tokens["access_token"].startswith("v1u:")
    assert len(tokens["access_token"]) > 700
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3599
    assert tokens["api_domain"] == "https://duebill-demo.pipedrive.com"
    assert set(tokens["scope"].split(",")) == pipedrive.scopes


def test_a_code_works_once(pipedrive: Pipedrive) -> None:
    code = consent(pipedrive)["code"][0]
    assert exchange(pipedrive, code).status == 200
    refused(exchange(pipedrive, code), "Invalid grant: authorization_code is invalid")


def test_a_code_dies_after_five_minutes(pipedrive: Pipedrive, clock: SandboxClock) -> None:
    code = consent(pipedrive)["code"][0]
    clock.push(timedelta(minutes=5))
    refused(exchange(pipedrive, code), "Invalid grant: authorization_code has expired")


def test_a_code_is_bound_to_its_redirect_address(pipedrive: Pipedrive) -> None:
    code = consent(pipedrive)["code"][0]
    refused(exchange(pipedrive, code, f"{REDIRECT}?x"), "Invalid request: redirect_uri is invalid")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Missing parameter: grant_type"),
        ({"grant_type": "password"}, "Unsupported grant type: grant_type is invalid"),
        ({"grant_type": "refresh_token"}, "Invalid grant: refresh_token is invalid"),
        ({"grant_type": "authorization_code"}, "Missing parameter: code"),
    ],
)
def test_a_wrong_token_request_is_told_what_is_wrong(pipedrive: Pipedrive, form: dict[str, str], sentence: str) -> None:
    refused(post_token(pipedrive, **form), sentence)


def test_a_wrong_or_missing_client_is_refused(pipedrive: Pipedrive) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    refused(
        pipedrive(Request("POST", "/oauth/token", headers=headers)),
        "Invalid client: cannot retrieve client credentials",
    )
    pair = base64.b64encode(b"pipedrive-client:wrong").decode()
    headers["authorization"] = f"Basic {pair}"
    refused(pipedrive(Request("POST", "/oauth/token", headers=headers)), "Invalid client: client is invalid")


def test_a_token_request_must_be_a_form(pipedrive: Pipedrive) -> None:
    headers = {"content-type": "application/json"}
    assert pipedrive(Request("POST", "/oauth/token", headers=headers, body=b"{}")).status == 400


def test_a_refresh_gives_a_new_access_token_and_the_same_refresh_token(pipedrive: Pipedrive) -> None:
    visitor = Visitor(pipedrive, seed.COMPANY, seed.ADA)
    again = read(post_token(pipedrive, grant_type="refresh_token", refresh_token=visitor.tokens["refresh_token"]))
    assert again["refresh_token"] == visitor.tokens["refresh_token"]
    assert again["access_token"] != visitor.tokens["access_token"]
    assert visitor.get("/v1/users/me").status == 200


def test_an_access_token_dies_after_an_hour(pipedrive: Pipedrive, clock: SandboxClock) -> None:
    visitor = Visitor(pipedrive, seed.COMPANY, seed.ADA)
    clock.push(timedelta(minutes=59))
    assert visitor.get("/v1/users/me").status == 200
    clock.push(timedelta(minutes=1))
    assert visitor.get("/v1/users/me").status == 401


def test_a_refresh_token_lives_sixty_days_from_its_last_use(pipedrive: Pipedrive, clock: SandboxClock) -> None:
    visitor = Visitor(pipedrive, seed.COMPANY, seed.ADA)
    form = {"grant_type": "refresh_token", "refresh_token": visitor.tokens["refresh_token"]}
    for _ in range(2):
        clock.push(timedelta(days=59))
        assert post_token(pipedrive, **form).status == 200
    clock.push(timedelta(days=60))
    refused(post_token(pipedrive, **form), "Invalid grant: refresh_token is invalid")


def test_revoking_the_access_token_leaves_the_install(pipedrive: Pipedrive) -> None:
    visitor = Visitor(pipedrive, seed.COMPANY, seed.ADA)
    assert post_token(pipedrive, "/oauth/revoke", token=visitor.tokens["access_token"]).status == 200
    assert visitor.get("/v1/users/me").status == 401
    form = {"grant_type": "refresh_token", "refresh_token": visitor.tokens["refresh_token"]}
    assert post_token(pipedrive, **form).status == 200


def test_revoking_the_refresh_token_ends_the_install(pipedrive: Pipedrive) -> None:
    visitor = Visitor(pipedrive, seed.COMPANY, seed.ADA)
    other = Visitor(pipedrive, seed.COMPANY, seed.BEN)
    assert post_token(pipedrive, "/oauth/revoke", token=visitor.tokens["refresh_token"]).status == 200
    assert visitor.get("/v1/users/me").status == 401
    assert other.get("/v1/users/me").status == 200


def test_revoking_what_is_no_token_succeeds(pipedrive: Pipedrive) -> None:
    assert post_token(pipedrive, "/oauth/revoke", token="no such token").status == 200


def test_uninstalling_kills_the_tokens_and_builds_the_notice(pipedrive: Pipedrive) -> None:
    visitor = Visitor(pipedrive, seed.COMPANY, seed.ADA)
    notice = pipedrive.uninstall(seed.COMPANY, seed.ADA)
    assert visitor.get("/v1/users/me").status == 401
    assert (notice.method, notice.path) == ("DELETE", "/oauth/pipedrive/callback")
    pair = base64.b64decode(notice.headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == f"{pipedrive.client_id}:{pipedrive.client_secret}"
    body = notice.json()
    assert (body["client_id"], body["company_id"], body["user_id"]) == (pipedrive.client_id, seed.COMPANY, seed.ADA)
    assert "timestamp" in body


def test_the_shared_visibility_notice_is_a_post(pipedrive: Pipedrive) -> None:
    notice = pipedrive.share(seed.COMPANY, seed.ADA, True)
    assert notice.method == "POST"
    assert notice.json() == {"company_id": seed.COMPANY, "user_id": seed.ADA, "isShared": True}


def test_the_page_token_is_signed_and_lives_five_minutes(pipedrive: Pipedrive) -> None:
    head, claims, signature = pipedrive.signed_token(seed.COMPANY, seed.ADA).split(".")
    digest = hmac.new(pipedrive.jwt_secret.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    assert signature == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    found = json.loads(base64.urlsafe_b64decode(claims + "=="))
    issued = int(START.timestamp())
    assert found == {"userId": seed.ADA, "companyId": seed.COMPANY, "iat": issued, "exp": issued + 300}
    assert len(pipedrive.jwt_secret) >= 32


def test_the_settings_address_leads_to_the_stand_in_page(pipedrive: Pipedrive) -> None:
    request = Request("GET", f"/settings/marketplace/app/{pipedrive.client_id}/app-settings")
    assert pipedrive(request).status == 200
    pipedrive.standin_url = "http://127.0.0.1:8000/settings"
    assert pipedrive(request).headers["location"] == "http://127.0.0.1:8000/settings"
