"""The XML that QuickBooks answers to whoever forgets `Accept: application/json` (facts §1)."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from sandbox.quickbooks.documents import Doc
from sandbox.wire import Response

_NAMESPACE = "http://schema.intuit.com/finance/v3"


def answer(document: Doc, status: int) -> Response:
    """The document as a minimal IntuitResponse."""
    content = "".join(_elements(document))
    body = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse xmlns="{_NAMESPACE}">{content}'
    return Response(status, {"content-type": "application/xml"}, f"{body}</IntuitResponse>".encode())


def _elements(document: Doc) -> Iterator[str]:
    for name, value in document.items():
        for each in value if isinstance(value, list) else [value]:
            inner = "".join(_elements(each)) if isinstance(each, dict) else escape(_plain(each))
            yield f"<{name}>{inner}</{name}>"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
