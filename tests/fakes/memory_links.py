"""What buyers and products are in the books, in memory."""

from collections.abc import Sequence

from duebill.domain.ids import CompanyId, ConnectionId, ItemId, ProductId
from duebill.ports import CustomerLink
from tests.fakes.memory_forget import forget


class MemoryLinks:
    """ports.Links."""

    def __init__(self) -> None:
        self.customers: dict[tuple[CompanyId, ConnectionId, str], CustomerLink] = {}
        self.products: dict[tuple[CompanyId, ConnectionId, ProductId], tuple[ItemId, str]] = {}

    def customer(self, company: CompanyId, connection: ConnectionId, buyer: str) -> CustomerLink | None:
        return self.customers.get((company, connection, buyer))

    def link_customer(self, company: CompanyId, connection: ConnectionId, buyer: str, link: CustomerLink) -> None:
        self.customers[company, connection, buyer] = link

    def linked_customers(self, company: CompanyId, connection: ConnectionId) -> tuple[tuple[str, CustomerLink], ...]:
        found = sorted(self.customers.items())
        return tuple((key[2], link) for key, link in found if key[:2] == (company, connection))

    def unlink_customer(self, company: CompanyId, connection: ConnectionId, buyer: str) -> None:
        self.customers.pop((company, connection, buyer), None)

    def items(
        self, company: CompanyId, connection: ConnectionId, products: Sequence[ProductId]
    ) -> dict[ProductId, tuple[ItemId, str]]:
        linked = ((product, self.products.get((company, connection, product))) for product in products)
        return {product: item for product, item in linked if item}

    def link_item(
        self, company: CompanyId, connection: ConnectionId, product: ProductId, item: ItemId, name: str
    ) -> None:
        self.products[company, connection, product] = (item, name)

    def erase(self, company: CompanyId) -> int:
        return forget(company, self.customers, self.products)
