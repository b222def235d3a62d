"""The work queue, in memory."""

from collections.abc import Sequence

from duebill.domain.due import DueId


class MemoryWorkQueue:
    """ports.WorkQueue that keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[DueId] = []

    def send(self, work: Sequence[DueId]) -> None:
        self.sent.extend(work)
