"""AWS on loopback: moto over HTTP, or DynamoDB Local for the table; and whose addresses win."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Literal

from sandbox.serve import LOOPBACK
from sandbox.template import ROOT

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

type Database = Literal["moto", "dynamodb-local"]

DYNAMODB_LOCAL = ROOT / ".cache" / "dynamodb-local"
_SERVICES = ("dynamodb", "kms", "sqs", "ssm")


class CannotStart(Exception):
    """What a person must do before the sandbox can start, in a sentence."""


@dataclass
class LocalAws:
    """Running stand-ins; `endpoints` by service name."""

    endpoints: dict[str, str | None]
    _moto: "BaseWSGIServer"
    _dynamodb: "subprocess.Popen[bytes] | None" = None

    def stop(self) -> None:
        """End what was started here."""
        self._moto.shutdown()
        self._moto.server_close()
        if self._dynamodb:
            self._dynamodb.terminate()
            self._dynamodb.wait(timeout=10)


def start_aws(database: Database, environment: Mapping[str, str]) -> LocalAws:
    """Start the stand-ins. An address in the environment (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_DYNAMODB` …) wins.

    Raises CannotStart.
    """
    process, port = _start_dynamodb_local() if database == "dynamodb-local" else (None, 0)
    moto = _start_moto()
    endpoints = dict.fromkeys(_SERVICES, f"http://{LOOPBACK}:{moto.server_port}")
    if process:
        endpoints["dynamodb"] = f"http://{LOOPBACK}:{port}"
    return LocalAws({name: _chosen(name, environment, own) for name, own in endpoints.items()}, moto, process)


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


def _start_dynamodb_local() -> "tuple[subprocess.Popen[bytes], int]":
    jar, java = DYNAMODB_LOCAL / "DynamoDBLocal.jar", shutil.which("java")
    if not jar.is_file() or not java:
        missing = "Java" if jar.is_file() else f"DynamoDBLocal.jar in {DYNAMODB_LOCAL.relative_to(ROOT)}"
        raise CannotStart(f"--db dynamodb-local needs {missing}, which is not there. Leave the flag out to use moto.")
    port = _free_port()
    command = [java, f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}", "-jar", str(jar)]
    command += ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), port  # noqa: S603  our own words


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
