"""What Xero answers, as far as we read it. Other properties are ignored: additive ones come without notice."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic import Field as Named
from pydantic.alias_generators import to_pascal

_TICKS = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(text: object) -> object:
    """A time: `/Date(1573755038314+0000)/`, whose number is UTC whatever the offset, or ISO without a zone."""
    if not isinstance(text, str):
        return text
    if ticks := _TICKS.fullmatch(text):
        return _BEGINNING + timedelta(milliseconds=int(ticks[1]))
    # Seven decimals occur; no zone means UTC.
    moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_of(text: object) -> object:
    """A date, from a time at its midnight."""
    moment = moment_of(text) if isinstance(text, str) and text else None
    return moment.date() if isinstance(moment, datetime) else None


type Moment = Annotated[datetime, BeforeValidator(moment_of)]
type Day = Annotated[date | None, BeforeValidator(day_of)]


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, extra="ignore", frozen=True)


class Message(_Document):
    """An error or a warning within an answer; the pages' bulk example says Description."""

    message: str | None = None
    description: str | None = None

    @property
    def text(self) -> str:
        """What it says."""
        return self.message or self.description or ""


class Address(_Document):
    """A postal address."""

    address_type: str | None = None
    address_line1: str | None = Named(None, alias="AddressLine1")
    address_line2: str | None = Named(None, alias="AddressLine2")
    address_line3: str | None = Named(None, alias="AddressLine3")
    address_line4: str | None = Named(None, alias="AddressLine4")
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    attention_to: str | None = None


class ContactDocument(_Document):
    """A contact. One that was merged into another names it."""

    id: str = Named(alias="ContactID")
    name: str = ""
    contact_status: str = "ACTIVE"
    email_address: str | None = None
    tax_number: str | None = None
    default_currency: str | None = None
    addresses: tuple[Address, ...] = ()
    merged_to: str | None = Named(None, alias="MergedToContactID")


class ContactRef(_Document):
    """The contact of an invoice."""

    id: str = Named(alias="ContactID")
    name: str = ""


class InvoiceDocument(_Document):
    """An invoice. `DateString` is on the wire though not in the description; it has no zone to go wrong by."""

    id: str = Named(alias="InvoiceID")
    type: str = "ACCREC"
    invoice_number: str | None = None
    contact: ContactRef
    status: str
    date_string: Day = None
    date: Day = None
    due_date_string: Day = None
    due_date: Day = None
    currency_code: str | None = None
    total: Decimal = Decimal(0)
    total_tax: Decimal = Decimal(0)
    amount_due: Decimal = Decimal(0)
    amount_paid: Decimal = Decimal(0)
    amount_credited: Decimal = Decimal(0)
    url: str | None = None
    reference: str | None = None
    sent_to_contact: bool = False
    updated: Moment = Named(alias="UpdatedDateUTC")
    warnings: tuple[Message, ...] = ()


class PaginationDocument(BaseModel):
    """Where a page stands in its list."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    item_count: int = Named(alias="itemCount")


class PersonDocument(_Document):
    """Another person of a contact; some get copies of its e-mails."""

    email_address: str | None = None
    include_in_emails: bool = False


class ReceiverDocument(_Document):
    """The contact of an invoice that was read by itself."""

    email_address: str | None = None
    contact_persons: tuple[PersonDocument, ...] = ()


class SettlementDocument(_Document):
    """Something that settles an invoice: a payment, or a part of a credit note, a prepayment or an overpayment."""

    date_string: Day = None
    date: Day = None
    amount: Decimal | None = None
    applied_amount: Decimal | None = None
    credit_note_number: str | None = None


class WholeInvoiceDocument(_Document):
    """What an invoice holds beside itself when it is read alone."""

    currency_code: str | None = None
    contact: ReceiverDocument
    payments: tuple[SettlementDocument, ...] = ()
    credit_notes: tuple[SettlementDocument, ...] = ()
    prepayments: tuple[SettlementDocument, ...] = ()
    overpayments: tuple[SettlementDocument, ...] = ()


class HistoryDocument(_Document):
    """What happened to a document, in Xero's words."""

    changes: str = ""
    details: str = ""
    at: Moment = Named(alias="DateUTC")


class OnlineInvoiceDocument(_Document):
    """The customer's page of an invoice."""

    online_invoice_url: str | None = None


class SalesDetails(_Document):
    """How an item is sold."""

    unit_price: Decimal | None = None
    account_code: str | None = None
    tax_type: str | None = None


class ItemDocument(_Document):
    """An item; its code names it on lines."""

    id: str = Named(alias="ItemID")
    code: str
    name: str | None = None
    description: str | None = None
    is_sold: bool = True
    sales_details: SalesDetails = SalesDetails()


class AccountDocument(_Document):
    """An account; lines name its code."""

    code: str | None = None
    name: str = ""
    klass: str | None = Named(None, alias="Class")
    status: str = "ACTIVE"
    system_account: str | None = None


class TaxRateDocument(_Document):
    """A tax rate; lines name its type."""

    name: str
    tax_type: str
    status: str = "ACTIVE"
    can_apply_to_revenue: bool = True
    effective_rate: Decimal | None = None


class ThemeDocument(_Document):
    """A branding theme."""

    id: str = Named(alias="BrandingThemeID")
    name: str = ""
    sort_order: int = 0


class CurrencyDocument(_Document):
    """A currency that the organisation subscribed to."""

    code: str


class TrackingOptionDocument(_Document):
    """An option of a tracking category."""

    id: str = Named(alias="TrackingOptionID")
    name: str = ""
    status: str = "ACTIVE"


class TrackingCategoryDocument(_Document):
    """A tracking category."""

    id: str = Named(alias="TrackingCategoryID")
    name: str = ""
    status: str = "ACTIVE"
    options: tuple[TrackingOptionDocument, ...] = ()


class ActionDocument(_Document):
    """Something that this connection may do, by the plan and by the person who connected."""

    name: str
    status: str


class OrganisationDocument(_Document):
    """The organisation. Its words for plans and zones grow: they are texts here."""

    name: str = ""
    base_currency: str | None = None
    country_code: str | None = None
    timezone: str | None = None
    short_code: str | None = None
    edition: str | None = None
    period_lock_date: Day = None
    end_of_year_lock_date: Day = None


class LinkDocument(BaseModel):
    """A link from our app to an organisation, of `GET /connections`; its names are in lower case."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    tenant: str = Named(alias="tenantId")
    type: str = Named("", alias="tenantType")
    updated: str = Named("", alias="updatedDateUtc")


def messages_in(element: object, name: str = "ValidationErrors") -> tuple[str, ...]:
    """The messages of this name in an element, also of its lines, contact and addresses; each once."""
    found: dict[str, None] = {}
    _collect(element, name, found)
    return tuple(found)


def _collect(part: object, name: str, found: dict[str, None]) -> None:
    if isinstance(part, list):
        for each in part:
            _collect(each, name, found)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == name and isinstance(value, list):
                found.update(dict.fromkeys(text for each in value if (text := _text(each))))
            else:
                _collect(value, name, found)


def _text(message: Any) -> str:  # noqa: ANN401  any JSON
    return Message.model_validate(message).text if isinstance(message, dict) else ""
