"""The due index, and the two attributes that put an item into it.

dispatch_due starts cold with this module: it imports neither pydantic nor an HTTP client.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from duebill.domain.due import DueId, DueKind
from duebill.errors import ConditionFailed
from duebill.storage import keys
from duebill.storage.keys import Key
from duebill.storage.table import Table, key_of
from duebill.storage.values import Item, read_optional_text, text
from duebill.storage.writes import Update, When


@dataclass(frozen=True, slots=True)
class DynamoDueWork:
    """ports.DueWork on the sparse index `due`. `late` notes by how much the longest due of each shard was overdue."""

    table: Table
    late: list[timedelta] = field(default_factory=list, compare=False, repr=False)

    def claim(self, kind: DueKind, shard: int, *, now: datetime, again_at: datetime, limit: int) -> tuple[DueId, ...]:
        """What is due by `now`, the longest due first, each moved on to `again_at`. Raises TryLater."""
        rows = self.table.due(keys.due_partition(kind, shard), keys.due_before(now), limit)
        if rows and (since := due_at_of(rows[0])):
            self.late.append(now - since)
        return tuple(keys.due_id(kind, key_of(row)) for row in rows if self._claim(row, again_at))

    def _claim(self, row: Item, again_at: datetime) -> bool:
        key = key_of(row)
        move = Update(
            key,
            "SET #due_sk = :again",
            {":again": text(keys.due_place(key, again_at))},
            # Another claimed it, or its worker has set the real time, or it is gone: the index lags behind.
            When("#due_pk = :pk AND #due_sk = :seen", {":pk": row["due_pk"], ":seen": row["due_sk"]}),
        )
        try:
            self.table.write(move)
        except ConditionFailed:
            return False
        return True


def due_attributes(kind: DueKind, key: Key, at: datetime | None) -> Item:
    """What puts an item into the index at `at`; nothing for one that is not due."""
    if at is None:
        return {}
    return {
        "due_pk": text(keys.due_partition(kind, keys.shard_of(key))),
        "due_sk": text(keys.due_place(key, at)),
    }


def due_at_of(item: Item) -> datetime | None:
    """When an item is due as the index has it: a claim moves that without touching the item's document."""
    place = read_optional_text(item, "due_sk")
    return datetime.fromisoformat(place.split("#", 1)[0]) if place else None
