"""How often outside systems were asked: one item for each tenant, one conditional update for each call.

The update itself: `taking.py`.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from duebill.domain.connection import Provider
from duebill.domain.limits import (
    BLOCK,
    Ask,
    Asker,
    BooksLimit,
    CrmLimit,
    DayLeft,
    Limited,
    Meter,
    Permit,
    Window,
    completes_block,
    month_of,
    month_wait,
)
from duebill.errors import ConditionFailed, TryLater
from duebill.storage import keys
from duebill.storage.app_window import DynamoAppWindow, KnownBlocks
from duebill.storage.failures import Conflict, translated
from duebill.storage.keys import Key
from duebill.storage.table import SCHEMA_VERSION, Table
from duebill.storage.taking import SCALE, SLOT, Taking, expires, reads
from duebill.storage.values import (
    Item,
    Value,
    moment,
    number,
    read_moment,
    read_number,
    read_optional_moment,
)
from duebill.storage.writes import Update, When

_TRIES = 3
_CROWDED_SECONDS = 0.1
_MONTH_IS_KNOWN_FOR = timedelta(minutes=5)
_NAME = re.compile(r"#(\w+)")

type KnownMonths = MutableMapping[tuple[Provider, str], tuple[int, datetime]]


@dataclass(frozen=True, slots=True)
class DynamoLimiter:
    """ports.Limiter on the table. `months` and `blocks` are what this container knows of the app's own limits."""

    table: Table
    months: KnownMonths = field(repr=False)
    blocks: KnownBlocks = field(repr=False)

    def take(self, limited: Limited, ask: Ask, asker: Asker, now: datetime) -> Permit:
        """Count one call, if it may be made now. Raises TryLater."""
        provider = limited.provider if isinstance(limited, BooksLimit) else None
        if provider and ask.month_budget and asker is Asker.MACHINE:
            wait = month_wait(self.reads_used(provider, now), ask.month_budget, asker)
            if wait:
                return Permit(wait)
        if provider and ask.app and (wait := self._app_wait(provider, ask.app, asker, now)):
            return Permit(wait)
        seen: Item = {}
        for _ in range(_TRIES):
            taking = Taking(ask, asker, now, seen)
            try:
                item = self._write(_key(limited), taking)
            except _Refused as refused:
                seen = refused.item
                wait = _meter(seen).wait(ask, asker, now)
                if wait > 0:
                    return Permit(wait, _day(seen))
            else:
                if provider and ask.month_budget:
                    self._count_block(provider, limited, item, now)
                if provider and ask.app:
                    self._app.use(provider)
                return Permit(day=_day(item))
        return Permit(_CROWDED_SECONDS)

    def hold(self, limited: Limited, until: datetime) -> None:
        """Nobody asks before `until`. Raises TryLater."""
        values = {":until": moment(until), ":expires": expires(until), ":v": number(SCHEMA_VERSION)}
        unless_longer = When("attribute_not_exists(#held_until) OR #held_until < :until")
        self._tell(limited, "SET #held_until = :until, #expires = :expires, #v = :v", values, unless_longer)

    def note_day(self, limited: Limited, day: DayLeft) -> None:
        """What is left of the day. Raises TryLater."""
        values = {
            ":left": number(day.left),
            ":floor": number(day.floor),
            ":dearest": number(day.dearest),
            ":at": moment(day.at),
            ":expires": expires(day.at),
            ":v": number(SCHEMA_VERSION),
        }
        changes = "SET #day_left = :left, #day_floor = :floor, #day_dearest = :dearest, #day_at = :at"
        unless_newer = When("attribute_not_exists(#day_at) OR #day_at < :at")
        self._tell(limited, f"{changes}, #expires = :expires, #v = :v", values, unless_newer)

    def hold_app(self, provider: Provider, until: datetime) -> None:
        """Nobody takes a block before `until`. Raises TryLater."""
        with suppress(ConditionFailed), _answering():  # somebody knows better
            self._app.hold(provider, until)

    def reads_used(self, provider: Provider, now: datetime) -> int:
        """The month's metered reads of the whole app, at most five minutes old. Raises TryLater."""
        month = month_of(now)
        used, read_at = self.months.get((provider, month), (0, None))
        if read_at is None or now - read_at >= _MONTH_IS_KNOWN_FOR:
            with _answering():
                item = self.table.get(keys.month_of_reads(provider, month), consistent=False)
            used = read_number(item, "used") if item else 0
            self._know(provider, month, used, now)
        return used

    def _count_block(self, provider: Provider, limited: Limited, item: Item, now: datetime) -> None:
        month = month_of(now)
        if not completes_block(read_number(item, reads(month)), _phase(limited, month)):
            return
        add = Update(
            keys.month_of_reads(provider, month),
            "SET #used = if_not_exists(#used, :none) + :block, #expires = :expires, #v = :v",
            {":none": number(0), ":block": number(BLOCK), ":expires": expires(now), ":v": number(SCHEMA_VERSION)},
            When(""),
        )
        with suppress(TryLater), _answering():  # the permit stands, whatever becomes of the sum
            self._know(provider, month, read_number(self.table.update(add), "used"), now)

    @property
    def _app(self) -> DynamoAppWindow:
        return DynamoAppWindow(self.table, self.blocks)

    def _app_wait(self, provider: Provider, window: Window, asker: Asker, now: datetime) -> float:
        with _answering():
            return self._app.wait(provider, window, asker, now)

    def _know(self, provider: Provider, month: str, used: int, now: datetime) -> None:
        for old in [known for known in self.months if known[1] != month]:
            del self.months[old]
        self.months[provider, month] = (used, now)

    def _tell(self, limited: Limited, changes: str, values: Mapping[str, Value], when: When) -> None:
        with suppress(ConditionFailed), _answering():  # somebody knows better
            self.table.write(Update(_key(limited), changes, values, when))

    def _write(self, key: Key, taking: Taking) -> Item:
        """The item after the update. Raises _Refused with the item as it is where the condition does not hold."""
        changes, condition = taking.changes(), taking.condition()
        arguments: dict[str, Any] = {
            "TableName": self.table.name,
            "Key": {"pk": {"S": key.pk}, "sk": {"S": key.sk}},
            "UpdateExpression": changes,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in set(_NAME.findall(f"{changes} {condition}"))},
            "ExpressionAttributeValues": taking.values,
        }
        try:
            with _answering():
                answer = self.table.client.update_item(
                    **arguments, ReturnValues="ALL_NEW", ReturnValuesOnConditionCheckFailure="ALL_OLD"
                )
        except ConditionFailed as failed:
            raise _Refused(self._seen(key, failed)) from None
        return answer["Attributes"]

    def _seen(self, key: Key, failed: ConditionFailed) -> Item:
        """The item that the condition failed on; DynamoDB Local does not send it along."""
        response: Any = getattr(failed.__cause__, "response", {})
        if "Item" in response:
            item: Item = response["Item"]
            return item
        with _answering():
            return self.table.get(key) or {}


class _Refused(Exception):
    """The condition did not hold. Stays inside this module."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item


@contextmanager
def _answering() -> Iterator[None]:
    """Whatever keeps the table from answering is TryLater here: no call is to fail for want of a count."""
    try:
        with translated():
            yield
    except (ClientError, BotoCoreError, Conflict) as error:
        raise TryLater("The limits could not be read.", retry_after=2) from error


def _meter(item: Item) -> Meter:
    counts: dict[str, dict[int, int]] = {}
    for name in item:
        if slot := SLOT.fullmatch(name):
            window, count = divmod(read_number(item, name), SCALE)
            counts.setdefault(slot[1], {})[window] = count
    return Meter(counts, read_optional_moment(item, "held_until"), _day(item))


def _day(item: Item) -> DayLeft | None:
    if "day_at" not in item:
        return None
    left, floor, dearest = (read_number(item, f"day_{name}") for name in ("left", "floor", "dearest"))
    return DayLeft(left, floor, dearest, read_moment(item, "day_at"))


def _key(limited: Limited) -> Key:
    match limited:
        case BooksLimit(provider, tenant):
            return keys.books_limit(provider, tenant)
        case CrmLimit(company):
            return keys.crm_limit(company)


def _phase(limited: Limited, month: str) -> int:
    digest = hashlib.sha256(f"{_key(limited)}/{month}".encode()).hexdigest()
    return int(digest[:8], 16) % BLOCK
