"""Time, as it passes for many wishes at once: pages ask again, the schedule ticks, the worker works, until all is done.

A discrete simulation: the clock jumps to whatever comes next. One event at a time, each in a child process.
"""

import heapq
import itertools
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from duebill.domain.due import DueKind
from tests.reliability.crash.town import Town
from tests.reliability.crash.wish import Story, Wish

SEEN_AGAIN = timedelta(seconds=720)  # the queue's visibility timeout (template.yaml)
LASTS = timedelta(hours=26)  # the last thing that is due for a wish comes after 24 h
MOST_STEPS = 2000
_TICK = timedelta(minutes=1)


class NeverEnds(Exception):
    """Something stayed due for ever."""


class Stage:
    """One batch of wishes, whose due work the worker does on their account."""

    def __init__(self, town: Town, wishes: Iterable[Wish]) -> None:
        self._town = town
        self._wishes = {str(wish.deal): wish for wish in wishes}
        self._queue_url = town.environment["WORK_QUEUE_URL"]
        self._sequence = itertools.count()
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._last_tick = town.clock.now() - _TICK
        self._due: datetime | None = None
        self.bugs: list[str] = []

    def add(self, story: Story, after: timedelta = timedelta(0)) -> None:
        """Let a story begin in some time."""
        heapq.heappush(self._waiting, (self._town.clock.now() + after, next(self._sequence), story))

    def play(self, lasts: timedelta = LASTS) -> None:
        """Let time pass until nobody waits and nothing is due before it `lasts` too long. Raises NeverEnds."""
        ends_at = self._town.clock.now() + lasts
        for _ in range(MOST_STEPS):
            tick = self._next_tick()
            if self._waiting and (tick is None or self._waiting[0][0] <= tick):
                at, _, story = heapq.heappop(self._waiting)
                self._go_to(at)
                if (wait := next(story, None)) is not None:
                    self.add(story, wait)
            elif tick is not None and tick <= ends_at:
                self._go_to(tick)
                self.tick()
            else:
                return
        raise NeverEnds(f"after {MOST_STEPS} steps something is due at {self._town.next_due()}")

    def tick(self) -> None:
        """One minute of the schedule, and the worker after it."""
        self._last_tick = self._town.clock.now()
        self._town.dispatch()
        self.work()

    def work(self) -> None:
        """The worker, on whatever is visible in the queue."""
        while messages := self._receive():
            for message in messages:
                self._work_on(message)

    def _work_on(self, message: Any) -> None:  # noqa: ANN401  botocore's own shape
        work = self._town.function("finish_work", {"Records": [_record(message)]})
        wish = self._wish_of(message["Body"])
        result = wish.do(work) if wish else self._town.run(work).result
        if result is None:
            self.add(self._seen_again(message))
        elif result["batchItemFailures"]:
            self.bugs.append(f"the worker failed on {message['Body']}")
        else:
            self._town.cloud.sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])

    def _seen_again(self, message: Any) -> Story:  # noqa: ANN401  botocore's own shape
        """What a worker did not finish comes back: the queue here has real time, so it is told when."""
        yield SEEN_AGAIN
        handle = message["ReceiptHandle"]
        self._town.cloud.sqs.change_message_visibility(
            QueueUrl=self._queue_url, ReceiptHandle=handle, VisibilityTimeout=0
        )
        self.work()

    def _receive(self) -> list[Any]:
        answer = self._town.cloud.sqs.receive_message(QueueUrl=self._queue_url, MaxNumberOfMessages=10)
        return list(answer.get("Messages", []))

    def _wish_of(self, body: str) -> Wish | None:
        work = json.loads(body)
        is_of_a_deal = work["kind"] in (DueKind.INTENT, DueKind.WRITE_BACK)
        return self._wishes.get(work["ids"][0]) if is_of_a_deal else None

    def _next_tick(self) -> datetime | None:
        if self._town.has_changed:
            self._due = self._town.next_due()
        if (due := self._due) is None:
            return None
        at = max(due, self._last_tick + _TICK, self._town.clock.now())
        return at + (datetime.min.replace(tzinfo=at.tzinfo) - at) % _TICK

    def _go_to(self, at: datetime) -> None:
        self._town.clock.push(max(at - self._town.clock.now(), timedelta(0)))


def _record(message: Any) -> dict[str, Any]:  # noqa: ANN401  botocore's own shape
    return {"messageId": message["MessageId"], "body": message["Body"], "eventSource": "aws:sqs"}
