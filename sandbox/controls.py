"""`/sandbox/…`: what a person does in Pipedrive, in the books and with time, for the stand-in page and the walkthrough.

No part of the product. JSON in and out; what cannot be done is answered with `{"error": sentence}`.
"""

from datetime import timedelta
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.gateway import Gateway
from sandbox.ledgers import ledgers
from sandbox.outside import Outside
from sandbox.schedule import Schedule
from sandbox.wire import Request, Response

_NOTICES = ("uninstall", "share")


class Controls:
    """The routes; `docs/sandbox.md` lists them."""

    def __init__(self, gateway: Gateway, outside: Outside, clock: SandboxClock, schedule: Schedule) -> None:
        self._gateway = gateway
        self._outside = outside
        self._clock = clock
        self._schedule = schedule

    def answer(self, route: str, request: Request) -> Response:
        """Answer one control call."""
        try:
            match [request.method, *route.split("/")]:
                case ["GET", "state"]:
                    return Response.of_json(self._state())
                case ["GET", "books"]:
                    return Response.of_json({"companies": ledgers(self._outside)})
                case ["GET", "people"]:
                    return Response.of_json({"users": self._people(request)})
                case ["GET", "deals" | "token" as asked]:
                    return self._pipedrive(request, asked)
                case ["POST", "clock"]:
                    return Response.of_json(self._push(request.json()))
                case ["POST", "work"]:
                    return Response.of_json({"worked_on": self._schedule.run_once()})
                case ["POST", "pipedrive", act]:
                    return self._in_pipedrive(request, act)
                case ["POST", "quickbooks" | "xero" as books, act]:
                    return (self._outside.xero if books == "xero" else self._outside.quickbooks)(_control(request, act))
                case _:
                    return Response.of_json({"error": "There is no such control."}, 404)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return Response.of_json({"error": f"This cannot be read: {error!r}"}, 400)

    def _state(self) -> dict[str, Any]:
        quickbooks, pipedrive = self._outside.quickbooks, self._outside.pipedrive
        return {
            "now": self._clock.now().isoformat(),
            "pipedrive": pipedrive(Request("GET", "/_control/state")).json(),
            "quickbooks": quickbooks(Request("GET", "/_control/state")).json(),
            "xero": self._outside.xero(Request("GET", "/_control/state")).json(),
            "api_calls": len(self._gateway.calls),
        }

    def _people(self, request: Request) -> list[dict[str, Any]]:
        """Everyone in Pipedrive, and who of them has installed the app."""
        installed = self._outside.pipedrive.grants.grants
        users: list[dict[str, Any]] = self._pipedrive(request, "users").json()["users"]
        return [user | {"installed": (user["company_id"], user["user_id"]) in installed} for user in users]

    def _pipedrive(self, request: Request, asked: str) -> Response:
        return self._outside.pipedrive(Request("GET", f"/_control/{asked}", request.query))

    def _push(self, span: dict[str, Any]) -> dict[str, Any]:
        """Let time pass, then do what became due."""
        by = timedelta(days=float(span.get("days", 0)), seconds=float(span.get("seconds", 0)))
        now = self._clock.push(by)
        return {"now": now.isoformat(), "worked_on": self._schedule.run_once()}

    def _in_pipedrive(self, request: Request, act: str) -> Response:
        """What someone does in Pipedrive; the notices that Pipedrive then sends reach the API."""
        done = self._outside.pipedrive(_control(request, act))
        if act not in _NOTICES or done.status != 200:
            return done
        notice = done.json()
        sent = self._gateway(
            Request(notice["method"], notice["path"], {}, notice["headers"], str(notice["body"]).encode())
        )
        return Response.of_json({"notice": {"status": sent.status}})


def _control(request: Request, act: str) -> Request:
    return Request("POST", f"/_control/{act}", body=request.body)
