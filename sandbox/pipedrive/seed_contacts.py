"""The sample companies' people: users, organizations, persons."""

from sandbox.pipedrive.model import Company, Document, User
from sandbox.pipedrive.seed_fields import (
    ORG_BILLING_ADDRESS,
    ORG_BILLING_EMAIL,
    ORG_BILLING_PERSON,
    ORG_CREDIT_LIMIT,
    ORG_CUSTOMER_SINCE,
    ORG_REMARKS,
    ORG_TERMS_DAYS,
    ORG_TIER,
    ORG_VAT_NUMBER,
    PERSON_BILLING_EMAIL,
    PERSON_HOME_ADDRESS,
    PERSON_INTERESTS,
    PERSON_TAX_ID,
    option,
)
from sandbox.pipedrive.values import ADDRESS_PARTS

ADDED = "2026-02-03T09:30:00Z"

ADA, BEN, CID, DEE = 101, 102, 103, 104
OTHER_USER = 201

NORTHWIND, OBRIEN, ZOLW = 1, 2, 3
OTHER_ORGANIZATION = 9001

PERSON_SEVERAL_EMAILS, PERSON_NO_EMAIL, PERSON_RTL, PERSON_EMOJI, PERSON_ALONE, PERSON_POLAND = 1, 2, 3, 4, 5, 6
OTHER_PERSON = 9001


def seed_users(company: Company) -> None:
    """Two admins, a member, and one who sees only what she owns; languages and date formats differ."""
    people = (
        User(ADA, "Ada Manager", "ada@duebill-demo.example", admin=True, locale="en_GB", country="GB"),
        User(
            BEN, "Ben Admin", "ben@duebill-demo.example", admin=True,
            timezone="America/Los_Angeles", timezone_offset="-08:00",
        ),
        User(
            CID, "Cid Member", "cid@duebill-demo.example", language="de", country="DE", locale="de_DE",
            timezone="Europe/Berlin", timezone_offset="+01:00", currency="EUR", group=2,
        ),
        User(
            DEE, "Dee Restricted", "dee@duebill-demo.example", own_only=True, language="pl", country="PL",
            locale="pl_PL", timezone="Europe/Warsaw", timezone_offset="+01:00", currency="EUR", group=2,
        ),
    )  # fmt: skip
    company.users = {user.id: user for user in people}


def seed_contacts(company: Company) -> None:
    """Three organizations in three countries, six persons."""
    company.organizations = {row["id"]: row for row in _organizations()}
    company.persons = {row["id"]: row for row in _persons()}


def organization(number: int, name: str, owner: int, address: Document | None, **custom: object) -> Document:
    """An organization as v2 keeps it."""
    return {
        "id": number,
        "name": name,
        "owner_id": owner,
        "add_time": ADDED,
        "update_time": ADDED,
        "is_deleted": False,
        "visible_to": 7,
        "address": address,
        "label_ids": [],
        "website": None,
        "linkedin": None,
        "industry": None,
        "annual_revenue": None,
        "employee_count": None,
        "custom_fields": custom,
    }


def person(number: int, name: str, owner: int, org: int | None, emails: tuple[str, ...], **custom: object) -> Document:
    """A person as v2 keeps it (no contact sync, so no postal address). Of the e-mails the *last* is the primary one."""
    first, _, last = name.partition(" ")
    return {
        "id": number,
        "name": name,
        "first_name": first,
        "last_name": last or None,
        "owner_id": owner,
        "org_id": org,
        "add_time": ADDED,
        "update_time": ADDED,
        "emails": [
            {"value": email, "primary": index == len(emails) - 1, "label": "work"} for index, email in enumerate(emails)
        ],
        "phones": [{"value": f"+44 20 7946 {number:04d}", "primary": True, "label": "work"}],
        "is_deleted": False,
        "visible_to": 7,
        "label_ids": [],
        "picture_id": None,
        "custom_fields": custom,
    }


def address(value: str, **parts: str) -> Document:
    """An address as Google Places gives it: what is not known is null, country names are not ISO codes."""
    return {part: {"value": value, **parts}.get(part) for part in ADDRESS_PARTS}


def _organizations() -> tuple[Document, ...]:
    london = address(
        "12 Kingsway, London WC2B 6LH, UK", street_number="12", route="Kingsway", locality="London",
        admin_area_level_1="England", admin_area_level_2="Greater London", country="United Kingdom",
        postal_code="WC2B 6LH",
    )  # fmt: skip
    sunnyvale = address(
        "742 Evergreen Ter #5, Sunnyvale, CA 94085, USA", street_number="742", route="Evergreen Terrace",
        subpremise="5", locality="Sunnyvale", admin_area_level_1="CA", admin_area_level_2="Santa Clara County",
        country="USA", postal_code="94085",
    )  # fmt: skip
    lodz = address(
        "ul. Piotrkowska 104/2, 90-926 Łódź, Polska", street_number="104", subpremise="2", route="ul. Piotrkowska",
        locality="Łódź", admin_area_level_1="Łódzkie", country="Polska", postal_code="90-926",
    )  # fmt: skip
    accounts = address("PO Box 99, Leeds LS1 1AA, UK", locality="Leeds", country="UK", postal_code="LS1 1AA")
    return (
        organization(
            NORTHWIND, "Northwind Traders Ltd", ADA, london,
            **{
                ORG_BILLING_EMAIL: "accounts@northwind.example",
                ORG_VAT_NUMBER: "GB123456789",
                ORG_BILLING_ADDRESS: accounts,
                ORG_TERMS_DAYS: 14,
                ORG_CUSTOMER_SINCE: "2021-04-01",
                ORG_TIER: option(ORG_TIER, "Gold"),
                ORG_CREDIT_LIMIT: {"value": 25000, "currency": "GBP"},
                ORG_REMARKS: "Wants one invoice per project.\nPays on the last Friday of the month.",
                ORG_BILLING_PERSON: PERSON_SEVERAL_EMAILS,
            },
        ),
        organization(OBRIEN, "O'Brien & Sons", BEN, sunnyvale, **{ORG_BILLING_EMAIL: "ap@obrien.example"}),
        organization(ZOLW, "Żółw Sp. z o.o.", CID, lodz, **{ORG_VAT_NUMBER: "PL5260250274"}),
    )  # fmt: skip


def _persons() -> tuple[Document, ...]:
    mails = ("maria.private@mail.example", "maria@northwind.example", "maria.anders@northwind.example")
    return (
        person(PERSON_SEVERAL_EMAILS, "Maria Anders", ADA, NORTHWIND, mails),
        person(PERSON_NO_EMAIL, "Sean O'Brien", BEN, OBRIEN, ()),
        person(PERSON_RTL, "יוסי כהן", CID, None, ("yossi@cohen.example",)),
        person(PERSON_EMOJI, "Zoë 🦄 Sparkle", CID, OBRIEN, ("zoe@obrien.example",)),
        person(
            PERSON_ALONE, "Erika Mustermann", DEE, None, ("erika@mustermann.example",),
            **{
                PERSON_BILLING_EMAIL: "rechnung@mustermann.example",
                PERSON_TAX_ID: "DE136695976",
                PERSON_HOME_ADDRESS: address("Heidestraße 17, 51147 Köln, Deutschland", country="Deutschland"),
                PERSON_INTERESTS: [option(PERSON_INTERESTS, "Events")],
            },
        ),
        person(PERSON_POLAND, "Łukasz Żak", CID, ZOLW, ("lukasz@zolw.example",)),
    )  # fmt: skip
