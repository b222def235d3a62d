"""What a handler talks to while it is measured, all outside its process: the sandbox, with a company that has begun.

Ada has installed and connected both books, saved their settings, and invoiced one deal.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.pipedrive.seed import ADA, COMPANY
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.running import Ports, Sandbox
from sandbox.walkthrough.browser import Browser
from sandbox.walkthrough.report import Counts, Report
from sandbox.walkthrough.story import Story

PLENTY = 1_000_000  # of calls: what is measured is memory, not patience
AWS = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True, slots=True)
class StandIns:
    """The environment of a function, what stands in sample events for a token and each connection, and the books."""

    environment: dict[str, str]
    words: dict[str, str]
    quickbooks: QuickBooks


@contextmanager
def stand_ins() -> Iterator[StandIns]:
    """Starts them all on loopback."""
    sandbox = Sandbox(Ports(0, 0, 0, 0))
    browser = Browser(sandbox.addresses.api)
    try:
        story = Story(browser, Report(lambda: Counts(0, 0, 0, 0), out=None), sandbox.addresses.pipedrive)
        story.begin()
        pipedrive, quickbooks = sandbox.outside.pipedrive, sandbox.outside.quickbooks
        pipedrive.limits.burst = quickbooks.limits.per_minute = quickbooks.limits.batches_per_minute = PLENTY
        pipedrive.companies[COMPANY].daily_budget = PLENTY
        words = {
            "Bearer TOKEN": f"Bearer {pipedrive.signed_token(COMPANY, ADA, ttl=3600)}",
            "us-connection": story.desk.connections[US_REALM],
            "uk-connection": story.desk.connections[UK_REALM],
        }
        yield StandIns(AWS | sandbox.aws_environment() | sandbox.environment, words, quickbooks)
    finally:
        browser.close()
        sandbox.stop()
