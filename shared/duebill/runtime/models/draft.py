"""Drafts as the pages send and receive them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from duebill.domain.books import Customer, CustomerDetails, Item, NewItem
from duebill.domain.connection import Connection
from duebill.domain.deal import Discount, TaxHandling
from duebill.domain.draft import Creation, Draft, DraftLine, Totals
from duebill.domain.ids import ConnectionId, CustomerId, InvoiceId, ItemId, ProductId
from duebill.errors import Problem
from duebill.runtime.models.common import (
    AddressModel,
    Amount,
    Id,
    LongText,
    Model,
    MoneyModel,
    NamedModel,
    ProblemModel,
    ShortText,
    TaxCodeModel,
    TrackingCategoryModel,
    TrackingModel,
)
from duebill.runtime.models.connections import BooksModel
from duebill.use_cases.prefill_draft import Prefill
from duebill.use_cases.preview_draft import Preview

MOST_LINES_READ = 1000  # more than an invoice can have, so that one line too many gets its own problem


class DetailsModel(Model):
    """Who the invoice is made out to."""

    name: ShortText
    address: AddressModel = AddressModel()
    email: ShortText = ""
    tax_id: ShortText = ""

    @staticmethod
    def of(details: CustomerDetails) -> "DetailsModel":
        """From the domain's."""
        return DetailsModel(
            name=details.name, address=AddressModel.of(details.address), email=details.email, tax_id=details.tax_id
        )

    def to_domain(self) -> CustomerDetails:
        """To the domain's."""
        return CustomerDetails(self.name, self.address.to_domain(), self.email, self.tax_id)


class DiscountModel(Model):
    """A percentage or an amount off the whole line."""

    percent: Amount | None = None
    amount: Amount | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "DiscountModel":
        if (self.percent is None) == (self.amount is None):
            raise ValueError("give either percent or amount")
        return self


class NewItemModel(Model):
    """An item to be created with the invoice."""

    name: ShortText
    code: ShortText = ""
    description: LongText = ""
    unit_price: Amount | None = None
    income_account: Id | None = None

    @staticmethod
    def of(item: NewItem) -> "NewItemModel":
        """From the domain's."""
        return NewItemModel(
            name=item.name,
            code=item.code,
            description=item.description,
            unit_price=item.unit_price,
            income_account=item.income_account,
        )

    def to_domain(self) -> NewItem:
        """To the domain's."""
        return NewItem(self.name, self.code, self.description, self.unit_price, self.income_account)


class LineModel(Model):
    """One line. Prices are in the draft's currency."""

    description: LongText = ""
    quantity: Amount
    unit_price: Amount
    discount: DiscountModel | None = None
    product_id: int | None = None
    item_id: Id | None = None
    item_name: ShortText = ""
    new_item: NewItemModel | None = None
    tax_rate: Amount | None = None
    tax_code: Id | None = None
    tracking: Annotated[list[TrackingModel], Field(max_length=10)] = Field(default_factory=list)

    @staticmethod
    def of(line: DraftLine) -> "LineModel":
        """From the domain's."""
        discount = line.discount
        return LineModel(
            description=line.description,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=DiscountModel(percent=discount.percent, amount=discount.amount) if discount else None,
            product_id=line.product,
            item_id=line.item,
            item_name=line.item_name,
            new_item=NewItemModel.of(line.new_item) if line.new_item else None,
            tax_rate=line.tax_rate,
            tax_code=line.tax_code,
            tracking=[TrackingModel.of(one) for one in line.tracking],
        )

    def to_domain(self) -> DraftLine:
        """To the domain's."""
        return DraftLine(
            description=self.description,
            quantity=self.quantity,
            unit_price=self.unit_price,
            discount=Discount(self.discount.percent, self.discount.amount) if self.discount else None,
            product=ProductId(self.product_id) if self.product_id is not None else None,
            item=ItemId(self.item_id) if self.item_id else None,
            item_name=self.item_name,
            new_item=self.new_item.to_domain() if self.new_item and not self.item_id else None,
            tax_rate=self.tax_rate,
            tax_code=self.tax_code,
            tracking=tuple(one.to_domain() for one in self.tracking),
        )


class DraftModel(Model):
    """The whole of what a person asks for."""

    connection_id: Id
    customer_id: Id | None = None
    create_customer: bool = False
    details: DetailsModel
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    tax_handling: Literal["exclusive", "inclusive", "none"]
    lines: Annotated[list[LineModel], Field(max_length=MOST_LINES_READ)]
    issued_on: date
    due_on: date | None = None
    term_id: Id | None = None
    memo: LongText = ""
    po_number: ShortText = ""
    number: ShortText | None = None
    instalment_id: int | None = None
    creation: Literal["save", "submit", "approve"] = "approve"
    template_id: Id | None = None
    account_id: Id | None = None
    tracking: Annotated[list[TrackingModel], Field(max_length=10)] = Field(default_factory=list)
    copy_of: Id | None = None

    @staticmethod
    def of(draft: Draft) -> "DraftModel":
        """From the domain's."""
        return DraftModel(
            connection_id=draft.connection,
            customer_id=draft.customer,
            create_customer=draft.create_customer,
            details=DetailsModel.of(draft.details),
            currency=draft.currency,
            tax_handling=draft.tax_handling.value,
            lines=[LineModel.of(line) for line in draft.lines],
            issued_on=draft.issued_on,
            due_on=draft.due_on,
            term_id=draft.term,
            memo=draft.memo,
            po_number=draft.po_number,
            number=draft.number,
            instalment_id=draft.instalment,
            creation=draft.creation.value,
            template_id=draft.template,
            account_id=draft.account,
            tracking=[TrackingModel.of(one) for one in draft.tracking],
            copy_of=draft.copy_of,
        )

    def to_domain(self) -> Draft:
        """To the domain's; an empty number is none."""
        return Draft(
            connection=ConnectionId(self.connection_id),
            customer=CustomerId(self.customer_id) if self.customer_id else None,
            details=self.details.to_domain(),
            currency=self.currency,
            tax_handling=TaxHandling(self.tax_handling),
            lines=tuple(line.to_domain() for line in self.lines),
            issued_on=self.issued_on,
            due_on=self.due_on,
            term=self.term_id,
            memo=self.memo,
            po_number=self.po_number,
            number=self.number or None,
            create_customer=self.create_customer and not self.customer_id,
            instalment=self.instalment_id,
            creation=Creation(self.creation),
            template=self.template_id,
            account=self.account_id,
            tracking=tuple(one.to_domain() for one in self.tracking),
            copy_of=InvoiceId(self.copy_of) if self.copy_of else None,
        )


class CustomerModel(Model):
    """A customer of the books."""

    id: str
    name: str
    email: str
    address: AddressModel
    currency: str
    is_active: bool

    @staticmethod
    def of(customer: Customer) -> "CustomerModel":
        """From the domain's."""
        return CustomerModel(
            id=customer.id,
            name=customer.details.name,
            email=customer.details.email,
            address=AddressModel.of(customer.details.address),
            currency=customer.currency,
            is_active=customer.is_active,
        )


class ItemModel(Model):
    """An item of the books."""

    id: str
    name: str
    code: str
    description: str
    unit_price: Amount | None

    @staticmethod
    def of(item: Item) -> "ItemModel":
        """From the domain's."""
        return ItemModel(
            id=item.id, name=item.name, code=item.code, description=item.description, unit_price=item.unit_price
        )


class InstalmentModel(Model):
    """An instalment of the deal that can be invoiced."""

    id: int
    amount: MoneyModel
    billing_date: date
    description: str


class NoticeModel(Model):
    """Something about a line that a person should know: `recurring`, `total_differs`."""

    code: str
    line: int


class SuggestionModel(Model):
    """An item that a line may stand for."""

    line: int
    item: ItemModel


class PrefillModel(Model):
    """A draft ready to be looked at. Send `basis` back as If-Match. `books`: where this person may create invoices.

    `currencies`: the deal's first, then those of the books.
    """

    language: str
    books: list[BooksModel]
    draft: DraftModel
    basis: str
    customer: CustomerModel | None
    customer_suggestions: list[CustomerModel]
    item_suggestions: list[SuggestionModel]
    instalments: list[InstalmentModel]
    tax_codes: list[TaxCodeModel]
    terms: list[NamedModel]
    templates: list[NamedModel]
    tracking_categories: list[TrackingCategoryModel]
    currencies: list[str]
    features: list[str]
    may_approve: bool
    notices: list[NoticeModel]
    problems: list[ProblemModel]

    @staticmethod
    def of(prefill: Prefill, books: Sequence[Connection], language: str) -> "PrefillModel":
        """From the use case's."""
        return PrefillModel(
            language=language,
            books=[BooksModel.of(connection) for connection in books],
            draft=DraftModel.of(prefill.draft),
            basis=str(prefill.basis),
            customer=CustomerModel.of(prefill.customer) if prefill.customer else None,
            customer_suggestions=[CustomerModel.of(customer) for customer in prefill.customer_suggestions],
            item_suggestions=[
                SuggestionModel(line=line, item=ItemModel.of(item)) for line, item in prefill.item_suggestions.items()
            ],
            instalments=[
                InstalmentModel(
                    id=instalment.id,
                    amount=MoneyModel.of(instalment.amount, prefill.draft.currency),
                    billing_date=instalment.billing_date,
                    description=instalment.description,
                )
                for instalment in prefill.instalments
            ],
            tax_codes=[TaxCodeModel.of(code) for code in prefill.options.tax_codes],
            terms=[NamedModel(id=term.id, name=term.name) for term in prefill.options.terms],
            templates=[NamedModel(id=one.id, name=one.name) for one in prefill.options.templates],
            tracking_categories=[TrackingCategoryModel.of(one) for one in prefill.options.tracking],
            currencies=list(dict.fromkeys((prefill.draft.currency, *prefill.options.currencies))),
            features=sorted(feature.value for feature in prefill.features),
            may_approve=prefill.options.may_approve,
            notices=[NoticeModel(code=notice.code, line=notice.line) for notice in prefill.notices],
            problems=[ProblemModel.of(problem) for problem in prefill.problems],
        )


class TaxTotalModel(Model):
    """The tax of one rate."""

    name: str
    rate: Amount
    net: MoneyModel
    tax: MoneyModel


class TotalsModel(Model):
    """What the books will compute; `tax` and `total` are null where the books decide the tax."""

    net: MoneyModel
    tax: MoneyModel | None
    total: MoneyModel | None
    taxes: list[TaxTotalModel]
    books_decide_tax: bool

    @staticmethod
    def of(totals: Totals) -> "TotalsModel":
        """From the domain's."""
        currency = totals.currency
        return TotalsModel(
            net=MoneyModel.of(totals.net, currency),
            tax=MoneyModel.of(totals.tax, currency) if totals.tax is not None else None,
            total=MoneyModel.of(totals.total, currency) if totals.total is not None else None,
            taxes=[
                TaxTotalModel(
                    name=tax.name,
                    rate=tax.rate,
                    net=MoneyModel.of(tax.net, currency),
                    tax=MoneyModel.of(tax.tax, currency),
                )
                for tax in totals.taxes
            ],
            books_decide_tax=totals.total is None,
        )


class PreviewModel(Model):
    """Totals and all problems of a draft."""

    totals: TotalsModel
    problems: list[ProblemModel]
    can_be_created: bool

    @staticmethod
    def of(preview: Preview) -> "PreviewModel":
        """From the use case's."""
        return PreviewModel(
            totals=TotalsModel.of(preview.totals),
            problems=[ProblemModel.of(problem) for problem in preview.problems],
            can_be_created=preview.can_be_created,
        )


class NewCustomerModel(Model):
    """A customer to create."""

    details: DetailsModel
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class LinkCustomerModel(Model):
    """Which customer the deal's buyer is. `push` sends address, e-mail and tax id to the books where they differ."""

    connection_id: Id
    customer_id: Id
    push: DetailsModel | None = None
    overwrite_tax_id: bool = False


class LinkedCustomerModel(Model):
    """The linked customer as the books have it now, and what could not be done."""

    customer: CustomerModel
    problems: list[ProblemModel]

    @staticmethod
    def of(customer: Customer, problems: tuple[Problem, ...]) -> "LinkedCustomerModel":
        """From the use case's."""
        return LinkedCustomerModel(
            customer=CustomerModel.of(customer), problems=[ProblemModel.of(problem) for problem in problems]
        )


class LinkItemModel(Model):
    """Which item a product is."""

    item_id: Id
