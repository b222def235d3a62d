"""What buyers and products are in the books, in memory."""

from collections.abc import Sequence

from duebill.domain.ids import CompanyId, ConnectionId, CustomerId, ItemId, ProductId
from duebill.ports import CustomerLink
from tests.fakes.memory_forget import forget


class MemoryLinks:
    """ports.Links."""

    def __init__(self) -> None:
        self.customer_links: dict[tuple[CompanyId, ConnectionId, str], CustomerLink] = {}
        self.products: dict[tuple[CompanyId, ConnectionId, ProductId], tuple[ItemId, str]] = {}

    def customer(self, company: CompanyId, connection: ConnectionId, buyer: str) -> CustomerLink | None:
        return self.customer_links.get((company, connection, buyer))

    def customers(self, company: CompanyId, connection: ConnectionId, buyers: Sequence[str]) -> dict[str, CustomerLink]:
        linked = ((buyer, self.customer(company, connection, buyer)) for buyer in buyers)
        return {buyer: link for buyer, link in linked if link}

    def link_customer_over(
        self, company: CompanyId, connection: ConnectionId, buyer: str, link: CustomerLink, over: CustomerId | None
    ) -> bool:
        now = self.customer(company, connection, buyer)
        if (now.customer if now else None) not in (over, link.customer):
            return False
        if now is None or now.customer != link.customer:
            self.link_customer(company, connection, buyer, link)
        return True

    def link_customer(self, company: CompanyId, connection: ConnectionId, buyer: str, link: CustomerLink) -> None:
        self.customer_links[company, connection, buyer] = link

    def linked_customers(self, company: CompanyId, connection: ConnectionId) -> tuple[tuple[str, CustomerLink], ...]:
        found = sorted(self.customer_links.items())
        return tuple((key[2], link) for key, link in found if key[:2] == (company, connection))

    def unlink_customer(self, company: CompanyId, connection: ConnectionId, buyer: str) -> None:
        self.customer_links.pop((company, connection, buyer), None)

    def items(
        self, company: CompanyId, connection: ConnectionId, products: Sequence[ProductId]
    ) -> dict[ProductId, tuple[ItemId, str]]:
        linked = ((product, self.products.get((company, connection, product))) for product in products)
        return {product: item for product, item in linked if item}

    def link_item_over(
        self,
        company: CompanyId,
        connection: ConnectionId,
        product: ProductId,
        item: ItemId,
        name: str,
        over: ItemId | None,
    ) -> bool:
        now = self.products.get((company, connection, product))
        if (now[0] if now else None) not in (over, item):
            return False
        self.link_item(company, connection, product, item, name)
        return True

    def link_item(
        self, company: CompanyId, connection: ConnectionId, product: ProductId, item: ItemId, name: str
    ) -> None:
        self.products[company, connection, product] = (item, name)

    def erase(self, company: CompanyId) -> int:
        return forget(company, self.customer_links, self.products)
