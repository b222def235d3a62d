"""Xero's own rules: what is sent, what an answer means, and what is refused before anything is sent."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from duebill.domain.books import BooksOptions, CustomerDetails, NewItem
from duebill.domain.deal import Address, Discount
from duebill.domain.draft import Creation, Draft, Tracking
from duebill.domain.ids import ItemId, ProductId, TenantId
from duebill.domain.status import Stage
from duebill.errors import (
    BooksRefused,
    LimitReached,
    OutcomeUnknown,
    ReconnectRequired,
    Severity,
    StaleVersion,
    TryLater,
)
from duebill.outside.http import HttpRequest, HttpResponse
from duebill.providers.xero import mapping, time_zones
from duebill.providers.xero.client import XeroClient
from duebill.providers.xero.faults import element_refusal, error_of, throttle_wait
from duebill.providers.xero.limits import XeroRules
from duebill.providers.xero.tenancy import closed_until
from duebill.providers.xero.wire import OrganisationDocument, moment_of
from sandbox.xero.bookkeeper import PERSON
from sandbox.xero.invoices import put
from tests.fakes.books_world import TODAY, draft_for, line_for
from tests.fakes.xero import XeroWorld


def codes(world: XeroWorld, draft: Draft, options: BooksOptions | None = None) -> list[str]:
    books = world.opened()
    return [problem.code for problem in books.problems(draft, None, options or books.options())]


def last_sent(world: XeroWorld, entity: str) -> dict[str, object]:
    return dict(list(world.org.rows(entity).values())[-1])


# --- what an answer means ----------------------------------------------------------------------------------------


def test_an_element_that_says_error_inside_a_yes_is_a_refusal_whatever_its_status_says() -> None:
    messages = [{"Message": "Invoice not of valid status for modification"}]
    element = {"Status": "DELETED", "HasErrors": True, "StatusAttributeString": "ERROR", "ValidationErrors": messages}
    assert isinstance(element_refusal(element, None), StaleVersion)
    assert isinstance(element_refusal({"StatusAttributeString": "ERROR"}, None), BooksRefused)
    assert element_refusal({"StatusAttributeString": "OK", "HasErrors": False, "ValidationErrors": []}, None) is None
    deep = {"LineItems": [{"ValidationErrors": [{"Message": "Account code 'x' is not valid."}]}]}
    assert getattr(element_refusal(deep, None), "code", None) == "account_missing"


def test_a_client_that_is_told_error_inside_a_yes_does_not_believe_the_status() -> None:
    world = XeroWorld()
    made = world.opened().create_invoice(
        draft_for(world, world.opened().customer_named(world.known_customer)), reference="DB-1", key="k1"
    )
    element = {
        **{name: str(value) for name, value in world.org.get("Invoice", made.id).items() if name == "InvoiceID"},
        "Status": "AUTHORISED",
        "HasErrors": True,
        "StatusAttributeString": "ERROR",
        "ValidationErrors": [{"Message": "Invoice not of valid status for modification"}],
    }

    class Says:
        def send(self, request: HttpRequest) -> HttpResponse:
            return HttpResponse(200, {}, json.dumps({"Invoices": [element]}).encode())

    client = XeroClient(Says(), world.tokens, "https://xero.test", TenantId(world.tenant_id), lambda _: None)
    with pytest.raises(StaleVersion):
        client.change_status(made.id, "AUTHORISED", key="k2")
    with pytest.raises(BooksRefused):
        client.create_invoice({}, key="k3")


@pytest.mark.parametrize(
    ("status", "body", "read", "wrote"),
    [
        (403, b'{"Detail":"AuthenticationUnsuccessful"}', ReconnectRequired, ReconnectRequired),
        (403, b"<html>proxy</html>", TryLater, OutcomeUnknown),
        (429, b"", LimitReached, LimitReached),
        (500, b"", TryLater, OutcomeUnknown),
        (503, b"{}", TryLater, OutcomeUnknown),
        (400, b"<html>", TryLater, OutcomeUnknown),
        (400, b'{"ErrorNumber":10,"Elements":[{"ValidationErrors":[{"Message":"No."}]}]}', BooksRefused, BooksRefused),
        (400, b'{"ErrorNumber":14,"Message":"not a valid AllXsd value"}', BooksRefused, BooksRefused),
        (
            400,
            b'{"ErrorNumber":1,"Message":"Used with a different request"}',
            OutcomeUnknown,
            OutcomeUnknown,
        ),
    ],
)
def test_a_bad_answer_is_what_it_is(status: int, body: bytes, read: type, wrote: type) -> None:
    answer = HttpResponse(status, {}, body)
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    assert type(error_of(answer, document, wrote=False)) is read
    assert type(error_of(answer, document, wrote=True)) is wrote


def test_a_limit_says_when_to_come_back() -> None:
    rules = XeroRules()
    now = XeroWorld().clock.now()
    for problem, seconds in (("minute", 60), ("Concurrent", 2), ("day", 3600), ("", 60)):
        answer = HttpResponse(429, {"x-rate-limit-problem": problem})
        assert throttle_wait(answer) == seconds
        assert rules.heard(answer, now).was_refused is (problem == "Concurrent")
    assert throttle_wait(HttpResponse(429, {"retry-after": "26", "x-rate-limit-problem": "minute"})) == 26
    day = rules.heard(HttpResponse(200, {"x-daylimit-remaining": "150"}), now).day
    assert day is not None
    assert (day.left, day.level.value) == (150, "low")


def test_times_are_read_in_both_forms_and_before_1970() -> None:
    assert moment_of("/Date(1573755038314+0000)/") == moment_of("2019-11-14T18:10:38.3140000")
    assert moment_of("/Date(-80006400000+0000)/") < moment_of("/Date(0)/")  # type: ignore[operator]  # both are times


@pytest.mark.parametrize(
    ("word", "stage", "unknown"),
    [("SUBMITTED", Stage.AWAITING_APPROVAL, None), ("PAID", Stage.ISSUED, None), ("PARKED", Stage.ISSUED, "PARKED")],
)
def test_an_unknown_status_is_kept_and_shown(word: str, stage: Stage, unknown: str | None) -> None:
    assert mapping.stage_of(word) == (stage, unknown)


def test_every_zone_is_one_that_python_knows() -> None:
    names = time_zones._ZONES.split()[::2]
    assert len(names) == len(set(names)) > 130
    for name in names:
        assert ZoneInfo(time_zones.iana_name(name) or "")
    assert time_zones.iana_name("MOONSTANDARDTIME") is None
    assert time_zones.iana_name(None) is None


def test_the_period_lock_binds_only_who_may_not_write_before_it() -> None:
    day, year = "/Date(1767139200000+0000)/", "2025-03-31T00:00:00"
    organisation = OrganisationDocument.model_validate({"PeriodLockDate": day, "EndOfYearLockDate": year})
    assert closed_until(organisation, may_reopen=False) == date(2025, 12, 31)
    assert closed_until(organisation, may_reopen=True) == date(2025, 3, 31)
    assert closed_until(OrganisationDocument(), may_reopen=False) is None


# --- what is sent ------------------------------------------------------------------------------------------------


def test_an_invoice_names_its_contact_by_the_id_alone_and_carries_our_link_and_the_order_number() -> None:
    world = XeroWorld()
    customer = world.opened().customer_named(world.known_customer)
    assert customer is not None
    draft = draft_for(world, customer, po_number="PO-7", details=replace(customer.details, email="new@example.com"))
    body = mapping.invoice_body(draft, (), "DB-1", "https://duebill.example")
    assert body["Contact"] == {"ContactID": customer.id}
    assert (body["Url"], body["Reference"]) == ("https://duebill.example/r/DB-1", "PO-7")
    assert mapping.reference_in("https://elsewhere.example/DB-1") is None


def test_a_copy_that_a_person_made_of_our_invoice_is_not_taken_for_it() -> None:
    world = XeroWorld()
    books = world.opened()
    customer = books.customer_named(world.known_customer)
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    names = ("Type", "Status", "Url", "Reference", "LineAmountTypes")
    original = world.org.get("Invoice", made.id)
    copy = {name: original[name] for name in names if name in original}
    line = {"Description": "The same again", "Quantity": 1, "UnitAmount": 60, "AccountCode": "200"}
    contact = {"ContactID": original["Contact"]["ContactID"]}
    dates = {"Date": "2026-11-21", "DueDate": "2026-12-21"}
    put(world.org, copy | dates | {"Contact": contact, "LineItems": [line]}, PERSON, 4)
    found = books.invoices_with_reference("DB-1", since=world.clock.now() - timedelta(hours=1))
    assert [invoice.id for invoice in found] == [made.id]


def test_prices_keep_four_decimals_and_discounts_are_the_lines_own() -> None:
    world = XeroWorld()
    books = world.opened()
    customer = books.customer_named(world.known_customer)
    lines = (
        line_for(world, "0.0475", "1000", discount=Discount(percent=Decimal("12.5"))),
        line_for(world, "10", "1", discount=Discount(percent=Decimal("33.3333"))),
        line_for(world, "-5", "1"),
    )
    made = books.create_invoice(draft_for(world, customer, lines=lines), reference="DB-1", key="k1")
    assert made.total - made.tax == Decimal("41.56") + Decimal("6.67") - 5
    sent = last_sent(world, "Invoice")["LineItems"]
    assert isinstance(sent, list)
    assert [Decimal(str(line.get("DiscountRate") or 0)) for line in sent] == [Decimal("12.5"), 0, 0]


def test_updating_the_billing_address_keeps_the_street_address() -> None:
    world = XeroWorld()
    known = world.org.by("Contact", "Name", world.known_customer) or {}
    both = [*known["Addresses"], {"AddressType": "STREET", "AddressLine1": "Yard 4", "City": "Port"}]
    world.simulator.bookkeeper.edit(world.tenant_id, "Contact", known["ContactID"], {"Addresses": both})
    books = world.opened()
    customer = books.customer_named(world.known_customer)
    assert customer is not None
    assert customer.details.address.city == "Port"
    books.update_customer(customer, replace(customer.details, address=Address(("9 New Road",), "York")), key="k1")
    found = (world.org.by("Contact", "Name", world.known_customer) or {})["Addresses"]
    assert {each["AddressType"]: each.get("City") for each in found if each.get("City")} == {
        "POBOX": "York",
        "STREET": "Port",
    }


def test_a_merged_contact_is_the_one_that_it_is_part_of_now() -> None:
    world = XeroWorld()
    books = world.opened()
    old = world.org.by("Contact", "Name", "Northwind Traders (old)") or {}
    found = books.customer(old["ContactID"])
    assert found.details.name == "Northwind Traders Ltd"
    draft = draft_for(world, replace(found, id=old["ContactID"]))
    problems = books.problems(draft, found, books.options())
    assert [problem.code for problem in problems if problem.severity is Severity.STOP] == ["customer_merged"]


def test_a_name_with_quotes_is_found_though_the_language_cannot_say_it() -> None:
    books = XeroWorld().opened()
    made = books.create_customer(CustomerDetails('The "Blue" Door'), "GBP", key="k1")
    assert books.customer_named('The "Blue" Door') == made
    assert books.customer_named('The "Red" Door') is None


def test_warnings_beside_a_yes_and_credit_notes_are_kept() -> None:
    world = XeroWorld()
    books = world.opened()
    made = books.create_invoice(draft_for(world, books.customer_named(world.known_customer)), reference="DB-1", key="k")
    world.simulator.bookkeeper.credit(world.tenant_id, made.id, None)
    (read,) = books.read_invoices([made.id]).found
    assert (read.credited, read.balance) == (made.total, 0)


# --- what is refused before anything is sent ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"currency": "PLN"}, "currency_not_in_books"),
        ({"currency": "XYZ"}, "currency_unknown"),
        ({"due_on": None}, "due_date_missing"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_before_issue"),
        ({"term": "1"}, "term_not_found"),
        ({"template": "gone"}, "template_not_found"),
        ({"account": "999"}, "account_not_found"),
        ({"tracking": tuple(Tracking(f"c{number}", "o") for number in range(3))}, "too_much_tracking"),
        ({"tracking": (Tracking("c", "o"),)}, "tracking_not_found"),
        ({"lines": ()}, "no_lines"),
        ({"memo": "x" * 4001}, "text_too_long"),
        ({"po_number": "x" * 256}, "text_too_long"),
    ],
)
def test_what_would_be_refused_is_said_before(changes: dict[str, object], code: str) -> None:
    world = XeroWorld()
    customer = world.opened().customer_named(world.known_customer)
    assert code in codes(world, draft_for(world, customer, **changes))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"item": None, "product": ProductId(1)}, "line_without_item"),
        ({"unit_price": Decimal("0.00001")}, "too_many_decimals"),
        ({"quantity": Decimal("0.00001")}, "too_many_decimals"),
        ({"unit_price": Decimal(10) ** 10}, "amount_too_large"),
        ({"description": " ", "item_name": ""}, "line_without_text"),
        ({"tax_code": None}, "tax_code_missing"),
        ({"tax_code": "INPUT2"}, "tax_code_missing"),
        ({"discount": Discount(amount=Decimal(500))}, "discount_too_large"),
        ({"item": None, "new_item": NewItem("x" * 51, "A")}, "text_too_long"),
        ({"item": None, "new_item": NewItem("Short", "x" * 31)}, "text_too_long"),
        ({"item": None, "new_item": NewItem("x" * 31)}, "item_code_missing"),
        ({"unit_price": Decimal(-1)}, "total_negative"),
        ({"unit_price": Decimal(0)}, "total_zero"),
    ],
)
def test_what_would_be_refused_of_a_line_is_said_before(changes: dict[str, object], code: str) -> None:
    world = XeroWorld()
    customer = world.opened().customer_named(world.known_customer)
    assert code in codes(world, draft_for(world, customer, lines=(line_for(world, **changes),)))


def test_a_line_for_no_product_needs_only_an_account() -> None:
    world = XeroWorld()
    books = world.opened()
    customer = books.customer_named(world.known_customer)
    lines = (line_for(world), line_for(world, "-10", "1", item=None))
    draft = draft_for(world, customer, lines=lines, account="200")
    assert "line_without_item" in codes(world, replace(draft, account=None))
    assert codes(world, draft) == []
    assert books.create_invoice(draft, reference="DB-1", key="k1").total - 110 == 22


def test_who_may_not_approve_saves_or_submits() -> None:
    world = XeroWorld()
    options = replace(world.opened().options(), may_approve=False)
    draft = draft_for(world, world.opened().customer_named(world.known_customer))
    assert codes(world, draft, options) == ["approval_not_allowed"]
    for creation in (Creation.SAVE, Creation.SUBMIT):
        assert codes(world, replace(draft, creation=creation), options) == []


def test_an_item_that_was_made_a_moment_ago_can_be_sent_at_once() -> None:
    world = XeroWorld()
    books = world.opened()
    books.search_items("")
    item = books.create_item(NewItem("Painting", income_account="200"), key="k1")
    assert (item.code, item.name) == ("Painting", "Painting")
    draft = draft_for(world, books.customer_named(world.known_customer), lines=(line_for(world, item=ItemId(item.id)),))
    assert books.create_invoice(draft, reference="DB-1", key="k2").total
