"""A desk in front of the simulated Xero: a clock that stands still, the sample organisations, and one caller."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from sandbox.clock import SandboxClock
from sandbox.transport import transport
from sandbox.xero.organisation import Organisation
from sandbox.xero.seed import AU_TENANT, NZ_TENANT, UK_TENANT, USER, seed
from sandbox.xero.simulator import Xero

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOST = "xero.test"
Doc = dict[str, Any]
Json = Any  # a JSON value has any shape


@dataclass
class Desk:
    """One organisation's books, as an authorised app sees them."""

    simulator: Xero
    clock: SandboxClock
    tenant: str
    http: httpx.Client

    @property
    def org(self) -> Organisation:
        return self.simulator.organisations[self.tenant]

    def sign_in(self, scope: str | None = None) -> Doc:
        """A new consent to all three organisations; its access token is sent from now on."""
        tenants = [NZ_TENANT, UK_TENANT, AU_TENANT]
        tokens = self.simulator.grant(USER, tenants, scope) if scope else self.simulator.grant(USER, tenants)
        self.http.headers["authorization"] = f"Bearer {tokens['access_token']}"
        return tokens

    def get(self, path: str, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
        return self.http.get(path, params=query, headers=headers)

    def put(self, path: str, body: object, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
        return self.http.put(path, json=body, params=query, headers=headers)

    def post(self, path: str, body: object, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
        return self.http.post(path, json=body, params=query, headers=headers)

    def rows(self, name: str, **query: str) -> list[Doc]:
        answer = self.get(f"/{name}", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()[name]

    def contact(self, name: str) -> str:
        return self.rows("Contacts", where=f'Name=="{name}"')[0]["ContactID"]

    def invoice(self, **changes: Json) -> Doc:
        """The smallest invoice that can be approved, with changes; None takes a property away."""
        body: Doc = {
            "Type": "ACCREC",
            "Contact": {"ContactID": self.contact("Northwind Traders Ltd")},
            "Date": "2026-11-20",
            "DueDate": "2026-12-20",
            "LineItems": [line(100)],
        }
        return {name: value for name, value in (body | changes).items() if value is not None}

    def create(self, **changes: Json) -> Doc:
        answer = self.put("/Invoices", self.invoice(**changes), unitdp="4")
        assert answer.status_code == 200, answer.text
        return answer.json()["Invoices"][0]

    def refused(self, **changes: Json) -> list[str]:
        """The messages with which an invoice is refused."""
        return messages(self.put("/Invoices", self.invoice(**changes), unitdp="4"))

    def change(self, invoice: Doc, **changes: Json) -> httpx.Response:
        return self.post(f"/Invoices/{invoice['InvoiceID']}", {"Invoices": [changes]})

    def read(self, invoice: Doc) -> Doc:
        return self.get(f"/Invoices/{invoice['InvoiceID']}").json()["Invoices"][0]


def line(price: float, quantity: float = 1, **more: Json) -> Doc:
    return {"Description": "Work", "Quantity": quantity, "UnitAmount": price, "AccountCode": "200"} | more


def desk(tenant: str) -> Desk:
    clock = SandboxClock(NOON)
    simulator = Xero(now=clock.now)
    seed(simulator)
    simulator.limits.per_minute = None
    http = httpx.Client(
        transport=transport({HOST: simulator}),
        base_url=f"https://{HOST}/api.xro/2.0",
        headers={"accept": "application/json", "xero-tenant-id": tenant},
    )
    found = Desk(simulator, clock, tenant, http)
    found.sign_in()
    return found


def messages(answer: httpx.Response) -> list[str]:
    """The messages of a validation exception; the status must be 400."""
    assert answer.status_code == 400, answer.text
    document = answer.json()
    assert (document["ErrorNumber"], document["Type"]) == (10, "ValidationException")
    return [error["Message"] for element in document["Elements"] for error in element["ValidationErrors"]]
