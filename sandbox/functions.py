"""The Lambda service, as far as the handlers can tell: loads them, calls them, and says how much time is left."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import uuid4

from sandbox.template import Function

Handler = Callable[[dict[str, Any], object], Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda hands to a handler beside the event; `seconds` is a clock that runs while the handler does."""

    function_name: str
    seconds: Callable[[], float]
    ends_at: float
    memory_limit_in_mb: int = 512
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def invoked_function_arn(self) -> str:
        """A name such as AWS gives."""
        return f"arn:aws:lambda:us-east-1:000000000000:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would end this invocation."""
        return max(int((self.ends_at - self.seconds()) * 1000), 0)


class Functions:
    """One container for each function: it handles one event at a time, as a Lambda container does."""

    def __init__(self, functions: dict[str, Function], seconds: Callable[[], float]) -> None:
        self.seconds = seconds
        self._functions = functions
        self._handlers: dict[str, Handler] = {}
        self._locks = {name: Lock() for name in functions}

    def load(self) -> None:
        """Import every handler now, so that no first caller waits for it."""
        for name in self._functions:
            self._handler(name)

    def invoke(self, name: str, event: dict[str, Any]) -> Any:  # noqa: ANN401  what a handler returns is its own affair
        """What the handler returns. Raises what it raises."""
        with self._locks[name]:
            ends_at = self.seconds() + self._functions[name].timeout
            return self._handler(name)(event, Context(name, self.seconds, ends_at))

    def _handler(self, name: str) -> Handler:
        if name not in self._handlers:
            self._handlers[name] = importlib.import_module(f"functions.{name}.app").lambda_handler
        return self._handlers[name]
