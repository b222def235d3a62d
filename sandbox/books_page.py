"""Where links into the books lead in the sandbox: the invoice as the books hold it, on a plain page."""

from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.quickbooks.simulator import QuickBooks
from sandbox.wire import Request, Response

_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
}


def books_page(quickbooks: QuickBooks, request: Request) -> Response:
    """The page for a link such as `/books/login?deeplinkcompanyid=…&pagereq=invoice?txnId=…`."""
    company = quickbooks.companies.get(request.param("deeplinkcompanyid") or "")
    asked = parse_qs(urlsplit(request.param("pagereq") or "").query)
    invoice = company.rows("Invoice").get(asked.get("txnId", [""])[0]) if company else None
    if company is None or invoice is None:
        return _page(404, "Not there", "<p>The books hold no such invoice.</p>")
    return _page(200, f"Invoice {invoice.get('DocNumber', invoice['Id'])}", _body(company.name, invoice))


def _body(company: str, invoice: dict[str, Any]) -> str:
    facts = {
        "Books": company,
        "Customer": invoice["CustomerRef"].get("name", ""),
        "Date": invoice["TxnDate"],
        "Due": invoice.get("DueDate", ""),
        "Tax": (invoice.get("TxnTaxDetail") or {}).get("TotalTax", 0),
        "Total": f"{invoice['TotalAmt']} {invoice['CurrencyRef']['value']}",
        "Balance": f"{invoice['Balance']} {invoice['CurrencyRef']['value']}",
        "Private note": invoice.get("PrivateNote", ""),
    }
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts.items())
    lines = "".join(_line(line) for line in invoice["Line"] if "SalesItemLineDetail" in line)
    head = '<tr><th>Item</th><th>Description</th><th class="n">Quantity</th><th class="n">Amount</th></tr>'
    return f'<dl class="facts">{rows}</dl><div class="wide"><table>{head}{lines}</table></div>'


def _line(line: dict[str, Any]) -> str:
    detail = line["SalesItemLineDetail"]
    name = (detail.get("ItemRef") or {}).get("name", "")
    return (
        f"<tr><td>{escape(str(name))}</td><td>{escape(str(line.get('Description', '')))}</td>"
        f'<td class="n">{escape(str(detail.get("Qty", "")))}</td>'
        f'<td class="n">{escape(str(line.get("Amount", "")))}</td></tr>'
    )


def _page(status: int, title: str, body: str) -> Response:
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/page/style.css"></head>'
        f"<body><main><p class='soft'>QuickBooks (simulated)</p><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return Response(status, _HEADERS, text.encode())
