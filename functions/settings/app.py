"""Invoice preferences of a company and of its connections, and what there is to choose from."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query

from duebill.domain.ids import DealId
from duebill.domain.roles import Right
from duebill.domain.tax_match import suggested_tax_codes
from duebill.errors import InvalidRequest
from duebill.runtime.api import answer, caller, make_app
from duebill.runtime.caller import Caller
from duebill.runtime.invoicing import Desk
from duebill.runtime.models.common import ProblemModel
from duebill.runtime.models.settings import (
    CompanySettingsModel,
    ConnectionOptionsModel,
    ConnectionSettingsAnswerModel,
    ConnectionSettingsModel,
    CrmFieldModel,
    SettingsAnswerModel,
    SettingsOptionsModel,
)
from duebill.runtime.models.setup import (
    AppliedModel,
    CustomerWishesModel,
    DealTitleModel,
    FindingModel,
    ItemWishesModel,
    MappedDetailsModel,
    ProposalsModel,
    TriedMappingModel,
)
from duebill.runtime.setting_up import applied, checked, proposed
from duebill.use_cases.apply_matches import apply_customers, apply_items
from duebill.use_cases.prepare_deal_fields import prepare_deal_fields, require_activities
from duebill.use_cases.preview_mapping import preview_mapping
from duebill.use_cases.save_settings import company_problems, connection_problems, save_company_settings

app = make_app()

Cursor = Annotated[str | None, Query(max_length=2000)]


@app.get("/settings")
def get_settings() -> SettingsAnswerModel:
    """The company's preferences, and what is wrong with them now."""
    return _company_answer(_allowed())


@app.put("/settings")
def put_settings(settings: CompanySettingsModel) -> SettingsAnswerModel:
    """Save the company's preferences."""
    asking = _allowed()
    fields = asking.wiring.crm_fields(asking.company, asking.crm)
    fields.forget()
    deal_fields = prepare_deal_fields(asking.crm) if settings.fields_on_deal else None
    if settings.activity_on_deal and not asking.settings.activity_on_deal:
        require_activities(asking.crm)
    save_company_settings(
        asking.company,
        settings.to_domain(deal_fields),
        connections=asking.connections,
        known=tuple(field.ref for field in fields.fields()),
        store=asking.wiring.preferences,
    )
    return _company_answer(Caller(asking.wiring, asking.installation))


@app.get("/settings/options")
def get_options() -> SettingsOptionsModel:
    """The CRM's fields that can be mapped, and the tax rates that occur in it."""
    asking = _allowed()
    fields = asking.wiring.crm_fields(asking.company, asking.crm)
    fields.forget()
    return SettingsOptionsModel(
        fields=[CrmFieldModel.of(field) for field in fields.fields()], tax_rates=list(fields.tax_rates())
    )


@app.get("/settings/deals")
def find_deals(query: Annotated[str, Query(max_length=100)] = "") -> list[DealTitleModel]:
    """Deals to try the mapping on: by title, or the newest."""
    return [DealTitleModel.of(deal) for deal in _allowed().crm.find_deals(query)]


@app.post("/settings/preview")
def post_preview(tried: TriedMappingModel) -> MappedDetailsModel:
    """What a mapping that is not saved would put on the invoice of a deal. Nothing is written."""
    asking = _allowed()
    fields = asking.wiring.crm_fields(asking.company, asking.crm)
    return MappedDetailsModel.of(
        preview_mapping(DealId(tried.deal_id), tried.mapping.to_domain(), crm=asking.crm, crm_fields=fields)
    )


@app.get("/connections/<connection_id>/settings")
def get_connection_settings(connection_id: str) -> ConnectionSettingsAnswerModel:
    """A connection's preferences, and what is wrong with them now."""
    return _connection_answer(Desk(caller(app), Right.CONFIGURE, connection_id))


@app.put("/connections/<connection_id>/settings")
def put_connection_settings(connection_id: str, settings: ConnectionSettingsModel) -> ConnectionSettingsAnswerModel:
    """Save a connection's preferences. What the books do not offer is refused."""
    desk = Desk(caller(app), Right.CONFIGURE, connection_id)
    wanted = settings.to_domain()
    desk.reads.forget_options()
    if problems := connection_problems(wanted, desk.reads.options()):
        raise InvalidRequest(
            problems[0].message, code=problems[0].code, fields=tuple(f for p in problems for f in p.fields)
        )
    desk.wiring.preferences.save_connection(desk.caller.company, desk.connection.id, wanted)
    return _connection_answer(desk)


@app.get("/connections/<connection_id>/settings/options")
def get_connection_options(connection_id: str) -> ConnectionOptionsModel:
    """What there is to choose from in the books, with a suggested tax code for each rate."""
    desk = Desk(caller(app), Right.CONFIGURE, connection_id)
    desk.reads.forget_options()
    options = desk.reads.options()
    rates = desk.wiring.crm_fields(desk.caller.company, desk.caller.crm).tax_rates()
    model = desk.connection.tenant.tax_model
    return ConnectionOptionsModel.of(
        options,
        features=desk.books.features,
        tax_model=model.value,
        tax_rates=rates,
        suggested=suggested_tax_codes(rates, options, model),
    )


@app.get("/connections/<connection_id>/check")
def get_check(connection_id: str) -> list[FindingModel]:
    """Everything that invoicing with these books needs, tried. Nothing is written."""
    return [FindingModel.of(finding) for finding in checked(Desk(caller(app), Right.CONFIGURE, connection_id))]


@app.get("/connections/<connection_id>/matches/items")
def get_item_matches(connection_id: str, cursor: Cursor = None) -> ProposalsModel:
    """What 500 products may be in the books."""
    return ProposalsModel.of(proposed(Desk(caller(app), Right.CONFIGURE, connection_id), "items", cursor))


@app.post("/connections/<connection_id>/matches/items")
def post_item_matches(connection_id: str, wanted: ItemWishesModel) -> AppliedModel:
    """Link up to 100 products to items."""
    desk = Desk(caller(app), Right.CONFIGURE, connection_id)
    return AppliedModel.of(applied(desk, apply_items, [link.to_domain() for link in wanted.links]))


@app.get("/connections/<connection_id>/matches/customers")
def get_customer_matches(connection_id: str, cursor: Cursor = None) -> ProposalsModel:
    """What 500 organizations, then persons, may be in the books."""
    return ProposalsModel.of(proposed(Desk(caller(app), Right.CONFIGURE, connection_id), "customers", cursor))


@app.post("/connections/<connection_id>/matches/customers")
def post_customer_matches(connection_id: str, wanted: CustomerWishesModel) -> AppliedModel:
    """Link up to 100 buyers to customers."""
    desk = Desk(caller(app), Right.CONFIGURE, connection_id)
    return AppliedModel.of(applied(desk, apply_customers, [link.to_domain() for link in wanted.links]))


def _allowed() -> Caller:
    asking = caller(app)
    asking.require(Right.CONFIGURE)
    return asking


def _company_answer(asking: Caller) -> SettingsAnswerModel:
    known = [field.ref for field in asking.wiring.crm_fields(asking.company, asking.crm).fields()]
    return SettingsAnswerModel(
        settings=CompanySettingsModel.of(asking.settings),
        problems=[ProblemModel.of(problem) for problem in company_problems(asking.settings, known)],
    )


def _connection_answer(desk: Desk) -> ConnectionSettingsAnswerModel:
    settings = desk.wiring.preferences.connection(desk.caller.company, desk.connection.id)
    problems = connection_problems(settings, desk.reads.options())
    return ConnectionSettingsAnswerModel(
        settings=ConnectionSettingsModel.of(settings), problems=[ProblemModel.of(problem) for problem in problems]
    )


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One HTTP request."""
    return answer(app, event, context)
