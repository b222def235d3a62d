"""For any sequence of actions, payments, edits and deletions in the books, lost answers and refreshes: what the panel
shows after a refresh is what the books hold, and an e-mail has gone out at most once for a press.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from duebill.domain.actions import Action, Asks
from duebill.domain.draft import Creation
from duebill.domain.invoice import InvoiceLink
from duebill.domain.mail import Mail
from duebill.domain.status import Stage
from duebill.errors import DuebillError, OutcomeUnknown
from tests.fakes.action_bench import COMPANY, DEAL, ActionBench
from tests.fakes.books_world import TODAY, BooksWorld
from tests.fakes.quickbooks import REALMS, QuickBooksWorld
from tests.fakes.xero import TENANTS, XeroWorld

MOVES = (Action.SUBMIT, Action.APPROVE, Action.VOID, Action.DELETE)
MOST_INVOICES = 2  # few, so that much happens to each
LOST = ("drop_after_commit", "drop_before")


class Panel(RuleBasedStateMachine):
    """One deal with some invoices; a person at the panel and a bookkeeper in the books, in any order."""

    world: type[BooksWorld]
    invoices = Bundle("invoices")
    lost_mails = Bundle("lost_mails")

    def __init__(self) -> None:
        super().__init__()
        self.bench = ActionBench(self.new_world())
        self.bench.world.forget_keys()  # no key of a provider helps: only what is written down here
        self.made = 0
        self.ended: set[str] = set()
        self.mails_of = Counter[str]()

    def new_world(self) -> BooksWorld:
        raise NotImplementedError

    # --- the person ---

    @precondition(lambda self: self.made < MOST_INVOICES)
    @rule(target=invoices, creation=st.sampled_from(Creation))
    def creates(self, creation: Creation) -> InvoiceLink:
        self.made += 1
        return self.bench.made(creation if self.bench.has_drafts else Creation.APPROVE)

    @rule(
        invoice=invoices,
        action=st.sampled_from(MOVES),
        confirmed=st.sampled_from(Asks),
        lost=st.sampled_from([None, *LOST]),
    )
    def acts(self, invoice: InvoiceLink, action: Action, confirmed: Asks, lost: str | None) -> None:
        key = self.bench.key()
        if lost:
            self.bench.world.fail(lost, where=self.bench.world.changes_invoice)
        try:
            self.bench.press(action, invoice, confirmed=confirmed, key=key)
        except OutcomeUnknown:
            self.bench.world.faults.pending.clear()
            self._ignoring(lambda: self.bench.press(action, invoice, confirmed=confirmed, key=key))
        except DuebillError:
            pass
        self.bench.world.faults.pending.clear()

    @rule(target=lost_mails, invoice=invoices, lost=st.sampled_from([None, *LOST]))
    def emails(self, invoice: InvoiceLink, lost: str | None) -> tuple[InvoiceLink, str]:
        key = self.bench.key()
        if lost:
            self.bench.world.fail(lost, where=self.bench.world.sends)
        self._email(invoice, key)
        self.bench.world.faults.pending.clear()
        return invoice, key

    @rule(mail=lost_mails)
    def presses_email_again(self, mail: tuple[InvoiceLink, str]) -> None:
        """With the same key: never a second mail where there may have been one."""
        self._email(*mail)

    @rule(invoice=invoices)
    def refreshes(self, invoice: InvoiceLink) -> None:
        self._shown(invoice)

    # --- the bookkeeper ---

    @rule(invoice=invoices, amount=st.sampled_from([None, "1", "20"]))
    def pays(self, invoice: InvoiceLink, amount: str | None) -> None:
        self._in_the_books(lambda: self.bench.world.pay(invoice.invoice.id, amount))

    @rule(invoice=invoices)
    def credits(self, invoice: InvoiceLink) -> None:
        self._in_the_books(lambda: self.bench.world.credit(invoice.invoice.id, "5"))

    @rule(invoice=invoices)
    def takes_a_payment_back(self, invoice: InvoiceLink) -> None:
        self._in_the_books(lambda: self.bench.world.unpay(invoice.invoice.id))

    @rule(invoice=invoices, days=st.integers(-5, 30))
    def edits(self, invoice: InvoiceLink, days: int) -> None:
        self._in_the_books(lambda: self.bench.world.edit(invoice.invoice.id, TODAY + timedelta(days=days)))

    @rule(invoice=invoices, days=st.integers(-5, 30))
    def edits_what_is_paid_in_part(self, invoice: InvoiceLink, days: int) -> None:
        """Some books do not move the time of the last change then."""
        self.pays(invoice, "1")
        self._shown(invoice)
        self.edits(invoice, days)

    @rule(invoice=invoices)
    def voids(self, invoice: InvoiceLink) -> None:
        self._in_the_books(lambda: self.bench.world.void(invoice.invoice.id))

    @rule(invoice=invoices)
    def deletes(self, invoice: InvoiceLink) -> None:
        self._in_the_books(lambda: self.bench.world.delete(invoice.invoice.id))

    @precondition(lambda self: self.bench.world.numbers_by_hand is False)
    @rule()
    def lets_paid_ones_be_voided(self) -> None:
        self.bench.world.let_void_paid()

    # --- what holds ---

    @invariant()
    def no_press_sent_two_mails(self) -> None:
        assert all(mails <= 1 for mails in self.mails_of.values()), self.mails_of

    def teardown(self) -> None:
        for link in self.bench.invoices.links(COMPANY, DEAL):
            self._shown(link)

    def _shown(self, link: InvoiceLink) -> None:
        self.bench.world.wait(seconds=30)
        shown = self.bench.refresh(link).invoice
        held = self.bench.world.truth(link.invoice.id)
        assert shown.stage is held.stage
        if held.stage is Stage.DELETED:
            self.ended.add(link.invoice.id)
        else:
            assert link.invoice.id not in self.ended, "nothing is resurrected"
            assert (shown.total, shown.balance, shown.due_on) == (held.total, held.balance, held.due_on)

    def _email(self, invoice: InvoiceLink, key: str) -> None:
        before = self.bench.world.mails()
        self._ignoring(lambda: self.bench.press(Action.EMAIL, invoice, key=key, mail=Mail()))
        self.mails_of[key] += self.bench.world.mails() - before

    def _in_the_books(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:  # noqa: BLE001  the simulators' own refusals: the bookkeeper may not do it
            return
        finally:
            self.bench.world.wait(seconds=30)

    def _ignoring(self, work: Callable[[], object]) -> None:
        try:
            work()
        except DuebillError:
            return
        finally:
            self.bench.world.wait(seconds=30)


WORLDS = {
    "QuickBooks": lambda: QuickBooksWorld(REALMS["US"]),
    "Xero": lambda: XeroWorld(TENANTS["UK"]),
}


@pytest.mark.parametrize("name", WORLDS)
def test_what_the_panel_shows_is_what_the_books_hold(name: str) -> None:
    class OfThisProvider(Panel):
        def new_world(self) -> BooksWorld:
            return WORLDS[name]()

    profile = settings(
        max_examples=100,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(OfThisProvider, settings=profile)
