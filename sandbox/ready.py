"""A sandbox with the first steps done: the app installed, the books connected, their settings filled as suggested.

In this process, by the same routes, consent pages and handlers as a person at a browser.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from sandbox.gateway import Gateway
from sandbox.outside import Outside
from sandbox.pipedrive.seed import ADA, BEN, CID, COMPANY
from sandbox.quickbooks.seed import UK_REALM, US_REALM
from sandbox.wire import Request, Response, Simulator, dumps
from sandbox.xero.seed import UK_TENANT, USER

_WHICH = re.compile(r'name="which" value="([^"]*)"')
_BOOKS: Mapping[str, Mapping[str, str]] = {
    US_REALM: {"_realm": US_REALM},
    UK_REALM: {"_realm": UK_REALM},
    UK_TENANT: {"_user": USER, "_tenants": UK_TENANT},
}


class Ready:
    """`make` does what is not done yet. `api` is the origin of the app."""

    def __init__(self, gateway: Gateway, outside: Outside, api: str) -> None:
        self._gateway = gateway
        self._outside = outside
        self._api = api

    def make(
        self, company: int = COMPANY, users: Iterable[int] = (ADA, BEN, CID), books: Iterable[str] = tuple(_BOOKS)
    ) -> dict[str, str]:
        """Install for `users` and connect `books` (realms and tenants) as the first of them; the connections' ids."""
        people = [int(each) for each in users]
        for user in people:
            if (company, user) not in self._outside.pipedrive.grants.grants:
                self._install(company, user)
        me = (company, people[0])
        for each in books:
            if self._name(each) not in self._connections(me):
                self._connect(each, me)
                self._settle(self._connections(me)[self._name(each)], me)
        return self._connections(me)

    def progress(self, company: int) -> dict[str, int]:
        """How far a company is: connections of the books, notes of the app on its deals."""
        installed = sorted(user for where, user in self._outside.pipedrive.grants.grants if where == company)
        connected = len(self._connections((company, installed[0]))) if installed else 0
        return {"connections": connected, "invoices": len(self._outside.pipedrive.companies[company].notes)}

    def _install(self, company: int, user: int) -> None:
        chosen = {"_company": str(company), "_user": str(user)}
        self._get(self._follow(self._outside.pipedrive, self._get("/install"), chosen))

    def _connect(self, books: str, me: tuple[int, int]) -> None:
        is_xero = books in self._outside.xero.organisations
        provider, simulator = ("xero", self._outside.xero) if is_xero else ("quickbooks", self._outside.quickbooks)
        opened = self._get(self._call("POST", "/connections", me, {"provider": provider})["url"])
        cookie = {"cookie": opened.cookies[0].split(";", 1)[0]}
        question = self._get(self._follow(simulator, opened, _BOOKS[books]), cookie).body.decode()
        answer = [("answer", "yes"), *(("which", each) for each in _WHICH.findall(question))]
        form = {"content-type": "application/x-www-form-urlencoded", **cookie}
        place = question.split('action="', 1)[1].split('"', 1)[0]
        self._send("POST", place, form, urlencode(answer).encode())

    def _settle(self, connection: str, me: tuple[int, int]) -> None:
        """Take what is suggested: tax codes, an item for everything else, an account for new items."""
        path = f"/connections/{connection}"
        options = self._call("GET", f"{path}/settings/options", me)
        settings = self._call("GET", f"{path}/settings", me)["settings"]
        item = self._call("GET", f"{path}/items?query=consult", me)[0]
        account = next((each["id"] for each in options["accounts"] if each["name"] in ("Services", "Sales")), None)
        settings["tax_codes"] = options["suggested_tax_codes"]
        settings |= {"default_item_id": item["id"], "default_item_name": item["name"]}
        settings["income_account_id"] = settings["income_account_id"] or account
        self._call("PUT", f"{path}/settings", me, settings)

    def _connections(self, me: tuple[int, int]) -> dict[str, str]:
        """The ids of the connections that `me` may see, by the books' name."""
        answer = self._send("GET", "/connections", self._token(me))
        return {each["name"]: each["id"] for each in answer.json()["connections"]} if answer.status == 200 else {}

    def _name(self, books: str) -> str:
        organisation = self._outside.xero.organisations.get(books)
        return organisation.name if organisation else self._outside.quickbooks.companies[books].name

    def _token(self, me: tuple[int, int]) -> dict[str, str]:
        return {"authorization": f"Bearer {self._outside.pipedrive.signed_token(*me, ttl=300)}"}

    def _call(self, method: str, path: str, me: tuple[int, int], json: object = None) -> Any:  # noqa: ANN401  a JSON document
        headers = self._token(me) | ({"content-type": "application/json"} if json is not None else {})
        answer = self._send(method, path, headers, dumps(json).encode() if json is not None else b"")
        if answer.status >= 400:
            raise ValueError(f"{method} {path}: {answer.status} {answer.body.decode()[:300]}")
        return answer.json()

    def _get(self, url: str, headers: Mapping[str, str] | None = None) -> Response:
        return self._send("GET", url, headers or {})

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Response:
        parts = urlsplit(url.removeprefix(self._api))
        query = parse_qs(parts.query, keep_blank_values=True)
        sent = {"host": urlsplit(self._api).netloc, **headers}
        return self._gateway(Request(method, unquote(parts.path), query, sent, body, parts.query))

    def _follow(self, simulator: Simulator, answer: Response, chosen: Mapping[str, str]) -> str:
        """Press the consent page's button that says `chosen`; where it leads."""
        url = urlsplit(answer.headers["location"])
        query = parse_qs(url.query) | {name: [value] for name, value in chosen.items()}
        consent = simulator(Request("GET", url.path, query, query_string=urlencode(query, doseq=True)))
        return consent.headers["location"]
