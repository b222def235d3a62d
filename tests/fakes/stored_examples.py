"""One full example of everything that is stored: every field set, so that none can be lost unseen."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from duebill.domain.actions import Action
from duebill.domain.books import CustomerDetails, NewItem
from duebill.domain.connection import Connection, Health, Provider, TaxModel, Tenant
from duebill.domain.consent import CONSENT_LIVES, Ticket
from duebill.domain.deal import Address, Discount, FieldRef, RecordKind, TaxHandling
from duebill.domain.draft import Draft, DraftLine
from duebill.domain.ids import (
    CompanyId,
    ConnectionId,
    CustomerId,
    DealId,
    IntentKey,
    InvoiceId,
    ItemId,
    ProductId,
    TenantId,
    TokenSetId,
    UserId,
)
from duebill.domain.installation import Installation
from duebill.domain.intent import Attempt, Intent, IntentState, Refusal, Step, StepKind
from duebill.domain.invoice import HistoryEntry, Invoice, InvoiceLink, Mailing, Told
from duebill.domain.mail import Mail
from duebill.domain.press import Press, PressState
from duebill.domain.settings import Audience, CompanySettings, ConnectionSettings, CustomerMapping, Roles, UnlinkedLine
from duebill.domain.status import Stage
from duebill.domain.tokens import Issuer, TokenSet
from duebill.domain.write_back import DealFieldCodes

NOW = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
COMPANY = CompanyId(7)
OTHER_COMPANY = CompanyId(77)
DEAL = DealId(5)
OTHER_DEAL = DealId(55)
CONNECTION = ConnectionId("c-1")
INVOICE = InvoiceId("145")
TOKEN_SET = TokenSetId("quickbooks-1")


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


def installation(user: int = 1, **other: object) -> Installation:
    return Installation(
        company=COMPANY,
        user=UserId(user),
        name="Ada Lovelace",
        is_admin=True,
        company_name="Analytical Engines",
        language="pt-BR",
        time_zone="Europe/London",
        api_url="https://engines.pipedrive.com",
        token_set=TokenSetId(f"pipedrive-{user}"),
        installed_at=NOW,
        is_shared=True,
    ).__replace__(**other)


def token_set(**other: object) -> TokenSet:
    return TokenSet(
        company=COMPANY,
        id=TOKEN_SET,
        issuer=Issuer.QUICKBOOKS,
        version=1,
        access_token="access-ä-1",
        refresh_token="refresh-1",
        expires_at=after(hours=1),
        refreshed_at=NOW,
        previous_refresh_token="refresh-0",
        refresh_expires_at=after(days=100),
        consent_ends_at=after(days=1825),
    ).__replace__(**other)


def connection(name: str = CONNECTION, *, tenant: str = "4620816365", **other: object) -> Connection:
    return Connection(
        id=ConnectionId(name),
        company=COMPANY,
        provider=Provider.QUICKBOOKS,
        tenant=Tenant(TenantId(tenant), "Books & Co", "GB", "GBP", True, TaxModel.PER_LINE, "Europe/London", True),
        token_set=TOKEN_SET,
        manager=UserId(1),
        health=Health.RECONNECT,
        connected_at=NOW,
        reason="The consent was withdrawn.",
        checked_at=after(minutes=1),
    ).__replace__(**other)


def ticket(ticket_id: str = "ticket-1", **other: object) -> Ticket:
    return Ticket(
        ticket_id, COMPANY, UserId(1), Provider.QUICKBOOKS, "Analytical Engines", NOW + CONSENT_LIVES
    ).__replace__(**other)


def company_settings() -> CompanySettings:
    return CompanySettings(
        mapping=CustomerMapping(None, FieldRef(RecordKind.DEAL, "f1"), FieldRef(RecordKind.PERSON, "email"), None),
        due_days=30,
        use_term=True,
        note_on_deal=False,
        deal_fields=DealFieldCodes("f-status", "f-due", "f-number", "f-link", {"paid": 7, "open": 8}),
        activity_on_deal=True,
        pdf_on_deal=True,
        roles=Roles(Audience.EVERYONE, Audience.ADMINS, Audience.MANAGER, Audience.ADMINS),
        default_connection=CONNECTION,
    )


def connection_settings() -> ConnectionSettings:
    return ConnectionSettings(ItemId("1"), "Hours", "79", UnlinkedLine.CREATE_ITEM, {"20": "TAX", "8.25": "NON"}, "3")


def draft(lines: int = 1) -> Draft:
    line = DraftLine(
        description="Stunden für «Umbau» 工事",
        quantity=Decimal("1.50"),
        unit_price=Decimal("0.1000000000000000055511151231"),
        discount=Discount(percent=Decimal("12.5"), description="loyal"),
        product=ProductId(3),
        item=ItemId("9"),
        item_name="Hours",
        new_item=NewItem("Hours", "H-1", "by the hour", Decimal("1E+3"), "79"),
        tax_rate=Decimal("20.00"),
        tax_code="TAX",
    )
    return Draft(
        connection=CONNECTION,
        customer=CustomerId("58"),
        details=CustomerDetails(
            "Babbage", Address(("1 Dorset St", "2nd floor"), "London", "", "W1U", "GB"), "c@b.uk", "GB1"
        ),
        currency="GBP",
        tax_handling=TaxHandling.INCLUSIVE,
        lines=(line,) * lines,
        issued_on=date(2026, 3, 13),
        due_on=date(2026, 4, 12),
        term="3",
        memo="thanks",
        po_number="PO 1",
        number="1001",
        create_customer=True,
        instalment=2,
    )


def intent(key: str = "key-1", **other: object) -> Intent:
    return Intent(
        company=COMPANY,
        deal=DEAL,
        key=IntentKey(key),
        created_by=UserId(1),
        created_at=NOW,
        draft=draft(),
        content_hash="hash",
        basis=0,
        reference="DB-1",
        steps=(
            Step(StepKind.ITEM, 0, (Attempt("k0", NOW, answered=True),), "9"),
            Step(StepKind.INVOICE, None, (Attempt("k1", after(seconds=1)),)),
        ),
        buyer="organization:7",
        state=IntentState.SENDING,
        refusal=Refusal("code", "No.", "tid-1"),
        was_unknown=True,
        duplicates=("1", "2"),
        needs_person="Please reconnect.",
        due_at=after(minutes=3),
    ).__replace__(**other)


def made(begun: Intent, **other: object) -> Intent:
    return replace(begun, state=IntentState.MADE, invoice=INVOICE, due_at=None).__replace__(**other)


def invoice(invoice_id: str = INVOICE, **other: object) -> Invoice:
    return Invoice(
        id=InvoiceId(invoice_id),
        number="1001",
        customer=CustomerId("58"),
        customer_name="Babbage",
        currency="GBP",
        total=Decimal("12.50"),
        tax=Decimal("2.10"),
        balance=Decimal("0.00"),
        issued_on=date(2026, 3, 13),
        due_on=date(2026, 4, 12),
        stage=Stage.ISSUED,
        version=3,
        created_at=NOW,
        updated_at=after(seconds=1),
        reference="DB-1",
        unknown_word="Sideways",
        is_linked=True,
        is_sent=True,
        sent_at=after(seconds=30),
        sent_to=("ap@example.com", "boss@example.com"),
    ).__replace__(**other)


def link(invoice_id: str = INVOICE, **other: object) -> InvoiceLink:
    return InvoiceLink(
        company=COMPANY,
        deal=DEAL,
        connection=CONNECTION,
        provider=Provider.QUICKBOOKS,
        invoice=invoice(invoice_id),
        url="https://qbo.example/145",
        linked_at=NOW,
        linked_by=UserId(1),
        read_at=NOW,
        intent=IntentKey("key-1"),
        expected_total=Decimal("12.49"),
        note=12,
        note_started_at=NOW,
        note_shows="<b>Paid</b>",
        mailing=Mailing(after(seconds=30), ("ap@example.com",), UserId(1), is_sure=False),
        told_at=NOW,
        told={"paid": Told("paid", 4, "paid", NOW)},
    ).__replace__(**other)


def entry(what: str = "created", at: datetime = NOW) -> HistoryEntry:
    return HistoryEntry(at, what, UserId(1), INVOICE, "1001", "by hand")


def press(key: str = "press-1", **other: object) -> Press:
    return Press(
        company=COMPANY,
        deal=DEAL,
        connection=CONNECTION,
        invoice=INVOICE,
        action=Action.EMAIL,
        key=key,
        by=UserId(1),
        at=NOW,
        mail=Mail("ap@example.com", ("boss@example.com",), ()),
        state=PressState.SENDING,
        refusal=Refusal("books_closed", "The books are closed.", "tid-1"),
    ).__replace__(**other)
