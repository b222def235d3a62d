"""All invoices of a deal's customer as the page receives them."""

from datetime import date
from decimal import Decimal
from typing import Literal

from duebill.domain.aged import Sums
from duebill.domain.connection import Connection
from duebill.domain.ids import DealId
from duebill.domain.status import Status
from duebill.ports import CustomerLink
from duebill.runtime.models.common import Model, MoneyModel, SentenceModel
from duebill.use_cases.list_customer_invoices import ListedFrom

type StatusWord = Literal[
    "draft", "awaiting_approval", "open", "partially_paid", "paid", "overdue", "voided", "deleted"
]


class InvoiceLinkModel(Model):
    """Which deal an invoice is linked to. `deal_id` and `deal_title` are null for one that the caller cannot see."""

    to: Literal["this_deal", "other_deal", "none"]
    deal_id: int | None = None
    deal_title: str | None = None


class CustomerInvoiceModel(Model):
    """One invoice of the customer. `suggested`: it obviously belongs to this deal, and is linked to none."""

    connection_id: str
    provider: str
    id: str
    number: str
    customer_name: str
    total: MoneyModel
    amount_due: MoneyModel
    paid: MoneyModel
    credited: MoneyModel
    issued_on: date
    due_on: date | None
    days_overdue: int
    status: StatusWord
    unknown_word: str | None
    url: str
    reference: str | None
    link: InvoiceLinkModel
    suggested: bool

    @staticmethod
    def of(row: ListedFrom, today: date, link: InvoiceLinkModel, *, suggested: bool) -> "CustomerInvoiceModel":
        """From the use case's."""
        invoice = row.listed.invoice
        currency = invoice.currency
        is_owed = invoice.status(today) is Status.OVERDUE and invoice.due_on is not None
        return CustomerInvoiceModel(
            connection_id=row.connection.id,
            provider=row.connection.provider.value,
            id=invoice.id,
            number=invoice.number,
            customer_name=invoice.customer_name,
            total=MoneyModel.of(invoice.total, currency),
            amount_due=MoneyModel.of(invoice.balance, currency),
            paid=MoneyModel.of(invoice.total - invoice.balance, currency),
            credited=MoneyModel.of(invoice.credited, currency),
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            days_overdue=(today - invoice.due_on).days if is_owed and invoice.due_on else 0,
            status=invoice.status(today).value,
            unknown_word=invoice.unknown_word,
            url=row.url,
            reference=invoice.reference,
            link=link,
            suggested=suggested and link.to == "none",
        )


class AgedTotalsModel(Model):
    """Sums of one currency over issued invoices. `outstanding` is what `not_due` and the four ages come to."""

    outstanding: MoneyModel
    overdue: MoneyModel
    paid: MoneyModel
    not_due: MoneyModel
    overdue_1_30: MoneyModel
    overdue_31_60: MoneyModel
    overdue_61_90: MoneyModel
    overdue_over_90: MoneyModel

    @staticmethod
    def of(currency: str, sums: Sums) -> "AgedTotalsModel":
        """From the domain's."""

        def money(amount: Decimal) -> MoneyModel:
            return MoneyModel.of(amount, currency)

        return AgedTotalsModel(
            outstanding=money(sums.outstanding),
            overdue=money(sums.overdue),
            paid=money(sums.paid),
            not_due=money(sums.not_due),
            overdue_1_30=money(sums.overdue_1_30),
            overdue_31_60=money(sums.overdue_31_60),
            overdue_61_90=money(sums.overdue_61_90),
            overdue_over_90=money(sums.overdue_over_90),
        )


class ListedCustomerModel(Model):
    """The customer in one set of books; null where the deal's buyer is linked to none there."""

    connection_id: str
    books: str
    customer_id: str | None
    customer_name: str | None

    @staticmethod
    def of(connection: Connection, link: CustomerLink | None) -> "ListedCustomerModel":
        """From the domain's."""
        return ListedCustomerModel(
            connection_id=connection.id,
            books=connection.tenant.name,
            customer_id=link.customer if link else None,
            customer_name=link.name if link else None,
        )


class CustomerInvoicesModel(Model):
    """A page of the list, newest first.

    `totals` are over all pages up to this one, whatever status was asked for: whole where `cursor` is null. `until` is
    null where no end was asked for.
    """

    customers: list[ListedCustomerModel]
    since: date
    until: date | None
    invoices: list[CustomerInvoiceModel]
    totals: list[AgedTotalsModel]
    cursor: str | None
    notices: list[SentenceModel]
    notice: str | None = None


class LinkInvoiceModel(Model):
    """`move_from`: the deal that the invoice is linked to now, once a person has said that it is to be moved."""

    move_from: int | None = None


def no_link() -> InvoiceLinkModel:
    """Linked to no deal."""
    return InvoiceLinkModel(to="none")


def link_to(holder: DealId, deal: DealId, title: str | None) -> InvoiceLinkModel:
    """Linked to a deal; `title` is None where the caller cannot see it."""
    if holder == deal:
        return InvoiceLinkModel(to="this_deal", deal_id=deal, deal_title=title)
    return InvoiceLinkModel(to="other_deal", deal_id=holder if title is not None else None, deal_title=title)
