"""Where links into the books lead in the sandbox: the invoice as the books hold it, on a plain page."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.outside import Outside
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.wire import Request, Response
from sandbox.xero.simulator import Xero

_STYLE = Path(__file__).with_name("books_page.css")
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
}


def books_page(outside: Outside, request: Request) -> Response:
    """The page for a link as QuickBooks or Xero has them, below `/books`."""
    match request.path.split("/")[2:]:
        case ["style.css"]:
            return Response(200, {"content-type": "text/css; charset=utf-8"}, _STYLE.read_bytes())
        case ["app", organisation, "invoicing", "view", invoice]:
            return _in_xero(outside.xero, organisation, invoice)
        case _:
            return _in_quickbooks(outside.quickbooks, request)


def _in_quickbooks(quickbooks: QuickBooks, request: Request) -> Response:
    """For a link such as `/books/login?deeplinkcompanyid=…&pagereq=invoice?txnId=…`."""
    company = quickbooks.companies.get(request.param("deeplinkcompanyid") or "")
    asked = parse_qs(urlsplit(request.param("pagereq") or "").query)
    invoice = company.rows("Invoice").get(asked.get("txnId", [""])[0]) if company else None
    if company is None or invoice is None:
        return _page("QuickBooks", 404, "Not there", "<p>The books hold no such invoice.</p>")
    facts = {
        "Books": company.name,
        "Customer": invoice["CustomerRef"].get("name", ""),
        "Date": invoice["TxnDate"],
        "Due": invoice.get("DueDate", ""),
        "Tax": (invoice.get("TxnTaxDetail") or {}).get("TotalTax", 0),
        "Total": f"{invoice['TotalAmt']} {invoice['CurrencyRef']['value']}",
        "Balance": f"{invoice['Balance']} {invoice['CurrencyRef']['value']}",
        "Private note": invoice.get("PrivateNote", ""),
    }
    details = [(line, line["SalesItemLineDetail"]) for line in invoice["Line"] if "SalesItemLineDetail" in line]
    lines = [
        ((detail.get("ItemRef") or {}).get("name", ""), line.get("Description"), detail.get("Qty"), line.get("Amount"))
        for line, detail in details
    ]
    return _page("QuickBooks", 200, f"Invoice {invoice.get('DocNumber', invoice['Id'])}", _body(facts, lines))


def _in_xero(xero: Xero, organisation: str, identifier: str) -> Response:
    """For a link such as `/books/app/!short/invoicing/view/id`."""
    org = next((each for each in xero.organisations.values() if each.short_code == organisation), None)
    invoice = org.find("Invoice", identifier) if org else None
    if org is None or invoice is None:
        return _page("Xero", 404, "Not there", "<p>The books hold no such invoice.</p>")
    facts = {
        "Books": org.name,
        "Customer": org.get("Contact", invoice["Contact"]["ContactID"])["Name"],
        "Status": invoice["Status"],
        "Date": invoice["Date"],
        "Due": invoice.get("DueDate") or "",
        "Tax": invoice["TotalTax"],
        "Total": f"{invoice['Total']} {invoice['CurrencyCode']}",
        "Due amount": f"{invoice['AmountDue']} {invoice['CurrencyCode']}",
        "Reference": invoice.get("Reference", ""),
        "Go to": invoice.get("Url", ""),
    }
    lines = [
        (line.get("ItemCode"), line.get("Description"), line.get("Quantity"), line.get("LineAmount"))
        for line in invoice["LineItems"]
    ]
    return _page("Xero", 200, f"Invoice {invoice.get('InvoiceNumber', '')}", _body(facts, lines))


def _body(facts: Mapping[str, object], lines: list[tuple[Any, ...]]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts.items())
    head = '<tr><th>Item</th><th>Description</th><th class="n">Quantity</th><th class="n">Amount</th></tr>'
    table = "".join(_line(*("" if cell is None else str(cell) for cell in line)) for line in lines)
    return f'<dl class="facts">{rows}</dl><div class="wide"><table>{head}{table}</table></div>'


def _line(item: str, description: str, quantity: str, amount: str) -> str:
    return (
        f"<tr><td>{escape(item)}</td><td>{escape(description)}</td>"
        f'<td class="n">{escape(quantity)}</td><td class="n">{escape(amount)}</td></tr>'
    )


def _page(system: str, status: int, title: str, body: str) -> Response:
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/books/style.css"></head>'
        f"<body><main><p class='soft'>{system} (simulated)</p><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return Response(status, _HEADERS, text.encode())
