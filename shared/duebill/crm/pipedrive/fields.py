"""Fields: which can be mapped, and what they hold, as text and as an address.

Values are read with `include_option_labels`, so option fields come with their labels and no metadata is needed.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from duebill.crm.pipedrive.addresses import address_value
from duebill.crm.pipedrive.wire import WireAddress, WireContactPoint, WireField
from duebill.domain.deal import CrmField, FieldRef, FieldType, FieldValue, RecordKind
from duebill.domain.money import Money
from duebill.ports import DealField

_TEXT_TYPES = frozenset(
    """varchar text phone varchar_auto varchar_options int double boolean enum set monetary date daterange time
    timerange""".split()
)
# Fields of Pipedrive's own that `mapping.py` fills. Whatever else is built in (owner, stage, labels…) is no part of
# an invoice.
_BUILT_IN = {
    RecordKind.ORGANIZATION: ("name", "address", "website", "linkedin", "annual_revenue", "employee_count"),
    RecordKind.PERSON: ("name", "first_name", "last_name", "email", "phone", "postal_address", "job_title"),
    RecordKind.DEAL: ("title", "value", "currency", "expected_close_date"),
}
# The digest names no code for them in v2; v1 has the singular, the v2 person the plural.
_SAME_AS = {"emails": "email", "phones": "phone"}


def mappable(kind: RecordKind, metadata: Iterable[WireField]) -> tuple[CrmField, ...]:
    """The fields of `kind` that can be chosen in a mapping, built-in ones first, each once."""
    found: dict[str, CrmField] = {}
    for field in metadata:
        code = field.field_code if field.is_custom_field else _SAME_AS.get(field.field_code, field.field_code)
        type_ = _type(kind, code, field)
        if type_ is not FieldType.OTHER:
            found[code] = CrmField(FieldRef(kind, code), field.field_name, type_, field.is_custom_field)
    return tuple(sorted(found.values(), key=lambda field: (field.is_custom, _place(kind, field))))


def deal_field(field: WireField) -> DealField:
    """A custom field of deals, with its options."""
    options = {option.label: option.id for option in field.options or () if isinstance(option.id, int)}
    return DealField(field.field_code, field.field_name, field.field_type, options)


def written(value: str | int | Money | None) -> object:
    """A value as a PATCH takes it (pipedrive.md §3.6)."""
    if isinstance(value, Money):
        return {"value": value.amount, "currency": value.currency}
    return value


def custom_values(custom_fields: Mapping[str, Any]) -> dict[str, FieldValue]:
    """The custom fields that hold something, by their code."""
    values = {code: value_of(raw) for code, raw in custom_fields.items()}
    return {code: value for code, value in values.items() if value is not None}


def value_of(raw: Any) -> FieldValue | None:  # noqa: ANN401  a custom field's value has any shape
    """A custom field's value (shapes: pipedrive.md §3.6), or None where there is none."""
    if isinstance(raw, dict):
        return _structured(raw)
    if isinstance(raw, list):
        return text_value(", ".join(text for item in raw if (text := _plain(_label(item)))))
    return text_value(_plain(raw))


def text_value(text: str | None) -> FieldValue | None:
    """A text, or None where it is empty."""
    text = (text or "").strip()
    return FieldValue(text) if text else None


def number_value(number: Decimal | int | None) -> FieldValue | None:
    """A number as text."""
    return None if number is None else FieldValue(_plain(number))


def primary(points: Iterable[WireContactPoint]) -> FieldValue | None:
    """The primary e-mail address or phone number, else the first."""
    known = [point for point in points if point.value.strip()]
    first = next((point for point in known if point.primary), known[0] if known else None)
    return text_value(first.value) if first else None


def _structured(raw: dict[str, Any]) -> FieldValue | None:
    if "label" in raw:
        return text_value(_plain(raw["label"]))
    if "currency" in raw:
        return text_value(f"{_plain(raw.get('value'))} {raw['currency']}" if raw.get("value") is not None else None)
    if "until" in raw:
        return text_value(" – ".join(_plain(end) for end in (raw.get("value"), raw["until"]) if end))
    if raw.keys() & {"route", "locality", "postal_code", "country", "admin_area_level_1"}:
        try:
            return address_value(WireAddress.model_validate(raw))
        except ValidationError:
            return text_value(_plain(raw.get("value")))
    return text_value(_plain(raw.get("value")))


def _label(item: object) -> object:
    return item.get("label") if isinstance(item, dict) else item


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case Decimal():
            return format(value.normalize(), "f") if value else "0"
        case str() | int():
            return str(value)
        case _:
            return ""


def _type(kind: RecordKind, code: str, field: WireField) -> FieldType:
    if not field.is_custom_field and code not in _BUILT_IN[kind]:
        return FieldType.OTHER
    if kind is RecordKind.PERSON and code == "email" and not field.is_custom_field:
        return FieldType.EMAIL
    if field.field_type == "address" or (code == "postal_address" and not field.is_custom_field):
        return FieldType.ADDRESS
    built_in = not field.is_custom_field  # we fill these ourselves, whatever type they are said to have
    return FieldType.TEXT if built_in or field.field_type in _TEXT_TYPES else FieldType.OTHER


def _place(kind: RecordKind, field: CrmField) -> int:
    return 0 if field.is_custom else _BUILT_IN[kind].index(field.ref.code)
