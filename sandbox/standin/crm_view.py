"""What a user of the simulated Pipedrive sees on the screen: deals, and one deal with all that belongs to it."""

from collections.abc import Iterable
from typing import Any

from sandbox.pipedrive.model import DEALS, Company, Document, User
from sandbox.pipedrive.visibility import may_see

STAGES = ("Qualified", "Contact made", "Proposal made", "Negotiations started")


def deals(company: Company, user: User) -> list[dict[str, Any]]:
    """The deals that the user may see, the deleted ones left out."""
    seen = (deal for deal in company.deals.values() if may_see(company, user, deal))
    return [_head(company, deal) for deal in seen if not deal["is_deleted"]]


def deal(company: Company, user: User, number: int) -> dict[str, Any] | None:
    """One deal, or None where there is none for this user."""
    found = company.deals.get(number)
    if found is None or found["is_deleted"] or not may_see(company, user, found):
        return None
    person = company.persons.get(found["person_id"]) or {}
    organization = company.organizations.get(found["org_id"]) or {}
    return {
        **_head(company, found),
        "expected_close": found["expected_close_date"],
        "email": next((each["value"] for each in person.get("emails", ())), ""),
        "address": (organization.get("address") or {}).get("value", ""),
        "products": [_product(row) for row in company.lines.get(number, [])],
        "fields": list(_fields(company, found)),
        "notes": [_note(company, each) for each in reversed(company.notes.values()) if each["deal_id"] == number],
        "files": [each["name"] for each in company.files.values() if each.get("deal_id") == number],
        "activities": [_activity(company, each) for each in company.activities.values() if each["deal_id"] == number],
    }


def _head(company: Company, deal: Document) -> dict[str, Any]:
    return {
        "id": deal["id"],
        "title": deal["title"],
        "value": str(deal["value"]),
        "currency": deal["currency"],
        "status": "archived" if deal["is_archived"] else deal["status"],
        "stage": STAGES[(deal["id"] - 1) % len(STAGES)],
        "organization": (company.organizations.get(deal["org_id"]) or {}).get("name", ""),
        "person": (company.persons.get(deal["person_id"]) or {}).get("name", ""),
        "owner": company.users[deal["owner_id"]].name,
    }


def _product(row: Document) -> dict[str, str]:
    return {name: str(row[name]) for name in ("name", "quantity", "item_price", "sum")}


def _fields(company: Company, deal: Document) -> Iterable[dict[str, str]]:
    """The custom fields that hold something, in the order in which they were made."""
    for row in company.fields.get(DEALS, []):
        value = deal["custom_fields"].get(row["field_code"])
        if value not in (None, "", []):
            yield {"name": row["field_name"], "value": _named(company, row["field_type"], value) or _words(row, value)}


def _named(company: Company, kind: str, value: object) -> str:
    """The name of whom a field of these types points to."""
    match kind, value:
        case "user", int():
            return company.users[value].name if value in company.users else ""
        case "org", int():
            return str((company.organizations.get(value) or {}).get("name", ""))
        case "people", int():
            return str((company.persons.get(value) or {}).get("name", ""))
        case _:
            return ""


def _words(row: Document, value: object) -> str:
    labels = {each["id"]: each["label"] for each in row.get("options") or []}
    match value:
        case list():
            return ", ".join(str(labels.get(each, each)) for each in value)
        case {"value": first, "until": until}:
            return f"{first} – {until}"
        case {"value": first, **rest}:
            return f"{first} {rest.get('currency', '')}".strip()
        case _:
            return str(labels.get(value, value))


def _note(company: Company, note: Document) -> dict[str, str]:
    author = company.users.get(note.get("user_id", 0))
    return {"content": note["content"], "at": note["add_time"], "by": author.name if author else ""}


def _activity(company: Company, activity: Document) -> dict[str, str]:
    owner = company.users.get(activity["owner_id"])
    return {"subject": activity["subject"], "due": activity["due_date"] or "", "for": owner.name if owner else ""}
