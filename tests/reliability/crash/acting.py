"""Buttons on an invoice, interrupted: each is pressed until something is sure, and then the deal is refreshed."""

from datetime import timedelta

from duebill.domain.ids import DealId
from tests.reliability.crash.wish import Story, Wish

_LATER = timedelta(minutes=5)
_MAIL = {"to": "ap@example.com", "cc": ["boss@example.com"]}


def voids(wish: Wish) -> Story:
    """An invoice on which nothing hangs."""
    yield from _made(wish)
    wish.expected_status, wish.done = "voided", ("void",)
    yield from wish.act("POST", "/void?confirmed=once", "void")
    yield from wish.refreshed()


def deletes(wish: Wish) -> Story:
    """A draft, where there are drafts."""
    yield from _made(wish, creation="save")
    wish.expected_status, wish.done = "deleted", ("delete",)
    wish.expected_invoices = 0 if wish.town.vendor.name == "quickbooks" else 1  # elsewhere it stays, and says so
    yield from wish.act("DELETE", "?confirmed=once", "delete")
    yield from wish.refreshed()


def emails(wish: Wish) -> Story:
    """At most once for the press; where it went out, the history knows it in the end."""
    yield from _made(wish)
    yield from wish.act("POST", "/email", "email", _MAIL if wish.town.vendor.name == "quickbooks" else {})
    yield from wish.refreshed()
    if wish.town.ask("report", mark=wish.mark, deal=wish.deal)["mails"]:
        wish.done = ("email",)


def submits_and_approves(wish: Wish) -> Story:
    """Two presses in a row."""
    yield from _made(wish, creation="save")
    wish.done = ("submit", "approve")
    yield from wish.act("POST", "/submit", "submit")
    yield from wish.act("POST", "/approve", "approve")
    yield from wish.refreshed()


def unlinks_and_links(wish: Wish, apart: timedelta = timedelta(0)) -> Story:
    """Untied by hand, and tied again at once."""
    yield from _made(wish)
    [link] = wish.town.invoices.links(wish.town.company, DealId(wish.deal))
    wish.done = ("unlinked", "linked")
    yield from wish.tie("DELETE", link)
    yield apart
    yield from wish.tie("PUT", link)
    yield from wish.refreshed()


def unlinks_and_links_later(wish: Wish) -> Story:
    """Tied again while the deal is being told that it is untied, or has just been told."""
    yield from unlinks_and_links(wish, apart=timedelta(seconds=90))


def moves(wish: Wish) -> Story:
    """From the deal that has it to another one, whose intent it never was."""
    yield from _made(wish)
    [link] = wish.town.invoices.links(wish.town.company, DealId(wish.deal))
    wish.moved_from, wish.deal = wish.deal, wish.town.new_deal()
    wish.done, wish.expected_intents = ("linked",), 0
    yield from wish.tie("PUT", link, {"move_from": wish.moved_from})
    yield from wish.refreshed()


def copies(wish: Wish) -> Story:
    """A new generation of what was voided: one more invoice, and one only."""
    yield from _made(wish)
    [link] = wish.town.invoices.links(wish.town.company, DealId(wish.deal))
    path = f"/deals/{wish.deal}/invoices/{link.connection}/{link.invoice.id}/void?confirmed=once"
    wish.town.run(wish.town.api("POST", path, headers={"idempotency-key": f"void-{wish.deal:08}"}))
    yield _LATER
    path = f"/deals/{wish.deal}/draft?connection_id={link.connection}&copy_of={link.invoice.id}"
    copied = wish.town.run(wish.town.api("GET", path)).result["json"]
    wish.draft, wish.basis, wish.generation = copied["draft"], copied["basis"], 2
    wish.expected_invoices = wish.expected_intents = 2
    yield from wish.as_the_page_does(wish.press())


def _made(wish: Wish, creation: str = "approve") -> Story:
    """The invoice and its note, before anything is counted."""
    wish.draft = wish.draft | {"creation": creation}
    wish.open_with(None)
    yield _LATER
