"""Which customers of the books a buyer may be: ranked, for a person to choose."""

from collections.abc import Iterable

from duebill.domain.books import Customer, CustomerDetails


def ranked(candidates: Iterable[Customer], details: CustomerDetails, *, limit: int = 5) -> tuple[Customer, ...]:
    """Candidates without repeats, the likeliest first: same name and e-mail, same name, same e-mail, similar name."""
    unique = {candidate.id: candidate for candidate in candidates}
    ordered = sorted(unique.values(), key=lambda customer: (-_score(customer, details), customer.details.name.lower()))
    return tuple(ordered[:limit])


def _score(customer: Customer, details: CustomerDetails) -> int:
    same_name = _plain(customer.details.name) == _plain(details.name)
    same_email = bool(details.email) and customer.details.email.lower() == details.email.lower()
    return 2 * same_name + same_email


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
