"""The consent page: small, but a person can press its buttons."""

from html import escape
from urllib.parse import urlencode

from sandbox.pipedrive.model import Company
from sandbox.wire import Request, Response


def consent_page(request: Request, companies: dict[int, Company], scopes: str) -> Response:
    """Who installs the app, and may it have these scopes? Allow or Cancel."""
    given = {name: values[0] for name, values in request.query.items()}
    rows = "".join(
        f'<li><a class="allow" href="{_href(given, _company=str(company.id), _user=str(user.id))}">'
        f"Allow and install</a> as {escape(user.name)}, {escape(company.name)}{' (admin)' if user.admin else ''}</li>"
        for company in companies.values()
        for user in company.users.values()
    )
    body = (
        f"<h1>Install this app?</h1><p>It asks for: {escape(scopes)}</p><ul>{rows}</ul>"
        f'<p><a class="cancel" href="{_href(given, _deny="1")}">Cancel</a></p>'
    )
    return html_page("Pipedrive (simulated): install", body)


def html_page(title: str, body: str) -> Response:
    """A whole HTML document."""
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><body>{body}</body></html>'
    )
    return Response(200, {"content-type": "text/html; charset=utf-8"}, text.encode())


def _href(given: dict[str, str], **chosen: str) -> str:
    return escape(f"/oauth/authorize?{urlencode({**given, **chosen})}")
