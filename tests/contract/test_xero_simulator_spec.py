"""The simulated Xero against the official OpenAPI document, where it is at hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandbox.xero.input import SHAPES
from sandbox.xero.seed import UK_TENANT
from tests.contract.xero_desk import Desk, Doc, desk, line

SPECS = Path(__file__).parents[3] / "shared" / "specs" / "xero"
pytestmark = [
    pytest.mark.skipif(not SPECS.exists(), reason="the official OpenAPI documents are not at hand"),
    pytest.mark.slow,
]
# On the wire, but not in the document: the envelope; dates as text; what newer versions added; ids of accounts.
UNWRITTEN = {
    "": {"Id", "Status", "ProviderName", "DateTimeUTC"},
    "Invoice": {"DateString", "DueDateString", "InvoicePaymentServices"},
    "CreditNote": {"DateString"},
    "Payment": {"DateString"},
    "LineItem": {"ValidationErrors"},
    "HistoryRecord": {"DateUTCString"},
    "Allocation": {"DateString"},
}
# Shapes of requests by the document's names; Terms and Price are called otherwise there.
NAMES = {"Tracking": "LineItemTracking", "PaymentTerms": "PaymentTerm", "Terms": "Bill", "Price": "Purchase"}
READS = (
    ("/Organisation", "Organisations"),
    ("/Organisation/Actions", "Actions"),
    ("/Accounts", "Accounts"),
    ("/TaxRates", "TaxRates"),
    ("/BrandingThemes", "BrandingThemes"),
    ("/Currencies", "Currencies"),
    ("/TrackingCategories", "TrackingCategories"),
    ("/Users", "Users"),
    ("/Items", "Items"),
    ("/Contacts", "Contacts"),
    ("/Contacts?page=1&includeArchived=true", "Contacts"),
    ("/Invoices", "Invoices"),
    ("/Invoices?page=1", "Invoices"),
    ("/Invoices?summaryOnly=true", "Invoices"),
    ("/Invoices/INV-0002", "Invoices"),
    ("/Invoices/INV-0002/OnlineInvoice", "OnlineInvoices"),
    ("/Invoices/INV-0002/History", "HistoryRecords"),
    ("/Payments", "Payments"),
    ("/CreditNotes", "CreditNotes"),
)


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml", reason="PyYAML is a development dependency")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load((SPECS / "xero_accounting.yaml").read_bytes(), Loader=loader)
    return document["components"]["schemas"]


@pytest.fixture(scope="module")
def uk() -> Desk:
    found = desk(UK_TENANT)
    found.simulator.bookkeeper.pay(UK_TENANT, found.get("/Invoices/INV-0002").json()["Invoices"][0]["InvoiceID"], "5")
    found.simulator.bookkeeper.credit(UK_TENANT, found.create(Status="AUTHORISED")["InvoiceID"], "5")
    return found


def _problems(schemas: dict[str, Any], document: object, name: str) -> list[str]:
    root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    broken = [f"{each.json_path}: {each.message[:90]}" for each in Draft202012Validator(root).iter_errors(document)]
    return broken + list(_unknown(schemas, document, schemas[name], ""))


def _unknown(schemas: dict[str, Any], value: object, schema: Doc, name: str) -> Iterator[str]:
    """Names that the schema does not have."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        schema = schemas[name]
    if isinstance(value, list):
        for each in value:
            yield from _unknown(schemas, each, schema.get("items", {}), name)
    elif isinstance(value, dict) and "properties" in schema:
        for key, each in value.items():
            if key in schema["properties"]:
                yield from _unknown(schemas, each, schema["properties"][key], name)
            elif key not in UNWRITTEN.get(name, set()):
                yield f"{name} has no {key}"


@pytest.mark.parametrize(("path", "name"), READS)
def test_an_answer_is_what_the_document_says(uk: Desk, schemas: dict[str, Any], path: str, name: str) -> None:
    answer = uk.http.get(path)
    assert answer.status_code == 200
    assert answer.json()[name]
    assert set(_problems(schemas, answer.json(), name)) == set()


def test_a_new_invoice_is_what_the_document_says(uk: Desk, schemas: dict[str, Any]) -> None:
    tracking = [{"Name": "Department", "Option": "Studio"}]
    body = uk.invoice(LineItems=[line(10, DiscountRate=5, Tracking=tracking)], CurrencyCode="EUR", CurrencyRate=9)
    answer = uk.put("/Invoices", {"Invoices": [body, {"Type": "ACCREC"}]}, summarizeErrors="false").json()
    assert len(answer["Invoices"]) == 2
    assert set(_problems(schemas, answer, "Invoices")) == set()
    assert set(_problems(schemas, body, "Invoice")) == set()


def test_a_refusal_is_what_the_document_says(uk: Desk, schemas: dict[str, Any]) -> None:
    answer = uk.put("/Contacts", {"Contacts": [{"Name": "O'Brien & Sons"}]}).json()
    broken = Draft202012Validator({"$ref": "#/components/schemas/Error", "components": {"schemas": schemas}})
    assert [each.message for each in broken.iter_errors(answer)] == []


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "HistoryRecord"])
def test_every_field_that_is_taken_is_in_the_document_with_its_length(schemas: dict[str, Any], shape: str) -> None:
    properties = schemas[NAMES.get(shape, shape)]["properties"]
    for name, kind in SHAPES[shape].items():
        if kind == "out" and name in UNWRITTEN.get(shape, set()):
            continue
        assert name in properties, f"{shape} has no {name}"
        most = properties[name].get("maxLength")
        if most is not None and kind.startswith("text"):
            assert kind == f"text{most}", f"{shape}.{name}"


def test_every_connection_is_what_the_document_says(uk: Desk) -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML is a development dependency")
    document = yaml.safe_load((SPECS / "xero-identity.yaml").read_bytes())
    properties = document["components"]["schemas"]["Connection"]["properties"]
    for row in uk.http.get("https://xero.test/connections").json():
        assert set(row) == set(properties)
