"""One batch of messages from the queues of news and sweeps: what belongs together is asked together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from duebill.domain.due import DueId
from duebill.domain.news import CrmNews, News
from duebill.errors import DuebillError, InvalidRequest
from duebill.runtime.logs import logger, place_of
from duebill.runtime.metrics import Metric, count
from duebill.runtime.refreshing import Heard, by_connection, hear, hear_crm, leave_word, sweep
from duebill.runtime.wiring import Wiring
from duebill.storage.news_queue import parse_news
from duebill.storage.queue import parse_message
from duebill.use_cases.refresh_connection import Outcome

_NEEDED_SECONDS = 35.0  # two questions to the books, and room to write the answers down


class Batch:
    """Works through messages; one that fails takes none of the others with it."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._failed: set[str] = set()

    def work(self, records: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
        """The ids of the messages that failed: bugs, and what our own storage could not take."""
        told: dict[str, News] = {}
        swept: dict[str, DueId] = {}
        for record in records:
            self._try([record["messageId"]], partial(_read, record, told, swept))
        gathered: list[Heard] = []
        self._try(told, lambda: gathered.extend(by_connection(told, self._wiring)))
        for heard in gathered:
            self._try(heard.messages, partial(self._hear, heard))
        for message, news in told.items():
            if isinstance(news, CrmNews):
                self._try([message], partial(hear_crm, news, self._wiring))
        for message, work in swept.items():
            if self._has_time():  # else its claim brings it back
                self._try([message], partial(self._sweep, work))
        return tuple(sorted(self._failed))

    def _try(self, messages: Iterable[str], work: Callable[[], object]) -> None:
        try:
            work()
        except DuebillError as error:
            if not isinstance(error, InvalidRequest):
                logger().warning("refresh_put_off", extra={"code": error.code})
            else:
                count(Metric.UNEXPECTED_ERRORS, self._wiring.settings)
            self._failed.update(messages)
        except Exception as error:  # noqa: BLE001  one connection's bug must not keep the others from the truth
            count(Metric.UNEXPECTED_ERRORS, self._wiring.settings)
            logger().error("refresh_failed", extra={"error": type(error).__name__, "where": place_of(error)})
            self._failed.update(messages)

    def _hear(self, heard: Heard) -> None:
        if self._has_time():
            self._tell(hear(heard, self._wiring))
        else:
            leave_word(heard, self._wiring)

    def _sweep(self, work: DueId) -> None:
        self._tell(sweep(work, self._wiring))

    def _has_time(self) -> bool:
        return self._wiring.clock.time_left() >= _NEEDED_SECONDS

    def _tell(self, outcome: Outcome) -> None:
        if outcome is Outcome.LATER:
            count(Metric.REFRESHES_PUT_OFF, self._wiring.settings)


def _read(record: Mapping[str, Any], told: dict[str, News], swept: dict[str, DueId]) -> None:
    body = str(record["body"])
    if '"events"' in body:
        told[record["messageId"]] = parse_news(body)
    else:
        swept[record["messageId"]] = parse_message(body)
