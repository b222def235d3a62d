"""What the CRM's buyers and products are in the books."""

from collections.abc import Sequence
from dataclasses import dataclass

from duebill.domain.ids import CompanyId, ConnectionId, CustomerId, ItemId, ProductId
from duebill.errors import ConditionFailed
from duebill.ports import CustomerLink
from duebill.storage import keys
from duebill.storage.codec import document, read_document
from duebill.storage.table import Table, key_of
from duebill.storage.values import read_text, text
from duebill.storage.writes import ABSENT, Delete, Put, When


@dataclass(frozen=True, slots=True)
class DynamoLinks:
    """ports.Links on the table."""

    table: Table

    def customer(self, company: CompanyId, connection: ConnectionId, buyer: str) -> CustomerLink | None:
        """The customer that a buyer (`organization:7`) is linked to, or None."""
        item = self.table.get(keys.customer_link(company, connection, buyer))
        return read_document(item, CustomerLink) if item else None

    def customers(self, company: CompanyId, connection: ConnectionId, buyers: Sequence[str]) -> dict[str, CustomerLink]:
        """The link of each of these buyers that has one."""
        prefix = keys.customer_links(connection)
        found = self.table.get_many(keys.customer_link(company, connection, buyer) for buyer in buyers)
        return {key_of(item).sk.removeprefix(prefix): read_document(item, CustomerLink) for item in found}

    def link_customer_over(
        self, company: CompanyId, connection: ConnectionId, buyer: str, link: CustomerLink, over: CustomerId | None
    ) -> bool:
        """Remember it, if the buyer is linked to `over` now (None: to nobody). False where to somebody else."""
        key = keys.customer_link(company, connection, buyer)
        item = self.table.get(key)
        now = read_document(item, CustomerLink).customer if item else None
        if now == link.customer:
            return True
        same = When("#doc = :read", {":read": item["doc"]}) if item else ABSENT
        return now == over and self._put(Put(key, {"doc": document(link)}, same))

    def link_customer(self, company: CompanyId, connection: ConnectionId, buyer: str, link: CustomerLink) -> None:
        """Remember it."""
        self.table.write(Put(keys.customer_link(company, connection, buyer), {"doc": document(link)}))

    def linked_customers(self, company: CompanyId, connection: ConnectionId) -> tuple[tuple[str, CustomerLink], ...]:
        """Every buyer that is linked to a customer of these books, with the link."""
        prefix = keys.customer_links(connection)
        found = self.table.query(keys.company_partition(company), prefix)
        return tuple((key_of(item).sk.removeprefix(prefix), read_document(item, CustomerLink)) for item in found)

    def unlink_customer(self, company: CompanyId, connection: ConnectionId, buyer: str) -> None:
        """Forget it; none is no error."""
        self.table.write(Delete(keys.customer_link(company, connection, buyer)))

    def items(
        self, company: CompanyId, connection: ConnectionId, products: Sequence[ProductId]
    ) -> dict[ProductId, tuple[ItemId, str]]:
        """The item and its name for each of these products that is linked."""
        found = self.table.get_many(keys.item_link(company, connection, product) for product in products)
        return {
            keys.product_of(key_of(item)): (ItemId(read_text(item, "item")), read_text(item, "name")) for item in found
        }

    def link_item_over(
        self,
        company: CompanyId,
        connection: ConnectionId,
        product: ProductId,
        item: ItemId,
        name: str,
        over: ItemId | None,
    ) -> bool:
        """Remember it, if the product is linked to `over` now (None: to nothing). False where to something else."""
        key = keys.item_link(company, connection, product)
        as_was = (
            When("#item IN (:over, :item)", {":over": text(over), ":item": text(item)})
            if over
            else When("attribute_not_exists(#pk) OR #item = :item", {":item": text(item)})
        )
        return self._put(Put(key, {"item": text(item), "name": text(name)}, as_was))

    def link_item(
        self, company: CompanyId, connection: ConnectionId, product: ProductId, item: ItemId, name: str
    ) -> None:
        """Remember it."""
        key = keys.item_link(company, connection, product)
        self.table.write(Put(key, {"item": text(item), "name": text(name)}))

    def _put(self, put: Put) -> bool:
        try:
            self.table.write(put)
        except ConditionFailed:
            return False
        return True
