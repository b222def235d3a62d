"""How much memory one function takes, and whether it grows: 500 requests to one handler in a process of its own.

Prints the peak, the growth between request 50 (caches are warm by then) and request 500, and what the answers were: a
figure that comes from error answers alone says little. Reads /proc, so Linux only.
"""

import argparse
import importlib
import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bench.stand_ins import stand_ins

REQUESTS = 500
WARM = 50
_MB = 1024 * 1024


class Context:
    """What the handlers use of Lambda's context."""

    function_name = "bench"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:bench:live"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


def main() -> int:
    """Exit status: 0 when it was measured."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("function", nargs="?", default="deal_invoices", help="a folder of functions/ and of events/")
    options.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    arguments = options.parse_args()
    if not list(_samples(arguments.function)):
        print(f"There is no sample event in events/{arguments.function}/.", file=sys.stderr)
        return 1
    if arguments.measure:
        print(json.dumps(measure(arguments.function)))
        return 0
    return _in_a_process_of_its_own(arguments.function)


def _in_a_process_of_its_own(function: str) -> int:
    """So that only the handler and what it imports are counted, not the stand-ins."""
    command = [sys.executable, "-m", "bench.memory", function, "--measure"]
    with stand_ins() as around:
        environment = around.environment | {"BENCH_WORDS": json.dumps(around.words)}
        result = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
        )
    if result.returncode != 0:
        print(f"The measured process ended with {result.returncode}.", file=sys.stderr)
        return 1
    found = json.loads(result.stdout.splitlines()[-1])
    print(f"function          {function}")
    print(f"requests          {REQUESTS}, answered {', '.join(f'{n} × {s}' for s, n in found['answers'].items())}")
    print(f"peak              {found['peak']:.1f} MB")
    print(f"after request {WARM:<3} {found['warm']:.1f} MB")
    print(f"after request {REQUESTS:<3} {found['end']:.1f} MB")
    print(f"growth            {found['end'] - found['warm']:+.2f} MB")
    return 0


def measure(function: str) -> dict[str, Any]:
    """Feeds this process's handler. Sizes in MB."""
    handler = importlib.import_module(f"functions.{function}.app").lambda_handler
    events = itertools.cycle(_samples(function))
    answers: Counter[str] = Counter()
    warm = 0.0
    for number, text in zip(range(1, REQUESTS + 1), events, strict=False):
        answer = handler(_fresh(json.loads(text), number), Context())
        answers[str(answer.get("statusCode", "no status"))] += 1
        if number == WARM:
            warm = resident()
    return {"answers": answers, "warm": warm, "end": resident(), "peak": peak()}


def _samples(function: str) -> list[str]:
    """The sample events, with a good token and real connections where they have words for them."""
    texts = [path.read_text() for path in sorted(Path("events", function).glob("*.json"))]
    for word, real in json.loads(os.environ.get("BENCH_WORDS", "{}")).items():
        texts = [text.replace(word, real) for text in texts]
    return texts


def _fresh(event: dict[str, Any], number: int) -> dict[str, Any]:
    """A sample has one key for ever; each request has a key of its own."""
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    if "idempotency-key" in headers:
        headers["idempotency-key"] = f"bench-{number:08d}"
    return event | {"headers": headers}


def peak() -> float:
    """The most that this process has held, in MB.

    Not getrusage's ru_maxrss: that one begins with the size of the parent, which holds all the stand-ins.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def resident() -> float:
    """What this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MB


if __name__ == "__main__":
    sys.exit(main())
