"""Which properties each entity takes, of what kind and length (S-INV, S-CUST, S-ITEM). Whatever is not here is refused.

QuickBooks's schemas also name Desktop-only fields (TemplateRef, PONumber …); the online API refuses those.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Text:
    """A string of at most `limit` characters."""

    limit: int = 4000


@dataclass(frozen=True, slots=True)
class Number:
    """A number of at most `whole` digits before and `places` after the point."""

    whole: int = 10
    places: int = 5


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date, `YYYY-MM-DD`."""


@dataclass(frozen=True, slots=True)
class Word:
    """One of a fixed list."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Read-only: may be sent back as it was read, and changes nothing."""


@dataclass(frozen=True, slots=True)
class Nested:
    """An object with properties of its own."""

    schema: str
    fields: "Shape"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of objects."""

    of: Nested


type Kind = Text | Number | Flag | Day | Word | Ignored | Nested | ListOf
type Shape = dict[str, Kind]

READ_ONLY: Final = Ignored()
MONEY: Final = Number(whole=10, places=2)
PRICE: Final = Number(whole=10, places=7)
REF: Final = Nested("ReferenceType", {"value": Text(100), "name": Text(500), "type": Text(50)})
EMAIL: Final = Nested("EmailAddress", {"Address": Text(100), "Id": READ_ONLY})
PHONE: Final = Nested("TelephoneNumber", {"FreeFormNumber": Text(30), "Id": READ_ONLY})
HEAD: Final[Shape] = {
    "Id": Text(20),
    "SyncToken": Text(20),
    "sparse": Flag(),
    "domain": Text(10),
    "MetaData": READ_ONLY,
    "status": READ_ONLY,
}
ADDRESS: Final = Nested(
    "PhysicalAddress",
    {
        "Line1": Text(500),
        "Line2": Text(500),
        "Line3": Text(500),
        "Line4": Text(500),
        "Line5": Text(500),
        "Id": READ_ONLY,
        "City": Text(255),
        "Country": Text(255),
        "CountrySubDivisionCode": Text(255),
        "PostalCode": Text(30),
        "Lat": READ_ONLY,
        "Long": READ_ONLY,
        "Note": READ_ONLY,
    },
)
CUSTOM_FIELD: Final = Nested(
    "CustomField",
    {"DefinitionId": Text(20), "Name": Text(100), "Type": Word(("StringType",)), "StringValue": Text(31)},
)
LINKED: Final = Nested("LinkedTxn", {"TxnId": Text(20), "TxnType": Text(50), "TxnLineId": Text(20)})
SALES_DETAIL: Final = Nested(
    "SalesItemLineDetail",
    {
        "ItemRef": REF,
        "Qty": PRICE,
        "UnitPrice": PRICE,
        "TaxCodeRef": REF,
        "ClassRef": REF,
        "ServiceDate": Day(),
        "TaxInclusiveAmt": MONEY,
        "ItemAccountRef": REF,
    },
)
DISCOUNT_DETAIL: Final = Nested(
    "DiscountLineDetail",
    {"PercentBased": Flag(), "DiscountPercent": Number(3, 5), "DiscountAccountRef": REF, "TaxCodeRef": REF},
)
LINE: Final = Nested(
    "Line",
    {
        "Id": Text(20),
        "LineNum": Number(6, 0),
        "Description": Text(4000),
        "Amount": MONEY,
        "DetailType": Word(
            (
                "SalesItemLineDetail",
                "DiscountLineDetail",
                "DescriptionOnly",
                "SubTotalLineDetail",
                "GroupLineDetail",
                "TaxLineDetail",
            )
        ),
        "SalesItemLineDetail": SALES_DETAIL,
        "DiscountLineDetail": DISCOUNT_DETAIL,
        "DescriptionLineDetail": Nested("DescriptionLineDetail", {"ServiceDate": Day(), "TaxCodeRef": REF}),
        "SubTotalLineDetail": READ_ONLY,
        "GroupLineDetail": READ_ONLY,
        "LinkedTxn": ListOf(LINKED),
        "CustomField": ListOf(CUSTOM_FIELD),
    },
)
TAX_LINE: Final = Nested(
    "TaxLine",
    {
        "Amount": MONEY,
        "DetailType": Word(("TaxLineDetail",)),
        "TaxLineDetail": Nested(
            "TaxLineDetail",
            {
                "TaxRateRef": REF,
                "PercentBased": Flag(),
                "TaxPercent": Number(3, 5),
                "NetAmountTaxable": MONEY,
                "TaxInclusiveAmount": MONEY,
                "OverrideDeltaAmount": MONEY,
            },
        ),
    },
)
TAX: Final = Nested("TxnTaxDetail", {"TxnTaxCodeRef": REF, "TotalTax": MONEY, "TaxLine": ListOf(TAX_LINE)})
SALE: Final[Shape] = HEAD | {
    "DocNumber": Text(21),
    "TxnDate": Day(),
    "CustomerRef": REF,
    "CurrencyRef": REF,
    "ExchangeRate": Number(10, 10),
    "Line": ListOf(LINE),
    "TxnTaxDetail": TAX,
    "GlobalTaxCalculation": Word(("TaxExcluded", "TaxInclusive", "NotApplicable")),
    "CustomerMemo": Nested("MemoRef", {"value": Text(1000)}),
    "PrivateNote": Text(4000),
    "BillAddr": ADDRESS,
    "ShipAddr": ADDRESS,
    "BillEmail": EMAIL,
    "PrintStatus": Word(("NotSet", "NeedToPrint", "PrintComplete")),
    "EmailStatus": Word(("NotSet", "NeedToSend", "EmailSent")),
    "ApplyTaxAfterDiscount": Flag(),
    "ClassRef": REF,
    "DepartmentRef": REF,
    "CustomField": ListOf(CUSTOM_FIELD),
    "FreeFormAddress": Flag(),
    "TotalAmt": READ_ONLY,
    "HomeTotalAmt": READ_ONLY,
    "Balance": READ_ONLY,
    "HomeBalance": READ_ONLY,
    "LinkedTxn": ListOf(LINKED),
    "RecurDataRef": READ_ONLY,
}
INVOICE: Final[Shape] = SALE | {
    "DueDate": Day(),
    "SalesTermRef": REF,
    "BillEmailCc": EMAIL,
    "BillEmailBcc": EMAIL,
    "AllowOnlineCreditCardPayment": Flag(),
    "AllowOnlineACHPayment": Flag(),
    "AllowOnlinePayPalPayment": Flag(),
    "AllowOnlinePayment": Flag(),
    "AllowIPNPayment": Flag(),
    "Deposit": MONEY,
    "DepositToAccountRef": REF,
    "ProjectRef": REF,
    "TrackingNum": Text(31),
    "ShipMethodRef": REF,
    "ShipDate": Day(),
    "InvoiceLink": READ_ONLY,
    "DeliveryInfo": READ_ONLY,
    "EInvoiceStatus": READ_ONLY,
    "TaxExemptionRef": READ_ONLY,
}
CREDIT_MEMO: Final[Shape] = SALE | {"RemainingCredit": READ_ONLY}
CUSTOMER: Final[Shape] = HEAD | {
    "DisplayName": Text(500),
    "Title": Text(16),
    "GivenName": Text(100),
    "MiddleName": Text(100),
    "FamilyName": Text(100),
    "Suffix": Text(16),
    "CompanyName": Text(100),
    "PrintOnCheckName": Text(110),
    "FullyQualifiedName": READ_ONLY,
    "Active": Flag(),
    "PrimaryEmailAddr": EMAIL,
    "PrimaryPhone": PHONE,
    "AlternatePhone": PHONE,
    "Mobile": PHONE,
    "Fax": PHONE,
    "WebAddr": Nested("WebSiteAddress", {"URI": Text(1000), "Id": READ_ONLY}),
    "BillAddr": ADDRESS,
    "ShipAddr": ADDRESS,
    "Notes": Text(2000),
    "SalesTermRef": REF,
    "PaymentMethodRef": REF,
    "DefaultTaxCodeRef": REF,
    "Taxable": Flag(),
    "TaxExemptionReasonId": Word(tuple(str(n) for n in range(1, 16))),
    "PreferredDeliveryMethod": Word(("Print", "Email", "None")),
    "ParentRef": REF,
    "Job": Flag(),
    "BillWithParent": Flag(),
    "Level": READ_ONLY,
    "IsProject": READ_ONLY,
    "CurrencyRef": REF,
    "PrimaryTaxIdentifier": Text(20),
    "SecondaryTaxIdentifier": Text(20),
    "ResaleNum": Text(16),
    "BusinessNumber": Text(10),
    "GSTIN": Text(15),
    "GSTRegistrationType": Text(15),
    "Balance": READ_ONLY,
    "BalanceWithJobs": READ_ONLY,
    "OpenBalanceDate": READ_ONLY,
    "ARAccountRef": REF,
}
ITEM: Final[Shape] = HEAD | {
    "Name": Text(100),
    "Description": Text(4000),
    "Active": Flag(),
    "SubItem": Flag(),
    "ParentRef": REF,
    "Level": READ_ONLY,
    "FullyQualifiedName": READ_ONLY,
    "Taxable": Flag(),
    "SalesTaxIncluded": Flag(),
    "UnitPrice": PRICE,
    "Type": Word(("Service", "Inventory", "NonInventory", "Category", "Group")),
    "Sku": Text(100),
    "IncomeAccountRef": REF,
    "ExpenseAccountRef": REF,
    "AssetAccountRef": REF,
    "PurchaseDesc": Text(1000),
    "PurchaseTaxIncluded": Flag(),
    "PurchaseCost": PRICE,
    "TrackQtyOnHand": Flag(),
    "QtyOnHand": PRICE,
    "InvStartDate": Day(),
    "SalesTaxCodeRef": REF,
    "PurchaseTaxCodeRef": REF,
}
PAYMENT: Final[Shape] = HEAD | {
    "CustomerRef": REF,
    "TotalAmt": MONEY,
    "UnappliedAmt": READ_ONLY,
    "Line": ListOf(
        Nested(
            "Line",
            {
                "Id": Text(20),
                "LineNum": Number(6, 0),
                "Amount": MONEY,
                "LinkedTxn": ListOf(LINKED),
                "LineEx": READ_ONLY,
            },
        )
    ),
    "TxnDate": Day(),
    "PaymentRefNum": Text(21),
    "PrivateNote": Text(4000),
    "CurrencyRef": REF,
    "ExchangeRate": Number(10, 10),
    "PaymentMethodRef": REF,
    "DepositToAccountRef": REF,
    "ARAccountRef": REF,
    "ProcessPayment": Flag(),
    "LinkedTxn": READ_ONLY,
}
SHAPES: Final[dict[str, Shape]] = {
    "Invoice": INVOICE,
    "CreditMemo": CREDIT_MEMO,
    "Customer": CUSTOMER,
    "Item": ITEM,
    "Payment": PAYMENT,
}
