"""What the simulated QuickBooks refuses, and with which code. Each refusal is one that the real one documents."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.contract.quickbooks_desk import Desk, codes, line, uk_desk, us_desk


@pytest.fixture
def us() -> Desk:
    return us_desk()


@pytest.fixture
def uk() -> Desk:
    return uk_desk()


ANY_ITEM = {"ItemRef": {"value": "1"}}
UK_CODE = {"TaxCodeRef": {"value": "1"}}
SERVICE = {"Name": "N", "Type": "Service", "IncomeAccountRef": {"value": "2"}}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown property", {"Nonsense": True}, "2010"),
    ("a desktop-only property", {"TemplateRef": {"value": "1"}}, "2010"),
    ("an unknown nested property", {"BillAddr": {"Street": "x"}}, "2010"),
    ("no customer", {"CustomerRef": None}, "2020"),
    ("no line", {"Line": None}, "2020"),
    ("an empty list of lines", {"Line": []}, "2020"),
    ("a note that is too long", {"PrivateNote": "x" * 4001}, "2050"),
    ("a memo that is too long", {"CustomerMemo": {"value": "x" * 1001}}, "2050"),
    ("an amount of 11 digits", {"Line": [line("10000000000", {"ItemRef": {"value": "1"}})]}, "2080"),
    ("an amount with three places", {"Line": [line("1.005", {"ItemRef": {"value": "1"}})]}, "2080"),
    ("a date that is none", {"TxnDate": "2026-02-30"}, "2080"),
    ("an unknown word", {"PrintStatus": "Maybe"}, "2170"),
    ("mail that is due without an address", {"EmailStatus": "NeedToSend"}, "2020"),
    ("an unknown customer", {"CustomerRef": {"value": "999"}}, "2500"),
    ("an unknown item", {"Line": [line("1", {"ItemRef": {"value": "999"}})]}, "2500"),
    ("unknown terms", {"SalesTermRef": {"value": "99"}}, "2500"),
    ("a tax code of another country", {"Line": [line("1", ANY_ITEM | UK_CODE)]}, "2500"),
    ("an amount that is not price by quantity", {"Line": [line("9", ANY_ITEM | {"Qty": 2, "UnitPrice": 5})]}, "6070"),
    ("a foreign currency", {"CurrencyRef": {"value": "EUR"}}, "6000"),
    ("an exchange rate", {"ExchangeRate": 1.2}, "6000"),
    ("a deposit where deposits are off", {"Deposit": 5}, "6000"),
    ("a total below nothing", {"Line": [line("-1", {"ItemRef": {"value": "1"}})]}, "6000"),
    ("a number where numbers are automatic", {"DocNumber": "X-1"}, "2010"),
    ("prices with tax in the US", {"GlobalTaxCalculation": "TaxInclusive"}, "2010"),
    ("more than 750 lines", {"Line": [line("1", {"ItemRef": {"value": "1"}})] * 751}, "6000"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_an_invoice_is_refused_for(us: Desk, changes: dict[str, Any], code: str) -> None:
    before = us.simulator.bookkeeper.state()["realms"][us.realm]["invoices"]
    assert codes(us.post("/invoice", us.invoice(**changes))) == [code]
    assert us.simulator.bookkeeper.state()["realms"][us.realm]["invoices"] == before


UK_REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("no currency", {"CurrencyRef": None}, "2020"),
    ("another currency than the customer's", {"CurrencyRef": {"value": "EUR"}}, "6000"),
    ("no tax calculation", {"GlobalTaxCalculation": None}, "6000"),
    ("a line without a tax code", {"Line": [line("1", {"ItemRef": {"value": "1"}})]}, "6000"),
    ("an unknown tax code", {"Line": [line("1", {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "99"}})]}, "2500"),
    ("an inactive tax code", {"Line": [line("1", {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "7"}})]}, "2500"),
    ("a hidden tax code", {"Line": [line("1", {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "8"}})]}, "2500"),
    ("a duplicate number", {"DocNumber": "B-1005"}, "6140"),
    ("a number that is too long", {"DocNumber": "x" * 22}, "2050"),
    ("a category as item", {"Line": [line("1", {"ItemRef": {"value": "19"}, "TaxCodeRef": {"value": "1"}})]}, "2500"),
    ("an inactive item", {"Line": [line("1", {"ItemRef": {"value": "20"}, "TaxCodeRef": {"value": "1"}})]}, "2500"),
    ("tax of another amount", {"TxnTaxDetail": {"TotalTax": 19.99}}, "6000"),
    ("a taxed line on a transaction without tax", {"GlobalTaxCalculation": "NotApplicable"}, "6000"),
    ("prices with tax without the gross", {"GlobalTaxCalculation": "TaxInclusive"}, "6000"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code"), [case[1:] for case in UK_REFUSED], ids=[case[0] for case in UK_REFUSED])
def test_an_invoice_in_the_uk_is_refused_for(uk: Desk, changes: dict[str, Any], code: str) -> None:
    assert codes(uk.post("/invoice", uk.invoice(**changes))) == [code]


def test_a_duplicate_number_is_taken_when_asked_for(uk: Desk) -> None:
    answer = uk.post("/invoice", uk.invoice(DocNumber="B-1005"), include="allowduplicatedocnum")
    assert answer.json()["Invoice"]["DocNumber"] == "B-1005"


def test_without_the_warning_a_number_may_be_given_twice(uk: Desk) -> None:
    uk.company.warn_duplicate_numbers = False
    assert uk.create(DocNumber="B-1005")["DocNumber"] == "B-1005"


def test_with_custom_numbers_an_omitted_number_stays_empty(uk: Desk) -> None:
    assert "DocNumber" not in uk.create()


def test_without_custom_numbers_invoices_are_counted(us: Desk) -> None:
    assert int(us.create()["DocNumber"]) + 1 == int(us.create()["DocNumber"])


def test_a_stale_sync_token_is_refused(us: Desk) -> None:
    made = us.create()
    update = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "a"}
    assert us.post("/invoice", update).json()["Invoice"]["SyncToken"] == "1"
    assert codes(us.post("/invoice", update)) == ["5010"]


def test_a_payment_makes_a_stored_sync_token_stale(us: Desk) -> None:
    made = us.create()
    us.simulator.bookkeeper.pay(us.realm, made["Id"], "10")
    assert codes(us.post("/invoice", {"Id": made["Id"], "SyncToken": "0", "sparse": True})) == ["5010"]
    assert us.get(f"/invoice/{made['Id']}").json()["Invoice"]["Balance"] == 90


@pytest.mark.parametrize("operation", ["void", "delete", None])
def test_a_deleted_invoice_is_not_found(us: Desk, operation: str | None) -> None:
    made = us.create()
    head = {"Id": made["Id"], "SyncToken": "0"}
    deleted = us.post("/invoice", head, operation="delete").json()["Invoice"]
    assert deleted == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    query = {"operation": operation} if operation else {}
    answer = us.post("/invoice", head, **query)
    assert codes(answer) == ["610"]
    assert "Another user has deleted" in answer.text
    assert codes(us.get(f"/invoice/{made['Id']}")) == ["610"]


def test_an_invoice_that_never_was_is_not_found(us: Desk) -> None:
    answer = us.get("/invoice/12345")
    assert codes(answer) == ["610"]
    assert "Another user" not in answer.text


def test_an_id_that_is_no_number_is_refused(us: Desk) -> None:
    assert codes(us.get("/customer/1.5")) == ["2030"]


def test_a_void_zeroes_amounts_and_puts_the_word_before_the_note(uk: Desk) -> None:
    made = uk.create(PrivateNote="for deal 7", DocNumber="N-1")
    voided = uk.post("/invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void").json()["Invoice"]
    assert (voided["TotalAmt"], voided["Balance"], voided["TxnTaxDetail"], voided["LinkedTxn"]) == (
        0,
        0,
        {"TotalTax": 0},
        [],
    )
    assert all(each["Amount"] == 0 for each in voided["Line"])
    assert voided["PrivateNote"] == "Voided - for deal 7"
    assert (voided["DocNumber"], voided["SyncToken"]) == ("N-1", "1")
    assert "status" not in voided
    assert codes(uk.post("/invoice", {"Id": made["Id"], "SyncToken": "1"}, operation="void")) == ["6000"]


@pytest.mark.parametrize("operation", ["void", "delete"])
def test_a_paid_invoice_is_neither_voided_nor_deleted(us: Desk, operation: str) -> None:
    made = us.create()
    us.simulator.bookkeeper.pay(us.realm, made["Id"], "1")
    assert codes(us.post("/invoice", {"Id": made["Id"], "SyncToken": "1"}, operation=operation)) == ["6480"]


def test_nothing_is_written_into_closed_books(us: Desk) -> None:
    made = us.create(TxnDate="2026-10-01")
    us.simulator.bookkeeper.close_books(us.realm, date(2026, 10, 31))
    head = {"Id": made["Id"], "SyncToken": "0"}
    assert codes(us.post("/invoice", us.invoice(TxnDate="2026-10-31"))) == ["6210"]
    assert codes(us.post("/invoice", head | {"sparse": True, "PrivateNote": "x"})) == ["6210"]
    assert codes(us.post("/invoice", head, operation="void")) == ["6210"]
    assert codes(us.post("/invoice", head, operation="delete")) == ["6210"]
    assert us.create(TxnDate="2026-11-01")["TxnDate"] == "2026-11-01"


def test_when_the_subscription_has_ended_books_can_only_be_read(us: Desk) -> None:
    us.company.subscription_ended = True
    assert codes(us.post("/invoice", us.invoice())) == ["6190"]
    assert us.get("/invoice/1").status_code == 200
    info = us.get(f"/companyinfo/{us.realm}").json()["CompanyInfo"]
    assert {"Name": "SubscriptionStatus", "Value": "CANCELLED"} in info["NameValue"]


def test_a_line_without_an_item_is_only_a_remark(us: Desk) -> None:
    made = us.create(Line=[line("100", {"ItemRef": {"value": "1"}}), line("50", {}, Description="see below")])
    assert made["TotalAmt"] == 100
    assert made["Line"][1]["DetailType"] == "DescriptionOnly"


def test_a_discount_needs_to_be_allowed_and_is_one(us: Desk) -> None:
    off = {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 8.5}}
    lines = us.invoice()["Line"]
    assert us.create(Line=[*lines, off])["TotalAmt"] == 91.5
    assert codes(us.post("/invoice", us.invoice(Line=[*lines, off, off]))) == ["6000"]
    us.company.allow_discount = False
    assert codes(us.post("/invoice", us.invoice(Line=[*lines, off]))) == ["6000"]


def test_a_negative_line_lowers_the_total(uk: Desk) -> None:
    detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "1"}}
    made = uk.create(Line=[line("100", detail), line("-25.5", detail | {"Qty": 1, "UnitPrice": -25.5})])
    assert (made["TotalAmt"], made["TxnTaxDetail"]["TotalTax"]) == (89.4, 14.9)


def test_a_sparse_update_keeps_what_it_does_not_name_and_a_full_one_does_not(us: Desk) -> None:
    made = us.create(PrivateNote="keep me", CustomerMemo={"value": "hello"})
    sparse = us.post("/invoice", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "CustomerMemo": {"value": "ho"}})
    kept = sparse.json()["Invoice"]
    assert (kept["PrivateNote"], kept["CustomerMemo"]["value"], kept["DocNumber"]) == (
        "keep me",
        "ho",
        made["DocNumber"],
    )
    full = us.post("/invoice", us.invoice(Id=made["Id"], SyncToken="1")).json()["Invoice"]
    assert "PrivateNote" not in full
    assert full["DocNumber"] == made["DocNumber"]


def test_a_sparse_update_of_the_date_leaves_the_due_date(us: Desk) -> None:
    made = us.create(TxnDate="2026-11-01")
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "TxnDate": "2026-11-05"}
    assert us.post("/invoice", body).json()["Invoice"]["DueDate"] == made["DueDate"] == "2026-12-01"


def test_an_invoice_cannot_become_worth_less_than_what_was_paid(us: Desk) -> None:
    made = us.create()
    us.simulator.bookkeeper.pay(us.realm, made["Id"], "60")
    body = {"Id": made["Id"], "SyncToken": "1", "sparse": True, "Line": [line("59.99", ANY_ITEM)]}
    assert codes(us.post("/invoice", body)) == ["6000"]
    assert us.post("/invoice", body | {"Line": [line("60", ANY_ITEM)]}).json()["Invoice"]["Balance"] == 0


def test_credit_is_never_negative(us: Desk) -> None:
    body = {"CustomerRef": {"value": "2"}, "Line": [line("-1", ANY_ITEM)]}
    assert codes(us.post("/creditmemo", body)) == ["6000"]


def test_lines_keep_their_ids_and_unlisted_ones_go(us: Desk) -> None:
    detail = {"ItemRef": {"value": "1"}}
    made = us.create(Line=[line("1", detail), line("2", detail)])
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    changed = us.post("/invoice", body | {"Line": [line("5", detail, Id="2"), line("7", detail)]}).json()["Invoice"]
    assert [(each.get("Id"), each["Amount"]) for each in changed["Line"]] == [("2", 5), ("3", 7), (None, 12)]


@pytest.mark.parametrize(
    ("terms", "day", "due"),
    [
        (None, "2026-11-20", "2026-12-20"),
        ("1", "2026-11-20", "2026-11-20"),
        ("2", "2026-11-20", "2026-12-05"),
        ("4", "2026-11-20", "2026-12-01"),
        ("4", "2026-11-25", "2027-01-01"),
    ],
)
def test_the_due_date_follows_the_terms(us: Desk, terms: str | None, day: str, due: str) -> None:
    # Terms 4 are "1st of the month", the month after if that is less than ten days away.
    made = us.create(TxnDate=day, SalesTermRef={"value": terms} if terms else None)
    assert made["DueDate"] == due


def test_terms_and_a_due_date_that_disagree_are_both_kept(us: Desk) -> None:
    made = us.create(SalesTermRef={"value": "3"}, DueDate="2026-11-27")
    assert (made["SalesTermRef"]["value"], made["DueDate"]) == ("3", "2026-11-27")


def test_the_date_of_an_invoice_is_the_companys_own(us: Desk) -> None:
    us.clock.push(timedelta(hours=17))  # 05:00 UTC on the 21st is the evening of the 20th in California
    us.sign_in()
    assert us.create()["TxnDate"] == "2026-11-20"


CUSTOMERS: list[tuple[str, dict[str, Any], str]] = [
    ("no name", {"Notes": "x"}, "2020"),
    ("a name that is taken", {"DisplayName": "amy's bird sanctuary"}, "6240"),
    ("a colon in the name", {"DisplayName": "a:b"}, "2040"),
    ("an address that is no e-mail", {"DisplayName": "New", "PrimaryEmailAddr": {"Address": "nobody"}}, "2210"),
    ("an unknown parent", {"DisplayName": "New", "ParentRef": {"value": "999"}}, "2500"),
    ("a foreign currency where there is one only", {"DisplayName": "New", "CurrencyRef": {"value": "EUR"}}, "6000"),
    ("a resale number that is too long", {"DisplayName": "New", "ResaleNum": "x" * 17}, "2050"),
]


@pytest.mark.parametrize(("body", "code"), [case[1:] for case in CUSTOMERS], ids=[case[0] for case in CUSTOMERS])
def test_a_customer_is_refused_for(us: Desk, body: dict[str, Any], code: str) -> None:
    assert codes(us.post("/customer", body)) == [code]


def test_a_vendors_name_is_taken_for_customers_too(uk: Desk) -> None:
    assert codes(uk.post("/customer", {"DisplayName": "Vale Couriers"})) == ["6240"]


def test_an_inactive_customer_is_renamed_and_cannot_be_billed(us: Desk) -> None:
    made = us.post("/customer", {"DisplayName": "Soon Gone"}).json()["Customer"]
    off = us.post("/customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False}).json()["Customer"]
    assert off["DisplayName"] == "Soon Gone (deleted)"
    assert codes(us.post("/invoice", us.invoice(CustomerRef={"value": made["Id"]}))) == ["2500"]
    assert us.where("Customer", f"Id = '{made['Id']}'") == []
    assert len(us.where("Customer", f"Id = '{made['Id']}' and Active in (true, false)")) == 1
    assert us.get(f"/customer/{made['Id']}").status_code == 200
    assert us.post("/customer", {"DisplayName": "Soon Gone"}).status_code == 200


def test_a_customer_who_owes_cannot_be_made_inactive(us: Desk) -> None:
    body = {"Id": "2", "SyncToken": "0", "sparse": True, "Active": False}
    assert codes(us.post("/customer", body)) == ["6000"]


def test_a_customers_currency_never_changes(uk: Desk) -> None:
    body = {"Id": "1", "SyncToken": "0", "sparse": True, "CurrencyRef": {"value": "EUR"}}
    assert codes(uk.post("/customer", body)) == ["6000"]


def test_an_unknown_currency_joins_the_companys_list(uk: Desk) -> None:
    uk.post("/customer", {"DisplayName": "Żółw", "CurrencyRef": {"value": "PLN"}})
    assert "PLN" in [each["Code"] for each in uk.rows("select * from CompanyCurrency")]


def test_a_tax_number_is_masked_in_answers(uk: Desk) -> None:
    made = uk.post("/customer", {"DisplayName": "Masked", "PrimaryTaxIdentifier": "GB123456789"}).json()["Customer"]
    assert made["PrimaryTaxIdentifier"] == "XXXXXX56789"


def test_what_a_customer_owes_follows_the_invoices_but_its_token_does_not(us: Desk) -> None:
    before = us.get("/customer/2").json()["Customer"]
    made = us.create()
    after = us.get("/customer/2").json()["Customer"]
    assert after["Balance"] == pytest.approx(before["Balance"] + 100)
    assert after["SyncToken"] == before["SyncToken"]
    us.simulator.bookkeeper.pay(us.realm, made["Id"])
    assert us.get("/customer/2").json()["Customer"]["Balance"] == before["Balance"]


ITEMS: list[tuple[str, dict[str, Any], str]] = [
    ("no type", {"Name": "N", "IncomeAccountRef": {"value": "2"}}, "2020"),
    ("no income account", {"Name": "N", "Type": "Service"}, "2020"),
    ("an account of another kind", {"Name": "N", "Type": "Service", "IncomeAccountRef": {"value": "3"}}, "6000"),
    ("an unknown account", {"Name": "N", "Type": "Service", "IncomeAccountRef": {"value": "99"}}, "2500"),
    ("a name that is taken", {"Name": "consulting", "Type": "Service", "IncomeAccountRef": {"value": "2"}}, "6240"),
    ("a long name", SERVICE | {"Name": "x" * 101}, "2050"),
    ("an unknown type", SERVICE | {"Type": "Thing"}, "2170"),
    ("goods without an expense account", SERVICE | {"Type": "NonInventory"}, "2020"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code"), [case[1:] for case in ITEMS], ids=[case[0] for case in ITEMS])
def test_an_item_is_refused_for(us: Desk, body: dict[str, Any], code: str) -> None:
    assert codes(us.post("/item", body)) == [code]


PAYMENTS: list[tuple[str, Callable[[str], dict[str, Any]], str]] = [
    ("no total", lambda key: {"TotalAmt": None}, "2020"),
    ("more than is owed", lambda key: {"TotalAmt": 500, "Line": _link(key, 500)}, "6000"),
    ("lines above the total", lambda key: {"TotalAmt": 5, "Line": _link(key, 10)}, "6000"),
    ("an unknown invoice", lambda key: {"Line": _link("999", 1)}, "2500"),
    ("another customer's invoice", lambda key: {"CustomerRef": {"value": "5"}, "Line": _link(key, 1)}, "620"),
    ("one invoice twice", lambda key: {"TotalAmt": 120, "Line": _link(key, 60) * 2}, "6000"),
    ("a link to something else", lambda key: {"Line": _link(key, 1, "Bill")}, "620"),
]


def _link(key: str, amount: float, kind: str = "Invoice") -> list[dict[str, Any]]:
    return [{"Amount": amount, "LinkedTxn": [{"TxnId": key, "TxnType": kind}]}]


@pytest.mark.parametrize(("changes", "code"), [case[1:] for case in PAYMENTS], ids=[case[0] for case in PAYMENTS])
def test_a_payment_is_refused_for(us: Desk, changes: Callable[[str], dict[str, Any]], code: str) -> None:
    made = us.create()
    body = {"CustomerRef": {"value": "2"}, "TotalAmt": 10} | changes(made["Id"])
    assert codes(us.post("/payment", {name: value for name, value in body.items() if value is not None})) == [code]


@pytest.mark.parametrize("how", [{"operation": "delete"}, {"operation": "update", "include": "void"}])
def test_a_payment_taken_back_opens_the_invoice_again(us: Desk, how: dict[str, str]) -> None:
    made = us.create()
    body = {"CustomerRef": {"value": "2"}, "TotalAmt": 100, "Line": _link(made["Id"], 100)}
    payment = us.post("/payment", body).json()["Payment"]
    assert us.get(f"/invoice/{made['Id']}").json()["Invoice"]["Balance"] == 0
    answer = us.post("/payment", {"Id": payment["Id"], "SyncToken": "0", "sparse": True}, **how)
    assert answer.status_code == 200
    open_again = us.get(f"/invoice/{made['Id']}").json()["Invoice"]
    assert (open_again["Balance"], open_again["LinkedTxn"]) == (100, [])


def test_credit_pays_an_invoice_like_money(uk: Desk) -> None:
    made = uk.create()
    uk.simulator.bookkeeper.credit(uk.realm, made["Id"], "20")
    assert uk.get(f"/invoice/{made['Id']}").json()["Invoice"]["Balance"] == 100


def test_credit_left_over_pays_new_invoices_where_the_company_wants_that(us: Desk) -> None:
    us.company.auto_apply_credit = True
    us.post("/payment", {"CustomerRef": {"value": "2"}, "TotalAmt": 30})
    made = us.create()
    assert (made["Balance"], made["LinkedTxn"][0]["TxnType"]) == (70, "Payment")


def test_mail_needs_an_address_and_notes_what_was_sent(us: Desk) -> None:
    made = us.create()
    send = {"content-type": "application/octet-stream"}
    assert codes(us.http.post(f"/invoice/{made['Id']}/send", headers=send)) == ["2020"]
    answer = us.http.post(f"/invoice/{made['Id']}/send", params={"sendTo": "a+b@example.com"}, headers=send)
    sent = answer.json()["Invoice"]
    assert (sent["EmailStatus"], sent["BillEmail"]["Address"]) == ("EmailSent", "a+b@example.com")
    assert sent["DeliveryInfo"]["DeliveryType"] == "Email"
    us.company.emails_a_day = 1
    assert us.http.post(f"/invoice/{made['Id']}/send", headers=send).status_code == 429


def test_the_pay_link_is_there_only_when_it_can_be_paid_online(us: Desk) -> None:
    made = us.create(BillEmail={"Address": "a@example.com"})
    assert "InvoiceLink" not in us.get(f"/invoice/{made['Id']}", include="invoiceLink").json()["Invoice"]
    us.company.online_payments = True
    assert "InvoiceLink" in us.get(f"/invoice/{made['Id']}", include="invoiceLink").json()["Invoice"]
    assert "InvoiceLink" not in us.get(f"/invoice/{made['Id']}").json()["Invoice"]
