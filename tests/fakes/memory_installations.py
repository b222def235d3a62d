"""Who installed, in memory."""

from duebill.domain.ids import CompanyId, UserId
from duebill.domain.installation import Installation
from tests.fakes.memory_forget import forget


class MemoryInstallations:
    """ports.Installations."""

    def __init__(self) -> None:
        self.kept: dict[tuple[CompanyId, UserId], Installation] = {}

    def get(self, company: CompanyId, user: UserId) -> Installation | None:
        return self.kept.get((company, user))

    def of_company(self, company: CompanyId) -> tuple[Installation, ...]:
        found = [each for each in self.kept.values() if each.company == company]
        return tuple(sorted(found, key=lambda each: (each.installed_at, each.user)))

    def save(self, installation: Installation) -> None:
        self.kept[installation.company, installation.user] = installation

    def remove(self, company: CompanyId, user: UserId) -> None:
        self.kept.pop((company, user), None)

    def erase(self, company: CompanyId) -> int:
        return forget(company, self.kept)
