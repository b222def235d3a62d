"""Finds a deployment's own things, for the operator's commands: by the stack's name, or as they are given."""

import random
import time
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from duebill.storage.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class NotThere(Exception):
    """What is missing, in a sentence for the operator."""


def add_table_options(options: ArgumentParser) -> None:
    """`--stack`, and `--table` where there is no stack (the sandbox, a restored table)."""
    options.add_argument("--stack", default="duebill-dev", help="the stack that has the table (%(default)s)")
    options.add_argument("--table", help="the table's name, instead of --stack")


def table_of(arguments: Namespace) -> Table:
    """The table that the options name. Raises NotThere; botocore's errors."""
    client: DynamoDBClient = boto3.client("dynamodb")
    name = arguments.table or physical_id(arguments.stack, "Table")
    return Table(client, name, time.sleep, random.random)


def physical_id(stack: str, resource: str) -> str:
    """The name or address that AWS gave to a resource of the stack. Raises NotThere."""
    client = boto3.client("cloudformation")
    try:
        found: Any = client.describe_stack_resource(StackName=stack, LogicalResourceId=resource)
    except ClientError as error:
        if reason(error) == "ValidationError":  # CloudFormation says so of a stack or a resource that is not there
            raise NotThere(f"There is no stack {stack} with a {resource} in this account and region.") from error
        raise
    name: str | None = found["StackResourceDetail"].get("PhysicalResourceId")
    if not name:
        raise NotThere(f"{resource} of {stack} has not been made yet.")
    return name


def reason(error: BotoCoreError | ClientError) -> str:
    """The kind of error; its text may repeat what was sent."""
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code", "unknown error")
    return type(error).__name__
