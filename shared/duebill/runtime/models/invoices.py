"""A deal's invoices and intents as the panel receives them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from duebill.domain.actions import Offer
from duebill.domain.ids import UserId
from duebill.domain.intent import Intent, IntentState
from duebill.domain.invoice import HistoryEntry, InvoiceLink
from duebill.domain.money import rounded
from duebill.domain.status import Stage
from duebill.runtime.models.common import Model, MoneyModel, SentenceModel
from duebill.runtime.models.connections import BooksModel
from duebill.use_cases.show_deal import ShownInvoice


class ActionModel(Model):
    """Something that can be done to an invoice, or the reason why not: a stable code and a sentence.

    `asks`: how often to ask before; the answer goes back with the request, as `confirmed`.
    """

    action: str
    possible: bool
    asks: Literal["never", "once", "twice"]
    reason: str | None
    message: str | None

    @staticmethod
    def of(offer: Offer, books: str) -> "ActionModel":
        """From the domain's; `books` is the provider's name."""
        return ActionModel(
            action=offer.action.value,
            possible=offer.is_possible,
            asks=offer.asks.value,
            reason=offer.reason.value if offer.reason else None,
            message=offer.reason.sentence(books) if offer.reason else None,
        )


class MailingModel(Model):
    """The last e-mail with an invoice that is known. `state`: sent, or in_doubt: it may have been sent."""

    state: Literal["sent", "in_doubt"]
    at: datetime | None
    to: list[str]
    by: int | None

    @staticmethod
    def of(link: InvoiceLink) -> "MailingModel | None":
        """The later of what was asked for here and what the books tell; null where nothing was sent."""
        ours, invoice = link.mailing, link.invoice
        if invoice.is_sent and (ours is None or (invoice.sent_at is not None and invoice.sent_at > ours.at)):
            return MailingModel(state="sent", at=invoice.sent_at, to=list(invoice.sent_to), by=None)
        if ours is None:
            return None
        return MailingModel(state="sent" if ours.is_sure else "in_doubt", at=ours.at, to=list(ours.to), by=ours.by)


class InvoiceModel(Model):
    """One invoice. `difference`: what the books' total is beyond the preview's, null where they agree.

    `days_until_due` counts in the books' own calendar and is negative once the day is past.
    """

    connection_id: str
    provider: str
    id: str
    number: str
    customer_name: str
    total: MoneyModel
    tax: MoneyModel
    amount_due: MoneyModel
    paid: MoneyModel
    credited: MoneyModel
    warnings: list[str]
    actions: list[ActionModel]
    mailing: MailingModel | None
    issued_on: date
    due_on: date | None
    days_overdue: int
    days_until_due: int | None
    status: str
    unknown_word: str | None
    url: str
    reference: str | None
    difference: MoneyModel | None
    checked_at: datetime

    @staticmethod
    def of(shown: ShownInvoice) -> "InvoiceModel":
        """From the use case's."""
        link, invoice = shown.link, shown.link.invoice
        currency = invoice.currency
        expected = link.expected_total
        # What was voided is worth nothing by wish, and what was deleted is told as it last was.
        lives = invoice.stage not in (Stage.VOIDED, Stage.DELETED)
        differs = lives and expected is not None and rounded(expected, currency) != rounded(invoice.total, currency)
        return InvoiceModel(
            connection_id=link.connection,
            provider=link.provider.value,
            id=invoice.id,
            number=invoice.number,
            customer_name=invoice.customer_name,
            total=MoneyModel.of(invoice.total, currency),
            tax=MoneyModel.of(invoice.tax, currency),
            amount_due=MoneyModel.of(invoice.balance, currency),
            paid=MoneyModel.of(invoice.total - invoice.balance, currency),
            credited=MoneyModel.of(invoice.credited, currency),
            warnings=list(invoice.warnings),
            actions=[ActionModel.of(offer, link.provider.label) for offer in shown.offers],
            mailing=MailingModel.of(link),
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            days_overdue=max((shown.today - invoice.due_on).days, 0) if invoice.due_on else 0,
            days_until_due=(invoice.due_on - shown.today).days if invoice.due_on else None,
            status=shown.status.value,
            unknown_word=invoice.unknown_word,
            url=link.url,
            reference=invoice.reference,
            difference=MoneyModel.of(invoice.total - expected, currency) if differs and expected is not None else None,
            checked_at=link.read_at,
        )


class RefusalModel(Model):
    """Why an invoice was not created."""

    code: str
    message: str
    provider_reference: str | None


class IntentModel(Model):
    """The wish to create an invoice. `state` is what to show: being_created, needs_you, made or refused."""

    key: str
    state: Literal["being_created", "needs_you", "made", "refused"]
    connection_id: str
    invoice_id: str | None
    refusal: RefusalModel | None
    needs_person: str | None
    possible_duplicates: list[str]
    created_at: datetime
    look_again_at: datetime | None

    @staticmethod
    def of(intent: Intent) -> "IntentModel":
        """From the domain's."""
        refusal = intent.refusal
        return IntentModel(
            key=intent.key,
            state=_shown_state(intent),
            connection_id=intent.draft.connection,
            invoice_id=intent.invoice,
            refusal=RefusalModel(
                code=refusal.code, message=refusal.message, provider_reference=refusal.provider_reference
            )
            if refusal
            else None,
            needs_person=intent.needs_person,
            possible_duplicates=list(intent.duplicates),
            created_at=intent.created_at,
            look_again_at=None if intent.is_finished else intent.due_at,
        )


def _shown_state(intent: Intent) -> Literal["being_created", "needs_you", "made", "refused"]:
    if intent.state is IntentState.MADE:
        return "made"
    if intent.state is IntentState.REFUSED:
        return "refused"
    return "needs_you" if intent.needs_person else "being_created"


class DealModel(Model):
    """What a deal has been invoiced, and who may do what.

    `works_for`: whose authorisation the machine uses since the manager uninstalled; null while the manager is there.
    """

    deal_id: int
    title: str
    value: MoneyModel | None
    basis: str
    invoiced: list[MoneyModel]
    connections: list[str]
    rights: list[str]
    manager: str | None
    works_for: str | None = None


class PanelModel(Model):
    """All that the panel shows. `now` is the server's; `language` is what the person reads Pipedrive in.

    `notice` is what `notices` say, in English.
    """

    basis: str
    deal: DealModel
    books: list[BooksModel]
    invoices: list[InvoiceModel]
    intents: list[IntentModel]
    possible_duplicates: list[IntentModel]
    checked_at: datetime | None
    now: datetime
    language: str
    notices: list[SentenceModel]
    notice: str | None = None


class CreatedModel(Model):
    """What came of a press of the button: the intent, and the invoice where there is one already."""

    intent: IntentModel
    invoice: InvoiceModel | None
    basis: str


class HistoryModel(Model):
    """Something that happened to the deal's invoices: who did it, or that the books said so.

    `what` is a status that was reached, an action, or one of `created`, `linked`, `unlinked`, `balance_changed` and
    `changed`. `by` is null for the books; `by_name` is null also where the person has uninstalled.
    """

    at: datetime
    what: str
    who: Literal["person", "books"]
    by: int | None
    by_name: str | None
    invoice_id: str | None
    number: str
    detail: str

    @staticmethod
    def of(entry: HistoryEntry, names: Mapping[UserId, str]) -> "HistoryModel":
        """From the domain's, with the names of those who are installed."""
        return HistoryModel(
            at=entry.at,
            what=entry.what,
            who="books" if entry.by is None else "person",
            by=entry.by,
            by_name=names.get(entry.by) if entry.by is not None else None,
            invoice_id=entry.invoice,
            number=entry.number,
            detail=entry.detail,
        )
