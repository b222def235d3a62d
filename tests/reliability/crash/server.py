"""The process in which everything outside the product stands: the vendors, moto's AWS, and the control of them.

It sets up one office (installed, connected, settings saved), prints one line of JSON that says where everything is, and
ends when its standard input is closed: so it never outlives whoever started it.
"""

import argparse
import json
import os
import re
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from duebill.domain.connection import Health
from duebill.domain.ids import CompanyId
from sandbox.cloud import Cloud
from sandbox.local_aws import start_aws
from sandbox.outside import Addresses
from sandbox.pipedrive.seed import ADA, COMPANY, DEAL_US_SIMPLE, OBRIEN
from sandbox.serve import LOOPBACK, serve
from sandbox.tabletop import ADDRESSES, Tabletop
from sandbox.wire import Request, Response
from tests.reliability.crash.books import Books, open_books
from tests.reliability.crash.clock import SharedClock

Doc = dict[str, Any]


class Control:
    """What the driver asks of the world: JSON in and out, one POST for each method below."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.office = books.office
        self.tabletop = self.office.tabletop
        self.pipedrive = self.tabletop.pipedrive

    def __call__(self, request: Request) -> Response:
        """Answer one control call."""
        act: Callable[..., object] = getattr(self, "do_" + request.path.removeprefix("/"))
        try:
            return Response.of_json(act(**json.loads(request.body)))
        except Exception:  # noqa: BLE001  the driver prints it and ends
            return Response(500, body=traceback.format_exc().encode())

    def do_draft(self, *, linked: bool) -> Doc:
        """A draft as the form would send it, for any deal: `linked`, or with all things new."""
        draft, _ = self.office.draft(DEAL_US_SIMPLE, self.books.connection)
        if not linked:
            draft["customer_id"], draft["create_customer"] = None, True
            first = draft["lines"][0]
            first["item_id"], first["product_id"] = None, None
            first["new_item"] = {"name": "to be named", "unit_price": first["unit_price"]}
        return draft

    def do_deal(self, *, number: int, organization: bool) -> Doc:
        """A new deal like the first one; with an organization of its own, or the first one's."""
        company = self.pipedrive.companies[COMPANY]
        like = company.deals[DEAL_US_SIMPLE]
        buyer = like["org_id"]
        if organization:
            buyer = number
            company.organizations[buyer] = company.organizations[OBRIEN] | {"id": buyer, "name": f"Org {number}"}
        company.deals[number] = like | {"id": number, "org_id": buyer, "custom_fields": dict(like["custom_fields"])}
        company.lines[number] = [
            line | {"id": number * 100 + place, "deal_id": number}
            for place, line in enumerate(company.lines[DEAL_US_SIMPLE])
        ]
        return {}

    def do_colleague(self, *, user: int) -> Doc:
        """Somebody else installs too, and everyone may see and create."""
        self.tabletop.install(user, self.office.company)
        settings = self.office.api("GET", "/settings").json["settings"]
        settings["roles"] |= {"see": "everyone", "create": "everyone"}
        saved = self.office.api("PUT", "/settings", json=settings)
        if saved.status != 200:
            raise RuntimeError(f"settings were not saved: {saved!r}")
        return {}

    def do_variant(self, *, memory: str | float, lag: float, rotation: str, fails_first: bool) -> Doc:
        """What the documents leave open, from now on."""
        self.books.variant(memory=memory, lag=lag, rotation=rotation, fails_first=fails_first)
        return {}

    def do_drop(self, *, path: str) -> Doc:
        """Drop the next call of this path, and do its work only on `settle`."""
        simulator: Any = self.books.simulator if path.startswith(self.books.paths) else self.pipedrive
        self.tabletop.fault(simulator, "commit_after_drop", where=rf"^\w+ {re.escape(path)}$")
        return {}

    def do_settle(self) -> Doc:
        """Slow servers end what they had begun."""
        self.books.simulator.faults.settle()
        self.pipedrive.faults.settle()
        return {}

    def do_report(self, *, mark: str, deal: int, before: int | None = None) -> Doc:
        """What the books and Pipedrive hold of one wish."""
        company = self.pipedrive.companies[COMPANY]
        notes = company.notes.values()
        ours = (row for row in company.fields["deal"] if row["field_name"] == "Invoice status (Duebill)")
        shown = {row["field_code"]: {one["id"]: one["label"] for one in row["options"] or []} for row in ours}
        values = company.deals[deal]["custom_fields"]
        invoices = self.books.marked("invoice", mark)
        return {
            "activities": [one["subject"] for one in company.activities.values() if one["deal_id"] == deal],
            "status_fields": [labels.get(values.get(code)) for code, labels in shown.items()],
            "invoices": invoices,
            "mails": sum(self.books.mails(invoice) for invoice in invoices),
            "customers": self.books.marked("customer", mark),
            "items": self.books.marked("item", mark),
            "notes": [note["content"] for note in notes if note["deal_id"] == deal],
            "notes_before": [note["content"] for note in notes if note["deal_id"] == before],
            "files": [file["name"] for file in company.files.values() if file["deal_id"] == deal],
        }

    def do_tell(self, *, more: bool) -> Doc:
        """Whether deals are told more than by a note: by fields, by activities and by files."""
        self.pipedrive.scopes |= {"deal-fields:full", "activities:full"}
        settings = self.office.api("GET", "/settings").json["settings"]
        wanted = settings | {"fields_on_deal": more, "activity_on_deal": more, "pdf_on_deal": more}
        saved = self.office.api("PUT", "/settings", json=wanted)
        if saved.status != 200:
            raise RuntimeError(f"settings were not saved: {saved!r}")
        return {}

    def do_pay(self, *, invoice: str, amount: str | None = None) -> Doc:
        """The customer pays; without an amount, all."""
        self.books.pay(invoice, amount)
        return {}

    def do_exchanges(self) -> Doc:
        """How often new tokens were asked for, by provider."""
        return {
            "books": self.books.simulator.faults.calls.count(self.books.exchange),
            "pipedrive": self.pipedrive.faults.calls.count("POST /oauth/token"),
        }

    def do_expire(self, *, issued_hours_ago: float) -> Doc:
        """End the access tokens at both vendors; the refresh token of the books is as old as this."""
        self.books.expire(issued_hours_ago)
        self.pipedrive.expire_access(COMPANY, self.office.user)
        return {}

    def do_health(self) -> Doc:
        """How the connections are: those of one consent share their tokens, so one that asks for a person is enough."""
        wiring = self.tabletop.wiring()
        connections = {str(one.id): one for one in wiring.connections.of_company(CompanyId(COMPANY))}
        connection = connections[self.books.connection]
        [installation] = [one for one in wiring.installations.of_company(connection.company) if one.user == ADA]
        sets = {"books": connection.token_set, "pipedrive": installation.token_set}
        found = {name: wiring.tokens.get(connection.company, token_set) for name, token_set in sets.items()}
        siblings = [one for one in connections.values() if one.token_set == connection.token_set]
        return {
            "needs_reconnect": any(one.health is Health.RECONNECT for one in siblings),
            "connections": len(siblings),
            "reason": connection.reason,
            "versions": {name: tokens.version if tokens else None for name, tokens in found.items()},
        }

    def do_reconnect(self) -> Doc:
        """A person presses “Reconnect” and consents again."""
        self.books.reconnect()
        return {}


def main() -> int:
    """Serve until standard input ends."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clock", type=Path, required=True)
    options.add_argument("--start", type=datetime.fromisoformat, default=None)
    options.add_argument("--dynamodb", required=True)
    options.add_argument("--books", default="quickbooks")
    chosen = options.parse_args()
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    told = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # one line goes out, no log of the product's
    aws = start_aws("moto", {"AWS_ENDPOINT_URL_DYNAMODB": chosen.dynamodb})
    clock = SharedClock(chosen.clock, chosen.start)
    tabletop = Tabletop(clock=clock, cloud=Cloud.at(aws.endpoints))
    books = open_books(chosen.books, tabletop)
    servers = [serve(each) for each in (tabletop.pipedrive, tabletop.quickbooks, tabletop.xero, Control(books))]
    pipedrive, quickbooks, xero, control = (f"http://{LOOPBACK}:{server.server_port}" for server in servers)
    where = {
        "control": control,
        "aws": aws.endpoints,
        "environment": tabletop.environment | Addresses(ADDRESSES.api, pipedrive, quickbooks, xero).environment(),
        "connection": books.connection,
    }
    os.write(told, json.dumps(where).encode() + b"\n")
    sys.stdin.read()
    tabletop.close()
    for server in servers:
        server.shutdown()
        server.server_close()
    aws.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
