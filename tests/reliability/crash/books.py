"""The books of the world's process: what the driver asks of them, the same for each provider."""

import json
from datetime import timedelta
from typing import Any, Protocol

from sandbox.pipedrive.seed import ADA
from sandbox.quickbooks.seed import US_REALM
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.tabletop import Tabletop
from sandbox.xero.seed import NZ_TENANT, UK_TENANT
from sandbox.xero.simulator import Xero
from tests.fakes.office import Office
from tests.fakes.xero_office import OrganisationsOffice

Doc = dict[str, Any]


class Books(Protocol):
    """One provider's books, an office that has connected them, and what can be done to them."""

    office: Office
    connection: str
    simulator: Any
    exchange: str
    paths: tuple[str, ...]

    def variant(self, *, memory: str | float, lag: float, rotation: str, fails_first: bool) -> None:
        """What the documents leave open, from now on."""

    def marked(self, entity: str, mark: str) -> list[str]:
        """The ids of the invoices, customers or items that hold the mark."""

    def pay(self, invoice: str, amount: str | None) -> None:
        """The customer pays; None: all."""

    def mails(self, invoice: str) -> int:
        """How many e-mails went out with an invoice."""

    def expire(self, issued_hours_ago: float) -> None:
        """End the access tokens; the refresh token is as old as this, where its age matters."""

    def reconnect(self) -> None:
        """A person consents again."""


class QuickBooksBooks:
    """The US company."""

    exchange = "POST /oauth2/v1/tokens/bearer"
    paths = ("/v3/", "/oauth2/")

    def __init__(self, tabletop: Tabletop) -> None:
        self.office = Office(tabletop=tabletop)
        self.connection = self.office.us
        self.simulator: QuickBooks = tabletop.quickbooks
        # Forty a day are a sandbox company's (S-REST); here a hundred stories share a day, and each must send.
        self.simulator.companies[US_REALM].emails_a_day = 1000

    def variant(self, *, memory: str | float, lag: float, rotation: str, fails_first: bool) -> None:
        if fails_first:
            raise ValueError("nobody says that QuickBooks remembers a 500")
        self.simulator.requestid_memory = (
            timedelta(seconds=memory) if not isinstance(memory, str) else memory  # type: ignore[assignment]  # one of its two words
        )
        self.simulator.lookup_lag = timedelta(seconds=lag)
        self.simulator.tokens.rotation = rotation  # type: ignore[assignment]  # one of its two words

    def marked(self, entity: str, mark: str) -> list[str]:
        rows = self.simulator.companies[US_REALM].rows(entity.title())
        return [key for key, doc in rows.items() if mark in json.dumps(doc, default=str)]

    def pay(self, invoice: str, amount: str | None) -> None:
        self.simulator.bookkeeper.pay(US_REALM, invoice, amount)

    def mails(self, invoice: str) -> int:
        return self.simulator.companies[US_REALM].emailed.count(invoice)

    def expire(self, issued_hours_ago: float) -> None:
        now = self.office.tabletop.clock.now()
        for family in self.simulator.tokens.families:
            family.issued_at = now - timedelta(hours=issued_hours_ago)
        self.simulator.tokens.expire_access(US_REALM)

    def reconnect(self) -> None:
        self.office.tabletop.connect(US_REALM, user=self.office.user, company=self.office.company)


class XeroBooks:
    """The British organisation, and the one of New Zealand under the same consent."""

    exchange = "POST /connect/token"
    paths = ("/api.xro/", "/connect/")
    _entities = {"invoice": "Invoice", "customer": "Contact", "item": "Item"}  # noqa: RUF012  nobody writes to it

    def __init__(self, tabletop: Tabletop) -> None:
        self.office = OrganisationsOffice(tabletop=tabletop)
        self.connection = self.office.xero["uk"]
        self.simulator: Xero = tabletop.xero

    def variant(self, *, memory: str | float, lag: float, rotation: str, fails_first: bool) -> None:
        """Which refresh token is taken again, and how long, is documented: `rotation` says nothing here."""
        self.simulator.idempotency_memory = timedelta(0) if isinstance(memory, str) else timedelta(seconds=memory)
        self.simulator.lookup_lag = timedelta(seconds=lag)
        self.simulator.api.fails_first = "/Invoices" if fails_first else None

    def marked(self, entity: str, mark: str) -> list[str]:
        rows = self.simulator.organisations[UK_TENANT].rows(self._entities[entity])
        return [key for key, doc in rows.items() if mark in json.dumps(doc, default=str)]

    def pay(self, invoice: str, amount: str | None) -> None:
        self.simulator.bookkeeper.pay(UK_TENANT, invoice, amount)

    def mails(self, invoice: str) -> int:
        history = self.simulator.organisations[UK_TENANT].history.get(invoice, [])
        return sum(record["Changes"] == "Invoice Sent" for record in history)

    def expire(self, issued_hours_ago: float) -> None:
        self.simulator.tokens.expire_access()

    def reconnect(self) -> None:
        self.office.tabletop.connect_xero(UK_TENANT, NZ_TENANT, user=ADA, company=self.office.company)


def open_books(name: str, tabletop: Tabletop) -> Books:
    """An office with these books."""
    return XeroBooks(tabletop) if name == "xero" else QuickBooksBooks(tabletop)
