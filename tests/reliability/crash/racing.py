"""`python -m tests.reliability.crash.racing`: every race once; what came of each, as a line of JSON.

A process of its own, because a process with threads, such as a test run's, must not be forked.
"""
# ruff: noqa: T201  a command for people

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from tests.reliability.crash.crowds import expired_tokens, one_due_work, one_key, two_people
from tests.reliability.crash.lease import killed_holders
from tests.reliability.crash.town import Town

RACES: dict[str, Callable[[Town], Any]] = {
    "expired_tokens": lambda town: expired_tokens(town, people=50),
    "one_key": lambda town: one_key(town, rounds=5, people=10),
    "one_due_work": lambda town: one_due_work(town, pieces=12, dispatchers=20),
    "two_people": lambda town: two_people(town, rounds=20),
    "killed_holders": killed_holders,
}
_ON_A_STILL_CLOCK = ("killed_holders",)


def main() -> int:
    """Exit status: 0 when all were run; the tests judge."""
    options = argparse.ArgumentParser(prog="python -m tests.reliability.crash.racing", description=__doc__)
    options.add_argument("races", nargs="*", help=f"some of: {', '.join(RACES)}")
    chosen = options.parse_args().races or list(RACES)
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for real_time in (True, False):
        names = [name for name in chosen if (name not in _ON_A_STILL_CLOCK) is real_time]
        if names:
            with Town(real_time=real_time) as town:
                for name in names:
                    print(json.dumps({name: RACES[name](town)}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
