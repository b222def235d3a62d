"""What the suite must know of each provider: which calls are which, and what its documents leave open."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variant:
    """What the vendors' documents leave open.

    `memory`: of a key; `lag`: of a look-up; in seconds. `fails_first`: the first answer to each new invoice is a 500,
    which is remembered with its key as any other.
    """

    name: str
    memory: str | float = "forever"
    lag: float = 0.0
    is_late: bool = False
    rotation: str = "strict"
    token_age_hours: float = 1.0
    is_first: bool = False
    fails_first: bool = False


@dataclass(frozen=True, slots=True)
class Vendor:
    """One provider. `api`, `invoice` and `exchange` are how the names of its calls begin or what they hold.

    `is_thin`: most scenarios are the same story as at the other provider. Unless it is to be thorough, later variants
    are tried on the core scenarios alone, and only what writes is broken; every call is in the core ones' first one.
    `at_once`: how many wishes may share one minute without meeting its limits, which would change their stories.
    """

    name: str
    api: str
    invoice: str
    exchange: str
    variants: tuple[Variant, ...]
    token_variants: tuple[Variant, ...]
    is_thin: bool = False
    at_once: int = 32


QUICKBOOKS = Vendor(
    "quickbooks",
    api="/v3/company/",
    invoice="POST /v3/company/9130347957983046/invoice",
    exchange="POST /oauth2/v1/tokens/bearer",
    variants=(
        Variant("requestid never", memory="never", is_first=True),
        Variant("requestid 10 minutes", memory=600.0),
        Variant("requestid for ever"),
        Variant("never, look-up lags 30 s", memory="never", lag=30.0),
        Variant("never, commit 100 s late", memory="never", is_late=True),
        Variant("10 min, commit 100 s late", memory=600.0, is_late=True),
    ),
    token_variants=(
        Variant("young refresh token", is_first=True),
        Variant("rotates, with grace", rotation="grace", token_age_hours=25.0),
        Variant("rotates, strict", rotation="strict", token_age_hours=25.0),
    ),
)
_SIX_MINUTES = 360.0  # the life of an Idempotency-Key and of what was answered to it
XERO = Vendor(
    "xero",
    api="/api.xro/2.0/",
    invoice="PUT /api.xro/2.0/Invoices",
    exchange="POST /connect/token",
    variants=(
        Variant("key 6 minutes", memory=_SIX_MINUTES, is_first=True),
        Variant("key never", memory=0.0),
        Variant("6 min, look-up lags 30 s", memory=_SIX_MINUTES, lag=30.0),
        Variant("6 min, commit 100 s late", memory=_SIX_MINUTES, is_late=True),
        Variant("6 min, first answer is a 500", memory=_SIX_MINUTES, fails_first=True),
    ),
    token_variants=(Variant("replaced, 30 minutes grace", is_first=True, memory=_SIX_MINUTES),),
    is_thin=True,
    at_once=8,
)
VENDORS = {vendor.name: vendor for vendor in (QUICKBOOKS, XERO)}
FORGETFUL = Variant("no key is remembered", memory="never")
