"""The simulated QuickBooks as two public clients see it: Intuit's own intuit-oauth, and python-quickbooks."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

with warnings.catch_warnings():
    # Both clients and what they import use names that newer Pythons and libraries deprecate; not ours to mend.
    warnings.simplefilter("ignore")
    from intuitlib.client import AuthClient
    from intuitlib.enums import Scopes
    from intuitlib.exceptions import AuthClientError
    from quickbooks import QuickBooks as Client
    from quickbooks.batch import batch_create
    from quickbooks.cdc import change_data_capture
    from quickbooks.exceptions import ObjectNotFoundException, QuickbooksException, ValidationException
    from quickbooks.objects import (
        Account,
        CompanyInfo,
        Customer,
        Invoice,
        Item,
        Payment,
        PaymentLine,
        Preferences,
        SalesItemLine,
        SalesItemLineDetail,
        TaxCode,
        Term,
    )
    from quickbooks.objects.base import EmailAddress, LinkedTxn

from sandbox.clock import SandboxClock
from sandbox.quickbooks.seed import US_REALM, seed
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.serve import serve
from tests.contract.quickbooks_desk import NOON

Thing = Any  # neither client carries types
BACK = "https://app.example/callback"
# The clients warn of themselves on the way: their deprecations are no fault of what is tested here.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@dataclass
class Shop:
    """The simulator on a port, and both clients pointed at it."""

    simulator: QuickBooks
    clock: SandboxClock
    url: str
    auth: Thing
    api: Thing = None


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    clock = SandboxClock(NOON)
    simulator = QuickBooks(now=clock.now)
    seed(simulator)
    server = serve(simulator)
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # loopback has no TLS
    monkeypatch.setattr(Client, "sandbox_api_url_v3", f"{url}/v3")
    discovery = f"{url}/.well-known/openid_sandbox_configuration/"
    auth = AuthClient(simulator.client_id, simulator.client_secret, BACK, discovery)
    auth.environment = "sandbox"
    found = Shop(simulator, clock, url, auth)
    yield found
    auth.close()
    if found.api is not None:
        found.api.session.close()
    server.shutdown()
    server.server_close()


def _consent(shop: Shop) -> str:
    address = shop.auth.get_authorization_url([Scopes.ACCOUNTING])
    answer = requests.get(f"{address}&_realm={US_REALM}", allow_redirects=False, timeout=5)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == [shop.auth.state_token]
    shop.auth.get_bearer_token(query["code"][0], realm_id=query["realmId"][0])
    return query["code"][0]


@pytest.fixture
def api(shop: Shop) -> Thing:
    _consent(shop)
    shop.api = Client(
        auth_client=shop.auth, refresh_token=shop.auth.refresh_token, company_id=shop.auth.realm_id, minorversion=75
    )
    return shop.api


def test_intuits_client_connects_refreshes_and_revokes(shop: Shop) -> None:
    code = _consent(shop)
    first = (shop.auth.access_token, shop.auth.refresh_token)
    assert shop.auth.expires_in == 3600
    with pytest.raises(AuthClientError, match="invalid_grant"):
        shop.auth.get_bearer_token(code)
    shop.clock.push(timedelta(hours=25))
    shop.auth.refresh()
    assert (shop.auth.access_token, shop.auth.refresh_token) != first
    assert shop.auth.revoke()
    with pytest.raises(AuthClientError, match="invalid_grant"):
        shop.auth.refresh()


def _line(item: Thing, amount: int) -> Thing:
    line = SalesItemLine()
    line.Amount = amount
    line.Description = "as agreed"
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = item.to_ref()
    return line


def _invoice(api: Thing, amount: int = 100) -> Thing:
    customer = Customer.filter(DisplayName="Cool Cars", qb=api)[0]
    invoice = Invoice()
    invoice.CustomerRef = customer.to_ref()
    invoice.Line.append(_line(Item.filter(Name="Consulting", qb=api)[0], amount))
    return invoice.save(qb=api)


def test_an_invoice_lives_its_life(api: Thing) -> None:
    made = _invoice(api)
    assert (made.TotalAmt, made.Balance, made.SyncToken) == (100, 100, "0")
    read = Invoice.get(made.Id, qb=api)
    read.PrivateNote = "changed"
    read.Line[0].Amount = 120
    changed = read.save(qb=api)
    assert (changed.TotalAmt, changed.PrivateNote, changed.SyncToken) == (120, "changed", "1")
    changed.BillEmail = EmailAddress()
    changed.BillEmail.Address = "a@example.com"
    mailed = changed.save(qb=api)
    mailed.send(qb=api)
    mailed.send(qb=api, send_to="b+c@example.com")
    again = Invoice.get(made.Id, qb=api)
    assert (again.EmailStatus, again.BillEmail.Address) == ("EmailSent", "b+c@example.com")
    assert again.download_pdf(qb=api).startswith(b"%PDF-")
    again.void(qb=api)
    voided = Invoice.get(made.Id, qb=api)
    assert (voided.TotalAmt, voided.Balance, voided.PrivateNote) == (0, 0, "Voided - changed")
    voided.delete(qb=api)
    with pytest.raises(ObjectNotFoundException):
        Invoice.get(made.Id, qb=api)


def test_invoices_are_found_and_counted(api: Thing) -> None:
    made = _invoice(api)
    assert [each.Id for each in Invoice.where(f"DocNumber = '{made.DocNumber}'", qb=api)] == [made.Id]
    assert [each.Id for each in Invoice.choose([made.Id, "999"], qb=api)] == [made.Id]
    assert Invoice.count(qb=api) == 4
    assert len(Invoice.all(order_by="TxnDate DESC", max_results=2, qb=api)) == 2


def test_the_same_request_id_makes_one_invoice(api: Thing) -> None:
    invoice = Invoice()
    invoice.CustomerRef = Customer.get("2", qb=api).to_ref()
    invoice.Line.append(_line(Item.get("1", qb=api), 10))
    first = invoice.save(qb=api, request_id="one")
    invoice.Id = None
    assert invoice.save(qb=api, request_id="one").Id == first.Id


def test_a_payment_pays_and_can_be_taken_back(api: Thing) -> None:
    made = _invoice(api)
    payment = Payment()
    payment.CustomerRef = made.CustomerRef
    payment.TotalAmt = 40
    line = PaymentLine()
    line.Amount = 40
    line.LinkedTxn.append(LinkedTxn())
    line.LinkedTxn[0].TxnId, line.LinkedTxn[0].TxnType = made.Id, "Invoice"
    payment.Line.append(line)
    paid = payment.save(qb=api)
    assert Invoice.get(made.Id, qb=api).Balance == 60
    with pytest.raises(QuickbooksException):
        Invoice.get(made.Id, qb=api).void(qb=api)
    paid.void(qb=api)
    assert Invoice.get(made.Id, qb=api).Balance == 100
    Payment.get(paid.Id, qb=api).delete(qb=api)


def test_customers_and_items_are_made_changed_and_set_aside(api: Thing) -> None:
    customer = Customer()
    customer.DisplayName = "O'Neill & Daughters"
    made = customer.save(qb=api)
    assert [each.Id for each in Customer.filter(DisplayName="O'Neill & Daughters", qb=api)] == [made.Id]
    made.Notes, made.Active = "moved away", False
    assert made.save(qb=api).DisplayName == "O'Neill & Daughters (deleted)"
    item = Item()
    item.Name, item.Type, item.Sku, item.UnitPrice = "New thing", "Service", "NEW-1", 9.5
    item.IncomeAccountRef = Account.filter(AccountSubType="SalesOfProductIncome", qb=api)[0].to_ref()
    new = item.save(qb=api)
    assert "NEW-1" in [each.Sku for each in Item.all(qb=api)]
    new.UnitPrice = 10
    assert new.save(qb=api).SyncToken == "1"
    item.Id = None
    with pytest.raises(QuickbooksException, match="Duplicate Name"):
        item.save(qb=api)


def test_the_company_describes_itself(api: Thing) -> None:
    assert CompanyInfo.get(US_REALM, qb=api).Country == "US"
    assert CompanyInfo.all(qb=api)[0].CompanyName == "Larkspur Gardens & Design"
    preferences = Preferences.get(qb=api)
    assert preferences.TaxPrefs.PartnerTaxEnabled is True
    assert preferences.CurrencyPrefs.HomeCurrency.value == "USD"
    assert {each.Id for each in TaxCode.all(qb=api)} >= {"TAX", "NON"}
    assert len(Term.all(qb=api)) == 4


def test_many_at_once(shop: Shop, api: Thing) -> None:
    customers = []
    for name in ("First of a batch", "Cool Cars", "Last of a batch"):
        customer = Customer()
        customer.DisplayName = name
        customers.append(customer)
    answer = batch_create(customers, qb=api)
    assert [each.DisplayName for each in answer.successes] == ["First of a batch", "Last of a batch"]
    assert [fault.Error[0].code for fault in answer.faults] == ["6240"]
    shop.clock.push(timedelta(minutes=1))
    made = _invoice(api)
    changes = change_data_capture([Invoice, Customer], "2026-11-20T12:00:30Z", qb=api)
    assert [each.Id for each in changes.Invoice] == [made.Id]
    assert [each.DisplayName for each in changes.Customer] == ["Cool Cars"]


def test_refusals_become_the_clients_own_exceptions(api: Thing) -> None:
    with pytest.raises(ValidationException, match="QueryValidationError"):
        api.query("select * from Custmoer")
    invoice = Invoice()
    invoice.CustomerRef = Customer.get("2", qb=api).to_ref()
    with pytest.raises(ValidationException, match="Line"):
        invoice.save(qb=api)
    made = _invoice(api)
    made.save(qb=api)
    with pytest.raises(QuickbooksException, match="Stale Object"):
        made.save(qb=api)


def test_the_clients_signature_check_accepts_our_webhooks(shop: Shop, api: Thing) -> None:
    _invoice(api)
    for legacy in (False, True):
        shop.simulator.bookkeeper.edit(US_REALM, "Item", "1", {"Description": "x"})
        [(body, headers)] = shop.simulator.webhooks(legacy=legacy)
        signature = headers["intuit-signature"]
        assert api.validate_webhook_signature(body.decode(), signature, shop.simulator.verifier_token)
        assert not api.validate_webhook_signature(body.decode() + " ", signature, shop.simulator.verifier_token)


def test_numbers_survive_as_decimals(api: Thing) -> None:
    api.use_decimal = True
    made = _invoice(api, 1)
    assert isinstance(made.TotalAmt, int | Decimal)
