"""The same answer as XML: what comes without `Accept: application/json` (facts §1.1)."""

import json
from xml.etree import ElementTree as ET

from sandbox.wire import Response

_ODD = {
    "Addresses": "Address",
    "TaxRates": "TaxRate",
    "Currencies": "Currency",
    "TrackingCategories": "TrackingCategory",
}


def answer(found: Response) -> Response:
    """The JSON answer, written as XML."""
    if not found.body or "json" not in found.headers.get("content-type", ""):
        return found
    root = ET.Element("Response" if found.status == 200 else "ApiException")
    _fill(root, json.loads(found.body))
    headers = dict(found.headers) | {"content-type": "text/xml; charset=utf-8"}
    return Response(found.status, headers, ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _fill(parent: ET.Element, value: object) -> None:
    if isinstance(value, dict):
        for name, each in value.items():
            _fill(ET.SubElement(parent, name), each)
    elif isinstance(value, list):
        for each in value:
            _fill(ET.SubElement(parent, _ODD.get(parent.tag, parent.tag.removesuffix("s"))), each)
    elif value is not None:
        parent.text = str(value).lower() if isinstance(value, bool) else str(value)
