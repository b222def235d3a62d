"""A company in which the manager is no admin, the admin does not manage, and a member does neither."""

from typing import Any

from duebill.domain.ids import CompanyId, DealId
from sandbox.pipedrive import seed
from sandbox.pipedrive.model import User
from sandbox.tabletop import Answer, Tabletop
from tests.fakes.every_route import Doc, Ids, request_to
from tests.fakes.office import Office
from tests.fakes.table_watch import TableWatch

MANAGER, ADMIN, MEMBER, STRANGER = seed.CID, seed.BEN, 105, 106
DEAL = seed.DEAL_UK_DISCOUNTS


class Branch(Office):
    """The office with people of each role, one deal that has been invoiced, and its intent."""

    def __init__(self, **how: Any) -> None:  # noqa: ANN401  passed on to Office
        super().__init__(**how)
        self.watch = TableWatch(self.tabletop.cloud.dynamodb)
        self.intent = self.key()
        draft, basis = self.draft(DEAL, self.uk)
        made = self.create(DEAL, draft, basis, key=self.intent)
        assert made.status == 201, made
        self._draft = draft
        self._invoice = made.json["invoice"]["id"]
        self._item = self.api("GET", f"/connections/{self.uk}/items?query=a").json[0]["id"]
        self._connection_settings = self.api("GET", f"/connections/{self.uk}/settings").json["settings"]
        self._settings: Doc = self.api("GET", "/settings").json["settings"]

    def ids(self) -> Ids:
        """What a request of this moment names: every one could succeed."""
        self._numbers += 1
        return Ids(
            connection=self.uk,
            deal=DEAL,
            product=1,
            intent=self.intent,
            customer=self._draft["customer_id"],
            item=self._item,
            key=self.key(),
            basis=str(self.tabletop.wiring().invoices.deal(CompanyId(self.company), DealId(DEAL)).version),
            draft=self._draft | {"number": f"BRANCH-{self._numbers:04}"},
            settings=self._settings,
            connection_settings=self._connection_settings,
            invoice=self._invoice,
        )

    def ask(self, route: str, ids: Ids, **who: Any) -> Answer:  # noqa: ANN401  user and company
        """A request to a route."""
        method, path, how = request_to(route, ids)
        return self.api(method, path, **how, **who)

    def audience(self, see: str, create: str | None = None) -> None:
        """Let this audience see, and the same or another one create, act and approve."""
        roles = {"see": see, **dict.fromkeys(("create", "act", "approve"), create or see)}
        if self._settings["roles"] != roles:
            self._settings = self._settings | {"roles": roles}
            assert self.api("PUT", "/settings", json=self._settings).status == 200

    def kept(self) -> dict[str, object]:
        """All that a refusal must not change: our data, the books, the deal's notes."""
        return {
            "written": self.watch.data(),
            "writes": self.writes(),
            "invoices": self.invoices_in_books(),
            "notes": [len(company.notes) for company in self.tabletop.pipedrive.companies.values()],
        }


def new_branch() -> Branch:
    """A branch on a table top of its own, with everybody who needs it installed."""
    tabletop = Tabletop()
    users = tabletop.pipedrive.companies[seed.COMPANY].users
    users[MEMBER] = User(MEMBER, "Mia Member", "mia@duebill-demo.example")
    users[STRANGER] = User(STRANGER, "Sam Stranger", "sam@duebill-demo.example")
    branch = Branch(user=MANAGER, tabletop=tabletop)
    for user in (ADMIN, MEMBER):
        tabletop.install(user)
    tabletop.install(seed.OTHER_USER, seed.OTHER_COMPANY)
    return branch
