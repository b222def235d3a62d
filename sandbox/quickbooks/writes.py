"""Which operation each write is: create, update, delete, void."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.quickbooks import credit_memos, customers, invoice_actions, invoices, items, payments
from sandbox.quickbooks.company import Company
from sandbox.quickbooks.documents import Doc
from sandbox.quickbooks.refusals import Refused, unsupported

WRITABLE = {name.lower(): name for name in ("Invoice", "Customer", "Item", "Payment", "CreditMemo")}
_CREATE: dict[str, Callable[[Company, Doc], Doc]] = {
    "Customer": customers.create,
    "Item": items.create,
    "Payment": payments.create,
}
_UPDATE: dict[str, Callable[[Company, Doc], Doc]] = {"Customer": customers.update, "Item": items.update}
_DELETE: dict[str, Callable[[Company, Doc], Doc]] = {
    "Invoice": invoice_actions.delete,
    "Payment": payments.remove,
    "CreditMemo": credit_memos.remove,
}


@dataclass(frozen=True, slots=True)
class Options:
    """The query parameters that change what a write does."""

    operation: str | None = None
    include: str = ""

    @staticmethod
    def of(query: Mapping[str, list[str]]) -> "Options":
        """From a request's query parameters."""
        asked = query.get("operation")
        return Options(asked[0] if asked else None, ",".join(query.get("include") or []).lower())

    @property
    def any_number(self) -> bool:
        """Whether a DocNumber may be given twice (S-INV)."""
        return "allowduplicatedocnum" in self.include


def write(company: Company, entity: str, body: object, options: Options) -> Doc:
    """Do it and return the document that the answer carries. Raises Refused."""
    if company.subscription_ended:
        raise Refused(
            "6190",
            "Invalid Company Status",
            "Subscription period has ended or canceled or there was a billing problem : "
            "You can't create a transaction or list because your QuickBooks subscription is no longer active.",
            "",
        )
    if not isinstance(body, dict):
        raise Refused("2010", "Request has invalid or unsupported property", "The body is not an object")
    match options.operation:
        case "delete" if entity in _DELETE:
            return _DELETE[entity](company, body)
        case "void" if entity == "Invoice":
            return invoice_actions.void(company, body)
        case "update" if entity == "Payment" and "void" in options.include:
            return payments.void(company, body)
        case None | "create" | "update":
            return _save(company, entity, body, options)
        case _:
            raise unsupported(f"{options.operation} {entity}")


def _save(company: Company, entity: str, body: Doc, options: Options) -> Doc:
    new = body.get("Id") in (None, "")
    if entity == "Invoice":
        save = invoices.create if new else invoices.update
        return save(company, body, any_number=options.any_number)
    if entity == "CreditMemo" and new:
        return credit_memos.create(company, body, any_number=options.any_number)
    table = _CREATE if new else _UPDATE
    if entity not in table:
        raise unsupported(f"update {entity}")
    return table[entity](company, body)
