"""What webhooks told, as messages on SQS: ids and times, nothing else."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING, Any

from duebill.domain.connection import Provider
from duebill.domain.due import MESSAGE_VERSION
from duebill.domain.ids import CompanyId, TenantId
from duebill.domain.news import MOST_EVENTS, BooksNews, Changed, CrmNews, Event, News
from duebill.errors import InvalidRequest, TryLater
from duebill.storage.failures import translated
from duebill.storage.values import rfc3339

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

_MOST_MESSAGES = 10  # of one SendMessageBatch


@dataclass(frozen=True, slots=True)
class SqsNewsQueue:
    """ports.NewsQueue on a standard queue. The message group names the books: quiet ones are served first."""

    client: "SQSClient" = field(repr=False)
    url: str

    def send(self, news: Iterable[News]) -> int:
        """Enqueue all of it; how many messages. Raises TryLater where any was not taken: whoever told tells again."""
        messages = [part for each in news for part in _parts(each)]
        for some in batched(messages, _MOST_MESSAGES, strict=False):
            with translated():
                answer = self.client.send_message_batch(
                    QueueUrl=self.url, Entries=[_entry(place, each) for place, each in enumerate(some)]
                )
            if answer.get("Failed"):
                raise TryLater("Not all of it could be taken. Please send it again.", retry_after=5)
        return len(messages)


def news_message(news: News) -> str:
    """The body of a message."""
    events = [[event.what.value, event.id, rfc3339(event.at), event.into] for event in news.events]
    match news:
        case BooksNews():
            of: dict[str, object] = {"provider": news.provider.value, "tenant": news.tenant}
        case CrmNews():
            of = {"company": news.company}
    return json.dumps({"v": MESSAGE_VERSION, **of, "events": events}, separators=(",", ":"))


def parse_news(body: str) -> News:
    """The news that a message holds. Raises InvalidRequest for what is none, or of a newer version."""
    try:
        message = json.loads(body)
        version = int(message["v"])
        events = tuple(_event(*each) for each in message["events"])
        news: News = (
            CrmNews(CompanyId(int(message["company"])), events)
            if "company" in message
            else BooksNews(Provider(message["provider"]), TenantId(message["tenant"]), events)
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidRequest("A queue message cannot be understood.", code="unreadable_message") from error
    if not MESSAGE_VERSION - 1 <= version <= MESSAGE_VERSION:
        raise InvalidRequest("A queue message is of a newer version.", code="unreadable_message")
    return news


def _event(what: str, of: str, at: str, into: str | None) -> Event:
    return Event(Changed(what), of, datetime.fromisoformat(at), into)


def _parts(news: News) -> Iterator[News]:
    for some in batched(news.events, MOST_EVENTS, strict=False):
        yield _with(news, some)


def _with(news: News, events: Sequence[Event]) -> News:
    part: Any = replace(news, events=tuple(events))  # mypy knows no replace of a union
    return part  # type: ignore[no-any-return]  # of the type that it was made of


def _entry(place: int, news: News) -> "SendMessageBatchRequestEntryTypeDef":
    group = f"{news.provider.value}:{news.tenant}" if isinstance(news, BooksNews) else f"crm:{news.company}"
    return {"Id": str(place), "MessageBody": news_message(news), "MessageGroupId": group}
