"""Invoice numbers where a company numbers by hand."""

import re
from collections.abc import Iterable

from duebill.providers.quickbooks.spec import MAX_NUMBER

_TRAILING = re.compile(r"(.*?)(\d+)$")
_FIRST = "1001"  # what QuickBooks itself begins with


def next_number(newest_first: Iterable[str]) -> str | None:
    """One more than the newest number that ends in digits, zeros kept; None where that would be too long."""
    for number in newest_first:
        if match := _TRAILING.match(number):
            head, digits = match.groups()
            proposed = head + str(int(digits) + 1).zfill(len(digits))
            return proposed if len(proposed) <= MAX_NUMBER else None
    return _FIRST
