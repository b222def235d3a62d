"""All invoices of a deal's customer, linked and unlinked: the same in any books."""

from typing import Any

from sandbox.walkthrough.desk import Desk
from sandbox.walkthrough.report import Report, expect, expect_in


def tell_of_the_customer(desk: Desk, report: Report, where: str, deal: int, connection: str) -> None:
    """Lists the customer of a deal that has one invoice in these books, unlinks that invoice and links it again."""
    panel = desk.call("GET", f"/deals/{deal}/invoices")["invoices"]
    invoice = next(each for each in panel if each["connection_id"] == connection)
    with report.step(f"{where}: all invoices of the customer, and sums by age"):
        listed = desk.all_invoices(deal)
        expect("the deal's own is in it", _row(listed, invoice)["link"]["to"], "this_deal")
        for totals in listed["totals"]:
            ages = ("not_due", "overdue_1_30", "overdue_31_60", "overdue_61_90", "overdue_over_90")
            cents = [round(float(totals[age]["amount"]) * 100) for age in ages]
            expect("the ages come to what is outstanding", sum(cents), _cents(totals["outstanding"]))
    with report.step(f"{where}: unlink one: out of the panel, and suggested"):
        desk.unlink(deal, invoice)
        row = _row(desk.all_invoices(deal), invoice)
        expect("its link, and whether it is suggested", (row["link"]["to"], row["suggested"]), ("none", True))
        left = desk.call("GET", f"/deals/{deal}/invoices")["invoices"]
        expect("invoices in the panel", len(left), len(panel) - 1)
    with report.step(f"{where}: link it again: panel and history have it"):
        desk.link(deal, invoice)
        shown = desk.call("GET", f"/deals/{deal}/invoices")["invoices"]
        expect_in("the panel", invoice["id"], [each["id"] for each in shown])
        told = [entry["what"] for entry in desk.call("GET", f"/deals/{deal}/history")[:2]]
        expect("the newest of the history", told, ["linked", "unlinked"])


def _row(listed: dict[str, Any], invoice: dict[str, Any]) -> dict[str, Any]:
    found = (row for row in listed["invoices"] if row["id"] == invoice["id"])
    return dict(next(found, {"link": {"to": "not listed"}, "suggested": None}))


def _cents(money: dict[str, Any]) -> int:
    return round(float(money["amount"]) * 100)
