"""The consent page: small, but a person can press its buttons."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from sandbox.wire import Request, Response
from sandbox.xero.organisation import Organisation
from sandbox.xero.tokens import User


def consent_page(request: Request, choices: Sequence[tuple[User, list[tuple[Organisation, str]]]]) -> Response:
    """For each user a form: which organisations may the app see? `choices` tells why one cannot be ticked."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(values[0])}">'
        for name, values in request.query.items()
    )
    forms = "".join(_form(request.path, hidden, user, rows) for user, rows in choices)
    given = {name: values[0] for name, values in request.query.items()} | {"_deny": "1"}
    cancel = f'<p><a class="cancel" href="{escape(f"{request.path}?{urlencode(given)}")}">Cancel</a></p>'
    scopes = escape(request.param("scope") or "")
    return html(f"<h1>Allow access to your organisation data?</h1><p>It asks for: {scopes}</p>{forms}{cancel}")


def _form(path: str, hidden: str, user: User, rows: list[tuple[Organisation, str]]) -> str:
    boxes = "".join(
        f'<li><label><input type="checkbox" name="_tenants" value="{org.tenant}"'
        f"{' disabled' if why else ''}> {escape(org.name)}{escape(f' ({why})') if why else ''}</label></li>"
        for org, why in rows
    )
    return (
        f'<form method="get" action="{escape(path)}"><h2>{escape(user.name)}</h2>{hidden}'
        f'<input type="hidden" name="_user" value="{escape(user.id)}"><ul>{boxes}</ul>'
        "<button>Allow access</button></form>"
    )


def html(body: str, status: int = 200) -> Response:
    """A whole HTML document. It refuses to be framed, as Xero's login does."""
    text = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Xero (simulated)</title><body>{body}</body>'
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": "frame-ancestors 'none'"}
    return Response(status, headers, f"{text}</html>".encode())
