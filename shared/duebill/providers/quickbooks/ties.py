"""What hangs on an invoice, in words."""

from duebill.domain.money import rounded
from duebill.providers.quickbooks.client import QuickBooksClient
from duebill.providers.quickbooks.query import Query, one_of
from duebill.providers.quickbooks.wire import InvoiceDocument, PaymentDocument

_PAYMENT = "Payment"


def ties_of(client: QuickBooksClient, document: InvoiceDocument, home_currency: str) -> tuple[str, ...]:
    """Payments with amount and day, which takes one more question; other transactions by their kind."""
    ids = [linked.txn_id for linked in document.linked_txn if linked.txn_type == _PAYMENT]
    payments = client.query(PaymentDocument, Query(_PAYMENT, (one_of("Id", ids),))) if ids else ()
    currency = document.currency_ref.value if document.currency_ref else home_currency
    others = (linked.txn_type for linked in document.linked_txn if linked.txn_type != _PAYMENT)
    return (*(_words(payment, currency) for payment in payments), *others)


def _words(payment: PaymentDocument, currency: str) -> str:
    return f"Payment of {rounded(payment.total_amt, currency)} {currency} on {payment.txn_date.isoformat()}"
