"""Propose what products and buyers of the CRM are in the books, a part of the list at a time. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from duebill.domain.connection import Connection
from duebill.domain.deal import Record
from duebill.domain.ids import ProductId
from duebill.domain.matching import Catalogue, Entry, Match, Matcher, Page, Wanted, buyer_wanted
from duebill.domain.settings import CustomerMapping
from duebill.errors import InvalidRequest
from duebill.ports import Crm, Links

ORGANIZATIONS, PERSONS = "organizations", "persons"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A match, and what it is linked to already."""

    match: Match
    linked: Entry | None = None


@dataclass(frozen=True, slots=True)
class Proposals:
    """One part of the list. `compared`: how many entries of the books were looked at; all of them if `is_whole`."""

    page: Page[Proposal]
    compared: int
    is_whole: bool


def propose_items(
    connection: Connection, cursor: str | None, *, crm: Crm, links: Links, catalogue: Catalogue
) -> Proposals:
    """Items for 500 products: a code decides, a name helps."""
    page = crm.products_page(cursor)
    linked = links.items(connection.company, connection.id, [ProductId(int(row.key)) for row in page.rows])
    known = {str(product): Entry(item, name) for product, (item, name) in linked.items()}
    matcher = Matcher(catalogue.entries, mark_decides=True)
    return _proposals([matcher.match(row) for row in page.rows], known, page.cursor, catalogue)


def propose_customers(
    connection: Connection,
    cursor: str | None,
    *,
    crm: Crm,
    mapping: CustomerMapping,
    links: Links,
    catalogue: Catalogue,
) -> Proposals:
    """Customers for 500 organizations; after these for persons without one, and by the e-mails of those who have one.

    An organization comes again where the e-mail of one of its people is a customer's.
    """
    kind, _, at = (cursor or ORGANIZATIONS).partition("/")
    more: str | None
    matcher = Matcher(catalogue.entries, mark_decides=False)
    if kind == ORGANIZATIONS:
        organizations = crm.organizations_page(at or None)
        wanted = [buyer_wanted(row, mapping) for row in organizations.rows]
        more = f"{ORGANIZATIONS}/{organizations.cursor}" if organizations.cursor else PERSONS
    elif kind == PERSONS:
        persons = crm.persons_page(at or None)
        wanted = _by_their_people(persons.rows, mapping, matcher, crm)
        more = f"{PERSONS}/{persons.cursor}" if persons.cursor else None
    else:
        raise InvalidRequest("This place in the list is not one of ours.", code="invalid_cursor")
    found = links.customers(connection.company, connection.id, [row.key for row in wanted])
    known = {buyer: Entry(link.customer, link.name) for buyer, link in found.items()}
    return _proposals([matcher.match(row) for row in wanted], known, more, catalogue)


def _by_their_people(
    persons: Sequence[tuple[Record, int | None]], mapping: CustomerMapping, matcher: Matcher, crm: Crm
) -> list[Wanted]:
    alone = [buyer_wanted(person, mapping) for person, organization in persons if organization is None]
    marks = {
        organization: mark
        for person, organization in reversed(persons)
        if organization is not None and matcher.has_mark(mark := buyer_wanted(person, mapping).mark)
    }
    found = crm.organizations(marks) if marks else ()
    theirs = [(buyer_wanted(record, mapping), marks[record.id]) for record in found]
    return alone + [Wanted(wanted.key, wanted.name, wanted.mark or mark) for wanted, mark in theirs]


def _proposals(
    matches: Sequence[Match], known: dict[str, Entry], cursor: str | None, catalogue: Catalogue
) -> Proposals:
    rows = tuple(Proposal(match, known.get(match.wanted.key)) for match in matches)
    return Proposals(Page(rows, cursor), len(catalogue.entries), catalogue.is_whole)
