"""The functions as they are deployed, with moto for AWS and the simulators for the outside systems."""

import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
from moto import mock_aws

from duebill.runtime.clock import SystemRandomness
from duebill.runtime.http_client import new_client
from duebill.runtime.settings import load
from duebill.runtime.world import World, put_in_place
from duebill.storage.table import create_table
from sandbox.pipedrive.seed import seed as seed_pipedrive
from sandbox.pipedrive.simulator import Pipedrive
from sandbox.quickbooks.seed import seed as seed_quickbooks
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.transport import transport
from sandbox.wire import Request, Response
from tests.fakes.http_events import http_event
from tests.fakes.still_clock import StillClock

BASE_URL = "https://duebill.test"
_AWS = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
_numbers = count()
_ROOT = Path(__file__).parents[2]


class Cloud:
    """Clients of moto and one key, for as long as `cloud()` lasts: making them takes longer than a test."""

    def __init__(self) -> None:
        self.clients: dict[str, Any] = {name: boto3.client(name, **_AWS) for name in ("dynamodb", "kms", "sqs", "ssm")}
        self.key_id = self.clients["kms"].create_key()["KeyMetadata"]["KeyId"]


class Deployment:
    """Calls functions with events; its clock is everybody's. Its table and queue are its own."""

    def __init__(self, cloud: Cloud) -> None:
        self.name = f"duebill-test-{next(_numbers)}"
        self.clock = StillClock()
        self.pipedrive = Pipedrive(now=self.clock.now)
        self.quickbooks = QuickBooks(now=self.clock.now)
        seed_pipedrive(self.pipedrive)
        seed_quickbooks(self.quickbooks)
        self.pipedrive.api_domain_for = lambda company: f"https://{company.domain}.pipedrive.test"
        self.aws = cloud.clients
        self._prepare(cloud.key_id)

    def handle(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """What the function's handler answers."""
        answer: dict[str, Any] = _function(function).lambda_handler(event, None)
        return answer

    def call(self, function: str, method: str, path: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401  see http_event
        """One HTTP request."""
        return self.handle(function, http_event(method, path, **parts))

    def follow(self, location: str, **choice: str) -> str:
        """Follow a redirect to a simulator's consent page, choose there, and return where the browser is sent back."""
        parts = urlsplit(location)
        simulator = self.quickbooks if parts.hostname == "quickbooks.test" else self.pipedrive
        query = {name: [value] for name, value in [*parse_qsl(parts.query), *choice.items()]}
        answer: Response = simulator(Request("GET", parts.path, query, {"host": str(parts.hostname)}))
        assert answer.status == 302, answer.body
        return answer.headers["location"]

    def token(self, company: int, user: int) -> dict[str, str]:
        """The Authorization header of a page that Pipedrive frames."""
        return {"authorization": f"Bearer {self.pipedrive.signed_token(company, user)}"}

    def _prepare(self, key_id: str) -> None:
        create_table(self.aws["dynamodb"], self.name)
        queue = self.aws["sqs"].create_queue(QueueName=self.name)["QueueUrl"]
        for name, value in {
            "pipedrive/client_secret": self.pipedrive.client_secret,
            "pipedrive/jwt_secret": self.pipedrive.jwt_secret,
            "quickbooks/client_secret": self.quickbooks.client_secret,
        }.items():
            self.aws["ssm"].put_parameter(Name=f"/{self.name}/{name}", Value=value, Type="SecureString")
        environment = {
            "BASE_URL": BASE_URL,
            "TABLE_NAME": self.name,
            "KEY_ID": key_id,
            "WORK_QUEUE_URL": queue,
            "PARAMETER_PREFIX": f"/{self.name}",
            "PIPEDRIVE_CLIENT_ID": self.pipedrive.client_id,
            "PIPEDRIVE_OAUTH_URL": "https://pipedrive.test",
            "QUICKBOOKS_CLIENT_ID": self.quickbooks.client_id,
            "QUICKBOOKS_AUTHORIZE_URL": "https://quickbooks.test/connect/oauth2",
            "QUICKBOOKS_TOKEN_URL": "https://quickbooks.test/oauth2/v1/tokens/bearer",
            "QUICKBOOKS_REVOKE_URL": "https://quickbooks.test/v2/oauth2/tokens/revoke",
            "QUICKBOOKS_API_URL": "https://quickbooks.test",
        }
        hosts: dict[str, Any] = {"pipedrive.test": self.pipedrive, "quickbooks.test": self.quickbooks}
        for company in self.pipedrive.companies.values():
            hosts[f"{company.domain}.pipedrive.test"] = self.pipedrive
        client = new_client(transport(hosts))
        put_in_place(
            World(
                settings=lambda: load(environment),
                clock=lambda _: self.clock,
                randomness=SystemRandomness,
                http_client=lambda: client,
                **{name: (lambda made=made: made) for name, made in self.aws.items()},
            )
        )


@contextmanager
def cloud() -> Iterator[Cloud]:
    """A fake AWS account; make deployments inside it."""
    with mock_aws():
        yield Cloud()


def query_of(url: str) -> dict[str, str]:
    """A URL's query."""
    return dict(parse_qsl(urlsplit(url).query))


def sample_events(function: str) -> dict[str, dict[str, Any]]:
    """The sample events of a function, by file name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted((_ROOT / "events" / function).glob("*.json"))}


@cache
def _function(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"function_{name}", _ROOT / "functions" / name / "app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
