"""What QuickBooks Online promises and where it ends: facts that do not change while a program runs.

Sources are named as in Intuit's reference for the Accounting API v3, minor version 75.
"""

from dataclasses import dataclass
from decimal import Decimal

from duebill.domain.features import Feature
from duebill.domain.intent import CreationRule

MINOR_VERSION = "75"  # versions below are gone since 1 August 2025 (Intuit blog, 21 January 2025)
SCOPE = "com.intuit.quickbooks.accounting"

# The same requestid gives the same stored answer, for ever as far as Intuit says (Intuit blog, 6 April 2015).
CREATION_RULE = CreationRule(key_lives=None)
FEATURES = frozenset(
    {
        Feature.TERMS,
        Feature.DETAILS_PER_INVOICE,
        Feature.MASKED_TAX_IDS,
        Feature.VERSIONS,
        Feature.ADDS_CURRENCIES,
        Feature.VOIDS_PAID,
        Feature.DELETES_ISSUED,
        Feature.CHOOSES_RECEIVERS,
    }
)

THROTTLE_WAIT = 60  # seconds; "basic schema and data formats", limits table
MAX_RESULTS = 1000  # of one page ("query operations and syntax")
MAX_IDS = 200  # ids in one question; Intuit names no limit, this one keeps answers below a megabyte
LONG_STATEMENT = 1500  # characters; longer statements go into the body of a POST, URLs end somewhere
MAX_BATCH = 30

MAX_NUMBER = 21
MAX_MEMO = 1000
MAX_DESCRIPTION = 4000
MAX_DISPLAY_NAME = 500
MAX_EMAIL = 100
MAX_TAX_ID = 20
MAX_ITEM_NAME = 100
MAX_ITEM_CODE = 100
MAX_ADDRESS_LINE = 500
MAX_ADDRESS_LINES = 5
MAX_ADDRESS_PART = 255
MAX_POSTAL_CODE = 30
MAX_DECIMALS = 7  # of a unit price or a quantity
MAX_DIGITS = 15  # of any number, counted without the point
AMOUNT_END = Decimal(10) ** 10  # "10.5": ten digits before the point
NOT_IN_NAMES = ":\t\n"

# Pseudo codes of US companies: they only say whether a line is taxable (TaxCode reference).
TAXABLE = "TAX"
NOT_TAXABLE = "NON"


@dataclass(frozen=True, slots=True)
class QuickBooksUrls:
    """Where QuickBooks is found. `token` and `revoke` are whole addresses, `api` and `app` are origins."""

    authorize: str = "https://appcenter.intuit.com/connect/oauth2"
    token: str = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"  # noqa: S105  an address, not a secret
    revoke: str = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"
    api: str = "https://quickbooks.api.intuit.com"
    app: str = "https://qbo.intuit.com"
