"""The desk where a person invoices a deal: one caller, one connection, one right, and the use cases put together."""

import hashlib
from dataclasses import replace
from functools import cached_property

from duebill.domain.books import Customer, Item, NewItem
from duebill.domain.connection import Connection, Health
from duebill.domain.deal import Deal
from duebill.domain.draft import Creation, Draft
from duebill.domain.features import Feature
from duebill.domain.ids import CustomerId, DealId, IntentKey, InvoiceId, ItemId, ProductId
from duebill.domain.intent import Intent, IntentState
from duebill.domain.roles import Right
from duebill.errors import BasisRequired, BooksRefused, DraftRefused, InvalidRequest, Problem
from duebill.ports import AccountingProvider
from duebill.runtime.cached_reads import CachedBooksReads
from duebill.runtime.caller import Caller
from duebill.runtime.metrics import count_intent
from duebill.runtime.models.draft import DraftModel, LinkCustomerModel
from duebill.runtime.models.invoices import CreatedModel, IntentModel, InvoiceModel
from duebill.runtime.telling import NEEDS_SECONDS, write_back_of
from duebill.use_cases.advance_intent import AdvanceIntent
from duebill.use_cases.copy_invoice import copy_invoice
from duebill.use_cases.create_invoice import CreateInvoice, create_invoice
from duebill.use_cases.link_customer import link_customer
from duebill.use_cases.prefill_draft import Prefill, prefill_draft, refuse_custom_currency
from duebill.use_cases.preview_draft import Preview, preview_draft
from duebill.use_cases.show_deal import show_deal


def deal_of(number: int) -> DealId:
    """A deal's id, from a path."""
    return DealId(number)


class Desk:
    """Raises NotAllowed on being made when the caller lacks the right; NotFound for another company's connection."""

    def __init__(self, caller: Caller, right: Right, connection: str | None) -> None:
        self.caller = caller
        self.wiring = caller.wiring
        self.connection: Connection = caller.connection(connection)
        caller.require(right, self.connection)

    @cached_property
    def books(self) -> AccountingProvider:
        """The connection's books."""
        return self.wiring.books(self.connection)

    @cached_property
    def reads(self) -> CachedBooksReads:
        """Readings of them that may be some minutes old."""
        return self.wiring.reads(self.connection, self.books)

    @cached_property
    def advance(self) -> AdvanceIntent:
        """Takes intents of this connection further."""
        return advance_intent_of(self.connection, self.caller, self.books, self.reads)

    def choices(self) -> list[Connection]:
        """The connections in which the caller may create invoices."""
        live = (known for known in self.caller.connections if known.health is not Health.DISCONNECTED)
        return [known for known in live if Right.CREATE in self.caller.standing(known).rights]

    def prefill(self, deal_id: int, instalment: int | None) -> Prefill:
        """A draft for the deal."""
        return prefill_draft(
            self.caller.deal(deal_id),
            self.connection,
            crm=self.caller.crm,
            crm_fields=self.wiring.crm_fields(self.caller.company, self.caller.crm),
            books=self.books,
            reads=self.reads,
            company_settings=self.caller.settings,
            connection_settings=self.wiring.preferences.connection(self.caller.company, self.connection.id),
            links=self.wiring.links,
            invoices=self.wiring.invoices,
            clock=self.wiring.clock,
            instalment=instalment,
        )

    def copy(self, deal_id: int, invoice_id: str) -> Prefill:
        """A draft like the one that made an invoice which was voided or deleted."""
        return copy_invoice(
            InvoiceId(invoice_id),
            self.caller.deal(deal_id),
            self.connection,
            books=self.books,
            reads=self.reads,
            invoices=self.wiring.invoices,
            clock=self.wiring.clock,
        )

    def preview(self, deal_id: int, draft: Draft) -> Preview:
        """What would come of a draft."""
        self._own_deal(deal_id)
        return preview_draft(self._with_accounts(draft), books=self.books, reads=self.reads)

    def create(self, deal_id: int, draft: DraftModel, key: IntentKey, basis: int) -> tuple[int, CreatedModel]:
        """The HTTP status and what came of the press of a button."""
        deal = self._own_deal(deal_id)
        if Creation(draft.creation) is Creation.APPROVE and Feature.APPROVAL in self.books.features:
            self.caller.require(Right.APPROVE, self.connection)
        command = CreateInvoice(
            company=self.caller.company,
            deal=deal.id,
            user=self.caller.user,
            key=key,
            basis=basis,
            draft=self._with_accounts(draft.to_domain()),
            content_hash=hashlib.sha256(draft.model_dump_json().encode()).hexdigest(),
            buyer=deal.buyer_key,
        )
        intent, is_new = create_invoice(
            command,
            books=self.books,
            reads=self.reads,
            invoices=self.wiring.invoices,
            advance=self.advance,
            clock=self.wiring.clock,
        )
        if is_new:
            count_intent(intent, self.wiring.settings)
        if is_new and intent.state is IntentState.MADE:
            self._write_back(intent)
        created = self._created(intent)
        if intent.refusal:
            raise BooksRefused(
                intent.refusal.message,
                code=intent.refusal.code,
                provider_reference=intent.refusal.provider_reference,
                values={"basis": created.basis, "key": key},
            )
        return _status(intent, is_new=is_new), created

    def link_item(self, product: ProductId, item_id: ItemId) -> Item:
        """Remember which item a product is. Raises NotFound for an item that the books do not have."""
        item = self.books.item(item_id)
        self.wiring.links.link_item(self.caller.company, self.connection.id, product, item.id, item.name)
        return item

    def link_customer(
        self, deal_id: int, customer: CustomerId, link: LinkCustomerModel, key: str | None
    ) -> tuple[Customer, tuple[Problem, ...]]:
        """Remember which customer the buyer is, and push details where the person wants it."""
        push = link.push.to_domain() if link.push else None
        linked = link_customer(
            self.connection,
            self._buyer(deal_id),
            customer,
            push=push,
            overwrite_tax_id=link.overwrite_tax_id,
            key=self.key_of(key, "customer-update") if push else "",
            books=self.books,
            links=self.wiring.links,
        )
        self.reads.forget_customer(customer)
        return linked

    def unlink_customer(self, deal_id: int) -> None:
        """Forget which customer the buyer is."""
        self.wiring.links.unlink_customer(self.caller.company, self.connection.id, self._buyer(deal_id))

    def with_account(self, item: NewItem) -> NewItem:
        """The item with the connection's income account where it names none."""
        settings = self.wiring.preferences.connection(self.caller.company, self.connection.id)
        return item if item.income_account else replace(item, income_account=settings.income_account)

    def _with_accounts(self, draft: Draft) -> Draft:
        lines = tuple(
            replace(line, new_item=self.with_account(line.new_item)) if line.new_item else line for line in draft.lines
        )
        return replace(draft, lines=lines)

    def key_of(self, key: str | None, step: str) -> str:
        """The provider's key for a write of this person's. Raises BasisRequired without an Idempotency-Key."""
        if key is None:
            raise BasisRequired("Send an Idempotency-Key: it keeps one press of the button one change in the books.")
        text = f"{self.caller.company}/{self.connection.id}/{self.caller.user}/{key}/{step}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _own_deal(self, deal_id: int) -> Deal:
        deal = self.caller.deal(deal_id)
        if deal.status == "deleted":
            raise DraftRefused("This deal was deleted in Pipedrive.", code="deal_deleted")
        refuse_custom_currency(deal)
        return deal

    def _buyer(self, deal_id: int) -> str:
        buyer = self.caller.deal(deal_id).buyer_key
        if buyer is None:
            raise InvalidRequest("The deal has neither an organization nor a person to link.", code="deal_has_no_buyer")
        return buyer

    def _write_back(self, intent: Intent) -> None:
        """Note and fields now, where time is left; due work writes them otherwise."""
        if not self.caller.settings.wants_write_back or self.wiring.clock.time_left() < NEEDS_SECONDS:
            return
        links = self.wiring.invoices.links(intent.company, intent.deal)
        link = next((link for link in links if link.intent == intent.key), None)
        if link is not None:
            write_back_of(self.caller.company, self.caller.crm, self.wiring)(link)

    def _created(self, intent: Intent) -> CreatedModel:
        shown = show_deal(
            intent.company,
            intent.deal,
            self.caller.connections,
            offers_of=self.caller.offers,
            invoices=self.wiring.invoices,
            clock=self.wiring.clock,
        )
        invoice = next((one for one in shown.invoices if one.link.intent == intent.key), None)
        return CreatedModel(
            intent=IntentModel.of(intent),
            invoice=InvoiceModel.of(invoice) if invoice else None,
            basis=str(shown.version),
        )


def advance_intent_of(
    connection: Connection, caller: Caller, books: AccountingProvider, reads: CachedBooksReads
) -> AdvanceIntent:
    """Takes a connection's intents further, for a person at the desk."""
    return AdvanceIntent(
        connection=connection,
        books=books,
        reads=reads,
        invoices=caller.wiring.invoices,
        links=caller.wiring.links,
        clock=caller.wiring.clock,
        notes_wanted=caller.settings.wants_write_back,
    )


def _status(intent: Intent, *, is_new: bool) -> int:
    if intent.state is IntentState.MADE:
        return 201 if is_new else 200
    return 202
