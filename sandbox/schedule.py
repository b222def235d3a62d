"""EventBridge and the queue's poller: starts dispatch_due, and hands to finish_work what it has put on the queue."""

from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Any

from sandbox.cloud import Cloud
from sandbox.functions import Functions

MOST_ROUNDS = 50


class Schedule:
    """`run_once` does what is due now; `start` does so every few seconds until `stop`."""

    def __init__(
        self,
        functions: Functions,
        cloud: Cloud,
        queue_url: str,
        batch: int,
        on_failure: Callable[[str, Exception], None] = lambda *_: None,
    ) -> None:
        self._functions = functions
        self._sqs = cloud.sqs
        self._queue_url = queue_url
        self._batch = batch
        self._on_failure = on_failure
        self._one_at_a_time = Lock()
        self._end = Event()
        self._thread: Thread | None = None

    def run_once(self) -> int:
        """Dispatch what is due and work the queue off; how many messages were worked on."""
        with self._one_at_a_time:
            try:
                self._functions.invoke("dispatch_due", {"detail-type": "Scheduled Event", "source": "aws.events"})
                return self._drain()
            except Exception as error:  # noqa: BLE001  the next run finds the same work
                self._on_failure("schedule", error)
                return 0

    def start(self, every_seconds: float = 10.0) -> None:
        """Run from now on, beside everything else."""

        def run() -> None:
            while not self._end.wait(every_seconds):
                self.run_once()

        self._thread = Thread(target=run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; a run that has begun is finished first."""
        self._end.set()
        if self._thread:
            self._thread.join(timeout=30)

    def _drain(self) -> int:
        done = 0
        for _ in range(MOST_ROUNDS):
            answer = self._sqs.receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=self._batch,
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["All"],
            )
            messages = answer.get("Messages", [])
            if not messages:
                break
            self._work(messages)
            done += len(messages)
        return done

    def _work(self, messages: list[Any]) -> None:
        """One batch, as the event source mapping does it: what did not fail is deleted."""
        result = self._functions.invoke("finish_work", {"Records": [_record(message) for message in messages]})
        failed = {each["itemIdentifier"] for each in result["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in failed:
                self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])


def _record(message: Any) -> dict[str, Any]:  # noqa: ANN401  botocore's own shape
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:work",
        "awsRegion": "us-east-1",
    }
