"""`Idempotency-Key`: for a while the same key gives the answer of then, refusals too (facts §2.6)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.wire import Response
from sandbox.xero.refusals import BadRequest

LONGEST = 128


@dataclass
class Idempotency:
    """The answers that are remembered. Keys are the app's: all organisations share them."""

    memory: timedelta = timedelta(minutes=6)
    _known: dict[str, tuple[datetime, str, Response]] = field(default_factory=dict)

    def once(self, key: str | None, request: str, now: datetime, work: Callable[[], Response]) -> Response:
        """Do `work`, unless the key was used within the memory: then its answer. Raises BadRequest.

        `request` stands for all that must be the same: organisation, method, address and body.
        """
        if key is None:
            return work()
        if not key.strip() or len(key) > LONGEST:  # an empty one "misbehaves" (xero-node#649); refusing is stricter
            raise BadRequest(10, "ValidationException", f"The Idempotency-Key must have 1 to {LONGEST} characters.")
        known = self._known.get(key)
        if known and now - known[0] < self.memory:
            if known[1] != request:
                message = f"Idempotency Key: {key} is used with a different request."
                raise BadRequest(10, "ValidationException", message)
            return known[2]
        answer = work()
        self._known[key] = (now, request, answer)
        return answer
