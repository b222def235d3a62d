"""The sandbox's time: one clock that all simulators and the product share, and that a person may push forward."""

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Real time plus what was pushed. `now()` is aware and in UTC; it never goes back."""

    def __init__(self, start: datetime | None = None) -> None:
        self._frozen = start
        self._pushed = timedelta(0)

    def now(self) -> datetime:
        """The time now. With a `start` it stands still until `push`."""
        return (self._frozen or datetime.now(UTC)) + self._pushed

    def push(self, by: timedelta) -> datetime:
        """Let time pass at once. Raises ValueError for a negative span."""
        if by < timedelta(0):
            raise ValueError("time does not go back")
        self._pushed += by
        return self.now()
