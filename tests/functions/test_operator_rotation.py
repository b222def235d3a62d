"""Each secret of the app is replaced while people work: two values are accepted, then the old one is dropped.

KMS needs nothing of us: a data key belongs to its ciphertext, and AWS keeps old key material. How long a plain data key
lives in a container is shown by tests/contract/test_stores_secrets.py.
"""

from collections.abc import Iterator

import pytest

from duebill.domain.connection import Health
from duebill.domain.ids import CompanyId
from sandbox.cloud import PREFIX
from sandbox.pipedrive.seed import ADA, BEN, COMPANY
from sandbox.tabletop import Answer
from scripts import secrets
from tests.fakes.office import Office

FUNCTIONS_READ_AGAIN = 15 * 60
PANEL = "/deals/1/invoices"
NEW_JWT_SECRET = "another-jwt-secret-of-32-bytes-or-more"


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.close()
    assert office.tabletop.failures == []


def store(office: Office, name: str, value: str) -> None:
    """What `make secrets` does; then every function has read it."""
    secrets.put(office.tabletop.cloud.ssm, PREFIX, {name: value})
    office.tabletop.sleep(FUNCTIONS_READ_AGAIN)


def drop_old_ones(office: Office) -> None:
    """What `--drop-previous` does."""
    secrets.drop_previous(office.tabletop.cloud.ssm, PREFIX)
    office.tabletop.sleep(FUNCTIONS_READ_AGAIN)


def after_all_access_ended(office: Office) -> Answer:
    """Ask the books now, when both access tokens must be renewed first."""
    office.tabletop.sleep(2 * 3600)
    return office.api("POST", f"{PANEL}/refresh")


def healths(office: Office) -> set[Health]:
    return {known.health for known in office.tabletop.wiring().connections.of_company(CompanyId(COMPANY))}


def renewed(office: Office) -> int:
    """How many renewals the vendors have answered well: each consent's newest access token is good."""
    calls = office.tabletop.quickbooks.faults.calls + office.tabletop.pipedrive.faults.calls
    return sum(call.startswith("POST /oauth") for call in calls)


def test_pages_go_on_while_the_jwt_secret_is_replaced(office: Office) -> None:
    old_token = {"authorization": f"Bearer {office.tabletop.pipedrive.signed_token(COMPANY, ADA, ttl=86_400)}"}
    store(office, "pipedrive/jwt_secret", NEW_JWT_SECRET)
    assert office.api("GET", PANEL).status == 200, "Pipedrive signs with the old one still"
    office.tabletop.pipedrive.jwt_secret = NEW_JWT_SECRET
    assert office.api("GET", PANEL).status == 200
    assert office.tabletop.api("GET", PANEL, headers=old_token).status == 200, "a page that was open all the time"
    drop_old_ones(office)
    assert office.api("GET", PANEL).status == 200
    assert office.tabletop.api("GET", PANEL, headers=old_token).status == 401


@pytest.mark.parametrize("vendor", ["pipedrive", "quickbooks"])
def test_tokens_are_renewed_while_a_client_secret_is_replaced(office: Office, vendor: str) -> None:
    owner = office.tabletop.pipedrive if vendor == "pipedrive" else office.tabletop.quickbooks.oauth
    assert after_all_access_ended(office).status == 200
    store(office, f"{vendor}/client_secret", "a-new-secret")
    for step in ("the vendor has the old one still", "the vendor has the new one"):
        before = renewed(office)
        assert after_all_access_ended(office).status == 200, step
        assert renewed(office) > before
        owner.client_secret = "a-new-secret"
    drop_old_ones(office)
    assert after_all_access_ended(office).status == 200
    assert healths(office) == {Health.ACTIVE}


@pytest.mark.parametrize("vendor", ["pipedrive", "quickbooks"])
def test_a_vendor_that_replaces_its_secret_before_we_know_it_costs_a_wait_and_no_connection(
    office: Office, vendor: str
) -> None:
    draft, basis = office.draft(1, office.us)
    assert office.create(1, draft, basis).status == 201
    owner = office.tabletop.pipedrive if vendor == "pipedrive" else office.tabletop.quickbooks.oauth
    owner.client_secret = "a-new-secret"
    refused = after_all_access_ended(office)
    sentence = "refused the app itself"
    assert refused.status == 503 if vendor == "pipedrive" else sentence in refused.json["notice"]
    office.tabletop.pass_time(days=40)  # due work tries, too
    assert healths(office) == {Health.ACTIVE}
    store(office, f"{vendor}/client_secret", "a-new-secret")
    answer = after_all_access_ended(office)
    assert (answer.status, answer.json["notice"]) == (200, None)
    assert healths(office) == {Health.ACTIVE}


def test_the_notice_of_an_uninstall_is_taken_with_either_secret(office: Office) -> None:
    pipedrive = office.tabletop.pipedrive
    office.tabletop.install(BEN)
    store(office, "pipedrive/client_secret", "a-new-secret")
    for user, secret in ((BEN, pipedrive.client_secret), (ADA, "a-new-secret")):
        pipedrive.client_secret = secret
        notice = pipedrive.uninstall(COMPANY, user)
        told = office.tabletop.visit(notice.method, notice.path, headers=notice.headers, body=notice.body)
        assert told.status == 200, secret
    assert office.tabletop.wiring().installations.of_company(CompanyId(COMPANY)) == ()


def test_once_the_old_secret_is_dropped_nobody_uses_it(office: Office) -> None:
    store(office, "pipedrive/client_secret", "a-new-secret")
    notice = office.tabletop.pipedrive.uninstall(COMPANY, ADA)  # with the old one
    drop_old_ones(office)
    told = office.tabletop.visit(notice.method, notice.path, headers=notice.headers, body=notice.body)
    assert told.status == 401
