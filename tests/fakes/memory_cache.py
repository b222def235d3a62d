"""The cache, in memory."""

from datetime import datetime

from duebill.domain.ids import CompanyId
from tests.fakes.memory_forget import forget

LONGEST_BYTES = 300 * 1024


class MemoryCache:
    """ports.Cache."""

    def __init__(self) -> None:
        self.kept: dict[tuple[CompanyId, str], tuple[str, datetime]] = {}

    def get(self, company: CompanyId, name: str, now: datetime) -> str | None:
        text, until = self.kept.get((company, name), (None, now))
        return text if until > now else None

    def put(self, company: CompanyId, name: str, text: str, *, until: datetime) -> None:
        self.drop(company, name)
        if len(text.encode()) <= LONGEST_BYTES:
            self.kept[company, name] = (text, until)

    def drop(self, company: CompanyId, name: str) -> None:
        self.kept.pop((company, name), None)

    def erase(self, company: CompanyId) -> int:
        return forget(company, self.kept)
