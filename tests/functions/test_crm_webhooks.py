"""Pipedrive tells us of merges: registered by due work after each install, and nothing depends on it."""

from collections.abc import Iterator
from typing import Any

import pytest

from duebill.crm.pipedrive.webhook import company_of
from duebill.domain.ids import CompanyId, ConnectionId, CustomerId
from duebill.ports import CustomerLink
from sandbox.faults import Fault
from sandbox.pipedrive.seed import ADA, BEN, COMPANY
from sandbox.quickbooks.seed import US_REALM
from sandbox.tabletop import Tabletop

KEY = "sandbox-webhook-key"
HEARD = {(entity, action) for entity in ("deal", "person", "organization") for action in ("change", "delete")}
Doc = dict[str, Any]


@pytest.fixture
def tabletop() -> Iterator[Tabletop]:
    with Tabletop() as tabletop:
        tabletop.pipedrive.scopes |= {"webhooks:full"}
        yield tabletop
        assert tabletop.failures == []


def hooks(tabletop: Tabletop, owner: int | None = None) -> list[Doc]:
    found = tabletop.pipedrive.companies[COMPANY].webhooks.values()
    return [hook for hook in found if owner in (None, hook["owner_id"])]


def said(tabletop: Tabletop) -> str:
    return str(tabletop.api("GET", "/connections").json["crm_webhooks"])


def calls(tabletop: Tabletop) -> list[str]:
    return [call for call in tabletop.pipedrive.faults.calls if "webhooks" in call]


def test_an_install_has_what_it_understands_told_with_the_companys_own_password(tabletop: Tabletop) -> None:
    tabletop.install()
    assert hooks(tabletop) == [], "a person does not wait for it"
    assert said(tabletop) == "waiting"
    tabletop.run_due_work()
    assert {(hook["event_object"], hook["event_action"]) for hook in hooks(tabletop)} == HEARD
    assert {hook["version"] for hook in hooks(tabletop)} == {"2.0"}
    assert {hook["subscription_url"] for hook in hooks(tabletop)} == {"https://duebill.test/webhooks/pipedrive"}
    assert {hook["http_auth_user"] for hook in hooks(tabletop)} == {str(COMPANY)}
    assert said(tabletop) == "on"


def test_a_new_install_and_every_later_look_register_only_what_is_missing(tabletop: Tabletop) -> None:
    tabletop.install()
    tabletop.run_due_work()
    before = hooks(tabletop)
    tabletop.install()
    tabletop.run_due_work()
    assert hooks(tabletop) == before
    gone = before[2]["id"]  # Pipedrive deletes what nobody took for three days
    del tabletop.pipedrive.companies[COMPANY].webhooks[gone]
    tabletop.pass_time(hours=25)
    assert {(hook["event_object"], hook["event_action"]) for hook in hooks(tabletop)} == HEARD
    assert len(hooks(tabletop)) == len(HEARD)


def test_without_the_permission_all_works_and_the_settings_say_so_until_it_is_granted(tabletop: Tabletop) -> None:
    tabletop.pipedrive.scopes -= {"webhooks:full"}
    tabletop.install()
    tabletop.run_due_work()
    assert hooks(tabletop) == []
    assert said(tabletop) == "not_allowed"
    assert tabletop.connect(US_REALM)
    tabletop.pipedrive.scopes |= {"webhooks:full"}
    tabletop.install()
    tabletop.run_due_work()
    assert said(tabletop) == "on"


@pytest.mark.parametrize("kind", ["status", "drop_before", "drop_after_commit"])
def test_a_pipedrive_that_does_not_answer_fails_no_install_and_is_asked_again(tabletop: Tabletop, kind: str) -> None:
    tabletop.pipedrive.faults.add(Fault(kind, where="POST /api/v1/webhooks", status=503, times=3))
    tabletop.install()
    tabletop.run_due_work()
    assert len(hooks(tabletop)) < len(HEARD)
    assert said(tabletop) == "waiting"
    for _ in range(3):
        tabletop.pass_time(minutes=8)
    assert said(tabletop) == "on"
    assert len(hooks(tabletop)) == len(HEARD), "what had come through before the connection broke is not made twice"


def test_a_rotated_key_makes_them_anew_and_takes_the_old_ones_away(tabletop: Tabletop) -> None:
    tabletop.install()
    tabletop.run_due_work()
    old = {hook["id"] for hook in hooks(tabletop)}
    tabletop.cloud.ssm.put_parameter(
        Name="/duebill/sandbox/pipedrive/webhook_key", Value=f"newer\n{KEY}", Type="SecureString", Overwrite=True
    )
    tabletop.pass_time(hours=25)
    assert len(hooks(tabletop)) == len(HEARD)
    assert old.isdisjoint(hook["id"] for hook in hooks(tabletop))
    tabletop.pipedrive.merge(COMPANY, "organization", *_two(tabletop))
    [*_, (_, _, headers)] = tabletop.pipedrive.webhooks()
    assert company_of(headers["authorization"], ["newer"]) == COMPANY
    assert company_of(headers["authorization"], [KEY]) is None


def test_an_admins_install_is_asked_first_and_a_colleague_takes_over_when_it_goes(tabletop: Tabletop) -> None:
    tabletop.install(ADA)
    tabletop.install(BEN)
    tabletop.run_due_work()
    [owner] = {hook["owner_id"] for hook in hooks(tabletop)}
    admins = {user.id for user in tabletop.pipedrive.companies[COMPANY].users.values() if user.admin}
    assert owner in admins
    _uninstall(tabletop, owner)
    assert hooks(tabletop) == [], "Pipedrive takes them away with the install"
    tabletop.run_due_work()
    left = ADA if owner == BEN else BEN
    assert len(hooks(tabletop, left)) == len(HEARD)


def test_when_the_last_one_leaves_nothing_is_asked_any_more(tabletop: Tabletop) -> None:
    tabletop.install()
    tabletop.run_due_work()
    _uninstall(tabletop, ADA)
    asked = len(calls(tabletop))
    tabletop.pass_time(hours=25)
    assert len(calls(tabletop)) == asked
    assert tabletop.wiring().crm_webhooks.get(CompanyId(COMPANY)) is None


def test_a_merge_in_pipedrive_moves_the_buyers_customer_by_its_own_webhook(tabletop: Tabletop) -> None:
    tabletop.install()
    connection = tabletop.connect(US_REALM)
    tabletop.run_due_work()
    loser, winner = _two(tabletop)
    links = tabletop.wiring().links
    company, books = CompanyId(COMPANY), ConnectionId(connection)
    links.link_customer(company, books, f"organization:{loser}", CustomerLink(CustomerId("2"), "Mine"))
    tabletop.pipedrive.merge(COMPANY, "organization", loser, winner)
    assert tabletop.deliver_webhooks() >= 2
    assert links.customer(company, books, f"organization:{loser}") is None
    moved = links.customer(company, books, f"organization:{winner}")
    assert moved is not None
    assert moved.customer == "2"


def _two(tabletop: Tabletop) -> tuple[int, int]:
    loser, winner, *_ = tabletop.pipedrive.companies[COMPANY].organizations
    return loser, winner


def _uninstall(tabletop: Tabletop, user: int) -> None:
    notice = tabletop.pipedrive.uninstall(COMPANY, user)
    answer = tabletop.visit(notice.method, notice.path, headers=dict(notice.headers), body=notice.body)
    assert answer.status == 200
