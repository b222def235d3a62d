"""Setting one connection up: bulk matches and the check, put together."""

from collections.abc import Sequence
from functools import partial
from typing import Literal, Protocol

from duebill.domain.check import Finding
from duebill.domain.connection import Connection
from duebill.ports import AccountingProvider, BooksReads, Links
from duebill.runtime.invoicing import Desk
from duebill.runtime.stand_in import worker_of
from duebill.use_cases.apply_matches import Applied, Wish
from duebill.use_cases.check_connection import CheckConnection
from duebill.use_cases.propose_matches import Proposals, propose_customers, propose_items


class _Apply(Protocol):
    def __call__(
        self,
        connection: Connection,
        wishes: Sequence[Wish],
        *,
        books: AccountingProvider,
        reads: BooksReads,
        links: Links,
    ) -> Applied: ...


def proposed(desk: Desk, what: Literal["items", "customers"], cursor: str | None) -> Proposals:
    """A part of the proposals. The first part reads the books anew, the others compare with what it read."""
    caller, links, is_first = desk.caller, desk.wiring.links, cursor is None
    if what == "items":
        catalogue = desk.reads.items(fresh=is_first)
        return propose_items(desk.connection, cursor, crm=caller.crm, links=links, catalogue=catalogue)
    catalogue = desk.reads.customers(fresh=is_first)
    mapping = caller.settings.mapping
    return propose_customers(desk.connection, cursor, crm=caller.crm, mapping=mapping, links=links, catalogue=catalogue)


def applied(desk: Desk, apply: _Apply, wishes: Sequence[Wish]) -> Applied:
    """What came of a person's review."""
    return apply(desk.connection, wishes, books=desk.books, reads=desk.reads, links=desk.wiring.links)


def checked(desk: Desk) -> tuple[Finding, ...]:
    """What a check of the connection finds."""
    wiring, caller, connection = desk.wiring, desk.caller, desk.connection
    company = caller.company
    check = CheckConnection(
        connection=connection,
        open_books=partial(wiring.books, connection),
        crm=caller.crm,
        crm_fields=wiring.crm_fields(company, caller.crm),
        company=caller.settings,
        settings=wiring.preferences.connection(company, connection.id),
        watch=wiring.watches.peek(company, connection.id),
        awaits=len(wiring.watches.unsettled(company, connection.id)),
        has_worker=worker_of(connection, wiring) is not None,
        now=wiring.clock.now(),
    )
    return check()
