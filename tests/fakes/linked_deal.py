"""A deal whose buyer is linked to a customer of the books, and the bookkeeper who enters invoices for that customer."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sandbox.quickbooks.seed import UK_REALM
from sandbox.tabletop import Answer
from tests.fakes.many_invoices import enter_in_quickbooks
from tests.fakes.office import Office

Doc = dict[str, Any]
NEVER = 10**9


class LinkedDeal:
    """One deal in the UK books. `invoice` is one that the bookkeeper made for the customer; no deal has it."""

    def __init__(self, office: Office, deal: int, *, currency: str = "GBP") -> None:
        self.office, self.deal = office, deal
        self.company = office.tabletop.quickbooks.companies[UK_REALM]
        draft, basis = office.draft(deal, office.uk)
        made = office.create(deal, draft, basis)
        assert made.status == 201, made
        self.own: Doc = made.json["invoice"]
        self.customer = str(self.company.rows("Invoice")[self.own["id"]]["CustomerRef"]["value"])
        self.today = office.tabletop.clock.now().date()

    def enter(self, days: Iterable[date]) -> list[str]:
        """Invoices that the bookkeeper enters for the customer."""
        return enter_in_quickbooks(self.company, self.own["id"], days)

    def enter_one(self, days_ago: int = 3) -> str:
        """One that is not paid."""
        day = self.today - timedelta(days=days_ago)
        return enter_in_quickbooks(self.company, self.own["id"], [day], paid=NEVER)[0]

    def ask(self, query: str = "", **how: Any) -> Answer:  # noqa: ANN401  passed on to Office.api
        return self.office.api("GET", f"/deals/{self.deal}/customer/invoices{query}", **how)

    def row(self, invoice: str) -> Doc:
        """One invoice as the list of the last year shows it."""
        return next(row for row in self.pages() if row["id"] == invoice)

    def pages(self, query: str = "") -> list[Doc]:
        """All rows of all pages."""
        rows, cursor = [], None
        while True:
            more = f"{'&' if query else '?'}cursor={cursor}" if cursor else ""
            answer = self.ask(query + more)
            assert answer.status == 200, answer
            rows += answer.json["invoices"]
            cursor = answer.json["cursor"]
            if cursor is None:
                self.last: Doc = answer.json
                return rows

    def link(self, invoice: str, *, move_from: int | None = None, deal: int | None = None, **how: Any) -> Answer:  # noqa: ANN401  passed on
        path = f"/deals/{deal or self.deal}/invoices/{self.office.uk}/{invoice}/link"
        return self.office.api("PUT", path, json={"move_from": move_from}, **how)

    def unlink(self, invoice: str, *, deal: int | None = None, **how: Any) -> Answer:  # noqa: ANN401  passed on
        return self.office.api("DELETE", f"/deals/{deal or self.deal}/invoices/{self.office.uk}/{invoice}/link", **how)

    def panel(self, deal: int | None = None) -> list[str]:
        shown = self.office.api("GET", f"/deals/{deal or self.deal}/invoices")
        return [one["id"] for one in shown.json["invoices"]]

    def history(self, deal: int | None = None) -> list[Doc]:
        told: list[Doc] = self.office.api("GET", f"/deals/{deal or self.deal}/history").json
        return told
