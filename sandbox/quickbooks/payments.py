"""Payments and credit: they change what an invoice still asks for (facts §3)."""

from decimal import Decimal

from sandbox.quickbooks import input as reading
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.customers import move_balance
from sandbox.quickbooks.documents import Doc, cents, number, reference
from sandbox.quickbooks.references import active, named, settle
from sandbox.quickbooks.refusals import bad_reference, business, missing

_COPIED = ("PaymentRefNum", "PrivateNote", "DepositToAccountRef")
_LINKABLE = {"Invoice": "Balance", "CreditMemo": "RemainingCredit"}


def create(company: Company, body: Doc) -> Doc:
    """A new payment, applied to the invoices that its lines name; what is left over stays unapplied."""
    content = reading.read("Payment", body)
    reading.require(content, "CustomerRef", "TotalAmt")
    customer = active(company, "Customer", content, "CustomerRef")
    if customer is None:
        raise bad_reference("CustomerRef")
    day = content.get("TxnDate") or company.today().isoformat()
    company.refuse_closed(day)
    currency = _currency(company, content, customer)
    rate = number(content.get("ExchangeRate", 1))
    lines = [_line(company, line, customer) for line in content.get("Line", [])]
    links = [(each["LinkedTxn"][0]["TxnType"], each["LinkedTxn"][0]["TxnId"]) for each in lines]
    if len(set(links)) < len(links):
        raise business("A payment names each linked transaction once.")
    applied = sum((line["Amount"] * _sign(line) for line in lines), Decimal(0))
    total = number(content["TotalAmt"])
    if total < 0 or applied > total:
        raise business("The payment is smaller than what its lines apply.")
    settle(company, "Account", content, "DepositToAccountRef")
    found: Doc = {
        "TxnDate": day,
        "CurrencyRef": company.currency(currency),
        "CustomerRef": named(customer),
        "TotalAmt": total,
        "UnappliedAmt": total - applied,
        "ProcessPayment": False,
        "Line": lines,
    }
    if company.multicurrency:
        found["ExchangeRate"] = rate
    found |= {name: content[name] for name in _COPIED if name in content}
    payment = company.insert("Payment", found)
    for line in lines:
        _move(company, line, payment["Id"], -1)
    move_balance(company, customer["Id"], -payment["UnappliedAmt"], rate)
    return payment


def remove(company: Company, body: Doc) -> Doc:
    """Delete a payment: its invoices are open again."""
    payment = company.current("Payment", body)
    company.refuse_closed(payment["TxnDate"])
    _take_back(company, payment)
    company.remove("Payment", payment["Id"])
    return {"domain": "QBO", "status": "Deleted", "Id": payment["Id"]}


def void(company: Company, body: Doc) -> Doc:
    """Void a payment (`operation=update&include=void`): it stays, worth nothing."""
    payment = company.current("Payment", body)
    company.refuse_closed(payment["TxnDate"])
    _take_back(company, payment)
    content = payment | {"TotalAmt": Decimal(0), "UnappliedAmt": Decimal(0), "Line": [], "PrivateNote": "Voided"}
    return company.replace("Payment", payment, content, "Void")


def unapply(company: Company, payment_id: str, invoice_id: str) -> None:
    """Take a payment off one invoice: its amount stays with the customer, unapplied."""
    payment = company.rows("Payment")[payment_id]
    off = [line for line in payment["Line"] if line["LinkedTxn"][0]["TxnId"] == invoice_id]
    amount = sum((line["Amount"] for line in off), Decimal(0))
    for line in off:
        _move(company, line, payment_id, 1)
    kept = [line for line in payment["Line"] if line not in off]
    company.replace("Payment", payment, payment | {"Line": kept, "UnappliedAmt": payment["UnappliedAmt"] + amount})
    move_balance(company, payment["CustomerRef"]["value"], -amount, number(payment.get("ExchangeRate", 1)))


def apply_credit(company: Company, invoice: Doc) -> None:
    """Preferences.SalesFormsPrefs.AutoApplyCredit: unapplied payments pay a new invoice, the oldest first."""
    for payment in sorted(company.rows("Payment").values(), key=lambda doc: int(doc["Id"])):
        owed = number(company.rows("Invoice")[invoice["Id"]]["Balance"])
        amount = min(owed, number(payment["UnappliedAmt"]))
        if amount <= 0 or payment["CustomerRef"]["value"] != invoice["CustomerRef"]["value"]:
            continue
        line = {"Amount": amount, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
        rest = {"UnappliedAmt": payment["UnappliedAmt"] - amount, "Line": [*payment["Line"], line]}
        company.replace("Payment", payment, payment | rest)
        move_balance(company, invoice["CustomerRef"]["value"], amount, number(invoice.get("ExchangeRate", 1)))
        _move(company, line, payment["Id"], -1)


def _currency(company: Company, content: Doc, customer: Doc) -> str:
    own = str(customer["CurrencyRef"]["value"])
    asked = reference(content, "CurrencyRef")
    if company.multicurrency and asked is None and own != company.home:
        raise missing("CurrencyRef")
    if asked not in (None, own):
        raise business(f"The currency of the transaction must be the customer's currency ({own}).")
    return own


def _line(company: Company, line: Doc, customer: Doc) -> Doc:
    reading.require(line, "Amount", "LinkedTxn")
    if len(line["LinkedTxn"]) != 1:
        raise business("A line of a payment links to one transaction.")
    link = line["LinkedTxn"][0]
    kind, identifier = link.get("TxnType"), link.get("TxnId")
    if kind not in _LINKABLE:
        raise business("This transaction can not be linked.", "620")
    target = company.find(kind, identifier)
    if target is None:
        raise bad_reference("LinkedTxn")
    if target["CustomerRef"]["value"] != customer["Id"]:
        raise business("The transaction belongs to another customer.", "620")
    if line["Amount"] <= 0 or line["Amount"] > number(target[_LINKABLE[kind]]):
        raise business("The amount is more than what the linked transaction is worth.")
    return {"Amount": line["Amount"], "LinkedTxn": [{"TxnId": identifier, "TxnType": kind}]}


def _sign(line: Doc) -> int:
    return 1 if line["LinkedTxn"][0]["TxnType"] == "Invoice" else -1


def _take_back(company: Company, payment: Doc) -> None:
    rate = number(payment.get("ExchangeRate", 1))
    for line in payment["Line"]:
        _move(company, line, payment["Id"], 1)
    move_balance(company, payment["CustomerRef"]["value"], number(payment["UnappliedAmt"]), rate)


def _move(company: Company, line: Doc, payment_id: str, sign: int) -> None:
    """Change what the linked transaction is worth: its SyncToken moves, so a stored one is stale (facts §2)."""
    link = line["LinkedTxn"][0]
    kind = link["TxnType"]
    target = company.rows(kind)[link["TxnId"]]
    left = number(target[_LINKABLE[kind]]) + sign * line["Amount"]
    own = {"TxnId": payment_id, "TxnType": "Payment"}
    others = [each for each in target["LinkedTxn"] if each != own]
    content = target | {_LINKABLE[kind]: left, "LinkedTxn": [own, *others] if sign < 0 else others}
    rate = number(target.get("ExchangeRate", 1))
    if "HomeBalance" in target:
        content["HomeBalance"] = cents(left * rate)
    # No event of its own is told for the invoice: the payment's event names it (facts §3, the stricter reading).
    company.replace(kind, target, content, quiet=True)
    change = sign * line["Amount"] * (1 if kind == "Invoice" else -1)
    move_balance(company, target["CustomerRef"]["value"], change, rate)
