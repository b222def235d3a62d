"""ports.Crm on Pipedrive's API."""

from collections.abc import Collection

from duebill.crm.pipedrive import faults, fields, mapping
from duebill.crm.pipedrive.client import PipedriveClient
from duebill.crm.pipedrive.wire import WireInstalment, WireLine
from duebill.domain.deal import Buyer, CrmField, Deal, DealContent, Record, RecordKind
from duebill.domain.ids import DealId
from duebill.domain.installation import CrmUser
from duebill.errors import NotFound
from duebill.outside.http import Http
from duebill.ports import AccessTokens, Clock, Note

_CATALOGUE_PAGES = 5


class PipedriveCrm:
    """Pipedrive with the eyes of one of its users.

    `company_url` is the origin that the token answer named (`Installation.api_url`); people open deals there, and
    calls go there too unless `api_url` puts another origin in its place.
    """

    def __init__(
        self, http: Http, tokens: AccessTokens, clock: Clock, *, company_url: str, api_url: str | None = None
    ) -> None:
        self._company_url = company_url.rstrip("/")
        self._client = PipedriveClient(http, tokens, clock, (api_url or company_url).rstrip("/"))

    def who_am_i(self) -> CrmUser:
        """See ports.Crm.who_am_i."""
        return mapping.user(self._client.me())

    def deal(self, deal: DealId) -> Deal:
        """See ports.Crm.deal."""
        return mapping.deal(self._client.deal(deal))

    def titles(self, deals: Collection[DealId]) -> dict[DealId, str]:
        """See ports.Crm.titles."""
        return {DealId(found.id): found.title for found in self._client.deals(deals)}

    def content(self, deal: Deal) -> DealContent:
        """See ports.Crm.content. Disabled lines are there too: callers leave them out."""
        lines = mapping.in_order(self._client.lines(deal.id))
        codes = self._codes(lines)
        variations = self._variations(lines)
        discounts = [mapping.deal_discount(discount) for discount in self._client.discounts(deal.id)]
        return DealContent(
            products=tuple(
                mapping.product(
                    line, codes.get(line.product_id, ""), variations.get(line.product_variation_id or 0, "")
                )
                for line in lines
            ),
            discounts=tuple(discount for discount in discounts if discount),
            instalments=tuple(
                mapping.instalment(part)
                for part in sorted(self._instalments(deal.id), key=lambda part: (part.billing_date, part.id))
            ),
            tax_handling=mapping.tax_handling(lines),
        )

    def buyer(self, deal: Deal) -> Buyer:
        """See ports.Crm.buyer. Raises NotFound where the one to bill is hidden: nobody else is billed instead."""
        organization = None if deal.organization is None else self._organization(deal.organization)
        if deal.person is None:
            return Buyer(organization)
        try:
            return Buyer(organization, mapping.person(self._client.person(deal.person)))
        except NotFound:
            if organization is None:
                raise _hidden("person") from None
            return Buyer(organization)

    def fields(self) -> tuple[CrmField, ...]:
        """See ports.Crm.fields."""
        kinds = (RecordKind.ORGANIZATION, RecordKind.PERSON, RecordKind.DEAL)
        return tuple(field for kind in kinds for field in fields.mappable(kind, self._client.fields(kind)))

    def tax_rates(self) -> tuple[str, ...]:
        """See ports.Crm.tax_rates; the first 2,500 products are looked at."""
        return mapping.rates(self._client.catalogue(_CATALOGUE_PAGES))

    def deal_url(self, deal: DealId) -> str:
        """See ports.Crm.deal_url."""
        return f"{self._company_url}/deal/{deal}"

    def notes(self, deal: DealId) -> tuple[Note, ...]:
        """See ports.Crm.notes."""
        found = sorted(self._client.notes(deal), key=lambda note: note.id, reverse=True)
        return tuple(Note(note.id, note.content) for note in found)

    def add_note(self, deal: DealId, content: str) -> Note:
        """See ports.Crm.add_note. What comes back was cleaned by Pipedrive."""
        note = self._client.add_note(deal, content)
        return Note(note.id, note.content)

    def change_note(self, note: int, content: str) -> Note:
        """See ports.Crm.change_note."""
        changed = self._client.change_note(note, content)
        return Note(changed.id, changed.content)

    def _organization(self, organization: int) -> Record:
        try:
            return mapping.organization(self._client.organization(organization))
        except NotFound:
            raise _hidden("organization") from None

    def _codes(self, lines: list[WireLine]) -> dict[int, str]:
        """Product codes by product; a product that is deleted or hidden has none here and is found by its name."""
        if not lines:
            return {}
        try:
            products = self._client.products({line.product_id for line in lines})
        except NotFound:
            return {}
        return {product.id: (product.code or "").strip() for product in products}

    def _variations(self, lines: list[WireLine]) -> dict[int, str]:
        """Names of variations by their id."""
        names: dict[int, str] = {}
        for product in sorted({line.product_id for line in lines if line.product_variation_id}):
            try:
                variations = self._client.variations(product)
            except NotFound:
                continue
            names |= {variation.id: variation.name for variation in variations}
        return names

    def _instalments(self, deal: DealId) -> list[WireInstalment]:
        try:
            return self._client.instalments(deal)
        except NotFound as error:
            # Plans below Growth have no instalments (pipedrive.md §3.3).
            if error.code == faults.PLAN_LACKS:
                return []
            raise


def _hidden(who: str) -> NotFound:
    return NotFound(f"You cannot see this deal's {who} in Pipedrive, or it was deleted there.", code="buyer_hidden")
