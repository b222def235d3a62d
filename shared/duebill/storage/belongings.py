"""Everything that the table holds of one company: what an export shows and an erasure deletes, so both find the same.

Not found are states and tickets of consents under way: they lie under hashes of secrets that nobody but a browser has,
sealed by them, and end within ten minutes.
"""

from collections.abc import Iterator

from duebill.domain.ids import CompanyId, DealId
from duebill.storage import keys
from duebill.storage.connections import pointer_of
from duebill.storage.keys import Key
from duebill.storage.table import Table, key_of


def belongings(table: Table, company: CompanyId) -> Iterator[Key]:
    """The keys of all items, each once or more. What names other items comes after them, the planned erasure last:
    whoever deletes in this order and is cut off finds the rest the next time.
    """
    plan = keys.erasure(company)
    is_planned = False
    for item in table.skeletons(keys.company_partition(company), "pointer"):
        key = key_of(item)
        if key.sk.startswith(keys.DEALS):
            yield from _of_deal(table, company, keys.deal_of(key))
        if key.sk.startswith(keys.CONNECTIONS):
            partition = keys.connection_partition(company, keys.connection_of(key))
            yield from map(key_of, table.skeletons(partition))
        if pointer := pointer_of(item):
            yield pointer
        if key == plan:
            is_planned = True
        else:
            yield key
    if is_planned:
        yield plan


def _of_deal(table: Table, company: CompanyId, deal: DealId) -> Iterator[Key]:
    for item in table.skeletons(keys.deal_partition(company, deal)):
        key = key_of(item)
        if key.sk.startswith(keys.LINKS):
            yield keys.invoice_pointer(company, *keys.link_ids(key))
        yield key
