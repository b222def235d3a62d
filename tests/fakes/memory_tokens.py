"""Token sets, in memory."""

from dataclasses import replace
from datetime import datetime
from threading import RLock

from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId, TokenSetId
from duebill.domain.tokens import TokenSet
from duebill.errors import ConditionFailed
from tests.fakes.memory_due import MemoryDueWork
from tests.fakes.memory_forget import forget


class MemoryTokens:
    """ports.Tokens."""

    def __init__(self, due: MemoryDueWork | None = None) -> None:
        self.kept: dict[tuple[CompanyId, TokenSetId], TokenSet] = {}
        self.due = due or MemoryDueWork()
        self._lock = RLock()

    def get(self, company: CompanyId, token_set: TokenSetId) -> TokenSet | None:
        return self.kept.get((company, token_set))

    def create(self, token_set: TokenSet, *, due_at: datetime) -> None:
        with self._lock:
            self._put(token_set, due_at)

    def take_lease(
        self, token_set: TokenSet, *, owner: str, until: datetime, now: datetime, due_at: datetime
    ) -> TokenSet:
        with self._lock:
            stored = self._at_version(token_set, token_set.version)
            if stored.lease_until is not None and stored.lease_until > now:
                raise ConditionFailed
            leased = replace(stored, lease_owner=owner, lease_until=until, refresh_started_at=now)
            self._put(leased, due_at)
            return leased

    def store_grant(self, renewed: TokenSet, *, expected_version: int, due_at: datetime) -> None:
        with self._lock:
            self._at_version(renewed, expected_version)
            self._put(_unleased(replace(renewed, version=expected_version + 1)), due_at)

    def release(self, token_set: TokenSet, *, owner: str) -> None:
        with self._lock:
            stored = self.get(token_set.company, token_set.id)
            if stored and stored.lease_owner == owner:
                self.kept[token_set.company, token_set.id] = _unleased(stored)

    def mark_dead(self, token_set: TokenSet, *, reason: str) -> None:
        with self._lock:
            stored = self._at_version(token_set, token_set.version)
            self._put(_unleased(replace(stored, dead_reason=reason)), None)

    def set_due(self, company: CompanyId, token_set: TokenSetId, due_at: datetime | None) -> None:
        with self._lock:
            stored = self.get(company, token_set)
            if stored is None:
                return
            work = DueId(DueKind.TOKEN, company, (token_set,))
            before = self.due.get(work)
            is_later = due_at is None or (before is not None and due_at >= before)
            if not (stored.lease_owner and is_later):
                self.due.set(work, due_at)

    def remove(self, company: CompanyId, token_set: TokenSetId) -> None:
        with self._lock:
            self.kept.pop((company, token_set), None)
            self.due.set(DueId(DueKind.TOKEN, company, (token_set,)), None)

    def erase(self, company: CompanyId) -> int:
        return forget(company, self.kept)

    def _at_version(self, token_set: TokenSet, version: int) -> TokenSet:
        stored = self.get(token_set.company, token_set.id)
        if stored is None or stored.version != version:
            raise ConditionFailed
        return stored

    def _put(self, token_set: TokenSet, due_at: datetime | None) -> None:
        self.kept[token_set.company, token_set.id] = token_set
        self.due.set(DueId(DueKind.TOKEN, token_set.company, (token_set.id,)), due_at)


def _unleased(token_set: TokenSet) -> TokenSet:
    return replace(token_set, lease_owner=None, lease_until=None, refresh_started_at=None)
