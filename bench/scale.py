"""Writes docs/scale.md: what 100, 10,000 and 100,000 connections cost, from measured counts and published prices.

The counts are those of `python -m bench.refresh` (its result lies in .cache/bench-refresh.json; the ones below are of
the run that the document names). Prices are of us-east-1; the vendors' fees as others report them.
"""

import json
import sys
from pathlib import Path
from string import Template
from typing import Any

from bench.refresh import RESULT

TARGET = Path("docs/scale.md")
TEXT = Path(__file__).with_name("scale.md.template")

type Row = dict[str, Any]

SIZES = (100, 10_000, 100_000)

# Of one connection in an average month: assumptions, and all of them.
DAYS = 30
NEAR_SHARE = 0.5  # of connections have something due soon or overdue: a sweep every 4 hours; the others daily
INVOICES_MADE = 40
CHANGES = 60  # of linked invoices: payments, edits, voids
WEBHOOKS = 150  # posts, other invoices' and payments' among them
MONEY_READS = 40  # batches of payments that name no invoice, while something is unsettled
PANELS = 400  # requests of the pages

# AWS, dollars (docs/data-model.md, facts of the price pages).
WRITE_UNIT, READ_UNIT = 0.625e-6, 0.125e-6
MESSAGE, API_CALL, LAMBDA_CALL, GB_SECOND = 0.40e-6, 1.00e-6, 0.20e-6, 0.0000166667
LOG_GB, LOG_BYTES_A_CALL = 0.50, 900
SECONDS_A_SWEEP, SECONDS_A_WEBHOOK, SECONDS_A_PANEL = 0.6, 0.05, 0.4
MEMORY_GB = {"sweep": 0.5, "webhook": 1.0, "panel": 1.0}

# Intuit's tiers as third parties quote the Program Guide: metered reads a month, fee, dollars per 1,000 above.
INTUIT = ((500_000, 0, None), (1_000_000, 300, 3.50), (10_000_000, 1_700, None), (75_000_000, 4_500, 0.25))
# Xero's tiers: connections at most, fee a month. The fees of the larger ones were not found in dollars.
XERO = ((5, "Starter, free"), (50, "Core"), (1_000, "Plus, after certification"))


def main() -> int:
    """Exit status 0; 2 where nothing was measured yet."""
    if not RESULT.is_file():
        print("Nothing is measured yet: run 'make bench-refresh'.", file=sys.stderr)
        return 2
    measured = {row["provider"]: row for row in json.loads(RESULT.read_text()) if row["way"] == "sweep"}
    naive = {row["provider"]: row for row in json.loads(RESULT.read_text()) if row["way"] == "naive"}
    TARGET.write_text(document(measured, naive))
    print(f"{TARGET} is written.")
    return 0


def document(measured: dict[str, Row], naive: dict[str, Row]) -> str:
    """The whole page."""
    tables = "\n".join(_provider_table(provider, row) for provider, row in measured.items())
    filled = {"measured": _measured_table(measured, naive), "tables": tables, **_assumptions()}
    return Template(TEXT.read_text()).substitute(filled)


def sweeps_a_month() -> float:
    """Of one connection."""
    return DAYS * (NEAR_SHARE * 6 + (1 - NEAR_SHARE))


def reads_a_month(row: Row) -> float:
    """Questions to the books, of one connection."""
    return sweeps_a_month() * float(row["calls"]) / float(row["connections"]) + MONEY_READS + CHANGES / 2


def aws_a_month(row: Row) -> float:
    """Dollars for one connection."""
    sweeps = sweeps_a_month()
    measured = float(row["read_units"]) * READ_UNIT + float(row["write_units"]) * WRITE_UNIT
    units = sweeps * measured / float(row["connections"])
    units += INVOICES_MADE * 60 * WRITE_UNIT + CHANGES * 30 * WRITE_UNIT + PANELS * 8 * READ_UNIT
    calls = sweeps + WEBHOOKS + PANELS
    seconds = (
        sweeps * SECONDS_A_SWEEP * MEMORY_GB["sweep"]
        + WEBHOOKS * SECONDS_A_WEBHOOK * MEMORY_GB["webhook"]
        + PANELS * SECONDS_A_PANEL * MEMORY_GB["panel"]
    )
    logs = calls * LOG_BYTES_A_CALL / 1e9 * LOG_GB
    messages = (sweeps + WEBHOOKS) * 3 * MESSAGE
    return units + calls * LAMBDA_CALL + seconds * GB_SECOND + (WEBHOOKS + PANELS) * API_CALL + messages + logs


def intuit_fee(reads: float) -> tuple[str, float]:
    """The cheapest tier for so many metered reads, and its dollars a month."""
    offers: list[tuple[float, str]] = []
    for allowed, base, above in INTUIT:
        if reads <= allowed:
            offers.append((base, f"{allowed:,} reads"))
        elif above is not None:
            offers.append((base + (reads - allowed) / 1000 * above, f"{allowed:,} reads and more by piece"))
    fee, name = min(offers)
    return name, fee


def _provider_table(provider: str, row: Row) -> str:
    title = {"quickbooks": "QuickBooks", "xero": "Xero"}[provider]
    lines = [
        f"## {title}\n",
        "| Connections | Calls to the books a month | AWS a month | The vendor's fee | Together |",
        "|---|---|---|---|---|",
    ]
    for size in SIZES:
        reads, aws = reads_a_month(row) * size, aws_a_month(row) * size
        if provider == "quickbooks":
            tier, fee = intuit_fee(reads)
            shown, total = f"${fee:,.0f} ({tier})", f"${aws + fee:,.0f}"
        else:
            tier = next((name for most, name in XERO if size <= most), "Advanced, as agreed with Xero")
            shown, total = tier, f"${aws:,.0f} + fee"
        lines.append(f"| {size:,} | {reads:,.0f} | ${aws:,.0f} | {shown} | {total} |")
    return "\n".join(lines) + "\n"


def _measured_table(measured: dict[str, Row], naive: dict[str, Row]) -> str:
    lines = [
        "| | Connections × unsettled | Changed | Calls a connection | Read units a change | Write units a change |",
        "|---|---|---|---|---|---|",
    ]
    for provider, row in measured.items():
        for way, each in (("sweep", row), ("one question an invoice", naive[provider])):
            per = max(each["changed"], 1)
            lines.append(
                f"| {provider}, {way} | {each['connections']:,} × {each['invoices'] // each['connections']} | "
                f"{each['changed']:,} | {each['calls'] / each['connections']:.2f} | {each['read_units'] / per:.1f} | "
                f"{each['write_units'] / per:.1f} |"
            )
    return "\n".join(lines) + "\n"


def _assumptions() -> dict[str, object]:
    return {
        "near": f"{NEAR_SHARE:.0%}",
        "sweeps": f"{sweeps_a_month():.0f}",
        "made": INVOICES_MADE,
        "changes": CHANGES,
        "webhooks": WEBHOOKS,
        "money": MONEY_READS,
        "panels": PANELS,
    }


if __name__ == "__main__":
    sys.exit(main())
