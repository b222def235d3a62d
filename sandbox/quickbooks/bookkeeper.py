"""What people do inside QuickBooks while nobody looks, and the simulator's knobs: as methods and as routes."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.faults import Fault
from sandbox.quickbooks import credit_memos, customers, invoice_actions, invoices, items, payments
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc, number
from sandbox.quickbooks.refusals import Refused
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.quickbooks.simulator import QuickBooks

_COUNTED = {"invoices": "Invoice", "customers": "Customer", "items": "Item", "payments": "Payment"}
_EDITORS: dict[str, Callable[[Company, Doc], Doc]] = {
    "Invoice": invoices.update,
    "Customer": customers.update,
    "Item": items.update,
}


class Bookkeeper:
    """Acts in the books as a person would: no token, but the same rules."""

    def __init__(self, simulator: "QuickBooks") -> None:
        self._simulator = simulator

    def pay(self, realm: str, invoice: str, amount: Decimal | str | None = None) -> Doc:
        """Record a payment of an invoice; without an amount, of all that is open."""
        company, found = self._invoice(realm, invoice)
        paid = Decimal(str(amount)) if amount is not None else number(found["Balance"])
        line = {"Amount": paid, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]}
        return payments.create(company, self._same_books(found) | {"TotalAmt": paid, "Line": [line]})

    def credit(self, realm: str, invoice: str, amount: Decimal | str | None = None) -> Doc:
        """Write a credit memo for the invoice's customer and apply it to the invoice."""
        company, found = self._invoice(realm, invoice)
        worth = Decimal(str(amount)) if amount is not None else number(found["Balance"])
        body = self._same_books(found) | {"Line": [self._credit_line(company, worth)]}
        memo = credit_memos.create(company, body if company.is_us else body | {"GlobalTaxCalculation": "NotApplicable"})
        links = [("Invoice", invoice), ("CreditMemo", memo["Id"])]
        lines = [{"Amount": worth, "LinkedTxn": [{"TxnId": key, "TxnType": kind}]} for kind, key in links]
        return payments.create(company, self._same_books(found) | {"TotalAmt": Decimal(0), "Line": lines})

    def void(self, realm: str, invoice: str) -> Doc:
        """Void an invoice."""
        company, found = self._invoice(realm, invoice)
        return invoice_actions.void(company, {"Id": found["Id"], "SyncToken": found["SyncToken"]})

    def delete(self, realm: str, invoice: str) -> Doc:
        """Delete an invoice."""
        company, found = self._invoice(realm, invoice)
        return invoice_actions.delete(company, {"Id": found["Id"], "SyncToken": found["SyncToken"]})

    def edit(self, realm: str, entity: str, identifier: str, fields: Doc) -> Doc:
        """Change some fields of an invoice, a customer or an item."""
        company = self._simulator.companies[realm]
        found = company.get(entity, identifier)
        head = {"Id": identifier, "SyncToken": found["SyncToken"], "sparse": True}
        return _EDITORS[entity](company, head | fields)

    def merge(self, realm: str, loser: str, winner: str) -> None:
        """Merge one customer into another: its transactions move, and it is gone."""
        company = self._simulator.companies[realm]
        kept = company.get("Customer", winner)
        gone = company.get("Customer", loser)
        for entity in ("Invoice", "Payment", "CreditMemo"):
            for doc in [each for each in company.rows(entity).values() if each["CustomerRef"]["value"] == loser]:
                moved = doc | {"CustomerRef": {"value": winner, "name": kept["DisplayName"]}}
                company.replace(entity, doc, moved, quiet=True)
        customers.move_balance(company, winner, number(gone["Balance"]), Decimal(1))
        del company.rows("Customer")[loser]
        company.gone.setdefault("Customer", {})[loser] = company.now()
        company.tell("Customer", loser, "Merge", winner)

    def close_books(self, realm: str, until: date) -> None:
        """Close the books up to and including a day."""
        self._simulator.companies[realm].closed_until = until

    def state(self) -> Doc:
        """How much there is, per company, and how many calls were made."""
        realms: Doc = {
            realm: {name: len(company.rows(entity)) for name, entity in _COUNTED.items()}
            for realm, company in self._simulator.companies.items()
        }
        calls = self._simulator.faults.calls
        for realm, counts in realms.items():
            counts["calls"] = sum(1 for call in calls if f"/company/{realm}/" in call)
        return {"realms": realms, "calls": len(calls)}

    def control(self, request: Request) -> Response:
        """A route under /_control/. What the books refuse is answered as 400 with their fault."""
        try:
            return Response.of_json(self._control(request))
        except Refused as refusal:
            return Response.of_json({"Fault": refusal.fault()}, 400)
        except (KeyError, TypeError, ValueError) as problem:
            return Response.of_json({"error": repr(problem)}, 400)

    def _control(self, request: Request) -> Doc:
        simulator = self._simulator
        name = request.path.removeprefix("/_control/")
        asked: Doc = request.json() if request.body else {}
        match request.method, name:
            case "GET", "state":
                return self.state()
            case "GET", "calls":
                return {"calls": list(simulator.faults.calls)}
            case "POST", "pay" | "credit":
                act = self.pay if name == "pay" else self.credit
                return {"Payment": act(asked["realm"], asked["invoice"], asked.get("amount"))}
            case "POST", "void" | "delete":
                end = self.void if name == "void" else self.delete
                return {"Invoice": end(asked["realm"], asked["invoice"])}
            case "POST", "edit":
                edited = self.edit(asked["realm"], asked["entity"], asked["id"], asked["fields"])
                return {asked["entity"]: edited}
            case "POST", "merge":
                self.merge(asked["realm"], asked["loser"], asked["winner"])
            case "POST", "close_books":
                self.close_books(asked["realm"], date.fromisoformat(asked["date"]))
            case "POST", _:
                self._turn(name, asked)
            case _:
                raise KeyError(name)
        return {"done": name}

    def _turn(self, name: str, asked: Doc) -> None:
        simulator = self._simulator
        match name:
            case "disconnect":
                simulator.disconnect(asked["realm"])
            case "expire_access":
                simulator.tokens.expire_access(asked["realm"])
            case "fault":
                simulator.faults.add(Fault(**asked))
            case "settle":
                simulator.faults.settle()
            case "requestid_memory":
                value = asked["memory"]
                known = value in ("forever", "never")
                simulator.requestid_memory = value if known else timedelta(seconds=float(value))
            case "voids_paid":
                simulator.companies[asked["realm"]].voids_paid = bool(asked["on"])
            case "lookup_lag":
                simulator.lookup_lag = timedelta(seconds=float(asked["seconds"]))
            case _:
                raise KeyError(name)

    def _invoice(self, realm: str, invoice: str) -> tuple[Company, Doc]:
        company = self._simulator.companies[realm]
        return company, company.get("Invoice", str(invoice))

    def _same_books(self, invoice: Doc) -> Doc:
        shared = {"CustomerRef": {"value": invoice["CustomerRef"]["value"]}}
        shared["CurrencyRef"] = {"value": invoice["CurrencyRef"]["value"]}
        return shared | ({"ExchangeRate": invoice["ExchangeRate"]} if "ExchangeRate" in invoice else {})

    def _credit_line(self, company: Company, worth: Decimal) -> Doc:
        item = next(doc for doc in company.rows("Item").values() if doc["Type"] == "Service" and doc["Active"])
        detail: Doc = {"ItemRef": {"value": item["Id"]}}
        if company.is_us:
            detail["TaxCodeRef"] = {"value": "NON"}
        return {"Amount": worth, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
