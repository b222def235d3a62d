"""No token, code, e-mail address, name or amount in anything that a whole walkthrough logs or prints.

That a ciphertext does not open in another item's place: tests/contract/test_stores_secrets.py.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from sandbox.pipedrive import seed
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.tabletop import ADDRESSES
from tests.fakes.branch import ADMIN, DEAL, MANAGER, Branch, new_branch
from tests.fakes.browser import Browser, query_of
from tests.fakes.everything_said import Ear, found_in, people_and_amounts_of, secrets_of

INVOICE = r"POST .*/invoice$"


@dataclass
class Story:
    """A branch, what it said, and every secret that went over a wire meanwhile."""

    branch: Branch
    ear: Ear
    secrets: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def note(self) -> None:
        """Collect what there is now: tokens and codes do not stay."""
        self.secrets |= secrets_of(self.branch.tabletop)
        self.words |= people_and_amounts_of(self.branch.tabletop)


@pytest.fixture
def branch() -> Iterator[Branch]:
    branch = new_branch()
    yield branch
    branch.close()


@pytest.fixture
def ear(branch: Branch) -> Iterator[Ear]:
    """Hears from when everything is set up, at every level that a logger itself lets through."""
    ear, root = Ear(), logging.getLogger()
    places, level = ear.places(), root.level
    for place in places:
        place.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield ear
    root.setLevel(level)
    for place in places:
        place.removeHandler(ear)


@pytest.fixture
def story(branch: Branch, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> Story:
    story = Story(branch, ear)
    sign = branch.tabletop.pipedrive.signed_token

    def signed(company: int, user: int) -> str:
        token: str = sign(company, user)
        story.secrets.add(token)
        return token

    monkeypatch.setattr(branch.tabletop.pipedrive, "signed_token", signed)
    story.note()
    return story


def connect_and_disconnect(story: Story) -> None:
    tabletop = story.branch.tabletop
    browser = Browser(tabletop)
    link = browser.link(MANAGER)
    opened = browser.visit(link)
    back = browser.consent(opened, US_REALM)
    story.note()
    browser.visit(back)
    browser.confirm(link)
    thief = Browser(tabletop)
    for path in (link, back):
        thief.visit(path)
    story.secrets |= {link.rpartition("/")[2], *browser.cookies.values(), query_of(opened.headers["location"])["state"]}
    story.secrets |= {query_of(back)[name] for name in ("code", "state")}
    story.branch.api("POST", f"/connections/{story.branch.us}/take-over", user=ADMIN)
    story.branch.api("DELETE", f"/connections/{story.branch.us}")
    tabletop.connect(US_REALM, user=ADMIN)


def invoice_with_every_outcome(story: Story) -> None:
    branch, quickbooks = story.branch, story.branch.tabletop.quickbooks
    assert branch.ask("POST /deals/{deal_id}/invoices", branch.ids()).status == 201
    assert branch.ask("POST /deals/{deal_id}/draft/preview", branch.ids()).status == 200
    for route in ("POST /connections/{connection_id}/customers", "POST /connections/{connection_id}/items"):
        assert branch.ask(route, branch.ids()).status == 201
    assert branch.ask("GET /connections/{connection_id}/customers", branch.ids()).json
    books = quickbooks.companies[UK_REALM]
    books.closed_until = branch.tabletop.clock.now().date()
    assert branch.ask("POST /deals/{deal_id}/invoices", branch.ids()).status == 422
    books.closed_until = None
    for kind, status in (("drop_after_commit", 202), ("status", 202), ("drop_before", 202)):
        branch.tabletop.fault(quickbooks, kind, where=INVOICE, status=503)
        assert branch.ask("POST /deals/{deal_id}/invoices", branch.ids()).status == status, kind
        branch.tabletop.pass_time(seconds=200)


def pay_and_refresh(story: Story) -> None:
    branch = story.branch
    newest = branch.api("GET", f"/deals/{DEAL}/invoices").json["invoices"][0]
    branch.tabletop.quickbooks.bookkeeper.pay(UK_REALM, newest["id"], "1.07")
    assert branch.api("POST", f"/deals/{DEAL}/invoices/refresh").status == 200
    branch.tabletop.clock.push(timedelta(hours=2))  # every access token is renewed
    story.note()
    branch.tabletop.fault(branch.tabletop.quickbooks, "status", where=r"/tokens/bearer", status=500)
    branch.api("POST", f"/deals/{DEAL}/invoices/refresh")
    branch.tabletop.pass_time(minutes=3)
    assert branch.api("POST", f"/deals/{DEAL}/invoices/refresh").json["notice"] is None


def fail(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad requests, a CRM that is away, and a bug whose text quotes a customer."""
    branch = story.branch
    branch.api("POST", f"/deals/{DEAL}/invoices", body=b"{", headers={"content-type": "application/json"})
    branch.ask("GET /settings", branch.ids(), user=None)
    branch.tabletop.fault(branch.tabletop.pipedrive, "status", where=r"GET /api", status=503, times=3)
    branch.api("GET", f"/deals/{DEAL}")
    branch.tabletop.pipedrive.faults.pending.clear()
    said = f"{next(iter(story.words))} {next(iter(story.secrets))}"

    def bug(*_: object, **__: object) -> None:
        raise RuntimeError(said)

    with monkeypatch.context() as patched:
        patched.setattr("duebill.runtime.panel.show_deal", bug)
        assert branch.api("GET", f"/deals/{DEAL}").status == 500
    record = {"messageId": "1", "body": f'{{"v": 1, "kind": "{said}"}}'}
    failed = branch.tabletop.functions.invoke("finish_work", {"Records": [record]})
    assert failed["batchItemFailures"]


def leave(story: Story) -> None:
    for user in (MANAGER, ADMIN):
        notice = story.branch.tabletop.pipedrive.uninstall(seed.COMPANY, user)
        story.secrets.add(notice.headers["authorization"].split(" ")[1])
        story.branch.tabletop.visit(notice.method, notice.path, headers=notice.headers, body=notice.body)
    story.branch.tabletop.pass_time(minutes=20)


def test_a_whole_walkthrough_says_nothing_that_is_secret_or_somebody_s(
    story: Story, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    connect_and_disconnect(story)
    invoice_with_every_outcome(story)
    pay_and_refresh(story)
    fail(story, monkeypatch)
    story.note()
    leave(story)
    printed = capfd.readouterr()
    lines = [*story.ear.lines, *printed.out.splitlines(), *printed.err.splitlines()]
    ours = [line for line in story.ear.lines if "duebill" in line]
    assert len(ours) > 5, "the product did speak"
    assert any("unexpected_error" in line and "panel.py" in line for line in ours), "with its place"
    assert any("work_failed" in line for line in ours)
    assert len(story.secrets) > 40
    assert len(story.words) > 200
    assert found_in(lines, story.secrets) == {}
    assert found_in(lines, story.words) == {}


def test_libraries_stay_quiet_when_everything_else_speaks(story: Story) -> None:
    """httpx logs every address at INFO: the names of who was searched for stand in it."""
    for name in ("httpx", "httpcore.connection", "botocore.endpoint", "urllib3.connectionpool"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO), name
    story.branch.api("GET", f"/connections/{story.branch.uk}/customers?query=Hampstead")
    assert [line for line in story.ear.lines if "Hampstead" in line or ADDRESSES.quickbooks in line] == []


def test_what_is_searched_for_would_be_found(story: Story) -> None:
    """The test above can fail: a record with a name in its extras, in its arguments or in its exception is heard."""
    word, token = next(iter(story.words)), next(iter(story.secrets))
    logging.getLogger("duebill").warning("said", extra={"who": word})
    logging.getLogger("anything").debug("%s", token)
    assert set(found_in(story.ear.lines, {word, token})) == {word, token}
