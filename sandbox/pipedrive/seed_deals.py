"""The sample companies' deals: one per trouble that an invoice can have. Their ids are the constants below."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.pipedrive import seed_catalogue as item
from sandbox.pipedrive.deal_lines import line_sum
from sandbox.pipedrive.model import Company, Document
from sandbox.pipedrive.seed_contacts import (
    ADA,
    ADDED,
    BEN,
    CID,
    DEE,
    NORTHWIND,
    OBRIEN,
    PERSON_ALONE,
    PERSON_EMOJI,
    PERSON_NO_EMAIL,
    PERSON_POLAND,
    PERSON_RTL,
    PERSON_SEVERAL_EMAILS,
    ZOLW,
    address,
)
from sandbox.pipedrive.seed_fields import (
    DEAL_ACCOUNT_MANAGER,
    DEAL_BILLING_CONTACT,
    DEAL_CALL_AT,
    DEAL_DEPOSIT,
    DEAL_DISCOUNT_HINT,
    DEAL_DUE_DATE,
    DEAL_HOTLINE,
    DEAL_INVOICE_NOTE,
    DEAL_PARTNER,
    DEAL_PO_NUMBER,
    DEAL_REGION,
    DEAL_SEATS,
    DEAL_SERVICE_PERIOD,
    DEAL_SERVICES,
    DEAL_SITE_ADDRESS,
    option,
)

DEAL_US_SIMPLE = 1  # USD, O'Brien & Sons, two lines, no tax: nothing special
DEAL_UK_DISCOUNTS = 2  # GBP, Northwind, discounts by percent and amount on lines and on the deal, a disabled line
DEAL_EUR = 3  # EUR, Żółw, quantities 1.5 and 0.333, several tax rates, every custom field filled
DEAL_NO_PRODUCTS = 4  # USD 4,999.99, no lines
DEAL_INSTALMENTS = 5  # GBP, three installments that make up the value
DEAL_RECURRING = 6  # USD, monthly and yearly lines beside a one-time one
DEAL_CUSTOM_CURRENCY = 7  # in PTS, which is no ISO currency
DEAL_PERSON_ONLY = 8  # EUR, a person and no organization; owned by 104, who sees only this
DEAL_INCLUSIVE = 9  # GBP, tax included in the prices
DEAL_ARCHIVED = 10  # won and archived
DEAL_DELETED = 11  # deleted
DEAL_RESTRICTED = 12  # visible to its owner (102) and admins, so not to 103 and 104
DEAL_ZERO = 13  # USD 0: a gift
DEAL_LONG_TEXTS = 14  # USD, long title and comments, markup, emoji, right-to-left text; a product variation
DEAL_NO_BUYER = 15  # USD, neither person nor organization

LONG = "This line goes on, as people's lines do. " * 40


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be: product, price, quantity, tax in percent, discount, and what else is special."""

    product: int
    price: str
    quantity: str = "1"
    tax: str = "0"
    discount: str = "0"
    discount_type: str = "percentage"
    enabled: bool = True
    comments: str = ""
    frequency: str = "one-time"
    cycles: int | None = None
    variation: int | None = None


def seed_deals(company: Company) -> None:
    """All deals of the demo company."""
    _plain(company)
    _discounted(company)
    _european(company)
    _special(company)
    _closed(company)


def add_deal(
    company: Company,
    number: int,
    title: str,
    currency: str,
    buyer: tuple[int | None, int | None],
    *,
    lines: tuple[Line, ...] = (),
    tax_method: str = "exclusive",
    owner: int = ADA,
    value: str = "0",
    **other: object,
) -> Document:
    """Put a deal with its lines into `company`; `buyer` is (organization, person). Lines make the value."""
    rows = [_line(company, number, index, line, currency, tax_method) for index, line in enumerate(lines, 1)]
    company.lines[number] = rows
    total = sum((row["sum"] for row in rows if row["is_enabled"]), Decimal(0)) if rows else Decimal(value)
    company.deals[number] = {
        "id": number, "title": title, "creator_user_id": owner, "owner_id": owner, "value": total,
        "person_id": buyer[1], "org_id": buyer[0], "stage_id": 1, "pipeline_id": 1, "currency": currency,
        "archive_time": None, "add_time": ADDED, "update_time": ADDED, "stage_change_time": ADDED, "status": "open",
        "is_archived": False, "is_deleted": False, "probability": None, "lost_reason": None, "visible_to": 7,
        "close_time": None, "won_time": None, "lost_time": None, "local_won_date": None, "local_lost_date": None,
        "local_close_date": None, "expected_close_date": "2026-12-15", "label_ids": [], "origin": "ManuallyCreated",
        "origin_id": None, "channel": None, "channel_id": None, "acv": None, "arr": None, "mrr": None,
        "custom_fields": {}, **other,
    }  # fmt: skip
    return company.deals[number]


def _line(company: Company, deal: int, index: int, line: Line, currency: str, tax_method: str) -> Document:
    row: Document = {
        "id": deal * 100 + index,
        "tax": Decimal(line.tax),
        "deal_id": deal,
        "name": company.products[line.product]["name"],
        "product_id": line.product,
        "product_variation_id": line.variation,
        "order_nr": index,
        "add_time": ADDED,
        "update_time": ADDED,
        "comments": line.comments,
        "currency": currency,
        "discount": Decimal(line.discount),
        "quantity": Decimal(line.quantity),
        "item_price": Decimal(line.price),
        "tax_method": tax_method,
        "discount_type": line.discount_type,
        "is_enabled": line.enabled,
        "billing_frequency": line.frequency,
        "billing_frequency_cycles": line.cycles,
        "billing_start_date": None if line.frequency == "one-time" else "2026-12-01",
    }
    return {**row, "sum": line_sum(row)}


def _discount(company: Company, deal: int, index: int, kind: str, amount: str, description: str) -> None:
    """A discount on the whole deal; it lowers the deal's value."""
    row: Document = {
        "id": f"30195b0e-7577-4f52-a5cf-{deal:06x}{index:06x}", "type": kind, "amount": Decimal(amount),
        "description": description, "deal_id": deal, "created_at": ADDED, "created_by": ADA, "updated_at": ADDED,
        "updated_by": ADA,
    }  # fmt: skip
    company.discounts.setdefault(deal, []).append(row)
    value = company.deals[deal]["value"]
    off = row["amount"] if kind == "amount" else value * row["amount"] / 100
    company.deals[deal]["value"] = round(value - off, 2)


def _plain(company: Company) -> None:
    add_deal(
        company, DEAL_US_SIMPLE, "O'Brien onboarding", "USD", (OBRIEN, PERSON_EMOJI), owner=BEN, tax_method="none",
        lines=(Line(item.CONS_1, "150", "10", comments="On site, week 48"), Line(item.LIC_STD, "25", "12")),
        custom_fields={DEAL_PO_NUMBER: "PO-2026-0017"},
    )  # fmt: skip
    add_deal(
        company, DEAL_NO_PRODUCTS, "Retainer without products", "USD", (OBRIEN, PERSON_NO_EMAIL), value="4999.99",
    )  # fmt: skip
    add_deal(
        company, DEAL_ZERO, "Welcome gift", "USD", (OBRIEN, None), lines=(Line(item.GIFT, "0", "3"),),
    )  # fmt: skip
    add_deal(
        company, DEAL_NO_BUYER, "Nobody yet", "USD", (None, None), lines=(Line(item.HW_100, "99.95", "2", "8.25"),)
    )


def _discounted(company: Company) -> None:
    number = DEAL_UK_DISCOUNTS
    add_deal(
        company, number, "Northwind roll-out", "GBP", (NORTHWIND, PERSON_SEVERAL_EMAILS),
        lines=(
            Line(item.LIC_PRO, "39.99", "25", "20", "12.5"),
            Line(item.TRAIN_DAY, "950", "2", "0", "100", "amount"),
            Line(item.HW_200, "199", "3", "20"),
            Line(item.SUPPORT_M, "65", "12", "20", enabled=False, comments="Perhaps next year"),
            Line(item.FREIGHT, "28", "1", "5"),
        ),
        custom_fields={DEAL_PO_NUMBER: "NW/44 & 45"},
    )  # fmt: skip
    _discount(company, number, 1, "percentage", "10", "Partner discount")
    _discount(company, number, 2, "amount", "50", "Trade fair voucher")


def _european(company: Company) -> None:
    site = address("Rynek 1, 50-106 Wrocław, Polska", route="Rynek", locality="Wrocław", country="Polska")
    add_deal(
        company, DEAL_EUR, "Żółw: wdrożenie", "EUR", (ZOLW, PERSON_POLAND), owner=CID,
        lines=(
            Line(item.CONS_1, "140", "1.5", "20"),
            Line(item.NO_CODE, "3.1", "0.333", "20"),
            Line(item.FREIGHT, "30", "1", "5"),
            Line(item.WORKSHOP, "600", "1", "0"),
            Line(item.HW_100, "89.9", "7", "8.25"),
        ),
        custom_fields={
            DEAL_PO_NUMBER: "ZAM/2026/11",
            DEAL_INVOICE_NOTE: "Prosimy o płatność w terminie.\nDziękujemy!",
            DEAL_DISCOUNT_HINT: Decimal("2.5"),
            DEAL_SEATS: 7,
            DEAL_DEPOSIT: {"value": Decimal("250.5"), "currency": "EUR"},
            DEAL_SITE_ADDRESS: site,
            DEAL_REGION: option(DEAL_REGION, "Łódź & okolice"),
            DEAL_SERVICES: [option(DEAL_SERVICES, "Setup"), option(DEAL_SERVICES, "Support")],
            DEAL_DUE_DATE: "2026-12-31",
            DEAL_SERVICE_PERIOD: {"value": "2026-12-01", "until": "2027-11-30"},
            DEAL_CALL_AT: {"value": "09:30:00", "timezone_id": 465, "timezone_name": "Europe/Warsaw"},
            DEAL_HOTLINE: "+48 42 123 45 67",
            DEAL_ACCOUNT_MANAGER: BEN,
            DEAL_PARTNER: NORTHWIND,
            DEAL_BILLING_CONTACT: PERSON_POLAND,
        },
    )  # fmt: skip
    add_deal(
        company, DEAL_PERSON_ONLY, "Erika: Workshop", "EUR", (None, PERSON_ALONE), owner=DEE, tax_method="none",
        lines=(Line(item.WORKSHOP, "600", "2"),),
    )  # fmt: skip
    add_deal(
        company, DEAL_INCLUSIVE, "Prices with VAT", "GBP", (NORTHWIND, PERSON_SEVERAL_EMAILS), tax_method="inclusive",
        lines=(Line(item.HW_100, "79.95", "3", "20"), Line(item.HW_200, "199", "1", "20", "5"),
               Line(item.FREIGHT, "28", "1", "5")),
    )  # fmt: skip


def _special(company: Company) -> None:
    add_deal(
        company, DEAL_INSTALMENTS, "Northwind in three parts", "GBP", (NORTHWIND, PERSON_SEVERAL_EMAILS),
        lines=(Line(item.CONS_1, "120", "80", "20"), Line(item.TRAIN_DAY, "950", "1", "20")),
    )  # fmt: skip
    parts = (
        ("3165", "2026-12-01", "Deposit (30 %)"),
        ("5275", "2027-02-01", "Go-live"),
        ("2110", "2027-03-01", "Rest"),
    )
    company.installments[DEAL_INSTALMENTS] = [
        {
            "id": DEAL_INSTALMENTS * 100 + index, "amount": Decimal(amount), "billing_date": day,
            "deal_id": DEAL_INSTALMENTS, "description": description,
        }
        for index, (amount, day, description) in enumerate(parts, 1)
    ]  # fmt: skip
    add_deal(
        company, DEAL_RECURRING, "Support contract", "USD", (OBRIEN, PERSON_EMOJI), owner=BEN,
        lines=(
            Line(item.SUPPORT_M, "80", "1", "8.25", frequency="monthly", cycles=12),
            Line(item.LIC_PRO, "479.9", "2", "8.25", frequency="annually", variation=item.VARIATION_PRO_ANNUAL),
            Line(item.TRAIN_DAY, "1200", "1"),
        ),
    )  # fmt: skip
    add_deal(
        company, DEAL_CUSTOM_CURRENCY, "Paid in points", "PTS", (OBRIEN, None), lines=(Line(item.GIFT, "500", "4"),),
    )  # fmt: skip
    add_deal(
        company, DEAL_LONG_TEXTS, f"“Quotes” <b>& markup</b> 🦄 שלום {'very ' * 30}long", "USD", (OBRIEN, PERSON_RTL),
        owner=CID, lines=(
            Line(item.LIC_PRO, "479.9", "1", "8.25", comments=LONG, variation=item.VARIATION_PRO_ANNUAL),
            Line(item.WORKSHOP, "640", comments="יום סדנה ☕ <script>alert(1)</script>"),
        ),
        custom_fields={DEAL_INVOICE_NOTE: LONG},
    )  # fmt: skip


def _closed(company: Company) -> None:
    won = "2026-10-30T16:00:00Z"
    lines = (Line(item.CONS_1, "120", "2", "20"),)
    add_deal(
        company, DEAL_ARCHIVED, "Old and archived", "GBP", (NORTHWIND, None), lines=lines, status="won",
        is_archived=True, archive_time="2026-11-01T08:00:00Z", won_time=won, close_time=won,
        local_won_date="2026-10-30", local_close_date="2026-10-30",
    )  # fmt: skip
    add_deal(
        company, DEAL_DELETED, "Deleted by mistake", "GBP", (NORTHWIND, None), lines=lines, status="deleted",
        is_deleted=True,
    )  # fmt: skip
    add_deal(
        company, DEAL_RESTRICTED, "Confidential", "USD", (OBRIEN, None), owner=BEN, visible_to=1,
        lines=(Line(item.CONS_1, "300", "4"),),
    )  # fmt: skip
