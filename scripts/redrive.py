"""Puts messages from the dead-letter queue back on the work queue, once the bug that brought them there is mended.

Each is sent before it is deleted, so none is lost; one that is sent twice is worked on once, for messages are ids only.
"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from duebill.errors import InvalidRequest
from duebill.storage.queue import parse_message
from scripts.deployment import NotThere, physical_id, reason

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_AT_ONCE = 10  # of one call
_HIDDEN_SECONDS = 300  # while they are being moved


@dataclass
class Outcome:
    """What became of the messages: counts, and the kinds of work that they name."""

    moved: int = 0
    not_taken: int = 0
    sent_twice_later: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def found(self) -> int:
        """How many messages were received."""
        return self.kinds.total()

    @property
    def is_complete(self) -> bool:
        """Whether all that was found is back and gone from where it was."""
        return not self.not_taken and not self.sent_twice_later


def main(given: list[str] | None = None) -> int:
    """Exit status: 0 when all messages that were found are back on the work queue (or were only counted)."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--stack", default="duebill-dev", help="the stack that has the queues (%(default)s)")
    options.add_argument("--source", help="name of the dead-letter queue, instead of the stack's")
    options.add_argument("--target", help="name of the work queue, instead of the stack's")
    options.add_argument("--most", type=int, default=10_000, help="stop after so many messages (%(default)s)")
    options.add_argument("--dry-run", action="store_true", help="only count them")
    arguments = options.parse_args(given)
    try:
        client: SQSClient = boto3.client("sqs")
        source = _url(client, arguments.source) or physical_id(arguments.stack, "WorkFailures")
        target = _url(client, arguments.target) or physical_id(arguments.stack, "WorkQueue")
        outcome = redrive(client, source, target, most=arguments.most, dry_run=arguments.dry_run)
    except (BotoCoreError, ClientError) as error:
        print(f"SQS did not answer as expected: {reason(error)}. Nothing is lost; run it again.", file=sys.stderr)
        return 1
    except NotThere as error:
        print(error, file=sys.stderr)
        return 1
    _say(outcome, dry_run=arguments.dry_run, most=arguments.most)
    return 0 if outcome.is_complete else 1


def redrive(
    client: "SQSClient", source: str, target: str, *, most: int, dry_run: bool = False, wait_seconds: int = 2
) -> Outcome:
    """Move up to `most` messages from one queue's URL to the other's; with `dry_run` only count them.

    What the target did not take stays in the source, and is visible there again at the end.
    """
    outcome = Outcome()
    stay: list[Any] = []
    try:
        while (some := min(_AT_ONCE, most - outcome.found)) > 0:
            messages = client.receive_message(
                QueueUrl=source,
                MaxNumberOfMessages=some,
                VisibilityTimeout=_HIDDEN_SECONDS,
                WaitTimeSeconds=wait_seconds,
                MessageSystemAttributeNames=["MessageGroupId"],
            ).get("Messages", [])
            if not messages:
                break
            outcome.kinds.update(_kind(message["Body"]) for message in messages)
            stay += messages if dry_run else _moved(client, source, target, messages, outcome)
    finally:
        _show_again(client, source, stay)
    return outcome


def _moved(client: "SQSClient", source: str, target: str, messages: list[Any], outcome: Outcome) -> list[Any]:
    """Send a batch, then delete what was taken; the messages that were not."""
    answer = client.send_message_batch(
        QueueUrl=target, Entries=[_entry(place, message) for place, message in enumerate(messages)]
    )
    taken = {each["Id"] for each in answer.get("Successful", [])}
    gone = [(place, message) for place, message in enumerate(messages) if str(place) in taken]
    stay = [message for place, message in enumerate(messages) if str(place) not in taken]
    outcome.moved += len(gone)
    outcome.not_taken += len(stay)
    if gone:
        deleted = client.delete_message_batch(
            QueueUrl=source,
            Entries=[{"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]} for place, message in gone],
        )
        outcome.sent_twice_later += len(deleted.get("Failed", []))
    return stay


def _entry(place: int, message: Any) -> Any:  # noqa: ANN401  botocore's own shapes
    entry = {"Id": str(place), "MessageBody": message["Body"]}
    group = message.get("Attributes", {}).get("MessageGroupId")
    return entry | {"MessageGroupId": group} if group else entry


def _show_again(client: "SQSClient", source: str, messages: list[Any]) -> None:
    for message in messages:
        client.change_message_visibility(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)


def _kind(body: str) -> str:
    try:
        return parse_message(body).kind.value
    except InvalidRequest:
        return "unreadable"


def _url(client: "SQSClient", name: str | None) -> str | None:
    return client.get_queue_url(QueueName=name)["QueueUrl"] if name else None


def _say(outcome: Outcome, *, dry_run: bool, most: int) -> None:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(outcome.kinds.items()))
    print(f"{outcome.found} messages found" + (f" ({kinds})" if kinds else ""))
    if dry_run:
        print("Nothing was moved.")
    else:
        print(f"{outcome.moved} moved back, {outcome.not_taken} not taken by the work queue")
    if outcome.sent_twice_later:
        print(f"{outcome.sent_twice_later} could not be deleted here and will be moved once more: harmless")
    if outcome.found == most:
        print("There may be more: run it again.")


if __name__ == "__main__":
    sys.exit(main())
