"""QuickBooks' simulator behind the product's own HTTP client, and the adapter opened for one of its companies."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from duebill.domain.connection import Provider
from duebill.domain.ids import InvoiceId
from duebill.domain.status import Stage
from duebill.providers.quickbooks.spec import QuickBooksUrls
from duebill.providers.registry import ProviderUrls
from sandbox.quickbooks import invoice_actions, payments
from sandbox.quickbooks.seed import UK_REALM, US_REALM, seed
from sandbox.quickbooks.simulator import QuickBooks
from tests.fakes.books_world import BooksWorld, GrantedTokens, Truth
from tests.fakes.many_entries import copy_in_quickbooks
from tests.fakes.many_invoices import enter_in_quickbooks

CALLBACK = "https://duebill.example/oauth/quickbooks/callback"
HOST = "https://quickbooks.test"
URLS = ProviderUrls(
    QuickBooksUrls(
        authorize=f"{HOST}/connect/oauth2",
        token=f"{HOST}/oauth2/v1/tokens/bearer",
        revoke=f"{HOST}/v2/oauth2/tokens/revoke",
        api=HOST,
        app="https://qbo.example",
    )
)
REALMS = {"US": US_REALM, "UK": UK_REALM}


class QuickBooksWorld(BooksWorld):
    """One of two seeded companies: the US one, whose tax the books decide, or the UK one, which numbers by hand."""

    provider = Provider.QUICKBOOKS
    callback = CALLBACK
    urls = URLS
    host = "quickbooks.test"
    api_path = "/v3/"
    option_calls = 1
    ids_a_question = 200
    items_questions = 2
    unknown_id = "999999"
    token_minutes = 60
    gives_references = True
    named_item = "Training day"
    coded_items: ClassVar[dict[str, str]] = {"CONS-1": "Consulting", "LIC-STD": "Licence standard"}
    inactive_item = "Fax service"
    unsellable = ("Hardware", "Fax service")  # a category, and an inactive one
    currency_refusal = "multicurrency_off"

    def __init__(self, realm: str = US_REALM) -> None:
        super().__init__()
        self.realm = self.tenant_id = realm
        self.simulator = QuickBooks(now=self.clock.now)
        seed(self.simulator)
        self.company = self.simulator.companies[realm]
        self.faults = self.simulator.faults
        self.name, self.home = self.company.name, self.company.home
        self.is_us = realm == US_REALM
        self.taxable, self.untaxed = ("TAX", "NON") if self.is_us else ("1", "3")
        self.known_customer = "O'Malley's Pub" if self.is_us else "O'Brien & Sons"
        self.inactive_customer = "Old Mill Bakery" if self.is_us else "Thames Chandlers"
        self._open(self.simulator, self.simulator.client_id, self.simulator.client_secret)

    def tokens_for(self, realm: str) -> GrantedTokens:
        """The tokens of a new consent to one company."""
        answer = self.simulator.grant(realm)
        return GrantedTokens(self.issuer, str(answer["access_token"]), str(answer["refresh_token"]))

    def fresh_tokens(self) -> GrantedTokens:
        return self.tokens_for(self.realm)

    def strangers_tokens(self) -> GrantedTokens:
        return self.tokens_for(next(realm for realm in REALMS.values() if realm != self.realm))

    def withdraw(self) -> None:
        self.simulator.disconnect(self.realm)

    def end_consent(self) -> None:
        self.simulator.disconnect(self.realm)

    def pay(self, invoice: InvoiceId, amount: str | None = None) -> None:
        self.simulator.bookkeeper.pay(self.realm, invoice, amount)

    def credit(self, invoice: InvoiceId, amount: str | None = None) -> None:
        self.simulator.bookkeeper.credit(self.realm, invoice, amount)

    def unpay(self, invoice: InvoiceId) -> None:
        for key, payment in list(self.company.rows("Payment").items()):
            links = [link for line in payment["Line"] for link in line["LinkedTxn"]]
            if {"TxnId": invoice, "TxnType": "Invoice"} in links:
                payments.remove(self.company, {"Id": key, "SyncToken": payment["SyncToken"]})
                return

    def edit(self, invoice: InvoiceId, due_on: date) -> None:
        self.simulator.bookkeeper.edit(self.realm, "Invoice", invoice, {"DueDate": due_on.isoformat()})

    def void(self, invoice: InvoiceId) -> None:
        self.simulator.bookkeeper.void(self.realm, invoice)

    def delete(self, invoice: InvoiceId) -> None:
        self.simulator.bookkeeper.delete(self.realm, invoice)

    def enter(self, like: InvoiceId, days: Sequence[date]) -> list[str]:
        return enter_in_quickbooks(self.company, like, days)

    def copy_many(self, kind: str, count: int) -> None:
        copy_in_quickbooks(self.company, kind.title(), count)

    def drop(self, invoice: InvoiceId) -> None:
        del self.company.rows("Invoice")[invoice]

    def deactivate(self, kind: str, identifier: str) -> None:
        self.simulator.bookkeeper.edit(self.realm, kind.title(), identifier, {"Active": False})

    def close_books(self, until: date) -> None:
        self.simulator.bookkeeper.close_books(self.realm, until)

    def count(self, kind: str = "invoice") -> int:
        return len(self.company.rows(kind.title()))

    def some_item(self) -> str:
        items = self.company.rows("Item").items()
        return next(key for key, doc in items if doc["Type"] == "Service" and doc["Active"])

    @property
    def numbers_by_hand(self) -> bool:
        return not self.is_us

    def creates(self, kind: str) -> str:
        return rf"POST /v3/company/\d+/{kind}$"

    @property
    def sends(self) -> str:
        return r"POST /v3/company/\d+/invoice/\d+/send$"

    @property
    def changes_invoice(self) -> str:
        return self.creates("invoice")

    def forget_keys(self) -> None:
        self.simulator.requestid_memory = "never"

    def remember_keys(self) -> None:
        self.simulator.requestid_memory = "forever"

    def truth(self, invoice: InvoiceId) -> Truth:
        found = self.company.rows("Invoice").get(invoice)
        if found is None:
            return Truth(Stage.DELETED)
        stage = Stage.VOIDED if invoice_actions.is_voided(found) else Stage.ISSUED
        return Truth(stage, found["TotalAmt"], found["Balance"], date.fromisoformat(found["DueDate"]))

    def mails(self) -> int:
        return sum(self.company.emails.values())

    def let_void_paid(self) -> None:
        self.company.voids_paid = True

    def let_pay_online(self, on: bool) -> None:
        self.company.online_payments = on

    def is_write(self, call: str) -> bool:
        return call.startswith("POST /v3/") and not call.endswith(("/query", "/batch"))
