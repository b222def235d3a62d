"""Pictures of each screen and theme, and of panel and form in each language, into docs/screenshots. `make screenshots`.

Taken in the sandbox through the stand-in for Pipedrive, with the system's Chromium.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from sandbox.pipedrive.seed import (
    ADA,
    BEN,
    COMPANY,
    DEAL_INCLUSIVE,
    DEAL_INSTALMENTS,
    DEAL_NO_PRODUCTS,
    DEAL_RECURRING,
)
from sandbox.ready import Ready
from sandbox.running import Ports, Sandbox
from sandbox.standin.site import LANGUAGES
from sandbox.walkthrough.browser import Browser as Http
from scripts.chromium import chromium
from tests.browser.person import SETTINGS, UK, US, XERO, control, in_books, invoice_of

TO = Path(__file__).parents[1] / "docs" / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
SPOKEN = [code for code in LANGUAGES if code != "de"]


class Photographer:
    """Opens a screen and takes its picture."""

    def __init__(self, browser: Browser, sandbox: Sandbox) -> None:
        self._browser = browser
        self._origin = sandbox.addresses.pipedrive

    def take(self, name: str, path: str, then: Callable[[Page], None], **how: Any) -> None:  # noqa: ANN401  of _page
        """One picture of the screen at `path`, after `then` has found it complete."""
        page = self._page(**how)
        page.goto(self._origin + path)
        then(page)
        page.evaluate("document.activeElement?.blur()")
        page.screenshot(path=TO / f"{name}.png", animations="disabled")
        print(f"{name}.png")
        page.context.close()

    def _page(self, theme: str = "light", user: int = ADA, size: dict[str, int] = WIDE) -> Page:
        context = self._browser.new_context(viewport=size, locale="en-GB", reduced_motion="reduce")  # type: ignore[arg-type]  # Playwright's TypedDict
        cookie: Any = {"name": "pipedrive_user", "value": f"{COMPANY}.{user}", "url": self._origin}
        context.add_cookies([cookie])
        context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
        return context.new_page()


def panel(page: Page) -> None:
    """Wait for the panel."""
    page.frame_locator(".panel iframe.shown").locator("li, .state").first.wait_for()


def form(page: Page) -> None:
    """Open the form and wait until its totals are there."""
    panel(page)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem").first.click()
    page.frame_locator("dialog iframe.shown").locator("footer .number").wait_for()


def all_invoices(page: Page) -> None:
    """Open the customer's invoices from the panel's menu."""
    panel(page)
    shown = page.frame_locator(".panel iframe.shown")
    shown.locator("header .menu button").click()
    shown.get_by_role("menuitem").first.click()
    modal = page.frame_locator("dialog iframe.shown")
    modal.locator("h1").wait_for()
    modal.get_by_text("Asking the books").wait_for(state="detached")


def email(page: Page) -> None:
    """Open the e-mail of the newest invoice from its own menu."""
    panel(page)
    row = page.frame_locator(".panel iframe.shown").get_by_role("listitem").first
    row.locator(".menu button").click()
    row.get_by_role("menuitem", name="Send by e-mail").click()
    page.frame_locator("dialog iframe.shown").locator("footer .act").wait_for()


def settings(page: Page) -> None:
    """Wait for the settings, until the fields have their labels and the mapping is tried on a deal."""
    shown = page.frame_locator(".settings-body iframe.shown")
    shown.locator("section.card").nth(2).wait_for()
    shown.locator(".sample dl").wait_for()


def host(page: Page) -> None:
    """Wait for a page of the stand-in's own."""
    page.locator("main .card").first.wait_for()


def prepare(sandbox: Sandbox) -> None:
    """A company at work: invoices in several states."""
    Ready(sandbox.gateway, sandbox.outside, sandbox.addresses.api).make()
    late = invoice_of(sandbox, DEAL_NO_PRODUCTS, US)
    first = invoice_of(sandbox, DEAL_INSTALMENTS, UK, f"&instalment_id={DEAL_INSTALMENTS}01")
    control(sandbox, "clock", {"days": 20})
    second = invoice_of(sandbox, DEAL_INSTALMENTS, UK, f"&instalment_id={DEAL_INSTALMENTS}02")
    in_books(sandbox, "pay", first)
    in_books(sandbox, "pay", second, amount="2000")
    in_books(sandbox, "pay", late, amount="1000")
    invoice_of(sandbox, DEAL_INCLUSIVE, XERO)
    control(sandbox, "work", {})
    app = Http(sandbox.addresses.api)
    for deal in (DEAL_NO_PRODUCTS, DEAL_INSTALMENTS):
        app.call("POST", f"/deals/{deal}/invoices/refresh", user=ADA, company=COMPANY)
    app.close()


def screens(camera: Photographer) -> None:
    """Each screen in each theme."""
    for theme in ("light", "dark"):
        for name, path, then in (
            ("deals", "/deals", host),
            ("panel", f"/deal/{DEAL_INSTALMENTS}", panel),
            ("panel-empty", f"/deal/{DEAL_RECURRING}", panel),
            ("panel-overdue", f"/deal/{DEAL_NO_PRODUCTS}", panel),
            ("panel-xero", f"/deal/{DEAL_INCLUSIVE}", panel),
            ("form", f"/deal/{DEAL_RECURRING}", form),
            ("all-invoices", f"/deal/{DEAL_INSTALMENTS}", all_invoices),
            ("e-mail", f"/deal/{DEAL_INSTALMENTS}", email),
            ("settings", SETTINGS, settings),
            ("books", "/books", host),
            ("time-and-faults", "/weather", host),
        ):
            camera.take(f"{name}-{theme}", path, then, theme=theme)
        camera.take(f"panel-no-rights-{theme}", f"/deal/{DEAL_INSTALMENTS}", panel, theme=theme, user=BEN)
    camera.take("panel-narrow", f"/deal/{DEAL_INSTALMENTS}", panel, size=NARROW)
    camera.take("form-narrow", f"/deal/{DEAL_RECURRING}", form, size=NARROW)


def languages(camera: Photographer, sandbox: Sandbox) -> None:
    """Panel and form in each language."""
    for code in SPOKEN:
        control(sandbox, "crm/language", {"company_id": COMPANY, "user_id": ADA, "language": code})
        # The language is learnt when a person installs.
        sandbox.outside.pipedrive.grants.uninstall(COMPANY, ADA)
        Ready(sandbox.gateway, sandbox.outside, sandbox.addresses.api).make(users=[ADA], books=())
        camera.take(f"panel-{code}", f"/deal/{DEAL_INSTALMENTS}", panel)
        camera.take(f"form-{code}", f"/deal/{DEAL_RECURRING}", form)


def main() -> int:
    """Exit status 0; the pictures are in docs/screenshots."""
    TO.mkdir(exist_ok=True)
    sandbox = Sandbox(Ports(0, 0, 0, 0))
    try:
        prepare(sandbox)
        with chromium() as browser:
            camera = Photographer(browser, sandbox)
            screens(camera)
            languages(camera, sandbox)
    finally:
        sandbox.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
