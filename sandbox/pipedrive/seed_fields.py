"""The fields of the sample companies: the built-in ones that matter here, and custom fields of every type.

The constants are the keys of the custom fields (`field_code`, 40 characters).
"""

from typing import Any

from sandbox.pipedrive.model import DEALS, ORGANIZATIONS, PERSONS, PRODUCTS, Company, Document

DEAL_PO_NUMBER = "9e2d3c4bf8571567bb42f75b364711bdd71625a0"
DEAL_INVOICE_NOTE = "a99f54a5ff21340336fa3e756b901c17a7b8a358"
DEAL_INVOICE_NUMBER = "807c011934e5d5c06f7f16e9d970d8cd105b2a83"
DEAL_INVOICE_STATUS = "34e8e2d7184543cc6e6474b4f95f5417b73c4fdf"
DEAL_INVOICE_URL = "e031dab0cd2ae67252ad2f4e97431884b689162a"
DEAL_DISCOUNT_HINT = "a40567ac91f63c411967a9330d10acb05a3eb75e"
DEAL_SEATS = "3fe389a22ac3d24d321ca1a86a07bf71010756b5"
DEAL_DEPOSIT = "9f8ad09414babdeb71caac401106a5b68c1a61df"
DEAL_SITE_ADDRESS = "69fad69e3a8d66874b37cfe943324e6519637960"
DEAL_REGION = "515fb0c96a8ee19af6cf63a33f912a255e0c0133"
DEAL_SERVICES = "2606f84983ed9e2ecfc753a6840c2885dd9dface"
DEAL_DUE_DATE = "db863ff5250647c3fd00bc237e86e15a1daafeb6"
DEAL_SERVICE_PERIOD = "102d673876def9cbd314b7009652de60556bc8c9"
DEAL_CALL_AT = "a028ca6bb46830cde06b2c116f7444f8efd0117e"
DEAL_HOTLINE = "d33df149c8e394f237dc1110b1752a2eeda6d84c"
DEAL_ACCOUNT_MANAGER = "6eb4145a8a4b509535f26a73005c62a075babfa6"
DEAL_PARTNER = "28ba4feb40678a8aef72e78a0fd3c8341bc7d9aa"
DEAL_BILLING_CONTACT = "13962471dc17aed333c48db3df25793ff7ce914c"
ORG_BILLING_EMAIL = "7c326d8ec89c739f97ef2471ad58af70124de331"
ORG_VAT_NUMBER = "fdec3516c05b27fef6ef0b418e6781b96d31f612"
ORG_BILLING_ADDRESS = "a5435fe953df835ca01c78292f1d46e8e3a7451b"
ORG_TERMS_DAYS = "095fbd7dda43d0647a235bdaa9f830e2fdbc9c75"
ORG_CUSTOMER_SINCE = "add17dac1c2037845731eebe154c006f08554bdd"
ORG_TIER = "006c8742e0540ac94e49317659f76552d9d45b4b"
ORG_CREDIT_LIMIT = "1a362793c74128e479c9b1fcaf59a1d51e239610"
ORG_REMARKS = "572c3fbff3ea735ad3b9a2531d3f54585d74585b"
ORG_BILLING_PERSON = "0fe613801df267f0318c9d9c9ca352524ea14ddc"
PERSON_BILLING_EMAIL = "8e8b4eef82ba501a50f21cc179555bcf11d1a7b2"
PERSON_TAX_ID = "9aa91a05ce4307dc9d662b9b9b38b797104c42ea"
PERSON_HOME_ADDRESS = "f023e7615451498bce7f02fafda151ad2a65c16c"
PERSON_INTERESTS = "45f5dfd0476b61371672dd7a7ec7a84f5eeeb6ac"
PRODUCT_LEDGER_CODE = "715972d47699cd8575bfc25a1851b545396e1c83"
PRODUCT_MARGIN = "50586e64d513419e4d8fab23d151eca70898c509"

# entity, key, name, type
CUSTOM = (
    (DEALS, DEAL_PO_NUMBER, "PO number", "varchar"),
    (DEALS, DEAL_INVOICE_NOTE, "Invoice note", "text"),
    (DEALS, DEAL_INVOICE_NUMBER, "Invoice number", "varchar"),
    (DEALS, DEAL_INVOICE_STATUS, "Invoice status", "enum"),
    (DEALS, DEAL_INVOICE_URL, "Invoice link", "varchar"),
    (DEALS, DEAL_DISCOUNT_HINT, "Agreed discount", "double"),
    (DEALS, DEAL_SEATS, "Seats", "int"),
    (DEALS, DEAL_DEPOSIT, "Deposit", "monetary"),
    (DEALS, DEAL_SITE_ADDRESS, "Site address", "address"),
    (DEALS, DEAL_REGION, "Region", "enum"),
    (DEALS, DEAL_SERVICES, "Services", "set"),
    (DEALS, DEAL_DUE_DATE, "Invoice due date", "date"),
    (DEALS, DEAL_SERVICE_PERIOD, "Service period", "daterange"),
    (DEALS, DEAL_CALL_AT, "Call at", "time"),
    (DEALS, DEAL_HOTLINE, "Hotline", "phone"),
    (DEALS, DEAL_ACCOUNT_MANAGER, "Account manager", "user"),
    (DEALS, DEAL_PARTNER, "Partner organization", "org"),
    (DEALS, DEAL_BILLING_CONTACT, "Billing contact", "people"),
    (ORGANIZATIONS, ORG_BILLING_EMAIL, "Billing e-mail", "varchar"),
    (ORGANIZATIONS, ORG_VAT_NUMBER, "VAT number", "varchar"),
    (ORGANIZATIONS, ORG_BILLING_ADDRESS, "Billing address", "address"),
    (ORGANIZATIONS, ORG_TERMS_DAYS, "Payment days", "double"),
    (ORGANIZATIONS, ORG_CUSTOMER_SINCE, "Customer since", "date"),
    (ORGANIZATIONS, ORG_TIER, "Tier", "enum"),
    (ORGANIZATIONS, ORG_CREDIT_LIMIT, "Credit limit", "monetary"),
    (ORGANIZATIONS, ORG_REMARKS, "Accounting remarks", "text"),
    (ORGANIZATIONS, ORG_BILLING_PERSON, "Billing person", "people"),
    (PERSONS, PERSON_BILLING_EMAIL, "Billing e-mail", "varchar"),
    (PERSONS, PERSON_TAX_ID, "Tax ID", "varchar"),
    (PERSONS, PERSON_HOME_ADDRESS, "Home address", "address"),
    (PERSONS, PERSON_INTERESTS, "Interests", "set"),
    (PRODUCTS, PRODUCT_LEDGER_CODE, "Ledger code", "varchar"),
    (PRODUCTS, PRODUCT_MARGIN, "Margin", "double"),
)

OPTIONS: dict[str, tuple[str, ...]] = {
    DEAL_INVOICE_STATUS: ("Draft", "Open", "Paid", "Overdue", "Voided"),
    DEAL_REGION: ("North", "South", "Łódź & okolice"),
    DEAL_SERVICES: ("Setup", "Training", "Support"),
    ORG_TIER: ("Bronze", "Silver", "Gold"),
    PERSON_INTERESTS: ("Newsletter", "Events"),
}
# Options of custom fields have whole numbers for ids, counted over the whole company.
FIRST_OPTION = 11

ADDRESS_SUBFIELDS = (
    ("value", "Address value"), ("street_number", "House number"), ("route", "Street/road name"),
    ("subpremise", "Apartment/suite"), ("sublocality", "District"), ("locality", "City/town/village/locality"),
    ("admin_area_level_1", "State/county"), ("admin_area_level_2", "Region"), ("country", "Country"),
    ("postal_code", "ZIP/Postal code"), ("formatted_address", "Full/combined address"),
)  # fmt: skip
BUILT_IN: dict[str, tuple[tuple[str, str, str], ...]] = {
    DEALS: (
        ("title", "Title", "varchar"), ("value", "Value", "monetary"), ("currency", "Currency", "varchar"),
        ("owner_id", "Owner", "user"), ("org_id", "Organization", "org"), ("person_id", "Contact person", "people"),
        ("stage_id", "Stage", "stage"), ("status", "Status", "status"), ("label_ids", "Label", "set"),
        ("expected_close_date", "Expected close date", "date"), ("probability", "Probability", "int"),
        ("visible_to", "Visible to", "visible_to"), ("add_time", "Deal created", "date"),
    ),
    ORGANIZATIONS: (
        ("name", "Name", "varchar"), ("address", "Address", "address"), ("owner_id", "Owner", "user"),
        ("label_ids", "Labels", "set"), ("website", "Website", "varchar"), ("linkedin", "LinkedIn profile", "varchar"),
        ("industry", "Industry", "enum"), ("annual_revenue", "Annual revenue", "int"),
        ("employee_count", "Number of employees", "int"), ("visible_to", "Visible to", "visible_to"),
    ),
    PERSONS: (
        ("name", "Name", "varchar"), ("first_name", "First name", "varchar"), ("last_name", "Last name", "varchar"),
        ("email", "Email", "varchar"), ("phone", "Phone", "phone"), ("owner_id", "Owner", "user"),
        ("org_id", "Organization", "org"), ("label_ids", "Labels", "set"), ("visible_to", "Visible to", "visible_to"),
    ),
    PRODUCTS: (
        ("name", "Name", "varchar"), ("code", "Product code", "varchar"), ("description", "Description", "text"),
        ("unit", "Unit", "varchar"), ("tax", "Tax", "double"), ("category", "Category", "enum"),
        ("owner_id", "Owner", "user"), ("visible_to", "Visible to", "visible_to"),
    ),
}  # fmt: skip
LABELS: dict[str, tuple[str, ...]] = {"label_ids": ("Hot", "Cold"), "industry": ("Software", "Retail")}


def option(key: str, label: str) -> int:
    """The id of an option of a custom field."""
    number = FIRST_OPTION
    for field, labels in OPTIONS.items():
        if field == key:
            return number + labels.index(label)
        number += len(labels)
    raise KeyError(key)


def seed_fields(company: Company) -> None:
    """Give a company its fields."""
    for entity, rows in BUILT_IN.items():
        company.fields[entity] = [_field(key, name, kind, custom=False) for key, name, kind in rows]
    for entity, key, name, kind in CUSTOM:
        company.fields[entity].append(_field(key, name, kind, custom=True))


def _field(key: str, name: str, kind: str, *, custom: bool) -> Document:
    return {
        "field_name": name,
        "field_code": key,
        "field_type": kind,
        "options": _options(key),
        "subfields": _subfields(name, kind),
        "is_custom_field": custom,
        "is_optional_response_field": False,
    }


def _options(key: str) -> list[Document] | None:
    if key in OPTIONS:
        return [{"id": option(key, label), "label": label} for label in OPTIONS[key]]
    if key in LABELS:
        return [{"id": index, "label": label} for index, label in enumerate(LABELS[key], 1)]
    return None


def _subfields(name: str, kind: str) -> list[dict[str, Any]] | None:
    match kind:
        case "address":
            parts = [(code, label, "varchar") for code, label in ADDRESS_SUBFIELDS]
        case "monetary":
            parts = [("value", "Amount", "double"), ("currency", "Currency", "varchar")]
        case _:
            return None
    return [{"field_code": code, "field_name": f"{label} of {name}", "field_type": part} for code, label, part in parts]
