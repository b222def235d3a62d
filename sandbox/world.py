"""The product's world in the sandbox: everything as in Lambda, except for time, addresses and who plays AWS."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from duebill.ports import Clock
from duebill.runtime.settings import load
from duebill.runtime.world import World
from sandbox.clock import SandboxClock
from sandbox.cloud import Cloud
from sandbox.outside import Outside


@dataclass(frozen=True, slots=True)
class SandboxTime:
    """ports.Clock on the shared clock, which a person may push; an invocation's own time is not pushed with it."""

    clock: SandboxClock
    sleep_for: Callable[[float], None] = field(repr=False)
    remaining: Callable[[], int] = field(repr=False)

    def now(self) -> datetime:
        """The time now, in UTC."""
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.sleep_for(seconds)

    def time_left(self) -> float:
        """Seconds until this invocation ends."""
        return self.remaining() / 1000


def environment_of(outside: Outside, *parts: Mapping[str, str]) -> dict[str, str]:
    """The product's environment: these parts and the app's ids; what this process's environment says goes first."""
    own = {
        "PIPEDRIVE_CLIENT_ID": outside.pipedrive.client_id,
        "QUICKBOOKS_CLIENT_ID": outside.quickbooks.client_id,
        "XERO_CLIENT_ID": outside.xero.client_id,
    }
    for part in parts:
        own |= part
    return own | {name: os.environ[name] for name in own if name in os.environ}


def secrets_of(outside: Outside) -> dict[str, str]:
    """The app's secrets, by their names in Parameter Store."""
    return {
        "pipedrive/client_secret": outside.pipedrive.client_secret,
        "pipedrive/jwt_secret": outside.pipedrive.jwt_secret,
        "pipedrive/webhook_key": "sandbox-webhook-key",
        "quickbooks/client_secret": outside.quickbooks.client_secret,
        "quickbooks/verifier_token": outside.quickbooks.verifier_token,
        "xero/client_secret": outside.xero.client_secret,
        "xero/webhook_key": outside.xero.webhook_key,
    }


def sandbox_world(
    environment: Mapping[str, str],
    *,
    clock: SandboxClock,
    sleep: Callable[[float], None],
    cloud: Cloud,
    http_client: Callable[[], httpx.Client],
) -> World:
    """The world to put in place of Lambda's."""

    def time_of(context: object) -> Clock:
        return SandboxTime(clock, sleep, context.get_remaining_time_in_millis)  # type: ignore[attr-defined]  # functions.Context

    return World(
        settings=lambda: load(environment),
        clock=time_of,
        http_client=http_client,
        dynamodb=lambda: cloud.dynamodb,
        kms=lambda: cloud.kms,
        sqs=lambda: cloud.sqs,
        ssm=lambda: cloud.ssm,
    )
