"""The lines of a document: what they take from item and account, and what they must say (facts §2.2)."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.xero import tax
from sandbox.xero.documents import ZERO, Doc, number, places
from sandbox.xero.organisation import Organisation
from sandbox.xero.refusals import Invalid

MOST_TRACKING = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """What the lines need to know of their document."""

    sale: bool
    types: str
    posted: bool  # beyond a draft: everything must be there
    digits: int


def build(org: Organisation, sent: list[Doc], old: list[Doc], frame: Frame) -> tuple[list[Doc], Decimal]:
    """The document's lines, and what their discounts take off together.

    A line with LineItemID changes that one, one without is new, and what is not sent is gone. Raises Invalid with
    every line's problems.
    """
    known = {line["LineItemID"]: line for line in old}
    problems: list[str] = []
    lines: list[Doc] = []
    discount = ZERO
    for each in sent:
        try:
            line, off = _line(org, each, known, frame)
        except Invalid as refusal:
            problems += refusal.messages
            continue
        lines.append(line)
        discount += off
    if problems:
        raise Invalid(*dict.fromkeys(problems))
    return lines, discount


def _line(org: Organisation, sent: Doc, known: dict[str, Doc], frame: Frame) -> tuple[Doc, Decimal]:
    line = dict(sent)
    if "LineItemID" in sent:
        if sent["LineItemID"] not in known:
            raise Invalid(f"The LineItemID {sent['LineItemID']} is not one of this document's.")
        kept = known[sent["LineItemID"]]
        reckoned = {"LineAmount", "TaxAmount", "AccountID", "Item"} | ({"TaxType"} if "AccountCode" in sent else set())
        line = {name: value for name, value in kept.items() if name not in reckoned} | sent
    else:
        line["LineItemID"] = org.new_id()
    _from_item(org, line, sent, frame)
    line["UnitAmount"] = tax.unit(number(line.get("UnitAmount")), frame.digits)
    only_words = not any(name in line for name in ("Quantity", "ItemCode", "AccountCode")) and not line["UnitAmount"]
    if only_words and not frame.posted:
        del line["UnitAmount"]
        if not line.get("Description"):
            raise Invalid("Description is required for each line item.")
        return line | {"LineAmount": ZERO, "TaxAmount": ZERO, "Tracking": []}, ZERO
    line["Quantity"] = places(number(line.get("Quantity", 1)), 4)
    return _priced(org, line, frame)


def _priced(org: Organisation, line: Doc, frame: Frame) -> tuple[Doc, Decimal]:
    account = tax.account_of(org, line)
    if account:
        line |= {"AccountCode": account["Code"], "AccountID": account["AccountID"]}
    amount, off = tax.line_amount(line, sale=frame.sale)
    line["LineAmount"] = amount
    if frame.types == "NoTax":
        line["TaxType"] = tax.NO_TAX
    elif "TaxType" not in line and account:
        line["TaxType"] = account["TaxType"]
    rate = tax.rate_of(org, line["TaxType"], account) if line.get("TaxType") else ZERO
    # An amount that is sent stands: a person can set it in Xero too.
    own = number(line["TaxAmount"]) if "TaxAmount" in line and frame.types != "NoTax" else None
    line["TaxAmount"] = own if own is not None else tax.tax_amount(amount, rate, frame.types)
    line["Tracking"] = tracking(org, line.get("Tracking", []))
    if frame.posted:
        _demand(line, account)
    return line, off


def _from_item(org: Organisation, line: Doc, sent: Doc, frame: Frame) -> None:
    """What is not sent comes from the item."""
    code = sent.get("ItemCode")
    if not code:
        return
    item = org.by("Item", "Code", code)
    if item is None:
        raise Invalid(f"Item code '{code}' is not valid.")
    if not item["IsSold" if frame.sale else "IsPurchased"]:
        raise Invalid(f"Item code '{code}' cannot be used on this type of document.")
    price = item.get("SalesDetails" if frame.sale else "PurchaseDetails", {})
    text = item.get("Description" if frame.sale else "PurchaseDescription")
    line["Item"] = {"ItemID": item["ItemID"], "Name": item.get("Name", ""), "Code": code}
    for name, value in (("Description", text), ("UnitAmount", price.get("UnitPrice"))):
        if value is not None:
            line.setdefault(name, value)
    if "AccountID" not in line and price.get("AccountCode"):
        line.setdefault("AccountCode", price["AccountCode"])
    if price.get("TaxType"):
        line.setdefault("TaxType", price["TaxType"])


def _demand(line: Doc, account: Doc | None) -> None:
    problems = []
    if not line.get("Description"):
        problems.append("Description is required for each line item.")
    if account is None:
        problems.append("Account code or ID must be specified.")
    if not line.get("TaxType"):
        problems.append("The TaxType field is mandatory.")
    if problems:
        raise Invalid(*problems)


def tracking(org: Organisation, sent: list[Doc]) -> list[Doc]:
    """The categories and options of a line, by id or by name. Raises Invalid."""
    if len(sent) > MOST_TRACKING:
        raise Invalid("A line item can have no more than two tracking categories.")
    found = [_tracked(org, each) for each in sent]
    if len({each["TrackingCategoryID"] for each in found}) < len(found):
        raise Invalid("A line item can have each tracking category once.")
    return found


def _tracked(org: Organisation, sent: Doc) -> Doc:
    for category in org.rows("TrackingCategory").values():
        same = sent.get("TrackingCategoryID") == category["TrackingCategoryID"] or sent.get("Name") == category["Name"]
        if not same or category["Status"] != "ACTIVE":
            continue
        for option in category["Options"]:
            by_id = sent.get("TrackingOptionID") == option["TrackingOptionID"]
            if option["Status"] == "ACTIVE" and (by_id or sent.get("Option") == option["Name"]):
                return {
                    "Name": category["Name"],
                    "Option": option["Name"],
                    "TrackingCategoryID": category["TrackingCategoryID"],
                    "TrackingOptionID": option["TrackingOptionID"],
                }
    raise Invalid("The tracking category or its option does not exist or is not active.")
