"""What the panel may cost in bytes, requests and jumping. Its time is for `make bench-pages`, which runs alone."""

import re

from playwright.sync_api import Browser, Page, expect

from bench import pages
from sandbox.pipedrive.seed import DEAL_US_SIMPLE
from sandbox.running import Sandbox
from tests.browser.person import Person

HOLD = """
window.held = [];
const post = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (...sent) {
  if (window.released) return post.apply(this, sent);
  window.held.push(() => post.apply(this, sent));
};
"""


def test_the_panel_keeps_its_budgets(browser: Browser, sandbox: Sandbox) -> None:
    figures = pages.report(pages.measure(browser, sandbox.addresses.pipedrive, runs=3))

    assert figures["bytes as served"] <= pages.MOST_BYTES
    assert figures["requests before content"] <= pages.MOST_REQUESTS
    assert figures["layout shift"] < pages.MOST_SHIFT


def test_no_data_is_asked_for_before_the_sdk_is_initialised(page: Page, sandbox: Sandbox) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if re.search("/deals/", request.url) else None)
    page.add_init_script(HOLD)
    ada = Person(page, sandbox)
    page.goto(f"{ada.origin}/deal/{DEAL_US_SIMPLE}")
    page.wait_for_function("() => window.held.length > 0")
    assert asked == []

    page.evaluate("window.released = true; window.held.forEach((send) => send())")

    expect(ada.panel.get_by_role("button", name=re.compile("Invoice")).first).to_be_visible()
    assert asked
