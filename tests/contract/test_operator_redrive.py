"""`make redrive`: from the dead-letter queue back to the work queue, and nothing lost on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId
from duebill.storage.queue import SqsWorkQueue, message_of
from scripts import redrive as command
from scripts.redrive import redrive

_numbers = count()
WORK = [DueId(DueKind.TOKEN, CompanyId(7), (f"set-{number}",)) for number in range(23)]
WORK += [DueId(DueKind.ERASURE, CompanyId(8)), DueId(DueKind.INTENT, CompanyId(8), ("5", "key"))]


@dataclass
class Queues:
    """A dead-letter queue with messages in it, and the work queue that they came from."""

    client: Any
    source: str
    target: str

    def bodies(self, url: str) -> list[str]:
        """What lies there; it is hidden from then on."""
        found: list[str] = []
        while messages := self.client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in messages]
        return sorted(found)

    def visible(self, url: str) -> int:
        attributes = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


@pytest.fixture
def queues(aws: dict[str, Any]) -> Iterator[Queues]:
    client, number = aws["sqs"], next(_numbers)
    made = [client.create_queue(QueueName=f"{name}-{number}")["QueueUrl"] for name in ("failures", "work")]
    SqsWorkQueue(client, made[0]).send(WORK)
    yield Queues(client, *made)
    for url in made:
        client.delete_queue(QueueUrl=url)


class Unreliable:
    """An SQS that fails as it is told, else the one behind it."""

    def __init__(self, client: Any, **instead: Any) -> None:  # noqa: ANN401  each is a method of boto3's client
        self._client = client
        self._instead = instead
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  boto3's methods
        def call(**arguments: Any) -> Any:  # noqa: ANN401  boto3's answers
            self.calls.append(name)
            return self._instead.get(name, getattr(self._client, name))(**arguments)

        return call


def all_bodies() -> list[str]:
    return sorted(message_of(work) for work in WORK)


def test_every_message_goes_back_once_with_its_group(queues: Queues) -> None:
    outcome = redrive(queues.client, queues.source, queues.target, most=1000, wait_seconds=0)
    assert (outcome.moved, outcome.not_taken, outcome.is_complete) == (25, 0, True)
    assert outcome.kinds == {"token": 23, "erasure": 1, "intent": 1}
    assert queues.visible(queues.source) == 0
    first = queues.client.receive_message(QueueUrl=queues.target, AttributeNames=["All"], VisibilityTimeout=0)
    assert first["Messages"][0]["Attributes"]["MessageGroupId"] in ("7", "8")
    assert queues.bodies(queues.target) == all_bodies()
    assert queues.bodies(queues.source) == []


def test_a_dry_run_counts_and_leaves_everything_where_it_is(queues: Queues) -> None:
    outcome = redrive(queues.client, queues.source, queues.target, most=1000, dry_run=True, wait_seconds=0)
    assert (outcome.found, outcome.moved) == (25, 0)
    assert queues.bodies(queues.target) == []
    assert queues.bodies(queues.source) == all_bodies()


def test_a_run_moves_no_more_than_it_is_told(queues: Queues) -> None:
    outcome = redrive(queues.client, queues.source, queues.target, most=12, wait_seconds=0)
    assert outcome.moved == 12
    assert (queues.visible(queues.source), queues.visible(queues.target)) == (13, 12)


def test_what_the_work_queue_does_not_take_stays_and_the_rest_goes(queues: Queues) -> None:
    def takes_even(QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803  boto3's names
        even = [entry for entry in Entries if int(entry["Id"]) % 2 == 0]
        taken = queues.client.send_message_batch(QueueUrl=QueueUrl, Entries=even)
        refused = [{"Id": entry["Id"], "Code": "InternalError"} for entry in Entries if entry not in even]
        return {"Successful": taken["Successful"], "Failed": refused}

    picky = Unreliable(queues.client, send_message_batch=takes_even)
    outcome = redrive(picky, queues.source, queues.target, most=1000, wait_seconds=0)  # type: ignore[arg-type]  # a stand-in
    assert (outcome.moved, outcome.not_taken, outcome.is_complete) == (13, 12, False)
    back, stayed = queues.bodies(queues.target), queues.bodies(queues.source)
    assert (len(back), len(stayed)) == (13, 12)
    assert sorted(back + stayed) == all_bodies()


@pytest.mark.parametrize("breaks", ["send_message_batch", "delete_message_batch"])
def test_a_call_that_fails_loses_no_message(queues: Queues, breaks: str) -> None:
    def fails(**_: object) -> None:
        raise ClientError({"Error": {"Code": "ServiceUnavailable", "Message": ""}}, breaks)

    broken = Unreliable(queues.client, **{breaks: fails})
    with pytest.raises(ClientError):
        redrive(broken, queues.source, queues.target, most=1000, wait_seconds=0)  # type: ignore[arg-type]  # a stand-in
    sent = broken.calls.index("send_message_batch")
    assert "delete_message_batch" not in broken.calls[:sent]
    # What was received is hidden for five minutes and then there again.
    held = queues.client.get_queue_attributes(QueueUrl=queues.source, AttributeNames=["All"])["Attributes"]
    assert int(held["ApproximateNumberOfMessages"]) + int(held["ApproximateNumberOfMessagesNotVisible"]) == 25


def test_a_message_that_was_sent_and_not_deleted_is_told(queues: Queues) -> None:
    def deletes_none(QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803  boto3's names
        return {"Failed": [{"Id": entry["Id"], "Code": "InternalError"} for entry in Entries]}

    broken = Unreliable(queues.client, delete_message_batch=deletes_none)
    outcome = redrive(broken, queues.source, queues.target, most=1000, wait_seconds=0)  # type: ignore[arg-type]  # a stand-in
    assert (outcome.moved, outcome.sent_twice_later, outcome.is_complete) == (25, 25, False)


def test_the_command_says_how_many_of_which_kind(
    queues: Queues, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    queues.client.send_message(QueueUrl=queues.source, MessageBody="not ours")
    monkeypatch.setattr("boto3.client", lambda _: queues.client)
    monkeypatch.setattr(command.redrive, "__kwdefaults__", {"dry_run": False, "wait_seconds": 0})
    names = ["--source", queues.source.rpartition("/")[2], "--target", queues.target.rpartition("/")[2]]
    assert command.main([*names, "--dry-run"]) == 0
    assert "26 messages found (1 erasure, 1 intent, 23 token, 1 unreadable)" in capsys.readouterr().out
    assert command.main(names) == 0
    assert "26 moved back, 0 not taken" in capsys.readouterr().out
    assert queues.visible(queues.target) == 26
