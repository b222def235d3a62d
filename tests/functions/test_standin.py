"""The stand-in for Pipedrive's own pages: what it serves, what each person sees there, and the first steps done."""

import re
from collections.abc import Iterator

import pytest

from sandbox.pipedrive.seed import ADA, BEN, CID, COMPANY, DEAL_EUR, DEAL_RESTRICTED, DEE
from sandbox.running import Ports, Sandbox
from sandbox.standin.site import STATIC
from sandbox.walkthrough.browser import Answer, Browser


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox(Ports(0, 0, 0, 0))
    yield running
    running.stop()


@pytest.fixture
def browser(sandbox: Sandbox) -> Iterator[Browser]:
    opened = Browser(sandbox.addresses.pipedrive)
    yield opened
    opened.close()


@pytest.fixture
def app(sandbox: Sandbox) -> Iterator[Browser]:
    opened = Browser(sandbox.addresses.api)
    yield opened
    opened.close()


def crm(browser: Browser, asked: str, user: int = ADA, **query: object) -> Answer:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return browser.open(f"{browser.api}/sandbox/crm/{asked}?company_id={COMPANY}&user_id={user}{more}")


def test_the_pages_run_nothing_from_elsewhere_and_frame_the_app_alone(browser: Browser, sandbox: Sandbox) -> None:
    for path in ("/", "/deals", "/deal/1", "/books", "/weather", "/settings/marketplace"):
        page = browser.open(browser.api + path)
        assert page.status == 200
        assert f"frame-src {sandbox.addresses.api};" in page.headers["content-security-policy"]
    for name in sorted(path.name for path in STATIC.iterdir()):
        part = browser.open(f"{browser.api}/standin/{name}")
        assert part.status == 200
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", part.text), name


@pytest.mark.parametrize("path", ["/standin/none.js", "/standin/..%2fsite.py", "/sandbox/crm/none", "/sandbox/none"])
def test_what_is_not_there_is_404(browser: Browser, path: str) -> None:
    assert browser.open(browser.api + path).status == 404


def test_pipedrives_api_stands_behind_the_pages(browser: Browser) -> None:
    assert browser.open(f"{browser.api}/api/v2/deals/1").status == 401


def test_each_person_sees_their_own_deals(browser: Browser) -> None:
    def titles(user: int) -> set[int]:
        return {each["id"] for each in crm(browser, "deals", user).json["deals"]}

    assert DEAL_RESTRICTED in titles(BEN)
    assert DEAL_RESTRICTED not in titles(CID)
    assert titles(DEE) < titles(CID)
    assert crm(browser, "deal", CID, deal_id=DEAL_RESTRICTED).status == 404


def test_a_deal_is_shown_with_words_in_place_of_ids(browser: Browser) -> None:
    deal = crm(browser, "deal", deal_id=DEAL_EUR).json
    fields = {each["name"]: each["value"] for each in deal["fields"]}

    assert deal["organization"] == "Żółw Sp. z o.o."
    assert len(deal["products"]) == 5
    assert fields["Account manager"] == "Ben Admin"
    assert fields["Partner organization"] == "Northwind Traders Ltd"
    assert fields["Services"] == "Setup, Support"


def test_another_language_is_the_users_own(browser: Browser) -> None:
    sent = {"company_id": COMPANY, "user_id": ADA, "language": "pt"}
    browser.control("POST", "crm/language", sent)

    users = {each["id"]: each for each in crm(browser, "start").json["users"]}

    assert (users[ADA]["language"], users[ADA]["locale"]) == ("pt", "pt-BR")
    assert users[BEN]["language"] == "en"
    with pytest.raises(RuntimeError, match="400"):
        browser.control("POST", "crm/language", sent | {"language": "xx"})
    browser.control("POST", "crm/language", sent | {"language": "en"})


def test_the_first_steps_can_be_done_at_once_and_only_once(browser: Browser, app: Browser) -> None:
    assert crm(browser, "progress").json == {"connections": 0, "invoices": 0}

    made = browser.control("POST", "crm/ready", {})["connections"]

    assert set(made) == {"Larkspur Gardens & Design", "Brackenfield Systems Ltd", "Thistle & Rose Ltd"}
    assert browser.control("POST", "crm/ready", {})["connections"] == made
    assert crm(browser, "progress").json == {"connections": 3, "invoices": 0}
    for connection in made.values():
        settings = app.call("GET", f"/connections/{connection}/settings", user=ADA, company=COMPANY).json
        assert settings["settings"]["default_item_id"]
        assert settings["problems"] == []


def test_webhooks_can_be_lost_or_come_twice(browser: Browser, sandbox: Sandbox) -> None:
    browser.control("POST", "crm/webhooks", {"lost": 1, "twice": 0})
    assert (sandbox.mail.weather.lost, sandbox.mail.weather.twice) == (1, 0)
    assert crm(browser, "start").json["webhooks"] == {"lost": 1, "twice": 0}
    browser.control("POST", "crm/webhooks", {"lost": 0, "twice": 0})
