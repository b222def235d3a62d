"""Everything that GET answers (facts §2.1, §3)."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from sandbox.wire import Request
from sandbox.xero import items, listing, sending, settings, shown
from sandbox.xero.documents import Doc
from sandbox.xero.organisation import IDS, Organisation
from sandbox.xero.refusals import Missing

_SIMPLE = {
    "Accounts": "Account",
    "TaxRates": "TaxRate",
    "BrandingThemes": "BrandingTheme",
    "Currencies": "Currency",
}
_ENTITIES = {"Invoices": "Invoice", "Contacts": "Contact", "Items": "Item", "Payments": "Payment"}
_OLDEST = (("UpdatedDateUTC", False), ("InvoiceID", False))
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Answer = Mapping[str, object]


def answer(org: Organisation, request: Request, parts: list[str], digits: int, lag: timedelta) -> Answer:
    """The content of the answer. Raises Missing, BadRequest, Invalid."""
    match parts:
        case ["Invoices"]:
            return _invoices(org, request, digits, lag)
        case ["Invoices", key]:
            return {"Invoices": [shown.invoice(org, invoice(org, key), digits)]}
        case ["Invoices", key, "OnlineInvoice"]:
            return {"OnlineInvoices": sending.online(org, invoice(org, key))}
        case [("Invoices" | "Contacts" | "Items" | "Payments") as kind, key, "History"]:
            return {"HistoryRecords": _history(org, identifier(org, kind, key))}
        case ["Contacts"]:
            return _contacts(org, request, lag)
        case ["Contacts", key]:
            return {"Contacts": [shown.contact(org, contact(org, key))]}
        case ["Items", *keys] if len(keys) < 2:
            return {"Items": [shown.item(doc, digits) for doc in _items(org, request, keys)]}
        case ["Payments" | "CreditNotes", *_]:
            return _settlements(org, request, parts, digits)
        case _:
            return _lists(org, request, parts)


def _lists(org: Organisation, request: Request, parts: list[str]) -> Answer:
    match parts:
        case ["Organisation"]:
            return {"Organisations": [settings.organisation(org)]}
        case ["Organisation", "Actions"]:
            return {"Actions": settings.actions(org)}
        case ["TrackingCategories"]:
            rows = list(org.rows("TrackingCategory").values())
            alive = listing.flag(request, "includeArchived")
            kept = [doc for doc in rows if alive or doc["Status"] == "ACTIVE"]
            return {"TrackingCategories": listing.selected("TrackingCategory", kept, request)}
        case ["TrackingCategories", key]:
            return {"TrackingCategories": [org.get("TrackingCategory", key)]}
        case [name] if name in _SIMPLE:
            # Branding themes take no `where`.
            rows = list(org.rows(_SIMPLE[name]).values())
            return {name: rows if name == "BrandingThemes" else listing.selected(_SIMPLE[name], rows, request)}
        case [name, key] if name in _SIMPLE and name != "Currencies":
            return {name: [org.get(_SIMPLE[name], key)]}
        case ["Users"]:
            return {"Users": listing.selected("User", list(org.rows("User").values()), request)}
        case _:
            raise Missing


def invoice(org: Organisation, key: str) -> Doc:
    """The invoice of an id or a number. Raises Missing."""
    found = org.find("Invoice", key) or (None if _UUID.fullmatch(key) else org.by("Invoice", "InvoiceNumber", key))
    if found is None:
        raise Missing
    return found


def contact(org: Organisation, key: str) -> Doc:
    """The contact of an id or a contact number, archived and merged ones too. Raises Missing."""
    found = org.find("Contact", key) or org.by("Contact", "ContactNumber", key)
    if found is None:
        raise Missing
    return found


def identifier(org: Organisation, kind: str, key: str) -> str:
    """The id of a document of which there is a history. Raises Missing."""
    by_name: dict[str, Callable[[Organisation, str], Doc]] = {"Invoices": invoice, "Contacts": contact}
    by_name["Items"] = items.find
    entity = _ENTITIES[kind]
    doc = by_name[kind](org, key) if kind in by_name else org.get(entity, key)
    return str(doc[IDS[entity]])


def _items(org: Organisation, request: Request, keys: list[str]) -> list[Doc]:
    """Items are never paged."""
    if keys:
        return [items.find(org, keys[0])]
    return listing.selected("Item", list(org.rows("Item").values()), request)


def _history(org: Organisation, key: str) -> list[Doc]:
    """The newest first."""
    records = reversed(org.history.get(key, []))
    return [each | {"DateUTCString": f"{each['DateUTC']:%Y-%m-%dT%H:%M:%S}"} for each in records]


def _invoices(org: Organisation, request: Request, digits: int, lag: timedelta) -> Answer:
    wanted = {name: listing.ids(request, name) for name in ("IDs", "ContactIDs")}
    numbers, statuses = listing.values(request, "InvoiceNumbers"), listing.values(request, "Statuses")
    mine = listing.flag(request, "createdByMyApp")

    def asked(doc: Doc) -> bool:
        return (
            (not wanted["IDs"] or doc["InvoiceID"] in wanted["IDs"])
            and (not wanted["ContactIDs"] or doc["Contact"]["ContactID"] in wanted["ContactIDs"])
            and (not numbers or doc["InvoiceNumber"] in numbers)
            and (not statuses or doc["Status"] in statuses)
            and (not mine or doc["_by_app"])
            and org.seen(doc["InvoiceID"], lag)
        )

    rows = [
        doc | {"Contact": org.get("Contact", doc["Contact"]["ContactID"])}
        for doc in org.rows("Invoice").values()
        if asked(doc)
    ]
    term = request.param("searchTerm")
    rows = [doc for doc in rows if listing.search(doc, term, ("InvoiceNumber", "Reference", "Contact.Name"))]
    rows = listing.selected("Invoice", rows, request, _OLDEST)
    summary = listing.flag(request, "summaryOnly")
    page, pagination = listing.paged(rows, request, always=summary)
    lines = pagination is not None
    shown_rows = [shown.invoice_row(org, doc, digits, lines=lines, summary=summary) for doc in page]
    return ({"pagination": pagination} if pagination else {}) | {"Invoices": shown_rows}


def _contacts(org: Organisation, request: Request, lag: timedelta) -> Answer:
    wanted = listing.ids(request, "IDs")
    archived = listing.flag(request, "includeArchived")
    names = ("Name", "FirstName", "LastName", "ContactNumber", "EmailAddress", "CompanyNumber")
    rows = [
        doc
        for doc in org.rows("Contact").values()
        if (not wanted or doc["ContactID"] in wanted)
        and (archived or doc["ContactStatus"] == "ACTIVE")
        and listing.search(doc, request.param("searchTerm"), names)
        and org.seen(doc["ContactID"], lag)
    ]
    rows = listing.selected("Contact", rows, request, (("UpdatedDateUTC", False), ("ContactID", False)))
    summary = listing.flag(request, "summaryOnly")
    page, pagination = listing.paged(rows, request, always=summary)
    found = [shown.contact_row(org, doc, paged=pagination is not None, summary=summary) for doc in page]
    return ({"pagination": pagination} if pagination else {}) | {"Contacts": found}


def _settlements(org: Organisation, request: Request, parts: list[str], digits: int) -> Answer:
    name = parts[0]
    entity = name.removesuffix("s")

    def show(doc: Doc) -> Doc:
        return shown.payment(org, doc) if entity == "Payment" else shown.credit_note(org, doc, digits)

    match parts[1:]:
        case [key]:
            return {name: [show(org.get(entity, key))]}
        case []:
            rows = listing.selected(entity, list(org.rows(entity).values()), request)
            page, pagination = listing.paged(rows, request)
            return ({"pagination": pagination} if pagination else {}) | {name: [show(doc) for doc in page]}
        case _:
            raise Missing
