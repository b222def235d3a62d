"""The whole app in one process: what the walkthrough shows over HTTP, in small, and what only the sandbox has."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from sandbox.pipedrive.seed import ADA, DEAL_US_SIMPLE, OTHER_COMPANY, OTHER_USER
from sandbox.quickbooks.seed import US_REALM
from sandbox.tabletop import Answer, Tabletop


@pytest.fixture
def tabletop() -> Iterator[Tabletop]:
    with Tabletop() as tabletop:
        yield tabletop
        assert tabletop.failures == []


@pytest.fixture
def us(tabletop: Tabletop) -> str:
    assert tabletop.install().status == 302
    return tabletop.connect(US_REALM)


def ready_draft(tabletop: Tabletop, deal: int = DEAL_US_SIMPLE) -> dict[str, Any]:
    """A draft on which every line has its suggested item and the customer will be created."""
    prefill = tabletop.api("GET", f"/deals/{deal}/draft").json
    for suggestion in prefill["item_suggestions"]:
        line = prefill["draft"]["lines"][suggestion["line"]]
        line["item_id"], line["item_name"] = suggestion["item"]["id"], suggestion["item"]["name"]
    prefill["draft"]["create_customer"] = True
    for line in prefill["draft"]["lines"]:
        line["tax_code"] = "NON"
    return dict(prefill)


def create(tabletop: Tabletop, prefill: dict[str, Any], key: str, deal: int = DEAL_US_SIMPLE) -> Answer:
    headers = {"Idempotency-Key": key, "If-Match": prefill["basis"]}
    return tabletop.api("POST", f"/deals/{deal}/invoices", json=prefill["draft"], headers=headers)


def invoices_in_books(tabletop: Tabletop) -> int:
    return len(tabletop.quickbooks.companies[US_REALM].rows("Invoice"))


@pytest.mark.usefixtures("us")
def test_a_deal_becomes_an_invoice(tabletop: Tabletop) -> None:
    before = invoices_in_books(tabletop)

    created = create(tabletop, ready_draft(tabletop), str(uuid4()))

    assert created.status == 201, created
    assert created.json["invoice"]["status"] == "open"
    assert invoices_in_books(tabletop) == before + 1


@pytest.mark.usefixtures("us")
def test_an_answer_that_never_came_ends_as_one_invoice(tabletop: Tabletop) -> None:
    before = invoices_in_books(tabletop)
    prefill, key = ready_draft(tabletop), str(uuid4())
    tabletop.fault(tabletop.quickbooks, "drop_after_commit", where="POST /v3/company/.*/invoice")

    assert create(tabletop, prefill, key).status == 202
    tabletop.pass_time(seconds=150)

    assert tabletop.api("GET", f"/deals/{DEAL_US_SIMPLE}/intents/{key}").json["state"] == "made"
    assert invoices_in_books(tabletop) == before + 1


def test_another_company_sees_nothing_of_it(tabletop: Tabletop, us: str) -> None:
    tabletop.install(OTHER_USER, OTHER_COMPANY)

    for path in (f"/deals/{DEAL_US_SIMPLE}/invoices", f"/connections/{us}/settings"):
        assert tabletop.api("GET", path, user=OTHER_USER, company=OTHER_COMPANY).status == 404


def test_who_has_not_installed_is_told_so(tabletop: Tabletop) -> None:
    answer = tabletop.api("GET", "/connections", user=ADA)

    assert (answer.status, answer.json["code"]) == (403, "not_installed")
