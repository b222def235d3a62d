"""What every store does where a person ties invoices to deals and unties them: an invoice has one deal, or none."""

from dataclasses import replace

import pytest

from duebill.domain.due import DueKind
from duebill.domain.ids import ConnectionId, DealId, InvoiceId
from duebill.domain.invoice import InvoiceLink
from duebill.errors import ConditionFailed
from tests.contract.test_stores_invoices import LINK_WORK, due_by, is_made
from tests.fakes.memory_stores import Stores
from tests.fakes.stored_examples import (
    COMPANY,
    CONNECTION,
    DEAL,
    INVOICE,
    OTHER_COMPANY,
    OTHER_DEAL,
    after,
    entry,
    invoice,
    link,
)

THIRD_DEAL = DealId(555)


def tied(stores: Stores, **changes: object) -> InvoiceLink:
    return stores.invoices.link_by_hand(link(**changes), entry("linked"))


def version(stores: Stores, deal: DealId = DEAL) -> int:
    return stores.invoices.deal(COMPANY, deal).version


def test_a_tied_invoice_is_in_the_list_found_by_its_id_told_and_due(stores: Stores) -> None:
    saved = tied(stores, write_back_due_at=after(minutes=1))
    assert saved == link(version=1, write_back_due_at=after(minutes=1))
    assert stores.invoices.links(COMPANY, DEAL) == (saved,)
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) == DEAL
    assert stores.invoices.history(COMPANY, DEAL) == (entry("linked"),)
    assert version(stores) == 1
    assert stores.invoices.deal(COMPANY, DEAL).connections == (CONNECTION,)
    assert due_by(stores, DueKind.WRITE_BACK, after(minutes=1)) == [LINK_WORK]


def test_an_invoice_that_has_a_deal_is_not_tied_to_another(stores: Stores) -> None:
    tied(stores)
    with pytest.raises(ConditionFailed):
        tied(stores, deal=OTHER_DEAL)
    assert stores.invoices.links(COMPANY, OTHER_DEAL) == ()
    assert version(stores, OTHER_DEAL) == 0
    assert stores.invoices.history(COMPANY, OTHER_DEAL) == ()


def test_moving_takes_it_from_the_one_and_gives_it_to_the_other_and_tells_both(stores: Stores) -> None:
    before = tied(stores)
    stores.invoices.link_by_hand(
        link(deal=OTHER_DEAL), entry("linked"), moved=(before, entry("unlinked", after(minutes=1)))
    )
    assert stores.invoices.links(COMPANY, DEAL) == ()
    assert [one.deal for one in stores.invoices.links(COMPANY, OTHER_DEAL)] == [OTHER_DEAL]
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) == OTHER_DEAL
    assert [one.what for one in stores.invoices.history(COMPANY, DEAL)] == ["unlinked", "linked"]
    assert (version(stores), version(stores, OTHER_DEAL)) == (2, 1)


def test_what_somebody_else_moved_meanwhile_is_not_moved_again(stores: Stores) -> None:
    before = tied(stores)
    moved = (before, entry("unlinked", after(minutes=1)))
    stores.invoices.link_by_hand(link(deal=OTHER_DEAL), entry("linked"), moved=moved)
    with pytest.raises(ConditionFailed):
        stores.invoices.link_by_hand(link(deal=THIRD_DEAL), entry("linked"), moved=moved)
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) == OTHER_DEAL
    assert version(stores, THIRD_DEAL) == 0


def test_an_untied_invoice_is_nobodys_and_waits_until_the_crm_was_told(stores: Stores) -> None:
    is_made(stores)
    [made] = stores.invoices.links(COMPANY, DEAL)
    stores.invoices.unlink(made, entry("unlinked", after(minutes=5)))
    assert stores.invoices.links(COMPANY, DEAL) == ()
    assert stores.invoices.link(COMPANY, DEAL, CONNECTION, INVOICE) is None
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) is None
    assert version(stores) == 3
    untied = stores.invoices.untied(COMPANY, DEAL, CONNECTION, INVOICE)
    assert untied is not None
    assert (untied.unlinked_at, untied.note) == (after(minutes=5), made.note)
    assert due_by(stores, DueKind.WRITE_BACK, after(minutes=5)) == [LINK_WORK]
    stores.invoices.forget(untied)
    assert stores.invoices.untied(COMPANY, DEAL, CONNECTION, INVOICE) is None
    assert due_by(stores, DueKind.WRITE_BACK, after(days=1)) == []


def test_a_link_that_changed_meanwhile_is_not_untied(stores: Stores) -> None:
    saved = tied(stores)
    stores.invoices.save_link(replace(saved, note=13), due_at=None)
    with pytest.raises(ConditionFailed):
        stores.invoices.unlink(saved, entry("unlinked"))
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) == DEAL


def test_a_reading_that_comes_late_brings_no_untied_link_back(stores: Stores) -> None:
    saved = tied(stores)
    stores.invoices.unlink(saved, entry("unlinked", after(minutes=1)))
    with pytest.raises(ConditionFailed):
        stores.invoices.save_link(saved, due_at=None)
    assert stores.invoices.links(COMPANY, DEAL) == ()


def test_what_was_untied_can_be_tied_again_with_the_note_that_it_had(stores: Stores) -> None:
    saved = tied(stores)
    stores.invoices.unlink(saved, entry("unlinked", after(minutes=1)))
    untied = stores.invoices.untied(COMPANY, DEAL, CONNECTION, INVOICE)
    assert untied is not None
    again = stores.invoices.link_by_hand(replace(untied, unlinked_at=None), entry("linked", after(minutes=2)))
    assert stores.invoices.links(COMPANY, DEAL) == (again,)
    assert again.note == saved.note
    assert stores.invoices.deal_of(COMPANY, CONNECTION, INVOICE) == DEAL
    with pytest.raises(ConditionFailed):
        stores.invoices.forget(untied)


def test_the_deals_of_many_invoices_are_found_at_once(stores: Stores) -> None:
    for number in range(120):
        tied(stores, deal=DEAL if number % 2 else OTHER_DEAL, invoice=invoice(f"i-{number}"))
    asked = [InvoiceId(f"i-{number}") for number in range(130)]
    found = stores.invoices.deals_of(COMPANY, CONNECTION, asked)
    assert found == {InvoiceId(f"i-{number}"): DEAL if number % 2 else OTHER_DEAL for number in range(120)}
    assert stores.invoices.deals_of(OTHER_COMPANY, CONNECTION, asked) == {}
    assert stores.invoices.deals_of(COMPANY, ConnectionId("c-2"), asked) == {}
    assert stores.invoices.deals_of(COMPANY, CONNECTION, []) == {}
