"""What can be done to an invoice, once at each provider: e-mail, PDF, pay link, void, delete, copy as new."""

from typing import Any
from uuid import uuid4

from sandbox.pipedrive.seed import ADA, COMPANY, DEAL_NO_PRODUCTS
from sandbox.quickbooks.seed import US_REALM
from sandbox.walkthrough.browser import Browser
from sandbox.walkthrough.desk import Desk, possible
from sandbox.walkthrough.report import Report, expect, expect_in, expect_that
from sandbox.xero.seed import UK_TENANT

Doc = dict[str, Any]


class ActingStory:
    """`tell` goes on where the others end. Raises NotAsExpected at the first step that shows something else."""

    def __init__(self, browser: Browser, report: Report, desk: Desk) -> None:
        self.browser = browser
        self.report = report
        self.desk = desk

    def tell(self) -> int:
        """All chapters in their order. How many invoices are gone from the books without a trace there."""
        self._quickbooks()
        self._xero()
        return 1

    def _quickbooks(self) -> None:
        invoice = self._made(US_REALM)
        path = self._path(invoice)
        with self.report.step("QuickBooks e-mail: to whom and with whose text is said before, then sent once"):
            terms = self.desk.call("GET", f"{path}/email")
            expect_that("receivers can be chosen", terms["can_choose"])
            sent = self._emailed(path, {"to": "ap@example.com", "cc": ["boss@example.com"]})
            expect("to", sent["mailing"]["to"], ["ap@example.com", "boss@example.com"])
        with self.report.step("QuickBooks PDF, and a page for paying where there is one"):
            self._pdf(path)
            link = self._press("GET", f"{path}/pay-link")
            expect_that("a link or the reason", link.status == 200 or link.json["code"] == "no_pay_link")
        with self.report.step("QuickBooks void: asks first, then cannot be undone"):
            self._asked(path)
            expect("shown", self.desk.call("POST", f"{path}/void?confirmed=once", key=_key())["status"], "voided")
        with self.report.step("copy as new: the same lines, a new invoice"):
            query = f"&copy_of={invoice['id']}"
            copy = self.desk.create(self.desk.open_form(DEAL_NO_PRODUCTS, US_REALM, query))
            expect("total", copy["total"], invoice["total"])
        with self.report.step("QuickBooks delete: gone there, kept in the deal's history"):
            gone = self.desk.call("DELETE", f"{self._path(copy)}?confirmed=once", key=_key())
            expect("shown", gone["status"], "deleted")
            history = self.desk.call("GET", f"/deals/{DEAL_NO_PRODUCTS}/history")
            expect("who did it last", (history[0]["what"], history[0]["by"]), ("delete", ADA))

    def _xero(self) -> None:
        with self.report.step("Xero delete: a draft"):
            draft = self._made(UK_TENANT, "save")
            gone = self.desk.call("DELETE", f"{self._path(draft)}?confirmed=once", key=_key())
            expect("shown", gone["status"], "deleted")
        invoice = self._made(UK_TENANT, "approve")
        path = self._path(invoice)
        with self.report.step("Xero e-mail: to the contact's own addresses, with Xero's text"):
            terms = self.desk.call("GET", f"{path}/email")
            expect_that("receivers cannot be chosen", not terms["can_choose"])
            if terms["to"]:
                expect("to", self._emailed(path, {})["mailing"]["to"], [*terms["to"], *terms["cc"]])
            else:
                expect_in("what stops it", "email_missing", [each["code"] for each in terms["problems"]])
        with self.report.step("Xero PDF and online invoice"):
            self._pdf(path)
            expect_in("the customer's page", "https://", self.desk.call("GET", f"{path}/pay-link")["url"])
        with self.report.step("Xero void: refused while a payment is on it, with its name; then done"):
            paid = self.browser.control(
                "POST", "xero/pay", {"tenant": UK_TENANT, "invoice": invoice["id"], "amount": "1"}
            )
            refused = self._press("POST", f"{path}/void?confirmed=once")
            expect("the answer", (refused.status, refused.json["code"]), (422, "has_payments"))
            expect_in("what hangs on it", "Payment of 1.00", refused.json["detail"])
            self.browser.control("POST", "xero/unpay", {"tenant": UK_TENANT, "payment": paid["Payment"]["PaymentID"]})
            self._asked(path)
            voided = self.desk.call("POST", f"{path}/void?confirmed=once", key=_key())
            expect("shown", (voided["status"], possible(voided)), ("voided", {"pdf", "open", "copy_as_new"}))

    # --- moves ---

    def _made(self, books: str, creation: str = "approve") -> Doc:
        form = self.desk.open_form(DEAL_NO_PRODUCTS, books)
        if form.draft["customer_id"] is None:
            self.desk.link_customer(form, form.prefill["customer_suggestions"][0])
        self.desk.fill_open_lines(form, self.desk.find_item(form, "Consulting" if books == UK_TENANT else "Design"))
        form.draft["creation"] = creation
        return self.desk.create(form)

    def _path(self, invoice: Doc) -> str:
        return f"/deals/{DEAL_NO_PRODUCTS}/invoices/{invoice['connection_id']}/{invoice['id']}"

    def _press(self, method: str, path: str, json: object = None) -> Any:  # noqa: ANN401  browser.Answer
        headers = {"idempotency-key": _key()}
        return self.browser.call(method, path, user=ADA, company=COMPANY, json=json, headers=headers)

    def _asked(self, path: str) -> None:
        asked = self._press("POST", f"{path}/void")
        expect("without a yes", (asked.status, asked.json["values"]["asks"]), (409, "once"))

    def _emailed(self, path: str, mail: Doc) -> Doc:
        key = _key()
        sent = self.desk.call("POST", f"{path}/email", key=key, json=mail)
        expect("the e-mail", sent["mailing"]["state"], "sent")
        expect("the same press again", self.desk.call("POST", f"{path}/email", key=key, json=mail), sent)
        return dict(sent)

    def _pdf(self, path: str) -> None:
        file = self._press("GET", f"{path}/pdf")
        expect("the PDF", (file.status, file.headers["content-type"]), (200, "application/pdf"))


def _key() -> str:
    return str(uuid4())
