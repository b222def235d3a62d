"""Pipedrive's simulator behind the product's own HTTP client, and the adapter opened for one of its users."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from duebill.crm.pipedrive.adapter import PipedriveCrm
from duebill.crm.pipedrive.oauth import PipedriveIssuer
from duebill.domain.tokens import Grant
from duebill.errors import ReconnectRequired
from duebill.outside.oauth import InvalidGrant
from duebill.runtime.http_client import HttpxHttp, new_client
from sandbox.clock import SandboxClock
from sandbox.pipedrive import seed as sample
from sandbox.pipedrive.simulator import Pipedrive
from sandbox.transport import transport

CALLBACK = "https://duebill.example/oauth/pipedrive/callback"
HOSTS = ("oauth.pipedrive.com", "duebill-demo.pipedrive.com", "other-co.pipedrive.com", "elsewhere.test")


class StillClock:
    """ports.Clock that moves only when told to."""

    def __init__(self) -> None:
        self.sandbox = SandboxClock(datetime(2026, 11, 21, 10, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.sandbox.now()

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")

    def time_left(self) -> float:
        return 29.0


@dataclass
class GrantedTokens:
    """ports.AccessTokens that ask the issuer when a token was refused, and keep nothing else."""

    issuer: PipedriveIssuer
    grant: Grant
    refused: list[str] = field(default_factory=list)

    def current(self) -> str:
        return self.grant.access_token

    def instead_of(self, refused: str) -> str:
        self.refused.append(refused)
        try:
            self.grant = self.issuer.refresh(self.grant.refresh_token)
        except InvalidGrant:
            raise ReconnectRequired from None
        return self.grant.access_token


class PipedriveWorld:
    """A seeded simulator, a clock that stands still, and what the product needs to call it."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.simulator = Pipedrive(now=self.clock.now)
        sample.seed(self.simulator)
        self.http = HttpxHttp(new_client(transport(dict.fromkeys(HOSTS, self.simulator))), self.clock)
        self.secrets = [self.simulator.client_secret]
        self.issuer = PipedriveIssuer(
            self.http, client_id=self.simulator.client_id, secrets=lambda: self.secrets, redirect_uri=CALLBACK
        )

    def code(self, company: int, user: int) -> str:
        """A code as the consent page gives it."""
        return self.simulator.grants.new_code(company, user, CALLBACK, self.clock.now())

    def tokens(self, user: int = sample.ADA, company: int = sample.COMPANY) -> GrantedTokens:
        """The tokens of a user who has just installed."""
        return GrantedTokens(self.issuer, self.issuer.exchange(self.code(company, user)))

    def crm(self, user: int = sample.ADA, company: int = sample.COMPANY, api_url: str | None = None) -> PipedriveCrm:
        """The adapter with the eyes of one user."""
        tokens = self.tokens(user, company)
        return PipedriveCrm(self.http, tokens, self.clock, company_url=tokens.grant.api_url or "", api_url=api_url)

    def calls(self, word: str) -> int:
        """How many calls named `word` so far."""
        return sum(word in call for call in self.simulator.faults.calls)
