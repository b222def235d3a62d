"""What each other test would change: the age of the data, sums, heights, links. Each has a sandbox of its own."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from sandbox.pipedrive.seed import DEAL_INSTALMENTS, DEAL_RECURRING, DEAL_ZERO
from tests.browser.person import UK, US, Person, invoice_of
from tests.browser.test_settings import card, whole


def test_the_panel_tells_how_old_its_news_is(lone_ada: Person) -> None:
    ada, sandbox = lone_ada, lone_ada.sandbox
    invoice_of(sandbox, DEAL_INSTALMENTS, UK, f"&instalment_id={DEAL_INSTALMENTS}01")
    panel = ada.open_deal(DEAL_INSTALMENTS)
    expect(panel.get_by_text("Checked this minute")).to_be_visible()
    expect(panel.get_by_text(re.compile(r"^Invoiced £3,798\.00 of £10,550\.00$"))).to_be_visible()
    bar = panel.get_by_role("img", name=re.compile("^Invoiced "))
    assert (
        bar.locator("div").evaluate("(bar) => Math.round(100 * bar.offsetWidth / bar.parentElement.offsetWidth)") == 36
    )

    sandbox.clock.push(timedelta(hours=2))
    ada.page.reload()

    expect(panel.get_by_text("Checked 2 hours ago")).to_be_visible()
    panel.get_by_role("button", name="Refresh").click()
    expect(panel.get_by_text("Checked this minute")).to_be_visible()


def test_the_panel_is_as_high_as_what_it_shows_and_scrolls_beyond_what_pipedrive_allows(
    lone_ada: Person,
) -> None:
    ada, sandbox = lone_ada, lone_ada.sandbox
    panel = ada.open_deal(DEAL_ZERO)
    expect(panel.get_by_role("heading", name="Nothing invoiced yet")).to_be_visible()
    low = height(ada, lambda place: place < 400)
    assert low >= 100

    for _ in range(7):
        invoice_of(sandbox, DEAL_RECURRING)
    ada.open_deal(DEAL_RECURRING)
    expect(ada.panel.get_by_role("listitem")).to_have_count(7)

    high = height(ada, lambda place: place > low)
    frame = next(each for each in ada.page.frames if "/extension/panel" in each.url)
    room = frame.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert high <= 750
    assert room[0] == room[1] or high == 750  # nothing is cut off that cannot be scrolled to


def height(ada: Person, holds: Callable[[int], bool]) -> int:
    """The panel's height in Pipedrive once it is what the page asked for."""
    place = ada.page.locator(".panel-body")
    ada.wait_until(lambda: holds(place.evaluate("(place) => place.offsetHeight")))
    return int(place.evaluate("(place) => place.offsetHeight"))


def test_a_switch_and_a_match_are_set_by_keyboard_alone(lone_ada: Person) -> None:
    ada = lone_ada
    settings = whole(ada)
    section = card(settings, f"Products and customers in {US}")
    section.get_by_role("button", name="Match products").focus()
    ada.page.keyboard.press("Enter")
    expect(section.get_by_text(re.compile("^All read"))).to_be_visible()
    section.locator(".matches select").first.focus()
    ada.page.keyboard.press("ArrowDown")
    section.get_by_role("button", name="Apply all").focus()
    ada.page.keyboard.press("Enter")
    expect(section.get_by_role("button", name="Apply all")).to_have_count(0)

    box = settings.get_by_role("checkbox", name="Attach the invoice’s PDF to the deal")
    box.focus()
    was = box.is_checked()
    ada.page.keyboard.press("Space")
    assert box.is_checked() is not was
    for _ in range(40):
        ada.page.keyboard.press("Tab")
        if settings.get_by_role("button", name="Discard").evaluate("(button) => button === document.activeElement"):
            break
    ada.page.keyboard.press("Enter")
    expect(settings.get_by_text("You have unsaved changes.")).to_have_count(0)
