"""What changed in one company's invoices since a moment: by change data capture, or where that ends, by queries.

Change data capture answers at most 1,000 objects, looks back 30 days, and its window cannot be narrowed from above
("change data capture" in Intuit's guide): a full answer may lack any of the changes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from duebill.domain.ids import InvoiceId
from duebill.domain.invoice import Invoice, Reading
from duebill.domain.watch import OVERLAP
from duebill.providers.quickbooks.client import QuickBooksClient
from duebill.providers.quickbooks.query import Query, at_or_after
from duebill.providers.quickbooks.spec import MAX_RESULTS
from duebill.providers.quickbooks.wire import InvoiceDocument

LOOKS_BACK = timedelta(days=29)
MOST_CHANGES = 1000

type ReadInvoices = Callable[[Sequence[InvoiceId]], Reading]


def changed_invoices(
    client: QuickBooksClient,
    since: datetime,
    known: Sequence[InvoiceId],
    *,
    to_invoice: Callable[[InvoiceDocument], Invoice],
    read_invoices: ReadInvoices,
    now: Callable[[], datetime],
) -> Reading:
    """Every invoice that changed at or after `since`; of `known` ones also what a list of changes may lack."""
    started_at = now()
    if started_at - since < LOOKS_BACK:
        answer = client.changes(since)
        if answer.count < MOST_CHANGES:
            found = tuple(map(to_invoice, answer.invoices))
            deleted = tuple(map(InvoiceId, answer.deleted))
            return Reading(found, (), started_at, deleted=deleted, cursor=answer.at - OVERLAP)
    updated, at = _updated(client, since)
    changed = {invoice.id: invoice for invoice in map(to_invoice, updated)}
    # A query does not show deletions: what of ours it lacks is asked for by name.
    rest = read_invoices([each for each in known if each not in changed])
    return Reading((*changed.values(), *rest.found), rest.missing, started_at, cursor=at - OVERLAP)


def _updated(client: QuickBooksClient, since: datetime) -> tuple[list[InvoiceDocument], datetime]:
    """All pages, and the server's time of the first. The next page begins at the last one's latest time: what changes
    meanwhile moves to the end, and would push others over the edge of a numbered page.
    """
    found: list[InvoiceDocument] = []
    first_at: datetime | None = None
    start = 1
    while True:
        question = Query(
            "Invoice", (at_or_after("MetaData.LastUpdatedTime", since),), "MetaData.LastUpdatedTime", start
        )
        page, at = client.query_at(InvoiceDocument, question)
        first_at = first_at or at
        found += page
        if len(page) < MAX_RESULTS:
            return found, first_at
        latest = page[-1].meta_data.last_updated_time.replace(microsecond=0)
        start = start + MAX_RESULTS if latest <= since else 1
        since = max(since, latest)
