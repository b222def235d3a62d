"""The consent world with a provider whose consents open several books at once, each by a link of its own."""

from dataclasses import dataclass, field

from duebill.domain.connection import Connection, ConsentedBooks, Provider
from duebill.domain.ids import ConnectionId, TenantId
from duebill.domain.installation import Installation
from duebill.domain.tokens import Grant
from duebill.errors import ConsentFailed
from duebill.use_cases.begin_connect import begin_connect
from duebill.use_cases.complete_connect import Question, Returned, complete_connect
from duebill.use_cases.open_ticket import OpenedTicket
from tests.fakes.consent_world import BASE_URL, LinkIssuer, World, tenant


@dataclass
class LinkedWorld(World):
    """`opens`: which books the next consents open; their links are called `link-BOOKS`."""

    linked: LinkIssuer = field(default_factory=LinkIssuer)
    opens: tuple[str, ...] = ("A", "B")

    def issuer_of(self, provider: Provider) -> LinkIssuer:
        assert provider is Provider.XERO
        return self.linked

    def ask_linked(self, caller: Installation) -> tuple[Question, OpenedTicket]:
        url = begin_connect(
            caller,
            Provider.XERO,
            offered=(Provider.XERO,),
            base_url=BASE_URL,
            **self.needs("installations", "connections", "settings", "consents", "clock", "randomness"),
        )
        opened = self.open(url.removeprefix(f"{BASE_URL}/connect/"))
        code = f"code-{self.randomness.token()}"
        self.linked.codes[code] = Grant(f"access-{code}", f"refresh-{code}", 1800, refresh_expires_in=5_184_000)
        state = opened.consent_url.partition("state=")[2]
        returned = Returned(Provider.XERO, code=code, state=state, cookie_secret=opened.cookie_secret)
        question = complete_connect(
            returned,
            issuer=self.linked,
            read_books=self.read_linked,
            **self.needs("consents", "connections", "tokens", "clock", "randomness"),
        )
        return question, opened

    def read_linked(self, grant: Grant, named: TenantId | None) -> tuple[ConsentedBooks, ...]:
        assert grant.access_token
        assert named is None
        if self.books_failure:
            raise self.books_failure
        if not self.opens:
            raise ConsentFailed("No books came.", code="no_books_came")
        return tuple(ConsentedBooks(tenant(each), f"link-{each}") for each in self.opens)

    def connect_linked(self, caller: Installation, *names: str) -> dict[str, Connection]:
        """Consent to books and tick all of them; the connections by the books' ids."""
        self.opens = names
        question, opened = self.ask_linked(caller)
        which = tuple(pending.id for pending in question.pending)
        confirmed = self.confirm(question.ticket_id, opened.cookie_secret, which=which)
        return {connection.tenant.id: connection for connection in confirmed.connections}

    def stored(self, connection: ConnectionId) -> Connection:
        found = self.connection(connection)
        assert found is not None
        return found
