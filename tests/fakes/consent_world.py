"""Everything that installs and connects meet, in memory: two issuers, a CRM, books, and the stores."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from duebill.domain.connection import Connection, ConsentedBooks, Health, Provider, TaxModel, Tenant
from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId, ConnectionId, TenantId, TokenSetId, UserId
from duebill.domain.installation import CrmUser, Installation
from duebill.domain.tokens import Grant, TokenSet
from duebill.errors import ConsentFailed, ReconnectRequired
from duebill.outside.oauth import InvalidGrant
from duebill.use_cases.begin_connect import begin_connect
from duebill.use_cases.complete_connect import Question, Returned, complete_connect
from duebill.use_cases.complete_install import complete_install
from duebill.use_cases.confirm_connect import Answer, Confirmed, confirm_connect
from duebill.use_cases.drop_unused_consent import drop_unused_consent
from duebill.use_cases.open_ticket import OpenedTicket, open_ticket
from tests.fakes.memory_stores import Stores
from tests.fakes.still_clock import StillClock

START = StillClock().now()
COMPANY = CompanyId(11)
BASE_URL = "https://duebill.test"


class SetClock(StillClock):
    """A clock that moves only when told, and an invocation with as much time left as a test says."""

    left = 29.0

    def time_left(self) -> float:
        return self.left


class Counting:
    """ports.Randomness: token-0001, token-0002, …"""

    def __init__(self) -> None:
        self.made = 0

    def token(self) -> str:
        self.made += 1
        return f"token-{self.made:04}"


class Issuer:
    """ports.BooksIssuer without links: knows its codes and what was revoked. `failure` is raised by every call."""

    def __init__(self) -> None:
        self.codes: dict[str, Grant] = {}
        self.exchanged: list[str] = []
        self.revoked: list[str] = []
        self.failure: Exception | None = None

    has_links = False

    def unlink(self, access_token: str, provider_connection: str) -> None:
        raise AssertionError("there are no links here")

    def consent_url(self, state: str) -> str:
        return f"https://consent.test/?state={state}"

    def exchange(self, code: str) -> Grant:
        self._fail()
        self.exchanged.append(code)
        if code not in self.codes:
            raise ConsentFailed("The code is not good any more. Please start again.")
        return self.codes.pop(code)

    def refresh(self, refresh_token: str) -> Grant:
        raise AssertionError("nothing here refreshes")

    def revoke(self, refresh_token: str) -> None:
        self._fail()
        self.revoked.append(refresh_token)

    def _fail(self) -> None:
        if self.failure:
            raise self.failure


class LinkIssuer(Issuer):
    """ports.BooksIssuer whose consents open links: one by one they end, and revoking would end everybody's."""

    has_links = True

    def __init__(self) -> None:
        super().__init__()
        self.unlinked: list[str] = []
        self.is_dead = False

    def refresh(self, refresh_token: str) -> Grant:
        raise InvalidGrant if self.is_dead else AssertionError("nothing here refreshes")

    def unlink(self, access_token: str, provider_connection: str) -> None:
        self._fail()
        if self.is_dead:
            raise ReconnectRequired
        self.unlinked.append(provider_connection)


@dataclass
class Crm:
    """As much of ports.Crm as an install needs."""

    user: CrmUser
    failure: Exception | None = None

    def who_am_i(self) -> CrmUser:
        if self.failure:
            raise self.failure
        return self.user


def tenant(realm: str) -> Tenant:
    return Tenant(TenantId(realm), f"Books {realm}", "US", "USD", False, TaxModel.AUTOMATED, None, False)


def crm_user(user: int = 1, *, company: int = COMPANY, is_admin: bool = False, name: str = "Ada") -> CrmUser:
    return CrmUser(CompanyId(company), UserId(user), name, is_admin, f"Company {company}")


@dataclass
class World:
    """The stores and the outside, with the steps of a person who installs and connects."""

    stores: Stores = field(default_factory=Stores)
    clock: SetClock = field(default_factory=SetClock)
    randomness: Counting = field(default_factory=Counting)
    pipedrive: Issuer = field(default_factory=Issuer)
    quickbooks: Issuer = field(default_factory=Issuer)
    users: dict[str, CrmUser] = field(default_factory=dict)
    realms: dict[str, str] = field(default_factory=dict)
    crm_failure: Exception | None = None
    books_failure: Exception | None = None

    def issuer_of(self, provider: Provider) -> Issuer:
        assert provider is Provider.QUICKBOOKS
        return self.quickbooks

    def needs(self, *names: str) -> dict[str, Any]:
        every = {
            "clock": self.clock,
            "randomness": self.randomness,
            "issuer_of": self.issuer_of,
            **{name: getattr(self.stores, name) for name in self.stores.names()},
        }
        return {name: every[name] for name in names}

    # --- install

    def consent_to_install(self, user: CrmUser) -> str:
        code = f"install-code-{self.randomness.token()}"
        access = f"crm-access-{code}"
        self.users[access] = user
        self.pipedrive.codes[code] = Grant(access, f"crm-refresh-{code}", 3600, api_url="https://company.test/")
        return code

    def complete_install(
        self, *, code: str | None = None, state: str | None = None, error: str | None = None
    ) -> Installation:
        return complete_install(
            code=code,
            state=state,
            error=error,
            issuer=self.pipedrive,
            open_crm=lambda grant: Crm(self.users[grant.access_token], self.crm_failure),
            **self.needs("consents", "tokens", "installations", "erasure", "crm_webhooks", "clock"),
        )

    def install(self, user: int = 1, **about: str | bool | int) -> Installation:
        return self.complete_install(code=self.consent_to_install(crm_user(user, **about)))

    # --- connect

    def ticket(self, caller: Installation) -> str:
        url = begin_connect(
            caller,
            Provider.QUICKBOOKS,
            offered=(Provider.QUICKBOOKS,),
            base_url=BASE_URL,
            **self.needs("installations", "connections", "settings", "consents", "clock", "randomness"),
        )
        return url.removeprefix(f"{BASE_URL}/connect/")

    def open(self, ticket: str) -> OpenedTicket:
        return open_ticket(ticket, **self.needs("consents", "issuer_of", "clock", "randomness"))

    def consent_to_books(self, opened: OpenedTicket, realm: str = "100", **other: str | None) -> Returned:
        code = f"books-code-{self.randomness.token()}"
        access = f"books-access-{code}"
        self.realms[access] = realm
        self.quickbooks.codes[code] = Grant(access, f"books-refresh-{code}", 3600, refresh_expires_in=8_640_000)
        given: dict[str, Any] = {
            "provider": Provider.QUICKBOOKS,
            "code": code,
            "state": opened.consent_url.partition("state=")[2],
            "tenant": realm,
            "cookie_secret": opened.cookie_secret,
        }
        return Returned(**(given | other))

    def complete_connect(self, returned: Returned) -> Question:
        return complete_connect(
            returned,
            issuer=self.quickbooks,
            read_books=self.read_books,
            **self.needs("consents", "connections", "tokens", "clock", "randomness"),
        )

    def read_books(self, grant: Grant, asked: TenantId | None) -> tuple[ConsentedBooks, ...]:
        if self.books_failure:
            raise self.books_failure
        if self.realms[grant.access_token] != asked:
            raise ReconnectRequired
        return (ConsentedBooks(tenant(asked)),)

    def confirm(
        self, ticket: str, cookie: str | None, *, yes: bool = True, which: tuple[ConnectionId, ...] = ()
    ) -> Confirmed:
        return confirm_connect(
            ticket,
            Answer(yes, which),
            cookie_secret=cookie,
            **self.needs(
                *"consents connections tokens installations settings watches issuer_of clock randomness".split()
            ),
        )

    def ask(self, caller: Installation, realm: str = "100") -> tuple[Question, OpenedTicket]:
        opened = self.open(self.ticket(caller))
        return self.complete_connect(self.consent_to_books(opened, realm)), opened

    def ask_installed(self) -> tuple[Question, OpenedTicket]:
        return self.ask(self.install())

    def connect(self, caller: Installation, realm: str = "100") -> Connection:
        question, opened = self.ask(caller, realm)
        (connection,) = self.confirm(question.ticket_id, opened.cookie_secret).connections
        return connection

    def token_sets(self) -> list[TokenSet]:
        return list(self.stores.tokens.kept.values())

    def due_at(self, token_set: TokenSetId, company: CompanyId = COMPANY) -> datetime | None:
        return self.stores.due.get(DueId(DueKind.TOKEN, company, (token_set,)))

    def drop_unused(self, token_set: TokenSetId, company: CompanyId = COMPANY) -> bool:
        return drop_unused_consent(
            company,
            token_set,
            **self.needs("tokens", "connections", "installations", "issuer_of", "clock", "randomness"),
        )

    def active(self, company: CompanyId = COMPANY) -> list[Connection]:
        return [each for each in self.stores.connections.of_company(company) if each.health is Health.ACTIVE]

    def connection(self, connection: ConnectionId, company: CompanyId = COMPANY) -> Connection | None:
        return self.stores.connections.get(company, connection)
