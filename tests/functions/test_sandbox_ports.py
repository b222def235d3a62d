"""The sandbox as a person starts it: on ports, with its page, its controls and the settings that win over its own."""

import os
import socket
from collections.abc import Iterator
from decimal import Decimal

import pytest

from sandbox.__main__ import main
from sandbox.local_aws import CannotStart, start_aws
from sandbox.outside import Addresses
from sandbox.pipedrive.seed import BEN, COMPANY
from sandbox.quickbooks.seed import US_REALM
from sandbox.running import Ports, Sandbox
from sandbox.walkthrough.browser import Browser
from sandbox.world import environment_of


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox(Ports(0, 0, 0, 0))
    yield running
    running.stop()


@pytest.fixture
def browser(sandbox: Sandbox) -> Iterator[Browser]:
    opened = Browser(sandbox.addresses.api)
    yield opened
    opened.close()


def test_the_sandboxes_own_address_leads_to_pipedrive(browser: Browser, sandbox: Sandbox) -> None:
    assert browser.open(f"{browser.api}/").url == f"{sandbox.addresses.pipedrive}/deals"


@pytest.mark.parametrize("path", ["/sandbox/none", "/none"])
def test_what_is_not_there_is_404(browser: Browser, path: str) -> None:
    assert browser.open(browser.api + path).status == 404


def test_an_uninstall_in_pipedrive_reaches_the_app(browser: Browser) -> None:
    browser.press(browser.open(f"{browser.api}/install"), "Ben Admin")
    assert browser.call("GET", "/connections", user=BEN, company=COMPANY).status == 200

    told = browser.control("POST", "pipedrive/uninstall", {"company_id": COMPANY, "user_id": BEN})

    assert told == {"notice": {"status": 200}}
    assert browser.call("GET", "/connections", user=BEN, company=COMPANY).json["code"] == "not_installed"


def test_people_show_who_has_installed(browser: Browser) -> None:
    browser.press(browser.open(f"{browser.api}/install"), "Cid Member")

    found = {each["name"]: each["installed"] for each in browser.control("GET", "people")["users"]}

    assert found["Cid Member"]
    assert not found["Dee Restricted"]


def test_a_payment_recorded_in_the_books_shows_there(browser: Browser) -> None:
    def open_invoice() -> dict[str, str]:
        books = next(each for each in browser.control("GET", "books")["companies"] if each.get("realm") == US_REALM)
        return next(each for each in books["invoices"] if Decimal(each["balance"]) > 20)

    before = open_invoice()
    browser.control("POST", "quickbooks/pay", {"realm": US_REALM, "invoice": before["id"], "amount": "10"})

    assert Decimal(open_invoice()["balance"]) == Decimal(before["balance"]) - 10


def test_a_link_into_the_books_shows_the_invoice(browser: Browser) -> None:
    there = f"{browser.api}/books/login?deeplinkcompanyid={US_REALM}&pagereq=invoice%3FtxnId%3D"

    assert "Larkspur Gardens &amp; Design" in browser.open(f"{there}1").text
    assert browser.open(f"{there}999999").status == 404


@pytest.mark.parametrize("sent", [{}, {"days": "many"}, {"seconds": -1}])
def test_time_moves_forward_only_and_by_numbers(browser: Browser, sent: dict[str, object]) -> None:
    if sent:
        with pytest.raises(RuntimeError, match="cannot be read"):
            browser.control("POST", "clock", sent)
    else:
        browser.control("POST", "clock", {"seconds": 120})  # what an install leaves to be done is done then
        assert browser.control("POST", "clock", sent)["worked_on"] == 0


def test_a_port_that_is_taken_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert main(["--port", str(port), "--pipedrive-port", "0", "--quickbooks-port", "0", "--xero-port", "0"]) == 1

    assert f"Port {port} is taken. Choose another with --port." in capsys.readouterr().err


def test_a_database_that_is_not_here_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.dynamodb_local.shutil.which", lambda _: None)

    with pytest.raises(CannotStart, match="Leave the flag out to use moto"):
        start_aws("dynamodb-local", {})


def test_a_setting_of_the_environment_wins_over_the_sandboxes_own(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUICKBOOKS_API_URL", "https://sandbox-quickbooks.example")
    monkeypatch.setenv("UNRELATED", "x")

    found = environment_of(sandbox.outside, Addresses("a", "p", "q", "x").environment())

    assert found["QUICKBOOKS_API_URL"] == "https://sandbox-quickbooks.example"
    assert found["PIPEDRIVE_API_URL"] == "p"
    assert "UNRELATED" not in found


def test_an_aws_address_of_the_environment_wins_the_services_own_first() -> None:
    named = {"AWS_ENDPOINT_URL": "http://all.test", "AWS_ENDPOINT_URL_DYNAMODB": "http://dynamodb.test"}
    aws = start_aws("moto", named)
    aws.stop()

    assert aws.endpoints["dynamodb"] == "http://dynamodb.test"
    assert aws.endpoints["kms"] == "http://all.test"


def test_nothing_of_the_machines_own_aws_account_is_used(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the-machines-own")

    assert "AWS_ACCESS_KEY_ID" in os.environ
    assert all(url.startswith("http://127.0.0.1:") for url in sandbox.aws_environment().values())
    assert sandbox.cloud.dynamodb.describe_table(TableName="duebill")["Table"]["TableName"] == "duebill"
