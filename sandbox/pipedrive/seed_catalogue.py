"""The sample companies' currencies and products."""

from decimal import Decimal

from sandbox.pipedrive.model import Company, Document
from sandbox.pipedrive.seed_contacts import ADDED
from sandbox.pipedrive.seed_fields import PRODUCT_LEDGER_CODE, PRODUCT_MARGIN

CONS_1, LIC_STD, LIC_PRO, TRAIN_DAY, HW_100, HW_200, SUPPORT_M, FREIGHT, NO_CODE, WORKSHOP, GIFT = range(1, 12)
VARIATION_PRO_ANNUAL = 1
OTHER_PRODUCT = 9001

# code, name, what a unit is, tax in percent, prices by currency
ROWS: tuple[tuple[int, str | None, str, str, str, dict[str, str]], ...] = (
    (CONS_1, "CONS-1", "Consulting hour", "hour", "20", {"USD": "150", "GBP": "120", "EUR": "140"}),
    (LIC_STD, "LIC-STD", "Licence, standard", "seat", "20", {"USD": "25", "GBP": "20", "EUR": "22.5"}),
    (LIC_PRO, "LIC-PRO", "Licence, professional", "seat", "20", {"USD": "49.99", "GBP": "39.99", "EUR": "45"}),
    (TRAIN_DAY, "TRAIN-DAY", "Training day", "day", "0", {"USD": "1200", "GBP": "950", "EUR": "1100"}),
    (HW_100, "HW-100", "Gateway HW-100", "piece", "8.25", {"USD": "99.95", "GBP": "79.95", "EUR": "89.9"}),
    (HW_200, "HW-200", "Gateway HW-200", "piece", "8.25", {"USD": "249.5", "GBP": "199", "EUR": "229"}),
    (SUPPORT_M, "SUPPORT-M", "Support, per month", "month", "20", {"USD": "80", "GBP": "65", "EUR": "75"}),
    (FREIGHT, "FREIGHT", "Freight & packing", "", "5", {"USD": "35", "GBP": "28", "EUR": "30"}),
    (NO_CODE, None, "Custom cable, cut to length", "m", "20", {"USD": "3.333", "GBP": "2.75", "EUR": "3.1"}),
    (WORKSHOP, None, "Workshop “Zero → One” ☕", "", "0", {"USD": "640", "EUR": "600"}),
    (GIFT, "GIFT-0", "Welcome gift", "piece", "0", {"USD": "0", "GBP": "0", "EUR": "0", "PTS": "500"}),
)


def seed_currencies(company: Company) -> None:
    """Three of ISO's, one without minor units, and one that the company made up."""
    rows = (
        ("USD", "US Dollar", 2, "$"),
        ("GBP", "Pound Sterling", 2, "£"),
        ("EUR", "Euro", 2, "€"),
        ("JPY", "Japanese Yen", 0, "¥"),
        ("PTS", "Loyalty points", 0, "pts"),
    )
    company.currencies = [
        {
            "id": number,
            "code": code,
            "name": name,
            "decimal_points": places,
            "symbol": symbol,
            "active_flag": True,
            "is_custom_flag": code == "PTS",
        }
        for number, (code, name, places, symbol) in enumerate(rows, 1)
    ]


def seed_products(company: Company, owner: int) -> None:
    """Eleven products: most with a code, one with a variation, one free of charge."""
    for number, code, name, unit, tax, prices in ROWS:
        company.products[number] = product(number, code, name, unit, tax, prices, owner)
    company.products[CONS_1]["custom_fields"] = {PRODUCT_LEDGER_CODE: "4000", PRODUCT_MARGIN: Decimal("62.5")}
    price = {"currency": "USD", "price": Decimal("479.9"), "cost": Decimal(0), "direct_cost": None, "notes": ""}
    company.variations[LIC_PRO] = [
        {
            "id": VARIATION_PRO_ANNUAL,
            "name": "Annual, paid in advance",
            "product_id": LIC_PRO,
            "prices": [{"product_variation_id": VARIATION_PRO_ANNUAL, **price}],
        }
    ]


def product(
    number: int, code: str | None, name: str, unit: str, tax: str, prices: dict[str, str], owner: int
) -> Document:
    """A product as v2 keeps it."""
    return {
        "id": number,
        "name": name,
        "code": code,
        "unit": unit,
        "tax": Decimal(tax),
        "is_deleted": False,
        "is_linkable": True,
        "visible_to": 7,
        "owner_id": owner,
        "add_time": ADDED,
        "update_time": ADDED,
        "description": f"{name}: what the catalogue says about it." if code else "",
        "category": None,
        "billing_frequency": "monthly" if number == SUPPORT_M else "one-time",
        "billing_frequency_cycles": None,
        "prices": [
            {
                "product_id": number,
                "price": Decimal(price),
                "currency": currency,
                "cost": Decimal(0),
                "direct_cost": None,
                "notes": "",
            }
            for currency, price in prices.items()
        ],
        "custom_fields": {},
    }
