"""Drafts become QuickBooks' documents, and its documents our invoices, customers and items."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from duebill.domain.books import BooksOptions, Customer, CustomerDetails, NewItem, TaxCode, TaxComponent
from duebill.domain.connection import TaxModel, Tenant
from duebill.domain.deal import Address, Discount, TaxHandling
from duebill.domain.draft import Draft, DraftLine
from duebill.domain.ids import ConnectionId, CustomerId, ItemId, TenantId
from duebill.domain.status import Stage
from duebill.outside.http import to_json
from duebill.providers.quickbooks.lines import books_lines
from duebill.providers.quickbooks.mapping import (
    address_body,
    customer_body,
    customer_changes,
    customer_of,
    invoice_body,
    invoice_of,
    item_body,
    item_of,
    reference_in,
)
from duebill.providers.quickbooks.wire import CustomerDocument, InvoiceDocument, ItemDocument

US = Tenant(
    TenantId("1"),
    "US",
    "US",
    "USD",
    multicurrency=False,
    tax_model=TaxModel.AUTOMATED,
    time_zone=None,
    custom_numbers=False,
)
UK = Tenant(
    TenantId("2"),
    "UK",
    "GB",
    "GBP",
    multicurrency=True,
    tax_model=TaxModel.PER_LINE,
    time_zone=None,
    custom_numbers=True,
)
OPTIONS = BooksOptions(tax_codes=(TaxCode("20", "20 %", (TaxComponent("r20", "20 %", Decimal(20)),)),))
LINE = DraftLine("Consulting", Decimal(2), Decimal(60), item=ItemId("11"), item_name="Consulting", tax_code="20")
DRAFT = Draft(
    ConnectionId("c"),
    CustomerId("7"),
    CustomerDetails("A"),
    "GBP",
    TaxHandling.EXCLUSIVE,
    (LINE,),
    issued_on=date(2026, 11, 21),
)


def body(draft: Draft = DRAFT, tenant: Tenant = UK) -> dict[str, Any]:
    lines = books_lines(draft, tenant.tax_model, OPTIONS)
    return invoice_body(draft, lines, tenant, "DB-1")


def test_the_smallest_draft_sends_nothing_that_it_does_not_say() -> None:
    assert body() == {
        "CustomerRef": {"value": "7"},
        "TxnDate": "2026-11-21",
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal(120),
                "Description": "Consulting",
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "11"},
                    "Qty": Decimal(2),
                    "UnitPrice": Decimal(60),
                    "TaxCodeRef": {"value": "20"},
                },
            }
        ],
        "PrivateNote": "Duebill DB-1",
        "CurrencyRef": {"value": "GBP"},
        "GlobalTaxCalculation": "TaxExcluded",
    }


def test_everything_that_a_draft_says_is_sent() -> None:
    details = CustomerDetails("A", Address(("1 Road",), "York", "Yorks", "YO1", "UK"), "a@example.com")
    sent = body(
        replace(DRAFT, details=details, number="N-1", memo="Thanks", po_number="PO-7", due_on=date(2026, 12, 1))
    )
    assert sent["BillAddr"] == {
        "Line1": "1 Road",
        "City": "York",
        "CountrySubDivisionCode": "Yorks",
        "PostalCode": "YO1",
        "Country": "UK",
    }
    assert sent["BillEmail"] == {"Address": "a@example.com"}
    assert sent["CustomerMemo"] == {"value": "PO number: PO-7\nThanks"}
    assert (sent["DocNumber"], sent["DueDate"]) == ("N-1", "2026-12-01")
    assert "SalesTermRef" not in sent


def test_a_term_goes_alone_so_that_no_due_date_contradicts_it() -> None:
    sent = body(replace(DRAFT, term="3", due_on=date(2026, 12, 1)))
    assert sent["SalesTermRef"] == {"value": "3"}
    assert "DueDate" not in sent


def test_a_us_invoice_names_no_tax_calculation_and_says_what_is_taxable() -> None:
    draft = replace(DRAFT, currency="USD", lines=(replace(LINE, tax_code="TAX"), replace(LINE, tax_code="NON")))
    sent = body(draft, US)
    assert "GlobalTaxCalculation" not in sent
    assert "CurrencyRef" not in sent
    assert [line["SalesItemLineDetail"]["TaxCodeRef"]["value"] for line in sent["Line"]] == ["TAX", "NON"]
    untaxed = body(replace(draft, tax_handling=TaxHandling.NONE), US)
    assert [line["SalesItemLineDetail"]["TaxCodeRef"]["value"] for line in untaxed["Line"]] == ["NON", "NON"]


def test_an_untaxed_invoice_outside_the_us_names_no_tax_code() -> None:
    sent = body(replace(DRAFT, tax_handling=TaxHandling.NONE))
    assert sent["GlobalTaxCalculation"] == "NotApplicable"
    assert "TaxCodeRef" not in sent["Line"][0]["SalesItemLineDetail"]
    without = body(DRAFT, replace(UK, tax_model=TaxModel.NONE))
    assert without["GlobalTaxCalculation"] == "NotApplicable"


def test_another_currency_is_named_even_where_the_books_seem_to_have_one() -> None:
    assert body(replace(DRAFT, currency="EUR"), replace(UK, multicurrency=False))["CurrencyRef"] == {"value": "EUR"}


def test_a_discounted_line_is_followed_by_what_comes_off() -> None:
    lines = (
        replace(LINE, discount=Discount(percent=Decimal("12.50"))),
        replace(LINE, discount=Discount(amount=Decimal("7.005")), item_name="", description="First\nsecond"),
        replace(LINE, discount=Discount(percent=Decimal(0))),
    )
    sent = body(replace(DRAFT, lines=lines))["Line"]
    assert [line["Amount"] for line in sent] == [120, -15, 120, Decimal("-7.01"), 120]
    assert [sent[1]["Description"], sent[3]["Description"]] == ["Discount 12.5 % on Consulting", "Discount on First"]
    off = sent[1]["SalesItemLineDetail"]
    assert (off["Qty"], off["UnitPrice"]) == (1, -15)
    assert (off["ItemRef"], off["TaxCodeRef"]) == ({"value": "11"}, {"value": "20"})


def test_prices_with_tax_are_sent_net_beside_their_gross() -> None:
    sent = body(replace(DRAFT, tax_handling=TaxHandling.INCLUSIVE))
    (line,) = sent["Line"]
    assert sent["GlobalTaxCalculation"] == "TaxInclusive"
    assert (line["Amount"], line["SalesItemLineDetail"]["TaxInclusiveAmt"]) == (100, 120)
    assert line["SalesItemLineDetail"]["UnitPrice"] == 50


@pytest.mark.parametrize("quantity", ["3", "7", "0.333", "144", "0.01", "99999"])
def test_a_net_price_times_its_quantity_is_the_amount(quantity: str) -> None:
    line = replace(LINE, quantity=Decimal(quantity), unit_price=Decimal("19.99"))
    (sent,) = books_lines(replace(DRAFT, tax_handling=TaxHandling.INCLUSIVE, lines=(line,)), TaxModel.PER_LINE, OPTIONS)
    assert (sent.quantity * sent.unit_price).quantize(Decimal("0.01"), "ROUND_HALF_UP") == sent.amount
    assert sent.quantity == Decimal(quantity)


def test_a_quantity_that_no_price_fits_moves_into_the_text() -> None:
    line = replace(LINE, quantity=Decimal("987654321.1234567"), unit_price=Decimal("0.0000019"))
    (sent,) = books_lines(replace(DRAFT, tax_handling=TaxHandling.INCLUSIVE, lines=(line,)), TaxModel.PER_LINE, OPTIONS)
    assert (sent.quantity, sent.unit_price) == (1, sent.amount)
    assert sent.description == "Consulting (987654321.1234567 × 0.0000019)"


def test_a_sixth_line_of_an_address_joins_the_fifth() -> None:
    assert address_body(Address(tuple("abcdefg"))) == {
        "Line1": "a",
        "Line2": "b",
        "Line3": "c",
        "Line4": "d",
        "Line5": "e, f, g",
    }


def test_a_customer_is_created_in_a_currency_where_there_are_several() -> None:
    assert customer_body(CustomerDetails(" A "), "EUR", UK) == {"DisplayName": "A", "CurrencyRef": {"value": "EUR"}}
    assert customer_body(CustomerDetails("A", tax_id="GB1"), "USD", US) == {
        "DisplayName": "A",
        "PrimaryTaxIdentifier": "GB1",
    }


def test_only_what_differs_and_is_known_changes_a_customer() -> None:
    known = CustomerDetails("A", Address(("1 Road",), "York"), "a@example.com", "XXXX1")
    customer = Customer(CustomerId("7"), known, "GBP")
    assert customer_changes(customer, replace(known, name="B")) == {}
    assert customer_changes(customer, CustomerDetails("A")) == {}
    assert customer_changes(customer, replace(known, email="b@example.com", tax_id="GB1")) == {
        "PrimaryEmailAddr": {"Address": "b@example.com"},
        "PrimaryTaxIdentifier": "GB1",
    }


def test_a_new_item_is_a_service() -> None:
    assert item_body(NewItem("Work")) == {"Name": "Work", "Type": "Service"}
    assert item_body(NewItem("Work", "W1", "By the hour", Decimal("9.5"), "1")) == {
        "Name": "Work",
        "Type": "Service",
        "IncomeAccountRef": {"value": "1"},
        "Sku": "W1",
        "Description": "By the hour",
        "UnitPrice": Decimal("9.5"),
    }


def document(**changes: object) -> InvoiceDocument:
    given: dict[str, object] = {
        "Id": "9",
        "SyncToken": "4",
        "MetaData": {"CreateTime": "2026-11-21T02:00:00-08:00", "LastUpdatedTime": "2026-11-21T03:00:00-08:00"},
        "TxnDate": "2026-11-21",
        "CustomerRef": {"value": "7", "name": "A"},
        "TotalAmt": 120,
        "Balance": 20.5,
    }
    return InvoiceDocument.model_validate(given | changes)


def test_an_invoice_reads_with_what_may_be_absent() -> None:
    invoice = invoice_of(document(), "USD")
    assert (invoice.number, invoice.due_on, invoice.currency, invoice.tax) == ("", None, "USD", 0)
    assert (invoice.total, invoice.balance, invoice.version) == (120, Decimal("20.5"), 4)
    assert (invoice.created_at, invoice.updated_at) == (
        datetime(2026, 11, 21, 10, tzinfo=UTC),
        datetime(2026, 11, 21, 11, tzinfo=UTC),
    )
    assert (invoice.reference, invoice.unknown_word, invoice.stage) == (None, None, Stage.ISSUED)


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({"TotalAmt": 0, "Balance": 0, "PrivateNote": "Voided"}, Stage.VOIDED),
        ({"TotalAmt": 0, "Balance": 0, "PrivateNote": "Voided - Duebill DB-1"}, Stage.VOIDED),
        ({"TotalAmt": 0, "Balance": 0, "PrivateNote": "Duebill DB-1"}, Stage.ISSUED),
        ({"TotalAmt": 0, "Balance": 0}, Stage.ISSUED),
        ({"PrivateNote": "Voided cheque arrived"}, Stage.ISSUED),
        ({"TxnStatus": "Voided"}, Stage.VOIDED),
    ],
)
def test_voided_is_nothing_owed_and_a_note_that_says_so(changes: dict[str, object], stage: Stage) -> None:
    assert invoice_of(document(**changes), "USD").stage is stage


def test_an_unknown_word_is_kept() -> None:
    assert invoice_of(document(TxnStatus="Pondering"), "USD").unknown_word == "Pondering"
    assert invoice_of(document(TxnStatus="Synchronized"), "USD").unknown_word is None


@pytest.mark.parametrize(
    ("note", "reference"),
    [
        ("Duebill DB-1", "DB-1"),
        ("Voided - Duebill DB-1", "DB-1"),
        ("Hello\nDuebill DB-1  \nA bookkeeper's line", "DB-1"),
        ("Duebill DB-1\nDuebill DB-2", "DB-2"),
        ("Duebill DB-1 was wrong", None),
        ("", None),
    ],
)
def test_our_reference_is_found_in_the_note(note: str, reference: str | None) -> None:
    assert reference_in(note) == reference


def test_a_customer_and_an_item_read_with_what_may_be_absent() -> None:
    customer = customer_of(CustomerDocument.model_validate({"Id": "7", "SyncToken": "0", "DisplayName": "A"}), "GBP")
    assert customer == Customer(CustomerId("7"), CustomerDetails("A"), "GBP")
    item = item_of(ItemDocument.model_validate({"Id": "1", "Name": "Work", "Active": False}))
    assert (item.code, item.unit_price, item.is_active) == ("", None, False)


def test_what_is_sent_is_json_with_exact_numbers() -> None:
    assert b'"UnitPrice":60,' in to_json(body())
