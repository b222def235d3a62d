"""The pages: everything inserted is escaped, nothing runs, nothing is fetched, nobody frames them."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from duebill.domain.connection import Provider
from duebill.runtime import pages
from tests.fakes.consent_world import World

EVIL = "<script>alert(1)</script>\"'&"


def every_page() -> list[pages.HtmlPage]:
    world = World()
    installation = world.install()
    question, opened = world.ask(installation)
    (pending,) = question.pending
    evil = replace(pending, id=EVIL, tenant=replace(pending.tenant, name=EVIL))
    confirmed = world.confirm(question.ticket_id, opened.cookie_secret)
    return [
        pages.question_page(replace(question, company_name=EVIL, pending=(evil,))),
        pages.question_page(replace(question, company_name=EVIL, pending=(evil, evil))),
        pages.confirmed_page(replace(confirmed, connections=(evil,)), settings_url=EVIL),
        pages.confirmed_page(replace(confirmed, connections=()), settings_url=EVIL),
        pages.message_page(EVIL, EVIL, status=400, link=pages.Link(EVIL, EVIL)),
        pages.disconnected_page(Provider.QUICKBOOKS),
        pages.reconnect_page(Provider.QUICKBOOKS),
    ]


@pytest.mark.parametrize("index", range(7))
def test_a_page_escapes_what_it_inserts_and_fetches_nothing(index: int) -> None:
    page = every_page()[index]
    assert "<script" not in page.body
    assert "src=" not in page.body
    assert not re.search(r'"[^"<>]*<script', page.body)
    assert "url(" not in page.body
    assert "@import" not in page.body
    assert '<meta name="viewport" content="width=device-width' in page.body
    assert "prefers-color-scheme:dark" in page.body


@pytest.mark.parametrize("index", range(7))
def test_a_page_is_sent_with_a_policy_that_its_own_style_satisfies(index: int) -> None:
    page = every_page()[index]
    policy = page.headers["Content-Security-Policy"]
    style = re.findall(r"<style>(.*?)</style>", page.body)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"
    assert " style=" not in page.body  # an attribute would be stopped by the policy


def test_the_question_names_both_sides_and_can_be_answered_with_no() -> None:
    question, _ = World().ask_installed()
    body = pages.question_page(question).body
    assert "Company 11" in body
    assert "Books 100" in body
    assert f'action="/connect/{question.ticket_id}/confirm"' in body
    assert 'value="yes"' in body
    assert 'value="no"' in body


def test_several_books_are_chosen_on_the_page() -> None:
    question, _ = World().ask_installed()
    other = replace(question.pending[0], id="other")
    body = pages.question_page(replace(question, pending=(*question.pending, other))).body
    assert len(re.findall(r'type="checkbox" name="which"', body)) == 2
