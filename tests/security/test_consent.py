"""Consent cannot be stolen: every way to end up with somebody else's books is refused, stores nothing, and gives back
what the provider had granted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from sandbox.pipedrive.seed import ADA, BEN, CID, COMPANY, OTHER_COMPANY, OTHER_USER
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.tabletop import Answer, Tabletop
from tests.fakes.browser import CALLBACK, Browser, query_of


@dataclass
class Scene:
    """Ada's browser, and a thief's, who installed for another company."""

    tabletop: Tabletop
    ada: Browser
    thief: Browser

    def stored(self) -> list[str]:
        """Connections, tokens, tenant pointers and settings: all that a theft could leave behind."""
        rows = [
            row for row in self.tabletop.rows() if row["sk"]["S"].startswith(("CONNECTION#", "TOKENS#quick", "SET"))
        ]
        pointers = [row for row in self.tabletop.rows() if row["pk"]["S"].startswith("TENANT#")]
        return sorted(str(row) for row in rows + pointers)

    def grants(self) -> int:
        """How many consents QuickBooks holds that still open anything."""
        return sum(not family.revoked for family in self.tabletop.quickbooks.tokens.families)

    def exchanges(self) -> int:
        return sum("/tokens/bearer" in call for call in self.tabletop.quickbooks.faults.calls)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with Tabletop() as tabletop:
        tabletop.install(ADA)
        tabletop.install(OTHER_USER, OTHER_COMPANY)
        scene = Scene(tabletop, Browser(tabletop), Browser(tabletop))
        before, grants = scene.stored(), scene.grants()
        yield scene
        assert scene.stored() == before
        assert scene.grants() == grants, "what was granted on the way was given back"
        assert tabletop.failures == []


def refused(answer: Answer, sentence: str) -> None:
    """A page, not a stack trace, with the reason."""
    assert answer.status == 400, answer
    assert answer.headers["content-type"].startswith("text/html")
    assert sentence in answer.text, answer
    assert answer.cookies == ()


def test_a_consent_link_that_was_passed_on_connects_nothing(scene: Scene) -> None:
    """The thief opens the link; Ada consents to what looks like QuickBooks' own page, and comes back as herself."""
    opened = scene.thief.visit(scene.thief.link(OTHER_USER, OTHER_COMPANY))
    refused(scene.ada.visit(scene.ada.consent(opened)), "another browser")
    assert scene.exchanges() == 0


def test_a_link_that_was_opened_is_no_good_to_whoever_finds_it(scene: Scene) -> None:
    link = scene.ada.link()
    opened = scene.ada.visit(link)
    refused(scene.thief.visit(link), "opened already")
    refused(scene.ada.visit(link), "opened already")
    scene.ada.consent(opened)


def test_a_link_that_is_eleven_minutes_old_opens_nothing(scene: Scene) -> None:
    link = scene.ada.link()
    scene.tabletop.pass_time(minutes=11, run=False)
    refused(scene.ada.visit(link), "expired")


def test_a_consent_that_took_eleven_minutes_connects_nothing(scene: Scene) -> None:
    back = scene.ada.consent(scene.ada.visit(scene.ada.link()))
    scene.tabletop.pass_time(minutes=11, run=False)
    refused(scene.ada.visit(back), "not begun here")
    assert scene.exchanges() == 0


@pytest.mark.parametrize("whose_cookie", ["ada", "thief"])
def test_a_swapped_state_connects_nothing(scene: Scene, whose_cookie: str) -> None:
    """A code of one consent with the state of another, in either browser."""
    hers = scene.ada.consent(scene.ada.visit(scene.ada.link()))
    his = scene.thief.consent(scene.thief.visit(scene.thief.link(OTHER_USER, OTHER_COMPANY)), UK_REALM)
    browser = scene.ada if whose_cookie == "ada" else scene.thief
    other = his if whose_cookie == "ada" else hers
    refused(browser.visit(other), "another browser")
    assert scene.exchanges() == 0


@pytest.mark.parametrize("state", ["", "unknown", "x" * 3999, "a#b", "\u202e"])
def test_a_state_of_nobody_connects_nothing(scene: Scene, state: str) -> None:
    opened = scene.ada.visit(scene.ada.link())
    refused(scene.ada.visit(scene.ada.consent(opened, state=state)), "not begun here")
    assert scene.exchanges() == 0


def test_a_code_that_was_put_into_somebody_else_s_trip_opens_books_that_the_question_names(scene: Scene) -> None:
    """The thief's code in Ada's trip: the books are the thief's, she is asked by their name, and says no."""
    code = query_of(scene.thief.consent(scene.thief.visit(scene.thief.link(OTHER_USER, OTHER_COMPANY)), UK_REALM))
    link = scene.ada.link()
    back = scene.ada.consent(scene.ada.visit(link), code=code["code"], realmId=UK_REALM)
    question = scene.ada.visit(back)
    assert question.status == 200
    assert scene.tabletop.quickbooks.companies[UK_REALM].name.split("&")[0] in question.text
    assert "Duebill Demo Ltd" in question.text
    assert scene.ada.confirm(link, "no").status == 200


def test_a_code_is_exchanged_once(scene: Scene) -> None:
    """The same code in a second trip of the same person: QuickBooks refuses it, and nothing is left."""
    link = scene.ada.link()
    first = scene.ada.consent(scene.ada.visit(link))
    assert scene.ada.visit(first).status == 200
    assert scene.ada.confirm(link, "no").status == 200
    again = scene.ada.consent(scene.ada.visit(scene.ada.link()), code=query_of(first)["code"])
    assert scene.ada.visit(again).status == 400


def test_a_trip_that_was_answered_is_over(scene: Scene) -> None:
    link = scene.ada.link()
    back = scene.ada.consent(scene.ada.visit(link))
    scene.ada.visit(back)
    scene.ada.confirm(link, "no")
    refused(scene.ada.visit(back), "used already")
    refused(scene.ada.confirm(link), "nothing to answer")
    refused(scene.ada.visit(link), "opened already")


@pytest.mark.parametrize("realm", [UK_REALM, "9" * 19, "9341450000000000"])
def test_books_that_the_code_does_not_open_are_not_connected(scene: Scene, realm: str) -> None:
    """`realmId` is not signed: whoever returns may write any."""
    opened = scene.ada.visit(scene.ada.link())
    answer = scene.ada.visit(scene.ada.consent(opened, US_REALM, realmId=realm))
    assert answer.status == 400, answer


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_another_browser_cannot_answer_the_question(scene: Scene, answer: str) -> None:
    link = scene.ada.link()
    scene.ada.visit(scene.ada.consent(scene.ada.visit(link)))
    pending = scene.stored()
    scene.thief.visit(scene.thief.link(OTHER_USER, OTHER_COMPANY))  # has a cookie of the same name
    refused(scene.thief.confirm(link, answer), "another browser")
    refused(Browser(scene.tabletop).confirm(link, answer), "another browser")
    assert scene.stored() == pending
    assert scene.ada.confirm(link, "no").status == 200


def test_a_question_that_nobody_answers_is_taken_back_by_itself(scene: Scene) -> None:
    scene.ada.visit(scene.ada.consent(scene.ada.visit(scene.ada.link())))
    assert scene.grants() == 1
    scene.tabletop.pass_time(minutes=12)


def test_a_member_whose_colleague_connected_first_connects_nothing() -> None:
    """Before any books were connected everybody might; now only the manager and admins may."""
    with Tabletop() as tabletop:
        tabletop.install(ADA)
        tabletop.install(CID)
        cid = Browser(tabletop)
        scene = Scene(tabletop, Browser(tabletop), cid)
        link = cid.link(CID)
        cid.visit(cid.consent(cid.visit(link), UK_REALM))
        hers = tabletop.connect(US_REALM)
        refused(cid.confirm(link), "manages invoicing")
        assert (len(scene.stored()), scene.grants()) == (4, 1), "her connection, tokens, pointer and settings alone"
        assert [each["id"] for each in tabletop.api("GET", "/connections").json["connections"]] == [hers]
        assert tabletop.api("POST", "/connections", user=CID, json={"provider": "quickbooks"}).status == 403


def test_somebody_who_uninstalled_while_consenting_connects_nothing(scene: Scene) -> None:
    scene.tabletop.install(BEN)
    link = scene.ada.link(BEN)
    back = scene.ada.consent(scene.ada.visit(link))
    notice = scene.tabletop.pipedrive.uninstall(COMPANY, BEN)
    assert scene.tabletop.visit(notice.method, notice.path, headers=notice.headers, body=notice.body).status == 200
    scene.ada.visit(back)
    refused(scene.ada.confirm(link), "uninstalled meanwhile")


@pytest.mark.parametrize("query", [{}, {"error": "access_denied"}, {"code": "x"}, {"state": "x", "code": "x"}])
def test_a_callback_that_nobody_began_is_refused(scene: Scene, query: dict[str, str]) -> None:
    refused(scene.thief.visit(f"{CALLBACK}?{urlencode(query)}"), "not begun here")


@pytest.mark.parametrize("user", [None, CID])
def test_a_link_is_given_to_installed_people_only(scene: Scene, user: int | None) -> None:
    answer = scene.tabletop.api("POST", "/connections", user=user, json={"provider": "quickbooks"})
    assert answer.status in (401, 403)
    assert "url" not in answer.json


# --- the install itself -------------------------------------------------------------------------------------------


def test_an_install_with_somebody_else_s_state_after_its_use_stores_nothing(scene: Scene) -> None:
    begun = scene.tabletop.visit("GET", "/install")
    state = query_of(begun.headers["location"])["state"]
    rows = len(scene.tabletop.rows())
    for code in ("stolen", "stolen-again"):
        answer = scene.tabletop.visit("GET", f"/oauth/pipedrive/callback?code={code}&state={state}")
        assert answer.status == 400
    assert len(scene.tabletop.rows()) <= rows


@pytest.mark.parametrize("authorization", ["", "Basic ", "Basic eDp5", "Bearer x", "Basic " + "A" * 4000])
def test_an_uninstall_that_pipedrive_did_not_sign_removes_nobody(scene: Scene, authorization: str) -> None:
    body = f'{{"company_id": {COMPANY}, "user_id": {ADA}}}'.encode()
    headers = {"content-type": "application/json", "authorization": authorization}
    answer = scene.tabletop.visit("DELETE", "/oauth/pipedrive/callback", headers=headers, body=body)
    assert answer.status == 401
    assert scene.tabletop.api("GET", "/connections").status == 200
