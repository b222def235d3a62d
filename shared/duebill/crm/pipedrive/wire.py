"""What we read of Pipedrive's answers (v2 unless said otherwise); whatever else they hold is passed over."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from duebill.domain.deal import Billing, TaxHandling


class Wire(BaseModel):
    """Fields that we do not know are no error: Pipedrive adds them without a new version."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class WireAccess(Wire):
    """A user's rights in one part of Pipedrive."""

    app: str
    admin: bool = False


class WireLanguage(Wire):
    """The language that the user reads Pipedrive in."""

    language_code: str | None = None


class WireUser(Wire):
    """The user of the token, with the company (v1)."""

    id: int
    name: str
    company_id: int
    company_name: str = ""
    timezone_name: str | None = None
    language: WireLanguage | None = None
    access: list[WireAccess] = Field(default_factory=list)


class WireNote(Wire):
    """A note (v1)."""

    id: int
    content: str = ""


class WireWebhook(Wire):
    """A registered webhook (v1)."""

    id: int
    event_action: str = ""
    event_object: str = ""
    subscription_url: str = ""
    name: str | None = None
    is_active: bool = True


class WireAddress(Wire):
    """An address: the text that a person sees, and the parts that a map service made of it."""

    value: str | None = None
    country: str | None = None
    admin_area_level_1: str | None = None
    admin_area_level_2: str | None = None
    locality: str | None = None
    sublocality: str | None = None
    route: str | None = None
    street_number: str | None = None
    subpremise: str | None = None
    postal_code: str | None = None


class WireContactPoint(Wire):
    """One of a person's e-mail addresses or phone numbers."""

    value: str = ""
    primary: bool = False


class WireDeal(Wire):
    """A deal."""

    id: int
    title: str
    value: Decimal | None = None
    currency: str
    status: str
    is_deleted: bool = False
    is_archived: bool = False
    owner_id: int | None = None
    person_id: int | None = None
    org_id: int | None = None
    expected_close_date: str | None = None
    custom_fields: dict[str, Any] = Field(default_factory=dict)


class WireFoundDeal(Wire):
    """A deal as searches find it."""

    id: int
    title: str
    is_archived: bool = False


class WireFound(Wire):
    """One hit of a search for deals."""

    item: WireFoundDeal


class WireOrganization(Wire):
    """An organization."""

    id: int
    name: str
    address: WireAddress | None = None
    website: str | None = None
    linkedin: str | None = None
    annual_revenue: Decimal | None = None
    employee_count: int | None = None
    custom_fields: dict[str, Any] = Field(default_factory=dict)


class WirePerson(Wire):
    """A person. `postal_address` and `job_title` come only where contact sync is on."""

    id: int
    name: str
    org_id: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    emails: list[WireContactPoint] = Field(default_factory=list)
    phones: list[WireContactPoint] = Field(default_factory=list)
    postal_address: WireAddress | None = None
    job_title: str | None = None
    custom_fields: dict[str, Any] = Field(default_factory=dict)

    @field_validator("emails", "phones", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return value or []


class WireLine(Wire):
    """A product on a deal. `tax` is a percentage, `discount` a percentage or an amount off the line."""

    id: int
    product_id: int
    product_variation_id: int | None = None
    name: str
    order_nr: int | None = None
    comments: str | None = None
    quantity: Decimal
    item_price: Decimal
    tax: Decimal = Decimal(0)
    tax_method: TaxHandling = TaxHandling.EXCLUSIVE
    discount: Decimal = Decimal(0)
    discount_type: str = "percentage"
    is_enabled: bool = True
    billing_frequency: Billing = Billing.ONE_TIME
    billing_start_date: date | None = None
    sum: Decimal = Decimal(0)

    @field_validator("tax", "discount", mode="before")
    @classmethod
    def _none_is_zero(cls, value: object) -> object:
        return 0 if value is None else value

    @field_validator("billing_frequency", mode="before")
    @classmethod
    def _none_is_one_time(cls, value: object) -> object:
        # Plans below Growth know no frequency (pipedrive.md §3.3).
        return value or Billing.ONE_TIME


class WireDiscount(Wire):
    """A discount on the whole deal."""

    type: str
    amount: Decimal
    description: str | None = None


class WireInstalment(Wire):
    """A part of the deal's value that is billed on its own date."""

    id: int
    amount: Decimal
    billing_date: date
    description: str | None = None


class WireProduct(Wire):
    """A product of the catalogue."""

    id: int
    name: str = ""
    code: str | None = None
    tax: Decimal | None = None


class WireVariation(Wire):
    """A variation of a product."""

    id: int
    name: str = ""


class WireOption(Wire):
    """One choice of a field. Built-in fields have texts for ids."""

    id: int | str
    label: str = ""


class WireActivity(Wire):
    """An activity."""

    id: int
    note: str | None = None


class WireFile(Wire):
    """A file (v1)."""

    id: int
    name: str = ""


class WireField(Wire):
    """What a field is (metadata)."""

    field_code: str
    field_name: str
    field_type: str
    is_custom_field: bool = False
    options: tuple[WireOption, ...] | None = None
