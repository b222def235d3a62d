"""How a stored document is shown: custom fields by key, option labels and counts on request [O2]."""

from sandbox.pipedrive import envelope, params
from sandbox.pipedrive.call import Call
from sandbox.pipedrive.model import Document

VIEW = frozenset({"include_fields", "custom_fields", "include_option_labels", "include_labels"})


def document(call: Call, entity: str, stored: Document, optional: dict[str, object]) -> Document:
    """`stored` as v2 answers it. `optional` holds what comes only when `include_fields` names it. Raises Refusal."""
    wanted = params.words(call, "include_fields")
    if unknown := [name for name in wanted if name not in optional]:
        raise envelope.invalid({"include_fields": f"'{unknown[0]}' is not a valid value"})
    shown = {**stored, "custom_fields": _custom_fields(call, entity, stored)}
    shown.update({name: optional[name] for name in wanted})
    if params.flag(call, "include_labels"):
        shown["labels"] = _labels(call, entity, stored)
    return shown


def custom_fields_of(call: Call, entity: str) -> dict[str, Document]:
    """The entity's custom fields by key."""
    return {row["field_code"]: row for row in call.company.fields.get(entity, []) if row["is_custom_field"]}


def _custom_fields(call: Call, entity: str, stored: Document) -> Document:
    """Every custom field of the entity, null where nothing is written; a field that was deleted is gone."""
    wanted = params.words(call, "custom_fields", params.MOST_CUSTOM_FIELDS)
    labels = params.flag(call, "include_option_labels")
    shown = {}
    for key, row in custom_fields_of(call, entity).items():
        if not wanted or key in wanted:
            value = stored["custom_fields"].get(key)
            shown[key] = _with_labels(row, value) if labels else value
    return shown


def _with_labels(field: Document, value: object) -> object:
    names = {option["id"]: option["label"] for option in field["options"] or []}
    match field["field_type"], value:
        case "enum", int():
            return {"id": value, "label": names.get(value)}
        case "set", list():
            return [{"id": item, "label": names.get(item)} for item in value]
        case _:
            return value


def _labels(call: Call, entity: str, stored: Document) -> list[Document]:
    rows = [row for row in call.company.fields.get(entity, []) if row["field_code"] == "label_ids"]
    names = {option["id"]: option["label"] for row in rows for option in row["options"] or []}
    return [{"id": number, "label": names.get(number, "")} for number in stored.get("label_ids", [])]
