"""The stores that the contract suites of `test_stores_*` run on: in memory, on moto, and on DynamoDB Local where it is.

`make dynamodb-local` brings it; one that runs already can be named: `DYNAMODB_LOCAL_URL=http://localhost:8000`.
"""

import os
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from sandbox.dynamodb_local import DynamoDbLocal, what_is_missing
from tests.fakes.dynamo_stores import DynamoStores
from tests.fakes.memory_stores import Stores
from tests.fakes.still_clock import StillClock

# On import: it decides which tests there are.
HAS_DYNAMODB_LOCAL = "DYNAMODB_LOCAL_URL" in os.environ or what_is_missing() is None
_FAKE = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
_numbers = count()


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str]:
    """The address of a DynamoDB Local, which ends with the session if it was started here."""
    if named := os.environ.get("DYNAMODB_LOCAL_URL"):
        yield named
        return
    with DynamoDbLocal() as started:
        yield started.url


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, Any]]:
    """Clients of moto; one fake account for a module."""
    import boto3
    from moto import mock_aws

    with mock_aws():
        clients = {name: boto3.client(name, **_FAKE) for name in ("dynamodb", "kms", "sqs", "ssm")}
        clients["key_id"] = clients["kms"].create_key()["KeyMetadata"]["KeyId"]
        yield clients


@pytest.fixture(scope="module")
def dynamodb_local_client(aws: dict[str, Any], dynamodb_local: str) -> object:
    """A client of DynamoDB Local; moto lets through what is not for an address of AWS."""
    import boto3

    return boto3.client("dynamodb", endpoint_url=dynamodb_local, **_FAKE)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(params=["memory", "dynamodb", *(["dynamodb-local"] if HAS_DYNAMODB_LOCAL else [])])
def stores(request: pytest.FixtureRequest, clock: StillClock) -> Iterator[Stores | DynamoStores]:
    """Empty stores of one kind; the same tests run on each."""
    if request.param == "memory":
        yield Stores()
        return
    aws = request.getfixturevalue("aws")
    is_local = request.param == "dynamodb-local"
    yield from _on_table(aws, request.getfixturevalue("dynamodb_local_client") if is_local else aws["dynamodb"], clock)


@pytest.fixture
def dynamo(aws: dict[str, Any], clock: StillClock) -> Iterator[DynamoStores]:
    """The real stores on moto, for what only a table has."""
    yield from _on_table(aws, aws["dynamodb"], clock)


def _on_table(aws: dict[str, Any], client: object, clock: StillClock) -> Iterator[DynamoStores]:
    from duebill.storage.table import Table, create_table

    name = f"stores-{next(_numbers)}"
    create_table(client, name)
    try:
        yield DynamoStores(Table(client, name, clock.sleep, lambda: 0.5), aws["kms"], aws["key_id"], clock)
    finally:
        client.delete_table(TableName=name)
