"""The app-extension token: what is believed, and all that is not."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from duebill.crm.pipedrive.app_token import Caller, verify
from duebill.domain.ids import CompanyId, UserId
from duebill.errors import NotAuthenticated
from sandbox.pipedrive.jwt import sign
from tests.fakes.pipedrive import PipedriveWorld

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ISSUED = int(NOW.timestamp())
SECRET = "the-secret-of-today-with-32-bytes-or-more"
OLD_SECRET = "the-secret-of-yesterday-with-32-bytes-too"
CLAIMS: dict[str, Any] = {"userId": 101, "companyId": 8087566, "iat": ISSUED, "exp": ISSUED + 300}


def token(secret: str = SECRET, /, **overrides: object) -> str:
    claims = {**CLAIMS, **overrides}
    return sign({name: value for name, value in claims.items() if value is not None}, secret)


def part(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def signed(head: dict[str, object], digest: str = "sha256") -> str:
    text = f"{part(head)}.{part(CLAIMS)}"
    raw = hmac.new(SECRET.encode(), text.encode(), digest).digest()
    return f"{text}.{base64.urlsafe_b64encode(raw).decode().rstrip('=')}"


def refused(text: str, *, now: datetime = NOW, secrets: tuple[str, ...] = (SECRET,)) -> NotAuthenticated:
    with pytest.raises(NotAuthenticated) as refusal:
        verify(text, secrets=secrets, now=now)
    return refusal.value


def test_a_good_token_names_the_company_and_the_user() -> None:
    assert verify(token(), secrets=[SECRET], now=NOW) == Caller(CompanyId(8087566), UserId(101))


def test_the_simulators_token_is_a_good_one() -> None:
    world = PipedriveWorld()
    text = world.simulator.signed_token(8087566, 101)
    assert verify(text, secrets=[world.simulator.jwt_secret], now=world.clock.now()).user == 101


def test_claims_that_we_do_not_know_are_no_harm() -> None:
    assert verify(token(aud="x", sub=7, iss="y", jti=3), secrets=[SECRET], now=NOW).user == 101


def test_while_a_secret_is_rotated_both_are_good() -> None:
    for secret in (SECRET, OLD_SECRET):
        assert verify(token(secret), secrets=[SECRET, OLD_SECRET], now=NOW).user == 101


def test_after_the_rotation_the_old_secret_is_not() -> None:
    refused(token(OLD_SECRET))


def test_without_a_secret_nothing_is_believed() -> None:
    refused(token(), secrets=())
    refused(token(""), secrets=("",))


def test_a_secret_that_is_not_set_yet_is_passed_over() -> None:
    assert verify(token(), secrets=["", SECRET], now=NOW).user == 101


def test_a_token_of_absurd_length_is_not_even_read() -> None:
    refused(token(note="x" * 5000))


def test_unsigned_tokens_are_refused() -> None:
    for word in ("none", "None", "NONE"):
        head = part({"alg": word, "typ": "JWT"})
        refused(f"{head}.{part(CLAIMS)}.")
        refused(f"{head}.{part(CLAIMS)}.{token().rsplit('.', 1)[1]}")


def test_only_one_algorithm_is_read() -> None:
    assert verify(signed({"alg": "HS256"}), secrets=[SECRET], now=NOW).user == 101
    refused(signed({"alg": "HS512"}, "sha512"))
    refused(signed({"alg": "RS256"}))
    refused(signed({"typ": "JWT"}))


def test_changed_claims_are_refused() -> None:
    head, _, signature = token().split(".")
    refused(f"{head}.{part({**CLAIMS, 'companyId': 8087999})}.{signature}")


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "..", "e30.e30.", token() + "x", token()[:-2], "ü.ü.ü", "a" * 9000])
def test_what_is_no_token_is_refused(text: str) -> None:
    refused(text)


def test_a_document_that_is_no_object_is_refused() -> None:
    text = f"{part({'alg': 'HS256'})}.{part([1])}"
    raw = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()
    refused(f"{text}.{base64.urlsafe_b64encode(raw).decode().rstrip('=')}")


def test_a_token_ends_ten_seconds_after_its_time() -> None:
    end = NOW + timedelta(seconds=300)
    assert verify(token(), secrets=[SECRET], now=end + timedelta(seconds=9)).user == 101
    assert refused(token(), now=end + timedelta(seconds=10)).code == "token_expired"


def test_the_time_is_the_one_that_was_passed_in() -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    then = int(long_ago.timestamp())
    assert verify(token(iat=then, exp=then + 300), secrets=[SECRET], now=long_ago).user == 101


def test_a_token_from_the_future_is_refused() -> None:
    assert verify(token(iat=ISSUED + 10), secrets=[SECRET], now=NOW).user == 101
    refused(token(iat=ISSUED + 11))
    refused(token(nbf=ISSUED + 11))


@pytest.mark.parametrize("claim", ["exp", "userId", "companyId"])
def test_a_missing_claim_is_refused(claim: str) -> None:
    refused(token(SECRET, **{claim: None}))


@pytest.mark.parametrize("claim", ["exp", "userId", "companyId"])
@pytest.mark.parametrize("value", ["101", True, 1.5, [1], {"id": 1}, -1, 0])
def test_claims_of_a_wrong_type_are_refused(claim: str, value: object) -> None:
    refused(token(SECRET, **{claim: value}))


def test_a_refusal_shows_nothing_of_the_token(caplog: pytest.LogCaptureFixture) -> None:
    text = token(OLD_SECRET)
    with caplog.at_level(logging.DEBUG):
        error = refused(text)
    shown = f"{error} {error!r} {error.__cause__} {caplog.text}"
    assert not any(piece in shown for piece in text.split("."))
    assert error.__suppress_context__ or error.__context__ is None
