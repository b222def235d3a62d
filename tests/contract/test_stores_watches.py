"""What every store of watches does, and what the store of invoices tells it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from duebill.domain.due import SHARDS, DueId, DueKind
from duebill.domain.ids import ConnectionId, DealId, InvoiceId
from duebill.domain.invoice import InvoiceLink
from duebill.domain.status import Stage
from duebill.domain.watch import Watch, seen_as
from tests.fakes.memory_stores import Stores
from tests.fakes.stored_examples import (
    COMPANY,
    CONNECTION,
    DEAL,
    INVOICE,
    NOW,
    after,
    entry,
    intent,
    invoice,
    link,
    made,
)

FIRST, SECOND = InvoiceId("1"), InvoiceId("2")


def unsettled(**other: object) -> InvoiceLink:
    still_open = replace(invoice(), stage=Stage.ISSUED, balance=Decimal(5))
    return link(**{"version": 0, "invoice": still_open, **other})


def take(stores: Stores, owner: str = "one", seconds: int = 0) -> Watch | None:
    now = after(seconds=seconds)
    return stores.watches.take(COMPANY, CONNECTION, owner=owner, until=now + timedelta(seconds=60), now=now)


def held(stores: Stores, owner: str = "one", seconds: int = 0) -> Watch:
    found = take(stores, owner, seconds)
    assert found is not None
    return found


def test_one_worker_holds_a_watch_until_it_lets_go_or_its_time_is_over(stores: Stores) -> None:
    first = held(stores)
    assert take(stores, "two", 59) is None
    assert stores.watches.release(first, first, owner="one")
    second = held(stores, "two", 59)
    assert take(stores, "three", 119) is not None, "who died holds it no longer"
    assert not stores.watches.release(second, replace(second, cursor=NOW), owner="two")
    assert held(stores, "four", 300).cursor is None, "nothing of a late holder is written"


def test_how_far_it_came_is_kept(stores: Stores) -> None:
    first = held(stores)
    far = replace(first, cursor=after(minutes=1), looked_at=after(minutes=2), whole_at=NOW, due_at=after(hours=4))
    assert stores.watches.release(first, far, owner="one")
    assert held(stores, seconds=1) == far


def test_what_is_wanted_stays_until_it_was_asked_for(stores: Stores) -> None:
    stores.watches.want(COMPANY, CONNECTION, by=NOW, ids=[FIRST])
    first = held(stores)
    stores.watches.want(COMPANY, CONNECTION, by=NOW, ids=[SECOND])
    assert stores.watches.release(first, replace(first, due_at=after(hours=4)), owner="one", asked=[FIRST, SECOND])
    assert held(stores, seconds=1).wanted == {SECOND}, "it was heard of after the question"


def test_an_earlier_time_stays(stores: Stores) -> None:
    stores.watches.want(COMPANY, CONNECTION, by=after(hours=2))
    stores.watches.want(COMPANY, CONNECTION, by=after(hours=3), ids=[FIRST])
    found = held(stores)
    assert (found.due_at, found.wanted) == (after(hours=2), {FIRST})
    stores.watches.want(COMPANY, CONNECTION, by=after(hours=1))
    assert stores.watches.release(found, replace(found, due_at=after(hours=9)), owner="one")
    assert held(stores, seconds=1).due_at == after(hours=1), "somebody heard of something meanwhile"


def test_a_watch_that_rests_is_due_no_more_and_can_be_woken(stores: Stores) -> None:
    stores.watches.want(COMPANY, CONNECTION, by=NOW)
    stores.watches.rest(COMPANY, CONNECTION)
    assert claimed(stores) == []
    stores.watches.want(COMPANY, CONNECTION, by=NOW)
    assert claimed(stores) == [DueId(DueKind.REFRESH, COMPANY, (CONNECTION,))]


def test_what_never_was_rests_without_a_word(stores: Stores) -> None:
    stores.watches.rest(COMPANY, ConnectionId("nowhere"))
    assert claimed(stores) == []


def claimed(stores: Stores) -> list[DueId]:
    now, again = after(days=30), after(days=31)
    shards = [stores.due.claim(DueKind.REFRESH, shard, now=now, again_at=again, limit=9) for shard in range(SHARDS)]
    return [work for found in shards for work in found]


def test_a_new_link_is_watched_and_its_books_are_due_in_time(stores: Stores) -> None:
    stores.invoices.save_link(unsettled(), due_at=None)
    [watched] = stores.watches.unsettled(COMPANY, CONNECTION)
    assert (watched.invoice, watched.deal, watched.seen) == (INVOICE, DEAL, seen_as(unsettled().invoice))
    assert claimed(stores) == [DueId(DueKind.REFRESH, COMPANY, (CONNECTION,))]


def test_a_made_invoice_is_watched_too(stores: Stores) -> None:
    begun = stores.invoices.begin(intent())
    stores.invoices.made(made(begun), unsettled(), entry(), note_due_at=None)
    assert [each.deal for each in stores.watches.unsettled(COMPANY, CONNECTION)] == [DEAL]


def test_a_change_is_seen_and_what_is_settled_is_watched_no_more(stores: Stores) -> None:
    saved = stores.invoices.save_link(unsettled(), due_at=None)
    part = replace(saved, invoice=replace(saved.invoice, balance=Decimal(1)))
    saved = stores.invoices.save_link(part, due_at=None, entry=entry())
    assert [each.seen for each in stores.watches.unsettled(COMPANY, CONNECTION)] == [seen_as(part.invoice)]
    for settled in (replace(part.invoice, balance=Decimal(0)), replace(part.invoice, stage=Stage.VOIDED)):
        saved = stores.invoices.save_link(replace(saved, invoice=settled), due_at=None, entry=entry())
        assert stores.watches.unsettled(COMPANY, CONNECTION) == ()


def test_what_a_deal_has_is_found_by_its_books_id(stores: Stores) -> None:
    saved = stores.invoices.save_link(unsettled(), due_at=None)
    assert stores.invoices.linked(COMPANY, CONNECTION, [INVOICE, InvoiceId("no-such")]) == (saved,)
    assert stores.invoices.linked(COMPANY, CONNECTION, []) == ()


def test_a_link_moves_to_another_deal_with_all_that_leads_to_it(stores: Stores) -> None:
    saved = stores.invoices.save_link(unsettled(), due_at=after(hours=1), entry=entry())
    other = DealId(DEAL + 1)
    stores.invoices.move_link(saved, other, entry(what="moved"))
    stores.invoices.copy_history(COMPANY, DEAL, other)
    stores.invoices.copy_history(COMPANY, DEAL, other)
    assert stores.invoices.links(COMPANY, DEAL) == ()
    [moved] = stores.invoices.links(COMPANY, other)
    assert (moved.invoice, moved.write_back_due_at) == (saved.invoice, after(hours=1))
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) == other
    assert [each.deal for each in stores.watches.unsettled(COMPANY, CONNECTION)] == [other]
    assert len(stores.invoices.history(COMPANY, other)) == 2
    assert stores.invoices.deal(COMPANY, other).version == 1


def test_what_is_untied_is_watched_no_more(stores: Stores) -> None:
    saved = stores.invoices.save_link(unsettled(), due_at=None)
    stores.invoices.unlink(saved, entry(what="unlinked"))
    assert stores.watches.unsettled(COMPANY, CONNECTION) == ()
    assert stores.invoices.linked(COMPANY, CONNECTION, [INVOICE]) == ()
    tied = stores.invoices.untied(COMPANY, DEAL, CONNECTION, INVOICE)
    assert tied is not None
    stores.invoices.link_by_hand(replace(tied, unlinked_at=None), entry(what="linked"))
    assert [each.deal for each in stores.watches.unsettled(COMPANY, CONNECTION)] == [DEAL]
