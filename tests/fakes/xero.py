"""Xero's simulator behind the product's own HTTP client, and the adapter opened for one of its organisations."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from duebill.domain.connection import Provider
from duebill.domain.ids import InvoiceId
from duebill.domain.status import Stage
from duebill.providers.registry import ProviderUrls
from duebill.providers.xero.spec import XeroUrls
from sandbox.xero.seed import COLLEAGUE, NZ_TENANT, UK_TENANT, USER, seed
from sandbox.xero.simulator import Xero
from tests.fakes.books_world import BooksWorld, GrantedTokens, Truth
from tests.fakes.many_entries import copy_in_xero
from tests.fakes.many_invoices import enter_in_xero

CALLBACK = "https://duebill.example/oauth/xero/callback"
HOST = "https://xero.test"
URLS = ProviderUrls(xero=XeroUrls(login=HOST, identity=HOST, api=HOST, app="https://go.example"))
TENANTS = {"NZ": NZ_TENANT, "UK": UK_TENANT}

_STAGES = {
    "DRAFT": Stage.DRAFT,
    "SUBMITTED": Stage.AWAITING_APPROVAL,
    "AUTHORISED": Stage.ISSUED,
    "PAID": Stage.ISSUED,
    "VOIDED": Stage.VOIDED,
    "DELETED": Stage.DELETED,
}
_ENTITIES = {"invoice": "Invoice", "customer": "Contact", "item": "Item"}
_ADDRESS = {"AddressType": "POBOX", "AddressLine1": "3 Quay Street", "City": "Port", "PostalCode": "P1 2QT"}


class XeroWorld(BooksWorld):
    """One of two seeded organisations: the UK one with several currencies, or the NZ one with one."""

    provider = Provider.XERO
    callback = CALLBACK
    urls = URLS
    host = "xero.test"
    api_path = "/api.xro/"
    option_calls = 7
    ids_a_question = 40
    items_questions = 1
    unknown_id = "00000000-0000-4000-8000-000000999999"
    token_minutes = 30
    gives_references = False
    known_customer = "O'Brien & Sons"
    inactive_customer = "Old Mill Trading"
    named_item = "Design day"
    coded_items: ClassVar[dict[str, str]] = {"CONS-1": "Consulting hour", "LIC-STD": "Standard licence"}
    inactive_item = "Paper A4, 500 sheets"  # it is bought, not sold
    unsellable = ("Paper A4", "PAPER-A4")
    currency_refusal = "currency_not_in_books"
    taxable = "OUTPUT2"

    def __init__(self, tenant: str = UK_TENANT) -> None:
        super().__init__()
        self.tenant_id = tenant
        self.simulator = Xero(now=self.clock.now)
        self.simulator.limits.per_minute = None
        seed(self.simulator)
        self.org = self.simulator.organisations[tenant]
        self.faults = self.simulator.faults
        self.name, self.home = self.org.name, self.org.base
        self.is_uk = tenant == UK_TENANT
        self.untaxed = "ZERORATEDOUTPUT" if self.is_uk else "ZERORATED"
        known = self.org.by("Contact", "Name", self.known_customer) or {}
        self.simulator.bookkeeper.edit(tenant, "Contact", known["ContactID"], {"Addresses": [_ADDRESS]})
        self._open(self.simulator, self.simulator.client_id, self.simulator.client_secret)

    def _granted(self, user: str, tenant: str) -> GrantedTokens:
        answer = self.simulator.grant(user, [tenant])
        return GrantedTokens(self.issuer, str(answer["access_token"]), str(answer["refresh_token"]))

    def fresh_tokens(self) -> GrantedTokens:
        return self._granted(USER, self.tenant_id)

    def strangers_tokens(self) -> GrantedTokens:
        return self._granted(COLLEAGUE, NZ_TENANT if self.is_uk else UK_TENANT)

    def withdraw(self) -> None:
        self.simulator.disconnect(self.tenant_id)

    def end_consent(self) -> None:
        self.issuer.revoke(self.tokens.refresh_token)

    def pay(self, invoice: InvoiceId, amount: str | None = None) -> None:
        self.simulator.bookkeeper.pay(self.tenant_id, invoice, amount)

    def credit(self, invoice: InvoiceId, amount: str | None = None) -> None:
        self.simulator.bookkeeper.credit(self.tenant_id, invoice, amount)

    def unpay(self, invoice: InvoiceId) -> None:
        for payment in self.org.get("Invoice", invoice).get("Payments", [])[:1]:
            self.simulator.bookkeeper.unpay(self.tenant_id, payment["PaymentID"])

    def edit(self, invoice: InvoiceId, due_on: date) -> None:
        self.simulator.bookkeeper.edit(self.tenant_id, "Invoice", invoice, {"DueDate": due_on.isoformat()})

    def void(self, invoice: InvoiceId) -> None:
        self.simulator.bookkeeper.void(self.tenant_id, invoice)

    def delete(self, invoice: InvoiceId) -> None:
        """Only what is not approved can be deleted."""
        self.simulator.bookkeeper.delete(self.tenant_id, invoice)

    def enter(self, like: InvoiceId, days: Sequence[date]) -> list[str]:
        return enter_in_xero(self.org, like, days)

    def copy_many(self, kind: str, count: int) -> None:
        copy_in_xero(self.org, _ENTITIES[kind], count)

    def drop(self, invoice: InvoiceId) -> None:
        del self.org.rows("Invoice")[invoice]

    def deactivate(self, kind: str, identifier: str) -> None:
        if kind == "customer":
            self.simulator.bookkeeper.archive_contact(self.tenant_id, identifier)
        else:
            self.simulator.bookkeeper.edit(self.tenant_id, "Item", identifier, {"IsSold": False})

    def close_books(self, until: date) -> None:
        self.org.year_lock = until

    def count(self, kind: str = "invoice") -> int:
        return len(self.org.rows(_ENTITIES[kind]))

    def some_item(self) -> str:
        return next(key for key, doc in self.org.rows("Item").items() if doc["Code"] == "CONS-1")

    def creates(self, kind: str) -> str:
        return rf"PUT /api\.xro/2\.0/{_ENTITIES[kind]}s$"

    @property
    def sends(self) -> str:
        return r"POST /api\.xro/2\.0/Invoices/[^/]+/Email$"

    @property
    def changes_invoice(self) -> str:
        return r"POST /api\.xro/2\.0/Invoices/[^/]+$"

    def forget_keys(self) -> None:
        self.simulator.idempotency_memory = timedelta(0)

    def remember_keys(self) -> None:
        self.simulator.idempotency_memory = timedelta(minutes=6)

    def truth(self, invoice: InvoiceId) -> Truth:
        found = self.org.get("Invoice", invoice)
        stage = _STAGES[found["Status"]]
        owed = Decimal(0) if stage in (Stage.VOIDED, Stage.DELETED) else found["AmountDue"]
        return Truth(stage, found["Total"], owed, found.get("DueDate"))

    def mails(self) -> int:
        return sum(self.org.emails.values())

    def let_void_paid(self) -> None:
        """Never here."""

    def let_pay_online(self, on: bool) -> None:
        self.org.online_invoices = on

    def is_write(self, call: str) -> bool:
        return call.startswith(("POST /api.xro/", "PUT /api.xro/"))
