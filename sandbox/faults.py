"""Faults that any simulator can be told to have. Each is used up by the calls it hits."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from sandbox.wire import ConnectionDropped, Request, Response

BEFORE = "drop_before"
AFTER = "drop_after_commit"
LATER = "commit_after_drop"


@dataclass(slots=True)
class Fault:
    """What to do to the next `times` calls whose "METHOD /path" matches `where`.

    kind: `status` (answer with `status` and do nothing), `drop_before` (close without doing anything),
    `drop_after_commit` (do it, then close without an answer), `commit_after_drop` (close now; do it when
    `Faults.settle()` is called, as a slow server does), `latency` (call `sleep(seconds)`, then go on).
    """

    kind: str
    where: str = ".*"
    times: int = 1
    status: int = 500
    seconds: float = 0.0


@dataclass
class Faults:
    """The queue of faults of one simulator, and the count of its calls."""

    sleep: Callable[[float], None]
    render: Callable[[int, Request], Response]
    pending: list[Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    _late: list[Callable[[], Response]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, fault: Fault) -> None:
        """Queue a fault; the first that matches a call is used."""
        with self._lock:
            self.pending.append(fault)

    def around(self, request: Request, handle: Callable[[Request], Response]) -> Response:
        """Count the call, then answer it: as told by the first matching fault, else by `handle`."""
        fault = self._take(f"{request.method} {request.path}")
        match fault.kind if fault else None:
            case None:
                return handle(request)
            case "status":
                assert fault is not None  # noqa: S101  for the type checker
                return self.render(fault.status, request)
            case "latency":
                assert fault is not None  # noqa: S101  for the type checker
                self.sleep(fault.seconds)
                return handle(request)
            case "drop_after_commit":
                handle(request)
                raise ConnectionDropped("after the work was done")
            case "commit_after_drop":
                self._late.append(lambda: handle(request))
                raise ConnectionDropped("the work goes on")
            case _:
                raise ConnectionDropped("before anything was done")

    def settle(self) -> None:
        """Let the slow server finish what it had begun when the connection dropped."""
        late, self._late = self._late, []
        for work in late:
            work()

    def _take(self, call: str) -> Fault | None:
        with self._lock:
            self.calls.append(call)
            for fault in self.pending:
                if re.search(fault.where, call):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.pending.remove(fault)
                    return fault
            return None
