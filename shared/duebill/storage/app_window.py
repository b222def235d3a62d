"""How often one app may ask a provider, over all tenants: an item of the app's, written once for fifty calls.

Each container takes a block of permits and uses it up within the minute; what a container leaves of its block is lost,
which errs on the strict side. A window holds, together with the one before it, at most what the provider allows.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import datetime

from duebill.domain.connection import Provider
from duebill.domain.limits import BLOCK, Asker, Window
from duebill.errors import ConditionFailed
from duebill.storage import keys
from duebill.storage.table import Table
from duebill.storage.taking import expires
from duebill.storage.values import Item, moment, number, read_number, read_optional_moment
from duebill.storage.writes import Update, When

_TRIES = 4
_CROWDED_SECONDS = 0.2


@dataclass(slots=True)
class Block:
    """What this container may still use of one window."""

    window: int
    left: int


type KnownBlocks = MutableMapping[Provider, Block]


@dataclass(frozen=True, slots=True)
class DynamoAppWindow:
    """The app's window on the table. `blocks` is what this container holds; it lives as long as the process."""

    table: Table
    blocks: KnownBlocks = field(repr=False)

    def wait(self, provider: Provider, window: Window, asker: Asker, now: datetime) -> float:
        """Seconds until this container has a permit, 0: it has one. Raises what the table raises."""
        current = window.number(now)
        block = self.blocks.get(provider)
        if block and block.window == current and block.left > 0:
            return 0.0
        for _ in range(_TRIES):
            seen = self.table.get(keys.app_window(provider)) or {}
            held = read_optional_moment(seen, "held_until")
            if held and held > now:
                return (held - now).total_seconds()
            taken, before = _counts(seen, current)
            if taken >= window.room(asker, before):
                return window.until(current + (1 if window.room(asker, taken) else 2), now)
            if self._take(provider, seen, current, (taken + BLOCK, before), now):
                self.blocks[provider] = Block(current, BLOCK)
                return 0.0
        return _CROWDED_SECONDS

    def use(self, provider: Provider) -> None:
        """One permit of the block is used."""
        if block := self.blocks.get(provider):
            block.left -= 1

    def hold(self, provider: Provider, until: datetime) -> None:
        """Nobody takes a block before `until`, and this container's own is void. Raises ConditionFailed."""
        self.blocks.pop(provider, None)
        values = {":until": moment(until), ":expires": expires(until)}
        unless_longer = When("attribute_not_exists(#held_until) OR #held_until < :until")
        self.table.write(
            Update(
                keys.app_window(provider),
                "SET #held_until = :until, #expires = :expires, #v = :v",
                values,
                unless_longer,
            )
        )

    def _take(self, provider: Provider, seen: Item, current: int, counts: tuple[int, int], now: datetime) -> bool:
        """Whether the block was taken, and nobody else took one since the item was read."""
        if "taken" in seen:
            unchanged = When("#minute = :seen AND #taken = :had", {":seen": seen["minute"], ":had": seen["taken"]})
        else:
            unchanged = When("attribute_not_exists(#taken)")
        taken, before = counts
        values = {
            ":minute": number(current),
            ":taken": number(taken),
            ":before": number(before),
            ":expires": expires(now),
        }
        change = "SET #minute = :minute, #taken = :taken, #before = :before, #expires = :expires, #v = :v"
        try:
            self.table.write(Update(keys.app_window(provider), change, values, unchanged))
        except ConditionFailed:
            return False
        return True


def _counts(seen: Item, current: int) -> tuple[int, int]:
    """Permits taken in this window and in the one before."""
    if "taken" not in seen:
        return 0, 0
    minute, taken = read_number(seen, "minute"), read_number(seen, "taken")
    if minute == current:
        return taken, read_number(seen, "before")
    return 0, taken if minute == current - 1 else 0
