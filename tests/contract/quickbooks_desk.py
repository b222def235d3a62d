"""A desk in front of the simulated QuickBooks: a clock that stands still, the sample companies, and one caller."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx

from sandbox.clock import SandboxClock
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.seed import UK_REALM, US_REALM, seed
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.quickbooks.tokens import Rotation
from sandbox.transport import transport

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOST = "quickbooks.test"
Doc = dict[str, Any]
Json = Any  # a JSON value has any shape


@dataclass
class Desk:
    """One company's books, as an authorised app sees them."""

    simulator: QuickBooks
    clock: SandboxClock
    realm: str
    http: httpx.Client

    @property
    def company(self) -> Company:
        return self.simulator.companies[self.realm]

    def sign_in(self) -> Doc:
        """A new consent; its access token is sent from now on."""
        tokens = self.simulator.grant(self.realm)
        self.http.headers["authorization"] = f"Bearer {tokens['access_token']}"
        return tokens

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.http.get(path, params=query)

    def post(self, path: str, body: object, **query: str) -> httpx.Response:
        return self.http.post(path, json=body, params=query)

    def find(self, statement: str) -> httpx.Response:
        return self.get("/query", query=statement)

    def rows(self, statement: str) -> list[Doc]:
        answer = self.find(statement)
        assert answer.status_code == 200, answer.text
        found = answer.json()["QueryResponse"]
        return next((value for value in found.values() if isinstance(value, list)), [])

    def where(self, entity: str, condition: str) -> list[Doc]:
        return self.rows(f"select * from {entity} where {condition}")  # noqa: S608  QuickBooks's own language, no SQL

    def customer(self, name: str) -> str:
        quoted = name.replace("\\", "\\\\").replace("'", "\\'")
        return self.where("Customer", f"DisplayName = '{quoted}'")[0]["Id"]

    def item(self, name: str) -> str:
        return self.where("Item", f"Name = '{name}'")[0]["Id"]

    def invoice(self, **changes: Json) -> Doc:
        """The smallest invoice that these books take, with changes; None takes a property away."""
        us = self.realm == US_REALM
        detail: Doc = {"ItemRef": {"value": self.item("Consulting")}}
        body: Doc = {"CustomerRef": {"value": "2" if us else "1"}, "Line": [line("100", detail)]}
        if not us:
            detail["TaxCodeRef"] = {"value": "1"}
            body |= {"CurrencyRef": {"value": "GBP"}, "GlobalTaxCalculation": "TaxExcluded"}
        return {name: value for name, value in (body | changes).items() if value is not None}

    def create(self, **changes: Json) -> Doc:
        answer = self.post("/invoice", self.invoice(**changes))
        assert answer.status_code == 200, answer.text
        return answer.json()["Invoice"]


def line(amount: str, detail: Doc, **more: Json) -> Doc:
    return {
        "Amount": float(Decimal(amount)),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": detail,
    } | more


def desk(realm: str, rotation: Rotation = "strict") -> Desk:
    clock = SandboxClock(NOON)
    simulator = QuickBooks(now=clock.now, rotation=rotation)
    seed(simulator)
    http = httpx.Client(
        transport=transport({HOST: simulator}),
        base_url=f"https://{HOST}/v3/company/{realm}",
        headers={"accept": "application/json"},
        params={"minorversion": "75"},
    )
    found = Desk(simulator, clock, realm, http)
    found.sign_in()
    return found


def us_desk() -> Desk:
    return desk(US_REALM)


def uk_desk() -> Desk:
    return desk(UK_REALM)


def codes(answer: httpx.Response) -> list[str]:
    """The codes of a fault of the service; the status must be 400."""
    assert answer.status_code == 400, answer.text
    return [error["code"] for error in answer.json()["Fault"]["Error"]]
