"""Ada at her desk: the few moves of which the walkthrough's story is made."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sandbox.pipedrive.seed import ADA, COMPANY
from sandbox.walkthrough.browser import Answer, Browser
from sandbox.walkthrough.report import expect, expect_in, expect_that


@dataclass
class Form:
    """An open invoice form: the draft, its basis, and the key that was made when it opened."""

    deal: int
    draft: dict[str, Any]
    basis: str
    prefill: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid4()))


class Desk:
    """Every move checks that the API took it."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.connections: dict[str, str] = {}

    def call(self, method: str, path: str, *, expected: int = 200, key: str | None = None, json: object = None) -> Any:  # noqa: ANN401  a JSON document
        """One call, its status checked; the JSON of the answer."""
        headers = {"idempotency-key": key} if key else {}
        answer = self.browser.call(method, path, user=ADA, company=COMPANY, json=json, headers=headers)
        expect(f"{method} {path} ({answer.text[:600]})", answer.status, expected)
        return answer.json

    def connect(self, realm: str, name: str) -> None:
        """Connect the books called `name`, as far as “Connected”."""
        link = self.call("POST", "/connections", json={"provider": "quickbooks"})["url"]
        question = self.browser.press(self.browser.open(link), name)
        for named in ("Duebill Demo Ltd", name.replace("&", "&amp;")):
            expect_in("the question names both sides", named, question.text)
        done = self.browser.submit(question, answer="yes")
        expect_in("the page after “yes”", "Connected", done.text)
        listed = self.call("GET", "/connections")["connections"]
        self.connections[realm] = next(each["id"] for each in listed if each["name"] == name)

    def connect_xero(self, person: str, *, opens: dict[str, str], ticks: tuple[str, ...]) -> None:
        """Consent as `person` to all organisations that `opens` names by tenant, and say yes to some of them."""
        link = self.call("POST", "/connections", json={"provider": "xero"})["url"]
        question = self.browser.tick(self.browser.open(link), person, *opens.values())
        expect_in("the question", "Tick the books that are meant", question.text)
        done = self.browser.submit(question, *(opens[tenant] for tenant in ticks), answer="yes")
        expect_in("the page after “yes”", "Connected", done.text)
        listed = self.call("GET", "/connections")["connections"]
        for tenant in ticks:
            self.connections[tenant] = next(each["id"] for each in listed if each["name"] == opens[tenant])

    def act(self, deal: int, invoice: dict[str, Any], action: str) -> dict[str, Any]:
        """Press “Submit” or “Approve” in the panel; the invoice as it is then."""
        path = f"/deals/{deal}/invoices/{invoice['connection_id']}/{invoice['id']}/{action}"
        return dict(self.call("POST", path, key=str(uuid4())))

    def all_invoices(self, deal: int) -> dict[str, Any]:
        """All invoices of the deal's customer, to the end of the list; those of the last page's sums."""
        path, cursor = f"/deals/{deal}/customer/invoices", ""
        rows: list[dict[str, Any]] = []
        while True:
            page = self.call("GET", f"{path}?cursor={cursor}" if cursor else path)
            rows += page["invoices"]
            if page["cursor"] is None:
                return dict(page) | {"invoices": rows}
            cursor = page["cursor"]

    def link(self, deal: int, invoice: dict[str, Any], *, move_from: int | None = None, expected: int = 200) -> Any:  # noqa: ANN401  a JSON document
        """Link an invoice of the customer to the deal."""
        path = f"/deals/{deal}/invoices/{invoice['connection_id']}/{invoice['id']}/link"
        return self.call("PUT", path, json={"move_from": move_from}, expected=expected)

    def unlink(self, deal: int, invoice: dict[str, Any]) -> None:
        """Unlink it again."""
        path = f"/deals/{deal}/invoices/{invoice['connection_id']}/{invoice['id']}/link"
        answer = self.browser.call("DELETE", path, user=ADA, company=COMPANY)
        expect(f"DELETE {path} ({answer.text[:600]})", answer.status, 204)

    def open_form(self, deal: int, realm: str, query: str = "") -> Form:
        """The prefilled draft of a deal."""
        prefill = self.call("GET", f"/deals/{deal}/draft?connection_id={self.connections[realm]}{query}")
        form = Form(deal, prefill["draft"], prefill["basis"], prefill)
        if prefill["customer"]:
            expect("the linked customer is on the draft", form.draft["customer_id"], prefill["customer"]["id"])
        return form

    def link_customer(self, form: Form, customer: dict[str, Any], *, push: bool = False) -> None:
        """Say which customer the deal's buyer is, for now and later."""
        link = {"connection_id": form.draft["connection_id"], "customer_id": customer["id"]}
        if push:
            link["push"] = form.draft["details"]
        key = str(uuid4()) if push else None
        self.call("PUT", f"/deals/{form.deal}/customer", key=key, json=link)
        form.draft["customer_id"] = customer["id"]

    def take_suggested_items(self, form: Form) -> int:
        """Link every line to the item that is proposed for it; how many."""
        for suggestion in form.prefill["item_suggestions"]:
            self.put_item(form, suggestion["line"], suggestion["item"])
        return len(form.prefill["item_suggestions"])

    def put_item(self, form: Form, line: int, item: dict[str, Any]) -> None:
        """Link one line; a product's item is remembered."""
        row = form.draft["lines"][line]
        row["item_id"], row["item_name"] = item["id"], item["name"]
        if row["product_id"] is not None:
            path = f"/connections/{form.draft['connection_id']}/products/{row['product_id']}/item"
            self.call("PUT", path, json={"item_id": item["id"]})

    def find_item(self, form: Form, words: str) -> dict[str, Any]:
        """The first item that a search finds."""
        found = self.call("GET", f"/connections/{form.draft['connection_id']}/items?query={words}")
        expect_that(f"something is found for “{words}”", found)
        return dict(found[0])

    def fill_open_lines(self, form: Form, item: dict[str, Any]) -> int:
        """Link what no product stands behind, or nothing was proposed for, to one item; how many."""
        open_lines = [index for index, line in enumerate(form.draft["lines"]) if line["item_id"] is None]
        for index in open_lines:
            form.draft["lines"][index] |= {"item_id": item["id"], "item_name": item["name"]}
        return len(open_lines)

    def preview(self, form: Form, *codes: str) -> dict[str, Any]:
        """Totals and problems; the problems must be these."""
        preview: dict[str, Any] = self.call("POST", f"/deals/{form.deal}/draft/preview", json=form.draft)
        expect("problems of the draft", sorted({each["code"] for each in preview["problems"]}), sorted(codes))
        return preview

    def press_create(self, form: Form, *, key: str | None = None, draft: dict[str, Any] | None = None) -> Answer:
        """Press the button."""
        headers = {"idempotency-key": key or form.key, "if-match": form.basis}
        path = f"/deals/{form.deal}/invoices"
        return self.browser.call("POST", path, user=ADA, company=COMPANY, json=draft or form.draft, headers=headers)

    def create(self, form: Form) -> dict[str, Any]:
        """Press the button; the invoice that it made."""
        answer = self.press_create(form)
        expect(f"the status of the creation ({answer.text[:600]})", answer.status, 201)
        invoice: dict[str, Any] = answer.json["invoice"]
        return invoice

    def invoice(self, deal: int, *, refresh: bool = False) -> dict[str, Any]:
        """The deal's newest invoice in the panel."""
        path = f"/deals/{deal}/invoices"
        panel = self.call("POST", f"{path}/refresh") if refresh else self.call("GET", path)
        expect("a notice in the panel", panel["notice"], None)
        return dict(panel["invoices"][0])


def possible(invoice: dict[str, Any]) -> set[str]:
    """What the panel offers for an invoice."""
    return {each["action"] for each in invoice["actions"] if each["possible"]}
