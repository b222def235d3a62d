"""A browser on the table top: keeps cookies, follows redirects to the simulators' consent pages, presses buttons."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from sandbox.pipedrive.seed import ADA, COMPANY
from sandbox.quickbooks.seed import US_REALM
from sandbox.tabletop import ADDRESSES, Answer, Tabletop
from sandbox.wire import Request

CALLBACK = "/oauth/quickbooks/callback"


@dataclass
class Browser:
    """One person's browser; its cookies are its own."""

    tabletop: Tabletop
    provider: str = "quickbooks"
    cookies: dict[str, str] = field(default_factory=dict)

    def link(self, user: int = ADA, company: int = COMPANY) -> str:
        """Our own one-use link, as the settings page gets it; the path."""
        answer = self.tabletop.api("POST", "/connections", user=user, company=company, json={"provider": self.provider})
        assert answer.status == 200, answer
        return urlsplit(answer.json["url"]).path

    def visit(self, path: str, *, method: str = "GET", body: bytes = b"") -> Answer:
        """Open one of our addresses."""
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        answer = self.tabletop.visit(method, path, headers=headers, body=body)
        for cookie in answer.cookies:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.split(";")[0]
        return answer

    def consent(self, opened: Answer, realm: str = US_REALM, **changed: str) -> str:
        """Choose books on the provider's page; where the person is sent back to, with some of its query changed.

        What begins with an underscore is chosen on the page: `realm`, or Xero's `_user` and `_tenants`.
        """
        url = urlsplit(opened.headers["location"])
        chosen = {name: changed.pop(name) for name in list(changed) if name.startswith("_")} or {"_realm": realm}
        query = parse_qs(url.query) | {name: [value] for name, value in chosen.items()}
        simulator = self.tabletop.xero if self.provider == "xero" else self.tabletop.quickbooks
        answer = simulator(Request("GET", url.path, query, query_string=urlencode(query, doseq=True)))
        back = urlsplit(answer.headers["location"].removeprefix(ADDRESSES.api))
        returned = {name: values[0] for name, values in parse_qs(back.query).items()} | changed
        return f"{back.path}?{urlencode(returned)}"

    def confirm(self, link: str, answer: str = "yes") -> Answer:
        """Press a button of our question."""
        return self.visit(f"{link}/confirm", method="POST", body=f"answer={answer}".encode())


def query_of(address: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
