"""Every sample event is fed to its handler, and answered as it should be."""

import json
from pathlib import Path
from typing import Any

import pytest

from duebill.domain.ids import CompanyId
from sandbox.pipedrive.seed import COMPANY
from tests.fakes.office import Office

EVENTS = Path(__file__).parents[2] / "events"
EXPECTED = {
    "create_invoice": {
        "draft": 200,
        "preview": 200,
        "create": 201,
        "intent": 404,
        "search_customers": 200,
        "create_customer": 201,
        "search_items": 200,
        "create_item": 201,
        "link_item": 200,
        "link_customer": 200,
        "unlink_customer": 204,
    },
    "invoice_actions": dict.fromkeys(
        ("submit", "approve", "void", "delete", "email_terms", "email", "pdf", "pay_link"), 404
    ),
    "receive_webhook": {
        "quickbooks": 200,
        "quickbooks_before": 200,
        "xero_intent": 401,
        "pipedrive": 200,
        "forged": 401,
    },
    "deal_invoices": {
        "deal": 200,
        "invoices": 200,
        "refresh": 200,
        "history": 200,
        "customer_invoices": 200,
        "link_invoice": 404,
        "unlink_invoice": 404,
    },
    "settings": {
        "get_settings": 200,
        "put_settings": 200,
        "options": 200,
        "get_connection_settings": 200,
        "put_connection_settings": 200,
        "connection_options": 200,
    },
}
# Their answers are in test_install.py and test_app_extension.py: they need no company.
ELSEWHERE = {"install", "app_extension"}
QUEUE = {
    "dispatch_due": ["minute"],
    "finish_work": ["every_kind", "unreadable"],
    "refresh_invoices": ["news", "sweep"],
}


def event(office: Office, function: str, name: str) -> dict[str, Any]:
    """A sample event with this office's token and connections in it."""
    text = (EVENTS / function / f"{name}.json").read_text()
    text = text.replace("Bearer TOKEN", f"Bearer {office.tabletop.token()}")
    text = text.replace("uk-connection", office.uk).replace("us-connection", office.us)
    read: dict[str, Any] = json.loads(text)
    return read


@pytest.mark.parametrize(
    ("function", "name"), [(function, name) for function, names in EXPECTED.items() for name in names]
)
def test_a_sample_request_is_answered(office: Office, function: str, name: str) -> None:
    office.tabletop.sleep(5)
    answer = office.tabletop.functions.invoke(function, event(office, function, name))
    expected = EXPECTED[function][name]
    assert answer["statusCode"] in {expected, 200} if name in ("create", "intent") else {expected}, answer


def test_a_tick_of_the_schedule_claims_what_is_due(office: Office) -> None:
    office.tabletop.sleep(40 * 86_400)
    sent = office.tabletop.functions.invoke("dispatch_due", event(office, "dispatch_due", "minute"))
    assert sent["sent"] >= 3, "three token sets that nobody used"


def test_one_message_of_each_kind_is_worked_on_and_none_fails(office: Office) -> None:
    answer = office.tabletop.functions.invoke("finish_work", event(office, "finish_work", "every_kind"))
    assert answer == {"batchItemFailures": []}
    assert office.tabletop.wiring().installations.of_company(CompanyId(COMPANY)), "no erasure was planned"


@pytest.mark.parametrize("name", ["news", "sweep"])
def test_news_and_sweeps_are_worked_on_and_none_fails(office: Office, name: str) -> None:
    answer = office.tabletop.functions.invoke("refresh_invoices", event(office, "refresh_invoices", name))
    assert answer == {"batchItemFailures": []}


def test_an_unreadable_message_fails_alone(office: Office) -> None:
    unreadable = event(office, "finish_work", "unreadable")
    answer = office.tabletop.functions.invoke("finish_work", unreadable)
    assert answer == {"batchItemFailures": [{"itemIdentifier": unreadable["Records"][0]["messageId"]}]}


def test_every_file_is_expected_somewhere() -> None:
    found = {folder.name: sorted(path.stem for path in folder.glob("*.json")) for folder in EVENTS.iterdir()}
    expected = {function: sorted(names) for function, names in EXPECTED.items()} | QUEUE
    assert {name: files for name, files in found.items() if name not in ELSEWHERE} == expected
