"""Rules of the deployment that the linter does not know."""

import json
import re
from typing import Any

import pytest

from tests.template.cloudformation import (
    ROOT,
    as_list,
    events,
    functions,
    resources,
    routes,
    statements,
    template,
)

API_FUNCTIONS = set(routes().values())
SHAPE = re.compile(r"(GET|POST|PUT|DELETE) (/([a-z-]+|\{[a-z_]+\}))+(/\{[a-z]+\+\})?")
# Whatever a route key with one of these openings answers, it asks for no token: it must have a throttle of its own.
PUBLIC = ("/install", "/oauth/", "/connect/", "/reconnect/", "/disconnected/", "/health")
WEBHOOKS = "/webhooks/"  # public too, and a vendor speaks for all companies at once


def test_each_function_is_a_folder_with_a_handler() -> None:
    missing = [folder for folder in set(_folders().values()) if not (ROOT / "functions" / folder / "app.py").is_file()]

    assert missing == []


def test_each_folder_is_a_function() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}

    assert folders == set(_folders().values())


@pytest.mark.parametrize("name", list(functions()))
def test_a_function_runs_on_the_shared_layer_and_publishes_what_changes(name: str) -> None:
    function = functions()[name]

    assert function["Layers"] == [{"Ref": "SharedLayer"}]
    assert function["Runtime"] == "python" + ".".join((ROOT / ".python-version").read_text().strip().split(".")[:2])
    assert function["AutoPublishAlias"] == "live"
    assert function["AutoPublishAliasAllProperties"] is True
    assert template()["Resources"]["SharedLayer"]["Properties"]["PublishLambdaVersion"] is True


@pytest.mark.parametrize("name", list(functions()))
def test_a_function_writes_to_a_log_group_of_its_own_that_forgets(name: str) -> None:
    group = resources("AWS::Logs::LogGroup")[functions()[name]["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]

    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert group["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{_folders()[name]}"}


@pytest.mark.parametrize("name", list(functions()))
def test_a_function_has_an_alarm_that_stops_its_rollout(name: str) -> None:
    function = functions()[name]
    alarm = resources("AWS::CloudWatch::Alarm")[function["DeploymentPreference"]["Alarms"][0]["Ref"]]["Properties"]

    assert alarm["MetricName"] == "Errors"
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": function["FunctionName"]}]


def test_an_alarm_reaches_the_topic() -> None:
    for name, alarm in resources("AWS::CloudWatch::Alarm").items():
        assert alarm["Properties"]["AlarmActions"]["Fn::If"][:2] == ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}]], name


def test_functions_behind_the_api_end_before_it_gives_up() -> None:
    assert {functions()[name]["Timeout"] for name in API_FUNCTIONS} == {29}


def test_a_message_stays_hidden_for_six_runs_and_has_five_tries() -> None:
    for name, event in events("SQS"):
        queue = resources()[_target(event["Queue"])]["Properties"]
        window = event.get("MaximumBatchingWindowInSeconds", 0)

        assert queue["VisibilityTimeout"] >= 6 * functions()[name]["Timeout"] + window
        assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5
        assert _target(queue["RedrivePolicy"]["deadLetterTargetArn"]) in resources("AWS::SQS::Queue")
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert "MaximumConcurrency" in event["ScalingConfig"]
        assert "ReservedConcurrentExecutions" not in functions()[name]


def test_a_schedule_says_where_its_failures_go() -> None:
    for name, event in events("Schedule"):
        failures = functions()[name]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"]

        assert _target(failures) in resources("AWS::SQS::Queue")
        assert _target(event["DeadLetterConfig"]["Arn"]) in resources("AWS::SQS::Queue")
        assert functions()[name]["Timeout"] < 60


def test_every_queue_of_failures_has_an_alarm() -> None:
    watched = {
        _target(alarm["Properties"]["Dimensions"][0]["Value"])
        for alarm in resources("AWS::CloudWatch::Alarm").values()
        if alarm["Properties"].get("MetricName") == "ApproximateNumberOfMessagesVisible"
    }
    queues = resources("AWS::SQS::Queue")
    fed = {_target(q["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]) for q in _redriven(queues)}

    assert watched == {name for name in queues if name.endswith("Failures")}
    assert fed <= watched


def test_one_switch_stops_all_background_work() -> None:
    switches = [event["State"] for _, event in events("Schedule")] + [event["Enabled"] for _, event in events("SQS")]

    assert switches
    assert {switch["Fn::If"][0] for switch in switches} == {"BackgroundWorkIsOn"}


@pytest.mark.parametrize(("owner", "statement"), list(statements()))
def test_a_right_names_what_and_on_what(owner: str, statement: dict[str, Any]) -> None:
    everything = [item for item in as_list(statement["Resource"]) + as_list(statement["Action"]) if item == "*"]
    families = [action for action in as_list(statement["Action"]) if action.endswith("*")]

    assert statement["Effect"] == "Allow"
    assert everything == []
    assert families == []
    # The only pattern is the folder of the app's own secrets.
    assert [
        r for r in _texts(statement["Resource"]) if "*" in r and not r.endswith("parameter/duebill/${Stage}/*")
    ] == []


def test_a_role_brings_no_rights_of_others() -> None:
    for name, role in resources("AWS::IAM::Role").items():
        assert all(arn == {"Ref": "BooksAccess"} for arn in role["Properties"].get("ManagedPolicyArns", [])), name


def test_each_function_has_a_role_of_its_own() -> None:
    roles = [_target(function["Role"]) for function in functions().values()]

    assert len(set(roles)) == len(roles)
    assert set(roles) == set(resources("AWS::IAM::Role"))


def test_what_dispatches_work_reads_no_secret_and_no_token() -> None:
    role = resources()["DispatchDueRole"]["Properties"]
    services = {
        a.split(":")[0] for s in role["Policies"][0]["PolicyDocument"]["Statement"] for a in as_list(s["Action"])
    }

    assert "ManagedPolicyArns" not in role
    assert services == {"logs", "dynamodb", "sqs"}


def test_a_token_set_decrypts_only_with_its_context() -> None:
    condition = next(s["Condition"] for _, s in statements() if "kms:Decrypt" in as_list(s["Action"]))

    assert condition["Null"] == {"kms:EncryptionContext:company": "false", "kms:EncryptionContext:token_set": "false"}
    assert condition["ForAllValues:StringEquals"] == {"kms:EncryptionContextKeys": ["company", "token_set"]}


@pytest.mark.parametrize("name", ["Table", "Key"])
def test_state_outlives_the_stack(name: str) -> None:
    resource = resources()[name]

    assert resource["DeletionPolicy"] == "Retain"
    assert resource["UpdateReplacePolicy"] == "Retain"


def test_the_table_is_protected() -> None:
    table = resources()["Table"]["Properties"]

    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"]["SSEEnabled"] is True
    assert resources()["Key"]["Properties"]["EnableKeyRotation"] is True


def test_queues_are_encrypted() -> None:
    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in resources("AWS::SQS::Queue").values())


def test_the_access_log_is_json_without_address_or_query() -> None:
    text = resources()["ApiStage"]["Properties"]["AccessLogSettings"]["Format"]
    variables = set(re.findall(r"\$context\.([a-zA-Z.]+)", text))

    assert json.loads(text)
    assert variables.isdisjoint({"path", "identity.sourceIp", "identity.userAgent", "authorizer.error"})
    assert "queryString" not in text
    assert "$request" not in text


@pytest.mark.parametrize("route", list(routes()))
def test_a_route_has_a_plain_name(route: str) -> None:
    assert SHAPE.fullmatch(route)


def test_a_route_has_one_function() -> None:
    assert len(routes()) == len(resources("AWS::ApiGatewayV2::Route"))
    assert set(functions()) >= API_FUNCTIONS


def test_the_api_may_call_the_functions_that_answer_it() -> None:
    permissions = [permission["Properties"] for permission in resources("AWS::Lambda::Permission").values()]

    assert {permission["FunctionName"]["Ref"] for permission in permissions} == {f"{n}Aliaslive" for n in API_FUNCTIONS}
    assert all("${Api}" in permission["SourceArn"]["Fn::Sub"] for permission in permissions)


def test_what_anyone_may_call_is_throttled() -> None:
    settings = resources()["ApiStage"]["Properties"]["RouteSettings"]
    public = {route for route in routes() if route.split(" ")[1].startswith(PUBLIC)}

    webhooks = {route for route in routes() if route.split(" ")[1].startswith(WEBHOOKS)}

    assert webhooks
    assert set(settings) == public | webhooks
    assert all(settings[route]["ThrottlingRateLimit"] <= 5 for route in public)
    assert "ThrottlingRateLimit" in resources()["ApiStage"]["Properties"]["DefaultRouteSettings"]


def test_a_route_exists_before_its_throttle() -> None:
    stage = resources()["ApiStage"]
    earlier = {resources()[name]["Properties"]["RouteKey"] for name in stage["DependsOn"]}

    assert earlier == set(stage["Properties"]["RouteSettings"])


def _folders() -> dict[str, str]:
    return {name: function["CodeUri"].rstrip("/").split("/")[-1] for name, function in functions().items()}


def _redriven(queues: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [queue for queue in queues.values() if "RedrivePolicy" in queue["Properties"]]


def _target(reference: dict[str, Any]) -> str:
    """The logical id that a Ref or GetAtt points to."""
    name: str = reference["Ref"] if "Ref" in reference else reference["Fn::GetAtt"][0]
    return name


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []
