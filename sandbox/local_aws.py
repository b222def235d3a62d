"""AWS on loopback: moto over HTTP, or DynamoDB Local for the table; and whose addresses win."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Literal

from sandbox.dynamodb_local import DynamoDbLocal, NotThere
from sandbox.serve import LOOPBACK

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

type Database = Literal["moto", "dynamodb-local"]

_SERVICES = ("dynamodb", "kms", "sqs", "ssm")


class CannotStart(Exception):
    """What a person must do before the sandbox can start, in a sentence."""


@dataclass
class LocalAws:
    """Running stand-ins; `endpoints` by service name."""

    endpoints: dict[str, str | None]
    _moto: "BaseWSGIServer"
    _dynamodb: DynamoDbLocal | None = None

    def forget(self) -> None:
        """Drop what moto holds: it is kept by the process, not by the server, and the next one would find it."""
        from moto.moto_api._internal.models import moto_api_backend

        moto_api_backend.reset()

    def stop(self) -> None:
        """End what was started here."""
        self._moto.shutdown()
        self._moto.server_close()
        if self._dynamodb:
            self._dynamodb.stop()


def start_aws(database: Database, environment: Mapping[str, str]) -> LocalAws:
    """Start the stand-ins. An address in the environment (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_DYNAMODB` …) wins.

    Raises CannotStart.
    """
    try:
        table = DynamoDbLocal() if database == "dynamodb-local" else None
    except NotThere as error:
        raise CannotStart(f"{error} Leave the flag out to use moto.") from error
    moto = _start_moto()
    endpoints = dict.fromkeys(_SERVICES, f"http://{LOOPBACK}:{moto.server_port}")
    if table:
        endpoints["dynamodb"] = table.url
    return LocalAws({name: _chosen(name, environment, own) for name, own in endpoints.items()}, moto, table)


def _chosen(service: str, environment: Mapping[str, str], own: str) -> str:
    """boto3's own order: the service's variable, then the one for all."""
    return environment.get(f"AWS_ENDPOINT_URL_{service.upper()}") or environment.get("AWS_ENDPOINT_URL") or own


def _start_moto() -> "BaseWSGIServer":
    """moto, one request at a time: its conditional writes are no transactions otherwise."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        disable_nagle_algorithm = True

        def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  werkzeug's own name
            """Say nothing."""

    application = DomainDispatcherApplication(create_backend_app)
    server = make_server(LOOPBACK, 0, application, threaded=False, request_handler=Quiet)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server
