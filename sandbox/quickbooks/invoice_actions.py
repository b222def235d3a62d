"""What else can be done with an invoice: void, delete, send, print (facts §2)."""

from decimal import Decimal
from typing import Any

from sandbox.quickbooks import payments
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.customers import move_balance
from sandbox.quickbooks.documents import Doc, number
from sandbox.quickbooks.refusals import Refused, TurnedAway, business, missing

VOIDED = "Voided"


def void(company: Company, body: Doc) -> Doc:
    """Make every amount 0 and say so in the note. A paid invoice is refused (LanternOps/breeze#5180; code unknown)."""
    old = _untied(company, company.current("Invoice", body))
    company.refuse_closed(old["TxnDate"])
    if is_voided(old):
        raise business("The transaction has been voided already.")
    note = f"{VOIDED} - {old['PrivateNote']}" if old.get("PrivateNote") else VOIDED  # the word is prepended (S-INV)
    content = old | {
        "PrivateNote": note[:4000],
        "LinkedTxn": [],
        "Line": [_nothing(line) for line in old["Line"]],
        "TxnTaxDetail": {"TotalTax": Decimal(0)},
        "TotalAmt": Decimal(0),
        "Balance": Decimal(0),
    }
    content |= {name: Decimal(0) for name in ("HomeTotalAmt", "HomeBalance") if name in old}
    content.pop("Deposit", None)
    move_balance(company, old["CustomerRef"]["value"], -number(old["Balance"]), number(old.get("ExchangeRate", 1)))
    return company.replace("Invoice", old, content, "Void")


def is_voided(invoice: Doc) -> bool:
    """QuickBooks has no status field; this is what a voided invoice looks like (S-VCR void__invoice.2)."""
    return invoice["TotalAmt"] == 0 and str(invoice.get("PrivateNote", "")).startswith(VOIDED)


def delete(company: Company, body: Doc) -> Doc:
    """Delete for good; linked transactions must be unlinked first (S-INV)."""
    old = _untied(company, company.current("Invoice", body))
    company.refuse_closed(old["TxnDate"])
    move_balance(company, old["CustomerRef"]["value"], -number(old["Balance"]), number(old.get("ExchangeRate", 1)))
    company.remove("Invoice", old["Id"])
    return {"domain": "QBO", "status": "Deleted", "Id": old["Id"]}


def send(company: Company, identifier: str, address: str | None) -> Doc:
    """E-mail the invoice; `address` replaces its BillEmail (S-INV). A sandbox company may send 40 a day (S-REST)."""
    old = company.get("Invoice", identifier)
    target = address or old.get("BillEmail", {}).get("Address")
    if not target:
        raise missing("BillEmail")
    if "@" not in target or "." not in target:
        raise Refused("2210", "Invalid Email Address", f"Email Address does not conform to the syntax rules: {target}")
    day = company.today()
    if company.emails.get(day, 0) >= company.emails_a_day:
        raise TurnedAway(429, "3001", "ThrottleExceeded", "The e-mail limit of the day was reached.", "SERVICE")
    company.emails[day] = company.emails.get(day, 0) + 1
    company.emailed.append(identifier)
    content: Doc = old | {
        "BillEmail": {"Address": target},
        "EmailStatus": "EmailSent",
        "DeliveryInfo": {"DeliveryType": "Email", "DeliveryTime": company.stamp()},
    }
    return company.replace("Invoice", old, content, "Emailed")


def pdf(company: Company, identifier: str) -> bytes:
    """The invoice as a PDF of one page."""
    invoice = company.get("Invoice", identifier)
    rows = [
        company.name,
        f"Invoice {invoice.get('DocNumber', '')}",
        str(invoice["CustomerRef"]["name"]),
        f"Date {invoice['TxnDate']}   Due {invoice['DueDate']}",
        *(f"{line.get('Description', '')}   {line['Amount']}" for line in invoice["Line"] if "Amount" in line),
        f"Total {invoice['TotalAmt']} {invoice['CurrencyRef']['value']}",
    ]
    return _document(rows[:40])


def _untied(company: Company, invoice: Doc) -> Doc:
    """The invoice with nothing on it. Refused, or (`voids_paid`) its payments keep their money as unapplied credit."""
    linked = list(invoice["LinkedTxn"])
    if linked and not company.voids_paid:
        raise business("The transaction is linked to others: unlink its payments first.", "6480")
    company.refuse_closed(invoice["TxnDate"])
    for link in linked:
        payments.unapply(company, link["TxnId"], invoice["Id"])
    return company.rows("Invoice")[invoice["Id"]]


def _nothing(line: Doc) -> Doc:
    found: dict[str, Any] = dict(line)
    if "Amount" in found:
        found["Amount"] = Decimal(0)
    if "SalesItemLineDetail" in found:
        detail = found["SalesItemLineDetail"]
        zeros = {name: Decimal(0) for name in ("Qty", "UnitPrice", "TaxInclusiveAmt") if name in detail}
        found["SalesItemLineDetail"] = detail | zeros
    return found


def _document(rows: list[str]) -> bytes:
    """A minimal PDF file: catalogue, pages, one page, its text, a font."""
    escaped = [row.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for row in rows]
    text = "BT /F1 11 Tf 50 780 Td 16 TL " + " ".join(f"({row}) Tj T*" for row in escaped) + " ET"
    stream = text.encode("latin-1", "replace")
    fonts = b"<< /Font << /F1 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % fonts,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for place, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (place, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + tail
