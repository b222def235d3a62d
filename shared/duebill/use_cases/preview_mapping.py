"""Show what a mapping of fields would put on the invoice of a deal. Nothing is written, the mapping least of all."""

from dataclasses import dataclass

from duebill.domain.books import CustomerDetails
from duebill.domain.deal import Deal, DealTitle
from duebill.domain.ids import DealId
from duebill.domain.prefill import details_of, missing_fields
from duebill.domain.settings import CustomerMapping
from duebill.errors import NotFound, Problem, Severity
from duebill.ports import Crm, CrmFields


@dataclass(frozen=True, slots=True)
class MappedDetails:
    """What would stand on the invoice of a deal, and what is in the way."""

    deal: DealTitle
    details: CustomerDetails
    problems: tuple[Problem, ...]


def preview_mapping(deal_id: DealId, mapping: CustomerMapping, *, crm: Crm, crm_fields: CrmFields) -> MappedDetails:
    """Raises NotFound for a deal that this person may not see."""
    deal = crm.deal(deal_id)
    problems = missing_fields(mapping, (known.ref for known in crm_fields.fields()))
    try:
        details = details_of(crm.buyer(deal), deal, mapping)
    except NotFound as hidden:
        return _shown(deal, CustomerDetails(""), (*problems, Problem(hidden.code, hidden.message, Severity.WARN)))
    return _shown(deal, details, problems if details.name else (*problems, _NAMELESS))


def _shown(deal: Deal, details: CustomerDetails, problems: tuple[Problem, ...]) -> MappedDetails:
    return MappedDetails(DealTitle(deal.id, deal.title), details, problems)


_NAMELESS = Problem(
    "mapped_name_empty",
    "This deal names nobody to bill: link an organization or a person to it, or map another field.",
    Severity.WARN,
    fields=("/mapping/name",),
)
