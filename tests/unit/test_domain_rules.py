"""The small rules of the core."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from duebill.domain.background import background_workers
from duebill.domain.books import BooksOptions, Customer, CustomerDetails, TaxCode, TaxComponent, Term
from duebill.domain.calendar import today_in
from duebill.domain.connection import TaxModel
from duebill.domain.customer_match import ranked
from duebill.domain.ids import CompanyId, CustomerId, DealId, IntentKey, TokenSetId, UserId
from duebill.domain.installation import Installation
from duebill.domain.intent import Attempt, CreationRule, Intent, Step, StepKind, reference_of
from duebill.domain.money import is_iso_currency, rounded
from duebill.domain.settings import rate_key
from duebill.domain.status import Stage, Status, status_of
from duebill.domain.tax_match import suggested_tax_codes

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "result"),
    [("2.005", "EUR", "2.01"), ("-2.005", "EUR", "-2.01"), ("2.5", "JPY", "3"), ("1.0005", "KWD", "1.001")],
)
def test_amounts_round_half_away_from_zero_to_the_minor_unit(amount: str, currency: str, result: str) -> None:
    assert rounded(Decimal(amount), currency) == Decimal(result)


def test_made_up_currencies_are_no_currencies() -> None:
    assert is_iso_currency("GBP")
    assert not is_iso_currency("PTS")
    assert not is_iso_currency("gbp")


@pytest.mark.parametrize(
    ("stage", "balance", "due", "status"),
    [
        (Stage.DELETED, "0", None, Status.DELETED),
        (Stage.VOIDED, "0", None, Status.VOIDED),
        (Stage.DRAFT, "10", "2026-01-01", Status.DRAFT),
        (Stage.AWAITING_APPROVAL, "10", "2026-01-01", Status.AWAITING_APPROVAL),
        (Stage.ISSUED, "0", "2026-01-01", Status.PAID),
        (Stage.ISSUED, "4", "2026-11-20", Status.OVERDUE),
        (Stage.ISSUED, "4", "2026-11-21", Status.PARTIALLY_PAID),
        (Stage.ISSUED, "10", "2026-11-21", Status.OPEN),
        (Stage.ISSUED, "10", None, Status.OPEN),
    ],
)
def test_the_strongest_status_is_shown(stage: Stage, balance: str, due: str | None, status: Status) -> None:
    due_on = date.fromisoformat(due) if due else None
    shown = status_of(stage, total=Decimal(10), balance=Decimal(balance), due_on=due_on, today=date(2026, 11, 21))
    assert shown is status


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        (None, 21),
        ("+01:00", 22),
        ("-0800", 21),
        ("Europe/Helsinki", 22),
        ("America/Los_Angeles", 21),
        ("Mars/Olympus", 21),
        ("../etc/passwd", 21),
    ],
)
def test_today_is_the_books_own_date(zone: str | None, today: int) -> None:
    assert today_in(zone, NOW).day == today


@pytest.mark.parametrize(
    ("term", "issued", "due"),
    [
        (Term("1", "Net 7", due_days=7), "2026-03-13", "2026-03-20"),
        (Term("2", "31st", day_of_month=31), "2026-02-10", "2026-02-28"),
        (Term("3", "5th", day_of_month=5), "2026-03-06", "2026-04-05"),
        (Term("4", "15th, 10 days", day_of_month=15, due_next_month_days=10), "2026-03-10", "2026-04-15"),
        (Term("5", "on receipt", due_days=0), "2026-03-10", "2026-03-10"),
    ],
)
def test_terms_give_due_dates(term: Term, issued: str, due: str) -> None:
    assert term.due_on(date.fromisoformat(issued)) == date.fromisoformat(due)


@pytest.mark.parametrize(("rate", "key"), [("20.00", "20"), ("8.250", "8.25"), ("0", "0"), ("100", "100")])
def test_one_rate_has_one_key(rate: str, key: str) -> None:
    assert rate_key(Decimal(rate)) == key


def test_the_plainest_tax_code_with_the_rate_is_suggested() -> None:
    def code(number: str, name: str, *rates: str) -> TaxCode:
        return TaxCode(number, name, tuple(TaxComponent(number, name, Decimal(rate)) for rate in rates))

    options = BooksOptions(
        tax_codes=(code("1", "20.0% S goods", "20"), code("2", "20.0% S", "20"), code("3", "Mixed", "15", "5"))
    )
    assert suggested_tax_codes(["20", "7"], options, TaxModel.PER_LINE) == {"20": "2"}


def test_where_the_books_decide_a_rate_only_means_taxable_or_not() -> None:
    options = BooksOptions(tax_codes=(TaxCode("TAX", "Taxable"), TaxCode("NON", "Not", is_taxable=False)))
    assert suggested_tax_codes(["0", "8.25"], options, TaxModel.AUTOMATED) == {"0": "NON", "8.25": "TAX"}
    assert suggested_tax_codes(["8.25"], options, TaxModel.NONE) == {"8.25": "NON"}


def test_the_likeliest_customer_comes_first() -> None:
    def customer(number: str, name: str, email: str = "") -> Customer:
        return Customer(CustomerId(number), CustomerDetails(name, email=email), "GBP")

    wanted = CustomerDetails("O'Brien & Sons", email="post@obrien.example")
    found = [
        customer("1", "O'Brien Ltd"),
        customer("2", "Else", "POST@obrien.example"),
        customer("3", "o'brien  & sons"),
        customer("3", "o'brien  & sons"),
    ]
    assert [one.id for one in ranked(found, wanted)] == ["3", "2", "1"]


def intent(*steps: Step) -> Intent:
    deal, key = DealId(7), IntentKey("k" * 8)
    company = CompanyId(1)
    return Intent(company, deal, key, UserId(1), NOW, None, "", 0, reference_of(company, deal, key), steps)  # type: ignore[arg-type]  # no draft is looked at here


def test_every_step_has_a_key_of_its_own_that_never_changes() -> None:
    kinds = Step(StepKind.CUSTOMER), Step(StepKind.ITEM, line=0), Step(StepKind.ITEM, line=1), Step(StepKind.INVOICE)
    one = intent(*kinds)
    keys = [one.step_key(index) for index in range(4)]
    assert len(set(keys)) == 4
    assert keys == [one.step_key(index) for index in range(4)]
    assert all(len(key) <= 36 for key in keys)


def test_a_key_that_lives_for_ever_is_used_for_ever() -> None:
    old = Attempt("", NOW - timedelta(days=400))
    one = intent(Step(StepKind.INVOICE))
    again = intent(Step(StepKind.INVOICE, attempts=(Attempt(one.step_key(0), old.started_at),)))
    assert again.next_key(0, CreationRule(), NOW) == one.step_key(0)


def test_a_key_that_dies_is_used_only_while_it_lives_and_no_answer_came() -> None:
    rule = CreationRule(key_lives=timedelta(minutes=5))
    key = intent(Step(StepKind.INVOICE)).step_key(0)
    young = Attempt(key, NOW - timedelta(minutes=4))
    old = Attempt(key, NOW - timedelta(minutes=6))
    answered = Attempt(key, NOW - timedelta(minutes=1), answered=True)
    assert intent(Step(StepKind.INVOICE, attempts=(young,))).next_key(0, rule, NOW) == key
    assert intent(Step(StepKind.INVOICE, attempts=(old,))).next_key(0, rule, NOW) == f"{key}-1"
    assert intent(Step(StepKind.INVOICE, attempts=(answered,))).next_key(0, rule, NOW) == f"{key}-1"


def test_references_differ_by_company_deal_key_and_generation() -> None:
    company, deal, key = CompanyId(1), DealId(2), IntentKey("k")
    references = {
        reference_of(company, deal, key),
        reference_of(CompanyId(2), deal, key),
        reference_of(company, DealId(1), key),
        reference_of(company, deal, IntentKey("l")),
        reference_of(company, deal, key, generation=2),
    }
    assert len(references) == 5


def test_the_manager_works_in_the_background_then_an_admin_then_the_oldest() -> None:
    def install(user: int, *, admin: bool = False, days: int = 0) -> Installation:
        return Installation(
            CompanyId(1), UserId(user), "", admin, "", "en", None, "", TokenSetId(str(user)), NOW - timedelta(days=days)
        )

    installs = [install(4, days=9), install(3, days=10), install(2, admin=True), install(1)]
    assert [one.user for one in background_workers(installs, UserId(1))] == [1, 2, 3, 4]
    assert [one.user for one in background_workers(installs[:2], UserId(1))] == [3, 4]
