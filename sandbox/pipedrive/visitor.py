"""A person who has installed the app, and calls the API with the tokens: for tests and for trying things out."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from sandbox.pipedrive.simulator import Pipedrive
from sandbox.wire import Request, Response

REDIRECT = "https://app.example/oauth/pipedrive/callback"


class Visitor:
    """Installs the app for a user at once (through `/oauth/authorize` and `/oauth/token`); `tokens` is the answer."""

    def __init__(self, simulator: Pipedrive, company_id: int, user_id: int, redirect: str = REDIRECT) -> None:
        self.simulator = simulator
        self.company_id = company_id
        self.user_id = user_id
        consent = authorize(simulator, redirect, _company=str(company_id), _user=str(user_id))
        code = parse_qs(urlsplit(consent.headers["location"]).query)["code"][0]
        answer = post_token(simulator, grant_type="authorization_code", code=code, redirect_uri=redirect)
        self.tokens: dict[str, Any] = json.loads(answer.body)

    def get(self, path: str, **query: str) -> Response:
        """Read."""
        return self.call("GET", path, query=query)

    def send(self, method: str, path: str, document: object) -> Response:
        """Write JSON."""
        return self.call(method, path, json.dumps(document).encode(), "application/json")

    def call(
        self, method: str, path: str, body: bytes = b"", content: str = "", query: Mapping[str, str] | None = None
    ) -> Response:
        """Any call with the access token."""
        headers = {"authorization": f"Bearer {self.tokens['access_token']}"}
        if content:
            headers["content-type"] = content
        asked = {name: [value] for name, value in (query or {}).items()}
        return self.simulator(Request(method, path, asked, headers, body))


def authorize(simulator: Pipedrive, redirect: str = REDIRECT, **query: str) -> Response:
    """Open the consent page of the app."""
    asked = {"client_id": simulator.client_id, "redirect_uri": redirect, **query}
    return simulator(Request("GET", "/oauth/authorize", {name: [value] for name, value in asked.items()}))


def post_token(simulator: Pipedrive, path: str = "/oauth/token", **form: str) -> Response:
    """Call a token endpoint with the app's own credentials."""
    pair = f"{simulator.client_id}:{simulator.client_secret}"
    headers = {
        "authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        "content-type": "application/x-www-form-urlencoded",
    }
    return simulator(Request("POST", path, headers=headers, body=urlencode(form).encode()))


def read(response: Response) -> dict[str, Any]:
    """The JSON of an answer, numbers with a point as Decimal."""
    document: dict[str, Any] = Request("", "", body=response.body).json()
    return document
