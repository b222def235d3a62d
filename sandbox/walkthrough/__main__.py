"""`python -m sandbox.walkthrough`: the main job by HTTP alone, on ports of its own.

Exit status 0: every step showed what it should, and books, table and deals agree.
"""

import os
import sys
from dataclasses import dataclass
from typing import Any

from sandbox.cloud import Cloud
from sandbox.local_aws import CannotStart
from sandbox.pipedrive.seed import COMPANY
from sandbox.running import Ports, Sandbox
from sandbox.walkthrough.acting_story import ActingStory
from sandbox.walkthrough.browser import Browser
from sandbox.walkthrough.report import Counts, Report, expect
from sandbox.walkthrough.story import Story
from sandbox.walkthrough.xero_story import XeroStory


@dataclass(frozen=True, slots=True)
class Totals:
    """What there is of invoices: in the books, in our table, on the deals."""

    invoices: int
    links: int
    notes: int


def main() -> int:
    """Exit status."""
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "ERROR")
    failures: list[str] = []
    try:
        sandbox = Sandbox(Ports(0, 0, 0, 0), on_failure=lambda where, error: failures.append(f"{where}: {error!r}"))
    except CannotStart as error:
        print(f"The walkthrough cannot start. {error}", file=sys.stderr)
        return 1
    browser = Browser(sandbox.addresses.api)
    report = Report(lambda: _counts(browser))
    try:
        before = _totals(browser, sandbox)
        story = Story(browser, report, sandbox.addresses.pipedrive)
        story.tell()
        XeroStory(browser, report, story.desk).tell()
        gone = ActingStory(browser, report, story.desk).tell()
        _end(report, before, _totals(browser, sandbox), gone)
        expect("handlers that failed", failures, [])
    except Exception as error:  # noqa: BLE001  whatever went wrong is said in one line, and is the exit status
        print(f"\nNot as it should be: {type(error).__name__}: {error}", file=sys.stderr)
        for failure in failures:
            print(f"  {failure}", file=sys.stderr)
        return 1
    finally:
        browser.close()
        sandbox.stop()
    return 0


def _end(report: Report, before: Totals, after: Totals, gone: int) -> None:
    """`gone`: invoices that were deleted where nothing of them stays."""
    invoices, notes = after.invoices - before.invoices + gone, after.notes - before.notes
    report.say(
        f"\n{report.steps} steps. Invoices that came into the books: {invoices} = links: {after.links} = notes: {notes}"
    )
    expect("links and notes", (after.links, notes), (invoices, invoices))


def _counts(browser: Browser) -> Counts:
    state = browser.control("GET", "state")
    return Counts(state["api_calls"], state["quickbooks"]["calls"], state["xero"]["calls"], state["pipedrive"]["calls"])


def _totals(browser: Browser, sandbox: Sandbox) -> Totals:
    state = browser.control("GET", "state")
    return Totals(
        invoices=sum(realm["invoices"] for realm in state["quickbooks"]["realms"].values())
        + sum(tenant["invoices"] for tenant in state["xero"]["tenants"].values()),
        links=_links(sandbox.cloud, sandbox.environment["TABLE_NAME"]),
        notes=state["pipedrive"]["companies"][str(COMPANY)]["notes"],
    )


def _links(cloud: Cloud, table: str) -> int:
    """How many invoice links the table holds."""
    rows: list[dict[str, Any]] = []
    for page in cloud.dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        rows += page["Items"]
    return sum(1 for row in rows if "#D#" in row["pk"]["S"] and row["sk"]["S"].startswith("LINK#"))


if __name__ == "__main__":
    sys.exit(main())
