"""What is interrupted: each scenario is a story that is first told without a crash, then once for each of its calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.reliability.crash import acting
from tests.reliability.crash.line import Plan, When
from tests.reliability.crash.vendors import Variant, Vendor
from tests.reliability.crash.wish import Story, Wish

NOTE = "POST /api/v1/notes"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`story` is told by the page; due work does the rest. `at_once`: how many wishes share one passing of time.

    `tells_more`: the company wants deal fields, activities and files too.
    `is_core`: it shows what a provider does with a creation; the others what we do around it. `only_at`: the one
    provider that has it. `is_action`: keys matter less there, so that the first variant and late answers are enough.
    `is_long`: two stories in one.
    """

    name: str
    story: Callable[[Wish], Story]
    new_things: bool = False
    at_once: int = 32
    expires_tokens: bool = False
    tells_more: bool = False
    is_core: bool = False
    is_action: bool = False
    only_at: str = ""
    is_long: bool = False

    def breaks_writes_alone(self, vendor: Vendor, variant: Variant) -> bool:
        """Whether the reads in between are left whole: they repeat what shorter stories, or the other books, show."""
        return self.is_long or (vendor.is_thin and not (variant.is_first and self.is_core))

    def is_played(self, vendor: Vendor, variant: Variant, *, thorough: bool) -> bool:
        """Whether it is played in a variant."""
        if self.only_at not in ("", vendor.name):
            return False
        if thorough or variant.is_first:
            return True
        return (variant.is_late and not vendor.is_thin) if self.is_action else (self.is_core or not vendor.is_thin)


def _press(wish: Wish) -> Story:
    """Press, and ask again until it is made."""
    yield from wish.as_the_page_does(wish.press())


def _note_is_left(wish: Wish) -> Story:
    """The function ends before it writes the note; the page asks again. The worker's calls count."""
    wish.open_with(NOTE_IS_LEFT)
    yield timedelta(seconds=5)
    yield from wish.as_the_page_does(wish.press())


def _note_changes(wish: Wish) -> Story:
    """The invoice is paid, and somebody presses Refresh: the note must say so, and stay one."""
    wish.open_with(None)
    yield timedelta(minutes=5)
    [invoice] = wish.town.ask("report", mark=wish.mark, deal=wish.deal)["invoices"]
    wish.town.ask("pay", invoice=invoice)
    wish.expected_status = "paid"
    yield from wish.refreshed()


def _paid_in_parts(wish: Wish) -> Story:
    """The rest is paid while what is told of the first part may still be under way: what comes last must be true."""
    wish.open_with(None)
    yield timedelta(minutes=5)
    [invoice] = wish.town.ask("report", mark=wish.mark, deal=wish.deal)["invoices"]
    wish.town.ask("pay", invoice=invoice, amount="100")
    yield from wish.refreshed()
    yield timedelta(seconds=20)
    wish.town.ask("pay", invoice=invoice)
    wish.expected_status = "paid"
    yield from wish.refreshed()


def _nobody_waits(wish: Wish) -> Story:
    """The function ends as soon as the wish is stored, and the person closes the browser."""
    wish.open_with(WISH_IS_STORED)
    yield _A_MOMENT


def _answer_dies(wish: Wish) -> Story:
    """The invoice is in the books, the function ended before it heard of it, and nobody waits."""
    wish.open_with(Plan(1, When.AFTER, like=wish.town.vendor.invoice))
    yield from _until_it_is_looked_at_again(wish)


def _answer_is_lost(wish: Wish) -> Story:
    """The same where the function lived on without an answer."""
    wish.open_with(Plan(1, When.LOST, like=wish.town.vendor.invoice))
    yield from _until_it_is_looked_at_again(wish)


def _until_it_is_looked_at_again(wish: Wish) -> Story:
    yield timedelta(hours=23, minutes=50)
    wish.town.ask("draft", linked=True)  # others use the connection too, so its tokens are fresh


def _tokens_end(wish: Wish) -> Story:
    """The wish is stored, nobody waits, and every access token ends."""
    wish.open_with(WISH_IS_STORED)
    wish.town.ask("expire", issued_hours_ago=wish.token_age_hours)
    yield _A_MOMENT


_A_MOMENT = timedelta(0)
NOTE_IS_LEFT = Plan(1, When.BEFORE, like=NOTE)
WISH_IS_STORED = Plan(1, When.AFTER, like="dynamodb TransactWriteItems")
SCENARIOS = (
    Scenario("creation", _press, is_core=True),
    Scenario("with a new customer and item", _press, new_things=True, is_core=True),
    Scenario("finished by the worker", _nobody_waits, new_things=True),
    Scenario("found by the worker", _answer_dies, is_core=True),
    Scenario("answer lost, found by the worker", _answer_is_lost),
    Scenario("note written by the worker", _note_is_left),
    Scenario("note changed by the worker", _note_changes),
    Scenario("an invoice voided", acting.voids, is_action=True),
    Scenario("an invoice deleted", acting.deletes, is_action=True),
    Scenario("an invoice e-mailed", acting.emails, is_action=True),
    Scenario("submitted and approved", acting.submits_and_approves, is_action=True, only_at="xero"),
    Scenario("unlinked and linked again", acting.unlinks_and_links, is_action=True),
    Scenario("unlinked, later linked again", acting.unlinks_and_links_later, is_action=True),
    Scenario("moved to another deal", acting.moves, is_action=True),
    Scenario("copied after a void", acting.copies, is_action=True),
    Scenario("fields, file and task of a payment", _note_changes, tells_more=True, is_action=True),
    Scenario("two payments, one after the other", _paid_in_parts, tells_more=True, is_action=True, is_long=True),
)
TOKEN_SCENARIOS = (
    Scenario("tokens renewed in the middle", _press, at_once=1, expires_tokens=True),
    Scenario("tokens renewed by the worker", _tokens_end, at_once=1),
)
