"""All stores in memory, that know each other as the items of one table do."""

from dataclasses import dataclass, field, fields

from tests.fakes.memory_cache import MemoryCache
from tests.fakes.memory_connections import MemoryConnections
from tests.fakes.memory_consents import MemoryConsents
from tests.fakes.memory_crm_webhooks import MemoryCrmWebhooks
from tests.fakes.memory_due import MemoryDueWork
from tests.fakes.memory_erasure import MemoryErasure
from tests.fakes.memory_installations import MemoryInstallations
from tests.fakes.memory_invoices import MemoryInvoices
from tests.fakes.memory_limiter import MemoryLimiter
from tests.fakes.memory_links import MemoryLinks
from tests.fakes.memory_queue import MemoryWorkQueue
from tests.fakes.memory_settings import MemorySettings
from tests.fakes.memory_tokens import MemoryTokens
from tests.fakes.memory_watches import MemoryWatches


@dataclass
class Stores:
    """One store for each port, named as use cases name them."""

    due: MemoryDueWork = field(default_factory=MemoryDueWork)
    installations: MemoryInstallations = field(default_factory=MemoryInstallations)
    connections: MemoryConnections = field(default_factory=MemoryConnections)
    consents: MemoryConsents = field(default_factory=MemoryConsents)
    settings: MemorySettings = field(default_factory=MemorySettings)
    links: MemoryLinks = field(default_factory=MemoryLinks)
    cache: MemoryCache = field(default_factory=MemoryCache)
    limiter: MemoryLimiter = field(default_factory=MemoryLimiter)
    queue: MemoryWorkQueue = field(default_factory=MemoryWorkQueue)
    tokens: MemoryTokens = field(init=False)
    watches: MemoryWatches = field(init=False)
    invoices: MemoryInvoices = field(init=False)
    crm_webhooks: MemoryCrmWebhooks = field(init=False)
    erasure: MemoryErasure = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = MemoryTokens(self.due)
        self.watches = MemoryWatches(self.due)
        self.invoices = MemoryInvoices(self.due, self.watches)
        self.crm_webhooks = MemoryCrmWebhooks(self.due)
        self.erasure = MemoryErasure(
            self.due,
            self.installations,
            self.tokens,
            self.connections,
            self.settings,
            self.links,
            self.invoices,
            self.watches,
            self.cache,
            self.crm_webhooks,
        )

    @staticmethod
    def names() -> tuple[str, ...]:
        return tuple(each.name for each in fields(Stores))
