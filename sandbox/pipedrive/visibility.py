"""Who sees what. Pipedrive: 1 owner, 3 and 5 the owner's visibility group, 7 everyone; admins see all [O2]."""

from sandbox.pipedrive.call import Call
from sandbox.pipedrive.envelope import not_found
from sandbox.pipedrive.model import Company, Document, User

EVERYONE = 7
GROUP = (3, 5)


def may_see(company: Company, user: User, document: Document) -> bool:
    """Whether `user` may see a deal, person or organization."""
    owner = document.get("owner_id")
    if user.admin or owner == user.id:
        return True
    if user.own_only:
        return False
    return visible_to_group(company, user, document)


def visible_to_group(company: Company, user: User, document: Document) -> bool:
    """Whether the document's own `visible_to` lets `user` in (products know nothing else)."""
    if user.admin or document.get("owner_id") == user.id or document["visible_to"] == EVERYONE:
        return True
    owner = company.users.get(document.get("owner_id", 0))
    return document["visible_to"] in GROUP and owner is not None and owner.group == user.group


def take(call: Call, entity: str, number: int) -> Document:
    """The document, if it is there and this user may see it. Raises Refusal."""
    document = call.company.documents(entity).get(number)
    if document is None:
        raise not_found()
    if not may_see(call.company, call.user, document):
        raise call.hidden()
    return document
