"""EventBridge and the queues' pollers: starts dispatch_due, and hands to the workers what lies on their queues."""

from collections.abc import Callable, Mapping, Sequence
from threading import Event, Lock, Thread
from typing import Any

from sandbox.cloud import Cloud
from sandbox.functions import Functions
from sandbox.template import Feed

MOST_ROUNDS = 50
_MOST_MESSAGES = 10  # of one ReceiveMessage


class Schedule:
    """`run_once` does what is due now; `start` does so every few seconds until `stop`.

    `deliver` brings the webhooks that the simulators want to send.
    """

    def __init__(
        self,
        functions: Functions,
        cloud: Cloud,
        feeds: Sequence[Feed],
        urls: Mapping[str, str],
        on_failure: Callable[[str, Exception], None] = lambda *_: None,
        deliver: Callable[[], object] = lambda: None,
    ) -> None:
        self._functions = functions
        self._sqs = cloud.sqs
        self._feeds = [(feed, urls[f"{feed.queue.upper()}_QUEUE_URL"]) for feed in feeds]
        self._on_failure = on_failure
        self._deliver = deliver
        self._one_at_a_time = Lock()
        self._end = Event()
        self._thread: Thread | None = None

    def run_once(self) -> int:
        """Dispatch what is due and work the queues off; how many messages were worked on."""
        with self._one_at_a_time:
            try:
                self._functions.invoke("dispatch_due", {"detail-type": "Scheduled Event", "source": "aws.events"})
                return self._drain()
            except Exception as error:  # noqa: BLE001  the next run finds the same work
                self._on_failure("schedule", error)
                return 0

    def work_off(self) -> int:
        """Only what lies on the queues already; how many messages were worked on."""
        with self._one_at_a_time:
            return self._drain()

    def start(self, every_seconds: float = 10.0, *, webhooks_every: float = 1.0) -> None:
        """Run from now on, beside everything else; webhooks come, and are worked on, between the runs."""

        def run() -> None:
            left = every_seconds
            while not self._end.wait(min(webhooks_every, every_seconds)):
                left -= min(webhooks_every, every_seconds)
                try:
                    self._deliver()
                    self.work_off()
                except Exception as error:  # noqa: BLE001  the next round goes on
                    self._on_failure("webhooks", error)
                if left <= 0:
                    left = every_seconds
                    self.run_once()

        self._thread = Thread(target=run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; a run that has begun is finished first."""
        self._end.set()
        if self._thread:
            self._thread.join(timeout=30)

    def _drain(self) -> int:
        return sum(self._drain_one(feed, url) for feed, url in self._feeds)

    def _drain_one(self, feed: Feed, url: str) -> int:
        done = 0
        for _ in range(MOST_ROUNDS):
            messages = self._receive(url, feed.batch)
            if not messages:
                break
            self._work(feed.function.name, url, messages)
            done += len(messages)
        return done

    def _receive(self, url: str, most: int) -> list[Any]:
        """As many as a batch holds, in as many calls as it takes: one brings at most ten."""
        found: list[Any] = []
        while len(found) < most:
            answer = self._sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(most - len(found), _MOST_MESSAGES),
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["All"],
            )
            messages = answer.get("Messages", [])
            found += messages
            if not messages:
                break
        return found

    def _work(self, function: str, url: str, messages: list[Any]) -> None:
        """One batch, as the event source mapping does it: what did not fail is deleted."""
        result = self._functions.invoke(function, {"Records": [_record(message, url) for message in messages]})
        failed = {each["itemIdentifier"] for each in result["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in failed:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _record(message: Any, url: str) -> dict[str, Any]:  # noqa: ANN401  botocore's own shape
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:{url.rsplit('/', 1)[-1]}",
        "awsRegion": "us-east-1",
    }
