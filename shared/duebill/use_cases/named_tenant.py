"""Read the tenant that a browser names."""

import re

from duebill.domain.ids import TenantId

# It arrives unsigned in a URL and becomes part of paths and keys: nothing else is let through.
_TENANT_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


def named_tenant(text: str | None) -> TenantId | None:
    """The tenant's id, None where `text` cannot be one. It proves nothing about who named it."""
    return TenantId(text) if text and _TENANT_ID.fullmatch(text) else None
