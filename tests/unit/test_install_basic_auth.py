"""Basic authentication of Pipedrive's notices."""

import base64

import pytest

from duebill.runtime.basic_auth import is_our_app


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def check(header: str | None, *secrets: str) -> bool:
    return is_our_app(header, client_id="id", secrets=secrets or ("new", "old"))


@pytest.mark.parametrize("header", [basic("id:new"), basic("id:old"), basic("id:new").replace("Basic", "basic")])
def test_either_secret_is_accepted_while_one_is_rotated(header: str) -> None:
    assert check(header)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic ",
        "Basic ===",
        "Basic ünï",
        basic("id:"),
        basic("id:wrong"),
        basic("other:new"),
        basic("id:new:"),
        basic("id:new").replace("Basic", "Bearer"),
    ],
)
def test_anything_else_is_refused(header: str | None) -> None:
    assert not check(header)


def test_an_empty_secret_opens_nothing() -> None:
    assert not check(basic("id:"), "")
    assert not is_our_app(basic("id:"), client_id="id", secrets=())
