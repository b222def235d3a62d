"""Items: create, update, delete (facts §3)."""

from sandbox.xero import input as reading
from sandbox.xero import tax
from sandbox.xero.documents import Doc, number
from sandbox.xero.organisation import Actor, Organisation
from sandbox.xero.refusals import Invalid, Missing


def put(org: Organisation, body: object, actor: Actor, digits: int) -> Doc:
    """A new item. Raises Invalid."""
    content = reading.read("Item", body)
    code = content.get("Code", "")
    if code and org.by("Item", "Code", code):
        raise Invalid(f"Price List Item with Code '{code}' already exists")
    return _create(org, content, actor, digits)


def post(org: Organisation, body: object, actor: Actor, digits: int, identifier: str | None = None) -> Doc:
    """Change the item of the id or the code, or else make a new one. Raises Invalid, Missing."""
    content = reading.read("Item", body)
    if identifier or "ItemID" in content:
        return _update(org, find(org, identifier or content["ItemID"]), content, digits)
    found = org.by("Item", "Code", content.get("Code"))
    return _update(org, found, content, digits) if found else _create(org, content, actor, digits)


def find(org: Organisation, key: str) -> Doc:
    """The item of an id or a code. Raises Missing."""
    found = org.find("Item", key) or org.by("Item", "Code", key)
    if found is None:
        raise Missing
    return found


def delete(org: Organisation, key: str) -> None:
    """Delete an item; documents that name it keep their lines."""
    del org.rows("Item")[find(org, key)["ItemID"]]


def _create(org: Organisation, content: Doc, actor: Actor, digits: int) -> Doc:
    if not content.get("Code", "").strip():
        raise Invalid("The item code must be specified.")
    blank = {"IsSold": True, "IsPurchased": True, "IsTrackedAsInventory": False, "Name": content["Code"]}
    return org.insert("Item", _checked(org, blank | content, digits), actor)


def _update(org: Organisation, old: Doc, content: Doc, digits: int) -> Doc:
    other = org.by("Item", "Code", content.get("Code", old["Code"]))
    if other and other["ItemID"] != old["ItemID"]:
        raise Invalid(f"Price List Item with Code '{content['Code']}' already exists")
    return org.replace("Item", _checked(org, old | content | {"ItemID": old["ItemID"]}, digits))


def _checked(org: Organisation, doc: Doc, digits: int) -> Doc:
    for name in ("SalesDetails", "PurchaseDetails"):
        price = doc.get(name)
        if price is None:
            continue
        account = tax.account_of(org, price)
        if price.get("TaxType"):
            tax.rate_of(org, price["TaxType"], account)
        elif account:
            price = price | {"TaxType": account["TaxType"]}
        if "UnitPrice" in price:
            price = price | {"UnitPrice": tax.unit(number(price["UnitPrice"]), digits)}
        doc = doc | {name: price}
    return doc
