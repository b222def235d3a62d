"""A company that left is forgotten 30 days later by the machine: all of it, nobody else, unless somebody comes back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from duebill.domain.ids import CompanyId
from sandbox.pipedrive.seed import ADA, COMPANY, DEAL_US_SIMPLE, OTHER_COMPANY, OTHER_DEAL, OTHER_USER
from scripts import erase_company
from tests.fakes.office import Office

# What is shared by all who are connected to a set of books: counts of calls, without any company.
OF_NOBODY = ("LIMIT#",)


@pytest.fixture
def office() -> Iterator[Office]:
    """Two companies that have both invoiced; they are connected to the same books."""
    office = Office()
    other = Office(user=OTHER_USER, company=OTHER_COMPANY, tabletop=office.tabletop, first_number=500)
    for each, deal in ((office, DEAL_US_SIMPLE), (other, OTHER_DEAL)):
        draft, basis = each.draft(deal, each.us)
        assert each.create(deal, draft, basis).status == 201
    office.tabletop.pass_time(minutes=5)
    yield office
    office.close()
    assert office.tabletop.failures == []


def uninstall(office: Office) -> None:
    notice = office.tabletop.pipedrive.uninstall(COMPANY, ADA)
    told = office.tabletop.visit(notice.method, notice.path, headers=notice.headers, body=notice.body)
    assert told.status == 200


def rows(office: Office, company: int) -> list[dict[str, Any]]:
    """The rows that name a company in their keys."""
    mine = f"C#{company}"
    found = [
        row
        for row in office.tabletop.rows()
        if row["pk"]["S"] == mine or row["pk"]["S"].startswith(f"{mine}#") or row["sk"]["S"].startswith(f"{company}#")
    ]
    return sorted(found, key=lambda row: (row["pk"]["S"], row["sk"]["S"]))


def lasting(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The keys of rows that no time takes away."""
    return [(row["pk"]["S"], row["sk"]["S"]) for row in found if "expires" not in row]


def assert_only_the_other_is_left(office: Office) -> None:
    others = rows(office, OTHER_COMPANY)
    left = [row for row in office.tabletop.rows() if row not in others]
    consents = [row for row in left if row["pk"]["S"].startswith(("STATE#", "TICKET#"))]
    assert all("expires" in row for row in consents)
    assert [row for row in left if row not in consents and not row["pk"]["S"].startswith(OF_NOBODY)] == []
    # Nowhere else either: no key, no document and no attribute names the company.
    assert str(COMPANY) not in json.dumps(office.tabletop.rows(), default=str)


def test_a_company_is_erased_30_days_after_its_last_user_left(office: Office) -> None:
    uninstall(office)
    others = lasting(rows(office, OTHER_COMPANY))
    office.tabletop.pass_time(days=29, hours=23)
    assert rows(office, COMPANY) != []
    office.tabletop.pass_time(hours=2)
    assert rows(office, COMPANY) == []
    assert_only_the_other_is_left(office)
    assert lasting(rows(office, OTHER_COMPANY)) == others
    assert office.tabletop.api("GET", f"/deals/{OTHER_DEAL}/invoices", user=OTHER_USER, company=OTHER_COMPANY).json[
        "invoices"
    ]
    for _ in range(3):
        office.tabletop.pass_time(days=40)
    assert rows(office, COMPANY) == [], "nothing brings it back"


def test_a_company_that_comes_back_in_time_is_kept(office: Office) -> None:
    uninstall(office)
    office.tabletop.pass_time(days=29)
    office.tabletop.install(ADA)
    office.tabletop.pass_time(days=30)
    answer = office.api("GET", "/connections")
    assert len(answer.json["connections"]) == 2, "to be reconnected, with their settings"
    links = office.tabletop.wiring().invoices.links(CompanyId(COMPANY), DEAL_US_SIMPLE)  # type: ignore[arg-type]  # a deal
    assert len(links) == 1


def test_the_command_erases_as_the_machine_does(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    others = rows(office, OTHER_COMPANY)
    monkeypatch.setattr("boto3.client", lambda _: office.tabletop.cloud.dynamodb)
    assert erase_company.main([str(COMPANY), "--yes", "--table", office.tabletop.environment["TABLE_NAME"]]) == 0
    assert_only_the_other_is_left(office)
    assert rows(office, OTHER_COMPANY) == others
