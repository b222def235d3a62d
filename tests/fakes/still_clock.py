"""A clock that moves only when told."""

from datetime import UTC, datetime, timedelta


class StillClock:
    """ports.Clock; sleeping moves it."""

    def __init__(self, at: datetime = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)) -> None:
        self.at = at
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)

    def time_left(self) -> float:
        return 29.0

    def move(self, **span: float) -> None:
        self.at += timedelta(**span)
