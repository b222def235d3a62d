"""A person at the browser: the few moves of which the browser tests are made."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

from sandbox.pipedrive.seed import ADA, COMPANY
from sandbox.running import Sandbox
from sandbox.walkthrough.browser import Browser
from sandbox.walkthrough.desk import Desk

SETTINGS = "/settings/marketplace/app/pipedrive-client/app-settings"
US, UK, XERO = "Larkspur Gardens & Design", "Brackenfield Systems Ltd", "Thistle & Rose Ltd"

_CUSTOMERS = {US: "obri", UK: "northwind", XERO: "northwind"}


class Person:
    """Somebody signed in to the simulated Pipedrive; Ada to begin with."""

    def __init__(self, page: Page, sandbox: Sandbox, user: int = ADA, company: int = COMPANY) -> None:
        self.page = page
        self.sandbox = sandbox
        self.origin = sandbox.addresses.pipedrive
        self.sign_in(user, company)

    def sign_in(self, user: int, company: int = COMPANY) -> None:
        """Be somebody else from the next page on."""
        cookie = {"name": "pipedrive_user", "value": f"{company}.{user}", "url": self.origin}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own TypedDict

    # --- places ---

    def open_deal(self, deal: int) -> FrameLocator:
        """The deal; what is in its panel."""
        self.page.goto(f"{self.origin}/deal/{deal}")
        return self.panel

    def open_settings(self) -> FrameLocator:
        """The app's settings."""
        self.page.goto(f"{self.origin}{SETTINGS}")
        return self.settings

    @property
    def panel(self) -> FrameLocator:
        """What the panel shows, once it is shown at all."""
        return self.page.frame_locator(".panel iframe.shown")

    @property
    def modal(self) -> FrameLocator:
        """What the modal shows."""
        return self.page.frame_locator("dialog iframe.shown")

    @property
    def settings(self) -> FrameLocator:
        """What the settings page shows."""
        return self.page.frame_locator(".settings-body iframe.shown")

    def invoice(self, number: str) -> Locator:
        """The panel's row of an invoice."""
        return self.panel.get_by_role("listitem").filter(has=self.panel.get_by_role("link", name=re.compile(number)))

    # --- surroundings ---

    def dark(self) -> None:
        """Switch Pipedrive to its dark theme."""
        self.page.get_by_role("button", name="Dark theme").click()
        expect(self.page.locator("html")).to_have_attribute("data-theme", "dark")

    def fault(self, books: str, kind: str, **how: Any) -> None:  # noqa: ANN401  the fields of sandbox.faults.Fault
        """Tell a simulator to fail."""
        control(self.sandbox, f"{books}/fault", {"kind": kind, **how})

    def wait_until(self, holds: Callable[[], bool], seconds: int = 15) -> None:
        """Let the page go on until something holds that no locator can ask about."""
        for _ in range(seconds * 50):
            if holds():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"It did not come to hold in {seconds} s.")

    def pass_time(self, **span: float) -> None:
        """Let time pass for everyone, and what is due by then be done."""
        control(self.sandbox, "clock", span)


def control(sandbox: Sandbox, route: str, json: object, method: str = "POST") -> Any:  # noqa: ANN401  a JSON document
    """One control call."""
    at = Browser(sandbox.addresses.pipedrive)
    try:
        return at.control(method, route, json if method == "POST" else None)
    finally:
        at.close()


def quick_books(sandbox: Sandbox, **what: object) -> dict[str, str]:
    """The first steps, done at once; the connections by the books' names."""
    made: dict[str, str] = control(sandbox, "crm/ready", what)["connections"]
    return made


def invoice_of(sandbox: Sandbox, deal: int, books: str = US, query: str = "") -> dict[str, Any]:
    """An invoice made from a deal by HTTP alone. `query` asks for more of the draft: `&instalment_id=1`."""
    browser = Browser(sandbox.addresses.api)
    desk = Desk(browser)
    try:
        for each in desk.call("GET", "/connections")["connections"]:
            desk.connections[each["name"]] = each["id"]
        form = desk.open_form(deal, books, query)
        if form.draft["customer_id"] is None:
            path = f"/connections/{desk.connections[books]}/customers?query={_CUSTOMERS[books]}"
            desk.link_customer(form, desk.call("GET", path)[0])
        desk.take_suggested_items(form)
        desk.fill_open_lines(form, desk.find_item(form, "consult"))
        return desk.create(form)
    finally:
        browser.close()


def in_books(sandbox: Sandbox, act: str, invoice: dict[str, Any], **more: object) -> None:
    """What the accountant does with an invoice in the books."""
    books = next(
        each
        for each in control(sandbox, "books", None, "GET")["companies"]
        if any(row["number"] == invoice["number"] for row in each["invoices"])
    )
    named = {"realm": books["realm"]} if "realm" in books else {"tenant": books["tenant"]}
    provider = "quickbooks" if "realm" in books else "xero"
    control(sandbox, f"{provider}/{act}", {**named, "invoice": invoice["id"], **more})
