"""Buttons on an invoice, interrupted: each is pressed until something is sure, and then the deal is refreshed."""

from datetime import timedelta

from tests.reliability.crash.wish import Story, Wish

_LATER = timedelta(minutes=5)
_MAIL = {"to": "ap@example.com", "cc": ["boss@example.com"]}


def voids(wish: Wish) -> Story:
    """An invoice on which nothing hangs."""
    yield from _made(wish)
    wish.expected_status, wish.done = "voided", ("void",)
    yield from wish.act("POST", "/void?confirmed=once", "void")
    yield from _refreshed(wish)


def deletes(wish: Wish) -> Story:
    """A draft, where there are drafts."""
    yield from _made(wish, creation="save")
    wish.expected_status, wish.done = "deleted", ("delete",)
    wish.expected_invoices = 0 if wish.town.vendor.name == "quickbooks" else 1  # elsewhere it stays, and says so
    yield from wish.act("DELETE", "?confirmed=once", "delete")
    yield from _refreshed(wish)


def emails(wish: Wish) -> Story:
    """At most once for the press; where it went out, the history knows it in the end."""
    yield from _made(wish)
    yield from wish.act("POST", "/email", "email", _MAIL if wish.town.vendor.name == "quickbooks" else {})
    yield from _refreshed(wish)
    if wish.town.ask("report", mark=wish.mark, deal=wish.deal)["mails"]:
        wish.done = ("email",)


def submits_and_approves(wish: Wish) -> Story:
    """Two presses in a row."""
    yield from _made(wish, creation="save")
    wish.done = ("submit", "approve")
    yield from wish.act("POST", "/submit", "submit")
    yield from wish.act("POST", "/approve", "approve")
    yield from _refreshed(wish)


def _made(wish: Wish, creation: str = "approve") -> Story:
    """The invoice and its note, before anything is counted."""
    wish.draft = wish.draft | {"creation": creation}
    wish.open_with(None)
    yield _LATER


def _refreshed(wish: Wish) -> Story:
    for wait in (3, 10, 30, 60):
        answer = wish.refresh()
        if answer and answer["status"] == 200:
            return
        yield timedelta(seconds=wait)
