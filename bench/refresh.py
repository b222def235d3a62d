"""What a sweep costs: companies × unsettled invoices of which a share has changed, in both providers' books.

On DynamoDB Local, which says what each call consumes, and on simulators that count their calls. Beside it, in the same
run, the naive way for some of the companies: one question for each invoice, written down whatever it says.

    python -m bench.refresh --companies 1000 --invoices 100 --changed 0.01
"""

import argparse
import json
import logging
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from bench.crowd import SWEPT_EVERY, Crowd
from bench.units import Units
from duebill.domain.connection import Provider
from sandbox.tabletop import Tabletop
from sandbox.tabletop_on_dynamodb import database, tabletop_on

RESULT = Path(".cache") / "bench-refresh.json"
_TICK = {"detail-type": "Scheduled Event", "source": "aws.events"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One way of one provider, over all its companies."""

    provider: str
    way: str
    connections: int
    invoices: int
    changed: int
    calls: int
    most_calls: int
    read_units: float
    write_units: float
    messages: int
    seconds: float

    def line(self) -> str:
        """For a person."""
        per = max(self.changed, 1)
        return (
            f"{self.provider:11} {self.way:6} {self.connections:5} connections {self.changed:6} changed | "
            f"provider calls {self.calls:7}, {self.calls / self.connections:6.2f} a connection "
            f"(most {self.most_calls}), "
            f"{self.calls / per:6.2f} a change | "
            f"RCU {self.read_units:9.1f} ({self.read_units / per:6.1f} a change) "
            f"WCU {self.write_units:9.1f} ({self.write_units / per:6.1f} a change) | {self.messages} messages | "
            f"{self.seconds:6.1f} s"
        )


class Bench:
    """The table top on DynamoDB Local, with everything counted."""

    def __init__(self, tabletop: Tabletop) -> None:
        self.tabletop = tabletop
        self.units = Units(tabletop.cloud.dynamodb)

    def sweep(self, crowd: Crowd, changed: int) -> Measured:
        """All sweeps of the crowd that are due, by dispatch_due, the queue and the worker."""
        self._forget()
        begun, messages = time.perf_counter(), 0
        while done := self.tabletop.schedule.run_once():
            messages += done
        return self._measured(crowd, "sweep", len(crowd.members), changed, messages, time.perf_counter() - begun)

    def naive(self, crowd: Crowd, most: int) -> Measured:
        """One question an invoice, each answer written."""
        from duebill.use_cases.record_reading import RecordReading

        self._forget()
        begun, changed = time.perf_counter(), 0
        some = crowd.members[:most]
        for member in some:
            for invoice in member.invoices:
                self.tabletop.clock.push(timedelta(seconds=5))  # no limit is to be met
                wiring = self.tabletop.wiring()
                record = RecordReading(wiring.invoices, wiring.clock, member.connection.tenant.time_zone)
                reading = wiring.books(member.connection).read_invoices([invoice])
                [link] = wiring.invoices.linked(member.connection.company, member.connection.id, [invoice])
                after = record(link, reading.found[0], reading.started_at, write_back_at=None)
                changed += after.invoice != link.invoice
        return self._measured(crowd, "naive", len(some), changed, 0, time.perf_counter() - begun)

    def _forget(self) -> None:
        self.units.taken()
        for simulator in (self.tabletop.quickbooks, self.tabletop.xero):
            simulator.faults.calls.clear()

    def _measured(
        self, crowd: Crowd, way: str, connections: int, changed: int, messages: int, seconds: float
    ) -> Measured:
        read, written, _ = self.units.taken()
        is_quickbooks = crowd.provider is Provider.QUICKBOOKS
        calls = self.tabletop.quickbooks.faults.calls if is_quickbooks else self.tabletop.xero.faults.calls
        asked = [call for call in calls if "/v3/company/" in call or "/api.xro/" in call]
        by_books = Counter(call.split("/")[3] for call in asked) if is_quickbooks else Counter()
        most = max(by_books.values(), default=0) if is_quickbooks else -(-len(asked) // connections)
        invoices = connections * len(crowd.members[0].invoices)
        name = crowd.provider.value
        return Measured(
            name, way, connections, invoices, changed, len(asked), most, read, written, messages, round(seconds, 1)
        )


def main() -> int:
    """Exit status: 0 when no connection needed more than one read."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--companies", type=int, default=1000, help="at each provider")
    options.add_argument("--invoices", type=int, default=100, help="unsettled ones of each company")
    options.add_argument("--changed", type=float, default=0.01, help="share that changed")
    options.add_argument("--naive", type=int, default=20, help="companies that are also asked the naive way")
    options.add_argument("--provider", choices=[provider.value for provider in Provider], help="only this one's books")
    arguments = options.parse_args()
    logging.disable(logging.WARNING)
    measured: list[Measured] = []
    for provider in Provider if arguments.provider is None else (Provider(arguments.provider),):
        measured += _run(provider, arguments)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([asdict(each) for each in measured], indent=2) + "\n")
    return 0 if all(each.calls <= each.connections for each in measured if each.way == "sweep") else 1


def _run(provider: Provider, arguments: argparse.Namespace) -> list[Measured]:
    with database() as address, tabletop_on(address) as tabletop:
        tabletop.quickbooks.limits.per_minute = tabletop.quickbooks.limits.batches_per_minute = 10_000_000
        crowd = Crowd(tabletop, provider, arguments.companies, arguments.invoices)
        bench = Bench(tabletop)
        # Nobody's token is old: a sweep four hours later renews each, and that is no question to the books.
        tabletop.clock.push(SWEPT_EVERY + timedelta(minutes=1))
        changed = crowd.pay_some(arguments.changed)
        found = [bench.sweep(crowd, changed)]
        print(found[0].line(), flush=True)
        tabletop.clock.push(timedelta(minutes=1))
        crowd.pay_some(arguments.changed)
        found.append(bench.naive(crowd, arguments.naive))
        print(found[1].line(), flush=True)
        return found


if __name__ == "__main__":
    sys.exit(main())
