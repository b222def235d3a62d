"""What the simulated Pipedrive holds: companies, their people, and documents in the shape that the v2 API returns."""

from dataclasses import dataclass, field
from typing import Any

type Document = dict[str, Any]

PRODUCTS = "product"
DEALS = "deal"
PERSONS = "person"
ORGANIZATIONS = "organization"


@dataclass(slots=True)
class User:
    """A person who works in a company. `group` is the visibility group; `own_only` sees nothing of other owners."""

    id: int
    name: str
    email: str
    admin: bool = False
    own_only: bool = False
    group: int = 1
    language: str = "en"
    country: str = "US"
    locale: str = "en_US"
    timezone: str = "Europe/London"
    timezone_offset: str = "+00:00"
    currency: str = "USD"


@dataclass(slots=True)
class Company:
    """One company account. Documents are kept by id, a deal's parts by its id; `daily_budget` is in tokens."""

    id: int
    name: str
    domain: str
    country: str = "US"
    daily_budget: int = 300_000
    growth_plan: bool = True
    users: dict[int, User] = field(default_factory=dict)
    currencies: list[Document] = field(default_factory=list)
    fields: dict[str, list[Document]] = field(default_factory=dict)
    deals: dict[int, Document] = field(default_factory=dict)
    persons: dict[int, Document] = field(default_factory=dict)
    organizations: dict[int, Document] = field(default_factory=dict)
    products: dict[int, Document] = field(default_factory=dict)
    variations: dict[int, list[Document]] = field(default_factory=dict)
    lines: dict[int, list[Document]] = field(default_factory=dict)
    discounts: dict[int, list[Document]] = field(default_factory=dict)
    installments: dict[int, list[Document]] = field(default_factory=dict)
    notes: dict[int, Document] = field(default_factory=dict)
    activities: dict[int, Document] = field(default_factory=dict)
    files: dict[int, Document] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)
    webhooks: dict[int, Document] = field(default_factory=dict)
    next_webhook: int = 1
    takes_local_webhooks: bool = False  # the sandbox's API is on this machine
    told: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)  # address, body, headers: on their way
    events: int = 0

    def documents(self, entity: str) -> dict[int, Document]:
        """The documents of an entity by id. Raises KeyError for a word that is none."""
        return {
            DEALS: self.deals,
            PERSONS: self.persons,
            ORGANIZATIONS: self.organizations,
            PRODUCTS: self.products,
        }[entity]
