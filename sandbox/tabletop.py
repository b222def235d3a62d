"""The whole app on a table top: real handlers, real routes, simulators and AWS in this process, time that stands still.

For tests and measurements. No port is opened and nothing waits: sleeping pushes the clock.

    with Tabletop() as tabletop:
        tabletop.install()
        tabletop.connect(US_REALM)
        answer = tabletop.api("GET", "/deals/1/draft")
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from duebill.runtime import world as runtime_world
from duebill.runtime.http_client import new_client
from duebill.runtime.wiring import Wiring, wire
from sandbox.clock import SandboxClock
from sandbox.cloud import Cloud, furnish
from sandbox.faults import Fault
from sandbox.functions import Context, Functions
from sandbox.gateway import Gateway
from sandbox.outside import Addresses, open_outside, settle_in
from sandbox.pipedrive.seed import ADA, COMPANY
from sandbox.quickbooks.seed import US_REALM
from sandbox.schedule import Schedule
from sandbox.template import read_template
from sandbox.transport import transport
from sandbox.webhooks import Mail
from sandbox.wire import Request, Response, Simulator, dumps
from sandbox.world import environment_of, sandbox_world, secrets_of
from sandbox.xero.seed import USER as XERO_USER

_WHICH = re.compile(r'name="which" value="([^"]*)"')
START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ADDRESSES = Addresses("https://duebill.test", "https://pipedrive.test", "https://quickbooks.test", "https://xero.test")


class Answer:
    """An HTTP answer, with its JSON read."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.headers = response.headers
        self.cookies = response.cookies
        self.body = response.body

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:  # noqa: ANN401  a JSON document has any shape
        """The body as JSON, numbers with a point as Decimal. Raises ValueError."""
        return Response(self.status, body=self.body).json()

    def __repr__(self) -> str:
        return f"Answer({self.status}, {self.text[:2000]})"


class Tabletop:
    """Everything in one process. Use it as a context manager: it puts its world in the place of Lambda's.

    A `clock` or a `cloud` of one's own may be shared with other processes.
    """

    def __init__(
        self,
        *,
        environment: Mapping[str, str] | None = None,
        start: datetime = START,
        clock: SandboxClock | None = None,
        cloud: Cloud | None = None,
    ) -> None:
        from moto import mock_aws

        self.clock = clock or SandboxClock(start)
        outside = open_outside(self.clock, self.sleep)
        self.pipedrive, self.quickbooks, self.xero = outside.pipedrive, outside.quickbooks, outside.xero
        self.xero.limits.per_minute = None  # here time stands still, so no minute ends
        settle_in(outside, ADDRESSES)
        self.failures: list[tuple[str, Exception]] = []
        self._mock = None if cloud else mock_aws()
        if self._mock:
            self._mock.start()
        self.cloud = cloud or Cloud.at({})
        made = furnish(self.cloud, secrets_of(outside))
        self.environment = {**environment_of(outside, ADDRESSES.environment(), made), **(environment or {})}
        template = read_template()
        self.functions = Functions(template.functions, lambda: self.clock.now().timestamp())
        self.gateway = Gateway(template.routes, self.functions, self.clock.now, self._failed)
        self.schedule = Schedule(self.functions, self.cloud, template.feeds, made, self._failed)
        self.mail = Mail(outside, self.gateway)
        wires: dict[str, Simulator] = {
            "pipedrive.test": self.pipedrive,
            "quickbooks.test": self.quickbooks,
            "xero.test": self.xero,
        }
        world = sandbox_world(
            self.environment,
            clock=self.clock,
            sleep=self.sleep,
            cloud=self.cloud,
            http_client=lambda: new_client(transport(wires)),
        )
        runtime_world.put_in_place(world)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the world away again."""
        runtime_world.put_in_place(runtime_world.World())
        if self._mock:
            self._mock.stop()

    # --- the pages ---

    def api(
        self,
        method: str,
        path: str,
        *,
        user: int | None = ADA,
        company: int = COMPANY,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Call the API as a page would, for `user` (None: without a token). `path` may hold a query."""
        sent = {"host": "duebill.test", **{name.lower(): value for name, value in (headers or {}).items()}}
        if user is not None and "authorization" not in sent:
            sent["authorization"] = f"Bearer {self.token(user, company)}"
        if json is not None:
            body = dumps(json).encode()
            sent.setdefault("content-type", "application/json")
        return self.visit(method, path, headers=sent, body=body)

    def visit(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """Any request to the API as it stands, as a browser or a vendor sends it."""
        url = urlsplit(path)
        query = parse_qs(url.query, keep_blank_values=True)
        return Answer(self.gateway(Request(method, unquote(url.path), query, headers or {}, body, url.query)))

    def token(self, user: int = ADA, company: int = COMPANY) -> str:
        """The token that Pipedrive gives to a framed page."""
        return self.pipedrive.signed_token(company, user)

    def install(self, user: int = ADA, company: int = COMPANY) -> Answer:
        """Install for a user, from our own link to where the person lands."""
        begun = self.visit("GET", "/install")
        consent = self._follow(self.pipedrive, begun, _company=str(company), _user=str(user))
        return self.visit("GET", _local(consent.headers["location"]))

    def connect(self, realm: str = US_REALM, *, user: int = ADA, company: int = COMPANY) -> str:
        """Connect a company of QuickBooks, through the consent and the confirmation; the connection's id."""
        self._connect("quickbooks", self.quickbooks, user, company, _realm=realm)
        return self._connection(self.quickbooks.companies[realm].name, user, company)

    def connect_xero(
        self, *tenants: str, xero_user: str = XERO_USER, user: int = ADA, company: int = COMPANY
    ) -> tuple[str, ...]:
        """Connect organisations of Xero by one consent of one of its users; the connections' ids."""
        self._connect("xero", self.xero, user, company, _user=xero_user, _tenants=",".join(tenants))
        return tuple(self._connection(self.xero.organisations[each].name, user, company) for each in tenants)

    def _connect(self, provider: str, simulator: Simulator, user: int, company: int, **chosen: str) -> None:
        """From our link to “Connected”, with all books that the consent opened."""
        link = self.api("POST", "/connections", user=user, company=company, json={"provider": provider}).json
        opened = self.visit("GET", urlsplit(link["url"]).path)
        cookie = {"cookie": opened.cookies[0].split(";", 1)[0]}
        consent = self._follow(simulator, opened, **chosen)
        asked = self.visit("GET", _local(consent.headers["location"]), headers=cookie)
        form = {"content-type": "application/x-www-form-urlencoded", **cookie}
        place = asked.text.split('action="', 1)[1].split('"', 1)[0]
        answer = [("answer", "yes"), *(("which", each) for each in _WHICH.findall(asked.text))]
        confirmed = self.visit("POST", place, headers=form, body=urlencode(answer).encode())
        if confirmed.status != 200:
            raise RuntimeError(f"the books were not connected: {confirmed!r}")

    def _connection(self, name: str, user: int, company: int) -> str:
        listed = self.api("GET", "/connections", user=user, company=company).json["connections"]
        return str(next(each["id"] for each in listed if each["name"] == name))

    def _follow(self, simulator: Simulator, answer: Answer, **chosen: str) -> Response:
        """Open the consent page that `answer` leads to, and press the button that says `chosen`."""
        url = urlsplit(answer.headers["location"])
        query = parse_qs(url.query) | {name: [value] for name, value in chosen.items()}
        return simulator(Request("GET", url.path, query, query_string=urlencode(query, doseq=True)))

    # --- time, weather, machines ---

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.clock.push(timedelta(seconds=seconds))

    def run_due_work(self) -> int:
        """What the schedule and the worker would do now; how many messages were worked on."""
        return self.schedule.run_once()

    def deliver_webhooks(self) -> int:
        """Bring what the simulators tell, and work on it; how many posts were taken."""
        taken = self.mail.deliver()
        self.schedule.work_off()
        return taken

    def pass_time(self, *, run: bool = True, **span: float) -> None:
        """Push the clock (`days=1`, `seconds=150`), then do what is due."""
        self.clock.push(timedelta(**span))
        if run:
            self.run_due_work()

    def fault(self, simulator: Any, kind: str, **how: Any) -> None:  # noqa: ANN401  the fields of sandbox.faults.Fault
        """Tell a simulator to fail."""
        simulator.faults.add(Fault(kind, **how))

    def wiring(self) -> Wiring:
        """The product's own stores and clients, for looking at what was stored."""
        seconds = self.functions.seconds
        return wire(Context("tabletop", seconds, seconds() + 29))

    def rows(self) -> list[dict[str, Any]]:
        """Everything in the table."""
        pages = self.cloud.dynamodb.get_paginator("scan").paginate(TableName=self.environment["TABLE_NAME"])
        return [dict(item) for page in pages for item in page["Items"]]

    def _failed(self, where: str, error: Exception) -> None:
        self.failures.append((where, error))


def _local(url: str) -> str:
    """The path and query of an address of ours."""
    return url.removeprefix(ADDRESSES.api)
