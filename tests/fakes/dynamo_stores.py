"""The real stores on one table, named as use cases name them."""

from dataclasses import dataclass
from typing import Any

from duebill.ports import Clock
from duebill.storage.cache import DynamoCache
from duebill.storage.cipher import Cipher
from duebill.storage.connections import DynamoConnections
from duebill.storage.consents import DynamoConsents
from duebill.storage.crm_webhooks import DynamoCrmWebhooks
from duebill.storage.due import DynamoDueWork
from duebill.storage.erasure import DynamoErasure
from duebill.storage.installations import DynamoInstallations
from duebill.storage.invoices import DynamoInvoices
from duebill.storage.limiter import DynamoLimiter
from duebill.storage.links import DynamoLinks
from duebill.storage.settings import DynamoSettings
from duebill.storage.table import Table
from duebill.storage.tokens import DynamoTokens
from duebill.storage.watches import DynamoWatches


@dataclass
class DynamoStores:
    """One store for each port; `key_id` is a KMS key's."""

    table: Table
    kms: Any
    key_id: str
    clock: Clock

    def __post_init__(self) -> None:
        self.cipher = Cipher(self.kms, self.key_id, self.clock)
        self.due = DynamoDueWork(self.table)
        self.installations = DynamoInstallations(self.table)
        self.tokens = DynamoTokens(self.table, self.cipher)
        self.connections = DynamoConnections(self.table)
        self.consents = DynamoConsents(self.table)
        self.settings = DynamoSettings(self.table)
        self.links = DynamoLinks(self.table)
        self.watches = DynamoWatches(self.table)
        self.invoices = DynamoInvoices(self.table)
        self.cache = DynamoCache(self.table)
        self.limiter = DynamoLimiter(self.table, {}, {})
        self.erasure = DynamoErasure(self.table)
        self.crm_webhooks = DynamoCrmWebhooks(self.table)
