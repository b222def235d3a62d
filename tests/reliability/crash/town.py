"""The driver's side: the world's addresses, and the product's real handlers, each event in a child process.

The driver has no threads and asks its own questions through clients of its own, so forking it is safe.
"""

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx

from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId
from duebill.ports import Clock
from duebill.runtime import world as runtime_world
from duebill.runtime.http_client import new_client
from duebill.runtime.wiring import wire
from duebill.storage import keys
from duebill.storage.due import DynamoDueWork
from duebill.storage.invoices import DynamoInvoices
from duebill.storage.queue import SqsWorkQueue
from duebill.storage.table import Table
from duebill.use_cases.dispatch_due import dispatch_due
from sandbox.cloud import Cloud, client
from sandbox.dynamodb_local import DynamoDbLocal
from sandbox.functions import Context, Functions
from sandbox.gateway import Gateway
from sandbox.pipedrive import jwt
from sandbox.pipedrive.seed import ADA, COMPANY
from sandbox.tabletop import START
from sandbox.template import ROOT, read_template
from sandbox.wire import Request, Response, dumps
from sandbox.world import SandboxTime, sandbox_world
from tests.reliability.crash import child
from tests.reliability.crash.child import Child, Ended
from tests.reliability.crash.clock import SharedClock, new_clock_file
from tests.reliability.crash.line import Line, Plan
from tests.reliability.crash.vendors import QUICKBOOKS, Variant, Vendor

Doc = dict[str, Any]
_SERVICES = ("dynamodb", "kms", "sqs", "ssm")


class Town:
    """Starts the world on being made; use it as a context manager. `real_time`: the clock runs and sleeping waits."""

    def __init__(self, vendor: Vendor = QUICKBOOKS, *, real_time: bool = False, database: str | None = None) -> None:
        self.vendor = vendor
        self._folder = tempfile.TemporaryDirectory()
        self._own_database = None if database else DynamoDbLocal()
        url = database or self._own_database.url  # type: ignore[union-attr]  # one of the two is there
        file, start = new_clock_file(Path(self._folder.name)), None if real_time else START
        self.clock = SharedClock(file, start)
        self._real_time = real_time
        command = [sys.executable, "-m", "tests.reliability.crash.server", "--clock", str(file), "--dynamodb", url]
        command += ["--books", vendor.name]
        command += [] if real_time else ["--start", START.isoformat()]
        self._server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            self._settle_in(json.loads(self._server.stdout.readline() or "null"))  # type: ignore[union-attr]  # a pipe, as asked
        except BaseException:
            self.close()
            raise

    def _settle_in(self, where: Doc | None) -> None:
        if where is None:
            raise RuntimeError("the world's process ended at once")
        self.connection: str = where["connection"]
        self.environment: dict[str, str] = where["environment"]
        self._aws: dict[str, str] = where["aws"]
        self._asks = httpx.Client(base_url=where["control"], trust_env=False, timeout=60)
        self.cloud = self._new_cloud()  # the driver's own
        self.line = Line()
        template = read_template()
        self.functions = Functions(template.functions, lambda: self.clock.now().timestamp())
        self.functions.load()
        self.failures: list[str] = []
        self.gateway = Gateway(template.routes, self.functions, self.clock.now, self._failed)
        self._table = Table(self.cloud.dynamodb, self.environment["TABLE_NAME"], lambda _: None, lambda: 0.5)
        self.invoices = DynamoInvoices(self._table)
        self.company = CompanyId(COMPANY)
        self.has_changed = True
        self._number = 20_000
        self._warm()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what was started here."""
        runtime_world.put_in_place(runtime_world.World())
        self._server.stdin.close()  # type: ignore[union-attr]  # a pipe, as asked
        try:
            self._server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait(timeout=10)
        self._server.stdout.close()  # type: ignore[union-attr]  # a pipe, as asked
        if self._own_database:
            self._own_database.stop()
        self._folder.cleanup()

    # --- the product's world ---

    def _new_world(self) -> runtime_world.World:
        cloud = self._new_cloud()
        self.line.watch(cloud.dynamodb)
        self.line.watch(cloud.sqs)
        http = new_client(self.line.around(httpx.HTTPTransport(), self._name_of))
        return sandbox_world(
            self.environment, clock=self.clock, sleep=self._sleep, cloud=cloud, http_client=lambda: http
        )

    def _in_a_child(self, work: Callable[[], Any]) -> Callable[[], Any]:
        """The work with clients that have no connection yet: two processes must not share one. Secrets and data keys
        are known as in any container that is warm; moto, which gives them, closes each connection at once.
        """

        def begin() -> Any:  # noqa: ANN401  what the work returns
            known = runtime_world.process().kept
            runtime_world.put_in_place(self._for_children)
            runtime_world.process().kept.update({name: known[name] for name in ("secrets", "cipher")})
            return work()

        return begin

    def _warm(self) -> None:
        """Do everything once in this process: what is imported late must not be imported by each child anew."""
        runtime_world.put_in_place(self._new_world())
        self._for_children = self._new_world()
        deal, draft = self.new_deal(), self.ask("draft", linked=False)
        draft["lines"][0]["new_item"]["name"] = draft["details"]["name"] = f"warm {deal}"
        headers = {"idempotency-key": "warm-0000", "if-match": "0"}
        for method, path in (("POST", "invoices"), ("GET", "intents/warm-0000"), ("POST", "invoices/refresh")):
            answer = self.api(method, f"/deals/{deal}/{path}", json=draft, headers=headers)()
            if answer["status"] >= 400:
                raise RuntimeError(f"the world does not work: {answer}")
        body = {"v": 1, "kind": "write_back", "company": self.company, "ids": [str(deal), self.connection, "1"]}
        self.function("finish_work", {"Records": [{"messageId": "1", "body": json.dumps(body)}]})()
        self.function("dispatch_due", {})()
        gc.freeze()

    def unseal_tokens(self) -> None:
        """Know the data keys of the tokens in use, for five minutes, so that not every child asks for them."""
        wiring = wire(Context("driver", self.functions.seconds, self.functions.seconds() + 29))
        for one in (*wiring.installations.of_company(self.company), *wiring.connections.of_company(self.company)):
            wiring.tokens.get(self.company, one.token_set)

    def _new_cloud(self) -> Cloud:
        return Cloud(**{name: client.__wrapped__(name, self._aws[name]) for name in _SERVICES})

    def _name_of(self, request: httpx.Request) -> str:
        return f"{request.method} {request.url.path}"

    def _sleep(self, seconds: float) -> None:
        if self._real_time:
            time.sleep(seconds)
        else:
            self.clock.push(timedelta(seconds=seconds))

    def time(self) -> Clock:
        """ports.Clock for the driver's own use."""
        return SandboxTime(self.clock, self._sleep, lambda: 29_000)

    def _failed(self, where: str, error: Exception) -> None:
        self.failures.append(f"{where}: {error!r}")

    # --- what is asked of the world ---

    def ask(self, what: str, **how: object) -> Any:  # noqa: ANN401  a JSON document
        """One control call (server.Control)."""
        self.has_changed = True
        answer = self._asks.post(f"/{what}", json=how)
        if answer.status_code != 200:
            raise RuntimeError(f"{what}: {answer.status_code} {answer.text[-2000:]}")
        return answer.json()

    def vary(self, variant: Variant) -> None:
        """What the documents leave open, from now on."""
        names = ("memory", "lag", "rotation", "fails_first")
        self.ask("variant", **{name: getattr(variant, name) for name in names})

    def new_deal(self, *, organization: bool = False) -> int:
        """A deal that nobody has invoiced."""
        self._number += 1
        self.ask("deal", number=self._number, organization=organization)
        return self._number

    # --- events, each in a child ---

    def api(
        self,
        method: str,
        path: str,
        *,
        user: int = ADA,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Callable[[], Doc]:
        """One call of a framed page, as work for a child; its answer as {status, headers, json}."""
        issued = int(self.clock.now().timestamp())
        claims = {"userId": user, "companyId": COMPANY, "iat": issued, "exp": issued + 300}
        sent = {"host": "duebill.test", "authorization": f"Bearer {jwt.sign(claims, _JWT_SECRET)}", **(headers or {})}
        body = b""
        if json is not None:
            body = dumps(json).encode()
            sent["content-type"] = "application/json"
        url = urlsplit(path)
        request = Request(method, url.path, parse_qs(url.query), sent, body, url.query)

        def call() -> Doc:
            answer = self.gateway(request)
            return {"status": answer.status, "headers": dict(answer.headers), "json": _json(answer)}

        return call

    def function(self, name: str, event: Doc) -> Callable[[], Any]:
        """One invocation that no browser waits for, as work for a child."""
        return lambda: self.functions.invoke(name, event)

    def start(self, work: Callable[[], Any], *, plan: Plan | None = None) -> Child:
        """Begin work in a child."""
        self.has_changed = True
        return child.start(self._in_a_child(work), self.line, plan=plan, drop=self._drop)

    def run(self, work: Callable[[], Any], *, plan: Plan | None = None) -> Ended:
        """Do work: in a child where it may end, in this process, as in a container that is warm, where it cannot."""
        if plan is not None:
            return self.start(work, plan=plan).wait()
        self.has_changed = True
        calls: list[str] = []
        self.line.begin(None, calls.append, self._drop)
        result = work()
        return Ended(crashed=False, calls=tuple(calls), result=result)

    def _drop(self, request: httpx.Request) -> None:
        """Asked by a child, on a connection of its own: the driver's must not be spoken on by two."""
        told = httpx.post(self._asks.base_url.join("/drop"), json={"path": request.url.path}, trust_env=False)
        told.raise_for_status()

    # --- due work ---

    def next_due(self) -> datetime | None:
        """When the next piece of due work is due, of whatever kind but sweeps and webhooks: they never end, and no
        wish needs them (`tests/reliability/test_refresh_faults.py` ends their worker).
        """
        items = self.cloud.dynamodb.scan(TableName=self.environment["TABLE_NAME"], IndexName="due")["Items"]
        endless = tuple(f"DUE#{kind.value}#" for kind in (DueKind.REFRESH, DueKind.CRM_WEBHOOKS))
        found = [item for item in items if not item["due_pk"]["S"].startswith(endless)]
        self._shards_in_use = {item["due_pk"]["S"] for item in found}
        self.has_changed = False
        return min((datetime.fromisoformat(item["due_sk"]["S"].split("#", 1)[0]) for item in found), default=None)

    def dispatch(self) -> None:
        """What the schedule's function does, here and without asking the shards that are seen to be empty: they cost
        most of the time. The function as it is has a scenario of its own.
        """
        self.next_due()
        queue = SqsWorkQueue(self.cloud.sqs, self.environment["WORK_QUEUE_URL"])
        known = _KnownShards(DynamoDueWork(self._table), self._shards_in_use)
        dispatch_due(due_work=known, queue=queue, clock=self.time())
        self.has_changed = True


@dataclass(frozen=True, slots=True)
class _KnownShards:
    """ports.DueWork that asks only the shards with something in them."""

    store: DynamoDueWork
    in_use: set[str]

    def claim(self, kind: DueKind, shard: int, *, now: datetime, again_at: datetime, limit: int) -> tuple[DueId, ...]:
        if keys.due_partition(kind, shard) not in self.in_use:
            return ()
        return self.store.claim(kind, shard, now=now, again_at=again_at, limit=limit)


_JWT_SECRET = "pipedrive-jwt-secret-of-32-bytes-or-more"


def _json(answer: Response) -> Any:  # noqa: ANN401  a JSON document
    return json.loads(answer.body) if answer.body else None
