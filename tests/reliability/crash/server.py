"""The process in which everything outside the product stands: the vendors, moto's AWS, and the control of them.

It sets up one office (installed, connected, settings saved), prints one line of JSON that says where everything is, and
ends when its standard input is closed: so it never outlives whoever started it.
"""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from duebill.domain.connection import Health
from sandbox.cloud import Cloud
from sandbox.local_aws import start_aws
from sandbox.outside import Addresses
from sandbox.pipedrive.seed import ADA, COMPANY, DEAL_US_SIMPLE, OBRIEN
from sandbox.quickbooks.seed import US_REALM
from sandbox.serve import LOOPBACK, serve
from sandbox.tabletop import ADDRESSES, Tabletop
from sandbox.wire import Request, Response
from tests.fakes.office import Office
from tests.reliability.crash.clock import SharedClock

Doc = dict[str, Any]


class Control:
    """What the driver asks of the world: JSON in and out, one POST for each method below."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.tabletop = office.tabletop
        self.quickbooks, self.pipedrive = self.tabletop.quickbooks, self.tabletop.pipedrive

    def __call__(self, request: Request) -> Response:
        """Answer one control call."""
        act: Callable[..., object] = getattr(self, "do_" + request.path.removeprefix("/"))
        try:
            return Response.of_json(act(**json.loads(request.body)))
        except Exception:  # noqa: BLE001  the driver prints it and ends
            return Response(500, body=traceback.format_exc().encode())

    def do_draft(self, *, linked: bool) -> Doc:
        """A draft for the US books as the form would send it, for any deal: `linked`, or with all things new."""
        draft, _ = self.office.draft(DEAL_US_SIMPLE, self.office.us)
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
        company.deals[number] = like | {"id": number, "org_id": buyer}
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

    def do_variant(self, *, memory: str | float, lag: float, rotation: str) -> Doc:
        """What the documents leave open, from now on."""
        self.quickbooks.requestid_memory = (
            timedelta(seconds=memory) if not isinstance(memory, str) else memory  # type: ignore[assignment]  # one of its two words
        )
        self.quickbooks.lookup_lag = timedelta(seconds=lag)
        self.quickbooks.tokens.rotation = rotation  # type: ignore[assignment]  # one of its two words
        return {}

    def do_drop(self, *, path: str) -> Doc:
        """Drop the next call of this path, and do its work only on `settle`."""
        simulator: Any = self.quickbooks if path.startswith(("/v3/", "/oauth2/")) else self.pipedrive
        self.tabletop.fault(simulator, "commit_after_drop", where=rf"^\w+ {path}$")
        return {}

    def do_settle(self) -> Doc:
        """Slow servers end what they had begun."""
        self.quickbooks.faults.settle()
        self.pipedrive.faults.settle()
        return {}

    def do_report(self, *, mark: str, deal: int) -> Doc:
        """What the books and Pipedrive hold of one wish."""
        company = self.quickbooks.companies[US_REALM]

        def marked(entity: str) -> list[str]:
            return [key for key, doc in company.rows(entity).items() if mark in json.dumps(doc, default=str)]

        notes = self.pipedrive.companies[COMPANY].notes.values()
        return {
            "invoices": marked("Invoice"),
            "customers": marked("Customer"),
            "items": marked("Item"),
            "notes": [note["content"] for note in notes if note["deal_id"] == deal],
        }

    def do_pay(self, *, invoice: str) -> Doc:
        """The customer pays."""
        self.quickbooks.bookkeeper.pay(US_REALM, invoice)
        return {}

    def do_exchanges(self) -> Doc:
        """How often new tokens were asked for, by provider."""
        return {
            "quickbooks": self.quickbooks.faults.calls.count("POST /oauth2/v1/tokens/bearer"),
            "pipedrive": self.pipedrive.faults.calls.count("POST /oauth/token"),
        }

    def do_expire(self, *, issued_hours_ago: float) -> Doc:
        """End the access tokens at both vendors; the refresh token of QuickBooks is as old as this."""
        now = self.tabletop.clock.now()
        for family in self.quickbooks.tokens.families:
            family.issued_at = now - timedelta(hours=issued_hours_ago)
        self.quickbooks.tokens.expire_access(US_REALM)
        self.pipedrive.expire_access(COMPANY, self.office.user)
        return {}

    def do_health(self) -> Doc:
        """How the connection to the US books is."""
        wiring = self.tabletop.wiring()
        [connection] = [one for one in wiring.connections.of_company(COMPANY) if one.id == self.office.us]  # type: ignore[arg-type]  # an int names a company
        [installation] = [one for one in wiring.installations.of_company(connection.company) if one.user == ADA]
        sets = {"quickbooks": connection.token_set, "pipedrive": installation.token_set}
        found = {name: wiring.tokens.get(connection.company, token_set) for name, token_set in sets.items()}
        return {
            "needs_reconnect": connection.health is Health.RECONNECT,
            "reason": connection.reason,
            "versions": {name: tokens.version if tokens else None for name, tokens in found.items()},
        }

    def do_reconnect(self) -> Doc:
        """A person presses “Reconnect” and consents again."""
        self.tabletop.connect(US_REALM, user=self.office.user, company=self.office.company)
        return {}


def main() -> int:
    """Serve until standard input ends."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clock", type=Path, required=True)
    options.add_argument("--start", type=datetime.fromisoformat, default=None)
    options.add_argument("--dynamodb", required=True)
    chosen = options.parse_args()
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    told = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # one line goes out, no log of the product's
    aws = start_aws("moto", {"AWS_ENDPOINT_URL_DYNAMODB": chosen.dynamodb})
    clock = SharedClock(chosen.clock, chosen.start)
    tabletop = Tabletop(clock=clock, cloud=Cloud.at(aws.endpoints))
    office = Office(tabletop=tabletop)
    servers = [serve(each) for each in (tabletop.pipedrive, tabletop.quickbooks, tabletop.xero, Control(office))]
    pipedrive, quickbooks, xero, control = (f"http://{LOOPBACK}:{server.server_port}" for server in servers)
    where = {
        "control": control,
        "aws": aws.endpoints,
        "environment": tabletop.environment | Addresses(ADDRESSES.api, pipedrive, quickbooks, xero).environment(),
        "connection": office.us,
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
