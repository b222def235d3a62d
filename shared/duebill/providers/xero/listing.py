"""All sales invoices of one contact, whoever made them."""

from collections.abc import Iterator
from datetime import date

from duebill.domain.ids import CustomerId
from duebill.errors import TryLater
from duebill.providers.xero.client import InvoicesPage, XeroClient
from duebill.providers.xero.query import SALES_INVOICES, between, both
from duebill.providers.xero.spec import LARGEST_PAGE
from duebill.providers.xero.wire import InvoiceDocument


def invoices_of(
    client: XeroClient, contact: CustomerId, *, since: date, until: date, limit: int
) -> list[InvoiceDocument]:
    """The newest `limit` of them by date. One question, unless `limit` is more than a page holds.

    Every page says how many there are in all. Where that changes from one to the next, something was added or moved
    meanwhile, and what would be missing is not left out in silence.
    """
    found: list[InvoiceDocument] = []
    total: int | None = None
    for page in _pages(client, contact, both(SALES_INVOICES, between("Date", since, until)), limit):
        if total not in (None, page.item_count):
            raise TryLater("The list of invoices changed while it was read. Please try again.", code="list_changed")
        total = page.item_count
        found += page.invoices
        if len(found) >= min(limit, total) or not page.invoices:
            break
    return found[:limit]


def _pages(client: XeroClient, contact: CustomerId, where: str, limit: int) -> Iterator[InvoicesPage]:
    number = 1
    while True:
        yield client.invoices_of_contact(contact, where, page=number, size=min(limit, LARGEST_PAGE))
        number += 1
