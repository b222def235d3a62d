"""Try everything that invoicing with one connection needs. It only reads: nothing is written anywhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from duebill.domain.books import BooksOptions
from duebill.domain.check import Finding, State
from duebill.domain.connection import Connection, Health, TaxModel, Tenant
from duebill.domain.features import Feature
from duebill.domain.settings import CompanySettings, ConnectionSettings, UnlinkedLine
from duebill.domain.watch import WEEKLY, Watch
from duebill.errors import BooksRefused, DuebillError, InvalidRequest, NotFound
from duebill.ports import AccountingProvider, Crm, CrmFields
from duebill.use_cases.prepare_deal_fields import require_activities

LATE = timedelta(hours=26)  # the next look is due daily at the latest where an invoice is unsettled, and may be late


@dataclass(frozen=True, slots=True)
class CheckConnection:
    """What is looked at. `has_worker`: whether somebody's consent lets the machine write to the CRM."""

    connection: Connection
    open_books: Callable[[], AccountingProvider]
    crm: Crm
    crm_fields: CrmFields
    company: CompanySettings
    settings: ConnectionSettings
    watch: Watch
    awaits: int  # invoices that are not settled
    has_worker: bool
    now: datetime

    def __call__(self) -> tuple[Finding, ...]:
        """All findings; where the books cannot be reached, what can be said without them."""
        return (*self._books(), *self._pipedrive(), *self._watched())

    def _books(self) -> Iterator[Finding]:
        try:
            books = self.open_books()
            tenant = books.describe()
            options = books.options()
            rates = self.crm_fields.tax_rates()
            item = self._item(books)
        except DuebillError as error:
            yield Finding("books_not_reached", State.BAD, {"code": error.code, "message": error.message})
            return
        yield Finding("books_reached", values={"name": tenant.name})
        yield from self._changed(tenant)
        if Feature.APPROVAL in books.features:
            yield Finding("may_approve") if options.may_approve else Finding("may_not_approve", State.WARN)
        yield item
        yield from self._taxes(options, rates)
        yield from _currencies(tenant, options)

    def _changed(self, tenant: Tenant) -> Iterator[Finding]:
        known = self.connection.tenant
        rules = (known.home_currency, known.multicurrency, known.tax_model, known.custom_numbers)
        if rules != (tenant.home_currency, tenant.multicurrency, tenant.tax_model, tenant.custom_numbers):
            yield Finding("books_changed", State.WARN)

    def _item(self, books: AccountingProvider) -> Finding:
        chosen = self.settings.default_item
        if chosen is None:
            creates = self.settings.unlinked_line is UnlinkedLine.CREATE_ITEM
            return Finding("no_item_needed") if creates else Finding("no_default_item", State.WARN)
        try:
            item = books.item(chosen)
        except (NotFound, BooksRefused):
            return Finding("default_item_gone", State.BAD, {"name": self.settings.default_item_name})
        state = State.GOOD if item.is_active else State.BAD
        return Finding("default_item" if item.is_active else "default_item_inactive", state, {"name": item.name})

    def _taxes(self, options: BooksOptions, rates: tuple[str, ...]) -> Iterator[Finding]:
        if self.connection.tenant.tax_model is TaxModel.MANUAL:
            yield Finding("manual_tax", State.WARN)
            return
        codes = {code.id for code in options.tax_codes}
        open_rates = [rate for rate in rates if self.settings.tax_codes.get(rate) not in codes]
        if open_rates:
            yield Finding("rates_without_code", State.WARN, {"rates": ", ".join(open_rates)})
        else:
            yield Finding("all_rates_have_codes", values={"count": str(len(rates))})

    def _pipedrive(self) -> Iterator[Finding]:
        try:
            self.crm.who_am_i()
        except DuebillError as error:
            yield Finding("crm_not_reached", State.BAD, {"code": error.code, "message": error.message})
            return
        yield Finding("crm_reached")
        if self.company.activity_on_deal:
            try:
                require_activities(self.crm)
                yield Finding("may_plan_tasks")
            except InvalidRequest:
                yield Finding("may_not_plan_tasks", State.WARN)
        if not self.has_worker:
            yield Finding("nobody_writes_back", State.WARN)

    def _watched(self) -> Iterator[Finding]:
        if self.connection.health is not Health.ACTIVE:
            return
        heard, looked = self.watch.heard_at, self.watch.looked_at
        yield Finding("webhook_heard", values={"at": _stamp(heard)}) if heard else Finding("webhook_not_heard")
        if looked is None:
            yield Finding("not_looked_yet")
            return
        late = self.now - looked > (LATE if self.awaits else WEEKLY + LATE)
        code = "looked_long_ago" if late and self.awaits else "looked"
        yield Finding(code, State.WARN if code != "looked" else State.GOOD, {"at": _stamp(looked)})


def _currencies(tenant: Tenant, options: BooksOptions) -> Iterator[Finding]:
    others = [each for each in options.currencies if each != tenant.home_currency]
    if tenant.multicurrency or others:
        listed = ", ".join([tenant.home_currency, *others])
        yield Finding("currencies", values={"currencies": listed})
    else:
        yield Finding("one_currency", values={"currency": tenant.home_currency})


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
