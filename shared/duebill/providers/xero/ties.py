"""What hangs on an invoice, in words."""

from collections.abc import Iterable, Iterator

from duebill.domain.money import rounded
from duebill.providers.xero.wire import SettlementDocument, WholeInvoiceDocument


def ties_of(document: WholeInvoiceDocument, home_currency: str) -> tuple[str, ...]:
    """Payments, credit notes, prepayments and overpayments, each with its amount and day."""
    kinds: Iterable[tuple[str, Iterable[SettlementDocument]]] = (
        ("Payment", document.payments),
        ("Credit note", document.credit_notes),
        ("Prepayment", document.prepayments),
        ("Overpayment", document.overpayments),
    )
    currency = document.currency_code or home_currency
    return tuple(" ".join(_words(kind, each, currency)) for kind, found in kinds for each in found)


def _words(kind: str, settlement: SettlementDocument, currency: str) -> Iterator[str]:
    yield kind
    if settlement.credit_note_number:
        yield settlement.credit_note_number
    amount = settlement.amount if settlement.amount is not None else settlement.applied_amount
    if amount is not None:
        yield f"of {rounded(amount, currency)} {currency}"
    if day := settlement.date_string or settlement.date:
        yield f"on {day.isoformat()}"
