"""What the deal is told of its invoices beside the note: fields that the app makes, activities for the owner."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandbox.pipedrive import seed
from sandbox.pipedrive.model import Document
from sandbox.quickbooks.seed import UK_REALM
from sandbox.tabletop import Answer
from tests.fakes.linked_deal import LinkedDeal
from tests.fakes.office import Office

Doc = dict[str, Any]
SCOPES = {"deal-fields:full", "activities:full"}


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.close()
    assert office.tabletop.failures == []


def want(office: Office, **changes: bool) -> Answer:
    settings = office.api("GET", "/settings").json["settings"]
    return office.api("PUT", "/settings", json=settings | changes)


def crm_of(office: Office) -> Any:  # noqa: ANN401  the simulator's company
    return office.tabletop.pipedrive.companies[seed.COMPANY]


def ours(office: Office) -> dict[str, Document]:
    """The deal fields that the app made, by name."""
    return {row["field_name"]: row for row in crm_of(office).fields["deal"] if row["field_name"].endswith("(Duebill)")}


def shown(office: Office, deal: int) -> Doc:
    """What those fields hold on a deal: labels for choices."""
    values = crm_of(office).deals[deal]["custom_fields"]
    found: Doc = {}
    for name, row in ours(office).items():
        value = values.get(row["field_code"])
        labels = {option["id"]: option["label"] for option in row["options"] or []}
        found[name.removeprefix("Invoice ").removesuffix(" (Duebill)")] = labels.get(value) if labels else value
    return found


def planned(office: Office) -> list[tuple[str, int, str]]:
    return [(one["subject"], one["owner_id"], one["due_date"]) for one in crm_of(office).activities.values()]


def pay(office: Office, linked: LinkedDeal) -> None:
    """Some time after the invoice was made: times in the books are whole seconds."""
    office.tabletop.clock.push(timedelta(minutes=1))
    office.tabletop.quickbooks.bookkeeper.pay(UK_REALM, linked.own["id"])
    assert office.api("POST", f"/deals/{linked.deal}/invoices/refresh").status == 200
    office.tabletop.pass_time(minutes=5)


@pytest.mark.parametrize(
    ("setting", "code"), [("fields_on_deal", "deal_fields_not_allowed"), ("activity_on_deal", "activities_not_allowed")]
)
def test_without_pipedrives_permission_the_setting_says_so_and_nothing_is_saved(
    office: Office, setting: str, code: str
) -> None:
    refused = want(office, **{setting: True})
    assert (refused.status, refused.json["code"], refused.json["fields"]) == (400, code, [f"/{setting}"])
    assert office.api("GET", "/settings").json["settings"][setting] is False
    assert ours(office) == {}


def test_the_fields_are_made_once_and_used_again(office: Office) -> None:
    office.tabletop.pipedrive.scopes |= SCOPES
    assert want(office, fields_on_deal=True).status == 200
    made = ours(office)
    assert {row["field_type"] for row in made.values()} == {"enum", "monetary", "varchar"}
    assert len(made) == 4
    assert want(office, fields_on_deal=False).json["settings"]["fields_on_deal"] is False
    again = want(office, fields_on_deal=True)
    assert again.json["settings"]["fields_on_deal"] is True
    assert ours(office) == made
    assert sum(row["field_name"].endswith("(Duebill)") for row in crm_of(office).fields["deal"]) == 4


def test_a_field_that_somebody_deleted_is_said_and_made_anew_on_saving(office: Office) -> None:
    office.tabletop.pipedrive.scopes |= SCOPES
    want(office, fields_on_deal=True)
    rows = crm_of(office).fields["deal"]
    rows.remove(ours(office)["Invoice link (Duebill)"])
    office.tabletop.pass_time(minutes=20)  # metadata is kept for a quarter of an hour
    problems = office.api("GET", "/settings").json["problems"]
    assert [problem["code"] for problem in problems] == ["deal_fields_gone"]
    assert want(office, fields_on_deal=True).json["problems"] == []
    assert len(ours(office)) == 4


def test_the_deals_fields_follow_its_invoices(office: Office) -> None:
    office.tabletop.pipedrive.scopes |= SCOPES
    want(office, fields_on_deal=True)
    title = crm_of(office).deals[seed.DEAL_UK_DISCOUNTS]["title"]
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    own = linked.own
    first = shown(office, linked.deal)
    assert (first["status"], first["number"], first["link"]) == ("Open", own["number"], own["url"])
    assert Decimal(first["amount due"]["value"]) == Decimal(own["amount_due"]["amount"])
    assert first["amount due"]["currency"] == "GBP"
    pay(office, linked)
    paid = shown(office, linked.deal)
    assert (paid["status"], paid["amount due"]["value"]) == ("Paid", 0)
    second = linked.enter_one()
    number = linked.link(second).json["number"]
    office.tabletop.pass_time(minutes=5)
    both = shown(office, linked.deal)
    assert (both["status"], both["number"]) == ("Open", f"{number}, {own['number']}"), "the more urgent one decides"
    assert linked.unlink(second).status == 204
    office.tabletop.pass_time(minutes=5)
    assert shown(office, linked.deal) == paid
    assert crm_of(office).deals[linked.deal]["title"] == title
    assert office.tabletop.pipedrive.warnings == [], "`value` is never sent along"


def test_what_no_deal_has_any_more_leaves_empty_fields(office: Office) -> None:
    office.tabletop.pipedrive.scopes |= SCOPES
    want(office, fields_on_deal=True)
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    assert shown(office, linked.deal)["status"] == "Open"
    assert linked.unlink(linked.own["id"]).status == 204
    office.tabletop.pass_time(minutes=5)
    assert set(shown(office, linked.deal).values()) == {None}


def test_the_owner_is_told_once_that_an_invoice_is_overdue_and_once_that_it_is_paid(office: Office) -> None:
    office.tabletop.pipedrive.scopes |= SCOPES
    want(office, activity_on_deal=True)
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    owner = crm_of(office).deals[linked.deal]["owner_id"]
    number = linked.own["number"]
    office.tabletop.pass_time(days=3)
    assert planned(office) == []
    office.tabletop.pass_time(days=5)
    [(subject, whose, day)] = planned(office)
    assert (subject, whose) == (f"Invoice {number} is overdue", owner)
    assert day > linked.own["due_on"]
    office.tabletop.pass_time(days=5)
    assert len(planned(office)) == 1
    pay(office, linked)
    office.tabletop.pass_time(days=2)
    assert [subject for subject, _, _ in planned(office)][1:] == [f"Invoice {number} is paid"]
    assert [entry["what"] for entry in linked.history()] == ["paid", "overdue", "created"]


@pytest.mark.parametrize("fault", ["drop_after_commit", "drop_before"])
def test_an_activity_whose_answer_was_lost_is_looked_for_and_not_planned_twice(office: Office, fault: str) -> None:
    office.tabletop.pipedrive.scopes |= SCOPES
    want(office, activity_on_deal=True)
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    office.tabletop.fault(office.tabletop.pipedrive, fault, where=r"POST .*/activities$")
    pay(office, linked)
    for _ in range(4):
        office.tabletop.pass_time(minutes=10)
    assert len(planned(office)) == 1


def test_an_invoice_that_was_paid_before_it_was_linked_is_no_news(office: Office) -> None:
    office.tabletop.pipedrive.scopes |= SCOPES
    want(office, activity_on_deal=True)
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    old = linked.enter_one()
    office.tabletop.quickbooks.bookkeeper.pay(UK_REALM, old)
    assert linked.link(old).json["status"] == "paid"
    office.tabletop.pass_time(minutes=30)
    assert planned(office) == []


def test_fields_that_pipedrive_turns_away_are_written_later_and_the_note_is_written_all_the_same(
    office: Office,
) -> None:
    office.tabletop.pipedrive.scopes |= SCOPES
    want(office, fields_on_deal=True)
    for _ in range(2):
        office.tabletop.fault(office.tabletop.pipedrive, "status", where=r"PATCH .*/deals/\d+$", status=503)
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    notes = crm_of(office).notes.values()
    assert sum(linked.own["reference"] in note["content"] for note in notes) == 1
    assert shown(office, linked.deal)["status"] is None
    for _ in range(2):
        office.tabletop.pass_time(minutes=10)
    assert shown(office, linked.deal)["status"] == "Open"


def attached(office: Office, deal: int) -> list[str]:
    return [file["name"] for file in crm_of(office).files.values() if file["deal_id"] == deal]


def test_the_pdf_is_attached_once_for_each_version_of_the_invoice(office: Office) -> None:
    assert want(office, pdf_on_deal=True).status == 200
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    assert attached(office, linked.deal) == [], "nobody waits for a file"
    office.tabletop.pass_time(minutes=5)
    [first] = attached(office, linked.deal)
    assert first.startswith(f"Invoice {linked.own['number']} (")
    [content] = crm_of(office).contents.values()
    assert content.startswith(b"%PDF")
    office.tabletop.pass_time(hours=1)
    assert office.api("POST", f"/deals/{linked.deal}/invoices/refresh").status == 200
    office.tabletop.pass_time(minutes=5)
    assert attached(office, linked.deal) == [first]
    pay(office, linked)
    assert len(set(attached(office, linked.deal))) == 2


@pytest.mark.parametrize("fault", ["drop_after_commit", "drop_before"])
def test_a_file_whose_answer_was_lost_is_looked_for_by_its_name(office: Office, fault: str) -> None:
    want(office, pdf_on_deal=True)
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    office.tabletop.fault(office.tabletop.pipedrive, fault, where=r"POST .*/files$")
    for _ in range(4):
        office.tabletop.pass_time(minutes=10)
    assert len(attached(office, linked.deal)) == 1


def test_a_pdf_that_the_books_do_not_give_now_comes_later_and_keeps_nothing_else_waiting(office: Office) -> None:
    want(office, pdf_on_deal=True)
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    office.tabletop.fault(office.tabletop.quickbooks, "status", where=r"GET .*/pdf$", status=503)
    notes = crm_of(office).notes.values()
    assert sum(linked.own["reference"] in note["content"] for note in notes) == 1
    for _ in range(4):
        office.tabletop.pass_time(minutes=10)
    assert len(attached(office, linked.deal)) == 1


def test_linking_again_attaches_no_second_file(office: Office) -> None:
    want(office, pdf_on_deal=True)
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    office.tabletop.pass_time(minutes=5)
    for minutes in (0, 5):  # before the deal is told, and after
        assert linked.unlink(linked.own["id"]).status == 204
        office.tabletop.pass_time(minutes=minutes, run=minutes > 0)
        assert linked.link(linked.own["id"]).status == 200
        office.tabletop.pass_time(minutes=5)
    assert len(attached(office, linked.deal)) == 1


def test_fields_that_may_still_be_written_late_are_waited_for(office: Office) -> None:
    office.tabletop.pipedrive.scopes |= SCOPES
    want(office, fields_on_deal=True)
    linked, tabletop = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS), office.tabletop
    tabletop.fault(tabletop.pipedrive, "commit_after_drop", where=rf"PATCH .*/deals/{linked.deal}$")
    for amount in ("100", None):
        tabletop.clock.push(timedelta(seconds=20))
        tabletop.quickbooks.bookkeeper.pay(UK_REALM, linked.own["id"], amount)
        assert office.api("POST", f"/deals/{linked.deal}/invoices/refresh").status == 200
    tabletop.pipedrive.faults.settle()
    tabletop.pass_time(minutes=5)
    assert shown(office, linked.deal)["status"] == "Paid"
