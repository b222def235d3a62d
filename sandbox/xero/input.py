"""Which fields a request may have and what they must look like.

The real API ignores names that it does not know. Here they are refused, because a misspelt field is lost there in
silence. Fields that only answers have are dropped, as they are there.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.xero.documents import Doc, day
from sandbox.xero.refusals import Invalid, not_data

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _fields(text: str) -> dict[str, str]:
    return dict(each.split(":", 1) for each in text.split())


# name:kind; kinds: id, text[most characters], number, bool, date, doc=Shape, list=Shape, out (answers only)
SHAPES: dict[str, dict[str, str]] = {
    "Invoice": _fields(
        "Type:text Contact:doc=Contact LineItems:list=LineItem Date:date DueDate:date LineAmountTypes:text "
        "InvoiceNumber:text255 Reference:text255 BrandingThemeID:id Url:text CurrencyCode:text CurrencyRate:number "
        "Status:text SentToContact:bool ExpectedPaymentDate:date PlannedPaymentDate:date InvoiceID:id "
        "CISDeduction:out CISRate:out SubTotal:out TotalTax:out Total:out TotalDiscount:out HasAttachments:out "
        "IsDiscounted:out Payments:out Prepayments:out Overpayments:out AmountDue:out AmountPaid:out "
        "FullyPaidOnDate:out AmountCredited:out UpdatedDateUTC:out UpdatedDateUTCString:out CreditNotes:out "
        "Attachments:out HasErrors:out StatusAttributeString:out ValidationErrors:out Warnings:out "
        "InvoiceAddresses:out RepeatingInvoiceID:out DateString:out DueDateString:out InvoicePaymentServices:out"
    ),
    "LineItem": _fields(
        "LineItemID:id Description:text4000 Quantity:number UnitAmount:number ItemCode:text30 AccountCode:text "
        "AccountID:id TaxType:text TaxAmount:number LineAmount:number Tracking:list=Tracking DiscountRate:number "
        "DiscountAmount:number Item:out ValidationErrors:out RepeatingInvoiceID:out Taxability:out SalesTaxCodeId:out "
        "TaxBreakdown:out"
    ),
    "Tracking": _fields("TrackingCategoryID:id TrackingOptionID:id Name:text100 Option:text100"),
    "Contact": _fields(
        "ContactID:id ContactNumber:text50 AccountNumber:text50 ContactStatus:text Name:text255 FirstName:text255 "
        "LastName:text255 CompanyNumber:text50 EmailAddress:text255 ContactPersons:list=ContactPerson TaxNumber:text50 "
        "AccountsReceivableTaxType:text AccountsPayableTaxType:text Addresses:list=Address Phones:list=Phone "
        "SalesDefaultLineAmountType:text PurchasesDefaultLineAmountType:text DefaultCurrency:text "
        "SalesDefaultAccountCode:text PurchasesDefaultAccountCode:text PaymentTerms:doc=PaymentTerms "
        "BankAccountDetails:text TaxNumberType:text XeroNetworkKey:out SalesTrackingCategories:out "
        "PurchasesTrackingCategories:out TrackingCategoryName:out TrackingCategoryOption:out MergedToContactID:out "
        "IsSupplier:out IsCustomer:out UpdatedDateUTC:out ContactGroups:out Website:out BrandingTheme:out "
        "BatchPayments:out Discount:out Balances:out Attachments:out HasAttachments:out ValidationErrors:out "
        "HasValidationErrors:out StatusAttributeString:out"
    ),
    "ContactPerson": _fields("FirstName:text255 LastName:text255 EmailAddress:text255 IncludeInEmails:bool"),
    "Address": _fields(
        "AddressType:text AddressLine1:text500 AddressLine2:text500 AddressLine3:text500 AddressLine4:text500 "
        "City:text255 Region:text255 PostalCode:text50 Country:text50 AttentionTo:text255"
    ),
    "Phone": _fields("PhoneType:text PhoneNumber:text50 PhoneAreaCode:text10 PhoneCountryCode:text20"),
    "PaymentTerms": _fields("Bills:doc=Terms Sales:doc=Terms"),
    "Terms": _fields("Day:number Type:text"),
    "Item": _fields(
        "Code:text30 Name:text50 IsSold:bool IsPurchased:bool Description:text4000 PurchaseDescription:text4000 "
        "PurchaseDetails:doc=Price SalesDetails:doc=Price InventoryAssetAccountCode:text ItemID:id "
        "IsTrackedAsInventory:out TotalCostPool:out QuantityOnHand:out UpdatedDateUTC:out StatusAttributeString:out "
        "ValidationErrors:out"
    ),
    "Price": _fields("UnitPrice:number AccountCode:text COGSAccountCode:text TaxType:text"),
    "Payment": _fields(
        "Invoice:doc=Invoice Account:doc=Account Date:date Amount:number CurrencyRate:number Reference:text "
        "InvoiceNumber:text Status:text PaymentID:id IsReconciled:bool Code:text CreditNote:out UpdatedDateUTC:out "
        "PaymentType:out HasAccount:out HasValidationErrors:out"
    ),
    "Account": _fields(
        "AccountID:id Code:text Name:out Type:out Status:out HasAttachments:out AddToWatchlist:out Class:out"
    ),
    "CreditNote": _fields(
        "Type:text Contact:doc=Contact LineItems:list=LineItem Date:date LineAmountTypes:text CreditNoteNumber:text255 "
        "Reference:text255 BrandingThemeID:id CurrencyCode:text CurrencyRate:number Status:text CreditNoteID:id "
        "SubTotal:out TotalTax:out Total:out UpdatedDateUTC:out RemainingCredit:out Allocations:out"
    ),
    "Allocation": _fields("Invoice:doc=Invoice Amount:number Date:date AllocationID:out"),
    "HistoryRecord": _fields("Details:text Changes:out User:out DateUTC:out"),
}


def read(shape: str, body: object) -> Doc:
    """The body with Python's types; null counts as not sent. Raises BadRequest (types, names) and Invalid (lengths)."""
    if not isinstance(body, Mapping):
        raise not_data(f"{shape} must be an object")
    problems: list[str] = []
    content = _read(shape, body, problems)
    if problems:
        raise Invalid(*problems)
    return content


def _read(shape: str, body: Mapping[str, object], problems: list[str]) -> Doc:
    content: Doc = {}
    for name, value in body.items():
        kind = SHAPES[shape].get(name)
        if kind is None:
            raise not_data(f"{shape} has no {name}")
        if kind != "out" and value is not None:
            content[name] = _value(name, kind, value, problems)
    return content


def _value(name: str, kind: str, value: object, problems: list[str]) -> Any:  # noqa: ANN401  it is what `kind` says
    word, _, shape = kind.partition("=")
    match word:
        case "doc" if isinstance(value, Mapping):
            return _read(shape, value, problems)
        case "list" if isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
            return [_read(shape, each, problems) for each in value]
        case "number" if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return Decimal(str(value))
        case "bool" if isinstance(value, bool):
            return value
        case "id" if isinstance(value, str) and _UUID.fullmatch(value):
            return value.lower()
        case "date" if isinstance(value, str):
            return _day(name, value)
        case _ if word.startswith("text") and isinstance(value, str):
            most = word.removeprefix("text")
            if most and len(value) > int(most):
                problems.append(f"The length of {name} is {len(value)} characters; it must not exceed {most}.")
            return value
        case _:
            raise not_data(f"{name}: {value!r} cannot be read as {word.rstrip('0123456789')}")


def _day(name: str, value: str) -> object:
    try:
        return day(value)
    except ValueError as problem:
        raise not_data(f"{name}: {problem}") from None
