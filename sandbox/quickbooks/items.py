"""Items: what is sold (S-ITEM)."""

from sandbox.quickbooks import input as reading
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.customers import DELETED
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.references import active, named
from sandbox.quickbooks.refusals import Refused, business

# Which account each kind of item must name, and of which type it must be.
_ACCOUNTS: dict[str, dict[str, tuple[str, ...]]] = {
    "Service": {"IncomeAccountRef": ("Income",)},
    "NonInventory": {
        "IncomeAccountRef": ("Income",),
        "ExpenseAccountRef": ("Cost of Goods Sold", "Expense"),
    },
    "Inventory": {
        "IncomeAccountRef": ("Income",),
        "ExpenseAccountRef": ("Cost of Goods Sold",),
        "AssetAccountRef": ("Other Current Asset",),
    },
    "Category": {},
}


def create(company: Company, body: Doc) -> Doc:
    """A new item."""
    return company.insert("Item", _assemble(company, reading.read("Item", body), None))


def update(company: Company, body: Doc) -> Doc:
    """A full or sparse update."""
    old = company.current("Item", body)
    content = reading.read("Item", body)
    if content.get("sparse"):
        content = {name: value for name, value in old.items() if name not in reading.blanks(body)} | content
    return company.replace("Item", old, _assemble(company, content, old))


def _assemble(company: Company, content: Doc, old: Doc | None) -> Doc:
    reading.require(content, "Name", "Type")
    kind = str(content["Type"])
    if kind not in _ACCOUNTS:
        raise business(f"Items of type {kind} cannot be made through the API.")
    name = _name(company, content, old)
    parent = active(company, "Item", content, "ParentRef")
    _settle_accounts(company, content, kind)
    if kind == "Inventory":
        reading.require(content, "TrackQtyOnHand", "QtyOnHand", "InvStartDate")
    found: Doc = {
        "Name": name,
        "Active": content.get("Active", True),
        "FullyQualifiedName": f"{parent['FullyQualifiedName']}:{name}" if parent else name,
        "Taxable": content.get("Taxable", False),
        "UnitPrice": content.get("UnitPrice", 0),
        "Type": kind,
        "PurchaseCost": content.get("PurchaseCost", 0),
        "TrackQtyOnHand": kind == "Inventory",
    }
    if parent:
        found |= {"SubItem": True, "ParentRef": named(parent), "Level": int(parent.get("Level", 0)) + 1}
    skipped = {*found, "Id", "SyncToken", "sparse", "domain", "MetaData"}
    return found | {each: value for each, value in content.items() if each not in skipped}


def _name(company: Company, content: Doc, old: Doc | None) -> str:
    name = str(content["Name"]).strip()
    if any(sign in name for sign in ":\t\n"):
        raise Refused("2040", "Invalid String", "Name must not hold a colon, a tab or a new line", "Name")
    if old and not content.get("Active", True) and not name.endswith(DELETED):
        name += DELETED
    if old and old.get("Active") is False and content.get("Active", True):
        name = name.removesuffix(DELETED)
    for key, doc in company.rows("Item").items():
        if doc["Name"].lower() == name.lower() and (old is None or key != old["Id"]):
            raise Refused(
                "6240",
                "Duplicate Name Exists Error",
                f"The name supplied already exists. : An item with this name exists already. : Id={key}",
                "",
            )
    return name


def _settle_accounts(company: Company, content: Doc, kind: str) -> None:
    reading.require(content, *_ACCOUNTS[kind])
    types = {
        "IncomeAccountRef": ("Income",),
        "ExpenseAccountRef": ("Cost of Goods Sold", "Expense"),
        "AssetAccountRef": ("Other Current Asset",),
    } | _ACCOUNTS[kind]
    for name, allowed in types.items():
        account = active(company, "Account", content, name)
        if account is None:
            continue
        if account["AccountType"] not in allowed:
            raise business(f"The account of {name} must be of type {' or '.join(allowed)}.")
        content[name] = named(account)
