"""What a handler talks to while it is measured, all outside its process: moto for AWS, the simulators for the rest."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from duebill.storage.table import create_table
from sandbox.pipedrive import seed as pipedrive_seed
from sandbox.pipedrive.simulator import Pipedrive
from sandbox.quickbooks import seed as quickbooks_seed
from sandbox.quickbooks.simulator import QuickBooks
from sandbox.serve import LOOPBACK, serve

PREFIX = "/duebill/bench"
COMPANY, USER = 8087566, 101  # the sample company's manager (sandbox/pipedrive/seed.py)
AWS = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def stand_ins() -> Iterator[dict[str, str]]:
    """Starts them all on loopback and gives the environment of a function that uses them."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # moto's server would print every request
    pipedrive, quickbooks = Pipedrive(now=_now), QuickBooks(now=_now)
    pipedrive_seed.seed(pipedrive)
    quickbooks_seed.seed(quickbooks)
    moto = ThreadedMotoServer(LOOPBACK, 0, verbose=False)
    moto.start()
    servers = [serve(pipedrive), serve(quickbooks)]
    pipedrive_url, quickbooks_url = (f"http://{LOOPBACK}:{server.server_port}" for server in servers)
    try:
        host, port = moto.get_host_and_port()
        resources = _resources(f"http://{host}:{port}", _secrets(pipedrive, quickbooks))
        yield {
            **AWS,
            **resources,
            "BASE_URL": "https://duebill.test",
            "PIPEDRIVE_CLIENT_ID": pipedrive.client_id,
            "PIPEDRIVE_OAUTH_URL": pipedrive_url,
            "PIPEDRIVE_API_URL": pipedrive_url,
            "QUICKBOOKS_CLIENT_ID": quickbooks.client_id,
            "QUICKBOOKS_AUTHORIZE_URL": f"{quickbooks_url}/connect/oauth2",
            "QUICKBOOKS_TOKEN_URL": f"{quickbooks_url}/oauth2/v1/tokens/bearer",
            "QUICKBOOKS_REVOKE_URL": f"{quickbooks_url}/v2/oauth2/tokens/revoke",
            "QUICKBOOKS_API_URL": quickbooks_url,
            "BENCH_TOKEN": pipedrive.signed_token(COMPANY, USER, ttl=3600),
        }
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
        moto.stop()


def _now() -> datetime:
    return datetime.now(UTC)


def _secrets(pipedrive: Pipedrive, quickbooks: QuickBooks) -> dict[str, str]:
    return {
        "pipedrive/client_secret": pipedrive.client_secret,
        "pipedrive/jwt_secret": pipedrive.jwt_secret,
        "quickbooks/client_secret": quickbooks.client_secret,
        "quickbooks/verifier_token": quickbooks.verifier_token,
    }


def _resources(endpoint: str, secrets: dict[str, str]) -> dict[str, str]:
    """Makes what the template makes; the environment that leads to it."""
    create_table(_client("dynamodb", endpoint), "duebill-bench")
    for name, value in secrets.items():
        _client("ssm", endpoint).put_parameter(Name=f"{PREFIX}/{name}", Value=value, Type="SecureString")
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "TABLE_NAME": "duebill-bench",
        "KEY_ID": _client("kms", endpoint).create_key()["KeyMetadata"]["KeyId"],
        "WORK_QUEUE_URL": _client("sqs", endpoint).create_queue(QueueName="work")["QueueUrl"],
        "PARAMETER_PREFIX": PREFIX,
    }


def _client(service: str, endpoint: str) -> Any:  # noqa: ANN401  each service's client is a type of its own
    session = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none")  # noqa: S106  moto wants any value
    return session.client(service, endpoint_url=endpoint, region_name=AWS["AWS_DEFAULT_REGION"])  # type: ignore[call-overload]  # the service is a variable here
