"""The real time, and how much of it this invocation has left."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime


class InvocationClock:
    """ports.Clock: the system's time. `remaining` gives the invocation's milliseconds left; None: no end known."""

    def __init__(self, remaining: Callable[[], int] | None = None) -> None:
        self._remaining = remaining

    def now(self) -> datetime:
        """The time now, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def time_left(self) -> float:
        """Seconds until Lambda ends this invocation."""
        return self._remaining() / 1000 if self._remaining else 29.0


class SystemRandomness:
    """ports.Randomness from the operating system."""

    def token(self) -> str:
        """256 random bits as URL-safe text."""
        return secrets.token_urlsafe(32)
