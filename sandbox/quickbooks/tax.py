"""What QuickBooks adds for tax: written from the facts alone, so that it may disagree with the product's reckoning."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc, cents, number, reference
from sandbox.quickbooks.refusals import bad_reference, business

# What automated sales tax decides for a ship-to state, in percent. Real rates differ by street; four will do here.
US_RATES = {"CA": Decimal("7.25"), "NY": Decimal("8.875"), "TX": Decimal("8.25")}
NO_TAX_CODE = "Make sure all your transactions have a VAT rate before you save."


@dataclass
class Taxed:
    """The tax of one transaction. `detail` is TxnTaxDetail; `gross` is the sum of lines whose prices include tax."""

    total: Decimal
    detail: Doc
    gross: Decimal | None = None


@dataclass
class _Part:
    """Everything of one transaction that one tax rate applies to."""

    rate: Doc
    net: Decimal = field(default_factory=Decimal)
    gross: Decimal = field(default_factory=Decimal)


def sales(lines: Iterable[Doc]) -> list[Doc]:
    """The lines that sell something."""
    return [line for line in lines if line["DetailType"] == "SalesItemLineDetail"]


def automated(company: Company, content: Doc, customer: Doc, lines: list[Doc], discount: Decimal) -> Taxed:
    """US: the state decides the rate, TAX on a line its taxability; an explicit TotalTax is honoured (facts §3)."""
    asked = content.get("TxnTaxDetail", {}).get("TotalTax")
    if not company.using_sales_tax:
        return Taxed(Decimal(0), {"TotalTax": Decimal(0)})
    taxable = sum((line["Amount"] for line in sales(lines) if _code(line) == "TAX"), Decimal(0))
    everything = sum((line["Amount"] for line in sales(lines)), Decimal(0))
    if content.get("ApplyTaxAfterDiscount") and everything:
        taxable = cents(taxable - discount * taxable / everything)
    place: Doc = content.get("ShipAddr") or content.get("BillAddr") or {}
    state = place.get("CountrySubDivisionCode", "")
    percent = US_RATES.get(state, Decimal(0)) if company.automated_tax and customer.get("Taxable") else Decimal(0)
    total = number(asked) if asked is not None else cents(taxable * percent / 100)
    if total == 0:
        return Taxed(total, {"TotalTax": total})
    rate = next((doc for doc in company.rows("TaxRate").values() if doc["RateValue"] == percent), None)
    detail: Doc = {"TotalTax": total, "TaxLine": []}
    if rate:
        detail = {"TxnTaxCodeRef": {"value": "2"}, "TotalTax": total, "TaxLine": [_line(rate, total, taxable)]}
    return Taxed(total, detail)


def by_lines(company: Company, content: Doc, lines: list[Doc], discount: Decimal) -> Taxed:
    """Elsewhere: each line names a tax code; tax is reckoned per tax rate over all its lines, then rounded."""
    mode = content.get("GlobalTaxCalculation")
    if mode is None:
        raise business(NO_TAX_CODE)
    parts: dict[str, _Part] = {}
    for line in sales(lines):
        for rate in _rates(company, line, mode):
            part = parts.setdefault(rate["Id"], _Part(rate))
            part.net += line["Amount"]
            part.gross += number(line["SalesItemLineDetail"].get("TaxInclusiveAmt"))
    if mode == "NotApplicable":
        return Taxed(Decimal(0), {"TotalTax": Decimal(0)})
    if mode == "TaxInclusive":
        found = _inclusive(list(parts.values()), lines, discount)
    else:
        before = discount if content.get("ApplyTaxAfterDiscount") else Decimal(0)
        found = _exclusive(list(parts.values()), lines, before)
    asked = content.get("TxnTaxDetail", {}).get("TotalTax")
    if asked is not None and number(asked) != found.total:
        raise business("The tax amount does not match the tax codes of the lines.")
    return found


def _exclusive(parts: list[_Part], lines: list[Doc], discount: Decimal) -> Taxed:
    everything = sum((line["Amount"] for line in sales(lines)), Decimal(0))
    tax_lines = []
    for part in parts:
        net = cents(part.net - discount * part.net / everything) if discount and everything else part.net
        tax_lines.append(_line(part.rate, cents(net * part.rate["RateValue"] / 100), net))
    total = sum((line["Amount"] for line in tax_lines), Decimal(0))
    return Taxed(total, {"TotalTax": total, "TaxLine": tax_lines})


def _inclusive(parts: list[_Part], lines: list[Doc], discount: Decimal) -> Taxed:
    if discount:
        raise business("A discount on a transaction with prices that include tax is not supported.")
    for line in sales(lines):
        _check_inclusive(parts, line)
    tax_lines = []
    for part in parts:
        percent = part.rate["RateValue"]
        tax = cents(part.gross * percent / (100 + percent))
        tax_lines.append(_line(part.rate, tax, part.gross - tax))
    total = sum((line["Amount"] for line in tax_lines), Decimal(0))
    gross = sum((number(line["SalesItemLineDetail"].get("TaxInclusiveAmt")) for line in sales(lines)), Decimal(0))
    return Taxed(total, {"TotalTax": total, "TaxLine": tax_lines}, gross)


def _check_inclusive(parts: list[_Part], line: Doc) -> None:
    """Amount is the net of the line, TaxInclusiveAmt its gross; the two must agree to the cent (our reading)."""
    gross = line["SalesItemLineDetail"].get("TaxInclusiveAmt")
    if gross is None:
        raise business("A line of a TaxInclusive transaction needs TaxInclusiveAmt.")
    percent = next((p.rate["RateValue"] for p in parts if p.rate["Id"] == line["_rate"]), Decimal(0))
    if cents(gross / (1 + percent / 100)) != line["Amount"]:
        raise business("Amount is not equal to TaxInclusiveAmt less its tax.")


def _rates(company: Company, line: Doc, mode: str) -> list[Doc]:
    """The sales tax rates of the line's code. Raises Refused: 6000 without a code, 2500 for one that cannot be used."""
    key = _code(line)
    if key is None:
        if mode == "NotApplicable":
            return []
        raise business(NO_TAX_CODE)
    code = company.find("TaxCode", key)
    if code is None or not code["Active"] or code.get("Hidden"):
        raise bad_reference("TaxCodeRef")
    listed = code.get("SalesTaxRateList", {}).get("TaxRateDetail", [])
    rates = [company.rows("TaxRate")[each["TaxRateRef"]["value"]] for each in listed]
    if mode == "NotApplicable" and any(rate["RateValue"] for rate in rates):
        raise business("A transaction without tax cannot have a line with a tax rate.")
    line["_rate"] = rates[0]["Id"] if rates else None
    return rates


def _code(line: Doc) -> str | None:
    return reference(line["SalesItemLineDetail"], "TaxCodeRef")


def _line(rate: Doc, amount: Decimal, net: Decimal) -> Doc:
    return {
        "Amount": amount,
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": rate["Id"]},
            "PercentBased": True,
            "TaxPercent": rate["RateValue"],
            "NetAmountTaxable": net,
        },
    }
