"""What every store of intents, invoice links and history does: one wish, one invoice, and none is lost."""

from dataclasses import replace
from datetime import datetime

import pytest

from duebill.domain.due import SHARDS, DueId, DueKind
from duebill.domain.ids import CompanyId, ConnectionId, InvoiceId
from duebill.domain.intent import DealRecord, Intent, IntentState
from duebill.domain.press import PressState
from duebill.errors import ConditionFailed
from duebill.use_cases.show_history import show_history
from tests.fakes.memory_stores import Stores
from tests.fakes.still_clock import StillClock
from tests.fakes.stored_examples import (
    COMPANY,
    CONNECTION,
    DEAL,
    INVOICE,
    NOW,
    OTHER_COMPANY,
    OTHER_DEAL,
    after,
    entry,
    intent,
    invoice,
    link,
    made,
    press,
)

INTENT_WORK = DueId(DueKind.INTENT, COMPANY, (str(DEAL), "key-1"))
LINK_WORK = DueId(DueKind.WRITE_BACK, COMPANY, (str(DEAL), CONNECTION, INVOICE))


def due_by(stores: Stores, kind: DueKind, moment: datetime) -> list[DueId]:
    """What is due by `moment`; it is claimed and due again at once."""
    return [
        work
        for shard in range(SHARDS)
        for work in stores.due.claim(kind, shard, now=moment, again_at=moment, limit=100)
    ]


def is_made(stores: Stores, key: str = "key-1", basis: int = 0, invoice_id: str = INVOICE) -> Intent:
    begun = stores.invoices.begin(intent(key, basis=basis))
    return stores.invoices.made(made(begun), link(invoice_id), entry(), note_due_at=after(minutes=3))


def test_a_deal_that_is_not_known_has_version_zero(stores: Stores) -> None:
    assert stores.invoices.deal(COMPANY, DEAL) == DealRecord(COMPANY, DEAL)
    assert stores.invoices.intents(COMPANY, DEAL) == ()
    assert stores.invoices.links(COMPANY, DEAL) == ()
    assert stores.invoices.history(COMPANY, DEAL) == ()


def test_a_begun_intent_is_read_with_every_field(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    assert begun == intent(version=1)
    assert stores.invoices.intent(COMPANY, DEAL, intent().key) == begun
    assert str(begun.draft.lines[0].unit_price) == "0.1000000000000000055511151231"


def test_an_intent_belongs_to_its_company_and_its_deal(stores: Stores) -> None:
    stores.invoices.begin(intent())
    assert stores.invoices.intent(OTHER_COMPANY, DEAL, intent().key) is None
    assert stores.invoices.intent(COMPANY, OTHER_DEAL, intent().key) is None


def test_beginning_moves_the_deals_version(stores: Stores) -> None:
    stores.invoices.begin(intent())
    assert stores.invoices.deal(COMPANY, DEAL) == DealRecord(COMPANY, DEAL, 1, intent().key)
    stores.invoices.begin(intent("key-2", basis=1))
    assert stores.invoices.deal(COMPANY, DEAL).version == 2


@pytest.mark.parametrize("basis", [0, 2])
def test_of_two_who_began_from_one_basis_only_the_first_is_written(stores: Stores, basis: int) -> None:
    stores.invoices.begin(intent())
    with pytest.raises(ConditionFailed):
        stores.invoices.begin(intent("key-2", basis=basis))
    assert stores.invoices.intent(COMPANY, DEAL, intent("key-2").key) is None
    assert stores.invoices.deal(COMPANY, DEAL).version == 1


def test_a_basis_that_never_was_is_refused(stores: Stores) -> None:
    with pytest.raises(ConditionFailed):
        stores.invoices.begin(intent(basis=1))
    assert stores.invoices.deal(COMPANY, DEAL).version == 0


def test_a_key_that_was_used_begins_nothing(stores: Stores) -> None:
    stores.invoices.begin(intent())
    with pytest.raises(ConditionFailed):
        stores.invoices.begin(intent(basis=1))
    assert stores.invoices.deal(COMPANY, DEAL).version == 1


def test_a_begun_intent_is_due_in_case_of_a_crash(stores: Stores) -> None:
    stores.invoices.begin(intent())
    assert due_by(stores, DueKind.INTENT, after(minutes=2, seconds=59)) == []
    assert due_by(stores, DueKind.INTENT, after(minutes=3)) == [INTENT_WORK]


def test_a_saved_intent_is_one_version_further(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    saved = stores.invoices.save(replace(begun, state=IntentState.UNKNOWN, due_at=after(minutes=9)))
    assert saved.version == 2
    assert stores.invoices.intent(COMPANY, DEAL, begun.key) == saved
    assert due_by(stores, DueKind.INTENT, after(minutes=8)) == []


def test_of_two_workers_one_saves(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    stores.invoices.save(replace(begun, state=IntentState.UNKNOWN))
    with pytest.raises(ConditionFailed):
        stores.invoices.save(replace(begun, state=IntentState.REFUSED))
    stored = stores.invoices.intent(COMPANY, DEAL, begun.key)
    assert stored is not None
    assert stored.state is IntentState.UNKNOWN


def test_an_intent_that_was_never_begun_cannot_be_saved(stores: Stores) -> None:
    for version in (0, 1):
        with pytest.raises(ConditionFailed):
            stores.invoices.save(intent(version=version))
    assert stores.invoices.intents(COMPANY, DEAL) == ()


def test_a_finished_intent_is_not_due(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    stores.invoices.save(replace(begun, state=IntentState.REFUSED, due_at=None))
    assert due_by(stores, DueKind.INTENT, after(days=3000)) == []


def test_a_claimed_intent_says_when_it_is_due_again(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    assert due_by(stores, DueKind.INTENT, after(minutes=18)) == [INTENT_WORK]
    stored = stores.invoices.intent(COMPANY, DEAL, begun.key)
    assert stored == replace(begun, due_at=after(minutes=18))


def test_made_writes_intent_link_history_and_version_together(stores: Stores) -> None:
    stored = is_made(stores)
    assert stored.version == 2
    assert stores.invoices.intent(COMPANY, DEAL, stored.key) == stored
    expected = link(version=1, write_back_due_at=after(minutes=3))
    assert stores.invoices.links(COMPANY, DEAL) == (expected,)
    assert stores.invoices.link(COMPANY, DEAL, CONNECTION, INVOICE) == expected
    assert stores.invoices.history(COMPANY, DEAL) == (entry(),)
    assert stores.invoices.deal(COMPANY, DEAL) == DealRecord(COMPANY, DEAL, 2, stored.key, (CONNECTION,))
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) == DEAL


def test_made_ends_the_intents_due_work_and_begins_the_notes(stores: Stores) -> None:
    is_made(stores)
    assert due_by(stores, DueKind.INTENT, after(days=3000)) == []
    assert due_by(stores, DueKind.WRITE_BACK, after(minutes=2)) == []
    assert due_by(stores, DueKind.WRITE_BACK, after(minutes=3)) == [LINK_WORK]


def test_made_after_an_unknown_outcome_stays_due_for_another_look(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    stores.invoices.made(made(begun, due_at=after(days=1)), link(), entry(), note_due_at=None)
    assert due_by(stores, DueKind.INTENT, after(hours=23)) == []
    assert due_by(stores, DueKind.INTENT, after(days=1)) == [INTENT_WORK]
    assert due_by(stores, DueKind.WRITE_BACK, after(days=3000)) == []


def test_made_by_two_workers_is_made_once(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    stores.invoices.made(made(begun), link(), entry(), note_due_at=None)
    with pytest.raises(ConditionFailed):
        stores.invoices.made(made(begun), link("146"), entry("again"), note_due_at=None)
    assert [each.invoice.id for each in stores.invoices.links(COMPANY, DEAL)] == [INVOICE]
    assert stores.invoices.history(COMPANY, DEAL) == (entry(),)
    assert stores.invoices.deal(COMPANY, DEAL).version == 2
    assert stores.invoices.deal_of(COMPANY, CONNECTION, InvoiceId("146")) is None


def test_made_keeps_the_note_of_a_link_that_a_person_made_first(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    by_hand = stores.invoices.save_link(link(intent=None, expected_total=None), due_at=None)
    fresh = link(note=None, note_started_at=None, note_shows=None)
    stores.invoices.made(made(begun), fresh, entry(), note_due_at=None)
    stored = stores.invoices.link(COMPANY, DEAL, CONNECTION, INVOICE)
    assert stored == link(version=by_hand.version + 1)


def test_a_later_invoice_is_shown_first(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    stores.invoices.made(made(begun), link("2"), entry(), note_due_at=None)
    stores.invoices.save_link(link("1", linked_at=after(seconds=1)), due_at=None)
    assert [each.invoice.id for each in stores.invoices.links(COMPANY, DEAL)] == ["1", "2"]


def test_intents_come_newest_first(stores: Stores) -> None:
    stores.invoices.begin(intent("z", basis=0, created_at=NOW))
    stores.invoices.begin(intent("a", basis=1, created_at=after(seconds=1)))
    stores.invoices.begin(intent("m", basis=2, created_at=after(seconds=2)))
    assert [each.key for each in stores.invoices.intents(COMPANY, DEAL)] == ["m", "a", "z"]
    assert stores.invoices.intents(COMPANY, OTHER_DEAL) == ()


def test_a_saved_link_is_one_version_further_and_due_as_said(stores: Stores) -> None:
    is_made(stores)
    stored = stores.invoices.link(COMPANY, DEAL, CONNECTION, INVOICE)
    assert stored is not None
    saved = stores.invoices.save_link(replace(stored, invoice=invoice(version=4)), due_at=after(days=1))
    assert saved == replace(stored, invoice=invoice(version=4), version=2, write_back_due_at=after(days=1))
    assert stores.invoices.link(COMPANY, DEAL, CONNECTION, INVOICE) == saved
    assert due_by(stores, DueKind.WRITE_BACK, after(hours=23)) == []
    assert due_by(stores, DueKind.WRITE_BACK, after(days=1)) == [LINK_WORK]


def test_of_two_who_save_a_link_one_wins_and_the_loser_tells_no_history(stores: Stores) -> None:
    is_made(stores)
    stored = stores.invoices.links(COMPANY, DEAL)[0]
    stores.invoices.save_link(replace(stored, note=1), due_at=None)
    with pytest.raises(ConditionFailed):
        stores.invoices.save_link(replace(stored, note=2), due_at=None, entry=entry("lost", after(seconds=1)))
    assert stores.invoices.links(COMPANY, DEAL)[0].note == 1
    assert stores.invoices.history(COMPANY, DEAL) == (entry(),)


def test_a_change_of_a_link_moves_no_deal(stores: Stores) -> None:
    is_made(stores)
    stores.invoices.save_link(stores.invoices.links(COMPANY, DEAL)[0], due_at=None)
    assert stores.invoices.deal(COMPANY, DEAL).version == 2


def test_a_new_link_moves_the_deals_version_and_can_be_found(stores: Stores) -> None:
    stores.invoices.save_link(link("9"), due_at=None, entry=entry("linked"))
    assert stores.invoices.deal(COMPANY, DEAL) == DealRecord(COMPANY, DEAL, 1, None, (CONNECTION,))
    assert stores.invoices.deal_of(COMPANY, CONNECTION, InvoiceId("9")) == DEAL
    assert stores.invoices.deal_of(COMPANY, ConnectionId("c-2"), InvoiceId("9")) is None
    assert stores.invoices.deal_of(OTHER_COMPANY, CONNECTION, InvoiceId("9")) is None
    assert stores.invoices.history(COMPANY, DEAL) == (entry("linked"),)


def test_a_new_link_is_refused_where_one_is(stores: Stores) -> None:
    is_made(stores)
    with pytest.raises(ConditionFailed):
        stores.invoices.save_link(link(note=99), due_at=None)
    assert stores.invoices.links(COMPANY, DEAL)[0].note == link().note


def test_an_invoice_of_one_deal_is_not_linked_to_another(stores: Stores) -> None:
    is_made(stores)
    with pytest.raises(ConditionFailed):
        stores.invoices.save_link(link(deal=OTHER_DEAL), due_at=None)
    assert stores.invoices.links(COMPANY, OTHER_DEAL) == ()
    assert stores.invoices.deal(COMPANY, OTHER_DEAL).version == 0
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) == DEAL


def test_the_same_number_in_other_books_or_of_another_company_is_another_invoice(stores: Stores) -> None:
    is_made(stores)
    stores.invoices.save_link(link(connection=ConnectionId("c-2"), deal=OTHER_DEAL), due_at=None)
    stores.invoices.save_link(link(company=OTHER_COMPANY), due_at=None)
    assert stores.invoices.deal_of(COMPANY, ConnectionId("c-2"), INVOICE) == OTHER_DEAL
    assert len(stores.invoices.links(COMPANY, DEAL)) == 1
    assert len(stores.invoices.links(OTHER_COMPANY, DEAL)) == 1


def test_companies_whose_numbers_begin_alike_never_meet(stores: Stores) -> None:
    stores.invoices.save_link(link(company=CompanyId(1), deal=DEAL), due_at=None)
    assert stores.invoices.links(CompanyId(11), DEAL) == ()
    assert stores.invoices.deal(CompanyId(11), DEAL).version == 0


def test_history_comes_newest_first_and_the_same_entry_stands_once(stores: Stores) -> None:
    is_made(stores)
    stored = stores.invoices.links(COMPANY, DEAL)[0]
    stored = stores.invoices.save_link(stored, due_at=None, entry=entry("paid", after(seconds=2)))
    stored = stores.invoices.save_link(stored, due_at=None, entry=entry("opened", after(seconds=1)))
    stores.invoices.save_link(stored, due_at=None, entry=entry("paid", after(seconds=2)))
    assert [each.what for each in stores.invoices.history(COMPANY, DEAL)] == ["paid", "opened", "created"]


def test_history_can_be_asked_for_from_a_moment_on(stores: Stores) -> None:
    is_made(stores)
    stored = stores.invoices.links(COMPANY, DEAL)[0]
    stores.invoices.save_link(stored, due_at=None, entry=entry("paid", after(seconds=1)))
    assert [each.what for each in stores.invoices.history(COMPANY, DEAL, since=NOW)] == ["paid"]
    assert len(stores.invoices.history(COMPANY, DEAL, since=after(microseconds=-1))) == 2


def test_history_is_shown_for_400_days_however_late_the_table_tidies_up(stores: Stores, clock: StillClock) -> None:
    is_made(stores)
    clock.move(days=400, microseconds=-1)
    assert len(show_history(COMPANY, DEAL, invoices=stores.invoices, clock=clock)) == 1
    clock.move(microseconds=1)
    assert show_history(COMPANY, DEAL, invoices=stores.invoices, clock=clock) == ()
    assert len(stores.invoices.history(COMPANY, DEAL)) == 1


# --- presses -------------------------------------------------------------------------------------------------------


def test_a_press_is_read_with_every_field(stores: Stores) -> None:
    saved = stores.invoices.save_press(press())
    assert saved == press(version=1)
    assert stores.invoices.press(COMPANY, DEAL, "press-1") == saved
    assert stores.invoices.press(OTHER_COMPANY, DEAL, "press-1") is None
    assert stores.invoices.press(COMPANY, OTHER_DEAL, "press-1") is None


def test_of_two_who_save_a_press_one_wins(stores: Stores) -> None:
    saved = stores.invoices.save_press(press())
    with pytest.raises(ConditionFailed):
        stores.invoices.save_press(press())
    stores.invoices.save_press(replace(saved, state=PressState.DONE))
    with pytest.raises(ConditionFailed):
        stores.invoices.save_press(replace(saved, state=PressState.PREPARED))
    found = stores.invoices.press(COMPANY, DEAL, "press-1")
    assert found is not None
    assert found.state is PressState.DONE


def test_presses_are_listed_newest_first(stores: Stores) -> None:
    first = stores.invoices.save_press(press())
    second = stores.invoices.save_press(press("press-2", at=after(minutes=1)))
    assert stores.invoices.presses(COMPANY, DEAL) == (second, first)
    assert stores.invoices.presses(COMPANY, OTHER_DEAL) == ()


def test_a_link_is_saved_with_its_press_or_not_at_all(stores: Stores) -> None:
    is_made(stores)
    [stored] = stores.invoices.links(COMPANY, DEAL)
    stores.invoices.save_press(press())
    with pytest.raises(ConditionFailed):
        stores.invoices.save_link(replace(stored, url="https://x"), due_at=None, press=press(), entry=entry("void"))
    assert stores.invoices.links(COMPANY, DEAL) == (stored,)
    assert "void" not in [each.what for each in stores.invoices.history(COMPANY, DEAL)]
    saved = stores.invoices.save_link(stored, due_at=None, press=press(version=1), entry=entry("void"))
    assert stores.invoices.links(COMPANY, DEAL) == (saved,)
    found = stores.invoices.press(COMPANY, DEAL, "press-1")
    assert found is not None
    assert found.version == 2
