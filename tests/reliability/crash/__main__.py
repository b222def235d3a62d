"""`make crash`: every scenario in every variant, broken at each of its calls; exits 1 if one wish was not kept.

Prints a line for each cell as it ends. Two processes share the cells, each with a world of its own.
"""
# ruff: noqa: T201  a command for people

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict

from sandbox.dynamodb_local import what_is_missing
from sandbox.template import ROOT
from tests.reliability.crash.dispatching import play_dispatcher
from tests.reliability.crash.scenarios import SCENARIOS, TOKEN_SCENARIOS, Scenario
from tests.reliability.crash.suite import Result, play
from tests.reliability.crash.town import Town
from tests.reliability.crash.vendors import QUICKBOOKS, VENDORS, XERO, Variant, Vendor

type Cell = tuple[Vendor, Scenario | None, Variant | None]  # None: the dispatcher's own calls


def main() -> int:
    """Exit status: 0 when every wish was kept, 1 when not, 2 when it cannot run here."""
    options = argparse.ArgumentParser(prog="python -m tests.reliability.crash", description=__doc__)
    options.add_argument("--jobs", type=int, default=2, help="processes that share the work (%(default)s)")
    options.add_argument("--every", type=int, default=1, help="take only each n-th crash (%(default)s)")
    options.add_argument("--thorough", action="store_true", help="every point in every variant, for each provider")
    options.add_argument("--books", choices=[*VENDORS, "both"], default="both", help="which provider (%(default)s)")
    options.add_argument("--only", default="", help="only cells whose name holds this")
    options.add_argument("--take-from", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if missing := what_is_missing():
        print(missing, file=sys.stderr)
        return 2
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    vendors = (QUICKBOOKS, XERO) if chosen.books == "both" else (VENDORS[chosen.books],)
    cells = [cell for vendor in vendors for cell in _cells(vendor, thorough=chosen.thorough)]
    cells = [cell for cell in cells if chosen.only in _name(cell)]
    if chosen.take_from is not None:
        return _play(_taken(cells, chosen.take_from), chosen.every, thorough=chosen.thorough)
    return _share_out(cells, chosen.jobs)


def _cells(vendor: Vendor, *, thorough: bool) -> list[Cell]:
    """The longest first, so that all processes end at about the same time."""
    cells: list[Cell] = [
        (vendor, scenario, variant) for scenario in TOKEN_SCENARIOS for variant in vendor.token_variants
    ]
    if not vendor.is_thin or thorough:
        cells.append((vendor, None, None))
    return cells + [
        (vendor, scenario, variant)
        for variant in vendor.variants
        for scenario in SCENARIOS
        if scenario.is_played(vendor, variant, thorough=thorough)
    ]


def _name(cell: Cell) -> str:
    vendor, scenario, variant = cell
    return f"{vendor.name}: " + (f"{scenario.name} / {variant.name}" if scenario and variant else "dispatcher")


def _play(cells: Iterable[Cell], every: int, *, thorough: bool) -> int:
    """One process's part; each result is a line of JSON. A town has one provider's books: another needs a new one."""
    town: Town | None = None
    try:
        for vendor, scenario, variant in cells:
            if town is None or town.vendor is not vendor:
                if town:
                    town.close()
                town = Town(vendor)
            if scenario and variant:
                result = play(town, scenario, variant, every=every, thorough=thorough)
            else:
                result = play_dispatcher(town, every=every)
            print(json.dumps(asdict(result) | {"vendor": vendor.name}), flush=True)
    finally:
        if town:
            town.close()
    return 0


def _taken(cells: list[Cell], tickets: int) -> Iterable[Cell]:
    """The cells that this process gets: a byte from the pipe is the right to one."""
    while ticket := os.read(tickets, 1):
        yield cells[ticket[0]]


def _share_out(cells: list[Cell], jobs: int) -> int:
    began = time.monotonic()
    head = f"{'books':<11} {'scenario':<33} {'variant':<28}"
    print(f"{head} {'points':>6} {'runs':>5} {'failed':>6} {'unreached':>9} {'reconnected':>11} {'s':>5}")
    tickets, offer = os.pipe()
    os.write(offer, bytes(range(len(cells))))
    os.close(offer)
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "tests.reliability.crash", *sys.argv[1:], "--take-from", str(tickets)]
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=writing, pass_fds=[tickets]) for _ in range(jobs)]
    os.close(writing)
    results = []
    try:
        with os.fdopen(reading) as lines:
            for line in lines:
                results.append(Result(**json.loads(line)))
                _show(results[-1])
    finally:
        for worker in workers:
            worker.terminate()
        statuses = [worker.wait() for worker in workers]
    return _sum_up(results, len(cells), statuses, time.monotonic() - began)


def _show(result: Result) -> None:
    print(
        f"{result.vendor:<11} {result.scenario:<33} {result.variant:<28} {result.points:>6} {result.runs:>5} "
        f"{len(result.failures):>6} {result.unreached:>9} {result.reconnects:>11} {result.seconds:>5.0f}",
        flush=True,
    )
    for failure in result.failures:
        print(f"    {failure}", flush=True)


def _sum_up(results: list[Result], expected: int, statuses: list[int], seconds: float) -> int:
    points = {(result.vendor, result.scenario): result.points for result in results}
    runs, failed = sum(result.runs for result in results), sum(bool(result.failures) for result in results)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"\n{sum(points.values())} crash points in {len(points)} scenarios, {runs} runs in {len(results)} cells, "
        f"{failed} cells with failures; {seconds:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of processor."
    )
    if len(results) < expected:
        print(f"Only {len(results)} of {expected} cells came to an end (exit statuses {statuses}).", file=sys.stderr)
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
