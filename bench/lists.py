"""5,000 invoices of one customer, listed to the end by one handler in a process of its own.

Prints how many questions the books were asked, whether every invoice was listed exactly once and the sums are right,
the time of each page, the largest answer and the peak of memory; exit status 1 where the list is not whole, where there
were more questions than pages, or where the peak is beyond 110 MB. Reads /proc, so Linux only.
"""

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
from bench.stand_ins import stand_ins
from duebill.use_cases.list_customer_invoices import PAGE
from sandbox.pipedrive.seed import DEAL_US_SIMPLE
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.seed import US_REALM

INVOICES = 5000
DAYS = 300
LINES = 4  # times those of the invoice that is copied
MOST_MEGABYTES = 110
_SAMPLE = Path("events/deal_invoices/customer_invoices.json")


def main() -> int:
    """Exit status: 0 when the list is whole, in as many questions as pages, within the memory."""
    if "--measure" in sys.argv:
        print(json.dumps(measure()))
        return 0
    command = [sys.executable, "-m", "bench.lists", "--measure"]
    with stand_ins() as around:
        company = around.quickbooks.companies[US_REALM]
        entered = _enter(company)
        before = len(around.quickbooks.faults.calls)
        environment = around.environment | {"BENCH_WORDS": json.dumps(around.words)}
        result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        asked = sum("/query" in call for call in around.quickbooks.faults.calls[before:])
    if result.returncode != 0:
        print(f"The measured process ended with {result.returncode}.", file=sys.stderr)
        return 1
    return _judge(json.loads(result.stdout.splitlines()[-1]), entered, asked)


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


def _enter(company: Company) -> Mapping[str, Decimal]:
    """Leave one invoice of the deal's customer, then copy it; what is due of each."""
    rows = company.rows("Invoice")
    like = next(doc for doc in rows.values() if "Duebill" in str(doc.get("PrivateNote")))
    customer = like["CustomerRef"]["value"]
    for key in [key for key, doc in rows.items() if doc["CustomerRef"]["value"] == customer and doc is not like]:
        del rows[key]
    first = max(int(key) for key in rows) + 1
    for number in range(first, first + INVOICES - 1):
        day = date.fromisoformat(str(like["TxnDate"])) - timedelta(days=number % DAYS)
        rows[str(number)] = like | {
            "Id": str(number),
            "Line": like["Line"] * LINES,
            "TxnDate": day.isoformat(),
            "DueDate": (day + timedelta(days=30)).isoformat(),
            "Balance": Decimal(0) if number % 3 == 0 else like["TotalAmt"],
        }
    return {key: Decimal(doc["Balance"]) for key, doc in rows.items() if doc["CustomerRef"]["value"] == customer}


def _event(cursor: str | None) -> dict[str, Any]:
    text = _SAMPLE.read_text()
    for word, real in json.loads(os.environ["BENCH_WORDS"]).items():
        text = text.replace(word, real)
    event: dict[str, Any] = json.loads(text)
    path = f"/deals/{DEAL_US_SIMPLE}/customer/invoices"
    event |= {"rawPath": path, "pathParameters": {"deal_id": str(DEAL_US_SIMPLE)}, "rawQueryString": ""}
    event["requestContext"]["http"]["path"] = path
    event["queryStringParameters"] = {"cursor": cursor} if cursor else {}
    return event


def _judge(found: dict[str, Any], entered: Mapping[str, Decimal], asked: int) -> int:
    pages = -(-len(entered) // PAGE)
    rows = {key: Decimal(due) for key, due in found["rows"].items()}
    outstanding = Decimal(found["totals"][0]["outstanding"]["amount"])
    is_whole = rows == dict(entered) and found["listed"] == len(entered)
    is_right = is_whole and outstanding == sum(entered.values())
    print(f"invoices          {len(entered)}, listed {found['listed']}, different ones {len(rows)}")
    print(f"whole and right   {'yes' if is_right else 'NO'}; outstanding {outstanding}")
    print(f"questions         {asked} for {pages} pages of {PAGE}")
    seconds = found["seconds"]
    print(f"time              {sum(seconds):.1f} s, slowest page {max(seconds):.1f} s")
    print(f"largest answer    {found['largest']:.2f} MB")
    print(f"peak              {found['peak']:.1f} MB, at the end {found['end']:.1f} MB")
    return 0 if is_right and asked <= pages and found["peak"] <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
