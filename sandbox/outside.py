"""The outside systems, simulated and filled with the sample companies, and the addresses at which they answer."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.clock import SandboxClock
from sandbox.pipedrive.seed import seed as seed_pipedrive
from sandbox.pipedrive.simulator import Pipedrive
from sandbox.quickbooks.oauth import AUTHORIZE, REVOKE, TOKEN
from sandbox.quickbooks.seed import seed as seed_quickbooks
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.xero.seed import seed as seed_xero
from sandbox.xero.simulator import Xero


@dataclass(frozen=True, slots=True)
class Outside:
    """All simulators, on one clock."""

    pipedrive: Pipedrive
    quickbooks: QuickBooks
    xero: Xero


@dataclass(frozen=True, slots=True)
class Addresses:
    """Origins: our API's, and where each simulator answers."""

    api: str
    pipedrive: str
    quickbooks: str
    xero: str

    def environment(self) -> dict[str, str]:
        """The product's settings that hold addresses (docs/sandbox.md)."""
        return {
            "BASE_URL": self.api,
            "PIPEDRIVE_OAUTH_URL": self.pipedrive,
            "PIPEDRIVE_API_URL": self.pipedrive,
            "FRAME_ANCESTORS": f"{self.api} {self.pipedrive}",
            "QUICKBOOKS_AUTHORIZE_URL": self.quickbooks + AUTHORIZE,
            "QUICKBOOKS_TOKEN_URL": self.quickbooks + TOKEN,
            "QUICKBOOKS_REVOKE_URL": self.quickbooks + REVOKE,
            "QUICKBOOKS_API_URL": self.quickbooks,
            "QUICKBOOKS_APP_URL": f"{self.api}/books",
            "XERO_LOGIN_URL": self.xero,
            "XERO_IDENTITY_URL": self.xero,
            "XERO_API_URL": self.xero,
            "XERO_APP_URL": f"{self.api}/books",
        }


def open_outside(clock: SandboxClock, sleep: Callable[[float], None]) -> Outside:
    """Seeded simulators. `sleep` is how they are slow when they are told to be."""
    pipedrive, quickbooks = Pipedrive(now=clock.now, sleep=sleep), QuickBooks(now=clock.now, sleep=sleep)
    xero = Xero(now=clock.now, sleep=sleep)
    seed_pipedrive(pipedrive)
    seed_quickbooks(quickbooks)
    seed_xero(xero)
    return Outside(pipedrive, quickbooks, xero)


def settle_in(outside: Outside, addresses: Addresses) -> None:
    """Tell the simulators where we are: what a vendor's app page holds, and where Pipedrive's own pages lead."""
    outside.pipedrive.registered_redirects[:] = [f"{addresses.api}/oauth/pipedrive/callback"]
    outside.quickbooks.registered_redirects[:] = [f"{addresses.api}/oauth/quickbooks/callback"]
    outside.xero.registered_redirects[:] = [f"{addresses.api}/oauth/xero/callback"]
    outside.pipedrive.api_domain_for = lambda _: addresses.pipedrive
    for company in outside.pipedrive.companies.values():
        company.takes_local_webhooks = True
