"""Two records become one, as a person merges them in Pipedrive itself.

Webhooks v2 name the other one in `merged_to_id` or `merged_from_id` [D:guide-for-webhooks-v2]; which action carries
which is not documented: here the one that ends is deleted and the one that stays changes.
"""

from datetime import datetime

from sandbox.pipedrive.model import DEALS, ORGANIZATIONS, PERSONS, Company, Document
from sandbox.pipedrive.webhooks import tell

_NAMED = {PERSONS: "person_id", ORGANIZATIONS: "org_id"}


def merge(company: Company, entity: str, loser: int, winner: int, now: datetime) -> None:
    """The loser's notes, files and deals are the winner's. Raises KeyError for what is not there or cannot merge."""
    if entity not in (DEALS, *_NAMED) or loser == winner:
        raise KeyError(entity)
    documents = company.documents(entity)
    lost, kept = documents[loser], documents[winner]
    if entity in _NAMED:
        for deal in company.deals.values():
            if deal[_NAMED[entity]] == loser:
                deal[_NAMED[entity]] = winner
    else:
        _move(company.notes, "deal_id", loser, winner)
        _move(company.files, "deal_id", loser, winner)
    lost["is_deleted"] = True
    kept["update_time"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    tell(
        company, entity, "delete", loser, now,
        data=None, previous=dict(lost), source="app", merged_to_id=str(winner),
    )  # fmt: skip
    tell(
        company, entity, "change", winner, now,
        data=dict(kept), previous={}, source="app", merged_from_id=str(loser),
    )  # fmt: skip


def _move(rows: dict[int, Document], name: str, loser: int, winner: int) -> None:
    for row in rows.values():
        if row.get(name) == loser:
            row[name] = winner
