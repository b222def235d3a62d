"""What changed in one organisation's sales invoices since a moment, voided and deleted ones too."""

from collections.abc import Callable
from datetime import datetime, timedelta

from duebill.domain.invoice import Invoice, Reading
from duebill.domain.watch import OVERLAP
from duebill.providers.xero.client import XeroClient
from duebill.providers.xero.spec import LARGEST_PAGE
from duebill.providers.xero.wire import InvoiceDocument

_SECOND = timedelta(seconds=1)


def changed_invoices(
    client: XeroClient,
    since: datetime,
    *,
    to_invoice: Callable[[InvoiceDocument], Invoice],
    now: Callable[[], datetime],
) -> Reading:
    """Every invoice that changed after `since`.

    Answers name no time of the server, so the next question begins where this one did. The next page begins at the
    last one's latest time: what changes meanwhile moves to the end, and would push others over a page's edge.
    """
    started_at = now()
    found: dict[str, InvoiceDocument] = {}
    page = 1
    while True:
        answer = client.invoices_since(since, page)
        found |= {document.id: document for document in answer}
        if len(answer) < LARGEST_PAGE:
            break
        latest = max(document.updated for document in answer).replace(microsecond=0) - _SECOND
        page = page + 1 if latest <= since else 1
        since = max(since, latest)
    return Reading(tuple(map(to_invoice, found.values())), (), started_at, cursor=started_at - OVERLAP)
