"""Invoices: create and update (facts §2)."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

from sandbox.quickbooks import input as reading
from sandbox.quickbooks import sales
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.customers import move_balance
from sandbox.quickbooks.documents import Doc, cents, number
from sandbox.quickbooks.payments import apply_credit
from sandbox.quickbooks.references import active, named, settle
from sandbox.quickbooks.refusals import business

DEFAULT_DAYS = 30  # with neither terms nor due date TxnDate + 30 was seen (S-LIVE)


def create(company: Company, body: Doc, *, any_number: bool = False) -> Doc:
    """A new invoice."""
    content = reading.read("Invoice", body)
    if content.get("EmailStatus") == "EmailSent":
        content.pop("EmailStatus")  # only sending sets it
    found = _assemble(company, content, None, any_number=any_number)
    invoice = company.insert("Invoice", found.content | _owed(company, found, Decimal(0), []))
    move_balance(company, found.customer["Id"], number(invoice["Balance"]), found.rate)
    if company.auto_apply_credit:
        apply_credit(company, invoice)
    return company.rows("Invoice")[invoice["Id"]]


def update(company: Company, body: Doc, *, any_number: bool = False) -> Doc:
    """A full update (what is not sent becomes empty) or a sparse one (what is not sent stays)."""
    old = company.current("Invoice", body)
    company.refuse_closed(old["TxnDate"])
    content = reading.read("Invoice", body)
    if content.get("sparse"):
        content = _over(old, content, reading.blanks(body))
    found = _assemble(company, content, old, any_number=any_number)
    applied = number(old["TotalAmt"]) - number(old["Balance"]) - number(old.get("Deposit"))
    invoice = found.content | _owed(company, found, applied, old["LinkedTxn"])
    if found.customer["Id"] != old["CustomerRef"]["value"] and old["LinkedTxn"]:
        raise business("The customer of a transaction with payments cannot be changed.")
    if "DeliveryInfo" in old:
        invoice["DeliveryInfo"] = old["DeliveryInfo"]
    move_balance(company, old["CustomerRef"]["value"], -number(old["Balance"]), number(old.get("ExchangeRate", 1)))
    saved = company.replace("Invoice", old, invoice)
    move_balance(company, found.customer["Id"], number(saved["Balance"]), found.rate)
    return saved


def _over(old: Doc, content: Doc, cleared: set[str]) -> Doc:
    """What a sparse update leaves; tax is reckoned again unless it is sent too."""
    kept = {name: value for name, value in old.items() if name not in cleared and name != "TxnTaxDetail"}
    return kept | content


def _assemble(company: Company, content: Doc, old: Doc | None, *, any_number: bool) -> sales.Reckoned:
    if number(content.get("Deposit")) and not company.allow_deposit:
        raise business("Deposits are not turned on for this company.")  # Preferences.SalesFormsPrefs.AllowDeposit
    found = sales.reckon(company, "Invoice", content, old, any_number=any_number)
    settle(company, "Account", content, "DepositToAccountRef")
    term = active(company, "Term", content, "SalesTermRef")
    if term:
        found.content["SalesTermRef"] = named(term)
    # Terms and due date that disagree are both kept as sent (S-LIVE).
    fallback = due(date.fromisoformat(found.content["TxnDate"]), term)
    found.content["DueDate"] = content.get("DueDate") or fallback.isoformat()
    for name in ("AllowOnlineCreditCardPayment", "AllowOnlineACHPayment"):
        found.content[name] = bool(content.get(name)) and company.online_payments
    found.content.update(AllowIPNPayment=False, AllowOnlinePayment=False)
    if number(content.get("Deposit")):
        found.content["Deposit"] = content["Deposit"]
    return found


def _owed(company: Company, found: sales.Reckoned, applied: Decimal, linked: list[Doc]) -> Doc:
    balance = found.total - applied - number(found.content.get("Deposit"))
    if balance < 0:
        raise business("The transaction would be worth less than what has been paid on it.")
    owed: Doc = {"LinkedTxn": linked, "Balance": balance}
    if company.multicurrency:
        owed["HomeBalance"] = cents(balance * found.rate)
    return owed


def due(day: date, term: Doc | None) -> date:
    """The due date that the terms give (field names: quickbooks-ruby model/term.rb)."""
    if term is None:
        return day + timedelta(days=DEFAULT_DAYS)
    if term["Type"] == "STANDARD":
        return day + timedelta(days=int(term.get("DueDays", 0)))
    found = _month_day(day.year, day.month, int(term["DayOfMonthDue"]))
    while found < day + timedelta(days=int(term.get("DueNextMonthDays", 0))):
        following = found.replace(day=1) + timedelta(days=32)
        found = _month_day(following.year, following.month, int(term["DayOfMonthDue"]))
    return found


def _month_day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
