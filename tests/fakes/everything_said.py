"""Everything that any part of the process logs or prints, and everything that must not be in it."""

import json
import logging
import traceback
from collections.abc import Iterable
from typing import Any

from sandbox.tabletop import Tabletop

_NAMES = {
    "name", "title", "first_name", "last_name", "org_name", "person_name", "email", "value", "DisplayName",
    "CompanyName", "LegalName", "GivenName", "FamilyName", "Name", "Address", "PrintOnCheckName",
}  # fmt: skip
_AMOUNTS = {"value", "TotalAmt", "Balance", "Amount", "UnitPrice", "item_price", "sum", "amount"}
_SHORTEST = 5


class Ear(logging.Handler):
    """Hears every record of every logger but moto's, which stands in for AWS, with all that hangs on it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def filter(self, record: logging.LogRecord) -> bool:
        """Powertools puts a filter on the root's handlers, so that its own lines are not printed twice."""
        return True

    @staticmethod
    def places() -> list[logging.Logger]:
        """The root, and every logger that hands nothing on to it."""
        known = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
        return [logging.getLogger(), *(one for one in known if not one.propagate)]

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("moto"):
            return
        parts = [record.getMessage(), json.dumps(vars(record), default=repr)]
        if record.exc_info:
            parts.append("".join(traceback.format_exception(*record.exc_info)))
        self.lines.append(" ".join(parts))


def secrets_of(tabletop: Tabletop) -> set[str]:
    """Every token, code and app secret that the simulators know of, and every text that the pages were signed with."""
    pipedrive, quickbooks = tabletop.pipedrive, tabletop.quickbooks
    found = {pipedrive.client_secret, pipedrive.jwt_secret, quickbooks.client_secret}
    for family in quickbooks.tokens.families:
        found |= {family.refresh, *family.previous, *family.access}
    for grant in pipedrive.grants.grants.values():
        found |= {grant.refresh_token, *grant.access}
    return found | set(quickbooks.tokens.codes) | set(pipedrive.grants.codes)


def people_and_amounts_of(tabletop: Tabletop) -> set[str]:
    """Names, e-mail addresses and amounts of everything in both simulators."""
    found: set[str] = set()
    for company in tabletop.pipedrive.companies.values():
        found |= {company.name, *(user.name for user in company.users.values())}
        found |= {user.email for user in company.users.values()}
        for documents in (company.deals, company.persons, company.organizations, company.products):
            found |= set(_said(documents.values()))
    for books in tabletop.quickbooks.companies.values():
        found.add(books.name)
        for kind in ("Customer", "Item", "Invoice", "Payment"):
            found |= set(_said(books.rows(kind).values()))
    return {word for word in found if len(word) >= _SHORTEST}


def _said(value: object, name: str = "") -> Iterable[str]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _said(inner, str(key))
        case str() if name in _NAMES:
            yield value
        case str() | bool() | None:
            return
        case int() | float() if name in _AMOUNTS:
            yield f"{value:.2f}"
        case _ if name in _AMOUNTS and not hasattr(value, "__iter__"):
            yield f"{value:.2f}"
        case _ if hasattr(value, "__iter__"):
            for inner in value:
                yield from _said(inner, name)


def found_in(lines: Iterable[str], words: set[str]) -> dict[str, str]:
    """The words that occur, each with the first line that holds it."""
    found: dict[str, Any] = {}
    for line in lines:
        for word in words:
            if word in line or json.dumps(word)[1:-1] in line:
                found.setdefault(word, line[:400])
    return found
