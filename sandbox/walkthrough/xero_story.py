"""Xero beside QuickBooks in one company: connect, draft, submit, approve, paid; and no second invoice after a doubt."""

from typing import Any

from sandbox.pipedrive.seed import DEAL_INCLUSIVE, DEAL_UK_DISCOUNTS
from sandbox.walkthrough.browser import Browser
from sandbox.walkthrough.customer_story import tell_of_the_customer
from sandbox.walkthrough.desk import Desk, Form, possible
from sandbox.walkthrough.report import Report, expect, expect_in, expect_that
from sandbox.xero.seed import AU_TENANT, NZ_TENANT, UK_TENANT

_USER = "Moana Fraser"
_NAMES = {NZ_TENANT: "Kowhai Design Limited", UK_TENANT: "Thistle & Rose Ltd", AU_TENANT: "Pebble and Pine Pty Ltd"}
_OF_A_DRAFT = {"approve", "delete", "pdf", "open"}
_OF_AN_OPEN_ONE = {"void", "email", "pdf", "open", "pay_link"}
_OWN_ADDRESS = "details_of_customer_used"  # Xero prints what stands in its own contact, and the preview says so


class XeroStory:
    """`tell` goes on where the other story ends. Raises NotAsExpected at the first step that shows something else."""

    def __init__(self, browser: Browser, report: Report, desk: Desk) -> None:
        self.browser = browser
        self.report = report
        self.desk = desk

    def tell(self) -> None:
        """All chapters in their order."""
        self._connect()
        self._settings()
        invoice = self._draft()
        self._approval(invoice)
        self._payments(invoice)
        tell_of_the_customer(self.desk, self.report, "Xero", DEAL_UK_DISCOUNTS, self.desk.connections[UK_TENANT])
        self._both()
        self._lost_answer()
        self._disconnect()

    def _connect(self) -> None:
        with self.report.step("connect Xero: consent to three organisations, tick two of them"):
            self.desk.connect_xero(_USER, opens=_NAMES, ticks=(NZ_TENANT, UK_TENANT))
            listed = self.desk.call("GET", "/connections")["connections"]
            found = sorted((each["provider"], each["name"]) for each in listed if each["health"] == "active")
            expect_in("the ticked one", ("xero", _NAMES[UK_TENANT]), found)
            expect("how many are connected", len(found), 4)
        with self.report.step("the one that was not ticked is given back to Xero"):
            self.browser.control("POST", "clock", {"seconds": 120})
            expect("connected at Xero", self._connected(), {NZ_TENANT: True, UK_TENANT: True, AU_TENANT: False})

    def _settings(self) -> None:
        with self.report.step("settings of the Xero books; creating means a draft"):
            connection = self.desk.connections[UK_TENANT]
            options = self.desk.call("GET", f"/connections/{connection}/settings/options")
            expect("approval", (options["may_approve"], "approval" in options["features"]), (True, True))
            item = self.desk.call("GET", f"/connections/{connection}/items?query=Consulting")[0]
            settings = self.desk.call("GET", f"/connections/{connection}/settings")["settings"]
            settings |= {
                "tax_codes": options["suggested_tax_codes"],
                "default_item_id": item["id"],
                "default_item_name": item["name"],
                "income_account_id": options["accounts"][0]["id"],
                "template_id": options["templates"][-1]["id"],
                "creation": "save",
            }
            saved = self.desk.call("PUT", f"/connections/{connection}/settings", json=settings)
            expect("the saved settings", (saved["settings"], saved["problems"]), (settings, []))

    def _draft(self) -> dict[str, Any]:
        with self.report.step("Xero draft of a deal that QuickBooks holds an invoice of already"):
            form = self._form(DEAL_UK_DISCOUNTS)
            expect("what creating means", form.draft["creation"], "save")
        with self.report.step("Xero preview equals the books, to the cent; saved as a draft"):
            preview = self.desk.preview(form, _OWN_ADDRESS)
            made = self.desk.create(form)
            expect("total", made["total"], preview["totals"]["total"])
            expect("tax", made["tax"], preview["totals"]["tax"])
            expect("status and what can be done", (made["status"], possible(made)), ("draft", _OF_A_DRAFT | {"submit"}))
        return made

    def _approval(self, invoice: dict[str, Any]) -> None:
        with self.report.step("submit → Awaiting approval"):
            shown = self.desk.act(DEAL_UK_DISCOUNTS, invoice, "submit")
            expect("shown", (shown["status"], possible(shown)), ("awaiting_approval", _OF_A_DRAFT))
        with self.report.step("approve → Awaiting payment; the link opens it in the books"):
            shown = self.desk.act(DEAL_UK_DISCOUNTS, invoice, "approve")
            expect("shown", (shown["status"], possible(shown)), ("open", _OF_AN_OPEN_ONE))
            expect_in("the books' own page", "AUTHORISED", self.browser.open(shown["url"]).text)

    def _payments(self, invoice: dict[str, Any]) -> None:
        paid = {"tenant": UK_TENANT, "invoice": invoice["id"]}
        with self.report.step("part payment in Xero → refresh → Partially paid"):
            self.browser.control("POST", "xero/pay", paid | {"amount": "100"})
            expect("shown", self._refreshed(invoice["id"])["status"], "partially_paid")
        with self.report.step("the rest → refresh → Paid"):
            self.browser.control("POST", "xero/pay", paid)
            shown = self._refreshed(invoice["id"])
            expect("shown", (shown["status"], shown["amount_due"]["amount"]), ("paid", "0.00"))

    def _both(self) -> None:
        with self.report.step("one deal, two books: both invoices in its panel"):
            listed = self.desk.call("GET", f"/deals/{DEAL_UK_DISCOUNTS}/invoices")["invoices"]
            expect("providers", sorted(each["provider"] for each in listed), ["quickbooks", "xero"])
        with self.report.step("Xero as the default; others are chosen for one draft"):
            settings = self.desk.call("GET", "/settings")["settings"]
            xero = self.desk.connections[UK_TENANT]
            self.desk.call("PUT", "/settings", json=settings | {"default_connection_id": xero})
            offered = self.desk.call("GET", f"/deals/{DEAL_INCLUSIVE}/draft")["draft"]
            expect("the default", offered["connection_id"], xero)
            other = next(each for each in self.desk.connections.values() if each != xero)
            chosen = self.desk.call("GET", f"/deals/{DEAL_INCLUSIVE}/draft?connection_id={other}")["draft"]
            expect("the chosen one", chosen["connection_id"], other)

    def _lost_answer(self) -> None:
        form = self._form(DEAL_INCLUSIVE)
        form.draft["creation"] = "approve"
        before, intent = self._in_books(), f"/deals/{form.deal}/intents/{form.key}"
        with self.report.step("Xero commits and the answer is lost: being created"):
            self.browser.control("POST", "xero/fault", {"kind": "drop_after_commit", "where": "PUT .*/Invoices$"})
            answer = self.desk.press_create(form)
            expect("the answer", (answer.status, answer.json["intent"]["state"]), (202, "being_created"))
        with self.report.step("ten minutes later, the key is forgotten: found, one invoice"):
            self.browser.control("POST", "clock", {"seconds": 600})
            expect("the intent", self.desk.call("GET", intent)["state"], "made")
            expect("the same press again", self.desk.press_create(form).status, 200)
            expect("invoices in the books", self._in_books(), before + 1)

    def _disconnect(self) -> None:
        with self.report.step("disconnect one organisation: its sibling stays, its token is renewed"):
            self.desk.call("DELETE", f"/connections/{self.desk.connections[NZ_TENANT]}")
            self.browser.control("POST", "clock", {"seconds": 1900})
            expect("connected at Xero", self._connected(), {NZ_TENANT: False, UK_TENANT: True, AU_TENANT: False})
            panel = self.desk.call("POST", f"/deals/{DEAL_INCLUSIVE}/invoices/refresh")
            expect("a notice in the panel", panel["notice"], None)

    # --- moves ---

    def _form(self, deal: int) -> Form:
        form = self.desk.open_form(deal, UK_TENANT)
        if form.draft["customer_id"] is None:
            expect_that("a customer is suggested", form.prefill["customer_suggestions"])
            self.desk.link_customer(form, form.prefill["customer_suggestions"][0])
        self.desk.take_suggested_items(form)
        self.desk.fill_open_lines(form, self.desk.find_item(form, "Consulting"))
        return form

    def _refreshed(self, invoice: str) -> dict[str, Any]:
        panel = self.desk.call("POST", f"/deals/{DEAL_UK_DISCOUNTS}/invoices/refresh")
        expect("a notice in the panel", panel["notice"], None)
        return dict(next(each for each in panel["invoices"] if each["id"] == invoice))

    def _connected(self) -> dict[str, bool]:
        tenants = self.browser.control("GET", "state")["xero"]["tenants"]
        return {tenant: tenants[tenant]["connected"] for tenant in _NAMES}

    def _in_books(self) -> int:
        return int(self.browser.control("GET", "state")["xero"]["tenants"][UK_TENANT]["invoices"])
