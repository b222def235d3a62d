"""Work in a child process of this one, forked warm: it may end at any moment, and the parent learns how far it came."""

import json
import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import httpx

from tests.reliability.crash.line import CRASHED, Line, Plan

LONGEST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: the calls that it made, and what its work returned (None where it crashed)."""

    crashed: bool
    calls: tuple[str, ...]
    result: Any


class ChildFailed(Exception):
    """A child ended otherwise than by its work or by its plan."""


@dataclass(slots=True)
class Child:
    """A child under way."""

    process: int
    pipe: int

    def wait(self) -> Ended:
        """Its end. Raises ChildFailed, also when it took too long; then it is ended here."""
        text = self._read()
        _, status = os.waitpid(self.process, 0)
        code = os.waitstatus_to_exitcode(status)
        lines = text.splitlines()
        calls = tuple(line[1:] for line in lines if line.startswith("C"))
        if code == CRASHED:
            return Ended(crashed=True, calls=calls, result=None)
        said = [line[1:] for line in lines if line.startswith("R")]
        if code != 0 or not said:
            raise ChildFailed(f"a child ended with {code} after {calls[-3:]}: {text[-3000:]}")
        return Ended(crashed=False, calls=calls, result=json.loads(said[-1]))

    def _read(self) -> str:
        ends_at = time.monotonic() + LONGEST_SECONDS
        parts = []
        with os.fdopen(self.pipe, "rb", buffering=0) as pipe:
            while select.select([pipe], [], [], max(ends_at - time.monotonic(), 0))[0]:
                part = pipe.read(65536)
                if not part:
                    return b"".join(parts).decode()
                parts.append(part)
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        raise ChildFailed(f"a child did not end within {LONGEST_SECONDS:.0f} s")


def start(
    work: Callable[[], Any],
    line: Line,
    *,
    plan: Plan | None = None,
    drop: Callable[[httpx.Request], None] = lambda _: None,
) -> Child:
    """Begin `work` in a child; it ends as planned. What it returns is JSON."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        _be_the_child(work, line, plan, drop, writing)
    os.close(writing)
    return Child(process, reading)


def _be_the_child(
    work: Callable[[], Any],
    line: Line,
    plan: Plan | None,
    drop: Callable[[httpx.Request], None],
    writing: int,
) -> NoReturn:
    """Never returns: the parent's own code must not go on in here."""

    def tell(name: str) -> None:
        os.write(writing, f"C{name}\n".encode())

    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        line.begin(plan, tell, drop)
        text = json.dumps(work(), default=str)
        for place in range(0, len(text), 32768):
            os.write(writing, (("R" if place == 0 else "") + text[place : place + 32768]).encode())
        os.write(writing, b"\n")
        os._exit(0)
    except BaseException:  # noqa: BLE001  told to the parent, whatever it is
        os.write(writing, f"E{traceback.format_exc()}".encode())
        os._exit(1)
