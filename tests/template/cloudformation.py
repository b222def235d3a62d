"""Reads template.yaml with its short tags (`!Ref`, `!Sub` …) as the long forms that CloudFormation makes of them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


class _Loader(yaml.SafeLoader):
    """SafeLoader that knows CloudFormation's tags, and YAML 1.2's idea of `on` and `off`."""


def _construct(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise TypeError(node)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _construct)


@cache
def template() -> dict[str, Any]:
    """The whole template. Do not change what it returns."""
    loaded: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), Loader=_Loader)  # noqa: S506 a SafeLoader
    return loaded


def resources(*types: str) -> dict[str, dict[str, Any]]:
    """Resources of these types by logical id; all of them when no type is named."""
    found: dict[str, dict[str, Any]] = template()["Resources"]
    return {name: resource for name, resource in found.items() if not types or resource["Type"] in types}


def functions() -> dict[str, dict[str, Any]]:
    """Properties of each function, what Globals say included."""
    shared: dict[str, Any] = template()["Globals"]["Function"]
    return {name: shared | function["Properties"] for name, function in resources("AWS::Serverless::Function").items()}


def events(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each event of this kind: the function's logical id and the event's properties."""
    for name, function in functions().items():
        for event in function.get("Events", {}).values():
            if event["Type"] == kind:
                yield name, event["Properties"]


def routes() -> dict[str, str]:
    """Route key, like `GET /deals/{deal_id}`, to the logical id of the function that answers."""
    found = [route["Properties"] for route in resources("AWS::ApiGatewayV2::Route").values()]
    return {route["RouteKey"]: _answering(route["Target"]["Fn::Sub"]) for route in found}


def _answering(target: str) -> str:
    integration = resources()[target.removeprefix("integrations/${").removesuffix("}")]
    return str(integration["Properties"]["IntegrationUri"]["Ref"]).removesuffix("Aliaslive")


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each statement of each policy that says what may be done: the resource's logical id and the statement."""
    for name, resource in resources("AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::SQS::QueuePolicy").items():
        properties = resource["Properties"]
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
        for document in documents:
            yield from ((name, statement) for statement in document["Statement"])


def as_list(value: object) -> list[Any]:
    """A policy's one thing or list of things, as a list."""
    return value if isinstance(value, list) else [value]
