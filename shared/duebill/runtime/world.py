"""What outlives one invocation: settings, clients, where time comes from. Made once, when it is first needed.

Tests and the sandbox put a world of their own in place; nothing else differs between them and Lambda.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from duebill.ports import Clock, Randomness
from duebill.runtime.clock import InvocationClock, SystemRandomness
from duebill.runtime.logs import quiet_libraries
from duebill.runtime.settings import Settings, load

if TYPE_CHECKING:
    import httpx
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_kms.client import KMSClient
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_ssm.client import SSMClient


def _boto(service: str) -> Any:  # noqa: ANN401  each service's client is a type of its own; the callers name it
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.client(service, config=config)  # type: ignore[call-overload]  # the service is a variable here


def _http_client() -> "httpx.Client":
    from duebill.runtime.http_client import new_client

    return new_client()


def _clock(context: object) -> Clock:
    return InvocationClock(getattr(context, "get_remaining_time_in_millis", None))


@dataclass(frozen=True, slots=True)
class World:
    """Factories, each called at most once a process by `Wiring`; `clock` once for each invocation, with its context."""

    settings: Callable[[], Settings] = load
    clock: Callable[[object], Clock] = _clock
    randomness: Callable[[], Randomness] = SystemRandomness
    http_client: Callable[[], "httpx.Client"] = _http_client
    dynamodb: Callable[[], "DynamoDBClient"] = field(default=lambda: _boto("dynamodb"))
    kms: Callable[[], "KMSClient"] = field(default=lambda: _boto("kms"))
    sqs: Callable[[], "SQSClient"] = field(default=lambda: _boto("sqs"))
    ssm: Callable[[], "SSMClient"] = field(default=lambda: _boto("ssm"))


class Process:
    """The things of a world that are made once and kept."""

    def __init__(self, world: World) -> None:
        quiet_libraries()
        self.settings = cache(world.settings)
        self.clock = world.clock
        self.randomness = cache(world.randomness)
        self.http_client = cache(world.http_client)
        self.dynamodb = cache(world.dynamodb)
        self.kms = cache(world.kms)
        self.sqs = cache(world.sqs)
        self.ssm = cache(world.ssm)
        self.kept: dict[str, Any] = {}


_processes: list[Process] = []


def process() -> Process:
    """The process's things; made of the real world when nobody put another in place."""
    if not _processes:
        _processes.append(Process(World()))
    return _processes[-1]


def put_in_place(world: World) -> None:
    """Use this world from now on, with nothing kept of an earlier one."""
    _processes[:] = [Process(world)]
