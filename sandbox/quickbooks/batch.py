"""Batches: up to 30 operations in one call; the call succeeds even where its items fail (S-BATCH)."""

from collections.abc import Callable
from copy import deepcopy

from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.refusals import Refused, missing, unsupported
from sandbox.quickbooks.writes import WRITABLE, Options, write

MOST = 30


def run(company: Company, body: object, query: Callable[[str], Doc]) -> list[Doc]:
    """The value of `BatchItemResponse`."""
    items = body.get("BatchItemRequest") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items:
        raise missing("BatchItemRequest")
    if len(items) > MOST:
        raise Refused("1040", "Batch limit exceeded", f"A batch holds at most {MOST} items, not {len(items)}.")
    return [_item(company, item, query) for item in items]


def _item(company: Company, item: Doc, query: Callable[[str], Doc]) -> Doc:
    named: Doc = {"bId": item["bId"]} if "bId" in item else {}
    try:
        if "Query" in item:
            return named | {"QueryResponse": query(item["Query"])}
        entity = next((name for name in WRITABLE.values() if name in item), None)
        operation = item.get("operation")
        if entity is None or operation not in ("create", "update", "delete"):
            raise unsupported(f"batch {operation}")
        if operation == "create" and item[entity].get("Id"):
            item[entity].pop("Id")
        # A copy: what a later item changes must not show in an earlier answer.
        return named | {entity: deepcopy(write(company, entity, item[entity], Options(operation)))}
    except Refused as refusal:
        return named | {"Fault": refusal.fault()}
