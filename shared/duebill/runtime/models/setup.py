"""Setting up: what a mapping would give, what products and buyers may be in the books, what a check finds."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from duebill.domain.check import Finding
from duebill.domain.deal import DealTitle
from duebill.domain.matching import Entry
from duebill.runtime.models.common import Id, Model, NamedModel, ProblemModel
from duebill.runtime.models.draft import DetailsModel
from duebill.runtime.models.settings import MappingModel
from duebill.use_cases.apply_matches import MOST_AT_ONCE, Applied, Wish
from duebill.use_cases.preview_mapping import MappedDetails
from duebill.use_cases.propose_matches import Proposal, Proposals

ProductKey = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]
BuyerKey = Annotated[str, StringConstraints(pattern=r"^(organization|person):[0-9]{1,18}$")]


class DealTitleModel(Model):
    """A deal to choose."""

    id: int
    title: str

    @staticmethod
    def of(deal: DealTitle) -> "DealTitleModel":
        """From the domain's."""
        return DealTitleModel(id=deal.id, title=deal.title)


class TriedMappingModel(Model):
    """A mapping that is not saved, and the deal to try it on."""

    deal_id: int
    mapping: MappingModel


class MappedDetailsModel(Model):
    """What would stand on the invoice of the deal. Nothing was written."""

    deal: DealTitleModel
    details: DetailsModel
    problems: list[ProblemModel]

    @staticmethod
    def of(mapped: MappedDetails) -> "MappedDetailsModel":
        """From the use case's."""
        return MappedDetailsModel(
            deal=DealTitleModel.of(mapped.deal),
            details=DetailsModel.of(mapped.details),
            problems=[ProblemModel.of(problem) for problem in mapped.problems],
        )


class EntryModel(Model):
    """An item or a customer of the books; `mark`: its code, or its e-mail."""

    id: str
    name: str
    mark: str

    @staticmethod
    def of(entry: Entry) -> "EntryModel":
        """From the domain's."""
        return EntryModel(id=entry.id, name=entry.name, mark=entry.mark)


class ProposalModel(Model):
    """A product or a buyer, what it is linked to, and what it may be: the likeliest first."""

    key: str
    name: str
    mark: str
    linked: NamedModel | None
    certainty: Literal["sure", "unsure", "none"]
    reason: Literal["both", "mark", "name", "several", "differs", "similar", "nothing"]
    proposals: list[EntryModel]

    @staticmethod
    def of(proposal: Proposal) -> "ProposalModel":
        """From the use case's."""
        match, linked = proposal.match, proposal.linked
        return ProposalModel(
            key=match.wanted.key,
            name=match.wanted.name,
            mark=match.wanted.mark,
            linked=NamedModel(id=linked.id, name=linked.name) if linked else None,
            certainty=match.certainty.value,
            reason=match.reason.value,
            proposals=[EntryModel.of(entry) for entry in match.proposals],
        )


class ProposalsModel(Model):
    """A part of the list. `cursor`: ask for the next part with it; null at the end.

    `compared`: how many entries of the books were looked at; `is_whole`: whether these are all.
    """

    rows: list[ProposalModel]
    cursor: str | None
    compared: int
    is_whole: bool

    @staticmethod
    def of(found: Proposals) -> "ProposalsModel":
        """From the use case's."""
        return ProposalsModel(
            rows=[ProposalModel.of(row) for row in found.page.rows],
            cursor=found.page.cursor,
            compared=found.compared,
            is_whole=found.is_whole,
        )


class ItemWishModel(Model):
    """Link a product to an item; `over` is what the person saw it linked to."""

    key: ProductKey
    entry: Id
    over: Id | None = None

    def to_domain(self) -> Wish:
        """To the use case's."""
        return Wish(self.key, self.entry, self.over)


class CustomerWishModel(Model):
    """Link a buyer to a customer, likewise."""

    key: BuyerKey
    entry: Id
    over: Id | None = None

    def to_domain(self) -> Wish:
        """To the use case's."""
        return Wish(self.key, self.entry, self.over)


class ItemWishesModel(Model):
    """What to link at once."""

    links: Annotated[list[ItemWishModel], Field(max_length=MOST_AT_ONCE)]


class CustomerWishesModel(Model):
    """What to link at once."""

    links: Annotated[list[CustomerWishModel], Field(max_length=MOST_AT_ONCE)]


class KeptModel(Model):
    """Something that is linked to another thing by now, and stays so."""

    key: str
    linked: NamedModel


class AppliedModel(Model):
    """What came of it, by keys. `missing`: what it should be linked to is gone in the books."""

    linked: list[str]
    kept: list[KeptModel]
    missing: list[str]

    @staticmethod
    def of(applied: Applied) -> "AppliedModel":
        """From the use case's."""
        return AppliedModel(
            linked=list(applied.linked),
            kept=[KeptModel(key=key, linked=NamedModel(id=entry.id, name=entry.name)) for key, entry in applied.kept],
            missing=list(applied.missing),
        )


class FindingModel(Model):
    """One fact of a check: `code` is stable, `values` is what its words need."""

    code: str
    state: Literal["good", "warn", "bad"]
    values: dict[str, str]

    @staticmethod
    def of(finding: Finding) -> "FindingModel":
        """From the domain's."""
        return FindingModel(code=finding.code, state=finding.state.value, values=finding.values)
