"""Whatever code the server can send to the pages, each of their languages has words for it."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from duebill.crm.pipedrive import faults as pipedrive
from duebill.domain.actions import Reason
from duebill.errors import LimitReached, NotConnected, OutcomeUnknown, ReconnectRequired, TryLater
from duebill.providers.quickbooks import faults as quickbooks
from duebill.providers.quickbooks import mailing as quickbooks_mailing
from duebill.providers.xero import faults as xero
from duebill.providers.xero import mailing as xero_mailing

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "extension" / "src" / "locales"
LANGUAGES = sorted(path.name for path in LOCALES.iterdir())

# Codes that no page is ever sent, each with who reads it instead.
ELSEWHERE = {
    "app_refused": "the operator's log",
    "unreadable_message": "whoever redrives a queue",
    "unreadable_schema_version": "the operator's log",
    "unreadable_webhook": "the sender of a webhook",
    "no_such_route": "who calls an address that the pages do not know",
    "malformed_json": "who writes JSON by hand",
    "consent_denied": "the pages of the consent, which are not Pipedrive's",
    "consent_failed": "the same",
    "no_books_came": "the same",
    "condition_failed": "nobody: callers read again",
}
NOTICES = {kind.code for kind in (TryLater, LimitReached, OutcomeUnknown, ReconnectRequired, NotConnected)}
ABOUT_LINES = {"recurring", "total_differs"}  # `create.notice_…`


def codes_in(path: Path) -> Iterator[str]:
    """Codes that one file writes down: of problems, errors and refusals."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(
                func=ast.Name(id="Problem" | "_problem" | "Refusal"), args=[ast.Constant(value=str(code)), *_]
            ):
                yield code
            case ast.keyword(arg="code", value=ast.Constant(value=str(code))):
                yield code
            case ast.Assign(targets=[ast.Name(id="code") | ast.Attribute(attr="code")], value=ast.Constant(value=code)):
                yield str(code)


@cache
def codes() -> frozenset[str]:
    """All of them."""
    files = [path for folder in ("shared", "functions") for path in (ROOT / folder).rglob("*.py")]
    found = {code for path in files for code in codes_in(path)} | {reason.value for reason in Reason}
    found |= {code for code, _ in quickbooks._REFUSALS.values()} | {code for _, code, _ in xero._REFUSALS}
    return frozenset(found | {pipedrive.PLAN_LACKS, pipedrive.SCOPE_MISSING}) - ELSEWHERE.keys()


def words(language: str, name: str) -> dict[str, str]:
    """One branch of a language's catalogues."""
    for path in (LOCALES / language).glob("*.json"):
        if name in (tree := json.loads(path.read_text())):
            return dict(tree[name])
    raise AssertionError(f"{language} has no {name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_words(language: str) -> None:
    assert codes() - words(language, "problem").keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_kept_for_problems_that_nobody_has(language: str) -> None:
    assert words(language, "problem").keys() - codes() - {"books_say", "refused_by_books"} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_has_words(language: str) -> None:
    assert words(language, "notice").keys() == {*NOTICES, "stand_in"}
    assert {f"notice_{code}" for code in ABOUT_LINES} <= words(language, "create").keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("books", [quickbooks_mailing, xero_mailing], ids=["quickbooks", "xero"])
def test_what_is_said_before_an_email_has_words_and_every_value_in_them(books: object, language: str) -> None:
    for sentence in (getattr(books, name) for name in ("_SENDER", "_TEXT", "_LIMITS")):
        asked = set(re.findall(r"\{\{(\w+)\}\}", words(language, "mail")[sentence.code]))
        assert asked <= sentence.values.keys()


def test_the_codes_are_found_where_they_are_written() -> None:
    assert {"customer_missing", "gave_up", "deal_being_invoiced", "has_payments", "duplicate_item_name"} <= codes()
    assert {"books_closed", "internal_error", "crm_scope_missing"} <= codes()
    assert not ELSEWHERE.keys() & codes()
