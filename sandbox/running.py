"""The sandbox on ports: everything in one process, on loopback only."""

import errno
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import ThreadingHTTPServer

from duebill.runtime import world as runtime_world
from duebill.runtime.http_client import new_client
from sandbox.clock import SandboxClock
from sandbox.cloud import Cloud, furnish
from sandbox.controls import Controls
from sandbox.functions import Functions
from sandbox.gateway import Gateway
from sandbox.local_aws import CannotStart, Database, start_aws
from sandbox.outside import Addresses, open_outside, settle_in
from sandbox.ready import Ready
from sandbox.schedule import Schedule
from sandbox.serve import LOOPBACK, serve
from sandbox.site import Site
from sandbox.standin.extensions import REGISTERED, Extension
from sandbox.standin.site import Standin
from sandbox.template import read_template
from sandbox.webhooks import Mail
from sandbox.wire import Request, Response, Simulator
from sandbox.world import environment_of, sandbox_world, secrets_of


@dataclass(frozen=True, slots=True)
class Ports:
    """Where to listen; 0 takes any free port."""

    api: int = 8787
    pipedrive: int = 8788
    quickbooks: int = 8789
    xero: int = 8790


class Sandbox:
    """Starts on being made; `stop` ends it. Raises CannotStart with a sentence for the person."""

    def __init__(
        self,
        ports: Ports,
        *,
        database: Database = "moto",
        extensions: Sequence[Extension] = REGISTERED,
        on_failure: Callable[[str, Exception], None] = lambda *_: None,
    ) -> None:
        self.clock = SandboxClock()
        self.outside = open_outside(self.clock, time.sleep)
        self._door, self._pipedrive_door = _Door(), _Door()
        self._servers: list[ThreadingHTTPServer] = []
        try:
            self.addresses = Addresses(
                api=os.environ.get("BASE_URL") or self._listen(self._door, ports.api, "--port"),
                pipedrive=self._listen(self._pipedrive_door, ports.pipedrive, "--pipedrive-port"),
                quickbooks=self._listen(self.outside.quickbooks, ports.quickbooks, "--quickbooks-port"),
                xero=self._listen(self.outside.xero, ports.xero, "--xero-port"),
            )
            if "BASE_URL" in os.environ:
                self._listen(self._door, ports.api, "--port")
            self._aws = start_aws(database, os.environ)
        except CannotStart:
            self._close_servers()
            raise
        settle_in(self.outside, self.addresses)
        self.outside.pipedrive.scopes |= {"webhooks:full"}
        self.cloud = Cloud.at(self._aws.endpoints)
        made = furnish(self.cloud, secrets_of(self.outside), table=os.environ.get("TABLE_NAME", "duebill"))
        self.environment = environment_of(self.outside, self.addresses.environment(), made)
        self._http = new_client()
        self._put_in_place()
        template = read_template()
        self.functions = Functions(template.functions, time.monotonic)
        self.functions.load()
        self.gateway = Gateway(template.routes, self.functions, self.clock.now, on_failure)
        self.mail = Mail(self.outside, self.gateway)
        self.schedule = Schedule(
            self.functions, self.cloud, template.feeds, self.environment, on_failure, self.mail.deliver
        )
        ready = Ready(self.gateway, self.outside, self.addresses.api)
        controls = Controls(self.gateway, self.outside, self.clock, self.schedule)
        self._door.leads_to = Site(self.gateway, self.outside, controls, self.addresses.pipedrive)
        self._pipedrive_door.leads_to = Standin(
            self.outside.pipedrive, controls, ready, self.mail.weather, self.addresses.api, extensions
        )

    def aws_environment(self) -> dict[str, str]:
        """boto3's own variables for another process that is to use the same state."""
        return {f"AWS_ENDPOINT_URL_{name.upper()}": url for name, url in self._aws.endpoints.items() if url}

    def stop(self) -> None:
        """End everything."""
        self.schedule.stop()
        runtime_world.put_in_place(runtime_world.World())
        self._http.close()
        self.cloud.close()
        self._close_servers()
        self._aws.stop()
        self._aws.forget()

    def _put_in_place(self) -> None:
        world = sandbox_world(
            self.environment, clock=self.clock, sleep=time.sleep, cloud=self.cloud, http_client=lambda: self._http
        )
        runtime_world.put_in_place(world)

    def _listen(self, simulator: Simulator, port: int, flag: str) -> str:
        """Serve on `port`; the origin."""
        try:
            server = serve(simulator, port)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise CannotStart(f"Port {port} is taken. Choose another with {flag}.") from error
        self._servers.append(server)
        return f"http://{LOOPBACK}:{server.server_port}"

    def _close_servers(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()


class _Door:
    """Stands open before anybody is at home: the ports must be known before the rest can be made."""

    leads_to: Simulator | None = None

    def __call__(self, request: Request) -> Response:
        if self.leads_to is None:
            return Response(503, {"retry-after": "1"}, b"The sandbox is starting.")
        return self.leads_to(request)
