"""What invoices and credit memos have in common: customer, currency, number, lines, tax and totals."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.quickbooks import lines as sale_lines
from sandbox.quickbooks import tax
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc, cents, number, reference
from sandbox.quickbooks.references import active, named
from sandbox.quickbooks.refusals import Refused, bad_reference, business, missing

_COPIED = (
    *("CustomerMemo", "PrivateNote", "ShipAddr", "BillAddr", "BillEmail", "BillEmailCc", "BillEmailBcc", "ClassRef"),
    *("DepartmentRef", "CustomField", "TrackingNum", "ShipMethodRef", "ShipDate", "FreeFormAddress", "ProjectRef"),
)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A sale read and summed up; `content` is the document without what only its own kind has."""

    content: Doc
    customer: Doc
    total: Decimal
    rate: Decimal


def reckon(company: Company, entity: str, body: Doc, old: Doc | None, *, any_number: bool) -> Reckoned:
    """Check everything that all sales must satisfy, and sum up. Raises Refused."""
    if not body.get("Line"):
        raise missing("Line")
    if reference(body, "CustomerRef") is None:
        raise missing("CustomerRef")
    customer = active(company, "Customer", body, "CustomerRef")
    if customer is None:
        raise bad_reference("CustomerRef")
    day = body.get("TxnDate") or company.today().isoformat()
    company.refuse_closed(day)
    currency, rate = _currency(company, body, customer)
    content: Doc = {"DocNumber": _number(company, entity, body, old, any_number=any_number), "TxnDate": day}
    content["CurrencyRef"] = company.currency(currency)
    if company.multicurrency:
        content["ExchangeRate"] = rate
    content |= {name: body[name] for name in _COPIED if name in body}
    for name in ("BillAddr", "ShipAddr"):
        if name in content:
            content[name] = company.address(content[name])
        elif name in customer:
            content[name] = customer[name]
    content["CustomerRef"] = named(customer)
    places = {name: content[name] for name in ("BillAddr", "ShipAddr") if name in content}
    total = _sum_up(company, body | places, content, customer, old)
    content["TotalAmt"] = total
    if company.multicurrency:
        content["HomeTotalAmt"] = cents(total * rate)
    content["ApplyTaxAfterDiscount"] = body.get("ApplyTaxAfterDiscount", False)
    content["PrintStatus"] = body.get("PrintStatus", "NeedToPrint")
    content["EmailStatus"] = body.get("EmailStatus", "NotSet")
    if content["EmailStatus"] == "NeedToSend" and "BillEmail" not in content:
        raise missing("BillEmail")  # NeedToSend requires BillEmail (facts §2)
    return Reckoned({n: v for n, v in content.items() if v is not None}, customer, total, rate)


def _sum_up(company: Company, body: Doc, content: Doc, customer: Doc, old: Doc | None) -> Decimal:
    kept = {line["Id"] for line in old["Line"] if "Id" in line} if old else set()
    found = sale_lines.read(company, body, customer, kept)
    before = sale_lines.subtotal(found)
    discount = sale_lines.discount(found, before)
    taxed = _tax(company, body, content, customer, found, discount)
    total = (taxed.gross if taxed.gross is not None else before + taxed.total) - discount
    if total < 0:
        raise business("The total of a transaction cannot be negative.")
    content["Line"] = [_shown(line) for line in found]
    content["Line"].append({"Amount": before, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}})
    content["TxnTaxDetail"] = taxed.detail
    return total


def _shown(line: Doc) -> Doc:
    head = {"Id": line["Id"], "LineNum": line["LineNum"]}
    return head | {name: value for name, value in line.items() if name not in head and not name.startswith("_")}


def _tax(company: Company, body: Doc, content: Doc, customer: Doc, found: list[Doc], discount: Decimal) -> tax.Taxed:
    mode = body.get("GlobalTaxCalculation")
    if not company.is_us:
        content["GlobalTaxCalculation"] = mode
        return tax.by_lines(company, body, found, discount)
    # "Not for US" (facts §2). TaxExcluded is what python-quickbooks always sends, to US companies too: it is ignored.
    if mode not in (None, "TaxExcluded"):
        raise Refused(
            "2010",
            "Request has invalid or unsupported property",
            "Property Name:GlobalTaxCalculation specified is unsupported or invalid",
        )
    return tax.automated(company, body, customer, found, discount)


def _currency(company: Company, body: Doc, customer: Doc) -> tuple[str, Decimal]:
    asked = reference(body, "CurrencyRef")
    own = str(customer["CurrencyRef"]["value"])
    rate = number(body.get("ExchangeRate", 1))
    if not company.multicurrency:
        if asked not in (None, company.home) or rate != 1:
            raise business("Multicurrency is not turned on for this company.")
        return company.home, Decimal(1)
    if asked is None:
        raise missing("CurrencyRef")  # "required if multicurrency" (facts §2)
    if asked != own:
        raise business(f"The currency of the transaction must be the customer's currency ({own}).")
    if own == company.home and rate != 1:
        raise business("The exchange rate of the home currency is 1.")
    return own, rate  # a missing rate books at 1 (facts §0.7)


def _number(company: Company, entity: str, body: Doc, old: Doc | None, *, any_number: bool) -> str | None:
    asked = body.get("DocNumber")
    before = old.get("DocNumber") if old else None
    if not company.custom_numbers:
        if asked not in (None, before):
            # "false → auto-increment, do not send" (facts §2): the stricter reading is a refusal.
            raise Refused(
                "2010",
                "Request has invalid or unsupported property",
                "Property Name:DocNumber specified is unsupported or invalid: custom transaction numbers are off",
                "DocNumber",
            )
        return before if old else _next_number(company)
    if asked and asked != before and company.warn_duplicate_numbers and not any_number:
        _refuse_duplicate(company, entity, asked)
    return asked


def _next_number(company: Company) -> str:
    company.next_number += 1
    return str(company.next_number - 1)


def _refuse_duplicate(company: Company, entity: str, asked: str) -> None:
    for key, doc in company.rows(entity).items():
        if doc.get("DocNumber") == asked:
            raise Refused(
                "6140",
                "Duplicate Document Number Error",
                "Duplicate Document Number Error : You must specify a different number. This number has already been "
                f"used. DocNumber={asked} is assigned to TxnType={entity} with TxnId={key}",
                "",
            )
