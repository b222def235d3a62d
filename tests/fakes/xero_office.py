"""A company with books at both providers: two companies of QuickBooks, three organisations of Xero by one consent."""

from typing import Any, ClassVar

from sandbox.tabletop import Answer
from sandbox.xero.seed import AU_TENANT, NZ_TENANT, UK_TENANT
from tests.fakes.office import Office

TENANTS = {"nz": NZ_TENANT, "uk": UK_TENANT, "au": AU_TENANT}


class XeroOffice(Office):
    """The office, to which Ada has also connected all organisations of one Xero user; QuickBooks US is the default."""

    places: ClassVar[tuple[str, ...]] = ("nz", "uk", "au")

    def connect_books(self) -> None:
        super().connect_books()
        self.connect_organisations()

    def connect_organisations(self, **settings: object) -> None:
        """All of `places` by one consent, with settings."""
        self._customers_of: dict[tuple[str, str], str] = {}
        tenants = [TENANTS[place] for place in self.places]
        ids = self.tabletop.connect_xero(*tenants, user=self.user, company=self.company)
        self.xero = dict(zip(self.places, ids, strict=True))
        for connection in ids:
            self.settle(connection, **settings)

    def untaxed(self, connection: str) -> str:
        if connection not in self.xero.values():
            return super().untaxed(connection)
        return {"nz": "ZERORATED", "uk": "ZERORATEDOUTPUT", "au": "EXEMPTOUTPUT"}[self.place(connection)]

    def customer(self, connection: str, currency: str) -> str:
        """Searched for once."""
        key = (connection, currency)
        if key not in self._customers_of:
            self._customers_of[key] = super().customer(connection, currency)
        return self._customers_of[key]

    def place(self, connection: str) -> str:
        """Which of the organisations a connection leads to."""
        return next(place for place, each in self.xero.items() if each == connection)

    def act(self, deal: int, invoice: dict[str, Any], action: str, **how: Any) -> Answer:  # noqa: ANN401  passed on
        """Submit or approve, as the panel does."""
        path = f"/deals/{deal}/invoices/{invoice['connection_id']}/{invoice['id']}/{action}"
        return self.api("POST", path, headers={"Idempotency-Key": self.key()}, **how)

    def pay(self, invoice: dict[str, Any], amount: str | None = None) -> None:
        """The bookkeeper records a payment."""
        tenant = TENANTS[self.place(invoice["connection_id"])]
        self.tabletop.xero.bookkeeper.pay(tenant, invoice["id"], amount)

    def invoices_in_xero(self) -> int:
        """How many sales invoices all organisations hold."""
        organisations = self.tabletop.xero.organisations.values()
        return sum(doc["Type"] == "ACCREC" for org in organisations for doc in org.rows("Invoice").values())


class OrganisationsOffice(XeroOffice):
    """Two organisations by one consent and no other books; what is created is approved at once."""

    places = ("uk", "nz")

    def connect_books(self) -> None:
        self.connect_organisations(creation="approve")
