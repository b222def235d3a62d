"""Pipedrive's own address in the sandbox: its pages for people, played by a stand-in, and behind them the simulator.

The stand-in frames the app's pages as Pipedrive does and speaks the app-extensions SDK's wire protocol
(`static/wire.js`). It is served from another origin than the app, as the real one is.
"""

import mimetypes
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sandbox.controls import Controls
from sandbox.pipedrive.model import Company, User
from sandbox.pipedrive.simulator import Pipedrive
from sandbox.ready import Ready
from sandbox.standin import crm_view
from sandbox.standin.extensions import REGISTERED, Extension
from sandbox.webhooks import Weather
from sandbox.wire import Request, Response

STATIC = Path(__file__).parent / "static"
LANGUAGES = {
    "en": ("English", "US", "en_US"),
    "fr": ("Français", "FR", "fr_FR"),
    "id": ("Bahasa Indonesia", "ID", "id_ID"),
    "pl": ("Polski", "PL", "pl_PL"),
    "pt": ("Português (Brasil)", "BR", "pt_BR"),
    "fi": ("Suomi", "FI", "fi_FI"),
    "de": ("Deutsch", "DE", "de_DE"),
}


class Standin:
    """`/deals`, `/deal/…`, `/settings/…` and the sandbox's own pages: for people · the rest: Pipedrive's API."""

    def __init__(
        self,
        pipedrive: Pipedrive,
        controls: Controls,
        ready: Ready,
        weather: Weather,
        api: str,
        extensions: Sequence[Extension] = REGISTERED,
    ) -> None:
        self._pipedrive = pipedrive
        self._controls = controls
        self._ready = ready
        self._weather = weather
        self._api = api
        self._extensions = [each.at(api) for each in extensions]
        self._framed = sorted({"{0.scheme}://{0.netloc}".format(urlsplit(each["url"])) for each in self._extensions})

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        match [request.method, *request.path.split("/")[1:]]:
            case ["GET", ""]:
                return Response(302, {"location": "/deals"})
            case ["GET", "deals" | "books" | "weather"] | ["GET", "deal", _] | ["GET", "settings", *_]:
                return self._file("index.html")
            case ["GET", "standin", name]:
                return self._file(name)
            case ["GET", "favicon.ico"]:
                return Response(204)
            case [_, "sandbox", "crm", asked]:
                return self._crm(asked, request)
            case [_, "sandbox", *route]:
                return self._controls.answer("/".join(route), request)
            case _:
                return self._pipedrive(request)

    def _crm(self, asked: str, request: Request) -> Response:
        """What the pages for people read and change in Pipedrive itself."""
        try:
            match [request.method, asked]:
                case ["GET", "start"]:
                    return Response.of_json(self._start())
                case ["GET", "deals"]:
                    return Response.of_json({"deals": crm_view.deals(*self._who(request))})
                case ["GET", "deal"]:
                    found = crm_view.deal(*self._who(request), int(request.param("deal_id") or 0))
                    return Response.of_json(found) if found else Response.of_json({"error": "Deal not found"}, 404)
                case ["GET", "progress"]:
                    return Response.of_json(self._ready.progress(int(request.param("company_id") or 0)))
                case ["POST", act]:
                    return self._change(act, request.json())
                case _:
                    return Response.of_json({"error": "There is no such control."}, 404)
        except (KeyError, TypeError, ValueError) as error:
            return Response.of_json({"error": f"This cannot be read: {error!r}"}, 400)

    def _change(self, act: str, sent: dict[str, Any]) -> Response:
        match act:
            case "language":
                self._speak(sent)
            case "token_life":
                self._pipedrive.token_life = int(sent["seconds"])
            case "webhooks":
                self._weather.lost, self._weather.twice = float(sent["lost"]), float(sent["twice"])
            case "ready":
                return Response.of_json({"connections": self._ready.make(**sent)})
            case _:
                return Response.of_json({"error": "There is no such control."}, 404)
        return Response.of_json({"done": True})

    def _start(self) -> dict[str, Any]:
        installed = self._pipedrive.grants.grants
        return {
            "app": {"name": "Duebill", "client_id": self._pipedrive.client_id, "install": f"{self._api}/install"},
            "extensions": self._extensions,
            "languages": {code: name for code, (name, *_) in LANGUAGES.items()},
            "stages": crm_view.STAGES,
            "token_life": self._pipedrive.token_life,
            "webhooks": {"lost": self._weather.lost, "twice": self._weather.twice},
            "users": [
                {
                    "company_id": company.id,
                    "company": company.name,
                    "id": user.id,
                    "name": user.name,
                    "admin": user.admin,
                    "language": user.language,
                    "locale": user.locale.replace("_", "-"),
                    "installed": (company.id, user.id) in installed,
                }
                for company in self._pipedrive.companies.values()
                for user in company.users.values()
            ],
        }

    def _who(self, request: Request) -> tuple[Company, User]:
        company = self._pipedrive.companies[int(request.param("company_id") or 0)]
        return company, company.users[int(request.param("user_id") or 0)]

    def _speak(self, sent: dict[str, Any]) -> None:
        """A person chooses another language in their own preferences."""
        user = self._pipedrive.companies[int(sent["company_id"])].users[int(sent["user_id"])]
        user.language = sent["language"]
        _, user.country, user.locale = LANGUAGES[user.language]

    def _file(self, name: str) -> Response:
        if name not in _files():
            return Response(404, {"content-type": "text/plain"}, b"There is no such file.")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {
            "content-type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            "content-security-policy": f"default-src 'self'; frame-src {' '.join(self._framed)}; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "cache-control": "no-cache",
        }
        return Response(200, headers, (STATIC / name).read_bytes())


@cache
def _files() -> frozenset[str]:
    return frozenset(path.name for path in STATIC.iterdir())
