"""The panel of one deal, for one caller: only what this person may see, from the connections where they may."""

from datetime import timedelta

from duebill.domain.connection import Connection, Health
from duebill.domain.deal import Deal
from duebill.domain.installation import Installation
from duebill.domain.invoice import InvoiceLink
from duebill.domain.money import is_iso_currency
from duebill.domain.roles import Right
from duebill.domain.sentence import Sentence
from duebill.errors import DuebillError, LimitReached, NotConnected, OutcomeUnknown, ReconnectRequired, TryLater
from duebill.runtime.acting import pressing_in
from duebill.runtime.caller import Caller
from duebill.runtime.models.common import MoneyModel, SentenceModel
from duebill.runtime.models.connections import BooksModel
from duebill.runtime.models.invoices import (
    DealModel,
    HistoryModel,
    IntentModel,
    InvoiceModel,
    PanelModel,
)
from duebill.runtime.stand_in import stand_in_notice, stand_in_of
from duebill.runtime.telling import NEEDS_SECONDS, write_back_of
from duebill.use_cases.email_invoice import EmailInvoice
from duebill.use_cases.refresh_deal import RefreshDeal
from duebill.use_cases.show_deal import ShownDeal, show_deal
from duebill.use_cases.show_history import show_history

WRITE_BACK_IN = timedelta(minutes=1)


class Panel:
    """On being made raises NotFound for a deal that the caller may not read, NotAllowed for one who may not see, and
    NotConnected where nobody could: there are no books.
    """

    def __init__(self, caller: Caller, deal_id: int) -> None:
        self._caller = caller
        self.deal: Deal = caller.deal(deal_id)
        self.visible = tuple(known for known in caller.connections if Right.SEE in caller.standing(known).rights)
        if not self.visible:
            if all(known.health is Health.DISCONNECTED for known in caller.connections):
                raise NotConnected("No books are connected yet. Connect them in Duebill's settings.")
            caller.require(Right.SEE)

    def show(self, *notices: Sentence) -> PanelModel:
        """The deal's invoices as last known; `notices` go before what else is worth saying."""
        shown = self._shown()
        stand_in = stand_in_notice(self._stand_ins())
        said = (*notices, stand_in) if stand_in else notices
        return PanelModel(
            basis=str(shown.version),
            deal=self._summary(shown),
            books=[BooksModel.of(connection) for connection in self.visible],
            invoices=[InvoiceModel.of(invoice) for invoice in shown.invoices],
            intents=[IntentModel.of(intent) for intent in shown.intents],
            possible_duplicates=[IntentModel.of(intent) for intent in shown.possible_duplicates],
            checked_at=shown.checked_at,
            now=self._caller.wiring.clock.now(),
            language=self._caller.installation.language,
            notice=" ".join(one.message for one in said) or None,
            notices=[SentenceModel.of(one) for one in said],
        )

    def summary(self) -> DealModel:
        """What the deal has been invoiced, and who may do what."""
        return self._summary(self._shown())

    def _summary(self, shown: ShownDeal) -> DealModel:
        standing = self._caller.standing()
        deal = self.deal
        return DealModel(
            deal_id=deal.id,
            title=deal.title,
            value=MoneyModel.of(deal.value, deal.currency) if is_iso_currency(deal.currency) else None,
            basis=str(shown.version),
            invoiced=[MoneyModel.of(total, currency) for currency, total in sorted(shown.invoiced.items())],
            connections=[connection.id for connection in self.visible],
            rights=sorted(right.value for right in standing.rights),
            manager=standing.manager_name or None,
            works_for=next((one.name for one in self._stand_ins()), None),
        )

    def refresh(self) -> PanelModel:
        """Ask the books now; where they cannot be asked, what is known stands, with notices that say why."""
        notices = []
        self._caller.hear_anew()
        for connection in self.visible:
            links = tuple(one.link for one in self._shown().invoices if one.link.connection == connection.id)
            try:
                for link in self._refreshed(connection, links):
                    self._write_back(link)
            except (TryLater, LimitReached, OutcomeUnknown, ReconnectRequired, NotConnected) as error:
                notices.append(why_not(connection, error))
        return self.show(*notices)

    def history(self) -> list[HistoryModel]:
        """What happened, newest first."""
        wiring, company = self._caller.wiring, self._caller.company
        entries = show_history(company, self.deal.id, invoices=wiring.invoices, clock=wiring.clock)
        seen = {known.id for known in self.visible}
        hidden = {
            link.invoice.id for link in wiring.invoices.links(company, self.deal.id) if link.connection not in seen
        }
        names = {one.user: one.name for one in wiring.installations.of_company(company)}
        return [HistoryModel.of(entry, names) for entry in entries if entry.invoice not in hidden]

    def _stand_ins(self) -> list[Installation]:
        live = (known for known in self.visible if known.health is not Health.DISCONNECTED)
        found = (stand_in_of(connection, self._caller.wiring) for connection in live)
        return [one for one in found if one is not None]

    def _shown(self) -> ShownDeal:
        return show_deal(
            self._caller.company,
            self.deal.id,
            self.visible,
            offers_of=self._caller.offers,
            invoices=self._caller.wiring.invoices,
            clock=self._caller.wiring.clock,
        )

    def _refreshed(self, connection: Connection, links: tuple[InvoiceLink, ...]) -> tuple[InvoiceLink, ...]:
        if not links:
            return ()
        wiring = self._caller.wiring
        pressing = pressing_in(connection, wiring.books(connection), self._caller)
        looked = tuple(EmailInvoice(pressing).look_up(link) for link in links)
        return RefreshDeal(pressing.books, pressing.record)(looked, write_back_at=pressing.write_back_at)

    def _write_back(self, link: InvoiceLink) -> None:
        wiring = self._caller.wiring
        soon = wiring.clock.now() + WRITE_BACK_IN
        is_due = link.write_back_due_at is not None and link.write_back_due_at <= soon
        if is_due and wiring.clock.time_left() >= NEEDS_SECONDS:
            write_back_of(self._caller.company, self._caller.crm, wiring)(link)


def why_not(connection: Connection, error: DuebillError) -> Sentence:
    """Why a connection's books could not be asked. The code is that of the kind of error, which is all there is to do
    something about.
    """
    books = f"{connection.provider.label} ({connection.tenant.name})"
    return Sentence(type(error).code, error.message, {"books": books})
