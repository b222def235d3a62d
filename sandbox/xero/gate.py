"""Who is let in: token, scope, role; and what a call looks like that is not (facts §1.4, §1.5, §4.1, §6)."""

from sandbox.wire import Request, Response
from sandbox.xero.api import BASE
from sandbox.xero.oauth import REVOKE, TOKEN, problem
from sandbox.xero.refusals import Throttled, TurnedAway
from sandbox.xero.tokens import MAY_CONNECT, Tokens, TokenSet, User

_SETTINGS = (
    "Accounts BrandingThemes Currencies Organisation TaxRates TrackingCategories Users Items InvoiceReminders".split()
)
# Which scopes open a resource; each has a form that ends in `.read`. Items belong to two (facts §1.4).
_SCOPES: dict[str, tuple[str, ...]] = {
    "Invoices": ("accounting.invoices",),
    "CreditNotes": ("accounting.invoices",),
    "Contacts": ("accounting.contacts",),
    "Payments": ("accounting.payments",),
    **dict.fromkeys(_SETTINGS, ("accounting.settings",)),
    "Items": ("accounting.invoices", "accounting.settings"),
}


def bearer(request: Request, tokens: Tokens) -> TokenSet:
    """The token set of the caller's access token. Raises TurnedAway."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    found = tokens.of_access(value)
    if scheme != "Bearer" or found is None:
        known = any(value in each.access for each in tokens.sets)
        raise TurnedAway(401, "Unauthorized", "TokenExpired: token expired" if known else "AuthenticationUnsuccessful")
    return found


def demand_scope(request: Request, scopes: list[str]) -> None:
    """Refuse what the consent did not cover. The status and the word are from memory (facts §6)."""
    resource = request.path.removeprefix(BASE).split("/")[0]
    wanted = _SCOPES.get(resource, ())
    if request.method == "GET":
        wanted += tuple(f"{each}.read" for each in wanted)
    if wanted and not set(wanted) & set(scopes):
        raise TurnedAway(401, "Unauthorized", "AuthorizationUnsuccessful")


def demand_role(user: User, tenant: str) -> None:
    """Refuse a user who has lost the role that connecting needs."""
    if user.roles.get(tenant) not in MAY_CONNECT:
        raise forbidden()


def forbidden() -> TurnedAway:
    """The 403: tenant missing, wrong or no longer connected."""
    return TurnedAway(403, "Forbidden", "AuthenticationUnsuccessful")


def too_many(throttled: Throttled, left: dict[str, str]) -> Response:
    """The 429: nothing in it and no type (recorded)."""
    headers = {"X-Rate-Limit-Problem": throttled.problem} | left
    if throttled.retry_after is not None:
        headers["Retry-After"] = str(throttled.retry_after)
    return Response(429, headers)


def broken(status: int, request: Request) -> Response:
    """What a fault of the kind `status` looks like."""
    if request.path in (TOKEN, REVOKE) and status == 400:
        return Response.of_json({"error": "invalid_grant"}, 400)
    match status:
        case 401:
            return problem(401, "Unauthorized", "TokenExpired: token expired")
        case 403:
            return problem(403, "Forbidden", "AuthenticationUnsuccessful")
        case 404:
            return Response(404, {"content-type": "text/html"})
        case 429:
            return too_many(Throttled("minute", 26), {"X-MinLimit-Remaining": "0"})
        case 400:
            document = {"ErrorNumber": 10, "Type": "ValidationException", "Message": "A validation exception occurred"}
            return Response.of_json(document | {"Elements": []}, 400)
        case _:
            return Response(status, {"content-type": "text/html"}, b"<html><body>Service Unavailable</body></html>")
