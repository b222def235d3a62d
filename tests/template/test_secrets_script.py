"""The command that puts the app's secrets where the functions read them."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from scripts import secrets

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PREFIX = "/duebill/test"
NAME = "pipedrive/client_secret"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator["SSMClient"]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield boto3.client("ssm", region_name="eu-central-1")


def _value(store: "SSMClient") -> str:
    return store.get_parameter(Name=f"{PREFIX}/{NAME}", WithDecryption=True)["Parameter"].get("Value", "")


def test_a_secret_is_stored_encrypted(store: "SSMClient") -> None:
    secrets.put(store, PREFIX, {NAME: "one"})

    assert store.get_parameter(Name=f"{PREFIX}/{NAME}")["Parameter"].get("Type") == "SecureString"
    assert _value(store) == "one"


def test_a_changed_secret_keeps_the_one_before_it_as_second_line(store: "SSMClient") -> None:
    for value in ("one", "two", "three"):
        secrets.put(store, PREFIX, {NAME: value})

    assert _value(store) == "three\ntwo"


def test_the_same_secret_again_does_not_push_the_previous_out(store: "SSMClient") -> None:
    for value in ("one", "two", "two"):
        secrets.put(store, PREFIX, {NAME: value})

    assert _value(store) == "two\none"


def test_the_end_of_a_rotation_leaves_the_newest_only(store: "SSMClient") -> None:
    for value in ("one", "two"):
        secrets.put(store, PREFIX, {NAME: value})

    secrets.drop_previous(store, PREFIX)

    assert _value(store) == "two"


def test_no_value_is_printed(store: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    for value in ("hush-one", "hush-two"):
        secrets.put(store, PREFIX, dict.fromkeys(secrets.SECRETS, value))
    secrets.drop_previous(store, PREFIX)

    printed = capsys.readouterr()
    assert "hush" not in printed.out + printed.err
    assert f"{PREFIX}/{NAME}: replaced" in printed.out


def test_values_come_from_the_environment() -> None:
    assert secrets.given({"DUEBILL_PIPEDRIVE_CLIENT_SECRET": " one \n"}) == {NAME: "one"}


def test_values_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NAME}=a=b\nquickbooks/client_secret=\n"))

    assert secrets.given({}) == {NAME: "a=b"}


def test_an_unknown_line_is_refused_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hush-hush\n"))

    with pytest.raises(SystemExit) as stopped:
        secrets.given({})

    assert "hush-hush" not in str(stopped.value)
