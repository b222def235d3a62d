"""Contacts: create, update, find, archive (facts §3)."""

import re

from sandbox.xero import input as reading
from sandbox.xero.documents import NO_ID, Doc
from sandbox.xero.organisation import Actor, Organisation
from sandbox.xero.refusals import Invalid

MOST_PERSONS = 5
_EMAIL = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")  # no letters beyond ASCII ("no umlauts")
_COUNTRY = re.compile(r"[^\W\d_]+(?:[ .'’()&-]+[^\W\d_]*)*")
_ADDRESSES = ("STREET", "POBOX")
_PHONES = ("DDI", "DEFAULT", "FAX", "MOBILE")
_ARCHIVED = (
    "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via "
    "the API."
)
_KEYS = {"ContactID", "ContactNumber"}


def put(org: Organisation, body: object, actor: Actor) -> Doc:
    """A new contact. Raises Invalid."""
    return _create(org, reading.read("Contact", body), actor)


def post(org: Organisation, body: object, actor: Actor, identifier: str | None = None) -> Doc:
    """Change the contact of the id, the contact number or the name, or else make a new one. Raises Invalid, Missing."""
    content = reading.read("Contact", body)
    key = identifier or content.get("ContactID")
    if key:
        return _update(org, org.get("Contact", key), content)
    found = _same(org, content)
    return _update(org, found, content) if found else _create(org, content, actor)


def of_document(org: Organisation, content: Doc, actor: Actor) -> Doc:
    """The contact that a document names. Whatever else stands beside the id is written into the contact."""
    if "ContactID" in content:
        found = org.find("Contact", content["ContactID"])
        if found is None:
            raise Invalid("The contact with the specified contact details could not be found")
    else:
        if not content.get("Name") and not content.get("ContactNumber"):
            raise Invalid("A Contact must be specified for this type of transaction")
        found = _same(org, content)
    if found is None:
        return _create(org, content, actor)
    if found["ContactStatus"] != "ACTIVE":
        raise Invalid(_ARCHIVED)
    told = {name: value for name, value in content.items() if name not in _KEYS and found.get(name) != value}
    if not told:
        return found
    # People who are not among the ones sent are gone (facts §2.2).
    return _update(org, found, {"ContactPersons": []} | told)


def _create(org: Organisation, content: Doc, actor: Actor) -> Doc:
    if not content.get("Name", "").strip():
        raise Invalid("The contact name must be specified.")
    problems = _problems(org, content, None)
    if problems:
        raise Invalid(*problems)
    blank: Doc = {
        "ContactStatus": "ACTIVE",
        "FirstName": "",
        "LastName": "",
        "EmailAddress": "",
        "BankAccountDetails": "",
        "IsSupplier": False,
        "IsCustomer": False,
        "ContactPersons": [],
    }
    return org.insert("Contact", _whole(blank | content), actor)


def _update(org: Organisation, old: Doc, content: Doc) -> Doc:
    if old["ContactStatus"] != "ACTIVE":
        raise Invalid(_ARCHIVED)
    problems = _problems(org, content, old)
    if problems:
        raise Invalid(*problems)
    return org.replace("Contact", _whole(old | content | {"ContactID": old["ContactID"]}))


def _problems(org: Organisation, content: Doc, old: Doc | None) -> list[str]:
    found = _clashes(org, content, old)
    addresses = [content.get("EmailAddress"), *(each.get("EmailAddress") for each in content.get("ContactPersons", []))]
    if any(each and not _EMAIL.fullmatch(each) for each in addresses):
        found.append("Email address must be valid.")
    if len(content.get("ContactPersons", [])) > MOST_PERSONS:
        found.append(f"A contact can have no more than {MOST_PERSONS} contact persons.")
    if content.get("ContactStatus", "ACTIVE") not in ("ACTIVE", "ARCHIVED"):
        found.append("The contact status is not valid.")
    for each in content.get("Addresses", []):
        if each.get("AddressType") not in _ADDRESSES:
            found.append("The address type must be POBOX or STREET.")
        if each.get("Country") and not _COUNTRY.fullmatch(each["Country"]):
            found.append("The country must be written with letters only.")
    if any(each.get("PhoneType") not in (*_PHONES, "OFFICE") for each in content.get("Phones", [])):
        found.append("The phone type is not valid.")
    if content.get("DefaultCurrency") and content["DefaultCurrency"] not in org.rows("Currency"):
        found.append(f"Organisation is not subscribed to currency {content['DefaultCurrency']}")
    return found


def _clashes(org: Organisation, content: Doc, old: Doc | None) -> list[str]:
    mine = old["ContactID"] if old else NO_ID
    found = []
    name, key = content.get("Name"), content.get("ContactNumber")
    for each in org.rows("Contact").values():
        if each["ContactID"] == mine:
            continue
        if name and each["ContactStatus"] == "ACTIVE" and each["Name"].lower() == name.strip().lower():
            found.append(
                f"The contact name {name} is already assigned to another contact. The contact name must be unique "
                "across all active contacts."
            )
        if key and each.get("ContactNumber") == key:
            found.append(f"The contact number {key} is already assigned to another contact.")
    return found


def _same(org: Organisation, content: Doc) -> Doc | None:
    """The contact of the number, else the active one of the name."""
    if content.get("ContactNumber"):
        found = org.by("Contact", "ContactNumber", content["ContactNumber"])
        if found:
            return found
    wanted = content.get("Name", "").strip().lower()
    alive = (each for each in org.rows("Contact").values() if each["ContactStatus"] == "ACTIVE")
    return next((each for each in alive if each["Name"].lower() == wanted), None) if wanted else None


def _whole(doc: Doc) -> Doc:
    """Addresses and phones are always all there, empty ones too, as answers show them."""
    sent = {each["AddressType"]: each for each in doc.get("Addresses", [])}
    empty: Doc = {"City": "", "Region": "", "PostalCode": "", "Country": ""}
    phones = {each["PhoneType"]: each for each in doc.get("Phones", [])}
    silent: Doc = {"PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""}
    kinds = [*_PHONES, *(kind for kind in phones if kind not in _PHONES)]
    return doc | {
        "Name": doc["Name"].strip(),
        "Addresses": [{"AddressType": kind} | empty | sent.get(kind, {}) for kind in _ADDRESSES],
        "Phones": [{"PhoneType": kind} | silent | phones.get(kind, {}) for kind in kinds],
    }


def archive(org: Organisation, identifier: str) -> Doc:
    """What a person does in Xero."""
    return org.replace("Contact", org.get("Contact", identifier) | {"ContactStatus": "ARCHIVED"})


def merge(org: Organisation, loser: str, winner: str) -> None:
    """Merge one contact into another: its documents move, and it points to the other one for ever."""
    kept = org.get("Contact", winner)["ContactID"]
    gone = org.get("Contact", loser)
    for entity in ("Invoice", "CreditNote"):
        for doc in list(org.rows(entity).values()):
            if doc["Contact"]["ContactID"] == gone["ContactID"]:
                org.replace(entity, doc | {"Contact": {"ContactID": kept}}, quiet=True)
    org.replace("Contact", gone | {"ContactStatus": "ARCHIVED", "MergedToContactID": kept})
