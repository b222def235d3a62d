"""The list of all invoices of a deal's customer, and the desk where they are linked to the deal and unlinked."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from pydantic import TypeAdapter

from duebill.domain.belongs import obviously_belongs
from duebill.domain.calendar import today_in
from duebill.domain.connection import Connection, Health
from duebill.domain.deal import Deal
from duebill.domain.ids import ConnectionId, DealId, InvoiceId
from duebill.domain.roles import Right
from duebill.domain.sentence import Sentence
from duebill.errors import InvalidRequest, NotConnected, NotFound, ReconnectRequired
from duebill.ports import CustomerLink
from duebill.runtime.caller import Caller
from duebill.runtime.cursors import Cursors
from duebill.runtime.invoicing import Desk
from duebill.runtime.models.common import SentenceModel
from duebill.runtime.models.customer_invoices import (
    AgedTotalsModel,
    CustomerInvoiceModel,
    CustomerInvoicesModel,
    ListedCustomerModel,
    link_to,
    no_link,
)
from duebill.runtime.models.invoices import InvoiceModel
from duebill.runtime.panel import WRITE_BACK_IN, Panel, why_not
from duebill.use_cases.link_invoice import LinkInvoice, unlink_invoice
from duebill.use_cases.list_customer_invoices import CustomerBooks, ListedFrom, Page, Place, list_customer_invoices
from duebill.use_cases.show_deal import ShownInvoice

_A_YEAR = timedelta(days=365)
_LATEST = timedelta(days=10 * 365)  # invoices may be dated ahead
_LONGEST = timedelta(days=50 * 365)


class Asked(NamedTuple):
    """What a page asks for; None: the last twelve months, without an end; no status: all."""

    since: date | None
    until: date | None
    statuses: tuple[str, ...]


class Frame(NamedTuple):
    """The time frame of a list, fixed on its first page, and the place of the page."""

    since: date
    until: date
    place: Place | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a cursor holds."""

    since: date
    until: date
    place: Place


class CustomerInvoices:
    """The list for one caller. Raises what runtime.panel.Panel raises on being made."""

    def __init__(self, caller: Caller, deal_id: int) -> None:
        self._caller = caller
        panel = Panel(caller, deal_id)
        self._deal: Deal = panel.deal
        live = (known for known in panel.visible if known.health is not Health.DISCONNECTED)
        self._customers = {known: self._customer(known) for known in live}

    def show(self, asked: Asked, cursor: str | None) -> CustomerInvoicesModel:
        """One page. Raises InvalidRequest, and what the books raise where none of them can be asked."""
        cursors = self._cursors(asked)
        frame = self._frame(asked, cursors.open(cursor) if cursor else None)
        sources, notices = self._sources()
        page = list_customer_invoices(
            sources, since=frame.since, until=frame.until, place=frame.place, clock=self._caller.wiring.clock
        )
        later = page.next
        kept = _KEPT.dump_json(_Kept(frame.since, frame.until, later)).decode() if later else None
        return CustomerInvoicesModel(
            customers=[ListedCustomerModel.of(connection, link) for connection, link in self._customers.items()],
            since=frame.since,
            until=asked.until,
            invoices=[row for row in self._rows(page) if not asked.statuses or row.status in asked.statuses],
            totals=[AgedTotalsModel.of(currency, sums) for currency, sums in sorted(page.sums.items())],
            cursor=cursors.seal(kept) if kept else None,
            notice=" ".join(one.message for one in notices) or None,
            notices=[SentenceModel.of(one) for one in notices],
        )

    def _customer(self, connection: Connection) -> CustomerLink | None:
        buyer = self._deal.buyer_key
        return self._caller.wiring.links.customer(connection.company, connection.id, buyer) if buyer else None

    def _cursors(self, asked: Asked) -> Cursors:
        secrets = partial(self._caller.wiring.secrets.values, "pipedrive/jwt_secret")
        who = (self._caller.company, self._caller.user, self._deal.id)
        return Cursors(secrets, *who, asked.since, asked.until, *sorted(asked.statuses))

    def _frame(self, asked: Asked, kept: str | None) -> Frame:
        if kept is not None:
            found = _KEPT.validate_json(kept)
            return Frame(found.since, found.until, found.place)
        today = today_in(self._caller.installation.time_zone, self._caller.wiring.clock.now())
        until = asked.until or today + _LATEST
        since = asked.since or min(today, until) - _A_YEAR
        if since > until or until - since > _LONGEST:
            raise InvalidRequest(
                "The time frame must begin before it ends, and be no longer than fifty years.",
                code="invalid_time_frame",
                fields=("/from", "/to"),
            )
        return Frame(since, until, None)

    def _sources(self) -> tuple[tuple[CustomerBooks, ...], list[Sentence]]:
        """The books that can be asked, and why others cannot. Raises where none can."""
        sources: list[CustomerBooks] = []
        notices: list[Sentence] = []
        closed: ReconnectRequired | NotConnected | None = None
        for connection, link in self._customers.items():
            if link is None:
                continue
            try:
                sources.append(CustomerBooks(connection, link, self._caller.wiring.books(connection)))
            except (ReconnectRequired, NotConnected) as error:
                closed = error
                notices.append(why_not(connection, error))
        if closed is not None and not sources:
            raise closed
        return tuple(sources), notices

    def _rows(self, page: Page) -> list[CustomerInvoiceModel]:
        wiring = self._caller.wiring
        holders = self._holders(page.rows)
        titles = self._titles(set(holders.values()))
        intents = wiring.invoices.intents(self._caller.company, self._deal.id)
        references = {intent.reference for intent in intents}
        rows = []
        for row in page.rows:
            today = today_in(row.connection.tenant.time_zone, wiring.clock.now())
            holder = holders.get((row.connection.id, row.listed.invoice.id))
            link = no_link() if holder is None else link_to(holder, self._deal.id, titles.get(holder))
            belongs = obviously_belongs(row.listed, self._deal.id, references)
            rows.append(CustomerInvoiceModel.of(row, today, link, suggested=belongs))
        return rows

    def _holders(self, rows: tuple[ListedFrom, ...]) -> dict[tuple[ConnectionId, InvoiceId], DealId]:
        """Which deal each of these invoices is linked to."""
        found: dict[tuple[ConnectionId, InvoiceId], DealId] = {}
        for connection in {row.connection.id for row in rows}:
            ids = [row.listed.invoice.id for row in rows if row.connection.id == connection]
            deals = self._caller.wiring.invoices.deals_of(self._caller.company, connection, ids)
            found |= {(connection, invoice): deal for invoice, deal in deals.items()}
        return found

    def _titles(self, deals: set[DealId]) -> dict[DealId, str]:
        """Their titles, as far as the caller can see them."""
        others = deals - {self._deal.id}
        titles = self._caller.crm.titles(others) if others else {}
        return titles | {self._deal.id: self._deal.title}


class LinkDesk:
    """Links and unlinks invoices of one connection for a caller who may act. NotFound, NotAllowed on being made."""

    def __init__(self, caller: Caller, deal_id: int, connection_id: str) -> None:
        self._caller = caller
        self._deal = caller.deal(deal_id)
        self._connection_id = connection_id

    def link(self, invoice_id: str, move_from: int | None) -> InvoiceModel:
        """The linked invoice. Raises NotFound, LinkedElsewhere."""
        desk = Desk(self._caller, Right.ACT, self._connection_id)
        wiring, connection = desk.wiring, desk.connection
        now = wiring.clock.now()
        link = LinkInvoice(connection, desk.books, wiring.invoices, wiring.links, wiring.clock, self._sees)(
            InvoiceId(invoice_id),
            self._deal.id,
            self._deal.buyer_key,
            by=self._caller.user,
            move_from=DealId(move_from) if move_from is not None else None,
            write_back_at=now + WRITE_BACK_IN if self._caller.settings.wants_write_back else None,
        )
        today = today_in(connection.tenant.time_zone, now)
        return InvoiceModel.of(ShownInvoice(link, link.invoice.status(today), today))

    def unlink(self, invoice_id: str) -> None:
        """Untie the invoice, also where its books are not connected any more. Raises NotFound."""
        connection = next((known for known in self._caller.connections if known.id == self._connection_id), None)
        if connection is None:
            raise NotFound("There is no such connection.", code="connection_not_found")
        self._caller.require(Right.ACT, connection)
        wiring = self._caller.wiring
        link = wiring.invoices.link(self._caller.company, self._deal.id, connection.id, InvoiceId(invoice_id))
        if link is None:
            raise NotFound("This deal has no such invoice.", code="invoice_not_found")
        unlink_invoice(link, by=self._caller.user, invoices=wiring.invoices, clock=wiring.clock)

    def _sees(self, deal: DealId) -> bool:
        try:
            self._caller.deal(deal)
        except NotFound:
            return False
        return True


_KEPT = TypeAdapter(_Kept)
