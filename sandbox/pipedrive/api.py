"""The REST API: which operation, may the token do it, what does it cost, then the answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.pipedrive import (
    activities,
    contacts,
    deal_lines,
    deals,
    envelope,
    fields,
    files,
    notes,
    products,
    users,
    webhooks,
)
from sandbox.pipedrive.call import Call, Operation, Version, find
from sandbox.pipedrive.grants import Grants
from sandbox.pipedrive.limits import Limits
from sandbox.pipedrive.model import Company, User
from sandbox.wire import Request, Response

# v2 has one base, v1 has two [D:pipedrive-api-v2-migration-guide].
BASES: tuple[tuple[str, Version], ...] = (("/api/v2", 2), ("/api/v1", 1), ("/v1", 1))


@dataclass
class Api:
    """The API of all companies. `hidden_status` (404 or 403) answers for things that the user may not see."""

    grants: Grants
    companies: dict[int, Company]
    api_domain: Callable[[Company], str]
    scopes: Callable[[], set[str]]
    limits: Limits = field(default_factory=Limits)
    hidden_status: int = 404
    warnings: list[str] = field(default_factory=list)

    def answer(self, request: Request, now: datetime) -> Response:
        """Answer one call, with its rate-limit headers."""
        headers: dict[str, str] = {}
        try:
            response = self._answer(request, now, headers)
        except envelope.Refusal as refusal:
            response = refusal.response()
        return Response(response.status, {**headers, **response.headers}, response.body)

    def _answer(self, request: Request, now: datetime, headers: dict[str, str]) -> Response:
        version, path = _split(request.path)
        token, company, user = self._who(request, now)
        hit = find(OPERATIONS, version, request.method, path)
        # v1's deals, persons, organizations and products are out of support since 2026-08-01, "may remain functional"
        # [CL:deprecated-apiv1-endpoints-become-out-of-support]: they are in no table here, so they are not found.
        operation, found = hit or (None, {})
        cost = operation.cost if operation else 1
        search = path.endswith("/search")
        headers.update(self.limits.charge(token, company, cost, now, search=search))
        if operation is None:
            raise envelope.unknown_address()
        if not operation.scopes & self.scopes():
            raise envelope.scope_mismatch()
        self._check_query(request, operation)
        domain = self.api_domain(company)
        call = Call(request, found, version, company, user, now, self.hidden_status, domain, self.warnings)
        return operation.handle(call)

    def _who(self, request: Request, now: datetime) -> tuple[str, Company, User]:
        """Bearer only: personal API tokens are not for apps [D:marketplace-app-approval-process]. Raises Refusal."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self.grants.by_access(token.strip(), now) if kind.lower() == "bearer" else None
        company = self.companies.get(grant.company_id) if grant else None
        user = company.users.get(grant.user_id) if grant and company else None
        if company is None or user is None:
            raise envelope.unauthorized()
        return token, company, user

    def _check_query(self, request: Request, operation: Operation) -> None:
        """v2 is strict; v1 ignores what it does not know."""
        unknown = sorted(set(request.query) - operation.query)
        if operation.version == 2 and unknown:
            raise envelope.not_allowed(unknown)


def _split(path: str) -> tuple[Version, str]:
    for base, version in BASES:
        if path.startswith(f"{base}/"):
            return version, path[len(base) :]
    raise envelope.unknown_address()


OPERATIONS = (
    *users.OPERATIONS,
    *deals.OPERATIONS,
    *deal_lines.OPERATIONS,
    *contacts.OPERATIONS,
    *products.OPERATIONS,
    *fields.OPERATIONS,
    *notes.OPERATIONS,
    *files.OPERATIONS,
    *activities.OPERATIONS,
    *webhooks.OPERATIONS,
)
