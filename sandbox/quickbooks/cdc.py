"""Change data capture: what changed since a moment, deletions too (S-CDC)."""

from datetime import datetime, timedelta

from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.refusals import Refused, missing

LOOK_BACK = timedelta(days=30)
MOST = 1000
# Not JournalCode, TaxAgency, TimeActivity, TaxCode, TaxRate (S-CDC).
ENTITIES = {name.lower(): name for name in ("Invoice", "Payment", "CreditMemo", "Customer", "Item", "Account", "Term")}


def changes(company: Company, entities: str | None, since: str | None, lag: timedelta) -> list[Doc]:
    """The value of `CDCResponse`. Older changes than 30 days are left out without a word."""
    if not entities or not since:
        raise missing("entities" if not entities else "changedSince")
    try:
        start = datetime.fromisoformat(since)
    except ValueError:
        raise Refused("2080", "Invalid Date", f"changedSince: {since}", "changedSince") from None
    start = start if start.tzinfo else start.replace(tzinfo=company.zone)
    start = max(start, company.now() - LOOK_BACK)
    left, found = MOST, []
    for asked in entities.split(","):
        entity = ENTITIES.get(asked.strip().lower())
        if entity is None:
            raise Refused("2170", "Invalid Enumeration", f"Property: {asked} specified is invalid.", "entities")
        rows = _changed(company, entity, start, lag)[:left]
        left -= len(rows)
        found.append({entity: rows, "startPosition": 1, "maxResults": len(rows)} if rows else {})
    return [{"QueryResponse": found}]


def _changed(company: Company, entity: str, start: datetime, lag: timedelta) -> list[Doc]:
    edge = company.now() - lag
    rows = [
        doc
        for key, doc in company.rows(entity).items()
        if company.created.get((entity, key), edge) <= edge
        and datetime.fromisoformat(doc["MetaData"]["LastUpdatedTime"]) >= start.replace(microsecond=0)
    ]
    ghosts = [
        {
            "domain": "QBO",
            "status": "Deleted",
            "Id": key,
            "MetaData": {"LastUpdatedTime": at.astimezone(company.zone).isoformat(timespec="seconds")},
        }
        for key, at in company.gone.get(entity, {}).items()
        if at >= start
    ]
    return [*rows, *ghosts]
