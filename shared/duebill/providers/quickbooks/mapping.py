"""From the domain to QuickBooks' documents and back. Pure: the same input gives the same output."""

import re
from collections.abc import Iterable
from datetime import UTC
from decimal import Decimal

from duebill.domain.books import Customer, CustomerDetails, Item, NewItem
from duebill.domain.connection import TaxModel, Tenant
from duebill.domain.deal import Address, TaxHandling
from duebill.domain.draft import Draft
from duebill.domain.ids import CustomerId, InvoiceId, ItemId
from duebill.domain.invoice import Invoice
from duebill.domain.status import Stage
from duebill.providers.quickbooks.lines import BooksLine, holds_tax
from duebill.providers.quickbooks.spec import MAX_ADDRESS_LINES
from duebill.providers.quickbooks.wire import CustomerDocument, Email, InvoiceDocument, ItemDocument, PostalAddress, Ref

type Body = dict[str, object]

_OUR_LINE = "Duebill"
_REFERENCE = re.compile(rf"{_OUR_LINE} (\S+)[ \t]*$", re.MULTILINE)
_VOIDED = "voided"
_SENT = "EmailSent"
_SILENT_WORDS = frozenset({"", "synchronized"})


# --- what we send --------------------------------------------------------------------------------------------------


def invoice_body(draft: Draft, lines: Iterable[BooksLine], tenant: Tenant, reference: str) -> Body:
    """The body that creates the invoice. The reference goes into the note that does not print."""
    body: Body = {
        "CustomerRef": {"value": draft.customer},
        "TxnDate": draft.issued_on.isoformat(),
        "Line": [_line(line) for line in lines],
        "PrivateNote": f"{_OUR_LINE} {reference}",
    }
    if draft.currency != tenant.home_currency or tenant.multicurrency:
        body["CurrencyRef"] = {"value": draft.currency}
    if tenant.tax_model in (TaxModel.PER_LINE, TaxModel.NONE) and tenant.country != "US":
        body["GlobalTaxCalculation"] = _tax_calculation(draft, tenant.tax_model)
    # Both together may disagree: "Net 60" printed over a due date in a week.
    if draft.term:
        body["SalesTermRef"] = {"value": draft.term}
    elif draft.due_on:
        body["DueDate"] = draft.due_on.isoformat()
    if draft.number:
        body["DocNumber"] = draft.number
    if memo := customer_memo(draft):
        body["CustomerMemo"] = {"value": memo}
    if draft.details.email:
        body["BillEmail"] = {"Address": draft.details.email}
    if draft.details.address:
        body["BillAddr"] = address_body(draft.details.address)
    return body


def customer_memo(draft: Draft) -> str:
    """The note that prints: the buyer's order number first, as the API can fill no field of its own for it."""
    po_number = f"PO number: {draft.po_number}" if draft.po_number else ""
    return "\n".join(part for part in (po_number, draft.memo) if part)


def address_body(address: Address) -> Body:
    """An address; lines beyond the fifth join it, as QuickBooks has five."""
    lines = list(address.lines)
    if len(lines) > MAX_ADDRESS_LINES:
        lines[MAX_ADDRESS_LINES - 1 :] = [", ".join(lines[MAX_ADDRESS_LINES - 1 :])]
    parts = {f"Line{number}": line for number, line in enumerate(lines, start=1)} | {
        "City": address.city,
        "CountrySubDivisionCode": address.region,
        "PostalCode": address.postal_code,
        "Country": address.country,
    }
    return {name: part for name, part in parts.items() if part}


def customer_body(details: CustomerDetails, currency: str, tenant: Tenant) -> Body:
    """The body that creates a customer; the currency never changes afterwards."""
    body = {"DisplayName": details.name.strip(), **_details_body(details)}
    if tenant.multicurrency:
        body["CurrencyRef"] = {"value": currency}
    return body


def customer_changes(customer: Customer, details: CustomerDetails) -> Body:
    """What of address, e-mail and tax id differs, for a sparse update; empty where nothing does."""
    new, old = _details_body(details), _details_body(customer.details)
    return {name: value for name, value in new.items() if value != old.get(name)}


def item_body(item: NewItem) -> Body:
    """The body that creates an item for services."""
    body: Body = {"Name": item.name.strip(), "Type": "Service"}
    if item.income_account:
        body["IncomeAccountRef"] = {"value": item.income_account}
    if item.code:
        body["Sku"] = item.code
    if item.description:
        body["Description"] = item.description
    if item.unit_price is not None:
        body["UnitPrice"] = item.unit_price
    return body


def _details_body(details: CustomerDetails) -> Body:
    body: Body = {}
    if details.address:
        body["BillAddr"] = address_body(details.address)
    if details.email:
        body["PrimaryEmailAddr"] = {"Address": details.email}
    if details.tax_id:
        body["PrimaryTaxIdentifier"] = details.tax_id
    return body


def _tax_calculation(draft: Draft, tax_model: TaxModel) -> str:
    if tax_model is TaxModel.NONE or draft.tax_handling is TaxHandling.NONE:
        return "NotApplicable"
    return "TaxInclusive" if holds_tax(draft, tax_model) else "TaxExcluded"


def _line(line: BooksLine) -> Body:
    detail: Body = {
        "ItemRef": {"value": line.item},
        "Qty": line.quantity,
        "UnitPrice": line.unit_price,
    }
    if line.tax_code:
        detail["TaxCodeRef"] = {"value": line.tax_code}
    if line.gross is not None:
        detail["TaxInclusiveAmt"] = line.gross
    body: Body = {"DetailType": "SalesItemLineDetail", "Amount": line.amount, "SalesItemLineDetail": detail}
    return body | ({"Description": line.description} if line.description else {})


# --- what we read --------------------------------------------------------------------------------------------------


def invoice_of(document: InvoiceDocument, home_currency: str) -> Invoice:
    """An invoice as the books have it."""
    stage, unknown = stage_of(document)
    sent_at = document.delivery_info.delivery_time if document.delivery_info else None
    return Invoice(
        id=InvoiceId(document.id),
        number=document.doc_number or "",
        customer=CustomerId(document.customer_ref.value),
        customer_name=document.customer_ref.name,
        currency=_currency(document.currency_ref, home_currency),
        total=document.total_amt,
        tax=document.txn_tax_detail.total_tax if document.txn_tax_detail else Decimal(0),
        balance=document.balance,
        issued_on=document.txn_date,
        due_on=document.due_date,
        stage=stage,
        version=document.sync_token,
        created_at=document.meta_data.create_time.astimezone(UTC),
        updated_at=document.meta_data.last_updated_time.astimezone(UTC),
        reference=reference_in(document.private_note or ""),
        unknown_word=unknown,
        is_linked=bool(document.linked_txn),
        is_sent=sent_at is not None or document.email_status == _SENT,
        sent_at=sent_at.astimezone(UTC) if sent_at else None,
        sent_to=receivers_of(document) if sent_at else (),
    )


def said_on(document: InvoiceDocument) -> str:
    """What people wrote on an invoice, printed or not."""
    memo = document.customer_memo.value if document.customer_memo else ""
    return "\n".join(part for part in (memo, document.private_note) if part)


def receivers_of(document: InvoiceDocument) -> tuple[str, ...]:
    """To whom an e-mail with it goes, or went: its address, then the copies."""
    return (*addresses_in(document.bill_email), *addresses_in(document.bill_email_cc))


def addresses_in(email: Email | None) -> tuple[str, ...]:
    """The addresses of a field that holds several with commas between them."""
    parts = (email.address or "").split(",") if email else []
    return tuple(part.strip() for part in parts if part.strip())


def stage_of(document: InvoiceDocument) -> tuple[Stage, str | None]:
    """How far the invoice is, and a word about that which we do not know.

    Documented answers have no status: a voided invoice is one of zero whose note begins with "Voided" (seen in
    recorded answers). A fully discounted one is of zero too, and counts as issued.
    """
    word = (document.txn_status or "").lower()
    if word == _VOIDED:
        return Stage.VOIDED, None
    is_empty = not document.total_amt and not document.balance
    if is_empty and (document.private_note or "").lstrip().lower().startswith(_VOIDED):
        return Stage.VOIDED, None
    return Stage.ISSUED, None if word in _SILENT_WORDS else document.txn_status


def reference_in(note: str) -> str | None:
    """Our reference in an invoice's note: on the last line that has one, as people may write below it."""
    found: list[str] = _REFERENCE.findall(note)
    return found[-1] if found else None


def customer_of(document: CustomerDocument, home_currency: str) -> Customer:
    """A customer; the name of an inactive one ends in " (deleted)"."""
    return Customer(
        id=CustomerId(document.id),
        details=CustomerDetails(
            name=document.display_name,
            address=_address(document.bill_addr),
            email=(document.primary_email_addr.address if document.primary_email_addr else None) or "",
            tax_id=document.primary_tax_identifier or "",
        ),
        currency=_currency(document.currency_ref, home_currency),
        is_active=document.active,
        tax_id_is_masked=bool(document.primary_tax_identifier),
        version=document.sync_token,
    )


def item_of(document: ItemDocument) -> Item:
    """An item."""
    return Item(
        id=ItemId(document.id),
        name=document.name,
        code=document.sku or "",
        description=document.description or "",
        unit_price=document.unit_price,
        is_active=document.active,
    )


def _address(document: PostalAddress | None) -> Address:
    if document is None:
        return Address()
    lines = (document.line1, document.line2, document.line3, document.line4, document.line5)
    return Address(
        lines=tuple(line for line in lines if line),
        city=document.city or "",
        region=document.country_sub_division_code or "",
        postal_code=document.postal_code or "",
        country=document.country or "",
    )


def _currency(ref: Ref | None, home_currency: str) -> str:
    return ref.value if ref else home_currency
