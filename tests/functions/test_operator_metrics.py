"""What handlers count for the operator, and that the template's alarms watch exactly that."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from duebill.domain.ids import CompanyId
from duebill.runtime import panel
from duebill.runtime.logs import logger
from duebill.runtime.metrics import Metric
from duebill.runtime.world import process
from sandbox.cloud import PREFIX
from sandbox.pipedrive.seed import COMPANY, DEAL_US_SIMPLE
from sandbox.quickbooks.seed import US_REALM
from sandbox.tabletop import Tabletop
from tests.fakes.office import Office
from tests.template.cloudformation import resources, template

INVOICE = r"POST /v3/company/\d+/invoice"
NAME = "duebill-test-function"

type Counted = Callable[[], Counter[str]]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    environment = {"POWERTOOLS_METRICS_NAMESPACE": "Duebill", "AWS_LAMBDA_FUNCTION_NAME": NAME}
    office = Office(tabletop=Tabletop(environment=environment))
    yield office
    office.close()


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """The metric lines on standard output since this was last asked."""

    def read() -> list[dict[str, Any]]:
        out = capsys.readouterr().out
        return [json.loads(line) for line in out.splitlines() if '"_aws"' in line]

    return read


OF_SWEEPS = {"UnsettledAge", "RefreshesPutOff", "OldestDue"}  # said whenever time passes


@pytest.fixture
def counted(lines: Callable[[], list[dict[str, Any]]]) -> Counted:
    """How often each metric was counted since this was last asked."""

    def read() -> Counter[str]:
        said = (each["Name"] for line in lines() for each in line["_aws"]["CloudWatchMetrics"][0]["Metrics"])
        return Counter(name for name in said if name not in OF_SWEEPS)

    return read


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("Northwind owes 12.50")


def made_after_doubt(office: Office, counted: Counted) -> None:
    """Create an invoice whose first answer does not come; then put another with its reference into the books."""
    draft, basis = office.draft(DEAL_US_SIMPLE, office.us)
    counted()
    office.tabletop.fault(office.tabletop.quickbooks, "drop_before", where=INVOICE)
    answer = office.create(DEAL_US_SIMPLE, draft, basis)
    assert answer.status == 202, answer
    assert counted() == {"OutcomesUnknown": 1}
    books = office.tabletop.quickbooks.companies[US_REALM].rows("Invoice")
    before = len(books)
    office.tabletop.pass_time(seconds=200)
    assert len(books) == before + 1
    newest = list(books.values())[-1]
    twin = f"{newest['Id']}0000"
    books[twin] = {**newest, "Id": twin}
    assert counted() == {}


def test_what_nobody_foresaw_is_counted_once(office: Office, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "show_deal", broken)
    assert office.api("GET", "/deals/1/invoices").status == 500
    assert counted() == {"UnexpectedErrors": 1}


def test_a_metric_names_the_function_and_nobody(
    office: Office, lines: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "duebill")
    monkeypatch.setattr(panel, "show_deal", broken)
    office.api("GET", "/deals/1/invoices")
    (line,) = lines()
    assert set(line) == {"_aws", "function", "service", "UnexpectedErrors"}
    assert (line["function"], line["service"], line["UnexpectedErrors"]) == (NAME, "duebill", [1.0])
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["function", "service"]]


def test_state_that_cannot_be_used_is_counted_on_pages_too(office: Office, counted: Counted) -> None:
    ssm, name = office.tabletop.cloud.ssm, f"{PREFIX}/pipedrive/client_secret"
    secret = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    ssm.delete_parameter(Name=name)
    office.tabletop.sleep(15 * 60)
    begun = office.tabletop.visit("GET", "/install").headers["location"]
    state = begun.partition("state=")[2]
    assert office.tabletop.visit("GET", f"/oauth/pipedrive/callback?code=x&state={state}").status == 500
    assert counted() == {"UnexpectedErrors": 1}
    ssm.put_parameter(Name=name, Value=secret, Type="SecureString")


def test_what_may_be_repeated_is_no_unexpected_error(office: Office, counted: Counted) -> None:
    office.tabletop.fault(office.tabletop.pipedrive, "status", status=503, times=9)
    assert office.api("GET", "/deals/1/invoices").status == 503
    office.tabletop.pipedrive.faults.pending.clear()
    assert office.api("GET", "/nowhere").status == 404
    assert counted() == {}


def test_a_vendor_that_refuses_the_app_itself_is_counted(office: Office, counted: Counted) -> None:
    pipedrive = office.tabletop.pipedrive
    secret, pipedrive.client_secret = pipedrive.client_secret, "another"
    office.tabletop.sleep(2 * 3600)
    assert office.api("GET", "/deals/1/invoices").status == 503
    pipedrive.client_secret = secret
    assert counted() == {"AppRefused": 1}
    assert office.api("GET", "/deals/1/invoices").status == 200


def test_an_unknown_outcome_is_counted_and_a_second_invoice_a_day_later(
    office: Office, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_after_doubt(office, counted)
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(logger(), "error", lambda code, extra: told.append({"code": code, **extra}))
    for _ in range(2):
        office.tabletop.pass_time(hours=24, minutes=1)
    assert counted() == {"PossibleDuplicates": 1}
    (line,) = told
    assert (line["code"], line["company"], line["deal"]) == ("possible_duplicate", COMPANY, DEAL_US_SIMPLE)
    assert len(line["invoices"]) == 2


def test_an_outage_a_day_later_is_no_failure_and_the_look_is_repeated(office: Office, counted: Counted) -> None:
    made_after_doubt(office, counted)
    office.tabletop.fault(office.tabletop.quickbooks, "status", status=503, where="/query", times=50)
    office.tabletop.pass_time(hours=24, minutes=1)
    assert counted() == {}
    queue = office.tabletop.environment["WORK_QUEUE_URL"]
    held = office.tabletop.cloud.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert held["ApproximateNumberOfMessagesNotVisible"] == "0", "the message was done, not failed"
    office.tabletop.quickbooks.faults.pending.clear()
    office.tabletop.pass_time(minutes=16)
    assert counted() == {"PossibleDuplicates": 1}


def test_a_refused_invoice_is_counted(office: Office, counted: Counted) -> None:
    draft, basis = office.draft(DEAL_US_SIMPLE, office.us)
    books = office.tabletop.quickbooks.companies[US_REALM]
    office.api("POST", f"/deals/{DEAL_US_SIMPLE}/draft/preview", json=draft)  # reads the rules, before it is closed
    books.closed_until = office.tabletop.clock.now().date()
    counted()
    assert office.create(DEAL_US_SIMPLE, draft, basis).status == 422
    books.closed_until = None
    assert counted() == {"IntentsRefused": 1}


def test_work_that_fails_is_counted(office: Office, counted: Counted) -> None:
    records = [{"messageId": str(number), "body": "not ours"} for number in range(2)]
    failed = office.tabletop.functions.invoke("finish_work", {"Records": records})
    assert len(failed["batchItemFailures"]) == 2
    assert counted() == {"UnexpectedErrors": 2}


def test_a_connection_that_a_person_must_renew_is_counted_once(office: Office, counted: Counted) -> None:
    for family in office.tabletop.quickbooks.tokens.families:
        family.revoked = True
    office.tabletop.sleep(3 * 3600)
    for _ in range(2):
        office.api("POST", f"/deals/{DEAL_US_SIMPLE}/invoices/refresh")
    assert counted()["ReconnectsRequired"] == 1


def test_nothing_is_written_without_a_namespace(office: Office, lines: Callable[[], list[dict[str, Any]]]) -> None:
    office.tabletop.environment["POWERTOOLS_METRICS_NAMESPACE"] = ""
    process().settings.cache_clear()  # type: ignore[attr-defined]  # functools.cache
    office.tabletop.functions.invoke("finish_work", {"Records": [{"messageId": "1", "body": "not ours"}]})
    office.tabletop.environment["POWERTOOLS_METRICS_NAMESPACE"] = "Duebill"
    process().settings.cache_clear()  # type: ignore[attr-defined]  # functools.cache
    assert lines() == []


def test_each_minute_says_by_how_much_the_longest_due_work_was_late(
    office: Office, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    office.tabletop.run_due_work()
    office.tabletop.run_due_work()
    lines()
    office.tabletop.run_due_work()
    assert [line["OldestDue"] for line in lines() if "OldestDue" in line] == [[0.0]]
    office.tabletop.wiring().crm_webhooks.plan(CompanyId(office.company), office.tabletop.clock.now())
    office.tabletop.pass_time(minutes=40)
    assert [line["OldestDue"] for line in lines() if "OldestDue" in line] == [[2400.0]]


def watched() -> Iterator[tuple[str, dict[str, Any]]]:
    """The metric of each alarm on what handlers count: the alarm's name and its metric."""
    for name, alarm in resources("AWS::CloudWatch::Alarm").items():
        properties = alarm["Properties"]
        metrics = [each["MetricStat"]["Metric"] for each in properties.get("Metrics", []) if "MetricStat" in each]
        yield from ((name, metric) for metric in metrics or [properties] if metric["Namespace"] == "Duebill")


def test_an_alarm_watches_what_is_counted_where_it_is_counted() -> None:
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert (variables["POWERTOOLS_METRICS_NAMESPACE"], variables["POWERTOOLS_SERVICE_NAME"]) == ("Duebill", "duebill")
    assert {metric["MetricName"] for _, metric in watched()} <= {metric.value for metric in Metric}
    folders = {"install", "settings", "create_invoice", "deal_invoices"}
    where: dict[str, set[str]] = {}
    for _, metric in watched():
        function, service = metric["Dimensions"]
        assert service == {"Name": "service", "Value": "duebill"}
        assert function["Name"] == "function"
        name = function["Value"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        where.setdefault(metric["MetricName"], set()).add(name)
    assert where == {
        "UnexpectedErrors": {*folders, "finish_work", "receive_webhook", "refresh_invoices"},
        "UnsettledAge": {"refresh_invoices"},
        "RefreshesPutOff": {"refresh_invoices"},
        "OldestDue": {"dispatch_due"},
        "WebhooksFailed": {"receive_webhook"},
        "AppRefused": folders,
        "PossibleDuplicates": {"finish_work"},
    }


CATCH_NOTHING = {"DispatchDue", "AppExtension"}  # their bugs are Lambda's own errors


def test_a_bug_stops_the_rollout_of_every_function_that_counts_bugs() -> None:
    for name, function in resources("AWS::Serverless::Function").items():
        alarms = [alarm["Ref"] for alarm in function["Properties"]["DeploymentPreference"]["Alarms"]]
        assert ("UnexpectedErrors" in alarms) is (name not in CATCH_NOTHING), name
