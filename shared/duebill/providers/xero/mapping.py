"""From the domain to Xero's documents and back. Pure: the same input gives the same output."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from duebill.domain.books import Customer, CustomerDetails, Item, NewItem
from duebill.domain.deal import Address, TaxHandling
from duebill.domain.draft import Creation, Draft
from duebill.domain.ids import CustomerId, InvoiceId, ItemId
from duebill.domain.invoice import Invoice
from duebill.domain.status import Stage
from duebill.providers.xero.lines import BooksLine
from duebill.providers.xero.spec import MAX_ADDRESS_LINES, MAX_ITEM_CODE
from duebill.providers.xero.wire import Address as AddressDocument
from duebill.providers.xero.wire import ContactDocument, InvoiceDocument, ItemDocument

type Body = dict[str, object]

_REFERENCE_PATH = "/r/"
_BILLING = "POBOX"  # the address that invoices print
_ACTIVE = "ACTIVE"
_LINE_AMOUNT_TYPES = {
    TaxHandling.EXCLUSIVE: "Exclusive",
    TaxHandling.INCLUSIVE: "Inclusive",
    TaxHandling.NONE: "NoTax",
}
VOIDED = "VOIDED"
DELETED = "DELETED"
STATUSES = {Creation.SAVE: "DRAFT", Creation.SUBMIT: "SUBMITTED", Creation.APPROVE: "AUTHORISED"}
_STAGES = {
    "DRAFT": Stage.DRAFT,
    "SUBMITTED": Stage.AWAITING_APPROVAL,
    "AUTHORISED": Stage.ISSUED,
    "PAID": Stage.ISSUED,
    "VOIDED": Stage.VOIDED,
    "DELETED": Stage.DELETED,
}
_MASK = "*"


# --- what we send --------------------------------------------------------------------------------------------------


def invoice_body(draft: Draft, lines: Sequence[BooksLine], reference: str, our_url: str) -> Body:
    """The body that creates the invoice.

    The contact is named by its id and nothing else: what else stood there would be written on the contact itself.
    """
    body: Body = {
        "Type": "ACCREC",
        "Status": STATUSES[draft.creation],
        "Contact": {"ContactID": draft.customer},
        "Date": draft.issued_on.isoformat(),
        "LineAmountTypes": _LINE_AMOUNT_TYPES[draft.tax_handling],
        "CurrencyCode": draft.currency,
        "Url": reference_url(our_url, reference),
        "LineItems": [*(_line(line) for line in lines), *_memo_line(draft, lines)],
    }
    optional: Body = {
        "DueDate": draft.due_on.isoformat() if draft.due_on else None,
        "Reference": draft.po_number,
        "InvoiceNumber": draft.number,
        "BrandingThemeID": draft.template,
    }
    return body | {name: value for name, value in optional.items() if value}


def reference_url(our_url: str, reference: str) -> str:
    """Where our reference stands on an invoice; Xero shows it as a link to the app."""
    return f"{our_url}{_REFERENCE_PATH}{reference}"


def reference_in(url: str | None) -> str | None:
    """Our reference in an invoice's address, None where it is another's."""
    _, found, reference = (url or "").rpartition(_REFERENCE_PATH)
    return reference if found and reference else None


def contact_body(details: CustomerDetails, currency: str | None) -> Body:
    """The body that creates a contact; `currency` where it is not the organisation's own."""
    body: Body = {"Name": details.name.strip(), **_details_body(details)}
    return body | ({"DefaultCurrency": currency} if currency else {})


def contact_changes(customer: Customer, details: CustomerDetails) -> Body:
    """What of address, e-mail and tax id differs; empty where nothing does."""
    new, old = _details_body(details), _details_body(customer.details)
    return {name: value for name, value in new.items() if value != old.get(name)}


def with_other_addresses(changes: Body, document: ContactDocument) -> Body:
    """The changes with the addresses that are not the billing one: a list that is sent replaces the whole list."""
    if "Addresses" not in changes:
        return changes
    others = [
        each.model_dump(by_alias=True, exclude_none=True)
        for each in document.addresses
        if each.address_type != _BILLING
    ]
    billing = changes["Addresses"]
    return changes | {"Addresses": [*(billing if isinstance(billing, list) else []), *others]}


def address_body(address: Address) -> Body:
    """The billing address; lines beyond the fourth join it, as Xero has four."""
    lines = list(address.lines)
    if len(lines) > MAX_ADDRESS_LINES:
        lines[MAX_ADDRESS_LINES - 1 :] = [", ".join(lines[MAX_ADDRESS_LINES - 1 :])]
    parts = {f"AddressLine{number}": line for number, line in enumerate(lines, start=1)} | {
        "City": address.city,
        "Region": address.region,
        "PostalCode": address.postal_code,
        "Country": address.country,
    }
    return {"AddressType": _BILLING, **{name: part for name, part in parts.items() if part}}


def item_body(item: NewItem) -> Body:
    """The body that creates an item that is sold."""
    sales: Body = {"AccountCode": item.income_account} if item.income_account else {}
    if item.unit_price is not None:
        sales["UnitPrice"] = item.unit_price
    body: Body = {"Code": item_code(item), "Name": item.name.strip(), "IsSold": True, "IsPurchased": False}
    if item.description:
        body["Description"] = item.description
    return body | ({"SalesDetails": sales} if sales else {})


def item_code(item: NewItem) -> str:
    """The code of a new item, which Xero demands: its own, else its name where that is short enough, else nothing."""
    name = item.name.strip()
    return item.code.strip() or (name if len(name) <= MAX_ITEM_CODE else "")


def _details_body(details: CustomerDetails) -> Body:
    body: Body = {}
    if details.address:
        body["Addresses"] = [address_body(details.address)]
    if details.email:
        body["EmailAddress"] = details.email
    if details.tax_id:
        body["TaxNumber"] = details.tax_id
    return body


def _line(line: BooksLine) -> Body:
    body: Body = {"Description": line.description, "Quantity": line.quantity, "UnitAmount": line.unit_price}
    optional: Body = {
        "ItemCode": line.item_code,
        "AccountCode": line.account,
        "TaxType": line.tax_code,
        "DiscountRate": line.discount_percent,
        "DiscountAmount": line.discount_amount,
        "Tracking": [{"TrackingCategoryID": each.category, "TrackingOptionID": each.option} for each in line.tracking],
    }
    return body | {name: value for name, value in optional.items() if value}


def _memo_line(draft: Draft, lines: Sequence[BooksLine]) -> list[Body]:
    """The note to the customer. An invoice has no text of its own in Xero, so a line that comes to nothing prints it.

    It names an account and a tax rate like the others: that an approved invoice may have lines without is not certain.
    """
    if not draft.memo:
        return []
    line: Body = {"Description": draft.memo, "Quantity": 1, "UnitAmount": 0}
    optional = {
        "AccountCode": next((each.account for each in lines if each.account), draft.account),
        "TaxType": next((each.tax_code for each in lines if each.tax_code), None),
    }
    return [line | {name: value for name, value in optional.items() if value}]


# --- what we read --------------------------------------------------------------------------------------------------


def invoice_of(document: InvoiceDocument, home_currency: str) -> Invoice:
    """An invoice as the books have it. Xero tells no time of creation: the time of the last change stands for it."""
    stage, unknown = stage_of(document.status)
    issued_on = document.date_string or document.date or document.updated.date()
    return Invoice(
        id=InvoiceId(document.id),
        number=document.invoice_number or "",
        customer=CustomerId(document.contact.id),
        customer_name=document.contact.name,
        currency=document.currency_code or home_currency,
        total=document.total,
        tax=document.total_tax,
        # What is due of a voided invoice stays as it was (seen in recorded answers): nobody owes it any more.
        balance=Decimal(0) if stage in (Stage.VOIDED, Stage.DELETED) else document.amount_due,
        issued_on=issued_on,
        due_on=document.due_date_string or document.due_date,
        stage=stage,
        version=0,
        created_at=document.updated,
        updated_at=document.updated,
        reference=reference_in(document.url),
        credited=document.amount_credited,
        warnings=tuple(warning.text for warning in document.warnings if warning.text),
        unknown_word=unknown,
        is_linked=document.amount_paid + document.amount_credited > 0,
        is_sent=document.sent_to_contact,
    )


def stage_of(status: str) -> tuple[Stage, str | None]:
    """How far the invoice is, and a word about that which we do not know."""
    stage = _STAGES.get(status.upper())
    return (stage, None) if stage else (Stage.ISSUED, status)


def customer_of(document: ContactDocument, home_currency: str) -> Customer:
    """A customer. Contacts that are archived, or asked to be forgotten, are inactive."""
    tax_id = document.tax_number or ""
    return Customer(
        id=CustomerId(document.id),
        details=CustomerDetails(
            name=document.name,
            address=_billing_address(document.addresses),
            email=document.email_address or "",
            tax_id=tax_id,
        ),
        currency=document.default_currency or home_currency,
        is_active=document.contact_status.upper() == _ACTIVE,
        tax_id_is_masked=_MASK in tax_id,
    )


def item_of(document: ItemDocument) -> Item:
    """An item; one that is not sold cannot stand on an invoice."""
    return Item(
        id=ItemId(document.id),
        name=document.name or document.code,
        code=document.code,
        description=document.description or "",
        unit_price=document.sales_details.unit_price,
        is_active=document.is_sold,
    )


def _billing_address(documents: Iterable[AddressDocument]) -> Address:
    found = [(each.address_type != _BILLING, _address(each)) for each in documents]
    return next((address for _, address in sorted(found, key=lambda pair: pair[0]) if address), Address())


def _address(document: AddressDocument) -> Address:
    lines = (document.address_line1, document.address_line2, document.address_line3, document.address_line4)
    return Address(
        lines=tuple(line for line in lines if line),
        city=document.city or "",
        region=document.region or "",
        postal_code=document.postal_code or "",
        country=document.country or "",
    )
