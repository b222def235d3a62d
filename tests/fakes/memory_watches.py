"""What is watched in the books, in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from threading import RLock

from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId, ConnectionId, InvoiceId
from duebill.domain.invoice import InvoiceLink
from duebill.domain.watch import Watch, Watched, is_settled, seen_as
from tests.fakes.memory_due import MemoryDueWork
from tests.fakes.memory_forget import forget

type Place = tuple[CompanyId, ConnectionId]


class MemoryWatches:
    """ports.Watches; the store of invoices tells it what is unsettled."""

    def __init__(self, due: MemoryDueWork | None = None) -> None:
        self.due = due or MemoryDueWork()
        self.kept: dict[Place, Watch] = {}
        self.leases: dict[Place, tuple[str, datetime]] = {}
        self.watched: dict[tuple[CompanyId, ConnectionId, InvoiceId], Watched] = {}
        self._lock = RLock()

    def take(
        self, company: CompanyId, connection: ConnectionId, *, owner: str, until: datetime, now: datetime
    ) -> Watch | None:
        with self._lock:
            place = (company, connection)
            if place in self.leases and self.leases[place][1] > now:
                return None
            self.leases[place] = (owner, until)
            return self._read(place)

    def peek(self, company: CompanyId, connection: ConnectionId) -> Watch:
        return self._read((company, connection))

    def release(self, held: Watch, after: Watch, *, owner: str, asked: Iterable[InvoiceId] = ()) -> bool:
        with self._lock:
            place = (held.company, held.connection)
            if self.leases.get(place, ("",))[0] != owner:
                return False
            now = self._read(place)
            due_at = after.due_at if now.due_at == held.due_at else now.due_at
            self.kept[place] = replace(after, wanted=now.wanted - (set(asked) & held.wanted))
            self.due.set(_work(*place), due_at)
            del self.leases[place]
            return True

    def want(
        self, company: CompanyId, connection: ConnectionId, *, by: datetime, ids: Iterable[InvoiceId] = ()
    ) -> None:
        with self._lock:
            now = self._read((company, connection))
            self.kept[company, connection] = replace(now, wanted=now.wanted | set(ids))
            if now.due_at is None or by < now.due_at:
                self.due.set(_work(company, connection), by)

    def rest(self, company: CompanyId, connection: ConnectionId) -> None:
        self.due.set(_work(company, connection), None)

    def unsettled(self, company: CompanyId, connection: ConnectionId) -> tuple[Watched, ...]:
        return tuple(each for key, each in self.watched.items() if key[:2] == (company, connection))

    def see(self, link: InvoiceLink) -> None:
        key = (link.company, link.connection, link.invoice.id)
        self.watched.pop(key, None)
        if not is_settled(link.invoice):
            self.watched[key] = Watched(link.invoice.id, link.deal, seen_as(link.invoice), link.invoice.due_on)

    def forget(self, company: CompanyId, connection: ConnectionId, invoice: InvoiceId) -> None:
        self.watched.pop((company, connection, invoice), None)

    def erase(self, company: CompanyId) -> int:
        forget(company, self.leases)
        return forget(company, self.kept, self.watched)

    def _read(self, place: Place) -> Watch:
        return replace(self.kept.get(place, Watch(*place)), due_at=self.due.get(_work(*place)))


def _work(company: CompanyId, connection: ConnectionId) -> DueId:
    return DueId(DueKind.REFRESH, company, (connection,))
