"""Claim what is due and hand it to workers. A claim moves the due time on, so a lost message heals itself."""

from datetime import timedelta

from duebill.domain.due import SHARDS, DueKind
from duebill.ports import Clock, DueWork, WorkQueue

CLAIM_LASTS = timedelta(minutes=15)
MOST_PER_SHARD = 100
_RESERVE_SECONDS = 5.0


def dispatch_due(*, due_work: DueWork, queue: WorkQueue, clock: Clock) -> int:
    """Claim and enqueue all that is due, as far as the time reaches; how many."""
    sent = 0
    for kind in DueKind:
        for shard in range(SHARDS):
            if clock.time_left() < _RESERVE_SECONDS:
                return sent
            now = clock.now()
            claimed = due_work.claim(kind, shard, now=now, again_at=now + CLAIM_LASTS, limit=MOST_PER_SHARD)
            if claimed:
                queue.send(claimed)
                sent += len(claimed)
    return sent
