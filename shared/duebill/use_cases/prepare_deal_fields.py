"""Make the deal fields that invoices are written to, once: fields that are there by name and kind are used."""

from duebill.domain.status import Status
from duebill.domain.write_back import DealFieldCodes
from duebill.errors import InvalidRequest, NotFound
from duebill.ports import Crm, DealField

# People may rename them afterwards: they are known by their codes from then on.
STATUS, AMOUNT_DUE, NUMBER, LINK = "Invoice status", "Invoice amount due", "Invoice number", "Invoice link"
_OURS = " (Duebill)"
CHOICES = {
    Status.DRAFT: "Draft",
    Status.AWAITING_APPROVAL: "Awaiting approval",
    Status.OPEN: "Open",
    Status.PARTIALLY_PAID: "Partially paid",
    Status.PAID: "Paid",
    Status.OVERDUE: "Overdue",
    Status.VOIDED: "Voided",
    Status.DELETED: "Deleted",
}


def prepare_deal_fields(crm: Crm) -> DealFieldCodes:
    """The fields' codes. Raises InvalidRequest where the app or this person may not make fields."""
    try:
        there = crm.deal_fields()
        status = _field(crm, there, STATUS, "enum", tuple(CHOICES.values()))
        amount_due = _field(crm, there, AMOUNT_DUE, "monetary")
        number = _field(crm, there, NUMBER, "varchar")
        link = _field(crm, there, LINK, "varchar")
    except NotFound as refused:
        raise InvalidRequest(
            "Duebill may not create deal fields: its permission for deal fields is missing in Pipedrive, or you are "
            "not allowed to. An admin can install it again to grant what it asks for.",
            code="deal_fields_not_allowed",
            fields=("/fields_on_deal",),
        ) from refused
    choices = {word.value: status.options[label] for word, label in CHOICES.items() if label in status.options}
    return DealFieldCodes(status.code, amount_due.code, number.code, link.code, choices)


def require_activities(crm: Crm) -> None:
    """Raise InvalidRequest where the app's permissions do not cover activities: reading them tells."""
    try:
        crm.may_use_activities()
    except NotFound as refused:
        raise InvalidRequest(
            "Duebill's permission for activities is missing in Pipedrive. Install it again to grant what it asks for.",
            code="activities_not_allowed",
            fields=("/activity_on_deal",),
        ) from refused


def _field(crm: Crm, there: tuple[DealField, ...], name: str, kind: str, options: tuple[str, ...] = ()) -> DealField:
    found = (field for field in there if (field.name, field.kind) == (name + _OURS, kind))
    usable = (field for field in found if set(options) <= set(field.options))
    return next(usable, None) or crm.add_deal_field(name + _OURS, kind, options)
