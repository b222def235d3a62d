"""All invoices of a deal's customer: listed whole, summed by age, linked and unlinked."""

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from duebill.use_cases.list_customer_invoices import PAGE
from sandbox.pipedrive import seed
from tests.fakes.linked_deal import LinkedDeal
from tests.fakes.office import Office


@pytest.fixture(scope="module")
def linked(office: Office) -> LinkedDeal:
    return LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)


@pytest.fixture(scope="module")
def other(office: Office, linked: LinkedDeal) -> LinkedDeal:
    """Another deal, whose buyer is linked to the same customer."""
    deal = seed.DEAL_INCLUSIVE
    found = LinkedDeal(office, deal)
    path, link = f"/deals/{deal}/customer", {"connection_id": office.uk, "customer_id": linked.customer}
    assert office.api("PUT", path, json=link).status == 200
    return found


@pytest.fixture(scope="module")
def crowded(office: Office) -> LinkedDeal:
    return LinkedDeal(office, seed.DEAL_RECURRING)


def queries(office: Office) -> int:
    return sum("/query" in call for call in office.tabletop.quickbooks.faults.calls)


def test_the_list_holds_what_was_made_here_and_in_the_books_and_says_what_is_linked(linked: LinkedDeal) -> None:
    entered = linked.enter_one()
    assert linked.row(linked.own["id"])["link"] == {
        "to": "this_deal",
        "deal_id": linked.deal,
        "deal_title": linked.office.api("GET", f"/deals/{linked.deal}").json["title"],
    }
    row = linked.row(entered)
    assert row["link"] == {"to": "none", "deal_id": None, "deal_title": None}
    assert row["url"].startswith("http")
    assert not row["suggested"]
    [customer] = [one for one in linked.last["customers"] if one["connection_id"] == linked.office.uk]
    assert customer["customer_id"] == linked.customer


def test_the_last_twelve_months_are_shown_unless_a_time_frame_is_asked_for(linked: LinkedDeal) -> None:
    day = linked.today - timedelta(days=500)
    old = linked.enter([day])[0]
    assert old not in {row["id"] for row in linked.pages()}
    assert [row["id"] for row in linked.pages(f"?from={day}&to={day}")] == [old]
    assert linked.last["until"] == day.isoformat()


def test_a_status_leaves_rows_out_and_no_sums(linked: LinkedDeal) -> None:
    linked.enter([linked.today - timedelta(days=back) for back in (100, 101, 102)])
    rows, whole = linked.pages(), linked.last["totals"]
    assert {row["status"] for row in rows} > {"overdue", "paid"}
    some = linked.pages("?status=overdue&status=voided")
    assert [row["id"] for row in some] == [row["id"] for row in rows if row["status"] in ("overdue", "voided")]
    assert linked.last["totals"] == whole
    assert linked.pages("?status=overdue,voided") == some


def test_sums_come_to_what_the_rows_say(linked: LinkedDeal) -> None:
    linked.enter([linked.today - timedelta(days=back) for back in (5, 35, 45, 80, 110, 200, 300) * 2])
    rows = linked.pages()
    [totals] = linked.last["totals"]
    due = {row["id"]: Decimal(row["amount_due"]["amount"]) for row in rows if row["status"] not in ("voided", "draft")}
    late = {row["id"]: row["days_overdue"] for row in rows if row["status"] == "overdue"}
    amounts = {name: Decimal(money["amount"]) for name, money in totals.items()}
    assert amounts["outstanding"] == sum(due.values())
    assert amounts["overdue"] == sum(due[one] for one in late)
    for name, least, most in (
        ("overdue_1_30", 1, 30),
        ("overdue_31_60", 31, 60),
        ("overdue_61_90", 61, 90),
        ("overdue_over_90", 91, 10_000),
    ):
        expected = sum(due[one] for one, days in late.items() if least <= days <= most)
        assert amounts[name] == expected
        assert expected > 0, "the sample has some of each age"
    assert amounts["not_due"] == amounts["outstanding"] - amounts["overdue"]
    assert amounts["paid"] == sum(Decimal(row["paid"]["amount"]) for row in rows if row["status"] != "voided")


def test_what_names_the_deal_is_suggested_and_a_bare_number_is_not(linked: LinkedDeal) -> None:
    named, bare, elsewhere = linked.enter([linked.today - timedelta(days=2)] * 3)
    rows = linked.company.rows("Invoice")
    rows[named] = rows[named] | {"CustomerMemo": {"value": f"Work for Deal #{linked.deal}, thank you"}}
    rows[bare] = rows[bare] | {"CustomerMemo": {"value": f"{linked.deal} hours of work"}}
    rows[elsewhere] = rows[elsewhere] | {"CustomerMemo": {"value": f"deal {linked.deal}7"}}
    suggested = {row["id"] for row in linked.pages() if row["suggested"]}
    assert suggested == {named}


def test_our_own_reference_suggests_an_invoice_that_was_unlinked(office: Office) -> None:
    linked = LinkedDeal(office, seed.DEAL_LONG_TEXTS)
    assert linked.unlink(linked.own["id"]).status == 204
    assert linked.row(linked.own["id"])["suggested"]


def test_linking_makes_an_invoice_of_the_books_one_of_the_deals(linked: LinkedDeal) -> None:
    entered = linked.enter_one()
    basis = linked.office.api("GET", f"/deals/{linked.deal}").json["basis"]
    answer = linked.link(entered)
    assert (answer.status, answer.json["id"]) == (200, entered)
    assert linked.panel()[0] == entered
    assert linked.row(entered)["link"]["to"] == "this_deal"
    told = linked.history()[0]
    assert (told["what"], told["who"], told["by"], told["by_name"]) == ("linked", "person", seed.ADA, "Ada Manager")
    assert told["invoice_id"] == entered
    assert linked.office.api("GET", f"/deals/{linked.deal}").json["basis"] != basis
    entries = len(linked.history())
    assert linked.link(entered).status == 200, "once more changes nothing"
    assert len(linked.history()) == entries
    linked.office.tabletop.quickbooks.bookkeeper.pay(linked.company.realm, entered)
    shown = linked.office.api("POST", f"/deals/{linked.deal}/invoices/refresh").json["invoices"]
    assert next(one["status"] for one in shown if one["id"] == entered) == "paid"
    told = linked.history()[0]
    assert (told["what"], told["who"], told["by"], told["by_name"]) == ("paid", "books", None, None)


def test_unlinking_leaves_the_books_alone_and_is_told(linked: LinkedDeal) -> None:
    entered = linked.enter_one()
    linked.link(entered)
    writes = linked.office.writes()
    assert linked.unlink(entered).status == 204
    assert linked.office.writes() == writes
    assert entered not in linked.panel()
    assert linked.history()[0]["what"] == "unlinked"
    assert linked.row(entered)["link"]["to"] == "none"
    again = linked.unlink(entered)
    assert (again.status, again.json["code"]) == (404, "invoice_not_found")
    assert linked.link(entered).status == 200


def test_the_deals_note_says_that_an_invoice_is_no_longer_its_own(linked: LinkedDeal) -> None:
    entered, tabletop = linked.enter_one(), linked.office.tabletop
    number = linked.link(entered).json["number"]
    tabletop.pass_time(minutes=5)

    def notes() -> list[str]:
        found = tabletop.pipedrive.companies[seed.COMPANY].notes.values()
        return [note["content"] for note in found if f">Invoice {number}<" in note["content"]]

    assert ["Status: open" in note for note in notes()] == [True]
    assert linked.unlink(entered).status == 204
    tabletop.pass_time(minutes=5)
    assert ["no longer linked" in note for note in notes()] == [True]
    assert linked.link(entered).status == 200
    tabletop.pass_time(minutes=5)
    assert ["Status: open" in note for note in notes()] == [True], "the same note again, not another one"


def test_a_note_that_was_changed_although_nobody_heard_is_true_again_once_the_invoice_is_linked(
    linked: LinkedDeal,
) -> None:
    entered, tabletop = linked.enter_one(), linked.office.tabletop
    number = linked.link(entered).json["number"]
    tabletop.pass_time(minutes=5)
    assert linked.unlink(entered).status == 204
    tabletop.fault(tabletop.pipedrive, "drop_after_commit", where="PUT .*/notes/")
    tabletop.run_due_work()
    assert linked.link(entered).status == 200
    tabletop.pass_time(minutes=5)
    found = tabletop.pipedrive.companies[seed.COMPANY].notes.values()
    [note] = [note["content"] for note in found if f">Invoice {number}<" in note["content"]]
    assert "Status: open" in note


def test_the_panel_says_how_much_of_the_deal_is_invoiced(linked: LinkedDeal) -> None:
    def invoiced(method: str = "GET", path: str = "invoices") -> Decimal:
        deal = linked.office.api(method, f"/deals/{linked.deal}/{path}").json["deal"]
        assert deal["value"]["currency"] == deal["invoiced"][0]["currency"] == "GBP"
        return Decimal(deal["invoiced"][0]["amount"])

    before, voided = invoiced(), linked.enter_one()
    total = Decimal(linked.link(voided).json["total"]["amount"])
    assert invoiced() == before + total
    linked.office.tabletop.quickbooks.bookkeeper.void(linked.company.realm, voided)
    assert invoiced("POST", "invoices/refresh") == before, "what was voided does not count"


def test_an_invoice_of_another_deal_is_named_and_moved_only_when_a_person_says_so(
    linked: LinkedDeal, other: LinkedDeal
) -> None:
    entered = linked.enter_one()
    assert linked.link(entered).status == 200
    asked = linked.link(entered, deal=other.deal)
    assert (asked.status, asked.json["code"], asked.json["values"]) == (
        409,
        "linked_to_other_deal",
        {"deal_id": str(linked.deal)},
    )
    assert entered in linked.panel()
    row = next(row for row in other.pages() if row["id"] == entered)
    assert (row["link"]["to"], row["link"]["deal_id"]) == ("other_deal", linked.deal)
    wrong = linked.link(entered, deal=other.deal, move_from=999)
    assert wrong.status == 409
    assert linked.link(entered, deal=other.deal, move_from=linked.deal).status == 200
    assert entered not in linked.panel()
    assert entered in linked.panel(other.deal)
    assert (linked.history()[0]["what"], linked.history()[0]["detail"]) == ("unlinked", f"to deal {other.deal}")
    assert (linked.history(other.deal)[0]["what"], linked.history(other.deal)[0]["detail"]) == (
        "linked",
        f"from deal {linked.deal}",
    )


def test_only_invoices_of_the_linked_customer_can_be_linked(linked: LinkedDeal) -> None:
    rows = linked.company.rows("Invoice")
    theirs = next(key for key, doc in rows.items() if doc["CustomerRef"]["value"] != linked.customer)
    told, panel = len(linked.history()), linked.panel()
    for invoice in (theirs, "999999", "x", "1' OR Id > '0"):
        answer = linked.link(invoice.replace(" ", "%20").replace("'", "%27").replace(">", "%3E"))
        assert (answer.status, answer.json["code"]) == (404, "invoice_not_found"), invoice
    assert (len(linked.history()), linked.panel()) == (told, panel)


def test_a_deal_whose_buyer_is_no_customer_yet_has_an_empty_list_and_links_nothing(
    office: Office, linked: LinkedDeal
) -> None:
    entered = linked.enter_one()
    deal = seed.DEAL_EUR
    answer = office.api("GET", f"/deals/{deal}/customer/invoices")
    assert answer.status == 200, answer
    assert (answer.json["invoices"], answer.json["totals"], answer.json["cursor"]) == ([], [], None)
    assert {one["customer_id"] for one in answer.json["customers"]} == {None}
    assert linked.link(entered, deal=deal).status == 404


def test_unlinking_the_customer_keeps_the_invoices(office: Office) -> None:
    linked = LinkedDeal(office, seed.DEAL_PERSON_ONLY)
    assert office.api("DELETE", f"/deals/{linked.deal}/customer?connection_id={office.uk}").status == 204
    assert linked.panel() == [linked.own["id"]]
    assert linked.ask().json["invoices"] == []
    refreshed = office.api("POST", f"/deals/{linked.deal}/invoices/refresh").json
    assert (len(refreshed["invoices"]), refreshed["notice"]) == (1, None)


@pytest.mark.parametrize(
    "query",
    [
        "?from=yesterday",
        "?from=2026-05-01&to=2026-04-01",
        "?from=1900-01-01",
        "?status=lovely",
        f"?cursor={'x' * 9000}",
    ],
)
def test_what_cannot_be_asked_is_refused(linked: LinkedDeal, query: str) -> None:
    assert linked.ask(query).status in (400, 422), query


# --- many ------------------------------------------------------------------------------------------------------------


def test_5000_invoices_are_listed_once_each_in_as_many_questions_as_pages(office: Office) -> None:
    linked = LinkedDeal(office, seed.DEAL_NO_PRODUCTS)
    there = {row["id"] for row in linked.pages()}
    entered = linked.enter([linked.today - timedelta(days=1 + number % 300) for number in range(5000 - len(there))])
    before = queries(office)
    rows = linked.pages()
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids)) == 5000
    assert set(ids) == {*there, *entered}
    assert queries(office) - before == 5000 // PAGE
    days = [row["issued_on"] for row in rows]
    assert all(later >= earlier for later, earlier in pairwise(days))
    [totals] = linked.last["totals"]
    assert Decimal(totals["outstanding"]["amount"]) == sum(Decimal(row["amount_due"]["amount"]) for row in rows)


@pytest.mark.parametrize("seed_of_chance", range(4))
def test_whatever_comes_and_goes_between_pages_what_stays_is_shown_exactly_once(
    crowded: LinkedDeal, monkeypatch: pytest.MonkeyPatch, seed_of_chance: int
) -> None:
    monkeypatch.setattr("duebill.use_cases.list_customer_invoices.PAGE", 7)
    monkeypatch.setattr("duebill.use_cases.list_customer_invoices._MOST_SHOWN_OF_A_DAY", 12)
    chance = random.Random(seed_of_chance)  # noqa: S311  a test that can be repeated
    linked = crowded
    days = [date(2020, 1, 1) + timedelta(days=chance.choice((0, 0, 0, 1, 2, 3, 9, 9))) for _ in range(80)]
    ids = set(linked.enter(days))
    stays, seen, cursor = set(ids), [], None
    while True:
        answer = linked.ask("?from=2020-01-01&to=2020-12-31" + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status == 200, answer
        seen += [row["id"] for row in answer.json["invoices"]]
        cursor = answer.json["cursor"]
        if cursor is None:
            break
        gone = chance.sample(sorted(ids), 3)
        for one in gone:
            del linked.company.rows("Invoice")[one]
        ids -= set(gone)
        stays -= set(gone)
        ids |= set(linked.enter([date(2020, 1, 1) + timedelta(days=chance.randint(0, 9)) for _ in range(3)]))
    assert len(seen) == len(set(seen)), "no double"
    assert stays <= set(seen), "no hole"
    for one in ids:
        del linked.company.rows("Invoice")[one]
