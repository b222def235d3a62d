"""What Pipedrive's refusals mean, answer by answer."""

import json
from datetime import UTC, datetime

import pytest

from duebill.crm.pipedrive.faults import raise_for
from duebill.errors import DuebillError, LimitReached, NotFound, OutcomeUnknown, TryLater
from duebill.outside.http import HttpResponse

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HTML = b"<!doctype html><title>Just a moment</title>"


def answer(status: int, body: object = None, **headers: str) -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body or {"success": False, "error": "no"}).encode()
    return HttpResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


def meaning(response: HttpResponse, *, writes: bool = False) -> DuebillError:
    with pytest.raises(DuebillError) as problem:
        raise_for(response, NOW, writes=writes)
    return problem.value


def test_a_success_means_nothing() -> None:
    raise_for(answer(200, {"success": True, "data": None}), NOW, writes=True)
    raise_for(answer(201, {"success": True, "data": {}}), NOW, writes=True)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, 2),
        ({"x_ratelimit_reset": "7"}, 7),
        ({"x_ratelimit_reset": "0"}, 1),
        ({"x_ratelimit_reset": "-3"}, 1),
        ({"x_ratelimit_reset": "1.9"}, 1),
        ({"x_ratelimit_reset": "soon"}, 2),
        ({"x_ratelimit_reset": "inf"}, 2),
        ({"x_ratelimit_reset": str(int(NOW.timestamp()) + 45)}, 45),
        ({"x_ratelimit_reset": str(int(NOW.timestamp()) - 5)}, 1),
        ({"x_ratelimit_reset": "999999999"}, 86_400),
        ({"x_daily_ratelimit_token_remaining": "3", "x_ratelimit_reset": "1"}, 3600),
        ({"x_daily_ratelimit_token_remaining": "5000", "x_ratelimit_reset": "1"}, 1),
    ],
)
def test_the_wait_is_read_as_seconds_or_as_a_point_in_time(headers: dict[str, str], wait: int) -> None:
    problem = meaning(answer(429, **headers))
    assert isinstance(problem, LimitReached)
    assert problem.retry_after == wait


def test_a_limit_in_html_is_a_limit_too() -> None:
    assert isinstance(meaning(answer(429, HTML)), LimitReached)
    assert isinstance(meaning(answer(403, HTML), writes=True), LimitReached)


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (answer(404), "not_found"),
        (answer(410), "not_found"),
        (answer(403), "not_found"),
        (answer(403, {"success": False, "error": "Scope and URL mismatch", "errorCode": 403}), "crm_scope_missing"),
        (answer(403, {"success": False, "code": "feature_capping_deals_limit"}), "crm_plan_lacks_feature"),
        (answer(402), "crm_plan_lacks_feature"),
    ],
)
def test_what_a_person_cannot_have_is_not_found(response: HttpResponse, code: str) -> None:
    problem = meaning(response)
    assert isinstance(problem, NotFound)
    assert problem.code == code


def test_a_question_that_pipedrive_finds_wrong_is_our_own_fault() -> None:
    problem = meaning(answer(400, {"success": False, "error": "Validation failed: secret@person.example"}))
    assert (type(problem), problem.code) == (DuebillError, "crm_refused")
    assert "secret" not in problem.message


@pytest.mark.parametrize(
    "response",
    [
        answer(500),
        answer(503, HTML),
        answer(200, HTML),
        answer(200, [1]),
        answer(302, b""),
        answer(200, {"success": False}),
        answer(404, HTML),
        answer(400, HTML),
    ],
)
def test_what_is_not_pipedrives_own_answer_says_nothing(response: HttpResponse) -> None:
    assert type(meaning(response)) is TryLater
    assert isinstance(meaning(response, writes=True), OutcomeUnknown)
