"""The simulated Intuit OAuth server: consent, exchange, how tokens age and rotate, and the double-refresh trap."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandbox.faults import Fault
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.quickbooks.tokens import Rotation
from sandbox.transport import transport
from tests.contract.quickbooks_desk import HOST, Desk, desk

BACK = "https://app.example/callback"
TOKEN = f"https://{HOST}/oauth2/v1/tokens/bearer"
CLIENT = ("quickbooks-client", "quickbooks-secret")


@pytest.fixture
def us() -> Desk:
    return desk(US_REALM)


@pytest.fixture
def lenient() -> Desk:
    return desk(US_REALM, "grace")


def _authorize(desk: Desk, **changes: str) -> httpx.Response:
    query = {
        "client_id": CLIENT[0],
        "response_type": "code",
        "scope": "com.intuit.quickbooks.accounting",
        "redirect_uri": BACK,
        "state": "s t&1",
        "_realm": desk.realm,
    }
    return desk.http.get(f"https://{HOST}/connect/oauth2", params={k: v for k, v in (query | changes).items() if v})


def _code(desk: Desk) -> str:
    return parse_qs(urlsplit(_authorize(desk).headers["location"]).query)["code"][0]


def _token(desk: Desk, **form: str) -> httpx.Response:
    return httpx.Client(transport=transport({HOST: desk.simulator})).post(TOKEN, data=form, auth=CLIENT)


def _refresh(desk: Desk, token: object) -> httpx.Response:
    return _token(desk, grant_type="refresh_token", refresh_token=str(token))


def _exchange(desk: Desk, code: str, back: str = BACK) -> httpx.Response:
    return _token(desk, grant_type="authorization_code", code=code, redirect_uri=back)


def _dead(answer: httpx.Response) -> bool:
    return answer.status_code == 400 and answer.json()["error"] == "invalid_grant"


def test_consent_comes_back_with_code_state_and_realm(us: Desk) -> None:
    answer = _authorize(us)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert answer.status_code == 302
    assert (query["state"], query["realmId"]) == (["s t&1"], [us.realm])
    tokens = _exchange(us, query["code"][0]).json()
    assert set(tokens) == {"token_type", "expires_in", "access_token", "refresh_token", "x_refresh_token_expires_in"}
    assert (tokens["expires_in"], tokens["x_refresh_token_expires_in"]) == (3600, 8_640_000)


def test_without_a_company_a_page_offers_them(us: Desk) -> None:
    page = _authorize(us, _realm="")
    assert page.status_code == 200
    assert US_REALM in page.text
    assert UK_REALM in page.text
    assert "Larkspur Gardens &amp; Design" in page.text


def test_a_refusal_comes_back_as_access_denied(us: Desk) -> None:
    query = parse_qs(urlsplit(_authorize(us, _realm="", _deny="1").headers["location"]).query)
    assert query == {"error": ["access_denied"], "state": ["s t&1"]}


@pytest.mark.parametrize("changes", [{"client_id": "other"}, {"redirect_uri": "https://evil.example/"}, {"state": ""},
                                     {"response_type": "token"}, {"_realm": "1"}])  # fmt: skip
def test_a_wrong_consent_request_stays_at_intuit(us: Desk, changes: dict[str, str]) -> None:
    us.simulator.registered_redirects.append(BACK)
    assert _authorize(us, **changes).status_code == 400


def test_an_unknown_scope_comes_back_as_an_error(us: Desk) -> None:
    assert "error=invalid_scope" in _authorize(us, scope="everything").headers["location"]


def test_a_code_works_once(us: Desk) -> None:
    code = _code(us)
    assert _exchange(us, code).status_code == 200
    assert _dead(_exchange(us, code))


def test_a_code_is_bound_to_its_redirect_address(us: Desk) -> None:
    assert _dead(_exchange(us, _code(us), "https://app.example/other"))


def test_a_code_lives_ten_minutes(us: Desk) -> None:
    code = _code(us)
    us.clock.push(timedelta(minutes=10))
    assert _dead(_exchange(us, code))


def test_a_wrong_secret_is_an_invalid_client(us: Desk) -> None:
    client = httpx.Client(transport=transport({HOST: us.simulator}))
    for auth in (("quickbooks-client", "wrong"), ("other", "quickbooks-secret"), None):
        answer = client.post(TOKEN, data={"grant_type": "refresh_token", "refresh_token": "x"}, auth=auth)
        assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_a_bogus_code_shows_that_the_keys_are_good(us: Desk) -> None:
    assert _dead(_exchange(us, "bogus"))


def test_an_unknown_grant_type_is_refused(us: Desk) -> None:
    assert _token(us, grant_type="password").json() == {"error": "unsupported_grant_type"}


def test_within_a_day_the_refresh_token_stays_the_same(us: Desk) -> None:
    first = us.sign_in()
    us.clock.push(timedelta(hours=24))
    second = _refresh(us, first["refresh_token"]).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert second["x_refresh_token_expires_in"] == 8_640_000


def test_after_a_day_it_rotates_and_the_old_one_kills_the_family(us: Desk) -> None:
    old = us.sign_in()["refresh_token"]
    us.clock.push(timedelta(hours=24, seconds=1))
    new = _refresh(us, old).json()
    assert new["refresh_token"] != old
    assert _dead(_refresh(us, old))
    assert _dead(_refresh(us, new["refresh_token"]))
    us.http.headers["authorization"] = f"Bearer {new['access_token']}"
    assert us.get("/invoice/1").status_code == 401


def test_with_grace_the_old_one_answers_for_a_day(lenient: Desk) -> None:
    old = lenient.sign_in()["refresh_token"]
    lenient.clock.push(timedelta(hours=25))
    new = _refresh(lenient, old).json()["refresh_token"]
    lenient.clock.push(timedelta(hours=23, minutes=59))
    assert _refresh(lenient, old).json()["refresh_token"] == new
    lenient.clock.push(timedelta(minutes=1))
    assert _dead(_refresh(lenient, old))
    assert _refresh(lenient, new).status_code == 200


@pytest.mark.parametrize(("rotation", "survives"), [("strict", False), ("grace", True)])
def test_two_refreshes_at_once_are_one_too_many(rotation: Rotation, *, survives: bool) -> None:
    us = desk(US_REALM, rotation)
    meet = Barrier(2, timeout=5)
    us.simulator.faults.sleep = lambda _seconds: (meet.wait(), None)[1]
    us.simulator.faults.add(Fault("latency", where="tokens/bearer", times=2, seconds=1))
    token = us.sign_in()["refresh_token"]
    answers: list[httpx.Response] = []
    threads = [Thread(target=lambda: answers.append(_refresh(us, token))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(_dead(answer) for answer in answers) >= 1
    assert (_refresh(us, token).status_code == 200) is survives


def test_a_refresh_token_dies_after_a_hundred_idle_days(us: Desk) -> None:
    token = us.sign_in()["refresh_token"]
    us.clock.push(timedelta(days=99))
    token = _refresh(us, token).json()["refresh_token"]
    us.clock.push(timedelta(days=100))
    assert _dead(_refresh(us, token))


def test_a_consent_ends_after_five_years_however_often_it_is_refreshed(us: Desk) -> None:
    tokens = us.sign_in()
    for _ in range(19):
        us.clock.push(timedelta(days=96))
        tokens = _refresh(us, tokens["refresh_token"]).json()
    assert tokens["x_refresh_token_expires_in"] == timedelta(days=1).total_seconds()
    us.clock.push(timedelta(days=1))
    assert _dead(_refresh(us, tokens["refresh_token"]))


def test_the_hard_end_is_told_only_to_who_asks(us: Desk) -> None:
    token = str(us.sign_in()["refresh_token"])
    client = httpx.Client(transport=transport({HOST: us.simulator}))
    answer = client.post(
        TOKEN,
        data={"grant_type": "refresh_token", "refresh_token": token},
        auth=CLIENT,
        headers={"x-include-refresh-token-hard-expires-in": "true"},
    )
    assert answer.json()["x_refresh_token_hard_expires_in"] == 157_680_000


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
def test_revoking_one_token_ends_the_family(us: Desk, which: str) -> None:
    tokens: dict[str, Any] = us.sign_in()
    revoke = f"https://{HOST}/v2/oauth2/tokens/revoke"
    assert us.http.post(revoke, json={"token": tokens[which]}, auth=CLIENT).status_code == 200
    assert us.http.post(revoke, json={"token": tokens[which]}, auth=CLIENT).status_code == 400
    assert us.http.post(revoke, json={"token": "x"}, auth=("a", "b")).status_code == 401
    assert us.get("/invoice/1").status_code == 401
    assert _dead(_refresh(us, tokens["refresh_token"]))


def test_a_disconnect_inside_quickbooks_ends_every_consent_of_the_company(us: Desk) -> None:
    first, second = us.sign_in()["refresh_token"], us.sign_in()["refresh_token"]
    other = us.simulator.grant(UK_REALM)["refresh_token"]
    us.simulator.disconnect(us.realm)
    assert _dead(_refresh(us, first))
    assert _dead(_refresh(us, second))
    assert _refresh(us, other).status_code == 200


def test_an_answer_lost_after_a_rotation_leaves_a_dead_token(us: Desk) -> None:
    token = us.sign_in()["refresh_token"]
    us.clock.push(timedelta(hours=25))
    us.simulator.faults.add(Fault("drop_after_commit", where="tokens/bearer"))
    with pytest.raises(httpx.ReadError):
        _refresh(us, token)
    assert _dead(_refresh(us, token))


def test_a_broken_token_endpoint_is_no_invalid_grant(us: Desk) -> None:
    us.simulator.faults.add(Fault("status", where="tokens/bearer", status=503))
    token = us.sign_in()["refresh_token"]
    assert _refresh(us, token).status_code == 503
    assert _refresh(us, token).status_code == 200


def test_a_token_without_the_accounting_scope_opens_nothing(us: Desk) -> None:
    token = us.simulator.grant(us.realm, "openid profile")["access_token"]
    us.http.headers["authorization"] = f"Bearer {token}"
    assert us.get("/invoice/1").status_code == 403
    assert us.http.get(f"https://{HOST}/v1/openid_connect/userinfo").json()["email"]


def test_simulators_do_not_share_anything() -> None:
    first, second = desk(US_REALM), desk(US_REALM)
    first.simulator.registered_redirects.append(BACK)
    first.simulator.requestid_memory = "never"
    assert second.simulator.registered_redirects == []
    assert second.simulator.requestid_memory == "forever"
    assert isinstance(first.simulator, QuickBooks)
