"""What the product needs of AWS: the table, the key, the queues and the parameters, at whatever address they answer.

Credentials and region are made up here and passed in: those of the machine are never used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from duebill.storage.table import create_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_kms.client import KMSClient
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_ssm.client import SSMClient

_STAND_IN = {"region_name": "us-east-1", "aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
PREFIX = "/duebill/sandbox"
_DAY = "86400"


@dataclass(frozen=True, slots=True)
class Cloud:
    """A client for each service."""

    dynamodb: "DynamoDBClient" = field(repr=False)
    kms: "KMSClient" = field(repr=False)
    sqs: "SQSClient" = field(repr=False)
    ssm: "SSMClient" = field(repr=False)

    def close(self) -> None:
        """Let go of the connections."""
        for each in (self.dynamodb, self.kms, self.sqs, self.ssm):
            each.close()

    @staticmethod
    def at(endpoints: Mapping[str, str | None]) -> "Cloud":
        """Clients of these addresses by service name; None leaves the address to boto3."""
        return Cloud(**{name: client(name, endpoints.get(name)) for name in ("dynamodb", "kms", "sqs", "ssm")})


@cache
def client(service: str, endpoint: str | None) -> Any:  # noqa: ANN401  each service's client is a type of its own
    """A boto3 client; everything here is near. One for each address serves the whole process."""
    import boto3
    from botocore.config import Config

    # The first call imports much of the stand-in: asked again meanwhile it would answer that the table exists.
    config = Config(connect_timeout=2, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.client(service, endpoint_url=endpoint, config=config, **_STAND_IN)  # type: ignore[call-overload]  # the service is a variable here


def furnish(cloud: Cloud, secrets: Mapping[str, str], *, table: str = "duebill") -> dict[str, str]:
    """Make what `template.yaml` makes, and store the secrets; the settings that name all of it."""
    create_table(cloud.dynamodb, table)
    key = cloud.kms.create_key(Description="token sets")["KeyMetadata"]["KeyId"]
    for name, value in secrets.items():
        cloud.ssm.put_parameter(Name=f"{PREFIX}/{name}", Value=value, Type="SecureString", Overwrite=True)
    return {
        "STAGE": "sandbox",
        "TABLE_NAME": table,
        "KEY_ID": key,
        **{f"{name.upper()}_QUEUE_URL": _queue(cloud, name) for name in ("work", "news", "sweep")},
        "PARAMETER_PREFIX": PREFIX,
        "BACKGROUND_WORK": "on",
    }


def _queue(cloud: Cloud, name: str) -> str:
    failures = cloud.sqs.create_queue(QueueName=f"{name}-failures")["QueueUrl"]
    about = cloud.sqs.get_queue_attributes(QueueUrl=failures, AttributeNames=["QueueArn"])
    redrive = f'{{"deadLetterTargetArn": "{about["Attributes"]["QueueArn"]}", "maxReceiveCount": 5}}'
    attributes: Any = {"VisibilityTimeout": "720", "MessageRetentionPeriod": _DAY, "RedrivePolicy": redrive}
    return cloud.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
