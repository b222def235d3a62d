"""What a check finds, whatever the books and the CRM answer."""

from datetime import UTC, datetime, timedelta

import pytest

from duebill.domain.check import State
from duebill.domain.endings import WhyEnded, sentence_of
from duebill.domain.settings import CompanySettings, ConnectionSettings
from duebill.domain.watch import Watch
from duebill.errors import ReconnectRequired
from duebill.ports import AccountingProvider
from duebill.use_cases.check_connection import CheckConnection
from tests.fakes.pipedrive import PipedriveWorld
from tests.fakes.quickbooks import QuickBooksWorld

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Scene:
    """A connection to QuickBooks' simulator, seen with Ada's eyes."""

    def __init__(self) -> None:
        self.crm = PipedriveWorld().crm()
        self.books = QuickBooksWorld()
        self.connection = self.books.connection()
        self.watch = Watch(self.connection.company, self.connection.id)
        self.settings = ConnectionSettings()

    def check(self, awaits: int = 0, *, reached: bool = True) -> dict[str, State]:
        def refuse() -> AccountingProvider:
            raise ReconnectRequired("Gone.")

        findings = CheckConnection(
            connection=self.connection,
            open_books=self.books.opened if reached else refuse,
            crm=self.crm,
            crm_fields=self.crm,
            company=CompanySettings(),
            settings=self.settings,
            watch=self.watch,
            awaits=awaits,
            has_worker=True,
            now=NOW,
        )()
        return {finding.code: finding.state for finding in findings}


def test_books_that_are_not_reached_are_said_and_the_rest_is_still_looked_at() -> None:
    found = Scene().check(reached=False)
    assert found["books_not_reached"] is State.BAD
    assert "crm_reached" in found
    assert "books_reached" not in found


@pytest.mark.parametrize(
    ("since", "awaits", "code"),
    [
        (timedelta(hours=3), 4, "looked"),
        (timedelta(days=2), 4, "looked_long_ago"),
        (timedelta(days=5), 0, "looked"),
    ],
)
def test_a_look_at_the_books_is_late_only_where_something_is_awaited(since: timedelta, awaits: int, code: str) -> None:
    scene = Scene()
    scene.watch = Watch(scene.watch.company, scene.watch.connection, looked_at=NOW - since, heard_at=NOW)
    found = scene.check(awaits)
    assert code in found
    assert "webhook_heard" in found


def test_nothing_heard_and_nothing_looked_at_yet_is_no_fault() -> None:
    found = Scene().check()
    assert found["webhook_not_heard"] is found["not_looked_yet"] is State.GOOD


def test_every_reason_for_reconnecting_has_a_sentence_and_an_older_one_stays_as_it_is() -> None:
    assert all(sentence_of(why.value) != why.value for why in WhyEnded)
    assert sentence_of("It was said in words.") == "It was said in words."
