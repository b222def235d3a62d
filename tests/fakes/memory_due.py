"""What is due, in memory."""

import zlib
from datetime import datetime
from threading import RLock

from duebill.domain.due import SHARDS, DueId, DueKind
from duebill.domain.ids import CompanyId


class MemoryDueWork:
    """ports.DueWork; the other memory stores tell it what is due."""

    def __init__(self) -> None:
        self.at: dict[DueId, datetime] = {}
        self._lock = RLock()

    def claim(self, kind: DueKind, shard: int, *, now: datetime, again_at: datetime, limit: int) -> tuple[DueId, ...]:
        with self._lock:
            of_shard = [work for work in self.at if work.kind is kind and _shard_of(work) == shard]
            due = sorted((work for work in of_shard if self.at[work] <= now), key=lambda work: self.at[work])[:limit]
            self.at.update(dict.fromkeys(due, again_at))
            return tuple(due)

    def get(self, work: DueId) -> datetime | None:
        return self.at.get(work)

    def set(self, work: DueId, at: datetime | None) -> None:
        with self._lock:
            self.at.pop(work, None)
            if at is not None:
                self.at[work] = at

    def erase(self, company: CompanyId) -> int:
        with self._lock:
            for work in [work for work in self.at if work.company == company]:
                del self.at[work]
        return 0  # nothing of its own: a part of the items that are due


def _shard_of(work: DueId) -> int:
    return zlib.crc32(repr(work).encode()) % SHARDS
