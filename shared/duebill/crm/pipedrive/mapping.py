"""Pipedrive's documents in the domain's words. Pure: nothing is asked here."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from duebill.crm.pipedrive.addresses import address_value
from duebill.crm.pipedrive.fields import custom_values, number_value, primary, text_value
from duebill.crm.pipedrive.wire import (
    WireDeal,
    WireDiscount,
    WireInstalment,
    WireLine,
    WireOrganization,
    WirePerson,
    WireProduct,
    WireUser,
    WireWebhook,
)
from duebill.domain.crm_webhooks import Subscription
from duebill.domain.deal import (
    Deal,
    DealProduct,
    Discount,
    FieldValue,
    Instalment,
    Record,
    RecordKind,
    TaxHandling,
)
from duebill.domain.ids import CompanyId, DealId, ProductId, UserId
from duebill.domain.installation import CrmUser
from duebill.domain.settings import rate_key

_PERCENTAGE = "percentage"
# Which of the two makes an admin is not documented; either counts (pipedrive.md §3.7, unverified).
_ADMIN_APPS = ("global", "account_settings")


def user(wire: WireUser) -> CrmUser:
    """The user of the token."""
    language = wire.language.language_code if wire.language else None
    return CrmUser(
        company=CompanyId(wire.company_id),
        user=UserId(wire.id),
        name=wire.name,
        is_admin=any(access.admin for access in wire.access if access.app in _ADMIN_APPS),
        company_name=wire.company_name,
        language=language or "en",
        time_zone=wire.timezone_name or None,
    )


def deal(wire: WireDeal) -> Deal:
    """A deal. Its value stands as Pipedrive has it, in the deal's own currency."""
    value = wire.value if wire.value is not None else Decimal(0)
    own = {
        "title": text_value(wire.title),
        "value": number_value(value),
        "currency": text_value(wire.currency),
        "expected_close_date": text_value(wire.expected_close_date),
    }
    return Deal(
        id=DealId(wire.id),
        title=wire.title,
        value=value,
        currency=wire.currency,
        status="deleted" if wire.is_deleted else wire.status,
        is_archived=wire.is_archived,
        owner=None if wire.owner_id is None else UserId(wire.owner_id),
        organization=wire.org_id,
        person=wire.person_id,
        record=Record(RecordKind.DEAL, wire.id, wire.title, _values(own, custom_values(wire.custom_fields))),
    )


def organization(wire: WireOrganization) -> Record:
    """An organization with what its fields hold."""
    own = {
        "name": text_value(wire.name),
        "address": address_value(wire.address),
        "website": text_value(wire.website),
        "linkedin": text_value(wire.linkedin),
        "annual_revenue": number_value(wire.annual_revenue),
        "employee_count": number_value(wire.employee_count),
    }
    return Record(RecordKind.ORGANIZATION, wire.id, wire.name, _values(own, custom_values(wire.custom_fields)))


def person(wire: WirePerson) -> Record:
    """A person with what their fields hold; of several addresses and numbers the primary one."""
    own = {
        "name": text_value(wire.name),
        "first_name": text_value(wire.first_name),
        "last_name": text_value(wire.last_name),
        "email": primary(wire.emails),
        "phone": primary(wire.phones),
        "postal_address": address_value(wire.postal_address),
        "job_title": text_value(wire.job_title),
    }
    return Record(RecordKind.PERSON, wire.id, wire.name, _values(own, custom_values(wire.custom_fields)))


def in_order(lines: Iterable[WireLine]) -> list[WireLine]:
    """The lines as the deal shows them: by their order number, those without one last, then by id."""
    return sorted(lines, key=lambda line: (line.order_nr is None, line.order_nr or 0, line.id))


def product(wire: WireLine, code: str, variation: str) -> DealProduct:
    """A line of the deal. `variation` is the name of the variation that was sold, empty where there is none."""
    return DealProduct(
        product=ProductId(wire.product_id),
        name=_full_name(wire.name, variation),
        code=code,
        description=(wire.comments or "").strip(),
        quantity=wire.quantity,
        unit_price=wire.item_price,
        # Under "none" Pipedrive keeps the percentage and does not apply it.
        tax_rate=Decimal(0) if wire.tax_method is TaxHandling.NONE else wire.tax,
        discount=_discount(wire.discount_type, wire.discount, ""),
        is_enabled=wire.is_enabled,
        billing=wire.billing_frequency,
        billing_start=wire.billing_start_date,
        total=wire.sum,
    )


def deal_discount(wire: WireDiscount) -> Discount | None:
    """A discount on the whole deal, or None where it takes nothing off."""
    return _discount(wire.type, wire.amount, (wire.description or "").strip())


def instalment(wire: WireInstalment) -> Instalment:
    """An instalment."""
    return Instalment(wire.id, wire.amount, wire.billing_date, (wire.description or "").strip())


def tax_handling(lines: Iterable[WireLine]) -> TaxHandling:
    """How the deal's prices hold tax: Pipedrive keeps it equal on all lines (pipedrive.md §0.9).

    Of lines that differ all the same, the first enabled one that is taxed decides.
    """
    methods = [line.tax_method for line in sorted(in_order(lines), key=lambda line: not line.is_enabled)]
    taxed = [method for method in methods if method is not TaxHandling.NONE]
    if taxed:
        return taxed[0]
    return TaxHandling.NONE if methods else TaxHandling.EXCLUSIVE


def rates(products: Iterable[WireProduct]) -> tuple[str, ...]:
    """The tax rates that occur, smallest first."""
    found = {rate_key(product.tax) for product in products if product.tax is not None}
    return tuple(sorted(found, key=Decimal))


def _full_name(name: str, variation: str) -> str:
    name, variation = name.strip(), variation.strip()
    if not variation or variation.lower() in name.lower():
        return name
    return f"{name} ({variation})"


def _discount(kind: str, size: Decimal, description: str) -> Discount | None:
    if not size:
        return None
    if kind == _PERCENTAGE:
        return Discount(percent=size, description=description)
    return Discount(amount=size, description=description)


def _values(own: Mapping[str, FieldValue | None], custom: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    return {**{code: value for code, value in own.items() if value is not None}, **custom}


def subscription(webhook: WireWebhook) -> Subscription:
    """What a registered webhook tells, and to whom."""
    return Subscription(
        entity=webhook.event_object,
        action=webhook.event_action,
        url=webhook.subscription_url,
        name=webhook.name or "",
        id=webhook.id,
        is_active=webhook.is_active,
    )
