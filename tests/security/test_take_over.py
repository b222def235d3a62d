"""Take-over, and who works for whom: the manager may leave, the books and the deals' invoices stay reachable."""

from collections.abc import Iterator

import pytest

from sandbox.pipedrive import seed
from tests.fakes.branch import ADMIN, DEAL, MANAGER, MEMBER, Branch, new_branch

CONNECTION_ROUTE = "POST /connections/{connection_id}/take-over"


@pytest.fixture
def branch() -> Iterator[Branch]:
    branch = new_branch()
    yield branch
    branch.close()
    assert branch.tabletop.failures == []


def uninstall(branch: Branch, user: int) -> None:
    notice = branch.tabletop.pipedrive.uninstall(seed.COMPANY, user)
    answer = branch.tabletop.visit(notice.method, notice.path, headers=notice.headers, body=notice.body)
    assert answer.status == 200, answer


def managers(branch: Branch, user: int) -> dict[str, str]:
    listed = branch.api("GET", "/connections", user=user).json["connections"]
    return {each["id"]: each["manager_name"] for each in listed}


def test_an_admin_takes_one_connection_over_and_then_does_what_its_manager_did(
    branch: Branch, caplog: pytest.LogCaptureFixture
) -> None:
    assert branch.api("GET", f"/deals/{DEAL}/invoices", user=ADMIN).status == 403
    taken = branch.ask(CONNECTION_ROUTE, branch.ids(), user=ADMIN)
    assert taken.status == 200, taken
    assert managers(branch, ADMIN) == {branch.us: "Cid Member", branch.uk: "Ben Admin"}
    assert branch.api("GET", f"/deals/{DEAL}/invoices", user=ADMIN).json["invoices"]
    assert branch.api("GET", f"/deals/{DEAL}/draft?connection_id={branch.uk}", user=ADMIN).status == 200
    assert branch.api("GET", f"/deals/{DEAL}/draft?connection_id={branch.uk}", user=MANAGER).status == 403
    (said,) = (vars(record) for record in caplog.records if record.msg == "management_taken_over")
    assert (said["connection"], said["manager"], said["previous_manager"]) == (branch.uk, ADMIN, MANAGER)


def test_taking_over_again_writes_nothing(branch: Branch) -> None:
    assert branch.ask(CONNECTION_ROUTE, branch.ids(), user=ADMIN).status == 200
    before = branch.kept()
    assert branch.ask(CONNECTION_ROUTE, branch.ids(), user=ADMIN).status == 200
    assert branch.kept() == before


def test_who_is_no_admin_any_more_cannot_take_over_and_loses_what_admins_may(branch: Branch) -> None:
    """What was stored at the install is old: Pipedrive is asked."""
    branch.tabletop.pipedrive.companies[seed.COMPANY].users[ADMIN].admin = False
    refused = branch.ask(CONNECTION_ROUTE, branch.ids(), user=ADMIN)
    assert (refused.status, refused.json["code"]) == (403, "not_allowed")
    assert managers(branch, MANAGER)[branch.uk] == "Cid Member"
    assert branch.api("GET", "/settings", user=ADMIN).status == 403


def test_who_became_an_admin_after_the_install_can_take_over(branch: Branch) -> None:
    branch.tabletop.pipedrive.companies[seed.COMPANY].users[MEMBER].admin = True
    assert branch.ask(CONNECTION_ROUTE, branch.ids(), user=MEMBER).status == 200
    assert managers(branch, MEMBER)[branch.uk] == "Mia Member"


def test_the_panel_says_whose_authorisation_is_used_since_the_manager_left(branch: Branch) -> None:
    branch.audience("everyone")
    assert branch.api("GET", f"/deals/{DEAL}", user=MEMBER).json["works_for"] is None
    assert branch.api("GET", f"/deals/{DEAL}/invoices", user=MEMBER).json["notice"] is None
    uninstall(branch, MANAGER)
    assert branch.api("GET", f"/deals/{DEAL}", user=MEMBER).json["works_for"] == "Ben Admin"
    panel = branch.api("GET", f"/deals/{DEAL}/invoices", user=MEMBER).json
    assert panel["notice"].startswith("Ben Admin's authorisation is used since")
    uninstall(branch, ADMIN)
    assert branch.api("GET", f"/deals/{DEAL}", user=MEMBER).json["works_for"] == "Mia Member"


def test_the_take_over_ends_the_stand_in(branch: Branch) -> None:
    branch.audience("everyone")
    uninstall(branch, MANAGER)
    for connection in (branch.us, branch.uk):
        assert branch.api("POST", f"/connections/{connection}/take-over", user=ADMIN).status == 200
    assert branch.api("GET", f"/deals/{DEAL}", user=MEMBER).json["works_for"] is None
    assert branch.api("GET", f"/deals/{DEAL}/invoices", user=MEMBER).json["notice"] is None


def test_the_machine_goes_on_with_the_stand_in_s_eyes(branch: Branch) -> None:
    """The note of an invoice whose answer was lost is written after its manager left."""
    draft, basis = branch.draft(seed.DEAL_INCLUSIVE, branch.uk)
    branch.tabletop.fault(branch.tabletop.quickbooks, "drop_after_commit", where=r"POST .*/invoice$")
    assert branch.create(seed.DEAL_INCLUSIVE, draft, basis).status == 202
    uninstall(branch, MANAGER)
    for _ in range(3):
        branch.tabletop.pass_time(seconds=200)
    notes = branch.tabletop.pipedrive.companies[seed.COMPANY].notes.values()
    assert [note["user_id"] for note in notes if note["deal_id"] == seed.DEAL_INCLUSIVE] == [ADMIN]
