"""Credit memos, as far as they matter for what invoices still ask for."""

from sandbox.quickbooks import input as reading
from sandbox.quickbooks import sales
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.customers import move_balance
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.refusals import business


def create(company: Company, body: Doc, *, any_number: bool = False) -> Doc:
    """A new credit memo; a payment of 0 with a line for it and one for an invoice applies it."""
    content = reading.read("CreditMemo", body)
    found = sales.reckon(company, "CreditMemo", content, None, any_number=any_number)
    worth = {"LinkedTxn": [], "Balance": found.total, "RemainingCredit": found.total}
    memo = company.insert("CreditMemo", found.content | worth)
    move_balance(company, found.customer["Id"], -found.total, found.rate)
    return memo


def remove(company: Company, body: Doc) -> Doc:
    """Delete a credit memo that nothing uses."""
    memo = company.current("CreditMemo", body)
    if memo["LinkedTxn"]:
        raise business("The transaction is linked to others.", "6480")
    company.refuse_closed(memo["TxnDate"])
    company.remove("CreditMemo", memo["Id"])
    return {"domain": "QBO", "status": "Deleted", "Id": memo["Id"]}
