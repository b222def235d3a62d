"""The lines of a sale (facts §2, Lines)."""

from decimal import Decimal

from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc, cents, number, reference
from sandbox.quickbooks.references import active, named
from sandbox.quickbooks.refusals import Refused, bad_reference, business, missing

MOST_LINES = 750  # "750 lines if taxable" (S-REST)
SHIPPING = "SHIPPING_ITEM_ID"


def read(company: Company, content: Doc, customer: Doc, kept: set[str]) -> list[Doc]:
    """The lines to keep, with ids, numbers and defaults; an update may reuse the ids `kept`. Raises Refused."""
    sent = [line for line in content.get("Line", []) if line.get("DetailType") != "SubTotalLineDetail"]
    if not sent:
        raise missing("Line")
    if len(sent) > MOST_LINES:
        raise business(f"A transaction can have at most {MOST_LINES} lines.")
    found = [_line(company, line, customer) for line in sent]
    if sum(1 for line in found if line["DetailType"] == "DiscountLineDetail") > 1:
        raise business("A transaction can have one discount only.")
    _give_ids(found, kept)
    return found


def subtotal(lines: list[Doc]) -> Decimal:
    """The sum of what is sold, before discount and tax."""
    return sum((line["Amount"] for line in lines if line["DetailType"] == "SalesItemLineDetail"), Decimal(0))


def discount(lines: list[Doc], before: Decimal) -> Decimal:
    """The discount of the whole transaction, which a percentage is reckoned of `before`; its line gets the amount."""
    for line in lines:
        if line["DetailType"] == "DiscountLineDetail":
            detail = line["DiscountLineDetail"]
            if detail.get("PercentBased"):
                line["Amount"] = cents(before * number(detail.get("DiscountPercent")) / 100)
            return number(line["Amount"])
    return Decimal(0)


def _line(company: Company, line: Doc, customer: Doc) -> Doc:
    kind = line.get("DetailType")
    match kind:
        case None:
            raise missing("DetailType")
        case "SalesItemLineDetail":
            return _sale(company, line, customer)
        case "DescriptionOnly":
            return _documentation(line)
        case "DiscountLineDetail":
            return _discount(company, line)
        case _:
            raise business(f"Lines of the type {kind} are not supported here.")


def _documentation(line: Doc) -> Doc:
    kept = {name: line[name] for name in ("Id", "Description") if name in line}
    return kept | {"DetailType": "DescriptionOnly", "DescriptionLineDetail": line.get("DescriptionLineDetail", {})}


def _sale(company: Company, line: Doc, customer: Doc) -> Doc:
    if "Amount" not in line:
        raise missing("Amount")
    detail = dict(line.get("SalesItemLineDetail", {}))
    if reference(detail, "ItemRef") is None:
        # "A line without ItemRef is treated as documentation and its Amount ignored" (facts §2).
        return _documentation(line)
    item = _item(company, detail)
    _check_amount(line["Amount"], detail)
    _settle_tax_code(company, detail, item, customer)
    kept = {name: line[name] for name in ("Id", "Description", "Amount") if name in line}
    if "Description" not in kept and item.get("Description"):
        kept["Description"] = item["Description"]
    return kept | {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def _item(company: Company, detail: Doc) -> Doc:
    if detail["ItemRef"]["value"] == SHIPPING and company.allow_shipping:
        detail["ItemRef"] = {"value": SHIPPING, "name": SHIPPING}
        return {}
    item = active(company, "Item", detail, "ItemRef")
    if item is None or item["Type"] == "Category":
        raise bad_reference("ItemRef")  # a category is no item to sell (copilot-platforms/quickbooks-sync)
    detail["ItemRef"] = named(item)
    return item


def _check_amount(amount: Decimal, detail: Doc) -> None:
    quantity, price = detail.get("Qty"), detail.get("UnitPrice")
    if quantity is None or price is None:
        return
    if quantity == 0 and price == 0:
        # python-quickbooks sends both as 0 beside an Amount, and its own tests show that QuickBooks takes it.
        detail.pop("Qty")
        detail.pop("UnitPrice")
        return
    if cents(quantity * price) != amount:
        raise Refused(
            "6070",
            "Amount calculation incorrect in the request",
            "Amount calculation incorrect in the request : Amount is not equal to UnitPrice * Qty. "
            f"Supplied value:{amount}",
            "Line.Amount",
        )


def _settle_tax_code(company: Company, detail: Doc, item: Doc, customer: Doc) -> None:
    code = reference(detail, "TaxCodeRef")
    if not company.is_us:
        return  # sandbox/quickbooks/tax.py demands and checks them
    if code is None:
        code = "TAX" if item.get("Taxable") and customer.get("Taxable") else "NON"
    if code not in ("TAX", "NON"):
        raise bad_reference("TaxCodeRef")  # Line.TaxCodeRef in the US: TAX / NON (facts §2)
    detail["TaxCodeRef"] = {"value": code}


def _discount(company: Company, line: Doc) -> Doc:
    if not company.allow_discount:
        raise business("Discounts are not turned on for this company.")  # Preferences.SalesFormsPrefs.AllowDiscount
    detail = dict(line.get("DiscountLineDetail", {}))
    if detail.get("PercentBased"):
        if "DiscountPercent" not in detail:
            raise missing("DiscountPercent")
    elif "Amount" not in line:
        raise missing("Amount")
    account = active(company, "Account", detail, "DiscountAccountRef")
    if account:
        detail["DiscountAccountRef"] = named(account)
    kept = {name: line[name] for name in ("Id", "Description", "Amount") if name in line}
    return kept | {"DetailType": "DiscountLineDetail", "DiscountLineDetail": detail}


def _give_ids(lines: list[Doc], kept: set[str]) -> None:
    """An existing id is that line, any other is a new one (facts §2, sparse update)."""
    last = max((int(key) for key in kept), default=0)
    seen: set[str] = set()
    for place, line in enumerate(lines, start=1):
        if line.get("Id") not in kept or line["Id"] in seen:
            last += 1
            line["Id"] = str(last)
        seen.add(line["Id"])
        line["LineNum"] = place
