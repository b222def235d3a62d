"""Preferences as the settings page sends and receives them."""

from typing import Annotated, Literal

from pydantic import Field

from duebill.domain.books import BooksOptions
from duebill.domain.deal import CrmField, FieldRef, RecordKind, TaxHandling
from duebill.domain.draft import Creation
from duebill.domain.features import Feature
from duebill.domain.ids import ConnectionId, ItemId
from duebill.domain.settings import (
    Audience,
    CompanySettings,
    ConnectionSettings,
    CustomerMapping,
    Roles,
    UnlinkedLine,
)
from duebill.domain.write_back import DealFieldCodes
from duebill.runtime.models.common import (
    Id,
    Model,
    NamedModel,
    ProblemModel,
    ShortText,
    TaxCodeModel,
    TrackingCategoryModel,
    TrackingModel,
)

type AudienceWord = Literal["manager", "admins", "everyone"]


class FieldRefModel(Model):
    """A field of the CRM."""

    record: Literal["organization", "person", "deal"]
    code: Id

    @staticmethod
    def of(ref: FieldRef | None) -> "FieldRefModel | None":
        """From the domain's."""
        return FieldRefModel(record=ref.record.value, code=ref.code) if ref else None

    def to_domain(self) -> FieldRef:
        """To the domain's."""
        return FieldRef(RecordKind(self.record), self.code)


class MappingModel(Model):
    """Which field fills what; null leaves it empty."""

    name: FieldRefModel | None
    address: FieldRefModel | None
    email: FieldRefModel | None
    tax_id: FieldRefModel | None

    def to_domain(self) -> CustomerMapping:
        """To the domain's."""
        return CustomerMapping(
            name=self.name.to_domain() if self.name else None,
            address=self.address.to_domain() if self.address else None,
            email=self.email.to_domain() if self.email else None,
            tax_id=self.tax_id.to_domain() if self.tax_id else None,
        )


class RolesModel(Model):
    """Who may see, create, act on and approve invoices."""

    see: AudienceWord
    create: AudienceWord
    act: AudienceWord
    approve: AudienceWord


class CompanySettingsModel(Model):
    """A company's preferences. `fields_on_deal`: the app makes deal fields for status, amount due, number and link."""

    mapping: MappingModel
    due_days: Annotated[int, Field(ge=0, le=365)]
    use_term: bool
    note_on_deal: bool
    fields_on_deal: bool = False
    activity_on_deal: bool = False
    pdf_on_deal: bool = False
    roles: RolesModel
    default_connection_id: Id | None

    @staticmethod
    def of(settings: CompanySettings) -> "CompanySettingsModel":
        """From the domain's."""
        mapping, roles = settings.mapping, settings.roles
        return CompanySettingsModel(
            mapping=MappingModel(
                name=FieldRefModel.of(mapping.name),
                address=FieldRefModel.of(mapping.address),
                email=FieldRefModel.of(mapping.email),
                tax_id=FieldRefModel.of(mapping.tax_id),
            ),
            due_days=settings.due_days,
            use_term=settings.use_term,
            note_on_deal=settings.note_on_deal,
            fields_on_deal=settings.deal_fields is not None,
            activity_on_deal=settings.activity_on_deal,
            pdf_on_deal=settings.pdf_on_deal,
            roles=RolesModel(
                see=roles.see.value, create=roles.create.value, act=roles.act.value, approve=roles.approve.value
            ),
            default_connection_id=settings.default_connection,
        )

    def to_domain(self, deal_fields: DealFieldCodes | None) -> CompanySettings:
        """To the domain's, with the codes of the fields that the app made."""
        roles = self.roles
        return CompanySettings(
            mapping=self.mapping.to_domain(),
            due_days=self.due_days,
            use_term=self.use_term,
            note_on_deal=self.note_on_deal,
            deal_fields=deal_fields if self.fields_on_deal else None,
            activity_on_deal=self.activity_on_deal,
            pdf_on_deal=self.pdf_on_deal,
            roles=Roles(Audience(roles.see), Audience(roles.create), Audience(roles.act), Audience(roles.approve)),
            default_connection=ConnectionId(self.default_connection_id) if self.default_connection_id else None,
        )


class SettingsAnswerModel(Model):
    """Preferences with what is wrong with them now, as a field that was deleted since."""

    settings: CompanySettingsModel
    problems: list[ProblemModel]


class CrmFieldModel(Model):
    """A field that can be mapped."""

    record: str
    code: str
    name: str
    type: str
    is_custom: bool

    @staticmethod
    def of(field: CrmField) -> "CrmFieldModel":
        """From the domain's."""
        return CrmFieldModel(
            record=field.ref.record.value,
            code=field.ref.code,
            name=field.name,
            type=field.type.value,
            is_custom=field.is_custom,
        )


# No endpoint and no token of Pipedrive's says how somebody signed in (docs/security.md, "How people sign in").
SIGN_IN_ADVICE = (
    "Whoever can sign in to Pipedrive as you can invoice as you. Pipedrive does not tell apps whether a second factor "
    "or single sign-on is used, so Duebill cannot ask for it: let an admin require one of them for everyone, in "
    "Pipedrive under Settings, Security center."
)


class SettingsOptionsModel(Model):
    """What there is to choose from in the CRM. `sign_in_advice`: what to require there, since no app can see it."""

    fields: list[CrmFieldModel]
    tax_rates: list[str]
    sign_in_advice: str = SIGN_IN_ADVICE


class ConnectionSettingsModel(Model):
    """A connection's preferences. `tax_codes`: the books' code for each rate of the CRM, as in {"20": "3"}."""

    default_item_id: Id | None = None
    default_item_name: ShortText = ""
    income_account_id: Id | None = None
    unlinked_line: Literal["stop", "default_item", "create_item"] = "stop"
    tax_codes: dict[Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,4})?$")], Id] = Field(default_factory=dict)
    term_id: Id | None = None
    creation: Literal["save", "submit", "approve"] | None = None
    template_id: Id | None = None
    tax_handling: Literal["exclusive", "inclusive", "none"] | None = None
    tracking: Annotated[list[TrackingModel], Field(max_length=10)] = Field(default_factory=list)

    @staticmethod
    def of(settings: ConnectionSettings) -> "ConnectionSettingsModel":
        """From the domain's."""
        return ConnectionSettingsModel(
            default_item_id=settings.default_item,
            default_item_name=settings.default_item_name,
            income_account_id=settings.income_account,
            unlinked_line=settings.unlinked_line.value,
            tax_codes=dict(settings.tax_codes),
            term_id=settings.term,
            creation=settings.creation.value if settings.creation else None,
            template_id=settings.template,
            tax_handling=settings.tax_handling.value if settings.tax_handling else None,
            tracking=[TrackingModel.of(one) for one in settings.tracking],
        )

    def to_domain(self) -> ConnectionSettings:
        """To the domain's."""
        return ConnectionSettings(
            default_item=ItemId(self.default_item_id) if self.default_item_id else None,
            default_item_name=self.default_item_name,
            income_account=self.income_account_id,
            unlinked_line=UnlinkedLine(self.unlinked_line),
            tax_codes=self.tax_codes,
            term=self.term_id,
            creation=Creation(self.creation) if self.creation else None,
            template=self.template_id,
            tax_handling=TaxHandling(self.tax_handling) if self.tax_handling else None,
            tracking=tuple(one.to_domain() for one in self.tracking),
        )


class ConnectionSettingsAnswerModel(Model):
    """Preferences with what is wrong with them now."""

    settings: ConnectionSettingsModel
    problems: list[ProblemModel]


class ConnectionOptionsModel(Model):
    """What there is to choose from in the books, and a suggested tax code for each rate of the CRM."""

    accounts: list[NamedModel]
    tax_codes: list[TaxCodeModel]
    terms: list[NamedModel]
    currencies: list[str]
    templates: list[NamedModel]
    tracking_categories: list[TrackingCategoryModel]
    features: list[str]
    may_approve: bool
    custom_numbers: bool
    tax_model: str
    tax_rates: list[str]
    suggested_tax_codes: dict[str, str]

    @staticmethod
    def of(
        options: BooksOptions,
        *,
        features: frozenset[Feature],
        tax_model: str,
        tax_rates: tuple[str, ...],
        suggested: dict[str, str],
    ) -> "ConnectionOptionsModel":
        """From the domain's."""
        return ConnectionOptionsModel(
            accounts=[NamedModel(id=account.id, name=account.name) for account in options.accounts],
            tax_codes=[TaxCodeModel.of(code) for code in options.tax_codes],
            terms=[NamedModel(id=term.id, name=term.name) for term in options.terms],
            currencies=list(options.currencies),
            templates=[NamedModel(id=one.id, name=one.name) for one in options.templates],
            tracking_categories=[TrackingCategoryModel.of(one) for one in options.tracking],
            features=sorted(feature.value for feature in features),
            may_approve=options.may_approve,
            custom_numbers=options.custom_numbers,
            tax_model=tax_model,
            tax_rates=list(tax_rates),
            suggested_tax_codes=suggested,
        )
