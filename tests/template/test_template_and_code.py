"""What the template gives and what the code asks for are the same."""

import re
from unittest.mock import Mock

import pytest

from duebill.domain.connection import Provider
from duebill.providers.registry import webhooks_of
from duebill.runtime import settings
from duebill.storage import table
from scripts import openapi
from scripts.secrets import SECRETS
from tests.template.cloudformation import ROOT, as_list, functions, resources, routes, statements, template

# What boto3's methods need. A transaction needs the rights of its parts.
RIGHTS = {
    "get_item": {"dynamodb:GetItem"},
    "batch_get_item": {"dynamodb:BatchGetItem"},
    "query": {"dynamodb:Query"},
    "scan": {"dynamodb:Scan"},
    "put_item": {"dynamodb:PutItem"},
    "update_item": {"dynamodb:UpdateItem"},
    "delete_item": {"dynamodb:DeleteItem"},
    "batch_write_item": {"dynamodb:BatchWriteItem"},
    "transact_write_items": {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"},
    "transact_get_items": {"dynamodb:GetItem"},
    "generate_data_key": {"kms:GenerateDataKey"},
    "encrypt": {"kms:Encrypt"},
    "decrypt": {"kms:Decrypt"},
    "get_parameter": {"ssm:GetParameter"},
    "get_parameters": {"ssm:GetParameters"},
    "get_parameters_by_path": {"ssm:GetParametersByPath"},
    "send_message": {"sqs:SendMessage"},
    "send_message_batch": {"sqs:SendMessage"},
}
# Asked for by Lambda itself: it writes the logs and polls the queue in the function's name.
LAMBDAS_OWN = {
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
}
CODE = "\n".join(path.read_text() for path in (ROOT / "shared" / "duebill").rglob("*.py"))
# Pages are files: they are no part of the API that pages and others program against.
PAGES = "AppExtension"
API_ROUTES = {route: function for route, function in routes().items() if function != PAGES}
VARIABLES = template()["Globals"]["Function"]["Environment"]["Variables"]


def _granted() -> set[str]:
    return {action for _, statement in statements() for action in as_list(statement["Action"])}


def _needed() -> set[str]:
    called = set(re.findall(r"client\.([a-z_]+)\b", CODE)) & set(RIGHTS)
    return {right for call in called for right in RIGHTS[call]}


def test_what_the_code_calls_is_someones_right() -> None:
    assert _needed() - _granted() == set()


def test_nobody_has_a_right_that_no_code_uses() -> None:
    assert _granted() - _needed() - LAMBDAS_OWN == set()


def test_the_code_makes_the_same_table_for_tests_as_the_template() -> None:
    client = Mock()
    table.create_table(client, "anything")
    made = client.create_table.call_args.kwargs

    assert {name: resources()["Table"]["Properties"][name] for name in made if name != "TableName"} == {
        name: value for name, value in made.items() if name != "TableName"
    }


def test_functions_get_every_setting_that_they_need() -> None:
    loaded = settings.load({name: f"of {name}" for name in VARIABLES})

    assert loaded.base_url == "of BASE_URL"
    assert loaded.offered_providers == tuple(Provider)
    for provider, about in loaded.providers.items():
        for name, address in about.addresses.items():
            assert address == f"of {provider.name}_{name.upper()}_URL"


def test_functions_get_no_setting_that_nobody_reads() -> None:
    read = set(re.findall(r'env(?:\.get\(|\[)"([A-Z_]+)"', (ROOT / "shared/duebill/runtime/settings.py").read_text()))
    others = {name for name in VARIABLES if name.startswith("POWERTOOLS_")} | {"LOG_LEVEL"}

    assert set(VARIABLES) - others <= read


def test_the_secrets_that_the_code_asks_for_are_the_ones_that_are_stored() -> None:
    asked = set(re.findall(r'"(pipedrive/[a-z]+_[a-z]+)"', CODE))
    asked |= {f"{provider.value}/client_secret" for provider in Provider}
    asked |= {f"{provider.value}/{webhooks_of(provider).SECRET}" for provider in Provider}

    assert asked <= set(SECRETS)


def test_the_environment_holds_no_secret() -> None:
    secret = re.compile(r"secret|password|verifier", re.IGNORECASE)

    assert [name for name in [*VARIABLES, *template()["Parameters"]] if secret.search(name)] == []


@pytest.mark.parametrize("name", sorted(set(API_ROUTES.values())))
def test_a_function_serves_the_routes_that_lead_to_it(name: str) -> None:
    folder = functions()[name]["CodeUri"].rstrip("/").split("/")[-1]
    served = {
        f"{verb.upper()} {path}" for path, verbs in openapi.of_function(folder)["paths"].items() for verb in verbs
    }

    assert served == {route for route, function in routes().items() if function == name}


def test_the_openapi_document_has_every_route() -> None:
    paths = openapi.document()["paths"]

    assert {f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs} == set(API_ROUTES)
