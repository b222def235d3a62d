"""The main job from beginning to end, step by step, each with what it must show."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from sandbox.pipedrive.seed import (
    BEN,
    COMPANY,
    DEAL_EUR,
    DEAL_INCLUSIVE,
    DEAL_NO_PRODUCTS,
    DEAL_RECURRING,
    DEAL_UK_DISCOUNTS,
    DEAL_US_SIMPLE,
)
from sandbox.pipedrive.seed_fields import ORG_VAT_NUMBER
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.walkthrough.browser import Browser
from sandbox.walkthrough.customer_story import tell_of_the_customer
from sandbox.walkthrough.desk import Desk, Form
from sandbox.walkthrough.report import Report, expect, expect_in, expect_that

_BOOKS = {US_REALM: "Larkspur Gardens & Design", UK_REALM: "Brackenfield Systems Ltd"}


class Story:
    """`tell` goes through all of it. Raises NotAsExpected at the first step that shows something else."""

    def __init__(self, browser: Browser, report: Report, pipedrive: str) -> None:
        self.browser = browser
        self.report = report
        self.desk = Desk(browser)
        self._pipedrive = pipedrive
        self._consent = f"{pipedrive}/oauth/authorize"

    def tell(self) -> None:
        """All chapters in their order."""
        self.report.heading()
        self.begin()
        self._uk_invoice()
        self._euro_invoice()
        self._payments()
        tell_of_the_customer(self.desk, self.report, "QuickBooks", DEAL_UK_DISCOUNTS, self.desk.connections[UK_REALM])
        self._same_wish()
        self._lost_answer()
        self._overdue()

    def begin(self) -> None:
        """As far as the first invoices."""
        self._install()
        self._connect()
        self._settings()
        self._us_invoice()

    # --- once ---

    def _install(self) -> None:
        with self.report.step("Ada installs, from our own link (with state)"):
            consent = self.browser.open(f"{self.browser.api}/install")
            self._expect_in_settings(self.browser.press(consent, "Ada Manager").url)
        with self.report.step("Ben installs from the Marketplace (without state)"):
            back = f"{self.browser.api}/oauth/pipedrive/callback"
            consent = self.browser.open(f"{self._consent}?client_id=pipedrive-client&redirect_uri={back}")
            self._expect_in_settings(self.browser.press(consent, "Ben Admin").url)
        with self.report.step("Cid says no"):
            refused = self.browser.press(self.browser.open(f"{self.browser.api}/install"), "Cancel")
            expect_in("the page says what to do", "Start again", refused.text)
            called = self.browser.call("GET", "/connections", user=103, company=COMPANY)
            expect("Cid's call", called.json["code"], "not_installed")

    def _expect_in_settings(self, url: str) -> None:
        settings = f"{self._pipedrive}/settings/marketplace/app/pipedrive-client/app-settings"
        expect("where the install ends", url, settings)

    def _connect(self) -> None:
        for realm, where in ((US_REALM, "US"), (UK_REALM, "UK")):
            with self.report.step(f"connect QuickBooks {where}: link, consent, question, yes"):
                self.desk.connect(realm, _BOOKS[realm])
        with self.report.step("both are listed, the first is the default"):
            listed = self.desk.call("GET", "/connections")["connections"]
            found = [(each["country"], each["tax_model"], each["health"], each["is_default"]) for each in listed]
            expected = [("US", "automated", "active", True), ("GB", "per_line", "active", False)]
            expect("the connections", found, expected)
        with self.report.step("Ben sees who manages invoicing"):
            called = self.browser.call("GET", f"/deals/{DEAL_US_SIMPLE}/invoices", user=BEN, company=COMPANY)
            expect("Ben's call", (called.status, called.json["values"]["manager"]), (403, "Ada Manager"))

    def _settings(self) -> None:
        with self.report.step("settings of the company: VAT number fills the tax id"):
            options = self.desk.call("GET", "/settings/options")
            expect_in("the field is offered", ORG_VAT_NUMBER, [field["code"] for field in options["fields"]])
            settings = self.desk.call("GET", "/settings")["settings"]
            settings["mapping"]["tax_id"] = {"record": "organization", "code": ORG_VAT_NUMBER}
            saved = self.desk.call("PUT", "/settings", json=settings)
            expect("the saved settings", (saved["settings"], saved["problems"]), (settings, []))
        for realm, where in ((US_REALM, "US"), (UK_REALM, "UK")):
            with self.report.step(f"settings of the {where} books: tax codes as suggested, item, account"):
                self._save_connection(self.desk.connections[realm])

    def _save_connection(self, connection: str) -> None:
        options = self.desk.call("GET", f"/connections/{connection}/settings/options")
        item = self.desk.call("GET", f"/connections/{connection}/items?query=Consulting")[0]
        account = next(each["id"] for each in options["accounts"] if each["name"] == "Services")
        settings = self.desk.call("GET", f"/connections/{connection}/settings")["settings"]
        settings |= {
            "tax_codes": options["suggested_tax_codes"],
            "default_item_id": item["id"],
            "default_item_name": item["name"],
            "income_account_id": account,
        }
        saved = self.desk.call("PUT", f"/connections/{connection}/settings", json=settings)
        expect("the saved settings", (saved["settings"], saved["problems"]), (settings, []))

    # --- invoices ---

    def _us_invoice(self) -> None:
        with self.report.step("US draft: nothing is typed twice, and what is missing is named"):
            form = self.desk.open_form(DEAL_US_SIMPLE, US_REALM)
            expect("to", form.draft["details"]["name"], "O'Brien & Sons")
            expect("lines", len(form.draft["lines"]), 2)
            self.desk.preview(form, "customer_missing", "line_without_item")
        with self.report.step("link the customer found by search, and both suggested items"):
            found = self.desk.call("GET", f"/connections/{self.desk.connections[US_REALM]}/customers?query=obrien")
            self.desk.link_customer(form, found[0], push=True)
            expect("suggested items", self.desk.take_suggested_items(form), 2)
        with self.report.step("US preview: no problem is left"):
            expect_that("it can be created", self.desk.preview(form)["can_be_created"])
        with self.report.step("US create: the panel shows Open"):
            made = self.desk.create(form)
            shown = self.desk.invoice(DEAL_US_SIMPLE)
            expect(
                "the invoice", (shown["id"], shown["status"], shown["total"]["amount"]), (made["id"], "open", "1800.00")
            )
        with self.report.step("US automated sales tax: a taxed deal, one item created"):
            self._taxed_us_invoice()

    def _taxed_us_invoice(self) -> None:
        form = self.desk.open_form(DEAL_RECURRING, US_REALM)
        expect("the customer is remembered", form.prefill["customer"]["name"], "Obrien and Sons Contractors")
        self.desk.take_suggested_items(form)
        missing = [index for index, line in enumerate(form.draft["lines"]) if line["item_id"] is None]
        for index in missing:
            self._create_item(form, index)
        preview = self.desk.preview(form)
        expect_that("the books decide the tax", preview["totals"]["books_decide_tax"])
        made = self.desk.create(form)
        expect_that("there is a tax", Decimal(made["tax"]["amount"]) > 0)

    def _create_item(self, form: Form, index: int) -> None:
        line = form.draft["lines"][index]
        name = line["description"].splitlines()[0][:100]
        wish = {"name": name, "description": name, "unit_price": line["unit_price"]}
        path = f"/connections/{form.draft['connection_id']}/items"
        item = self.desk.call("POST", path, expected=201, key=str(uuid4()), json=wish)
        self.desk.put_item(form, index, item)

    def _uk_invoice(self) -> None:
        with self.report.step("UK draft: discounts, suggested customer, proposed number"):
            form = self.desk.open_form(DEAL_UK_DISCOUNTS, UK_REALM)
            self.desk.link_customer(form, form.prefill["customer_suggestions"][0])
            expect_that("a number is proposed", form.draft["number"])
            self.desk.take_suggested_items(form)
            self.desk.fill_open_lines(form, self.desk.find_item(form, "Consulting"))
        with self.report.step("UK preview equals what the books compute, to the cent"):
            preview = self.desk.preview(form)
            self._create_as_previewed(form, preview)
        with self.report.step("UK prices that include VAT"):
            form = self.desk.open_form(DEAL_INCLUSIVE, UK_REALM)
            expect("tax handling", form.draft["tax_handling"], "inclusive")
            self.desk.take_suggested_items(form)
            self.desk.fill_open_lines(form, self.desk.find_item(form, "Router"))
            self._create_as_previewed(form, self.desk.preview(form))

    def _euro_invoice(self) -> None:
        with self.report.step("EUR draft: a rate without tax code is named, the person chooses"):
            form = self.desk.open_form(DEAL_EUR, UK_REALM)
            details, connection = form.draft["details"], self.desk.connections[UK_REALM]
            wish = {"details": details, "currency": "EUR"}
            customer = self.desk.call(
                "POST", f"/connections/{connection}/customers", expected=201, key=str(uuid4()), json=wish
            )
            expect("the new customer's currency", customer["currency"], "EUR")
            self.desk.link_customer(form, customer)
            self.desk.take_suggested_items(form)
            for index in [place for place, line in enumerate(form.draft["lines"]) if line["item_id"] is None]:
                self._create_item(form, index)
            self.desk.preview(form, "tax_code_missing")
            for line in form.draft["lines"]:
                line["tax_code"] = line["tax_code"] or form.draft["lines"][0]["tax_code"]
        with self.report.step("EUR create: multicurrency, tax code on every line"):
            self._create_as_previewed(form, self.desk.preview(form))

    def _create_as_previewed(self, form: Form, preview: dict[str, Any]) -> None:
        made = self.desk.create(form)
        expect("total", made["total"], preview["totals"]["total"])
        expect("tax", made["tax"], preview["totals"]["tax"])
        expect("a difference between preview and books", made["difference"], None)

    # --- what happens afterwards ---

    def _payments(self) -> None:
        invoice = self.desk.invoice(DEAL_US_SIMPLE)
        paid = {"realm": US_REALM, "invoice": invoice["id"]}
        with self.report.step("part payment in the books → refresh → Partially paid"):
            self.browser.control("POST", "quickbooks/pay", paid | {"amount": "500"})
            shown = self.desk.invoice(DEAL_US_SIMPLE, refresh=True)
            expect("shown", (shown["status"], shown["amount_due"]["amount"]), ("partially_paid", "1300.00"))
        with self.report.step("the rest → refresh → Paid"):
            self.browser.control("POST", "quickbooks/pay", paid)
            shown = self.desk.invoice(DEAL_US_SIMPLE, refresh=True)
            expect("shown", (shown["status"], shown["amount_due"]["amount"]), ("paid", "0.00"))

    def _same_wish(self) -> None:
        form = self.desk.open_form(DEAL_NO_PRODUCTS, US_REALM)
        self.desk.fill_open_lines(form, self.desk.find_item(form, "Design"))
        with self.report.step("the same key twice: the same invoice"):
            first, second = self.desk.press_create(form), self.desk.press_create(form)
            expect("both answers", (first.status, second.status), (201, 200))
            expect("both invoices", second.json["invoice"]["id"], first.json["invoice"]["id"])
        with self.report.step("the same key with other content: 409"):
            other = self.desk.press_create(form, draft=form.draft | {"memo": "Something else"})
            expect("the answer", other.status, 409)
        with self.report.step("another key on the old basis: 412 names the invoice made meanwhile"):
            other = self.desk.press_create(form, key=str(uuid4()))
            values = other.json["values"]
            expect("the answer", (other.status, values["invoice"]), (412, first.json["invoice"]["id"]))
        with self.report.step("“invoice again anyway”: a new form, a second invoice"):
            again = self.desk.open_form(DEAL_NO_PRODUCTS, US_REALM)
            self.desk.fill_open_lines(again, self.desk.find_item(again, "Design"))
            expect("the new basis", again.basis, values["basis"])
            self.desk.create(again)

    def _lost_answer(self) -> None:
        form = self.desk.open_form(DEAL_NO_PRODUCTS, US_REALM)
        self.desk.fill_open_lines(form, self.desk.find_item(form, "Design"))
        before = self._in_books(US_REALM)
        intent = f"/deals/{form.deal}/intents/{form.key}"
        with self.report.step("QuickBooks commits and the answer is lost: being created"):
            fault = {"kind": "drop_after_commit", "where": "POST /v3/company/.*/invoice"}
            self.browser.control("POST", "quickbooks/fault", fault)
            answer = self.desk.press_create(form)
            expect("the answer", (answer.status, answer.json["intent"]["state"]), (202, "being_created"))
            expect("the intent", self.desk.call("GET", intent)["state"], "being_created")
        with self.report.step("time passes, due work looks it up: one invoice"):
            self.browser.control("POST", "clock", {"seconds": 155})
            found = self.desk.call("GET", intent)
            expect("the intent", found["state"], "made")
            expect("invoices in the books", self._in_books(US_REALM), before + 1)
            expect("the panel", self.desk.invoice(form.deal)["id"], found["invoice_id"])

    def _overdue(self) -> None:
        with self.report.step("the due date passes on another → Overdue"):
            expect("before", self.desk.invoice(DEAL_INCLUSIVE)["status"], "open")
            self.browser.control("POST", "clock", {"days": 9})
            shown = self.desk.invoice(DEAL_INCLUSIVE, refresh=True)
            expect("shown", (shown["status"], shown["days_overdue"] > 0), ("overdue", True))
            expect("the paid one stays paid", self.desk.invoice(DEAL_US_SIMPLE)["status"], "paid")

    def _in_books(self, realm: str) -> int:
        return int(self.browser.control("GET", "state")["quickbooks"]["realms"][realm]["invoices"])
