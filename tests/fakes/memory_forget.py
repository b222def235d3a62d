"""How a memory store forgets a company."""

from collections.abc import MutableMapping
from typing import Any

from duebill.domain.ids import CompanyId


def forget(company: CompanyId, *stores: MutableMapping[Any, Any]) -> int:
    """Delete what is keyed by this company, or by a tuple that begins with it; how many."""
    count = 0
    for kept in stores:
        gone = [key for key in kept if (key[0] if isinstance(key, tuple) else key) == company]
        for key in gone:
            del kept[key]
        count += len(gone)
    return count
