"""The stores that the contract suites of `test_stores_*` run on: in memory, on moto, and on DynamoDB Local if told so.

`DYNAMODB_LOCAL_URL=http://localhost:8000 pytest tests/contract` adds the last.
"""

import os
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.fakes.dynamo_stores import DynamoStores
from tests.fakes.memory_stores import Stores
from tests.fakes.still_clock import StillClock

LOCAL_URL = os.environ.get("DYNAMODB_LOCAL_URL")
_FAKE = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
_numbers = count()


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, Any]]:
    """Clients of moto, and of DynamoDB Local where there is one; one fake account for a module."""
    import boto3
    from moto import mock_aws

    with mock_aws():
        clients = {name: boto3.client(name, **_FAKE) for name in ("dynamodb", "kms", "sqs", "ssm")}
        if LOCAL_URL:
            clients["dynamodb-local"] = boto3.client("dynamodb", endpoint_url=LOCAL_URL, **_FAKE)
        clients["key_id"] = clients["kms"].create_key()["KeyMetadata"]["KeyId"]
        yield clients


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(params=["memory", "dynamodb", *(["dynamodb-local"] if LOCAL_URL else [])])
def stores(request: pytest.FixtureRequest, clock: StillClock) -> Iterator[Stores | DynamoStores]:
    """Empty stores of one kind; the same tests run on each."""
    if request.param == "memory":
        yield Stores()
        return
    aws = request.getfixturevalue("aws")
    yield from _on_table(aws, aws[request.param], clock)


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
