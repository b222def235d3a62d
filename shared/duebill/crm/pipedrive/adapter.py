"""ports.Crm on Pipedrive's API."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date

from duebill.crm.pipedrive import faults, fields, mapping
from duebill.crm.pipedrive.client import PipedriveClient
from duebill.crm.pipedrive.wire import WireInstalment, WireLine, WireOrganization, WirePerson, WireProduct
from duebill.domain.crm_webhooks import Subscription
from duebill.domain.deal import Buyer, CrmField, Deal, DealContent, DealTitle, Record, RecordKind
from duebill.domain.ids import DealId, UserId
from duebill.domain.installation import CrmUser
from duebill.domain.matching import Page, Wanted
from duebill.domain.money import Money
from duebill.errors import NotFound
from duebill.outside.http import Http
from duebill.ports import AccessTokens, Activity, Clock, DealField, Note

_CATALOGUE_PAGES = 5
_SOME_DEALS = 10
_SHORTEST_TERM = 2


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

    def find_deals(self, text: str) -> tuple[DealTitle, ...]:
        """See ports.Crm.find_deals. Archived ones are left out: nobody invoices them."""
        text = text.strip()
        if len(text) < _SHORTEST_TERM:
            return tuple(DealTitle(DealId(each.id), each.title) for each in self._client.newest_deals(_SOME_DEALS))
        found = (hit.item for hit in self._client.search_deals(text, _SOME_DEALS))
        return tuple(DealTitle(DealId(each.id), each.title) for each in found if not each.is_archived)

    def products_page(self, cursor: str | None) -> Page[Wanted]:
        """See ports.Crm.products_page."""
        rows, more = self._client.page(WireProduct, "products", cursor)
        return Page(tuple(Wanted(str(row.id), row.name.strip(), (row.code or "").strip()) for row in rows), more)

    def organizations_page(self, cursor: str | None) -> Page[Record]:
        """See ports.Crm.organizations_page."""
        rows, more = self._client.page(WireOrganization, "organizations", cursor)
        return Page(tuple(map(mapping.organization, rows)), more)

    def persons_page(self, cursor: str | None) -> Page[tuple[Record, int | None]]:
        """See ports.Crm.persons_page."""
        rows, more = self._client.page(WirePerson, "persons", cursor)
        return Page(tuple((mapping.person(row), row.org_id) for row in rows), more)

    def organizations(self, organizations: Collection[int]) -> tuple[Record, ...]:
        """See ports.Crm.organizations."""
        return tuple(map(mapping.organization, self._client.organizations(organizations)))

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

    def deal_fields(self) -> tuple[DealField, ...]:
        """See ports.Crm.deal_fields."""
        found = self._client.fields(RecordKind.DEAL)
        return tuple(fields.deal_field(field) for field in found if field.is_custom_field)

    def add_deal_field(self, name: str, kind: str, options: Sequence[str] = ()) -> DealField:
        """See ports.Crm.add_deal_field."""
        choices = {"options": [{"label": label} for label in options]} if options else {}
        return fields.deal_field(self._client.add_deal_field({"field_name": name, "field_type": kind, **choices}))

    def set_deal_fields(self, deal: DealId, values: Mapping[str, str | int | Money | None]) -> None:
        """See ports.Crm.set_deal_fields."""
        written = {code: fields.written(value) for code, value in values.items()}
        self._client.change_deal(deal, {"custom_fields": written})

    def activities(self, deal: DealId) -> tuple[Activity, ...]:
        """See ports.Crm.activities."""
        found = sorted(self._client.activities(deal), key=lambda each: each.id, reverse=True)
        return tuple(Activity(each.id, each.note or "") for each in found)

    def may_use_activities(self) -> None:
        """See ports.Crm.may_use_activities. Reading one needs a scope of activities; which of the two is not seen."""
        self._client.some_activity()

    def add_activity(self, deal: DealId, owner: UserId, subject: str, note: str, due_on: date) -> Activity:
        """See ports.Crm.add_activity. `task` is a type of every company's, unless it took it away."""
        document = {"subject": subject, "type": "task", "owner_id": owner, "deal_id": deal, "note": note}
        made = self._client.add_activity({**document, "due_date": due_on.isoformat()})
        return Activity(made.id, made.note or "")

    def subscriptions(self) -> tuple[Subscription, ...]:
        """See ports.Crm.subscriptions."""
        return tuple(map(mapping.subscription, self._client.webhooks()))

    def subscribe(self, wanted: Subscription, *, user: str, password: str) -> Subscription:
        """See ports.Crm.subscribe. The version is named: its default has changed before (pipedrive.md §4)."""
        document = {
            "subscription_url": wanted.url,
            "event_action": wanted.action,
            "event_object": wanted.entity,
            "name": wanted.name,
            "version": "2.0",
            "http_auth_user": user,
            "http_auth_password": password,
        }
        return mapping.subscription(self._client.add_webhook(document))

    def unsubscribe(self, subscription: int) -> None:
        """See ports.Crm.unsubscribe."""
        with suppress(NotFound):
            self._client.delete_webhook(subscription)

    def files(self, deal: DealId) -> dict[str, int]:
        """See ports.Crm.files."""
        return {file.name: file.id for file in sorted(self._client.files(deal), key=lambda each: each.id)}

    def add_file(self, deal: DealId, name: str, content: bytes) -> int:
        """See ports.Crm.add_file."""
        return self._client.add_file(deal, name, content).id

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
