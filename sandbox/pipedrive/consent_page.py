"""The consent page: small, but a person can press its buttons."""

import re
from html import escape
from urllib.parse import urlencode

from sandbox.pipedrive.model import Company
from sandbox.wire import Request, Response

_SIGNED_IN = re.compile(r"(?:^|; )pipedrive_user=(\d+)\.(\d+)")
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "h1{font-size:1.5rem}ul{list-style:none;padding:0}li{margin:.5rem 0}"
    ".allow{display:inline-block;padding:.375rem .75rem;border-radius:.25rem;border:1px solid currentcolor}"
    "li:first-child .allow{background:#0b7a3e;border-color:#0b7a3e;color:#fff;text-decoration:none;font-weight:600}"
)


def consent_page(request: Request, companies: dict[int, Company], scopes: str) -> Response:
    """Who installs the app, and may it have these scopes? Allow or Cancel. Who is signed in comes first."""
    given = {name: values[0] for name, values in request.query.items()}
    signed_in = _SIGNED_IN.search(request.headers.get("cookie", ""))
    first = (int(signed_in[1]), int(signed_in[2])) if signed_in else None
    people = [(company, user) for company in companies.values() for user in company.users.values()]
    people.sort(key=lambda each: (each[0].id, each[1].id) != first)
    rows = "".join(
        f'<li><a class="allow" href="{_href(given, _company=str(company.id), _user=str(user.id))}">'
        f"Allow and install</a> as {escape(user.name)}, {escape(company.name)}{' (admin)' if user.admin else ''}</li>"
        for company, user in people
    )
    body = (
        f"<h1>Install this app?</h1><p>It asks for: {escape(scopes)}</p><ul>{rows}</ul>"
        f'<p><a class="cancel" href="{_href(given, _deny="1")}">Cancel</a></p>'
    )
    return html_page("Pipedrive (simulated): install", body)


def html_page(title: str, body: str) -> Response:
    """A whole HTML document."""
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style><body>{body}</body></html>'
    )
    return Response(200, {"content-type": "text/html; charset=utf-8"}, text.encode())


def _href(given: dict[str, str], **chosen: str) -> str:
    return escape(f"/oauth/authorize?{urlencode({**given, **chosen})}")
