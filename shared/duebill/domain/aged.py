"""What a customer owes and has paid, by currency, and how old the debts are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from duebill.domain.invoice import Invoice
from duebill.domain.status import Stage

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over issued invoices of one currency: neither drafts nor what was voided or deleted counts.

    `outstanding` is all that is due, overdue or not; it is what `not_due` and the four ages come to together.
    """

    outstanding: Decimal = _ZERO
    overdue: Decimal = _ZERO
    paid: Decimal = _ZERO  # by money and by credit notes
    not_due: Decimal = _ZERO
    overdue_1_30: Decimal = _ZERO  # days since the due date
    overdue_31_60: Decimal = _ZERO
    overdue_61_90: Decimal = _ZERO
    overdue_over_90: Decimal = _ZERO

    def plus(self, invoice: Invoice, today: date) -> "Sums":
        """With one more invoice, as it stands on `today`, a date in the tenant's zone."""
        if invoice.stage is not Stage.ISSUED:
            return self
        age = _age_of(invoice, today)
        balance = max(invoice.balance, _ZERO)
        aged = {age: getattr(self, age) + balance}
        return replace(
            self,
            outstanding=self.outstanding + balance,
            overdue=self.overdue + (balance if age != "not_due" else _ZERO),
            paid=self.paid + invoice.total - invoice.balance,
            **aged,
        )


def summed(sums: Mapping[str, Sums], invoices: Iterable[Invoice], today: date) -> dict[str, Sums]:
    """The sums by currency with these invoices in them."""
    by_currency = dict(sums)
    for invoice in invoices:
        if invoice.stage is Stage.ISSUED:
            by_currency[invoice.currency] = by_currency.get(invoice.currency, Sums()).plus(invoice, today)
    return by_currency


def _age_of(invoice: Invoice, today: date) -> str:
    days = (today - invoice.due_on).days if invoice.due_on else 0
    if days <= 0:
        return "not_due"
    if days <= 30:
        return "overdue_1_30"
    if days <= 60:
        return "overdue_31_60"
    return "overdue_61_90" if days <= 90 else "overdue_over_90"
