"""From a deal to a draft: who is billed, and for which lines. Pure: all that is needed comes in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from duebill.domain.books import CustomerDetails, NewItem
from duebill.domain.deal import (
    NO_ADDRESS,
    Address,
    Billing,
    Buyer,
    Deal,
    DealContent,
    DealProduct,
    Discount,
    FieldRef,
    FieldValue,
    Instalment,
    RecordKind,
)
from duebill.domain.draft import DraftLine
from duebill.domain.ids import ItemId, ProductId
from duebill.domain.money import rounded
from duebill.domain.settings import ConnectionSettings, CustomerMapping, UnlinkedLine, rate_key
from duebill.errors import Problem, Severity


@dataclass(frozen=True, slots=True)
class LineNotice:
    """Something about a line that a person should know: `recurring`, `total_differs`."""

    code: str
    line: int


def details_of(buyer: Buyer, deal: Deal, mapping: CustomerMapping) -> CustomerDetails:
    """The customer's details by the mapping; a deal without an organization bills its person."""
    records = {RecordKind.DEAL: deal.record}
    if buyer.organization:
        records[RecordKind.ORGANIZATION] = buyer.organization
    if buyer.person:
        records[RecordKind.PERSON] = buyer.person

    def value(ref: FieldRef | None) -> FieldValue | None:
        if ref is None:
            return None
        record = records.get(ref.record)
        if record is None and ref.record is RecordKind.ORGANIZATION:
            record = records.get(RecordKind.PERSON)
        return record.values.get(ref.code) if record else None

    name, address, email, tax_id = (
        value(ref) for ref in (mapping.name, mapping.address, mapping.email, mapping.tax_id)
    )
    return CustomerDetails(
        name=_text(name) or buyer.name,
        address=_address(address),
        email=_text(email),
        tax_id=_text(tax_id),
    )


def missing_fields(mapping: CustomerMapping, known: Iterable[FieldRef]) -> tuple[Problem, ...]:
    """A warning for each mapped field that was deleted in the CRM since."""
    existing = frozenset(known)
    mapped = {"name": mapping.name, "address": mapping.address, "email": mapping.email, "tax_id": mapping.tax_id}
    return tuple(
        Problem(
            "mapped_field_deleted",
            f"The Pipedrive field that filled the customer's {part.replace('_', ' ')} no longer exists. "
            "Type it here for this invoice, and choose another field in Duebill's settings.",
            Severity.WARN,
            fields=(f"/details/{part}",),
            values={"part": part, "record": ref.record.value, "field": ref.code},
        )
        for part, ref in mapped.items()
        if ref is not None and ref not in existing
    )


def lines_of(deal: Deal, content: DealContent, instalment: Instalment | None) -> tuple[DraftLine, ...]:
    """A deal's lines: its enabled products and discounts, or one instalment, or the deal's value as one line."""
    products = tuple(product for product in content.products if product.is_enabled)
    if instalment is not None:
        return (_instalment_line(deal, products, instalment),)
    if not products:
        return (DraftLine(description=deal.title, quantity=Decimal(1), unit_price=deal.value),)
    lines = tuple(_product_line(product) for product in products)
    return lines + deal_discount_lines(lines, content.discounts, deal.currency)


def deal_discount_lines(
    lines: tuple[DraftLine, ...], discounts: tuple[Discount, ...], currency: str
) -> tuple[DraftLine, ...]:
    """The deal-wide discounts as negative lines, one for each discount and tax rate, so that the tax stays right.

    An amount is shared among the rates in proportion, to the cent; the largest remainder takes what rounding leaves.
    """
    by_rate: dict[Decimal | None, Decimal] = {}
    for line in lines:
        by_rate[line.tax_rate] = by_rate.get(line.tax_rate, Decimal(0)) + line.amount(currency)
    return tuple(
        DraftLine(
            description=_discount_text(discount, rate if len(by_rate) > 1 else None),
            quantity=Decimal(1),
            unit_price=-share,
            tax_rate=rate,
        )
        for discount in discounts
        for rate, share in _shares(discount, by_rate, currency).items()
        if share
    )


def with_books(
    lines: tuple[DraftLine, ...],
    items: Mapping[ProductId, tuple[ItemId, str]],
    settings: ConnectionSettings,
    products: Mapping[ProductId, DealProduct],
) -> tuple[DraftLine, ...]:
    """The lines with what the settings and the remembered links say of the books: item and tax code."""
    linked_products = [line.product for line in lines if line.product is not None and line.product in items]
    first_item = items[linked_products[0]] if linked_products else None

    def linked(line: DraftLine) -> DraftLine:
        code = settings.tax_codes.get(rate_key(line.tax_rate or Decimal(0)))
        line = replace(line, tax_code=code)
        if line.product is not None and line.product in items:
            item, name = items[line.product]
            return replace(line, item=item, item_name=name)
        if line.product is None and line.unit_price < 0 and not settings.default_item and first_item:
            return replace(line, item=first_item[0], item_name=first_item[1])
        return _unlinked(line, settings, products)

    return tuple(linked(line) for line in lines)


def notices_of(lines: tuple[DraftLine, ...], content: DealContent, currency: str) -> tuple[LineNotice, ...]:
    """What a person should know of the product lines, which come first and in the CRM's order."""
    enabled = [product for product in content.products if product.is_enabled]
    notices = []
    for index, (line, product) in enumerate(zip(lines, enabled, strict=False)):
        if line.product != product.product:
            continue
        if product.billing is not Billing.ONE_TIME:
            notices.append(LineNotice("recurring", index))
        # Whether the CRM's sum holds exclusive tax is not documented (pipedrive.md §3.3): only a sum that fits
        # neither reading is worth a word.
        net = line.amount(currency)
        taxed = rounded(net * (100 + product.tax_rate) / 100, currency)
        if rounded(product.total, currency) not in (net, taxed):
            notices.append(LineNotice("total_differs", index))
    return tuple(notices)


def _unlinked(line: DraftLine, settings: ConnectionSettings, products: Mapping[ProductId, DealProduct]) -> DraftLine:
    by_default = settings.unlinked_line is UnlinkedLine.DEFAULT_ITEM or line.product is None
    if by_default and settings.default_item:
        return replace(line, item=settings.default_item, item_name=settings.default_item_name)
    product = products.get(line.product) if line.product is not None else None
    if settings.unlinked_line is UnlinkedLine.CREATE_ITEM and product is not None:
        new = NewItem(
            name=product.name,
            code=product.code,
            description=product.description,
            unit_price=product.unit_price,
            income_account=settings.income_account,
        )
        return replace(line, new_item=new)
    return line


def _product_line(product: DealProduct) -> DraftLine:
    text = f"{product.name}\n{product.description}" if product.description else product.name
    return DraftLine(
        description=text,
        quantity=product.quantity,
        unit_price=product.unit_price,
        discount=product.discount,
        product=product.product,
        tax_rate=product.tax_rate,
    )


def _instalment_line(deal: Deal, products: tuple[DealProduct, ...], instalment: Instalment) -> DraftLine:
    rates = {product.tax_rate for product in products}
    return DraftLine(
        description=f"{deal.title}: {instalment.description}" if instalment.description else deal.title,
        quantity=Decimal(1),
        unit_price=instalment.amount,
        tax_rate=rates.pop() if len(rates) == 1 else None,
    )


type _Rate = Decimal | None


def _shares(discount: Discount, by_rate: Mapping[_Rate, Decimal], currency: str) -> dict[_Rate, Decimal]:
    if discount.percent is not None:
        return {rate: rounded(net * discount.percent / 100, currency) for rate, net in by_rate.items()}
    whole = rounded(discount.amount or Decimal(0), currency)
    total = sum(by_rate.values(), Decimal(0))
    if not total:
        return {next(iter(by_rate)): whole} if by_rate else {}
    shares = {rate: rounded(whole * net / total, currency) for rate, net in by_rate.items()}
    largest = max(by_rate, key=lambda rate: abs(by_rate[rate]))
    shares[largest] += whole - sum(shares.values(), Decimal(0))
    return shares


def _discount_text(discount: Discount, rate: Decimal | None) -> str:
    name = discount.description or "Discount"
    size = f" {rate_key(discount.percent)} %" if discount.percent is not None else ""
    return f"{name}{size}" + (f" (tax rate {rate_key(rate)} %)" if rate is not None else "")


def _text(value: FieldValue | None) -> str:
    return value.text.strip() if value else ""


def _address(value: FieldValue | None) -> Address:
    if value is None:
        return NO_ADDRESS
    return value.address or Address(lines=tuple(line.strip() for line in value.text.splitlines() if line.strip()))
