"""What Xero promises and where it ends: facts that do not change while a program runs.

Sources are named as in Xero's developer pages and its OpenAPI description 16.1.0.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from duebill.domain.features import Feature
from duebill.domain.intent import CreationRule

# Granular scopes, which apps made since 2 March 2026 must ask for (developer.xero.com/faq/granular-scopes). Items come
# with the invoices; totals of payments stand on the invoice, so payments are not asked for.
SCOPES = (
    "openid",
    "profile",
    "email",
    "offline_access",
    "accounting.invoices",
    "accounting.contacts",
    "accounting.settings.read",
)
REFRESH_LIVES = timedelta(days=60)  # unused; each refresh begins it anew (developer.xero.com/faq/oauth2)

# Answers are replayed for 6 minutes, refusals too; a minute is left for clocks and ways.
CREATION_RULE = CreationRule(key_lives=timedelta(minutes=5))
FEATURES = frozenset({Feature.APPROVAL, Feature.TEMPLATES, Feature.TRACKING})

MINUTE_WAIT = 60  # seconds; 60 calls a minute for an organisation (developer.xero.com/faq/limits)
CONCURRENT_WAIT = 2  # more than 5 calls at once: over soon, and no Retry-After says when
DAY_WAIT = 3600

PAGE_SIZE = 100
LARGEST_PAGE = 1000  # larger ones are cut to this in silence (OpenAPI description, `pageSize`)
MAX_IDS = 40  # ids in one question: they stand in the address, 37 characters each
PRICE_DECIMALS = 4  # with `unitdp=4`; two without it
QUANTITY_DECIMALS = 4
MAX_TRACKING = 2  # of a line
MAX_NUMBER = 255
MAX_REFERENCE = 255
MAX_DESCRIPTION = 4000
MAX_NAME = 255
MAX_EMAIL = 255
MAX_TAX_ID = 50
MAX_ITEM_NAME = 50
MAX_ITEM_CODE = 30
MAX_ADDRESS_LINE = 500
MAX_ADDRESS_LINES = 4
MAX_CITY = 255
MAX_POSTAL_CODE = 50
MAX_COUNTRY = 50
AMOUNT_END = Decimal(10) ** 10  # a line comes to 9,999,999,999.99 at most
CENT = Decimal("0.01")  # totals have two decimals in every currency

NOT_IN_URL = "xero"  # an invoice's Url must not hold the word
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class XeroUrls:
    """Where Xero is found: four origins. `login` shows the consent, `identity` issues tokens, `app` shows invoices."""

    login: str = "https://login.xero.com"
    identity: str = "https://identity.xero.com"
    api: str = "https://api.xero.com"
    app: str = "https://go.xero.com"

    @property
    def token(self) -> str:
        """The token endpoint."""
        return f"{self.identity}/connect/token"
