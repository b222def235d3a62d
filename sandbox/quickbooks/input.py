"""Strict reading of what a caller sent: known properties, right kinds, right lengths; otherwise the documented code."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.quickbooks import shapes
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.refusals import Refused, missing


def read(entity: str, body: object) -> Doc:
    """The body with numbers as Decimal, and without blanks and read-only properties. Raises Refused."""
    if not isinstance(body, dict):
        raise Refused("2010", "Request has invalid or unsupported property", "The body is not an object")
    return _object(entity, shapes.SHAPES[entity], body)


def blanks(body: Doc) -> set[str]:
    """The properties that a sparse update clears: sent as null or an empty string."""
    return {name for name, value in body.items() if value in (None, "")}


def _object(schema: str, shape: shapes.Shape, body: Doc) -> Doc:
    found: Doc = {}
    for name, value in body.items():
        if name not in shape:
            raise _unknown(schema, shape, name)
        kind = shape[name]
        # An empty string stands for "no value": python-quickbooks sends them for dates and numbers too.
        if value in (None, "") or isinstance(kind, shapes.Ignored):
            continue
        found[name] = _value(name, kind, value)
    return found


def _unknown(schema: str, shape: shapes.Shape, name: str) -> Refused:
    known = ", ".join(f'"{each}"' for each in shape)
    # The wording is recorded: S-VCR error__400_json.
    return Refused(
        "2010",
        "Request has invalid or unsupported property",
        f'Property Name:Unrecognized field "{name}" (class com.intuit.schema.finance.v3.{schema}), not marked as '
        f"ignorable ({len(shape)} known properties: {known}])\n specified is unsupported or invalid",
    )


def _value(name: str, kind: shapes.Kind, value: Any) -> Any:  # noqa: ANN401  a JSON value has any shape
    match kind:
        case shapes.Nested():
            return _object(kind.schema, kind.fields, _is(name, dict, value))
        case shapes.ListOf():
            return [_object(kind.of.schema, kind.of.fields, _is(name, dict, each)) for each in _is(name, list, value)]
        case _:
            return _PLAIN[type(kind)](name, kind, value)


def _is[T](name: str, wanted: type[T], value: object) -> T:
    if not isinstance(value, wanted):
        raise _malformed(name, value)
    return value


def _malformed(name: str, value: object) -> Refused:
    return Refused("2080", "Invalid Number", f"{name} has a value of the wrong format. Supplied value:{value}", name)


def _text(name: str, kind: shapes.Text, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _malformed(name, value)
    text = str(value)
    if len(text) > kind.limit:
        raise Refused(
            "2050",
            "String length is either shorter or longer than supported by specification",
            f"String length specified does not match the supported length. Min:0 Max:{kind.limit} supported. "
            f"Supplied length:{len(text)}",
            name,
        )
    return text


def _number(name: str, kind: shapes.Number, value: object) -> Decimal:
    if isinstance(value, bool):
        raise _malformed(name, value)
    try:
        number = Decimal(str(value)).normalize()
    except InvalidOperation:
        raise _malformed(name, value) from None
    if not number.is_finite():
        raise _malformed(name, value)
    exponent = number.as_tuple().exponent
    places = max(0, -int(exponent))
    # "Amount ≤ 15 digits (10.5)" (S-REST); more than QuickBooks keeps is refused here, never rounded in silence.
    if places > kind.places or abs(number) >= Decimal(10) ** kind.whole:
        raise _malformed(name, value)
    return number + 0


def _flag(name: str, _kind: shapes.Flag, value: object) -> bool:
    return _is(name, bool, value)


def _day(name: str, _kind: shapes.Day, value: object) -> str:
    text = _is(name, str, value)
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise _malformed(name, value) from None


def _word(name: str, kind: shapes.Word, value: object) -> str:
    text = _is(name, str, value)
    if text not in kind.words:
        raise Refused("2170", "Invalid Enumeration", f"Property: {name} specified is invalid. Supplied: {text}", name)
    return text


_PLAIN: dict[type, Callable[[str, Any, object], Any]] = {
    shapes.Text: _text,
    shapes.Number: _number,
    shapes.Flag: _flag,
    shapes.Day: _day,
    shapes.Word: _word,
}


def require(body: Doc, *names: str) -> None:
    """Refuse (2020) a body that lacks one of the names."""
    for name in names:
        if body.get(name) in (None, "", []):
            raise missing(name)
