"""One authorised API call, and the table of operations that it is looked up in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from sandbox.pipedrive import envelope
from sandbox.pipedrive.model import Company, Document, User
from sandbox.wire import Request, Response

type Version = Literal[1, 2]


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks for what. `path` holds the address's parameters; `hidden_status`: see `hidden`."""

    request: Request
    path: Mapping[str, str]
    version: Version
    company: Company
    user: User
    now: datetime
    hidden_status: int
    api_domain: str
    warnings: list[str]

    def id(self, name: str = "id") -> int:
        """A whole number out of the address. Raises Refusal."""
        text = self.path[name]
        if text.isascii() and text.isdigit() and 0 < int(text) < 2**63:
            return int(text)
        sentence = f"Parameter '{name}' must be a positive integer"
        raise envelope.bad_request(sentence) if self.version == 1 else envelope.invalid({name: sentence})

    def hidden(self) -> envelope.Refusal:
        """The answer for something that is there but not for this user (403 or 404: not documented)."""
        return envelope.forbidden() if self.hidden_status == 403 else envelope.not_found()

    def body(self) -> Document:
        """The JSON object that was sent. Raises Refusal."""
        if self.request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise envelope.bad_request("Bad request: Content-Type must be application/json")
        try:
            document = self.request.json()
        except ValueError as error:
            raise envelope.bad_request("Bad request: the body is not JSON") from error
        if not isinstance(document, dict):
            raise envelope.bad_request("Bad request: the body is not a JSON object")
        return document

    def stamp(self) -> str:
        """The time in v2's form (RFC 3339, whole seconds)."""
        return self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def stamp_v1(self) -> str:
        """The time in v1's form, UTC."""
        return self.now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `cost` in API tokens, any one of `scopes` is enough, `query` are the parameters it knows."""

    method: str
    address: str
    version: Version
    cost: int
    scopes: frozenset[str]
    handle: Callable[[Call], Response]
    query: frozenset[str] = field(default_factory=frozenset)

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The address's parameters when this operation answers there, else None."""
        wanted, given = self.address.split("/"), path.split("/")
        if method != self.method or len(wanted) != len(given):
            return None
        found = {}
        for want, got in zip(wanted, given, strict=True):
            if want.startswith("{"):
                found[want[1:-1]] = got
            elif want != got:
                return None
        return found


def find(
    operations: Iterable[Operation], version: Version, method: str, path: str
) -> tuple[Operation, dict[str, str]] | None:
    """The operation for a path below the version's base; fixed words win over parameters (`/deals/products`)."""
    hits = [
        (operation, found)
        for operation in operations
        if operation.version == version and (found := operation.match(method, path)) is not None
    ]
    return min(hits, key=lambda hit: len(hit[1]), default=None)
