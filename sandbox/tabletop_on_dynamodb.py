"""The table top on AWS's DynamoDB Local, where conditions hold and capacity is counted; all else of AWS on moto."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.cloud import Cloud, client
from sandbox.dynamodb_local import DynamoDbLocal
from sandbox.tabletop import Tabletop

_TABLE = "duebill"


@contextmanager
def database() -> Iterator[str]:
    """The address of a DynamoDB Local: one that runs already (DYNAMODB_LOCAL_URL), or one of our own."""
    if named := os.environ.get("DYNAMODB_LOCAL_URL"):
        yield named
        return
    with DynamoDbLocal() as started:
        yield started.url


@contextmanager
def tabletop_on(address: str) -> Iterator[Tabletop]:
    """A table top whose table is made anew at this address."""
    from moto import mock_aws

    with mock_aws():
        near: dict[str, Any] = {name: client.__wrapped__(name, None) for name in ("kms", "sqs", "ssm")}
        cloud = Cloud(dynamodb=client.__wrapped__("dynamodb", address), **near)
        if _TABLE in cloud.dynamodb.list_tables()["TableNames"]:  # of the run before
            cloud.dynamodb.delete_table(TableName=_TABLE)
        with Tabletop(cloud=cloud) as tabletop:
            yield tabletop
