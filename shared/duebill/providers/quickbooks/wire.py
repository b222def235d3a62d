"""What QuickBooks answers, as far as we read it. Other properties are ignored: additive ones come without notice."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_pascal


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, extra="ignore", frozen=True)


class Ref(BaseModel):
    """A reference; its properties are the only ones in lower case."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    value: str
    name: str = ""


class Email(_Document):
    """An e-mail address."""

    address: str | None = None


class PostalAddress(_Document):
    """An address as free lines and parts."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    line4: str | None = None
    line5: str | None = None
    city: str | None = None
    country_sub_division_code: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Memo(BaseModel):
    """A text that prints."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    value: str = ""


class MetaData(_Document):
    """When an object was created and last changed, with the company's offset."""

    create_time: datetime
    last_updated_time: datetime


class TxnTaxDetail(_Document):
    """The tax of a transaction."""

    total_tax: Decimal = Decimal(0)


class LinkedTxn(_Document):
    """A transaction that hangs on another."""

    txn_id: str
    txn_type: str


class DeliveryInfo(_Document):
    """The last e-mail."""

    delivery_time: datetime | None = None


class InvoiceDocument(_Document):
    """An invoice. There is no documented status; the words below occur in Intuit's schema only."""

    id: str
    sync_token: int
    meta_data: MetaData
    doc_number: str | None = None
    txn_date: date
    due_date: date | None = None
    customer_ref: Ref
    currency_ref: Ref | None = None
    total_amt: Decimal
    balance: Decimal
    private_note: str | None = None
    customer_memo: Memo | None = None
    txn_tax_detail: TxnTaxDetail | None = None
    txn_status: str | None = None
    linked_txn: tuple[LinkedTxn, ...] = ()
    email_status: str | None = None
    delivery_info: DeliveryInfo | None = None
    bill_email: Email | None = None
    bill_email_cc: Email | None = None
    bill_email_bcc: Email | None = None
    invoice_link: str | None = None


class DeletedDocument(BaseModel):
    """What is left of a deleted object; its status is the only property in lower case."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    status: Literal["Deleted"]


class PaymentDocument(_Document):
    """A payment, as far as it is named to a person."""

    id: str
    txn_date: date
    total_amt: Decimal


class CustomerDocument(_Document):
    """A customer. `primary_tax_identifier` is masked but for its last five characters."""

    id: str
    sync_token: int
    display_name: str
    active: bool = True
    currency_ref: Ref | None = None
    bill_addr: PostalAddress | None = None
    primary_email_addr: Email | None = None
    primary_tax_identifier: str | None = None


class ItemDocument(_Document):
    """An item."""

    id: str
    name: str
    sku: str | None = None
    description: str | None = None
    unit_price: Decimal | None = None
    active: bool = True


class AccountDocument(_Document):
    """An account; its whole name shows where it stands in the chart."""

    id: str
    name: str
    fully_qualified_name: str | None = None


class TaxRateDetail(_Document):
    """One rate within a tax code."""

    tax_rate_ref: Ref
    tax_type_applicable: str | None = None
    tax_order: int = 0


class TaxRateList(_Document):
    """The rates of a tax code for sales."""

    tax_rate_detail: tuple[TaxRateDetail, ...] = ()


class TaxCodeDocument(_Document):
    """A tax code."""

    id: str
    name: str
    active: bool = True
    hidden: bool = False
    taxable: bool = True
    sales_tax_rate_list: TaxRateList | None = None


class TaxRateDocument(_Document):
    """A tax rate, in percent."""

    id: str
    name: str
    rate_value: Decimal | None = None


class TermDocument(_Document):
    """A payment term: so many days, or a day of the month."""

    id: str
    name: str
    due_days: int | None = None
    day_of_month_due: int | None = None
    due_next_month_days: int | None = None


class CurrencyDocument(_Document):
    """A currency that the company uses. Invoices name its code, never its id."""

    code: str


class CompanyDocument(_Document):
    """The company itself."""

    company_name: str
    country: str | None = None
    default_time_zone: str | None = None


class SalesFormsPrefs(_Document):
    """How sales forms behave."""

    custom_txn_numbers: bool = False
    allow_discount: bool = False


class CurrencyPrefs(_Document):
    """The company's currencies."""

    multi_currency_enabled: bool = False
    home_currency: Ref | None = None


class TaxPrefs(_Document):
    """The company's sales tax. `partner_tax_enabled` is absent in the old manual model."""

    using_sales_tax: bool = False
    partner_tax_enabled: bool | None = None


class AccountingPrefs(_Document):
    """The company's bookkeeping."""

    book_close_date: date | None = None


class PreferencesDocument(_Document):
    """The company's preferences."""

    sales_forms_prefs: SalesFormsPrefs = SalesFormsPrefs()
    currency_prefs: CurrencyPrefs = CurrencyPrefs()
    tax_prefs: TaxPrefs = TaxPrefs()
    accounting_info_prefs: AccountingPrefs = AccountingPrefs()
