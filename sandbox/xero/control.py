"""The simulator's knobs as routes under /_control/."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sandbox.faults import Fault
from sandbox.wire import Request, Response
from sandbox.xero.documents import Doc, wire
from sandbox.xero.refusals import BadRequest, Invalid, Missing, validation

if TYPE_CHECKING:
    from sandbox.xero.simulator import Xero

_COUNTED = {"invoices": "Invoice", "contacts": "Contact", "items": "Item", "payments": "Payment"}


def answer(simulator: "Xero", request: Request) -> Response:
    """One control call. What the books refuse is answered as 400 with their document."""
    try:
        return Response.of_json(wire(_control(simulator, request)))
    except Invalid as refusal:
        return Response.of_json(validation([{"ValidationErrors": refusal.errors()}]), 400)
    except BadRequest as refusal:
        return Response.of_json(refusal.document, 400)
    except Missing:
        return Response.of_json({"error": "There is no such document."}, 400)
    except (KeyError, TypeError, ValueError) as problem:
        return Response.of_json({"error": repr(problem)}, 400)


def _control(simulator: "Xero", request: Request) -> Doc:
    name = request.path.removeprefix("/_control/")
    asked: Doc = request.json() if request.body else {}
    people = simulator.bookkeeper
    match request.method, name:
        case "GET", "state":
            return _state(simulator)
        case "GET", "calls":
            return {"calls": list(simulator.faults.calls)}
        case "POST", "pay":
            return {"Payment": people.pay(asked["tenant"], asked["invoice"], asked.get("amount"))}
        case "POST", "unpay":
            return {"Payment": people.unpay(asked["tenant"], asked["payment"])}
        case "POST", "credit":
            return {"Allocation": people.credit(asked["tenant"], asked["invoice"], asked.get("amount"))}
        case "POST", "void" | "delete" | "approve":
            act = {"void": people.void, "delete": people.delete, "approve": people.approve}[name]
            return {"Invoice": act(asked["tenant"], asked["invoice"])}
        case "POST", "edit":
            edited = people.edit(asked["tenant"], asked["entity"], asked["id"], asked["fields"])
            return {asked["entity"]: edited}
        case "POST", "archive_contact":
            return {"Contact": people.archive_contact(asked["tenant"], asked["contact"])}
        case "POST", _:
            _turn(simulator, name, asked)
        case _:
            raise KeyError(name)
    return {"done": name}


def _turn(simulator: "Xero", name: str, asked: Doc) -> None:
    people = simulator.bookkeeper
    match name:
        case "merge":
            people.merge(asked["tenant"], asked["loser"], asked["winner"])
        case "lock":
            people.lock(asked["tenant"], date.fromisoformat(asked["date"]) if asked.get("date") else None)
        case "set_role":
            people.set_role(asked["tenant"], asked["user"], asked.get("role"))
        case _:
            _knob(simulator, name, asked)


def _knob(simulator: "Xero", name: str, asked: Doc) -> None:
    match name:
        case "disconnect":
            simulator.disconnect(asked["tenant"])
        case "revoke_user":
            simulator.tokens.forget_user(asked["user"])
        case "expire_access":
            simulator.tokens.expire_access()
        case "fault":
            simulator.faults.add(Fault(**asked))
        case "settle":
            simulator.faults.settle()
        case "idempotency_memory":
            simulator.idempotency_memory = timedelta(seconds=float(asked["seconds"]))
        case "lookup_lag":
            simulator.lookup_lag = timedelta(seconds=float(asked["seconds"]))
        case _:
            raise KeyError(name)


def _state(simulator: "Xero") -> Doc:
    """How much there is, per organisation, and how many calls were made."""
    tenants: Doc = {
        tenant: {"name": org.name} | {name: len(org.rows(entity)) for name, entity in _COUNTED.items()}
        for tenant, org in simulator.organisations.items()
    }
    for tenant, counts in tenants.items():
        counts["connected"] = any(each.tenant == tenant for each in simulator.tokens.connections)
        counts["calls"] = simulator.calls_of.get(tenant, 0)
    return {"tenants": tenants, "calls": len(simulator.faults.calls)}
