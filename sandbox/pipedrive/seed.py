"""The sample data of the sandbox: a company like a real one, and a second one that must never see it.

Deals by purpose (`seed_deals.py` says what each holds):

    DEAL_US_SIMPLE 1 · DEAL_UK_DISCOUNTS 2 · DEAL_EUR 3 · DEAL_NO_PRODUCTS 4 · DEAL_INSTALMENTS 5 · DEAL_RECURRING 6
    DEAL_CUSTOM_CURRENCY 7 · DEAL_PERSON_ONLY 8 · DEAL_INCLUSIVE 9 · DEAL_ARCHIVED 10 · DEAL_DELETED 11
    DEAL_RESTRICTED 12 (not for 103, 104) · DEAL_ZERO 13 · DEAL_LONG_TEXTS 14 · DEAL_NO_BUYER 15
    OTHER_DEAL 9001 (of the other company)

Users: ADA 101 and BEN 102 (admins), CID 103 (member), DEE 104 (sees only her own), OTHER_USER 201 (other company).
Keys of custom fields: the constants of `seed_fields.py`. Products: `seed_catalogue.py`.
"""

from sandbox.pipedrive.model import Company, User
from sandbox.pipedrive.seed_catalogue import CONS_1, OTHER_PRODUCT, product, seed_currencies, seed_products
from sandbox.pipedrive.seed_contacts import (
    ADA,
    BEN,
    CID,
    DEE,
    NORTHWIND,
    OBRIEN,
    OTHER_ORGANIZATION,
    OTHER_PERSON,
    OTHER_USER,
    PERSON_ALONE,
    PERSON_EMOJI,
    PERSON_NO_EMAIL,
    PERSON_POLAND,
    PERSON_RTL,
    PERSON_SEVERAL_EMAILS,
    ZOLW,
    organization,
    person,
    seed_contacts,
    seed_users,
)
from sandbox.pipedrive.seed_deals import (
    DEAL_ARCHIVED,
    DEAL_CUSTOM_CURRENCY,
    DEAL_DELETED,
    DEAL_EUR,
    DEAL_INCLUSIVE,
    DEAL_INSTALMENTS,
    DEAL_LONG_TEXTS,
    DEAL_NO_BUYER,
    DEAL_NO_PRODUCTS,
    DEAL_PERSON_ONLY,
    DEAL_RECURRING,
    DEAL_RESTRICTED,
    DEAL_UK_DISCOUNTS,
    DEAL_US_SIMPLE,
    DEAL_ZERO,
    Line,
    add_deal,
    seed_deals,
)
from sandbox.pipedrive.seed_fields import seed_fields
from sandbox.pipedrive.simulator import Pipedrive

__all__ = [
    "ADA", "BEN", "CID", "COMPANY", "CONS_1", "DEAL_ARCHIVED", "DEAL_CUSTOM_CURRENCY", "DEAL_DELETED", "DEAL_EUR",
    "DEAL_INCLUSIVE", "DEAL_INSTALMENTS", "DEAL_LONG_TEXTS", "DEAL_NO_BUYER", "DEAL_NO_PRODUCTS", "DEAL_PERSON_ONLY",
    "DEAL_RECURRING", "DEAL_RESTRICTED", "DEAL_UK_DISCOUNTS", "DEAL_US_SIMPLE", "DEAL_ZERO", "DEE", "NORTHWIND",
    "OBRIEN", "OTHER_COMPANY", "OTHER_DEAL", "OTHER_USER", "PERSON_ALONE", "PERSON_EMOJI", "PERSON_NO_EMAIL",
    "PERSON_POLAND", "PERSON_RTL", "PERSON_SEVERAL_EMAILS", "ZOLW", "seed",
]  # fmt: skip

COMPANY = 8087566
OTHER_COMPANY = 8087999
OTHER_DEAL = 9001


def seed(simulator: Pipedrive) -> None:
    """Fill a simulator. What it held under these companies' ids is replaced."""
    demo = Company(COMPANY, "Duebill Demo Ltd", "duebill-demo", country="GB")
    seed_users(demo)
    seed_fields(demo)
    seed_currencies(demo)
    seed_contacts(demo)
    seed_products(demo, ADA)
    seed_deals(demo)
    simulator.companies[demo.id] = demo
    simulator.companies[OTHER_COMPANY] = _other()


def _other() -> Company:
    """Another customer of Pipedrive: one user, one deal."""
    other = Company(OTHER_COMPANY, "Other Co", "other-co", country="US")
    other.users = {OTHER_USER: User(OTHER_USER, "Olga Other", "olga@other-co.example", admin=True)}
    seed_fields(other)
    seed_currencies(other)
    other.organizations = {OTHER_ORGANIZATION: organization(OTHER_ORGANIZATION, "Secret Client Inc.", OTHER_USER, None)}
    mails = ("client@secret.example",)
    other.persons = {OTHER_PERSON: person(OTHER_PERSON, "Carl Client", OTHER_USER, OTHER_ORGANIZATION, mails)}
    other.products = {
        OTHER_PRODUCT: product(OTHER_PRODUCT, "CONS-1", "Consulting", "hour", "0", {"USD": "200"}, OTHER_USER)
    }
    buyer = (OTHER_ORGANIZATION, OTHER_PERSON)
    add_deal(other, OTHER_DEAL, "Not yours", "USD", buyer, owner=OTHER_USER, lines=(Line(OTHER_PRODUCT, "200", "3"),))
    return other
