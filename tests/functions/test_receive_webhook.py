"""Webhooks through the gateway and the real handler, as the simulators sign them."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from duebill.crm.pipedrive.webhook import password_of
from duebill.domain.ids import CompanyId
from duebill.domain.news import BooksNews, Changed, News
from duebill.runtime.settings import load
from duebill.storage.news_queue import parse_news
from sandbox.outside import Outside
from sandbox.pipedrive.seed import COMPANY
from sandbox.quickbooks.company import News as QuickBooksNews
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.quickbooks.webhooks import cloud_events, legacy, signed
from sandbox.tabletop import Answer, Tabletop
from sandbox.world import secrets_of
from tests.template.cloudformation import ROOT

MEGABYTE = 1024 * 1024


@pytest.fixture
def tabletop() -> Iterator[Tabletop]:
    with Tabletop() as made:
        yield made


def post(tabletop: Tabletop, sender: str, body: bytes, headers: dict[str, str]) -> Answer:
    return tabletop.visit("POST", f"/webhooks/{sender}", headers=headers, body=body)


def queued(tabletop: Tabletop) -> list[News]:
    """What lies on the queue; it is taken off."""
    url = tabletop.environment["NEWS_QUEUE_URL"]
    found: list[News] = []
    while messages := tabletop.cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(parse_news(message["Body"]))
            tabletop.cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def told(tabletop: Tabletop, count: int = 1, realm: str = US_REALM) -> list[QuickBooksNews]:
    now = tabletop.clock.now()
    return [QuickBooksNews(realm, "Invoice", str(place), "Update", now) for place in range(1, count + 1)]


def test_what_quickbooks_tells_lies_on_the_queue_split_by_company(tabletop: Tabletop) -> None:
    news = [*told(tabletop, 40), *told(tabletop, 60, UK_REALM)]
    [(body, headers)] = cloud_events(news, tabletop.quickbooks.verifier_token, "voided", 0)
    assert headers["content-type"] == "application/cloudevents+json", "which API Gateway hands on in base64"
    answer = post(tabletop, "quickbooks", body, headers)
    assert (answer.status, answer.body) == (200, b"")
    found = {each.tenant: len(each.events) for each in queued(tabletop) if isinstance(each, BooksNews)}
    assert found == {US_REALM: 40, UK_REALM: 60}


def test_the_older_form_is_taken_too(tabletop: Tabletop) -> None:
    [(body, headers)] = legacy(told(tabletop), tabletop.quickbooks.verifier_token)
    assert post(tabletop, "quickbooks", body, headers).status == 200
    [news] = queued(tabletop)
    assert news.events[0].what is Changed.INVOICE


def test_xeros_intent_to_receive_is_answered_with_bare_statuses(tabletop: Tabletop) -> None:
    for body, headers, expected in tabletop.xero.intent_to_receive():
        answer = post(tabletop, "xero", body, headers)
        assert (answer.status, answer.body, answer.cookies) == (expected, b"", ())
    assert queued(tabletop) == []


@pytest.mark.parametrize("sender", ["quickbooks", "xero", "pipedrive"])
@pytest.mark.parametrize(
    "headers", [{}, {"intuit-signature": "x", "x-xero-signature": "x", "authorization": "Basic eDp5"}]
)
def test_a_forged_webhook_is_answered_401_and_costs_nothing(
    tabletop: Tabletop, sender: str, headers: dict[str, str]
) -> None:
    answer = post(tabletop, sender, b'{"events": []}', {"content-type": "application/json", **headers})
    assert (answer.status, answer.body) == (401, b"")
    assert queued(tabletop) == []


def test_an_unknown_sender_is_not_found(tabletop: Tabletop) -> None:
    assert post(tabletop, "sage", b"{}", {}).status == 404


def test_more_than_a_megabyte_is_turned_away_before_it_is_looked_at(tabletop: Tabletop) -> None:
    for size in (MEGABYTE + 1, 3 * MEGABYTE):
        assert post(tabletop, "quickbooks", b" " * size, {"content-type": "application/json"}).status == 413
    assert post(tabletop, "quickbooks", b" " * MEGABYTE, {"content-type": "application/json"}).status == 401


def test_a_genuine_body_that_nobody_can_read_is_not_sent_again(tabletop: Tabletop) -> None:
    body, headers = signed([], tabletop.quickbooks.verifier_token, "application/json")
    assert post(tabletop, "quickbooks", body, headers).status == 200
    unreadable = b"no json"
    mac = hmac.new(tabletop.quickbooks.verifier_token.encode(), unreadable, hashlib.sha256).digest()
    assert post(tabletop, "quickbooks", unreadable, {"intuit-signature": base64.b64encode(mac).decode()}).status == 200
    assert queued(tabletop) == []


def test_pipedrives_webhook_of_one_company_says_nothing_about_another(tabletop: Tabletop) -> None:
    key = secrets_of_sandbox(tabletop)["pipedrive/webhook_key"]
    password = password_of(CompanyId(COMPANY), key)
    headers = {"authorization": "Basic " + base64.b64encode(f"{COMPANY}:{password}".encode()).decode()}
    for company, expected in ((COMPANY, 1), (COMPANY + 1, 0)):
        about = {"company_id": str(company), "entity": "deal", "entity_id": "8", "merged_to_id": "9"}
        answer = post(tabletop, "pipedrive", json.dumps({"meta": about}).encode(), headers)
        assert answer.status == 200
        assert len(queued(tabletop)) == expected


def test_without_a_queue_or_a_secret_it_is_to_be_sent_again(tabletop: Tabletop) -> None:
    [(body, headers)] = cloud_events(told(tabletop), tabletop.quickbooks.verifier_token, "voided", 0)
    tabletop.cloud.ssm.delete_parameter(Name="/duebill/sandbox/quickbooks/verifier_token")
    assert post(tabletop, "quickbooks", body, headers).status == 503


def test_a_missing_queue_is_answered_503(tabletop: Tabletop) -> None:
    [(body, headers)] = cloud_events(told(tabletop), tabletop.quickbooks.verifier_token, "voided", 0)
    tabletop.cloud.sqs.delete_queue(QueueUrl=tabletop.environment["NEWS_QUEUE_URL"])
    answer = post(tabletop, "quickbooks", body, headers)
    assert (answer.status, answer.body) == (503, b"")


def secrets_of_sandbox(tabletop: Tabletop) -> dict[str, str]:
    return secrets_of(Outside(tabletop.pipedrive, tabletop.quickbooks, tabletop.xero))


def test_neither_a_webhook_nor_what_it_loads_touches_table_provider_or_heavy_libraries(tabletop: Tabletop) -> None:
    """The whole of a cold container's first webhook, with clients that know two calls."""
    [(body, headers)] = cloud_events(told(tabletop), tabletop.quickbooks.verifier_token, "voided", 0)
    event = {"headers": headers, "pathParameters": {"provider": "quickbooks"}, "body": body.decode()}
    environment = json.dumps(tabletop.environment)
    command = [sys.executable, "-P", "-c", _FIRST, str(ROOT), json.dumps(event), environment]
    result = subprocess.run(command, env={}, cwd="/", capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    said: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    assert said["status"] == 200
    assert said["calls"] == ["get_parameter", "send_message_batch"]
    loaded = set(said["loaded"])
    heavy = {"httpx", "pydantic", "jwt", "cryptography", "duebill.storage.table", "duebill.providers.xero.webhook"}
    assert loaded & heavy == set()


_FIRST = """
import json, sys
sys.path[:0] = [sys.argv[1] + "/shared", sys.argv[1] + "/functions/receive_webhook"]
before = set(sys.modules)
import app
from duebill.runtime import world
from duebill.runtime.settings import load
calls = []
class Client:
    class exceptions:
        class ParameterNotFound(Exception): pass
    def get_parameter(self, **_):
        calls.append("get_parameter")
        return {"Parameter": {"Value": "quickbooks-verifier"}}
    def send_message_batch(self, **_):
        calls.append("send_message_batch")
        return {}
client = Client()
def never():
    raise AssertionError("not to be asked for")
world.put_in_place(world.World(settings=lambda: load(json.loads(sys.argv[3])), http_client=never, dynamodb=never,
                               kms=never, sqs=lambda: client, ssm=lambda: client))
answer = app.lambda_handler(json.loads(sys.argv[2]), None)
print(json.dumps({"status": answer["statusCode"], "calls": calls, "loaded": sorted(set(sys.modules) - before)}))
"""


def test_the_deployment_says_where_the_queue_is(tabletop: Tabletop) -> None:
    assert load(tabletop.environment).news_queue_url == tabletop.environment["NEWS_QUEUE_URL"]
