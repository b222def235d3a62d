"""The contract of ports.AccountingProvider: what the use cases rely on, whichever books are open.

A new provider adds a world (see tests/fakes/books_world.py) to `WORLDS`, and everything below must hold for it too.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest

from duebill.domain.books import Customer, CustomerDetails, NewItem
from duebill.domain.connection import TaxModel
from duebill.domain.deal import Address, Discount, TaxHandling
from duebill.domain.draft import Creation, Tracking
from duebill.domain.features import Feature
from duebill.domain.ids import CustomerId, InvoiceId, ItemId
from duebill.domain.invoice import Invoice
from duebill.domain.mail import Mail
from duebill.domain.matching import Entry, Page
from duebill.domain.status import Stage, Status
from duebill.errors import (
    BooksRefused,
    LimitReached,
    NotFound,
    OutcomeUnknown,
    ReconnectRequired,
    Severity,
    StaleVersion,
    TryLater,
    Unsupported,
)
from duebill.ports import AccountingProvider
from tests.fakes.books_world import TODAY, BooksWorld, draft_for, line_for
from tests.fakes.quickbooks import REALMS, QuickBooksWorld
from tests.fakes.xero import TENANTS, XeroWorld

WORLDS: dict[str, Callable[[], BooksWorld]] = {
    "QuickBooks US": lambda: QuickBooksWorld(REALMS["US"]),
    "QuickBooks UK": lambda: QuickBooksWorld(REALMS["UK"]),
    "Xero UK": lambda: XeroWorld(TENANTS["UK"]),
    "Xero NZ": lambda: XeroWorld(TENANTS["NZ"]),
}


def needs(books: AccountingProvider, feature: Feature) -> None:
    """Skip where these books cannot: docs/features.md says so too."""
    if feature not in books.features:
        pytest.skip(f"no {feature.value} here")


@pytest.fixture(params=list(WORLDS.values()), ids=list(WORLDS))
def world(request: pytest.FixtureRequest) -> BooksWorld:
    made: BooksWorld = request.param()
    return made


@pytest.fixture
def books(world: BooksWorld) -> AccountingProvider:
    return world.opened()


@pytest.fixture
def customer(world: BooksWorld, books: AccountingProvider) -> Customer:
    found = books.customer_named(world.known_customer)
    assert found is not None
    return found


# --- who the books are -------------------------------------------------------------------------------------------


def test_the_books_say_who_they_are(world: BooksWorld, books: AccountingProvider) -> None:
    tenant = books.describe()
    assert (tenant.id, tenant.name, tenant.home_currency) == (world.tenant_id, world.name, world.home)
    assert tenant.tax_model in (TaxModel.AUTOMATED, TaxModel.PER_LINE)
    assert tenant == world.tenant()


def test_tokens_of_one_company_do_not_open_another(world: BooksWorld, books: AccountingProvider) -> None:
    world.tokens.access_token = world.strangers_tokens().access_token
    with pytest.raises(ReconnectRequired):
        books.describe()


def test_the_options_hold_what_a_draft_can_name(world: BooksWorld, books: AccountingProvider) -> None:
    options = books.options()
    assert options.accounts
    assert options.tax_code(world.taxable)
    assert options.tax_code(world.untaxed)
    assert world.home in options.currencies
    assert any(term.due_days == 30 for term in options.terms) is (Feature.TERMS in books.features)
    assert bool(options.templates) is (Feature.TEMPLATES in books.features)
    assert bool(options.tracking) is (Feature.TRACKING in books.features)
    assert options.may_approve


def test_the_options_are_read_in_as_few_calls_as_there_are(world: BooksWorld, books: AccountingProvider) -> None:
    before = world.calls()
    books.options()
    assert world.calls() - before == world.option_calls


# --- customers ---------------------------------------------------------------------------------------------------


def test_a_customer_is_found_by_its_exact_name(world: BooksWorld, customer: Customer) -> None:
    assert customer.details.name == world.known_customer
    assert customer.is_active
    assert customer.details.email
    assert customer.details.address.city


def test_an_unknown_name_finds_nobody(books: AccountingProvider) -> None:
    assert books.customer_named("Nobody's Business (x' OR 'a' = 'a)") is None


def test_an_inactive_customer_is_found_by_its_name_and_not_by_searching(
    world: BooksWorld, books: AccountingProvider
) -> None:
    found = books.customer_named(world.inactive_customer)
    assert found is not None
    assert not found.is_active
    assert books.search_customers(world.inactive_customer) == ()
    assert books.customer(found.id) == found


def test_of_two_of_one_name_the_active_one_is_found(world: BooksWorld, books: AccountingProvider) -> None:
    old = books.create_customer(CustomerDetails("Phoenix"), world.home, key="k1")
    world.deactivate("customer", old.id)
    new = books.create_customer(CustomerDetails("Phoenix"), world.home, key="k2")
    assert books.customer_named("Phoenix") == new


def test_searching_ranks_exact_matches_then_beginnings(books: AccountingProvider, world: BooksWorld) -> None:
    for name in ("Zeta", "A Zeta Company", "Zeta Works"):
        books.create_customer(CustomerDetails(name), world.home, key=f"key-{name}")
    assert [each.details.name for each in books.search_customers("zeta")] == ["Zeta", "Zeta Works", "A Zeta Company"]


def test_a_customer_is_found_by_a_part_of_the_email(books: AccountingProvider, customer: Customer) -> None:
    assert customer in books.search_customers(customer.details.email[2:])


@pytest.mark.parametrize("text", ["'", "\\", "%", "100%", "x' OR '", "山", "\\' OR"])
def test_any_text_can_be_searched_for(books: AccountingProvider, text: str) -> None:
    for found in books.search_customers(text, limit=500):
        assert text in found.details.name + " " + found.details.email
    for item in books.search_items(text, limit=500):
        assert text in item.name + " " + item.code


def test_searching_for_nothing_lists_the_first_by_name(books: AccountingProvider) -> None:
    names = [each.details.name for each in books.search_customers("", limit=5)]
    assert len(names) == 5
    assert names == sorted(names)


def test_a_created_customer_reads_as_it_was_asked_for(books: AccountingProvider, world: BooksWorld) -> None:
    address = Address(("1 High Street", "Floor 2"), "Leeds", "Yorkshire", "LS1 1AA", "United Kingdom")
    details = CustomerDetails("Zażółć & Sons", address, "ap@zazolc.example")
    made = books.create_customer(details, world.home, key="k1")
    assert made.details == details
    assert made.currency == world.home
    assert books.customer(made.id) == made


def test_the_same_key_never_creates_a_second_customer(books: AccountingProvider, world: BooksWorld) -> None:
    first = books.create_customer(CustomerDetails("Once Ltd"), world.home, key="k1")
    assert books.create_customer(CustomerDetails("Once Ltd"), world.home, key="k1") == first


def test_no_customer_is_made_in_another_currency_than_was_asked_for(
    books: AccountingProvider, world: BooksWorld
) -> None:
    options = books.options()
    if "EUR" in options.currencies:
        assert books.create_customer(CustomerDetails("Eurydice"), "EUR", key="k1").currency == "EUR"
    if "PLN" in options.currencies or (options.multicurrency and Feature.ADDS_CURRENCIES in books.features):
        assert books.create_customer(CustomerDetails("Zloty"), "PLN", key="k2").currency == "PLN"
        return
    before = world.count("customer")
    with pytest.raises(BooksRefused) as refused:
        books.create_customer(CustomerDetails("Zloty"), "PLN", key="k3")
    assert refused.value.code == world.currency_refusal
    assert world.count("customer") == before


def test_a_name_that_is_taken_is_refused_with_a_reason(
    books: AccountingProvider, world: BooksWorld, customer: Customer
) -> None:
    with pytest.raises(BooksRefused) as refused:
        books.create_customer(CustomerDetails(customer.details.name), world.home, key="k1")
    assert refused.value.code == "duplicate_customer_name"
    assert bool(refused.value.provider_reference) is world.gives_references


def test_updating_a_customer_sends_what_differs(books: AccountingProvider, customer: Customer) -> None:
    wanted = replace(customer.details, email="new@example.com", address=Address(("9 New Road",), "York"))
    changed = books.update_customer(customer, wanted, key="k1")
    assert changed.details == wanted
    assert (changed.version > customer.version) is (Feature.VERSIONS in books.features)
    assert books.customer(customer.id) == changed


def test_updating_a_customer_with_nothing_new_asks_nothing(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    before = world.calls()
    assert books.update_customer(customer, CustomerDetails("Another name"), key="k1") == customer
    assert world.calls() == before


def test_a_customer_changed_meanwhile_is_not_overwritten(books: AccountingProvider, customer: Customer) -> None:
    needs(books, Feature.VERSIONS)
    books.update_customer(customer, replace(customer.details, email="first@example.com"), key="k1")
    with pytest.raises(StaleVersion):
        books.update_customer(customer, replace(customer.details, email="second@example.com"), key="k2")


def test_a_tax_id_comes_back_masked_where_it_is_said_to(books: AccountingProvider, customer: Customer) -> None:
    changed = books.update_customer(customer, replace(customer.details, tax_id="GB123456789"), key="k1")
    is_masked = Feature.MASKED_TAX_IDS in books.features
    assert changed.tax_id_is_masked is is_masked
    assert (changed.details.tax_id != "GB123456789") is is_masked


def test_a_customer_that_is_not_there_is_not_found(world: BooksWorld, books: AccountingProvider) -> None:
    for unknown in (world.unknown_id, "1/../2", "abc", ""):
        with pytest.raises(NotFound):
            books.customer(CustomerId(unknown))


# --- items -------------------------------------------------------------------------------------------------------


def test_items_are_found_by_code_and_by_name_in_few_questions(world: BooksWorld, books: AccountingProvider) -> None:
    before = world.calls()
    found = books.items_matching([*world.coded_items, "no such code"], [world.named_item, "No such name", ""])
    assert {item.name for item in found} == {*world.coded_items.values(), world.named_item}
    assert {item.code for item in found} >= set(world.coded_items)
    assert world.calls() - before == world.items_questions


def test_inactive_items_match_nothing(world: BooksWorld, books: AccountingProvider) -> None:
    (item,) = books.items_matching(["CONS-1"], [])
    world.deactivate("item", item.id)
    assert world.opened().items_matching(["CONS-1"], []) == ()
    assert not books.item(item.id).is_active


def test_all_items_come_page_by_page_with_their_codes(world: BooksWorld, books: AccountingProvider) -> None:
    world.copy_many("item", 2300)
    inactive = world.some_item()
    world.deactivate("item", inactive)
    before = world.calls()
    found = everything(books.items_page)
    assert len({entry.id for entry in found}) == len(found) > 2300
    assert "COPY-2300" in {entry.mark for entry in found}
    assert world.inactive_item not in {entry.name for entry in found}
    assert inactive not in {entry.id for entry in found}
    assert world.calls() - before <= 3


def test_all_customers_come_page_by_page_with_their_emails(world: BooksWorld, books: AccountingProvider) -> None:
    world.copy_many("customer", 2300)
    before = world.calls()
    found = everything(books.customers_page)
    assert len({entry.id for entry in found}) == len(found) > 2300
    assert world.known_customer in {entry.name for entry in found}
    assert world.inactive_customer not in {entry.name for entry in found}
    assert "ap1@copies.example" in {entry.mark for entry in found}
    assert world.calls() - before == 3


def everything(page_of: Callable[[str | None], Page[Entry]]) -> list[Entry]:
    found: list[Entry] = []
    cursor: str | None = None
    while True:
        page = page_of(cursor)
        found += page.rows
        cursor = page.cursor
        if cursor is None:
            return found


def test_many_codes_and_names_are_no_more_questions(world: BooksWorld, books: AccountingProvider) -> None:
    before = world.calls()
    names = [f"Name of a product {number}" for number in range(300)]
    found = books.items_matching([f"CODE-{number}" for number in range(300)], [*names, world.named_item])
    assert [item.name for item in found] == [world.named_item]
    assert world.calls() - before == world.items_questions


def test_searching_items_shows_nothing_that_cannot_be_sold(world: BooksWorld, books: AccountingProvider) -> None:
    for text in world.unsellable:
        assert books.search_items(text) == ()
    assert books.search_items("CONS-1")[0].name == world.coded_items["CONS-1"]


def test_an_inactive_item_is_found_by_its_name(world: BooksWorld, books: AccountingProvider) -> None:
    found = books.item_named(world.inactive_item)
    assert found is not None
    assert not found.is_active


def test_a_created_item_can_stand_on_an_invoice(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    account = books.options().accounts[0].id
    wanted = NewItem("Painting", "PAINT", "Painting by the day", Decimal("310.5"), account)
    item = books.create_item(wanted, key="k1")
    assert (item.name, item.code, item.unit_price) == ("Painting", "PAINT", Decimal("310.5"))
    assert books.create_item(wanted, key="k1") == item
    draft = draft_for(world, customer, lines=(line_for(world, item=item.id),))
    assert books.create_invoice(draft, reference="DB-1", key="k2").total > 0


def test_an_item_that_is_there_already_is_refused_with_a_reason(world: BooksWorld, books: AccountingProvider) -> None:
    account = books.options().accounts[0].id
    code, name = next(iter(world.coded_items.items()))
    with pytest.raises(BooksRefused) as refused:
        books.create_item(NewItem(name, code, income_account=account), key="k1")
    assert refused.value.code == "duplicate_item_name"


def test_an_item_that_is_not_there_is_not_found(world: BooksWorld, books: AccountingProvider) -> None:
    with pytest.raises(NotFound):
        books.item(ItemId(world.unknown_id))


# --- creating an invoice -----------------------------------------------------------------------------------------


def test_a_good_draft_becomes_the_invoice_that_was_asked_for(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    draft = draft_for(world, customer, memo="Thank you", po_number="PO-7")
    assert books.problems(draft, customer, books.options()) == ()
    made = books.create_invoice(draft, reference="DB-1", key="k1")
    assert (made.customer, made.customer_name, made.currency) == (customer.id, customer.details.name, world.home)
    assert (made.issued_on, made.due_on) == (draft.issued_on, draft.due_on)
    assert (made.balance, made.total - made.tax) == (made.total, Decimal(120))
    assert (made.reference, made.stage) == ("DB-1", Stage.ISSUED)
    assert made.number
    assert made.status(TODAY) is Status.OPEN
    (read,) = books.read_invoices([made.id]).found
    assert read == made


def test_creating_an_invoice_is_one_call(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    books.create_invoice(draft_for(world, customer), reference="DB-0", key="k0")  # some read their items once
    before = world.calls()
    books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    assert world.calls() - before == 1


def test_the_same_key_never_creates_a_second_invoice(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    before, draft = world.count(), draft_for(world, customer)
    first = books.create_invoice(draft, reference="DB-1", key="k1")
    lives = books.creation_rule.key_lives or timedelta(days=2)
    world.wait(seconds=lives.total_seconds() - 1)
    world.tokens = world.fresh_tokens()
    assert world.opened().create_invoice(draft, reference="DB-1", key="k1") == first
    assert world.count() == before + 1


def test_a_discounted_line_comes_to_less(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    discounts = (Discount(percent=Decimal(10)), Discount(amount=Decimal("7.5")))
    lines = tuple(line_for(world, discount=discount) for discount in discounts)
    made = books.create_invoice(draft_for(world, customer, lines=lines), reference="DB-1", key="k1")
    assert made.total - made.tax == Decimal(108) + Decimal("112.5")


def test_an_untaxed_deal_makes_an_untaxed_invoice(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    draft = draft_for(world, customer, tax_handling=TaxHandling.NONE)
    made = books.create_invoice(draft, reference="DB-1", key="k1")
    assert (made.tax, made.total) == (0, Decimal(120))
    assert books.totals(draft, books.options()).total == Decimal(120)


def test_a_term_of_the_books_decides_the_due_date(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    needs(books, Feature.TERMS)
    term = next(term for term in books.options().terms if term.due_days == 30)
    made = books.create_invoice(draft_for(world, customer, term=term.id), reference="DB-1", key="k1")
    assert made.due_on == TODAY + timedelta(days=30) == term.due_on(TODAY)


def test_an_inactive_customer_is_refused(world: BooksWorld, books: AccountingProvider) -> None:
    inactive = books.customer_named(world.inactive_customer)
    assert inactive is not None
    draft, before = draft_for(world, inactive), world.count()
    assert [problem.code for problem in books.problems(draft, inactive, books.options())] == ["customer_inactive"]
    with pytest.raises(BooksRefused):
        books.create_invoice(draft, reference="DB-1", key="k1")
    assert world.count() == before


def test_an_item_that_is_gone_is_refused(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    draft = draft_for(world, customer, lines=(line_for(world, item=ItemId(world.unknown_id)),))
    with pytest.raises(BooksRefused):
        books.create_invoice(draft, reference="DB-1", key="k1")


def test_closed_books_are_refused(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    world.close_books(TODAY)
    with pytest.raises(BooksRefused) as refused:
        books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    assert refused.value.code == "books_closed"


def test_the_proposed_number_follows_the_newest_where_people_number(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    if not books.describe().custom_numbers:
        assert books.propose_number() is None
        return
    books.create_invoice(draft_for(world, customer, number="INV-0099"), reference="DB-1", key="k1")
    assert books.propose_number() == "INV-0100"


# --- outcomes unknown --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["drop_after_commit", "drop_before"])
def test_a_dropped_write_is_an_unknown_outcome_that_looking_up_settles(
    world: BooksWorld, books: AccountingProvider, customer: Customer, kind: str
) -> None:
    began, draft, before = world.clock.now(), draft_for(world, customer), world.count()
    world.fail(kind, where=world.creates("invoice"))
    with pytest.raises(OutcomeUnknown):
        books.create_invoice(draft, reference="DB-1", key="k1")
    found = books.invoices_with_reference("DB-1", since=began - timedelta(minutes=5))
    assert len(found) == (1 if kind == "drop_after_commit" else 0)
    again = books.create_invoice(draft, reference="DB-1", key="k1")
    assert world.count() == before + 1
    assert found in ((), (again,))


def test_an_invoice_that_is_committed_late_is_found_later(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    began = world.clock.now()
    world.fail("commit_after_drop", where=world.creates("invoice"))
    with pytest.raises(OutcomeUnknown):
        books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    assert books.invoices_with_reference("DB-1", since=began) == ()
    world.wait(seconds=100)
    world.settle()
    assert len(books.invoices_with_reference("DB-1", since=began)) == 1


def test_looking_up_finds_one_among_many_and_none_of_before(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    began = world.clock.now()
    for number in range(4):
        draft = draft_for(world, customer, number=f"L-{number}" if world.numbers_by_hand else None)
        books.create_invoice(draft, reference=f"DB-{number}", key=f"k{number}")
        world.wait(minutes=1)
    (found,) = books.invoices_with_reference("DB-2", since=began)
    assert found.reference == "DB-2"
    assert books.invoices_with_reference("DB-2", since=began + timedelta(minutes=3)) == ()
    assert books.invoices_with_reference("DB-", since=began) == ()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_broken_answer_to_a_write_is_unknown_and_to_a_read_is_for_later(
    world: BooksWorld, books: AccountingProvider, customer: Customer, status: int
) -> None:
    world.fail("status", where=world.creates("invoice"), status=status)
    with pytest.raises(OutcomeUnknown):
        books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    world.fail("status", status=status)
    with pytest.raises(TryLater):
        books.read_invoices([InvoiceId(world.unknown_id)])


def test_a_dropped_read_is_for_later(world: BooksWorld, books: AccountingProvider) -> None:
    world.fail("drop_before")
    with pytest.raises(TryLater):
        books.options()


# --- limits and tokens -------------------------------------------------------------------------------------------


def test_throttling_says_when_to_come_back(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    for act in (
        lambda: books.read_invoices([InvoiceId(world.unknown_id)]),
        lambda: books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1"),
    ):
        world.fail("status", status=429)
        with pytest.raises(LimitReached) as limited:
            act()
        assert limited.value.retry_after


def test_an_expired_token_is_replaced_once_and_the_call_repeated(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    world.wait(minutes=world.token_minutes + 1)
    before = world.count()
    books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    assert world.count() == before + 1
    assert len(world.tokens.refused) == 1


def test_a_second_refusal_needs_a_person(world: BooksWorld, books: AccountingProvider) -> None:
    world.fail("status", where=world.api_path, times=2, status=401)
    with pytest.raises(ReconnectRequired):
        books.read_invoices([InvoiceId(world.unknown_id)])


def test_a_consent_that_was_withdrawn_needs_a_person(world: BooksWorld, books: AccountingProvider) -> None:
    world.withdraw()
    with pytest.raises(ReconnectRequired):
        books.options()


# --- how invoices are now ----------------------------------------------------------------------------------------


def test_payments_show(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    world.wait(minutes=1)
    world.pay(made.id, "20")
    (partly,) = books.read_invoices([made.id]).found
    assert (partly.balance, partly.status(TODAY)) == (made.total - 20, Status.PARTIALLY_PAID)
    assert partly.is_newer_than(made)
    world.wait(minutes=1)
    world.pay(made.id)
    (paid,) = books.read_invoices([made.id]).found
    assert (paid.balance, paid.status(TODAY)) == (0, Status.PAID)


def test_a_voided_invoice_is_voided_and_keeps_our_reference(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    world.void(made.id)
    (voided,) = books.read_invoices([made.id]).found
    assert (voided.stage, voided.balance, voided.reference) == (Stage.VOIDED, 0, "DB-1")


def test_a_deleted_invoice_is_missing_or_says_so_and_the_others_are_found(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    creation = Creation.SAVE if Feature.APPROVAL in books.features else Creation.APPROVE
    kept = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    gone = books.create_invoice(draft_for(world, customer, creation=creation), reference="DB-2", key="k2")
    world.delete(gone.id)
    started = world.clock.now()
    reading = books.read_invoices([kept.id, gone.id, kept.id])
    assert reading.started_at == started
    assert kept in reading.found
    deleted = [invoice.id for invoice in reading.found if invoice.stage is Stage.DELETED]
    assert [*reading.missing, *deleted] == [gone.id]


def test_a_failed_read_says_nothing_of_any_invoice(world: BooksWorld, books: AccountingProvider) -> None:
    world.fail("status", status=503)
    with pytest.raises(TryLater):
        books.read_invoices([InvoiceId("1"), InvoiceId(world.unknown_id)])


def test_many_invoices_are_few_questions(world: BooksWorld, books: AccountingProvider) -> None:
    before = world.calls()
    numbers = range(1001, 1001 + 2 * world.ids_a_question)
    unknown = [InvoiceId(world.unknown_id[: -len(str(number))] + str(number)) for number in numbers]
    reading = books.read_invoices(unknown)
    assert len(reading.missing) == len(unknown)
    assert world.calls() - before == 2


def test_no_invoices_are_no_question(world: BooksWorld, books: AccountingProvider) -> None:
    before = world.calls()
    assert books.read_invoices([]).found == ()
    assert world.calls() == before


def test_the_address_of_an_invoice_names_it_and_its_books(world: BooksWorld, books: AccountingProvider) -> None:
    tenant = books.describe()
    url = books.invoice_url(InvoiceId("66"))
    assert url.startswith("https://")
    assert quote(tenant.link_code or tenant.id, safe="") in url
    assert "66" in url


# --- what not all books can do -----------------------------------------------------------------------------------


def test_a_draft_is_saved_then_submitted_then_approved(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    needs(books, Feature.APPROVAL)
    saved = books.create_invoice(draft_for(world, customer, creation=Creation.SAVE), reference="DB-1", key="k1")
    assert (saved.stage, saved.status(TODAY)) == (Stage.DRAFT, Status.DRAFT)
    submitted = books.submit_invoice(saved.id, key="k2")
    assert submitted.status(TODAY) is Status.AWAITING_APPROVAL
    assert books.submit_invoice(saved.id, key="k2") == submitted
    approved = books.approve_invoice(saved.id, key="k3")
    assert (approved.stage, approved.status(TODAY), approved.total) == (Stage.ISSUED, Status.OPEN, saved.total)
    (read,) = books.read_invoices([saved.id]).found
    assert read == approved


def test_a_draft_is_submitted_or_approved_at_once(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    needs(books, Feature.APPROVAL)
    draft = draft_for(world, customer, creation=Creation.SUBMIT)
    submitted = books.create_invoice(draft, reference="DB-1", key="k1")
    assert submitted.stage is Stage.AWAITING_APPROVAL
    assert books.create_invoice(draft_for(world, customer), reference="DB-2", key="k2").stage is Stage.ISSUED


def test_what_is_at_another_stage_already_is_not_moved(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    needs(books, Feature.APPROVAL)
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    world.void(made.id)
    for move in (books.submit_invoice, books.approve_invoice):
        with pytest.raises(StaleVersion):
            move(made.id, key=f"k-{move.__name__}")
    with pytest.raises(BooksRefused):
        books.approve_invoice(InvoiceId(world.unknown_id), key="k9")


def test_a_dropped_approval_is_an_unknown_outcome(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    needs(books, Feature.APPROVAL)
    saved = books.create_invoice(draft_for(world, customer, creation=Creation.SAVE), reference="DB-1", key="k1")
    world.fail("drop_after_commit")
    with pytest.raises(OutcomeUnknown):
        books.approve_invoice(saved.id, key="k2")
    (read,) = books.read_invoices([saved.id]).found
    assert read.stage is Stage.ISSUED


def test_books_without_approval_say_so(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    if Feature.APPROVAL in books.features:
        pytest.skip("these have it")
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    for move in (books.submit_invoice, books.approve_invoice):
        with pytest.raises(Unsupported):
            move(made.id, key="k2")


def test_a_template_and_tracking_are_taken(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    needs(books, Feature.TEMPLATES)
    needs(books, Feature.TRACKING)
    options = books.options()
    category = options.tracking[0]
    tracking = (Tracking(category.id, category.options[0].id),)
    draft = draft_for(world, customer, template=options.templates[-1].id, tracking=tracking)
    assert books.problems(draft, customer, options) == ()
    assert books.create_invoice(draft, reference="DB-1", key="k1").total > 0
    for wrong in (replace(draft, template="gone"), replace(draft, tracking=(Tracking(category.id, "gone"),))):
        assert [problem.severity for problem in books.problems(wrong, customer, options)] == [Severity.STOP]


def test_details_that_will_not_be_printed_are_said(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    draft = draft_for(world, customer, details=replace(customer.details, address=Address(("9 New Road",), "York")))
    found = [problem.code for problem in books.problems(draft, customer, books.options())]
    assert ("details_of_customer_used" in found) is (Feature.DETAILS_PER_INVOICE not in books.features)


# --- what changed --------------------------------------------------------------------------------------------------


def made_invoice(
    world: BooksWorld, books: AccountingProvider, customer: Customer, reference: str, **changes: object
) -> Invoice:
    draft = draft_for(world, customer, **({"creation": Creation.APPROVE} | changes))
    return books.create_invoice(draft, reference=reference, key=f"{reference}-key")


def test_what_changed_since_a_moment_is_one_question(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    quiet, paid = made_invoice(world, books, customer, "DB-A1"), made_invoice(world, books, customer, "DB-A2")
    world.wait(minutes=10)
    since = world.clock.now()
    world.wait(minutes=1)
    world.pay(paid.id, "1.00")
    asked = world.calls()
    reading = books.invoices_changed(since, known=[quiet.id, paid.id])
    assert world.calls() == asked + 1
    assert {each.id for each in reading.found} == {paid.id}
    assert reading.found[0].balance == paid.balance - 1
    assert reading.missing == ()


def test_the_next_question_begins_before_this_one(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    paid = made_invoice(world, books, customer, "DB-A3")
    world.wait(minutes=10)
    first = books.invoices_changed(world.clock.now() - timedelta(days=1), known=[])
    assert first.cursor is not None
    assert first.cursor <= world.clock.now() - timedelta(minutes=4)
    world.pay(paid.id, "1.00")
    again = books.invoices_changed(first.cursor, known=[])
    assert paid.id in {each.id for each in again.found}


def test_what_is_gone_is_named_or_found_deleted(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    gone = made_invoice(world, books, customer, "DB-A4", creation=Creation.SAVE)
    world.wait(minutes=10)
    since = world.clock.now()
    world.wait(minutes=1)
    world.delete(gone.id)
    reading = books.invoices_changed(since, known=[gone.id])
    found = {each.id: each.stage for each in reading.found}
    assert gone.id in reading.deleted or found.get(gone.id) is Stage.DELETED


def test_a_failed_question_about_changes_tells_nothing(world: BooksWorld, books: AccountingProvider) -> None:
    world.fail("status", status=503)
    with pytest.raises(TryLater):
        books.invoices_changed(world.clock.now() - timedelta(hours=1), known=[])


# --- acting on an invoice ----------------------------------------------------------------------------------------


def test_a_voided_invoice_is_answered_and_read_as_such_and_its_key_does_it_once(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    voided = books.void_invoice(made, key="k2")
    assert (voided.stage, voided.balance, voided.reference) == (Stage.VOIDED, 0, "DB-1")
    assert books.void_invoice(made, key="k2") == voided
    (read,) = books.read_invoices([made.id]).found
    assert read.stage is Stage.VOIDED


def test_a_draft_or_where_there_are_none_an_invoice_is_deleted(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    creation = Creation.SAVE if Feature.APPROVAL in books.features else Creation.APPROVE
    made = books.create_invoice(draft_for(world, customer, creation=creation), reference="DB-1", key="k1")
    books.delete_invoice(made, key="k2")
    assert world.truth(made.id).stage is Stage.DELETED
    with pytest.raises((BooksRefused, NotFound)):
        books.delete_invoice(made, key="k3")


def test_only_books_that_delete_issued_invoices_do_so(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    if Feature.DELETES_ISSUED in books.features:
        books.delete_invoice(made, key="k2")
        assert world.truth(made.id).stage is Stage.DELETED
        return
    with pytest.raises(BooksRefused):  # in a 200 that echoes the word which was asked for
        books.delete_invoice(made, key="k2")
    assert world.truth(made.id).stage is Stage.ISSUED


def test_what_is_paid_is_not_voided_unasked_and_what_hangs_on_it_is_named(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    assert not made.is_linked
    assert books.ties_of(made.id) == ()
    world.wait(minutes=1)
    world.pay(made.id, "20")
    (paid,) = books.read_invoices([made.id]).found
    assert paid.is_linked
    (tie,) = books.ties_of(made.id)
    assert tie.startswith(f"Payment of 20.00 {world.home} on 2026-11-21")
    with pytest.raises(BooksRefused):
        books.void_invoice(paid, key="k2")
    assert world.truth(made.id).stage is Stage.ISSUED


def test_an_invoice_changed_meanwhile_is_not_voided_by_an_old_reading(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    needs(books, Feature.VERSIONS)
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    world.edit(made.id, TODAY + timedelta(days=20))
    with pytest.raises(StaleVersion):
        books.void_invoice(made, key="k2")


@pytest.mark.parametrize("act", ["void", "delete"])
def test_a_dropped_ending_is_an_unknown_outcome(
    world: BooksWorld, books: AccountingProvider, customer: Customer, act: str
) -> None:
    creation = Creation.SAVE if act == "delete" and Feature.APPROVAL in books.features else Creation.APPROVE
    made = books.create_invoice(draft_for(world, customer, creation=creation), reference="DB-1", key="k1")
    world.fail("drop_after_commit", where=world.changes_invoice)
    with pytest.raises(OutcomeUnknown):
        books.void_invoice(made, key="k2") if act == "void" else books.delete_invoice(made, key="k2")
    assert world.truth(made.id).stage is (Stage.VOIDED if act == "void" else Stage.DELETED)


def test_an_email_goes_where_the_terms_say_and_is_found_again(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    world.wait(minutes=1)
    began = world.clock.now()
    terms = books.mail_terms(made)
    assert terms.to == (customer.details.email,)
    assert terms.can_choose is (Feature.CHOOSES_RECEIVERS in books.features)
    assert terms.sender
    assert terms.text
    assert terms.limits
    assert books.sent_since(made.id, began) is None
    sent = books.email_invoice(made, Mail(), key="k2")
    assert sent.to == (customer.details.email,)
    assert (world.mails(), sent.at) == (1, began)
    books.email_invoice(made, Mail(), key="k2")
    assert world.mails() == 1, "the same key sends once"
    found = books.sent_since(made.id, began)
    assert found is not None
    assert found.to == sent.to
    (read,) = books.read_invoices([made.id]).found
    assert read.is_sent
    assert books.sent_since(made.id, began + timedelta(minutes=1)) is None


def test_receivers_are_chosen_where_they_can_be(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    mail = Mail("ap@example.com", ("boss@example.com",), ("file@example.com",))
    if Feature.CHOOSES_RECEIVERS not in books.features:
        with pytest.raises(Unsupported):
            books.address_mail(made, mail, key="k2")
        return
    books.address_mail(made, mail, key="k2")
    assert world.mails() == 0, "nothing goes out by addressing"
    assert books.email_invoice(made, mail, key="k3").to == ("ap@example.com", "boss@example.com")
    terms = books.mail_terms(made)
    assert (terms.to, terms.copies, terms.blind_copies) == (("ap@example.com",), mail.copies, mail.blind_copies)
    books.address_mail(made, Mail("ap@example.com", (), ()), key="k4")
    assert books.mail_terms(made).copies == ()


@pytest.mark.parametrize("kind", ["drop_after_commit", "drop_before"])
def test_a_dropped_email_may_have_been_sent_and_the_books_tell(
    world: BooksWorld, books: AccountingProvider, customer: Customer, kind: str
) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    world.wait(minutes=1)
    began = world.clock.now()
    world.fail(kind, where=world.sends)
    with pytest.raises(OutcomeUnknown):
        books.email_invoice(made, Mail(), key="k2")
    assert (books.sent_since(made.id, began) is not None) is (kind == "drop_after_commit")
    assert world.mails() == (1 if kind == "drop_after_commit" else 0)


def test_a_pdf_is_handed_on(world: BooksWorld, books: AccountingProvider, customer: Customer) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    assert books.invoice_pdf(made.id).startswith(b"%PDF")
    with pytest.raises(NotFound):
        books.invoice_pdf(InvoiceId(world.unknown_id))
    world.fail("status", status=503)
    with pytest.raises(TryLater):
        books.invoice_pdf(made.id)


def test_the_pay_link_is_the_customers_page_or_none(
    world: BooksWorld, books: AccountingProvider, customer: Customer
) -> None:
    made = books.create_invoice(draft_for(world, customer), reference="DB-1", key="k1")
    world.let_pay_online(True)
    assert str(books.pay_url(made.id)).startswith("https://")
    world.let_pay_online(False)
    assert books.pay_url(made.id) is None
