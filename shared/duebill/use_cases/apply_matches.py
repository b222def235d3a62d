"""Link what a person has reviewed, many at once. Nothing is overwritten unseen, and twice does no harm."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from duebill.domain.connection import Connection
from duebill.domain.ids import CustomerId, ItemId, ProductId
from duebill.domain.matching import Catalogue, Entry
from duebill.errors import NotFound
from duebill.ports import AccountingProvider, BooksReads, CustomerLink, Links

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """Link `key` of the CRM to `entry` of the books; the person saw it linked to `over`, None: to nothing."""

    key: str
    entry: str
    over: str | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it, by the keys of the CRM: `kept` is linked to something else by now, `missing` is gone there."""

    linked: tuple[str, ...]
    kept: tuple[tuple[str, Entry], ...]
    missing: tuple[str, ...]


def apply_items(
    connection: Connection, wishes: Sequence[Wish], *, books: AccountingProvider, reads: BooksReads, links: Links
) -> Applied:
    """Link products to items. Raises what the books raise where an item must be looked up there."""
    company, of = connection.company, connection.id

    def read(entry: str) -> Entry:
        item = books.item(ItemId(entry))
        return Entry(item.id, item.name)

    def link(wish: Wish, entry: Entry) -> bool:
        over = ItemId(wish.over) if wish.over else None
        return links.link_item_over(company, of, ProductId(int(wish.key)), ItemId(entry.id), entry.name, over)

    entries = _entries((wish.entry for wish in wishes), reads.items, read)
    linked, refused, missing = _link(wishes, entries, link)
    now = links.items(company, of, [ProductId(int(key)) for key in refused])
    kept = tuple((str(product), Entry(item, name)) for product, (item, name) in now.items())
    return Applied(tuple(linked), kept, tuple(missing))


def apply_customers(
    connection: Connection, wishes: Sequence[Wish], *, books: AccountingProvider, reads: BooksReads, links: Links
) -> Applied:
    """Link buyers to customers, likewise."""
    company, of = connection.company, connection.id

    def read(entry: str) -> Entry:
        customer = books.customer(CustomerId(entry))
        return Entry(customer.id, customer.details.name)

    def link(wish: Wish, entry: Entry) -> bool:
        over = CustomerId(wish.over) if wish.over else None
        return links.link_customer_over(company, of, wish.key, CustomerLink(CustomerId(entry.id), entry.name), over)

    entries = _entries((wish.entry for wish in wishes), reads.customers, read)
    linked, refused, missing = _link(wishes, entries, link)
    now = links.customers(company, of, refused)
    kept = tuple((buyer, Entry(found.customer, found.name)) for buyer, found in now.items())
    return Applied(tuple(linked), kept, tuple(missing))


def _entries(
    wanted: Iterable[str], catalogue: Callable[[], Catalogue], read: Callable[[str], Entry]
) -> dict[str, Entry]:
    """The entries by id: from the list that was compared with, and one by one what it lacks."""
    known = {entry.id: entry for entry in catalogue().entries}
    found: dict[str, Entry] = {}
    for identifier in dict.fromkeys(wanted):
        try:
            found[identifier] = known.get(identifier) or read(identifier)
        except NotFound:
            continue
    return found


def _link(
    wishes: Sequence[Wish], entries: dict[str, Entry], link: Callable[[Wish, Entry], bool]
) -> tuple[list[str], list[str], list[str]]:
    linked: list[str] = []
    refused: list[str] = []
    missing = [wish.key for wish in wishes if wish.entry not in entries]
    for wish in wishes:
        if entry := entries.get(wish.entry):
            (linked if link(wish, entry) else refused).append(wish.key)
    return linked, refused, missing
