"""Every action × provider × status × role: what the one table says is what happens, and nothing else.

The cases are made from `domain.actions`, which the panel, the API and docs/features.md are made from too.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from duebill.domain.actions import RIGHT, Action, Asks, Reason, Situation, cell, is_done, offer_of, situation_of
from duebill.domain.features import Feature
from duebill.domain.ids import CompanyId, TokenSetId, UserId
from duebill.domain.installation import Installation
from duebill.domain.invoice import InvoiceLink
from duebill.domain.roles import Right, standing
from duebill.domain.settings import Audience, Roles
from duebill.domain.status import Stage
from duebill.errors import BooksRefused, ConfirmationNeeded, NotPossible
from duebill.providers.registry import features_of
from tests.contract.test_accounting_provider import WORLDS
from tests.fakes.action_bench import WAYS, ActionBench
from tests.fakes.books_world import BooksWorld

# Which column of the table a state belongs to, written down once more: the reading of the books is tested by it.
STATES = {
    "draft": Situation.DRAFT,
    "awaiting_approval": Situation.AWAITING_APPROVAL,
    "open": Situation.UNPAID,
    "overdue": Situation.UNPAID,
    "partially_paid": Situation.TIED,
    "partly credited": Situation.TIED,
    "paid": Situation.PAID,
    "paid by credit": Situation.PAID,
    "voided": Situation.VOIDED,
    "deleted": Situation.DELETED,
}
MOVES = (Action.SUBMIT, Action.APPROVE, Action.VOID, Action.DELETE)
PRESSED = (*MOVES, Action.EMAIL)
HERE = ("QuickBooks US", "Xero UK")  # one of each provider; the others run through the provider's own suite
CASES = [
    (name, state, action)
    for name in HERE
    for state in STATES
    for action in PRESSED
    if name.startswith("Xero") or state not in ("draft", "awaiting_approval")
]
REFUSED_BY_BOOKS = "quickbooks_6480"


def bench_of(name: str) -> ActionBench:
    return ActionBench(WORLDS[name]())


@pytest.mark.parametrize(("name", "state", "action"), CASES)
def test_an_action_does_what_the_table_says(name: str, state: str, action: Action) -> None:
    bench = bench_of(name)
    link = bench.brought_to(state)
    assert situation_of(link.invoice) is STATES[state]
    said = cell(action, STATES[state], bench.books.features)
    before = Footprint(bench)
    if isinstance(said, Reason):
        with pytest.raises(NotPossible) as refused:
            bench.press(action, link, confirmed=Asks.TWICE)
        assert refused.value.code == said.value
        assert refused.value.values["url"] == link.url
        before.must_be_all(link)
        return
    if said is not Asks.NEVER:
        for too_few in (Asks.NEVER, *([Asks.ONCE] if said is Asks.TWICE else [])):
            with pytest.raises(ConfirmationNeeded) as asked:
                bench.press(action, link, confirmed=too_few)
            assert asked.value.values["asks"] == said.value
        before.must_be_all(link)
    if said is Asks.TWICE:  # what the books do then is theirs to say: by default they refuse
        with pytest.raises(BooksRefused) as theirs:
            bench.press(action, link, confirmed=said)
        assert theirs.value.code == REFUSED_BY_BOOKS
        assert "unlink its payments" in theirs.value.message
        assert bench.world.truth(link.invoice.id) == before.truth(link)
        bench.world.let_void_paid()
    bench.world.wait(minutes=1)
    key = bench.key()
    after = bench.press(action, link, confirmed=said, key=key)
    writes = bench.world.writes()
    assert bench.press(action, link, confirmed=said, key=key) == after, "the same press again is the same"
    assert bench.world.writes() == writes
    must_be_done(bench, action, after)


def must_be_done(bench: ActionBench, action: Action, after: InvoiceLink) -> None:
    entry = bench.history(after.invoice.id)[0]
    assert (entry.what, entry.by) == (action.value, UserId(101))
    if action is Action.EMAIL:
        assert bench.world.mails() == 1
        assert after.mailing is not None
        assert after.mailing.is_sure
        assert after.mailing.to == (bench.customer.details.email,)
    else:
        assert is_done(action, after.invoice)
        assert bench.world.truth(after.invoice.id).stage is after.invoice.stage
    bench.world.wait(minutes=1)
    assert bench.refresh(after).invoice.stage is after.invoice.stage
    assert bench.history(after.invoice.id)[0] == entry, "a refresh afterwards tells nothing new"


class Footprint:
    """What a refusal must not change."""

    def __init__(self, bench: ActionBench) -> None:
        self.bench = bench
        self.writes, self.mails = bench.world.writes(), bench.world.mails()
        self.truths = {key[3]: bench.world.truth(key[3]) for key in bench.invoices.all_links}
        self.history = {key[3]: bench.history(key[3]) for key in bench.invoices.all_links}

    def truth(self, link: InvoiceLink) -> object:
        return self.truths[link.invoice.id]

    def must_be_all(self, link: InvoiceLink) -> None:
        world = self.bench.world
        assert (world.writes(), world.mails()) == (self.writes, self.mails)
        assert world.truth(link.invoice.id) == self.truths[link.invoice.id]
        assert self.bench.history(link.invoice.id) == self.history[link.invoice.id]


@pytest.mark.parametrize("name", HERE)
@pytest.mark.parametrize("state", ["open", "paid", "voided"])
def test_a_pdf_is_one_and_the_pay_link_leads_to_the_customers_page(name: str, state: str) -> None:
    bench = bench_of(name)
    link = bench.brought_to(state)
    assert bench.books.invoice_pdf(link.invoice.id).startswith(b"%PDF")
    if state != "open":
        return
    bench.world.let_pay_online(True)
    assert str(bench.books.pay_url(link.invoice.id)).startswith("https://")


# --- roles ---------------------------------------------------------------------------------------------------------


def installed(user: int, *, is_admin: bool = False) -> Installation:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Installation(
        company=CompanyId(1),
        user=UserId(user),
        name=f"User {user}",
        is_admin=is_admin,
        company_name="Company",
        language="en",
        time_zone="UTC",
        api_url="https://company.example",
        token_set=TokenSetId(f"t{user}"),
        installed_at=at,
    )


PEOPLE = {"manager": installed(101), "admin": installed(102, is_admin=True), "member": installed(103)}
WHO = {"manager": ("manager",), "admins": ("manager", "admin"), "everyone": ("manager", "admin", "member")}


@pytest.fixture(scope="module", params=HERE)
def world(request: pytest.FixtureRequest) -> BooksWorld:
    return WORLDS[request.param]()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_is_offered_what_its_rights_and_the_table_allow(
    world: BooksWorld, role: str, audience: Audience, state: str
) -> None:
    """Every action: for who has no right the reason is that, whatever the invoice is."""
    features, connection = features_of(world.provider), world.connection()
    invoice = INVOICES[state]
    for action in Action:
        roles = Roles(**{right.value: Audience.MANAGER for right in Right if right is not Right.CONFIGURE})
        roles = replace(roles, **{RIGHT[action].value: audience})
        rights = standing(PEOPLE[role], tuple(PEOPLE.values()), (connection,), roles).rights
        offer = offer_of(action, invoice, features, rights)
        said = cell(action, STATES[state], features)
        if said is Reason.NOT_HERE:
            assert offer.reason is said
        elif role not in WHO[audience.value]:
            assert offer.reason is Reason.NOT_ALLOWED
        else:
            assert (offer.reason or offer.asks) is said


def _samples() -> dict[str, object]:
    bench = bench_of("Xero UK")
    return {state: bench.brought_to(state).invoice for state in STATES}


INVOICES = _samples()


def test_without_a_connection_nothing_but_opening_is_offered() -> None:
    for action in Action:
        offer = offer_of(action, INVOICES["open"], frozenset(Feature), Right, is_connected=False)
        assert (offer.reason is None) is (action is Action.OPEN)


def test_what_was_made_elsewhere_cannot_be_copied() -> None:
    for state in ("voided", "deleted"):
        assert (
            offer_of(Action.COPY, INVOICES[state], frozenset(), Right, made_here=False).reason is Reason.MADE_ELSEWHERE
        )
        assert offer_of(Action.COPY, INVOICES[state], frozenset(), Right).is_possible


def test_every_way_is_one_of_the_states() -> None:
    assert set(WAYS) <= set(STATES)
    assert {STATES[state] for state in STATES} == set(Situation)
    assert all(reason.sentence("The books") for reason in Reason)
    assert {invoice.stage for invoice in INVOICES.values()} == set(Stage)
