"""Claimed work as messages on SQS: ids and nothing else."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched, groupby
from typing import TYPE_CHECKING

from duebill.domain.due import MESSAGE_VERSION, DueId, DueKind
from duebill.domain.ids import CompanyId
from duebill.errors import InvalidRequest
from duebill.ports import WorkQueue
from duebill.storage.failures import translated

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

_MOST_MESSAGES = 10  # of one SendMessageBatch
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SqsWorkQueue:
    """ports.WorkQueue on a standard queue. The message group names the company: quiet companies are served first."""

    client: "SQSClient" = field(repr=False)
    url: str

    def send(self, work: Sequence[DueId]) -> None:
        """Enqueue; what could not be sent is claimed again later. Raises TryLater when SQS does not answer."""
        for some in batched(work, _MOST_MESSAGES, strict=False):
            with translated():
                answer = self.client.send_message_batch(
                    QueueUrl=self.url, Entries=[_entry(place, each) for place, each in enumerate(some)]
                )
            if failed := answer.get("Failed"):
                codes = sorted({failure["Code"] for failure in failed})
                _log.warning("%d of %d messages were not taken: %s", len(failed), len(some), ", ".join(codes))


@dataclass(frozen=True, slots=True)
class RoutedQueue:
    """ports.WorkQueue that puts each kind of work where its workers are."""

    usual: WorkQueue
    special: Mapping[DueKind, WorkQueue]

    def send(self, work: Sequence[DueId]) -> None:
        """See ports.WorkQueue."""
        for kind, of_kind in groupby(sorted(work, key=_kind), key=_kind):
            self.special.get(DueKind(kind), self.usual).send(tuple(of_kind))


def _kind(work: DueId) -> str:
    return work.kind.value


def message_of(work: DueId) -> str:
    """The body of a message."""
    return json.dumps({"v": MESSAGE_VERSION, "kind": work.kind.value, "company": work.company, "ids": list(work.ids)})


def parse_message(body: str) -> DueId:
    """The work that a message names. Raises InvalidRequest for what is no such message, or of a newer version."""
    try:
        message = json.loads(body)
        version = int(message["v"])
        work = DueId(
            DueKind(message["kind"]), CompanyId(int(message["company"])), tuple(str(each) for each in message["ids"])
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidRequest("A queue message cannot be understood.", code="unreadable_message") from error
    if not MESSAGE_VERSION - 1 <= version <= MESSAGE_VERSION:
        raise InvalidRequest("A queue message is of a newer version.", code="unreadable_message")
    return work


def _entry(place: int, work: DueId) -> "SendMessageBatchRequestEntryTypeDef":
    return {"Id": str(place), "MessageBody": message_of(work), "MessageGroupId": str(work.company)}
