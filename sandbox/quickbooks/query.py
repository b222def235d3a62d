"""Answering queries: which properties can be asked for, and what each condition means (S-QUERY)."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.quickbooks.company import NAMES, Company
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.query_language import Statement, Term, invalid, parse

_TIMES = ("Id", "MetaData.CreateTime", "MetaData.LastUpdatedTime")
_SALE = (*_TIMES, "DocNumber", "TxnDate", "CustomerRef", "Balance", "TotalAmt")
# Filterable properties. PrivateNote, memos and lines are not among them.
FILTERABLE: dict[str, tuple[str, ...]] = {
    "Invoice": (*_SALE, "DueDate", "SalesTermRef", "CurrencyRef"),
    "CreditMemo": (*_SALE,),
    "Payment": (*_TIMES, "TxnDate", "CustomerRef", "TotalAmt", "PaymentRefNum", "CurrencyRef"),
    "Customer": (
        *_TIMES,
        *("DisplayName", "GivenName", "MiddleName", "FamilyName", "CompanyName", "FullyQualifiedName"),
        *("PrintOnCheckName", "PrimaryEmailAddr", "Active", "Balance", "ParentRef", "Job", "CurrencyRef"),
    ),
    "Vendor": (*_TIMES, "DisplayName", "CompanyName", "Active"),
    "Employee": (*_TIMES, "DisplayName", "Active"),
    "Item": (*_TIMES, "Name", "FullyQualifiedName", "Sku", "Type", "Active", "ParentRef", "UnitPrice"),
    "Account": (*_TIMES, "Name", "FullyQualifiedName", "AccountType", "AccountSubType", "Classification", "Active"),
    "Term": (*_TIMES, "Name", "Type", "DueDays", "Active"),
    "TaxCode": (*_TIMES, "Name", "Active", "TaxGroup"),
    "TaxRate": (*_TIMES, "Name", "Active"),
    "CompanyCurrency": (*_TIMES, "Code", "Name", "Active"),
    "CompanyInfo": _TIMES,
    "Preferences": _TIMES,
}
_ENTITIES = {name.lower(): name for name in FILTERABLE}


def run(company: Company, text: str, lag: timedelta) -> Doc:
    """The value of `QueryResponse`; nothing found is `{}`. What is younger than `lag` is not seen yet."""
    statement = parse(text)
    entity = _ENTITIES.get(statement.entity.lower())
    if entity is None:
        raise invalid(f"invalid context declaration: {statement.entity}")
    rows = [
        doc
        for key, doc in company.rows(entity).items()
        if company.created.get((entity, key), company.now() - lag) <= company.now() - lag
    ]
    found = [doc for doc in rows if _matches(company, entity, statement, doc)]
    if statement.count:
        return {"totalCount": len(found)}
    _sort(entity, statement, found)
    page = found[statement.start - 1 : statement.start - 1 + statement.most]
    if not page:
        return {}
    shown = [_shown(entity, statement, doc) for doc in page]
    return {entity: shown, "startPosition": statement.start, "maxResults": len(page)}


def _matches(company: Company, entity: str, statement: Statement, doc: Doc) -> bool:
    asks_active = any(term.field.lower() == "active" for term in statement.where)
    if not asks_active and doc.get("Active") is False:
        return False  # inactive list objects only with `Active IN (true,false)` (S-QUERY)
    return all(_holds(company, entity, term, doc) for term in statement.where)


def _property(entity: str, name: str) -> str:
    found = next((each for each in FILTERABLE[entity] if each.lower() == name.lower()), None)
    if found is None:
        raise invalid(f"property '{name}' is not queryable")
    return found


def _holds(company: Company, entity: str, term: Term, doc: Doc) -> bool:
    name = _property(entity, term.field)
    if name == "Id" and term.sign not in ("=", "IN"):
        raise invalid("property 'Id' takes only = and IN")
    wanted = [company.today().isoformat() if each.upper() == "CURRENT_DATE" else each for each in term.values]
    has = _plain(doc, name)
    if term.sign == "LIKE":
        return has is not None and bool(_like(wanted[0]).fullmatch(str(has)))
    if term.sign == "IN":
        return any(_compare(has, each) == 0 for each in wanted)
    order = _compare(has, wanted[0])
    if order is None:
        return False
    return {"=": order == 0, "<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[term.sign]


def _plain(doc: Doc, name: str) -> Any:  # noqa: ANN401  a property has any type
    value: Any = doc
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, dict):
        return value.get("value", value.get("Address"))
    return value


def _like(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("%")), re.IGNORECASE | re.DOTALL)


def _compare(has: Any, wanted: str) -> int | None:  # noqa: ANN401  a property has any type
    """Below, equal, above as −1, 0, 1; None where there is nothing to compare."""
    if has is None:
        return 0 if not wanted.strip() else None  # null is written ' ' (S-QUERY)
    try:
        left, right = _pair(has, wanted)
    except (ValueError, KeyError, InvalidOperation):
        raise invalid(f"value {wanted!r} does not fit the property") from None
    return 1 if left > right else -1 if left < right else 0


def _pair(has: Any, wanted: str) -> tuple[Any, Any]:  # noqa: ANN401  a property has any type
    if isinstance(has, bool):
        return has, {"true": True, "false": False}[wanted.lower()]
    if isinstance(has, int | Decimal):
        return Decimal(has), Decimal(wanted)
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", has):
        moment = datetime.fromisoformat(has)
        asked = datetime.fromisoformat(wanted)
        return moment, asked if asked.tzinfo else asked.replace(tzinfo=moment.tzinfo)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", has):
        return date.fromisoformat(has), date.fromisoformat(wanted[:10])
    return has.lower(), wanted.lower()


def _sort(entity: str, statement: Statement, rows: list[Doc]) -> None:
    rows.sort(key=lambda doc: int(doc["Id"]) if doc["Id"].isdigit() else 0)
    if entity in NAMES:
        rows.sort(key=lambda doc: str(doc["DisplayName"]).lower())
    for name, descending in reversed(statement.order):
        field = _property(entity, name)
        rows.sort(key=lambda doc: _key(_plain(doc, field)), reverse=descending)


def _key(value: Any) -> tuple[int, Any]:  # noqa: ANN401  a property has any type
    if value is None:
        return 0, 0
    if isinstance(value, bool | int | Decimal):
        return 1, value
    return 2, str(value).lower()


def _shown(entity: str, statement: Statement, doc: Doc) -> Doc:
    asked = {name.lower() for name in statement.extra}
    if entity == "Item" and "sku" not in asked:
        # `select *` leaves Sku out; `select *, Sku` has it (python-quickbooks#373).
        return {name: value for name, value in doc.items() if name != "Sku"}
    return doc
