"""Reads of the books and the CRM that may be some minutes old: reads are metered there, and these change rarely."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from duebill.domain.books import BooksOptions, Customer
from duebill.domain.deal import CrmField
from duebill.domain.ids import CompanyId, ConnectionId, CustomerId
from duebill.domain.matching import Catalogue, Entry, Page
from duebill.ports import AccountingProvider, Cache, Clock, Crm

T = TypeVar("T")

OPTIONS_LIVE = timedelta(minutes=30)
CUSTOMERS_LIVE = timedelta(minutes=2)
CATALOGUES_LIVE = timedelta(minutes=10)
MOST_PAGES = 20
MOST_ENTRIES = 20_000
FIELDS_LIVE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A company's cached readings, each stored as the JSON of its type; one of an older shape counts as none."""

    company: CompanyId
    cache: Cache
    clock: Clock

    def find(self, name: str, kind: TypeAdapter[T]) -> T | None:
        text = self.cache.get(self.company, name, self.clock.now())
        try:
            return kind.validate_json(text) if text else None
        except ValidationError:
            return None

    def keep(self, name: str, kind: TypeAdapter[T], value: T, lives: timedelta) -> T:
        self.cache.put(self.company, name, kind.dump_json(value).decode(), until=self.clock.now() + lives)
        return value


class CachedBooksReads:
    """ports.BooksReads for one connection."""

    def __init__(
        self, company: CompanyId, connection: ConnectionId, books: AccountingProvider, cache: Cache, clock: Clock
    ) -> None:
        self._kept = _Kept(company, cache, clock)
        self._connection = connection
        self._books = books

    def options(self) -> BooksOptions:
        """What there is to choose from, at most half an hour old."""
        name, kind = f"options/{self._connection}", TypeAdapter(BooksOptions)
        found = self._kept.find(name, kind)
        return found or self._kept.keep(name, kind, self._books.options(), OPTIONS_LIVE)

    def customer(self, customer: CustomerId) -> Customer:
        """One customer, at most two minutes old. Raises NotFound."""
        name, kind = f"customer/{self._connection}/{customer}", TypeAdapter(Customer)
        found = self._kept.find(name, kind)
        return found or self._kept.keep(name, kind, self._books.customer(customer), CUSTOMERS_LIVE)

    def items(self, *, fresh: bool = False) -> Catalogue:
        """All active items, at most ten minutes old; see ports.BooksReads."""
        return self._catalogue("items", self._books.items_page, fresh=fresh)

    def customers(self, *, fresh: bool = False) -> Catalogue:
        """All active customers, at most ten minutes old."""
        return self._catalogue("customers", self._books.customers_page, fresh=fresh)

    def _catalogue(self, what: str, read: Callable[[str | None], Page[Entry]], *, fresh: bool) -> Catalogue:
        """Page after page, each kept by itself: all together would be too long to keep."""
        entries: list[Entry] = []
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            name, kind = f"{what}/{self._connection}/{cursor or 1}", TypeAdapter(Page[Entry])
            page = None if fresh else self._kept.find(name, kind)
            page = page or self._kept.keep(name, kind, read(cursor), CATALOGUES_LIVE)
            entries += page.rows
            cursor = page.cursor
            if cursor is None:
                break
        return Catalogue(tuple(entries[:MOST_ENTRIES]), cursor is None and len(entries) <= MOST_ENTRIES)

    def forget_options(self) -> None:
        """The next reading asks the books."""
        self._kept.cache.drop(self._kept.company, f"options/{self._connection}")

    def forget_customer(self, customer: CustomerId) -> None:
        """The next reading asks the books."""
        self._kept.cache.drop(self._kept.company, f"customer/{self._connection}/{customer}")


class CachedCrmFields:
    """ports.CrmFields for one company."""

    def __init__(self, company: CompanyId, crm: Crm, cache: Cache, clock: Clock) -> None:
        self._kept = _Kept(company, cache, clock)
        self._crm = crm

    def fields(self) -> tuple[CrmField, ...]:
        """All fields that can be mapped, at most a quarter of an hour old."""
        kind = TypeAdapter(tuple[CrmField, ...])
        found = self._kept.find("crm-fields", kind)
        return found or self._kept.keep("crm-fields", kind, self._crm.fields(), FIELDS_LIVE)

    def tax_rates(self) -> tuple[str, ...]:
        """The catalogue's tax rates, at most a quarter of an hour old."""
        kind = TypeAdapter(tuple[str, ...])
        found = self._kept.find("crm-tax-rates", kind)
        return found or self._kept.keep("crm-tax-rates", kind, self._crm.tax_rates(), FIELDS_LIVE)

    def forget(self) -> None:
        """The next readings ask the CRM."""
        for name in ("crm-fields", "crm-tax-rates"):
            self._kept.cache.drop(self._kept.company, name)
