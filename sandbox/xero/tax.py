"""A line's account, tax and amounts (facts §2.2). Tax is rounded on each line, then summed."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.xero.documents import ZERO, Doc, cents, number, places
from sandbox.xero.organisation import Organisation
from sandbox.xero.refusals import Invalid

LARGEST = Decimal("9999999999.99")
NO_TAX = "NONE"
_APPLIES = {
    "REVENUE": "CanApplyToRevenue",
    "EXPENSE": "CanApplyToExpenses",
    "ASSET": "CanApplyToAssets",
    "LIABILITY": "CanApplyToLiabilities",
    "EQUITY": "CanApplyToEquity",
}


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document is worth."""

    sub_total: Decimal
    tax: Decimal
    total: Decimal
    discount: Decimal


def account_of(org: Organisation, line: Doc) -> Doc | None:
    """The account that a line names by code or id. Raises Invalid for one that cannot be used."""
    code = line.get("AccountCode")
    if code in (None, "") and "AccountID" not in line:
        return None
    found = org.find("Account", line["AccountID"]) if "AccountID" in line else org.by("Account", "Code", code)
    if found is None or found["Type"] == "BANK" or found.get("SystemAccount"):
        raise Invalid(f"Account code '{code or line.get('AccountID')}' is not a valid code for this document.")
    if found["Status"] != "ACTIVE":
        raise Invalid(
            f"Account code '{found['Code']}' has been archived, or has been deleted. "
            "Each line item must reference a valid account."
        )
    return found


def rate_of(org: Organisation, tax_type: str, account: Doc | None) -> Decimal:
    """The percentage of a tax type. Raises Invalid where it is unknown or cannot go with the account."""
    found = org.find("TaxRate", tax_type)
    if found is None or found["Status"] != "ACTIVE":
        raise Invalid(f"The TaxType code '{tax_type}' does not exist or cannot be used for this type of transaction.")
    if account and not found[_APPLIES[account["Class"]]]:
        raise Invalid(f"The TaxType code '{tax_type}' cannot be used with account code '{account['Code']}'.")
    return number(found["EffectiveRate"])


def line_amount(line: Doc, *, sale: bool) -> tuple[Decimal, Decimal]:
    """A line's amount after its discount, and what the discount takes off. Raises Invalid."""
    full = number(line.get("Quantity", 1)) * number(line.get("UnitAmount"))
    rate, amount = number(line.get("DiscountRate")), number(line.get("DiscountAmount"))
    if (rate or amount) and not sale:
        raise Invalid("Discounts are only valid on accounts receivable documents.")
    if rate and amount:
        raise Invalid("A line can have DiscountRate or DiscountAmount, not both.")
    if not ZERO <= rate <= 100:
        raise Invalid("The discount rate must be between 0 and 100.")
    if amount and abs(amount) > abs(full):
        raise Invalid("The discount must not be larger than the line.")
    found = cents(full * (100 - rate) / 100 - amount)
    if abs(found) > LARGEST:
        raise Invalid(f"LineAmount must not exceed {LARGEST:,}.")
    sent = line.get("LineAmount")
    if sent is not None and cents(number(sent)) != found:
        raise Invalid(f"The line total {cents(number(sent))} does not match the expected line total {found}")
    return found, cents(full) - found


def tax_amount(amount: Decimal, rate: Decimal, line_amount_types: str) -> Decimal:
    """The tax of one line, rounded there."""
    match line_amount_types:
        case "NoTax":
            return ZERO
        case "Inclusive":
            return cents(amount - amount / (1 + rate / 100))
        case _:
            return cents(amount * rate / 100)


def totals(lines: list[Doc], discount: Decimal, line_amount_types: str) -> Totals:
    """The sums of a document."""
    amounts = sum((number(line.get("LineAmount")) for line in lines), ZERO)
    tax = sum((number(line.get("TaxAmount")) for line in lines), ZERO)
    if line_amount_types == "Inclusive":
        return Totals(amounts - tax, tax, amounts, discount)
    return Totals(amounts, tax, amounts + tax, discount)


def unit(value: Decimal, digits: int) -> Decimal:
    """A unit amount: four digits after the point are kept only for `unitdp=4`."""
    return places(value, 4 if digits == 4 else 2)
