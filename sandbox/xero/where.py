"""The language of `where` and `order`: the subset that facts §2.1 names, and nothing else.

Type=="ACCREC" AND Date>=DateTime(2026,01,01) AND Contact.ContactID==Guid("…") AND Name.StartsWith("A")
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sandbox.xero.documents import Doc
from sandbox.xero.refusals import not_query

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w.]*)"""
    r"""|(?P<sign>==|!=|>=|<=|>|<|&&|\|\||\(|\)|,))"""
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_METHODS: dict[str, Callable[[str, str], bool]] = {
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
    "Contains": str.__contains__,
}
_INVOICE = "Status Reference InvoiceNumber InvoiceID Type AmountPaid AmountDue AmountCredited Date DueDate Total "
_CONTACT = "ContactID Name ContactNumber "
# Names that may be filtered by; UpdatedDateUTC may not ("do not put it in where", facts §2.1).
FIELDS: dict[str, set[str]] = {
    "Invoice": set(f"{_INVOICE}CurrencyCode Contact.ContactID Contact.Name Contact.ContactNumber".split()),
    "Contact": set(f"{_CONTACT}ContactStatus EmailAddress AccountNumber FirstName LastName IsCustomer".split()),
    "Item": set("ItemID Code Name IsSold IsPurchased".split()),
    "Account": set("AccountID Code Name Type Class Status TaxType SystemAccount EnablePaymentsToAccount".split()),
    "TaxRate": set("Name TaxType Status ReportTaxType CanApplyToRevenue CanApplyToExpenses EffectiveRate".split()),
    "TrackingCategory": set("TrackingCategoryID Name Status".split()),
    "Currency": set("Code Description".split()),
    "Payment": set("PaymentID Status Date Amount Invoice.InvoiceID Reference PaymentType".split()),
    "CreditNote": set("CreditNoteID CreditNoteNumber Status Type Date Contact.ContactID".split()),
    "User": set("UserID EmailAddress OrganisationRole IsSubscriber".split()),
}
Test = Callable[[Doc], bool]


@dataclass(frozen=True, slots=True)
class _Guid:
    value: str


def where(entity: str, text: str | None) -> Test:
    """What the text asks of a document. Raises BadRequest where it cannot be read."""
    if not text:
        return lambda _doc: True
    parser = _Parser(entity, list(_tokens(text)))
    found = parser.either()
    if parser.rest():
        raise not_query(f"Syntax error at '{parser.rest()[0][1]}'")
    return found


def order(entity: str, text: str | None, rows: Sequence[Doc], fallback: Sequence[tuple[str, bool]]) -> list[Doc]:
    """The rows in the order of the text, as in `Date DESC, InvoiceID`; without one in that of `fallback`."""
    keys = list(fallback)
    if text:
        keys = [_order_key(entity, each) for each in text.split(",")]
    found = list(rows)
    for name, down in reversed(keys):
        found.sort(key=lambda doc: _sortable(value(doc, name)), reverse=down)
    return found


def _order_key(entity: str, text: str) -> tuple[str, bool]:
    name, _, way = text.strip().partition(" ")
    if name not in FIELDS[entity] | {"UpdatedDateUTC"} or way.strip().upper() not in ("", "ASC", "DESC"):
        raise not_query(f"No property or field '{text.strip()}' exists in type '{entity}'")
    return name, way.strip().upper() == "DESC"


def value(doc: Mapping[str, object], name: str) -> object:
    """The value of a dotted name; None where there is none."""
    found: object = doc
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _sortable(found: object) -> tuple[bool, object]:
    if isinstance(found, date) and not isinstance(found, datetime):
        found = found.toordinal()
    return (found is not None, found.lower() if isinstance(found, str) else found if found is not None else 0)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise not_query(f"Syntax error at '{text[at:].strip()[:20]}'")
        at = found.end()
        yield str(found.lastgroup), found[str(found.lastgroup)]


class _Parser:
    """Recursive descent: OR binds looser than AND."""

    def __init__(self, entity: str, tokens: list[tuple[str, str]]) -> None:
        self._entity = entity
        self._tokens = tokens
        self._at = 0

    def rest(self) -> list[tuple[str, str]]:
        return self._tokens[self._at :]

    def either(self) -> Test:
        tests = [self._both()]
        while self._skip("OR", "||"):
            tests.append(self._both())
        return lambda doc: any(test(doc) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._skip("AND", "&&"):
            tests.append(self._one())
        return lambda doc: all(test(doc) for test in tests)

    def _one(self) -> Test:
        if self._skip("("):
            inner = self.either()
            self._demand(")")
            return inner
        kind, name = self._next()
        if kind != "word":
            raise not_query(f"Syntax error at '{name}'")
        path, _, method = name.rpartition(".")
        if method in _METHODS and path:
            return self._method(path, method)
        _, sign = self._next()
        if sign not in _COMPARE:
            raise not_query(f"Syntax error at '{sign}'")
        return self._compare(name, sign, self._literal())

    def _method(self, path: str, method: str) -> Test:
        self._known(path)
        self._demand("(")
        wanted = self._literal()
        self._demand(")")
        if not isinstance(wanted, str):
            raise not_query(f"{method} takes a text")
        return lambda doc: _METHODS[method](str(value(doc, path) or "").lower(), wanted.lower())

    def _compare(self, name: str, sign: str, wanted: object) -> Test:
        self._known(name)
        is_id = name.endswith("ID")
        if wanted is not None and is_id != isinstance(wanted, _Guid):
            kinds = ("Guid", "String") if is_id else ("String", "Guid")
            raise not_query(f"Operator '{sign}' incompatible with operand types '{kinds[0]}' and '{kinds[1]}'")
        test = _COMPARE[sign]

        def compare(doc: Doc) -> bool:
            found, asked = _same_kind(value(doc, name), wanted)
            if found is None or asked is None:
                return sign in ("==", "!=") and test(found, asked)
            if type(found) is not type(asked):
                raise not_query(f"Operator '{sign}' incompatible with the type of {name}")
            return test(found, asked)

        return compare

    def _known(self, name: str) -> None:
        if name not in FIELDS[self._entity]:
            raise not_query(f"No property or field '{name}' exists in type '{self._entity}'")

    def _literal(self) -> object:
        kind, text = self._next()
        match kind, text:
            case "text", _:
                return text[1:-1]
            case "number", _:
                return Decimal(text)
            case _, "true" | "false":
                return text == "true"
            case _, "null":
                return None
            case _, "Guid":
                [guid] = self._arguments()
                return _Guid(str(guid).lower())
            case _, "DateTime":
                return self._date()
            case _:
                raise not_query(f"Syntax error at '{text}'")

    def _date(self) -> date:
        try:
            return date(*(int(str(each)) for each in self._arguments()[:3]))
        except (TypeError, ValueError):
            raise not_query("DateTime takes a year, a month and a day") from None

    def _arguments(self) -> list[object]:
        self._demand("(")
        found = [self._literal()]
        while self._skip(","):
            found.append(self._literal())
        self._demand(")")
        return found

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise not_query("Expression expected")
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip(self, *words: str) -> bool:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("text", "")
        found = kind != "text" and text.upper() in words
        self._at += found
        return found

    def _demand(self, word: str) -> None:
        if not self._skip(word):
            raise not_query(f"'{word}' expected")


def _same_kind(found: object, wanted: object) -> tuple[object, object]:
    """Both sides so that they can be compared: ids and texts in small letters, numbers as decimals."""
    if isinstance(wanted, _Guid):
        return (None if found is None else str(found).lower()), wanted.value
    if isinstance(found, str) and isinstance(wanted, str):
        return found.lower(), wanted.lower()
    if isinstance(found, int) and not isinstance(found, bool):
        return Decimal(found), wanted
    return found, wanted
