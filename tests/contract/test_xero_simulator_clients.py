"""The simulated Xero as its makers' own client sees it: xero-python on loopback."""

import gc
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

with warnings.catch_warnings():
    # The client and what it imports use names that newer Pythons and libraries deprecate; not ours to mend.
    warnings.simplefilter("ignore")
    from xero_python import accounting as models
    from xero_python.accounting import AccountingApi
    from xero_python.api_client import ApiClient
    from xero_python.api_client.configuration import Configuration
    from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
    from xero_python.exceptions import AccountingBadRequestException, HTTPStatusException
    from xero_python.identity import IdentityApi

from sandbox.clock import SandboxClock
from sandbox.serve import serve
from sandbox.xero.oauth import DEFAULT_SCOPE
from sandbox.xero.seed import NZ_TENANT, UK_TENANT, USER, seed
from sandbox.xero.simulator import Xero
from tests.contract.xero_desk import NOON

Thing = Any  # the client carries no types
BACK = "https://app.example/callback"
# The client warns of itself on the way: its deprecations are no fault of what is tested here.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@dataclass
class Shop:
    """The simulator on a port, and the client pointed at it."""

    simulator: Xero
    clock: SandboxClock
    url: str
    client: Thing
    tokens: dict[str, Any]

    @property
    def api(self) -> Thing:
        return AccountingApi(self.client)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    clock = SandboxClock(NOON)
    simulator = Xero(now=clock.now)
    seed(simulator)
    server = serve(simulator)
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(TokenApi, "refresh_token_url", f"{url}/connect/token")
    monkeypatch.setattr(TokenApi, "revoke_token_url", f"{url}/connect/revocation")
    monkeypatch.setattr(AccountingApi, "base_url", f"{url}/api.xro/2.0")
    monkeypatch.setattr(IdentityApi, "base_url", url)
    auth = OAuth2Token(client_id=simulator.client_id, client_secret=simulator.client_secret)
    client = ApiClient(Configuration(oauth2_token=auth), pool_threads=1)
    client.configuration.host = url
    found = Shop(simulator, clock, url, client, {})
    client.oauth2_token_getter(lambda: found.tokens)
    client.oauth2_token_saver(found.tokens.update)
    found.tokens.update(_consent(found))
    yield found
    client.rest_client.pool_manager.clear()
    server.shutdown()
    server.server_close()


def _consent(shop: Shop) -> dict[str, Any]:
    query = {
        "response_type": "code",
        "client_id": shop.simulator.client_id,
        "redirect_uri": BACK,
        "scope": DEFAULT_SCOPE,
        "state": "s",
        "_user": USER,
        "_tenants": f"{NZ_TENANT},{UK_TENANT}",
    }
    with httpx.Client(base_url=shop.url) as http:
        answer = http.get("/identity/connect/authorize", params=query)
        code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        document = http.post("/connect/token", data=form, auth=("xero-client", "xero-secret")).json()
    scope = document.pop("scope").split()
    return document | {"scope": scope, "expires_at": time.time() + 1800}


def _lines(*prices: float) -> list[Thing]:
    return [
        models.LineItem(description="Work", quantity=1.0, unit_amount=price, account_code="200") for price in prices
    ]


def _invoice(shop: Shop, **fields: Thing) -> Thing:
    contact = shop.api.get_contacts(UK_TENANT, where='Name=="Northwind Traders Ltd"').contacts[0]
    body = {
        "type": "ACCREC",
        "contact": models.Contact(contact_id=contact.contact_id),
        "date": date(2026, 11, 20),
        "due_date": date(2026, 12, 20),
        "line_items": _lines(100),
    }
    invoices = models.Invoices(invoices=[models.Invoice(**(body | fields))])
    return shop.api.create_invoices(
        UK_TENANT, invoices, unitdp=4, idempotency_key=fields.get("reference", "one")
    ).invoices[0]


def _status(shop: Shop, invoice: Thing, status: str) -> Thing:
    body = models.Invoices(invoices=[models.Invoice(status=status)])
    return shop.api.update_invoice(UK_TENANT, invoice.invoice_id, body).invoices[0]


def test_the_client_refreshes_sees_its_connections_and_lets_one_go(shop: Shop) -> None:
    before = dict(shop.tokens)
    shop.tokens["expires_at"] = time.time() - 1
    identity = IdentityApi(shop.client)
    rows = identity.get_connections()
    assert {row.tenant_id for row in rows} == {NZ_TENANT, UK_TENANT}
    assert shop.tokens["refresh_token"] != before["refresh_token"]
    assert len(identity.get_connections(auth_event_id=rows[0].auth_event_id)) == 2
    identity.delete_connection(next(row.id for row in rows if row.tenant_id == NZ_TENANT))
    assert [row.tenant_id for row in identity.get_connections()] == [UK_TENANT]


def test_the_client_revokes(shop: Shop) -> None:
    token = shop.client.configuration.oauth2_token
    token.update_token(**shop.tokens)
    value = token.refresh_token
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the client forgets the answer's connection
        assert token.revoke_access_token(shop.client)
        gc.collect()
    with httpx.Client(base_url=shop.url) as http:
        form = {"grant_type": "refresh_token", "refresh_token": value}
        answer = http.post("/connect/token", data=form, auth=("xero-client", "xero-secret"))
    assert answer.json() == {"error": "invalid_grant"}


def test_an_invoice_lives_its_life(shop: Shop) -> None:
    made = _invoice(shop, line_items=_lines(99.99, 0.0475), reference="PO 7", url="https://app.example/r/1")
    sums = (made.sub_total, made.total_tax, made.total)
    assert (made.status, [str(each) for each in sums]) == ("DRAFT", ["100.04", "20.01", "120.05"])
    assert (made.date, made.due_date) == (date(2026, 11, 20), date(2026, 12, 20))
    assert _status(shop, made, "SUBMITTED").status == "SUBMITTED"
    assert _status(shop, made, "AUTHORISED").status == "AUTHORISED"
    shop.api.email_invoice(UK_TENANT, made.invoice_id, models.RequestEmpty())
    read = shop.api.get_invoice(UK_TENANT, made.invoice_id, unitdp=4).invoices[0]
    assert (read.sent_to_contact, read.line_items[1].unit_amount, read.reference) == (True, Decimal("0.0475"), "PO 7")
    online = shop.api.get_online_invoice(UK_TENANT, made.invoice_id).online_invoices[0]
    assert online.online_invoice_url.startswith("https://")
    with open(shop.api.get_invoice_as_pdf(UK_TENANT, made.invoice_id), "rb") as pdf:  # noqa: PTH123  a path as the client gives it
        assert pdf.read(5) == b"%PDF-"
    assert _status(shop, made, "VOIDED").amount_due == Decimal("120.05")


def test_invoices_are_listed(shop: Shop) -> None:
    made = _invoice(shop)
    page = shop.api.get_invoices(UK_TENANT, page=1, page_size=2, order="Date DESC", statuses=["DRAFT", "SUBMITTED"])
    assert (page.pagination.item_count, len(page.invoices)) == (3, 2)
    mine = shop.api.get_invoices(UK_TENANT, created_by_my_app=True, i_ds=[made.invoice_id], summary_only=True)
    assert [row.invoice_id for row in mine.invoices] == [made.invoice_id]
    since = (NOON - timedelta(minutes=5)).replace(tzinfo=None)
    changed = shop.api.get_invoices(UK_TENANT, if_modified_since=since)
    assert [row.invoice_id for row in changed.invoices] == [made.invoice_id]


def test_the_same_key_makes_one_invoice(shop: Shop) -> None:
    assert _invoice(shop, reference="r").invoice_id == _invoice(shop, reference="r").invoice_id


def test_refusals_become_the_clients_own_exceptions(shop: Shop) -> None:
    with pytest.raises(AccountingBadRequestException) as caught:
        _invoice(shop, currency_code=models.CurrencyCode("AED"))
    assert "Organisation is not subscribed to currency AED" in str(caught.value)
    with pytest.raises(HTTPStatusException) as gone:
        shop.api.get_invoice(UK_TENANT, "00000000-0000-0000-0000-000000000001")
    assert gone.value.status == 404


def test_contacts_and_items_are_made_and_found(shop: Shop) -> None:
    body = models.Contacts(contacts=[models.Contact(name="Neu & Söhne", email_address="a@neu.example")])
    made = shop.api.create_contacts(UK_TENANT, body).contacts[0]
    assert shop.api.get_contacts(UK_TENANT, search_term="söhne", page=1).contacts[0].contact_id == made.contact_id
    change = models.Contacts(contacts=[models.Contact(first_name="Eva")])
    shop.api.update_contact(UK_TENANT, made.contact_id, change)
    assert shop.api.get_contact(UK_TENANT, made.contact_id).contacts[0].first_name == "Eva"
    price = models.Purchase(unit_price=9.5, account_code="200")
    item = models.Item(code="NEW-1", name="New thing", sales_details=price)
    assert shop.api.create_items(UK_TENANT, models.Items(items=[item])).items[0].sales_details.tax_type == "OUTPUT2"
    assert "NEW-1" in [each.code for each in shop.api.get_items(UK_TENANT).items]
    with pytest.raises(AccountingBadRequestException, match="already exists"):
        shop.api.create_items(UK_TENANT, models.Items(items=[item]))


def test_the_organisation_describes_itself(shop: Shop) -> None:
    org = shop.api.get_organisations(UK_TENANT).organisations[0]
    assert (org.name, org.country_code.value, org.base_currency.value) == ("Thistle & Rose Ltd", "GB", "GBP")
    actions = {each.name: each.status for each in shop.api.get_organisation_actions(UK_TENANT).actions}
    assert actions["CreateApprovedInvoice"] == "ALLOWED"
    rates = shop.api.get_tax_rates(UK_TENANT, where='Status=="ACTIVE"').tax_rates
    assert {each.effective_rate for each in rates} == {20, 5, 0}
    assert "200" in [each.code for each in shop.api.get_accounts(UK_TENANT, where='Class=="REVENUE"').accounts]
    assert sorted(each.sort_order for each in shop.api.get_branding_themes(UK_TENANT).branding_themes) == [1, 2, 4]
    assert len(shop.api.get_currencies(UK_TENANT).currencies) == 3
    categories = shop.api.get_tracking_categories(UK_TENANT).tracking_categories
    assert [(each.name, len(each.options)) for each in categories] == [("Department", 2), ("Campaign", 2)]
    assert {each.organisation_role for each in shop.api.get_users(UK_TENANT).users} == {"FINANCIALADVISER", "STANDARD"}


def test_a_payment_pays_and_is_taken_back(shop: Shop) -> None:
    made = _invoice(shop, status="AUTHORISED")
    payment = models.Payment(
        invoice=models.Invoice(invoice_id=made.invoice_id), account=models.Account(code="090"), amount=120.0
    )
    paid = shop.api.create_payments(UK_TENANT, models.Payments(payments=[payment])).payments[0]
    assert shop.api.get_invoice(UK_TENANT, made.invoice_id).invoices[0].status == "PAID"
    where = f'Invoice.InvoiceID==Guid("{made.invoice_id}")'
    assert [each.payment_id for each in shop.api.get_payments(UK_TENANT, where=where).payments] == [paid.payment_id]
    shop.api.delete_payment(UK_TENANT, paid.payment_id, models.PaymentDelete(status="DELETED"))
    assert shop.api.get_invoice(UK_TENANT, made.invoice_id).invoices[0].status == "AUTHORISED"


def test_history_takes_notes(shop: Shop) -> None:
    made = _invoice(shop)
    note = models.HistoryRecords(history_records=[models.HistoryRecord(details="From a deal")])
    shop.api.create_invoice_history(UK_TENANT, made.invoice_id, note)
    found = shop.api.get_invoice_history(UK_TENANT, made.invoice_id).history_records
    assert found[0].details == "From a deal"
