"""5,000 invoices of one customer, listed to the end by one handler in a process of its own; in each provider's books.

Prints how many questions the books were asked, whether every invoice was listed exactly once and the sums are right,
the time of each page, the largest answer and the peak of memory; exit status 1 where the list is not whole, where there
were more questions than pages, or where the peak is beyond 110 MB. Reads /proc, so Linux only.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.memory import Context, peak, resident
from bench.stand_ins import AWS, PLENTY
from duebill.use_cases.list_customer_invoices import PAGE
from sandbox.pipedrive.seed import ADA, COMPANY, DEAL_UK_DISCOUNTS
from sandbox.quickbooks.seed import UK_REALM
from sandbox.running import Ports, Sandbox
from sandbox.walkthrough.browser import Browser
from sandbox.walkthrough.desk import Desk
from sandbox.xero.seed import UK_TENANT
from tests.fakes.many_invoices import enter_in_quickbooks, enter_in_xero

INVOICES = 5000
DAYS = 300
LINES = 2  # times those of the invoice that is copied
MOST_MEGABYTES = 110
DEAL = DEAL_UK_DISCOUNTS
BOOKS = {"quickbooks": UK_REALM, "xero": UK_TENANT}
_SAMPLE = Path("events/deal_invoices/customer_invoices.json")


def main() -> int:
    """Exit status: 0 when the lists are whole, in as many questions as pages, within the memory."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--books", choices=[*BOOKS, "both"], default="both", help="which provider (%(default)s)")
    options.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        print(json.dumps(measure()))
        return 0
    return max(_of(books) for books in (BOOKS if chosen.books == "both" else [chosen.books]))


def _of(books: str) -> int:
    """The list of one provider's books, in a process of its own."""
    sandbox = Sandbox(Ports(0, 0, 0, 0))
    browser = Browser(sandbox.addresses.api)
    try:
        like = _invoice(sandbox, browser, BOOKS[books])
        outside = sandbox.outside
        outside.pipedrive.limits.burst = PLENTY
        outside.quickbooks.limits.per_minute = outside.xero.limits.per_minute = PLENTY
        days = [date.fromisoformat(like["issued_on"]) - timedelta(days=number % DAYS) for number in range(INVOICES)]
        entered = _enter(sandbox, books, like, days[1:])
        calls = (outside.quickbooks if books == "quickbooks" else outside.xero).faults.calls
        before = len(calls)
        words = {
            "Bearer TOKEN": f"Bearer {outside.pipedrive.signed_token(COMPANY, ADA, ttl=3600)}",
        }
        environment = AWS | sandbox.aws_environment() | sandbox.environment | {"BENCH_WORDS": json.dumps(words)}
        command = [sys.executable, "-m", "bench.lists", "--measure"]
        result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        asked = [call for call in calls[before:] if "/query" in call or "/Invoices" in call]
    finally:
        browser.close()
        sandbox.stop()
    if result.returncode != 0:
        print(f"The measured process ended with {result.returncode}.", file=sys.stderr)
        return 1
    return _judge(books, json.loads(result.stdout.splitlines()[-1]), entered, len(asked))


def measure() -> dict[str, Any]:
    """Lists to the end in this process. Sizes in MB, times in seconds."""
    handler = importlib.import_module("functions.deal_invoices.app").lambda_handler
    rows: dict[str, str] = {}
    found: dict[str, Any] = {"listed": 0, "seconds": [], "largest": 0.0}
    cursor: str | None = None
    while True:
        began = time.monotonic()
        answer = handler(_event(cursor), Context())
        found["seconds"].append(time.monotonic() - began)
        if answer["statusCode"] != 200:
            raise SystemExit(answer["body"])
        found["largest"] = max(found["largest"], len(answer["body"]) / 1_000_000)
        page = json.loads(answer["body"])
        found["listed"] += len(page["invoices"])
        rows |= {row["id"]: row["amount_due"]["amount"] for row in page["invoices"]}
        cursor = page["cursor"]
        if cursor is None:
            return found | {"rows": rows, "totals": page["totals"], "peak": peak(), "end": resident()}


def _invoice(sandbox: Sandbox, browser: Browser, tenant: str) -> dict[str, Any]:
    """The deal's invoice in these books, which are the only ones that are connected."""
    crm = Browser(sandbox.addresses.pipedrive)
    crm.control("POST", "crm/ready", {"users": [ADA], "books": [tenant]})
    crm.close()
    desk = Desk(browser)
    [connected] = desk.call("GET", "/connections")["connections"]
    desk.connections[tenant] = connected["id"]
    form = desk.open_form(DEAL, tenant)
    desk.link_customer(form, form.prefill["customer_suggestions"][0])
    desk.take_suggested_items(form)
    desk.fill_open_lines(form, desk.find_item(form, "consult"))
    form.draft["creation"] = "approve"  # a draft would owe nothing
    return desk.create(form)


def _enter(sandbox: Sandbox, books: str, like: Mapping[str, Any], days: list[date]) -> Mapping[str, Decimal]:
    """Leave the customer this invoice alone, longer than it was, then copy it; what is due of each."""
    is_xero, number = books == "xero", like["id"]
    if is_xero:
        org = sandbox.outside.xero.organisations[UK_TENANT]
        rows, who, line, due = org.rows("Invoice"), ("Contact", "ContactID"), "LineItems", "AmountDue"
    else:
        company = sandbox.outside.quickbooks.companies[UK_REALM]
        rows, who, line, due = company.rows("Invoice"), ("CustomerRef", "value"), "Line", "Balance"
    ours = rows[number]
    customer = ours[who[0]][who[1]]
    for key in [key for key, doc in rows.items() if doc[who[0]][who[1]] == customer and key != number]:
        del rows[key]
    rows[number] = ours | {line: ours[line] * LINES}
    print(f"lines of each     {len(rows[number][line])}")
    if is_xero:
        enter_in_xero(org, number, days)
    else:
        enter_in_quickbooks(company, number, days)
    return {key: Decimal(doc[due]) for key, doc in rows.items() if doc[who[0]][who[1]] == customer}


def _event(cursor: str | None) -> dict[str, Any]:
    text = _SAMPLE.read_text()
    for word, real in json.loads(os.environ["BENCH_WORDS"]).items():
        text = text.replace(word, real)
    event: dict[str, Any] = json.loads(text)
    path = f"/deals/{DEAL}/customer/invoices"
    event |= {"rawPath": path, "pathParameters": {"deal_id": str(DEAL)}, "rawQueryString": ""}
    event["requestContext"]["http"]["path"] = path
    event["queryStringParameters"] = {"cursor": cursor} if cursor else {}
    return event


def _judge(books: str, found: dict[str, Any], entered: Mapping[str, Decimal], asked: int) -> int:
    pages = -(-len(entered) // PAGE)
    rows = {key: Decimal(due) for key, due in found["rows"].items()}
    outstanding = Decimal(found["totals"][0]["outstanding"]["amount"])
    is_whole = rows == dict(entered) and found["listed"] == len(entered)
    is_right = is_whole and outstanding == sum(entered.values())
    print(f"books             {books}")
    print(f"invoices          {len(entered)}, listed {found['listed']}, different ones {len(rows)}")
    print(f"whole and right   {'yes' if is_right else 'NO'}; outstanding {outstanding}")
    print(f"questions         {asked} for {pages} pages of {PAGE}")
    seconds = found["seconds"]
    print(f"time              {sum(seconds):.1f} s, slowest page {max(seconds):.1f} s")
    print(f"largest answer    {found['largest']:.2f} MB")
    print(f"peak              {found['peak']:.1f} MB, at the end {found['end']:.1f} MB\n")
    return 0 if is_right and asked <= pages and found["peak"] <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
