"""Looking up what a document points to. Whatever is not there, or inactive, is refused with 2500 (S-ERR)."""

from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc, reference
from sandbox.quickbooks.refusals import bad_reference


def active(company: Company, entity: str, body: Doc, name: str) -> Doc | None:
    """The active document behind the reference `name`; None if the body has no such reference. Raises Refused 2500."""
    identifier = reference(body, name)
    if identifier is None:
        return None
    found = company.find(entity, identifier)
    if found is None or found.get("Active") is False:
        raise bad_reference(name)
    return found


def named(doc: Doc) -> Doc:
    """A reference to the document, with its name, as answers carry it."""
    label = doc.get("DisplayName") or doc.get("FullyQualifiedName") or doc.get("Name") or ""
    return {"value": doc["Id"], "name": label}


def settle(company: Company, entity: str, body: Doc, name: str) -> None:
    """Check the reference `name` and write the name of what it points to beside its id."""
    found = active(company, entity, body, name)
    if found is not None:
        body[name] = named(found)
