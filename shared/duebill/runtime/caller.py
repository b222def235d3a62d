"""Who is asking, and what they may see: everything that an API handler may touch hangs on this."""

from functools import cached_property

from duebill.domain.actions import Action, Offer, offer_of
from duebill.domain.connection import Connection, Health
from duebill.domain.deal import Deal
from duebill.domain.ids import CompanyId, ConnectionId, DealId, UserId
from duebill.domain.installation import Installation
from duebill.domain.invoice import InvoiceLink
from duebill.domain.roles import Right, Standing, lasting_standing
from duebill.domain.settings import CompanySettings
from duebill.errors import NotAllowed, NotAuthenticated, NotConnected, NotFound
from duebill.ports import Crm
from duebill.runtime.wiring import Wiring
from duebill.use_cases.hear_user import hear_user

_BEARER = "bearer "


class Caller:
    """A person of a company, named by the verified app-extension token and by nothing else."""

    def __init__(self, wiring: Wiring, installation: Installation) -> None:
        self.wiring = wiring
        self.installation = installation

    @property
    def company(self) -> CompanyId:
        """The caller's company."""
        return self.installation.company

    @property
    def user(self) -> UserId:
        """The caller."""
        return self.installation.user

    @cached_property
    def crm(self) -> Crm:
        """The CRM with the caller's own eyes."""
        return self.wiring.crm(self.installation)

    def hear_anew(self) -> None:
        """Ask the CRM who the caller is now: where it is worth a call, since the language on the page hangs on it."""
        self.installation = hear_user(self.installation, crm=self.crm, installations=self.wiring.installations)

    @cached_property
    def settings(self) -> CompanySettings:
        """The company's preferences."""
        return self.wiring.preferences.company(self.company)

    @cached_property
    def connections(self) -> tuple[Connection, ...]:
        """The company's connections that were ever confirmed, oldest first."""
        found = self.wiring.connections.of_company(self.company)
        return tuple(connection for connection in found if connection.health is not Health.PENDING)

    @cached_property
    def colleagues(self) -> tuple[Installation, ...]:
        """Everybody of the company who installed."""
        return self.wiring.installations.of_company(self.company)

    def connection(self, connection: str | None) -> Connection:
        """One of the company's connections; None: the default one. Raises NotFound, NotConnected."""
        live = [known for known in self.connections if known.health is not Health.DISCONNECTED]
        if connection is not None:
            for known in live:
                if known.id == connection:
                    return known
            raise NotFound("There is no such connection.", code="connection_not_found")
        if not live:
            raise NotConnected("No books are connected yet. Connect them in Duebill's settings.")
        default = self.settings.default_connection
        return next((known for known in live if known.id == default), live[0])

    def standing(self, connection: Connection | None = None) -> Standing:
        """What the caller may do with one connection, or (None) with the company's settings."""
        about = (connection,) if connection else self.connections
        return lasting_standing(self.installation, self.colleagues, about, self.settings.roles)

    def require(self, right: Right, connection: Connection | None = None) -> None:
        """Raise NotAllowed unless the caller has the right."""
        self.standing(connection).require(right)

    def offers(self, link: InvoiceLink) -> tuple[Offer, ...]:
        """What the caller can do to an invoice, and why not, as far as is known without asking the books."""
        from duebill.providers.registry import features_of

        connection = next((known for known in self.connections if known.id == link.connection), None)
        rights = self.standing(connection).rights if connection else frozenset()
        features, is_connected = (
            features_of(link.provider),
            connection is not None and connection.health is Health.ACTIVE,
        )
        return tuple(
            offer_of(
                action,
                link.invoice,
                features,
                rights,
                is_connected=is_connected,
                made_here=link.intent is not None,
            )
            for action in Action
        )

    def deal(self, deal: int) -> Deal:
        """A deal that the caller's own token can read. Raises NotFound for every other."""
        return self.crm.deal(DealId(deal))

    def default_connection_id(self) -> ConnectionId | None:
        """The default connection, None where nothing is connected."""
        try:
            return self.connection(None).id
        except NotConnected:
            return None


def caller_of(wiring: Wiring, authorization: str | None) -> Caller:
    """The caller whom an Authorization header names. Raises NotAuthenticated, and NotAllowed before an install."""
    from duebill.crm.pipedrive.app_token import verify

    if not authorization or not authorization.lower().startswith(_BEARER):
        raise NotAuthenticated("Open this page from inside Pipedrive.")
    secrets = wiring.secrets.values("pipedrive/jwt_secret")
    token = verify(authorization[len(_BEARER) :].strip(), secrets=secrets, now=wiring.clock.now())
    installation = wiring.installations.get(token.company, token.user)
    if installation is None:
        raise NotAllowed(
            "Install Duebill for yourself in Pipedrive's Marketplace first: each person gives their own consent.",
            code="not_installed",
        )
    return Caller(wiring, installation)
