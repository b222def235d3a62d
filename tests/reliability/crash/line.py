"""The calls that a process makes to the outside, counted, and the one at which it is to end.

A crash is `os._exit`: nothing is cleaned up, nothing is answered, as when Lambda or a machine stops.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx

CRASHED = 86


class When(StrEnum):
    """Where at a call. The process ends in the first three; in the others it lives and finds no answer."""

    BEFORE = "before"
    AFTER = "after"
    LATE = "late"  # sent, dropped, and done only when the simulator is told to settle
    LOST = "lost answer"
    LATE_ALIVE = "late answer"

    @property
    def is_late(self) -> bool:
        """Whether the other side does its work only later."""
        return self in (When.LATE, When.LATE_ALIVE)


@dataclass(frozen=True, slots=True)
class Plan:
    """The end of one run: at call number `at`; or at the `at`-th call of `kind`, or whose name begins with `like`."""

    at: int
    when: When
    like: str = ""
    kind: str = ""


def kind_of(name: str) -> str:
    """A call's name without the ids in its path."""
    return re.sub(r"/([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+)", "/…", name)


_TAKES = "UpdateItem LIMIT"
_COUNTS = ("LIMIT", "MONTH", "APP")


class Line:
    """What a process has called so far. `tell` gets each call's name, `drop` makes a simulator drop the next one.

    Of the limiter's calls only the first before each call outside is counted: how many more there are depends on the
    second in which they are made, and all they change is how often one may ask.
    """

    def __init__(self) -> None:
        self.begin(None, lambda _: None, lambda _: None)

    def begin(self, plan: Plan | None, tell: Callable[[str], None], drop: Callable[[httpx.Request], None]) -> None:
        """From now on count from here, and end where the plan says."""
        self._number, self._plan, self._tell, self.drop = 0, plan, tell, drop
        self._alike = 0
        self._is_taking = False

    def before(self, name: str) -> When | None:
        """A call begins. What is to happen to it, None for nothing; does not return where the process ends here."""
        if name.endswith(_COUNTS):
            was_taking, self._is_taking = self._is_taking, self._is_taking or name.endswith(_TAKES)
            if was_taking or not self._is_taking:
                return None
        else:
            self._is_taking = False
        self._number += 1
        self._tell(name)
        plan = self._plan
        if plan is None or not self._is_meant(plan, name):
            return None
        if plan.when is When.BEFORE:
            os._exit(CRASHED)
        return plan.when

    def _is_meant(self, plan: Plan, name: str) -> bool:
        if not (plan.like or plan.kind):
            return self._number == plan.at
        is_alike = kind_of(name) == plan.kind if plan.kind else name.startswith(plan.like)
        self._alike += is_alike
        return is_alike and self._alike == plan.at

    # --- AWS ---

    def watch(self, client: Any) -> None:  # noqa: ANN401  each service's client is a type of its own
        """Count the calls of a boto3 client."""
        service = client.meta.service_model.service_name
        at: list[When | None] = [None]

        def begins(model: Any, params: Any, **_: object) -> None:  # noqa: ANN401  botocore's own
            kinds = "" if service != "dynamodb" else _kinds(json.loads(params["body"]))
            at[0] = self.before(f"{service} {model.name}{kinds}")

        def ends(**_: object) -> None:
            if at[0] is not None:
                os._exit(CRASHED)

        client.meta.events.register("before-call", begins)
        client.meta.events.register("after-call", ends)

    # --- HTTP ---

    def around(self, inner: httpx.BaseTransport, name_of: Callable[[httpx.Request], str]) -> httpx.BaseTransport:
        """Count the calls of an HTTP client."""
        line = self

        class Counted(httpx.BaseTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                when = line.before(name_of(request))
                if when and when.is_late:
                    line.drop(request)
                try:
                    response = inner.handle_request(request)
                    response.read()
                except httpx.TransportError:
                    if when is When.LATE:
                        os._exit(CRASHED)
                    raise
                if when is When.LOST:
                    raise httpx.ReadError("the answer was lost", request=request)
                if when is not None:
                    os._exit(CRASHED)
                return response

            def close(self) -> None:
                inner.close()

        return Counted()


def _kinds(asked: dict[str, Any]) -> str:
    """The kinds of the items that a call of DynamoDB's names, for people: the first word of their sort keys."""
    actions = asked.get("TransactItems") or [asked]
    keys = [
        each.get("Key") or each.get("Item")
        for action in actions
        for each in (action, *action.values())
        if isinstance(each, dict)
    ]
    return "".join(f" {key['sk']['S'].split('#', 1)[0]}" for key in keys if key and "sk" in key)
