"""What `template.yaml` says about the API's routes and its functions: the one source of both, here as on AWS."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function: the name of its folder under `functions/`, and its timeout in seconds."""

    name: str
    timeout: int


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API: `key` as the template writes it, as in `GET /deals/{deal_id}`."""

    key: str
    function: Function

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.key.split(" ", 1)[0]

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path, as in ("deals", "{deal_id}")."""
        return tuple(self.key.split(" ", 1)[1].split("/")[1:])


@dataclass(frozen=True, slots=True)
class Feed:
    """A queue (`work`, `news`, `sweep`) and the function that gets its messages, at most `batch` of them at once."""

    queue: str
    function: Function
    batch: int


@dataclass(frozen=True, slots=True)
class Template:
    """The functions by folder name, the routes that lead to them, and the queues that feed them."""

    functions: dict[str, Function]
    routes: tuple[Route, ...]
    feeds: tuple[Feed, ...]


class _Loader(yaml.SafeLoader):
    """SafeLoader that reads CloudFormation's short tags (`!Ref X`) as their plain values (`X`)."""


def _plain(loader: _Loader, _: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    raise TypeError(type(node).__name__)


_Loader.add_multi_constructor("!", _plain)


@cache
def read_template(path: Path = ROOT / "template.yaml") -> Template:
    """Read the template; do not change what it returns. Raises KeyError where a route leads to nothing."""
    document: dict[str, Any] = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506  a SafeLoader
    resources: dict[str, Any] = document["Resources"]
    timeout = document["Globals"]["Function"]["Timeout"]
    by_id = {name: _function(each, timeout) for name, each in _of_type(resources, "AWS::Serverless::Function")}
    routes = tuple(_route(each, resources, by_id) for _, each in _of_type(resources, "AWS::ApiGatewayV2::Route"))
    return Template({each.name: each for each in by_id.values()}, routes, tuple(_feeds(resources, by_id)))


def _of_type(resources: dict[str, Any], kind: str) -> list[tuple[str, dict[str, Any]]]:
    return [(name, each["Properties"]) for name, each in resources.items() if each["Type"] == kind]


def _function(properties: dict[str, Any], timeout: int) -> Function:
    return Function(properties["CodeUri"].rstrip("/").removeprefix("functions/"), properties.get("Timeout", timeout))


def _route(properties: dict[str, Any], resources: dict[str, Any], functions: dict[str, Function]) -> Route:
    integration = resources[properties["Target"].removeprefix("integrations/${").removesuffix("}")]
    return Route(
        properties["RouteKey"], functions[integration["Properties"]["IntegrationUri"].removesuffix("Aliaslive")]
    )


def _feeds(resources: dict[str, Any], functions: dict[str, Function]) -> Iterator[Feed]:
    for name, properties in _of_type(resources, "AWS::Serverless::Function"):
        for event in properties.get("Events", {}).values():
            if event["Type"] == "SQS":
                about = event["Properties"]
                queue = about["Queue"].split(".")[0].removesuffix("Queue").lower()
                yield Feed(queue, functions[name], int(about["BatchSize"]))
