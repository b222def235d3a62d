"""Two things became one, in the CRM or in the books: what was linked to the one that is gone moves to the other."""

from collections.abc import Callable

from duebill.domain.connection import Connection
from duebill.domain.ids import CompanyId, CustomerId, DealId
from duebill.domain.invoice import HistoryEntry
from duebill.domain.news import Changed, Event
from duebill.errors import ConditionFailed, NotFound
from duebill.ports import AccountingProvider, Clock, Connections, CustomerLink, Invoices, Links

_BUYERS = {Changed.PERSON_MERGED: "person", Changed.ORGANIZATION_MERGED: "organization"}


def follow_merge(
    company: CompanyId, event: Event, *, invoices: Invoices, links: Links, connections: Connections, clock: Clock
) -> None:
    """Move what hangs on a deal, person or organization that was merged into another. Again does no harm."""
    if event.into is None or event.into == event.id or not (event.id.isdigit() and event.into.isdigit()):
        return
    if event.what is Changed.DEAL_MERGED:
        _move_deal(company, DealId(int(event.id)), DealId(int(event.into)), invoices, clock)
    elif kind := _BUYERS.get(event.what):
        for connection in connections.of_company(company):
            _move_buyer(connection, f"{kind}:{event.id}", f"{kind}:{event.into}", links)


def follow_customer_merge(
    connection: Connection, event: Event, *, links: Links, open_books: Callable[[], AccountingProvider]
) -> int:
    """Move the links of a customer who is part of another now; how many. Asks the books only where one is linked."""
    merged = CustomerId(event.id)
    linked = [each for each in links.linked_customers(connection.company, connection.id) if each[1].customer == merged]
    if not linked:
        return 0
    try:
        into = open_books().customer(CustomerId(event.into) if event.into else merged)
    except NotFound:
        return 0
    if into.id == merged:
        return 0
    for buyer, link in linked:
        moved = CustomerLink(into.id, into.details.name, link.sent_tax_id_hash)
        links.link_customer(connection.company, connection.id, buyer, moved)
    return len(linked)


def _move_deal(company: CompanyId, merged: DealId, into: DealId, invoices: Invoices, clock: Clock) -> None:
    for link in invoices.links(company, merged):
        detail = f"deal {merged} became part of this one"
        entry = HistoryEntry(clock.now(), "moved", None, link.invoice.id, link.invoice.number, detail)
        try:
            invoices.move_link(link, into, entry)
        except ConditionFailed:
            # Changed just now, by a refresh or a note: what is there now moves.
            if again := invoices.link(company, merged, link.connection, link.invoice.id):
                invoices.move_link(again, into, entry)
    invoices.copy_history(company, merged, into)


def _move_buyer(connection: Connection, merged: str, into: str, links: Links) -> None:
    link = links.customer(connection.company, connection.id, merged)
    if link is None:
        return
    if links.customer(connection.company, connection.id, into) is None:
        links.link_customer(connection.company, connection.id, into, link)
    links.unlink_customer(connection.company, connection.id, merged)
