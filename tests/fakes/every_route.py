"""Every route of the API: who may use it, and a request to it that would succeed for somebody who may."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.template import Route, read_template

Doc = dict[str, Any]


class Rule(StrEnum):
    """Who may use a route. The three settings of a right each include the one before."""

    PUBLIC = "public"  # no token: a browser or a vendor comes, and brings a proof of its own
    INSTALLED = "installed"
    SEE = "see"
    CREATE = "create"
    ACT = "act"
    APPROVE = "approve"
    CONFIGURE = "configure"
    ADMIN = "admin"


RULES = {
    "GET /health": Rule.PUBLIC,
    "GET /install": Rule.PUBLIC,
    "GET /oauth/pipedrive/callback": Rule.PUBLIC,
    "DELETE /oauth/pipedrive/callback": Rule.PUBLIC,
    "POST /oauth/pipedrive/callback": Rule.PUBLIC,
    "GET /connect/{ticket}": Rule.PUBLIC,
    "GET /oauth/{provider}/callback": Rule.PUBLIC,
    "POST /connect/{ticket}/confirm": Rule.PUBLIC,
    "GET /reconnect/{provider}": Rule.PUBLIC,
    "GET /disconnected/{provider}": Rule.PUBLIC,
    "GET /r/{reference}": Rule.PUBLIC,
    "GET /extension/{page}": Rule.PUBLIC,
    "GET /extension/assets/{path+}": Rule.PUBLIC,
    "POST /webhooks/pipedrive": Rule.PUBLIC,
    "POST /webhooks/{provider}": Rule.PUBLIC,
    "GET /connections": Rule.INSTALLED,
    "POST /connections": Rule.CONFIGURE,
    "DELETE /connections/{connection_id}": Rule.CONFIGURE,
    "POST /connections/{connection_id}/take-over": Rule.ADMIN,
    "GET /settings": Rule.CONFIGURE,
    "PUT /settings": Rule.CONFIGURE,
    "GET /settings/options": Rule.CONFIGURE,
    "GET /connections/{connection_id}/settings": Rule.CONFIGURE,
    "PUT /connections/{connection_id}/settings": Rule.CONFIGURE,
    "GET /connections/{connection_id}/settings/options": Rule.CONFIGURE,
    "GET /settings/deals": Rule.CONFIGURE,
    "POST /settings/preview": Rule.CONFIGURE,
    "GET /connections/{connection_id}/check": Rule.CONFIGURE,
    "GET /connections/{connection_id}/matches/items": Rule.CONFIGURE,
    "POST /connections/{connection_id}/matches/items": Rule.CONFIGURE,
    "GET /connections/{connection_id}/matches/customers": Rule.CONFIGURE,
    "POST /connections/{connection_id}/matches/customers": Rule.CONFIGURE,
    "GET /connections/{connection_id}/customers": Rule.CREATE,
    "POST /connections/{connection_id}/customers": Rule.CREATE,
    "GET /connections/{connection_id}/items": Rule.CREATE,
    "POST /connections/{connection_id}/items": Rule.CREATE,
    "PUT /connections/{connection_id}/products/{product_id}/item": Rule.CREATE,
    "GET /deals/{deal_id}/draft": Rule.CREATE,
    "POST /deals/{deal_id}/draft/preview": Rule.CREATE,
    "POST /deals/{deal_id}/invoices": Rule.CREATE,
    "PUT /deals/{deal_id}/customer": Rule.CREATE,
    "DELETE /deals/{deal_id}/customer": Rule.CREATE,
    "POST /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/submit": Rule.ACT,
    "POST /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/approve": Rule.APPROVE,
    "PUT /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/link": Rule.ACT,
    "DELETE /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/link": Rule.ACT,
    "POST /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/void": Rule.ACT,
    "DELETE /deals/{deal_id}/invoices/{connection_id}/{invoice_id}": Rule.ACT,
    "GET /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/email": Rule.ACT,
    "POST /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/email": Rule.ACT,
    "GET /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/pdf": Rule.SEE,
    "GET /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/pay-link": Rule.SEE,
    "GET /deals/{deal_id}": Rule.SEE,
    "GET /deals/{deal_id}/customer/invoices": Rule.SEE,
    "GET /deals/{deal_id}/invoices": Rule.SEE,
    "POST /deals/{deal_id}/invoices/refresh": Rule.SEE,
    "GET /deals/{deal_id}/history": Rule.SEE,
    "GET /deals/{deal_id}/intents/{key}": Rule.SEE,
}


def routes() -> dict[str, Route]:
    """The template's routes by their keys."""
    return {route.key: route for route in read_template().routes}


@dataclass
class Ids:
    """What the paths and bodies of one request name."""

    connection: str
    deal: int
    product: int
    intent: str
    customer: str
    item: str
    key: str
    basis: str
    draft: Doc
    settings: Doc
    connection_settings: Doc
    ticket: str = "no-such-ticket"
    provider: str = "quickbooks"
    invoice: str = "no-such-invoice"
    path: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.path = {
            "{connection_id}": self.connection,
            "{deal_id}": str(self.deal),
            "{product_id}": str(self.product),
            "{key}": self.intent,
            "{ticket}": self.ticket,
            "{provider}": self.provider,
            "{invoice_id}": self.invoice,
        }


_DETAILS = {"email": "", "address": {"city": "Leeds"}, "tax_id": ""}
_BODIES: dict[str, Callable[[Ids], Doc]] = {
    "POST /connections": lambda _: {"provider": "quickbooks"},
    "PUT /settings": lambda ids: ids.settings,
    "PUT /connections/{connection_id}/settings": lambda ids: ids.connection_settings,
    "POST /settings/preview": lambda ids: {
        "deal_id": ids.deal,
        "mapping": dict.fromkeys(("name", "address", "email", "tax_id")),
    },
    "POST /connections/{connection_id}/matches/items": lambda ids: {
        "links": [{"key": str(ids.product), "entry": ids.item}]
    },
    "POST /connections/{connection_id}/matches/customers": lambda ids: {
        "links": [{"key": "organization:1", "entry": ids.customer}]
    },
    "POST /connections/{connection_id}/customers": lambda ids: {
        "details": {"name": f"Customer of {ids.key}", **_DETAILS},
        "currency": "GBP",
    },
    "POST /connections/{connection_id}/items": lambda ids: {
        "name": f"Item of {ids.key}",
        "code": ids.key,
        "unit_price": "9.90",
    },
    "PUT /connections/{connection_id}/products/{product_id}/item": lambda ids: {"item_id": ids.item},
    "POST /deals/{deal_id}/draft/preview": lambda ids: ids.draft,
    "POST /deals/{deal_id}/invoices": lambda ids: ids.draft,
    "PUT /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/link": lambda _: {"move_from": None},
    "POST /deals/{deal_id}/invoices/{connection_id}/{invoice_id}/email": lambda _: {"to": "ap@example.com"},
    "PUT /deals/{deal_id}/customer": lambda ids: {"connection_id": ids.connection, "customer_id": ids.customer},
}
_QUERIES = {
    "GET /deals/{deal_id}/draft": "?connection_id={connection_id}",
    "DELETE /deals/{deal_id}/customer": "?connection_id={connection_id}",
    "GET /connections/{connection_id}/customers": "?query=a",
    "GET /connections/{connection_id}/items": "?query=a",
}


def request_to(route: str, ids: Ids) -> tuple[str, str, Doc]:
    """Method, path and the rest of a call of `Tabletop.api`."""
    method, path = route.split(" ", 1)
    path += _QUERIES.get(route, "")
    for name, value in ids.path.items():
        path = path.replace(name, value)
    headers = {"idempotency-key": ids.key, "if-match": ids.basis}
    body = _BODIES.get(route)
    return method, path, {"headers": headers} | ({"json": body(ids)} if body else {})


def may(role: str, rule: Rule, audience: str = "manager") -> bool:
    """Whether `role` (manager, admin, member; all installed) may use a route of this rule."""
    match rule:
        case Rule.PUBLIC | Rule.INSTALLED:
            return True
        case Rule.CONFIGURE:
            return role in ("manager", "admin")
        case Rule.ADMIN:
            return role == "admin"
        case Rule.SEE | Rule.CREATE | Rule.ACT | Rule.APPROVE:
            return role in {"manager": "manager", "admins": "manager admin", "everyone": "manager admin member"}[
                audience
            ].split(" ")


def matrix() -> str:
    """The table of docs/security.md."""

    def word(role: str, rule: Rule) -> str:
        audiences = [audience for audience in ("manager", "admins", "everyone") if may(role, rule, audience)]
        if len(audiences) == len(("manager", "admins", "everyone")):
            return "yes"
        return f"if {rule} is {' or '.join(f'`{audience}`' for audience in audiences)}" if audiences else "no"

    rows = [
        f"| `{route}` | {word('manager', rule)} | {word('admin', rule)} | {word('member', rule)} |"
        for route, rule in RULES.items()
        if rule is not Rule.PUBLIC
    ]
    return "\n".join(["| Route | Manager | Admin | Member |", "|---|---|---|---|", *rows])
