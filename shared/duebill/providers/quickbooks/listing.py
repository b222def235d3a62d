"""All invoices of one customer, whoever made them."""

from dataclasses import replace
from datetime import date

from duebill.domain.ids import CustomerId
from duebill.errors import TryLater
from duebill.providers.quickbooks.client import QuickBooksClient
from duebill.providers.quickbooks.query import Query, between, equals
from duebill.providers.quickbooks.spec import MAX_RESULTS
from duebill.providers.quickbooks.wire import InvoiceDocument


def invoices_of(
    client: QuickBooksClient, customer: CustomerId, *, since: date, until: date, limit: int
) -> list[InvoiceDocument]:
    """The newest `limit` of them by date. One question, unless `limit` is more than a page holds.

    Each further page begins with the last invoice of the one before: if it does not, something was deleted or moved
    meanwhile, and what would be missing is not left out in silence.
    """
    where = (equals("CustomerRef", customer), *between("TxnDate", since, until))
    query = Query("Invoice", where, order="TxnDate DESC", limit=min(limit, MAX_RESULTS))
    found: list[InvoiceDocument] = []
    while True:
        page = client.query(InvoiceDocument, query)
        if found and (not page or page[0].id != found[-1].id):
            raise TryLater("The list of invoices changed while it was read. Please try again.", code="list_changed")
        found += page[1:] if found else page
        if len(page) < query.limit or len(found) >= limit:
            return found
        query = replace(query, start=query.start + len(page) - 1, limit=min(limit - len(found) + 1, MAX_RESULTS))
