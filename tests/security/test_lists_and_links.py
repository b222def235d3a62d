"""Lists of a customer's invoices, places in them, and links by hand: nobody reaches what is not theirs."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import timedelta

import pytest

from sandbox.pipedrive import seed
from sandbox.quickbooks.seed import UK_REALM
from sandbox.tabletop import Answer
from tests.fakes.linked_deal import LinkedDeal
from tests.fakes.office import Office

MEMBER = seed.DEE  # sees only her own deals


@pytest.fixture(scope="module")
def linked(office: Office) -> Iterator[LinkedDeal]:
    linked = LinkedDeal(office, seed.DEAL_UK_DISCOUNTS)
    linked.enter([linked.today - timedelta(days=1 + number % 20) for number in range(20)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("duebill.use_cases.list_customer_invoices.PAGE", 5)
        yield linked


def cursor_of(linked: LinkedDeal, query: str = "") -> str:
    answer = linked.ask(query)
    assert answer.status == 200, answer
    return str(answer.json["cursor"])


def refused(answer: Answer, code: str = "invalid_cursor") -> None:
    assert (answer.status, answer.json["code"]) == (400, code), answer


def test_a_cursor_is_good_for_the_question_that_it_was_given_for(linked: LinkedDeal) -> None:
    cursor = cursor_of(linked)
    assert linked.ask(f"?cursor={cursor}").status == 200
    refused(linked.ask(f"?cursor={cursor}&status=paid"))
    refused(linked.ask(f"?cursor={cursor}&from=2020-01-01"))
    day = linked.today.isoformat()
    refused(linked.ask(f"?cursor={cursor}&to={day}"))


def test_a_cursor_of_another_deal_is_refused(office: Office, linked: LinkedDeal) -> None:
    refused(office.api("GET", f"/deals/{seed.DEAL_EUR}/customer/invoices?cursor={cursor_of(linked)}"))


def test_a_cursor_of_another_person_is_refused(office: Office, linked: LinkedDeal) -> None:
    office.tabletop.install(seed.BEN, seed.COMPANY)
    settings = office.api("GET", "/settings").json["settings"]
    roles = settings["roles"] | {"see": "everyone"}
    assert office.api("PUT", "/settings", json=settings | {"roles": roles}).status == 200
    assert linked.ask(user=seed.BEN).status == 200
    refused(linked.ask(f"?cursor={cursor_of(linked)}", user=seed.BEN))
    assert office.api("PUT", "/settings", json=settings).status == 200


@pytest.mark.parametrize("place", [0, 15, 40, -2])
def test_a_cursor_that_was_tampered_with_is_refused(linked: LinkedDeal, place: int) -> None:
    cursor = cursor_of(linked)
    other = "A" if cursor[place] != "A" else "B"
    characters = list(cursor)
    characters[place] = other
    refused(linked.ask(f"?cursor={''.join(characters)}"))


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%20", "..", "A" * 7999])
def test_a_made_up_cursor_is_refused(linked: LinkedDeal, cursor: str) -> None:
    refused(linked.ask(f"?cursor={cursor}"))


def test_a_cursor_tells_nothing_of_what_it_holds(linked: LinkedDeal) -> None:
    assert cursor_of(linked) != cursor_of(linked), "a new nonce each time"
    cursor = cursor_of(linked)
    assert b"since" not in urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), "a word that it does hold"


def test_a_deal_that_the_caller_cannot_see_is_not_named_and_nothing_is_taken_from_it(office: Office) -> None:
    secret = LinkedDeal(office, seed.DEAL_INCLUSIVE)
    entered = secret.enter_one()
    assert secret.link(entered).status == 200
    office.tabletop.install(MEMBER, seed.COMPANY)
    settings = office.api("GET", "/settings").json["settings"]
    roles = {"see": "everyone", "create": "everyone", "act": "everyone", "approve": "everyone"}
    assert office.api("PUT", "/settings", json=settings | {"roles": roles}).status == 200
    path = f"/deals/{seed.DEAL_PERSON_ONLY}/customer"
    link = {"connection_id": office.uk, "customer_id": secret.customer}
    assert office.api("PUT", path, json=link, user=MEMBER).status == 200
    rows = office.api("GET", f"{path}/invoices", user=MEMBER)
    row = next(row for row in rows.json["invoices"] if row["id"] == entered)
    assert row["link"] == {"to": "other_deal", "deal_id": None, "deal_title": None}
    for move_from in (None, secret.deal):
        answer = secret.link(entered, deal=seed.DEAL_PERSON_ONLY, move_from=move_from, user=MEMBER)
        assert (answer.status, answer.json["code"]) == (409, "linked_to_hidden_deal"), answer
        assert not answer.json.get("values")
        assert f"deal {secret.deal}" not in answer.text
    assert entered in secret.panel()
    assert secret.unlink(entered, user=MEMBER).status == 404, "a deal that they cannot see"
    assert entered in secret.panel()
    assert office.api("PUT", "/settings", json=settings).status == 200


def test_another_companys_invoice_is_neither_listed_nor_linked(office: Office) -> None:
    """Both companies connected the same books: what one linked says nothing to the other."""
    ours = LinkedDeal(office, seed.DEAL_INSTALMENTS)
    elsewhere = Office(user=seed.OTHER_USER, company=seed.OTHER_COMPANY, tabletop=office.tabletop, first_number=500)
    path = f"/deals/{seed.OTHER_DEAL}/invoices/{office.uk}/{ours.own['id']}/link"
    for method in ("PUT", "DELETE"):
        answer = elsewhere.api(method, path)
        assert (answer.status, answer.json["code"]) == (404, "connection_not_found"), answer
    assert elsewhere.uk != office.uk
    told = elsewhere.api("PUT", f"/deals/{seed.OTHER_DEAL}/invoices/{elsewhere.uk}/{ours.own['id']}/link")
    assert (told.status, told.json["code"]) == (404, "invoice_not_found"), "no invoice of a linked customer"
    assert ours.own["id"] in ours.panel()
    assert office.tabletop.quickbooks.companies[UK_REALM].rows("Invoice")[ours.own["id"]]
