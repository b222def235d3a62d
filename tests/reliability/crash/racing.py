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
from itertools import product
from typing import Any

from tests.reliability.crash.crowds import expired_tokens, one_due_work, one_key, two_people
from tests.reliability.crash.lease import killed_holders
from tests.reliability.crash.town import Town
from tests.reliability.crash.vendors import QUICKBOOKS, XERO

RACES: dict[str, Callable[[Town], Any]] = {
    "expired_tokens": lambda town: expired_tokens(town, people=50),
    "one_key": lambda town: one_key(town, rounds=5, people=10),
    "one_due_work": lambda town: one_due_work(town, pieces=12, dispatchers=20),
    "two_people": lambda town: two_people(town, rounds=20),
    "killed_holders": killed_holders,
}
_ON_A_STILL_CLOCK = ("killed_holders",)
# What is not listed for a provider has nothing to do with which one it is.
_OF_XERO = ("expired_tokens", "one_key", "killed_holders")


def main() -> int:
    """Exit status: 0 when all were run; the tests judge."""
    options = argparse.ArgumentParser(prog="python -m tests.reliability.crash.racing", description=__doc__)
    options.add_argument("races", nargs="*", help=f"some of: {', '.join(RACES)}")
    chosen = options.parse_args().races or list(RACES)
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for vendor, real_time in product((QUICKBOOKS, XERO), (True, False)):
        names = [name for name in chosen if (name not in _ON_A_STILL_CLOCK) is real_time]
        if vendor is XERO:
            names = [name for name in names if name in _OF_XERO]
        if names:
            with Town(vendor, real_time=real_time) as town:
                for name in names:
                    print(json.dumps({f"{name}/{vendor.name}": RACES[name](town)}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
