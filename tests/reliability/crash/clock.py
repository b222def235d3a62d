"""One clock for several processes: how far it was pushed stands in a file that all of them map."""

import mmap
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.clock import SandboxClock

_BYTES = 8
_MICROSECOND = timedelta(microseconds=1)


class SharedClock(SandboxClock):
    """A `start` makes it stand still until it is pushed; without one it runs, and all processes read the same."""

    def __init__(self, file: Path, start: datetime | None) -> None:
        super().__init__(start)
        self._start = start
        with file.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), _BYTES)

    def now(self) -> datetime:
        """The time now, in UTC."""
        return (self._start or datetime.now(UTC)) + self._read() * _MICROSECOND

    def push(self, by: timedelta) -> datetime:
        """Let time pass at once, for every process. Raises ValueError for a negative span."""
        if by < timedelta(0):
            raise ValueError("time does not go back")
        self._map[:] = (self._read() + by // _MICROSECOND).to_bytes(_BYTES)
        return self.now()

    def _read(self) -> int:
        return int.from_bytes(self._map[:])


def new_clock_file(folder: Path) -> Path:
    """A clock that was never pushed."""
    file = folder / f"clock-{os.getpid()}"
    file.write_bytes(bytes(_BYTES))
    return file
