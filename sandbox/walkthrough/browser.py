"""A person at a browser, by HTTP alone: pages, links, forms and cookies, and the calls that the framed pages make."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from sandbox.wire import Response, dumps

_LINK = re.compile(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)(?=<a |</li>|</p>|$)', re.DOTALL)
_FORM = re.compile(r'<form method="post" action="([^"]*)"')
_ANSWERS = re.compile(r'<form method="get" action="([^"]*)">(.*?)</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_BOX = re.compile(r'<input type="checkbox" name="([^"]*)" value="([^"]*)">(.*?)</label>', re.DOTALL)
_MOST_REDIRECTS = 10


class Answer:
    """An answer with the address that gave it."""

    def __init__(self, url: str, response: httpx.Response) -> None:
        self.url = url
        self.status = response.status_code
        self.headers = response.headers
        self.text = response.text
        self._body = response.content

    @property
    def json(self) -> Any:  # noqa: ANN401  a JSON document has any shape
        """The body as JSON, numbers with a point as Decimal."""
        return Response(self.status, body=self._body).json()


class Browser:
    """Follows redirects from one system to the next and keeps cookies, each for the origin that set it."""

    def __init__(self, api: str) -> None:
        self.api = api
        self._client = httpx.Client(trust_env=False, timeout=60)
        self._cookies: dict[str, dict[str, str]] = {}

    def close(self) -> None:
        """Close the window."""
        self._client.close()

    # --- pages ---

    def open(self, url: str) -> Answer:
        """Go to an address, and on to wherever it leads."""
        for _ in range(_MOST_REDIRECTS):
            answer = self._send("GET", url)
            if answer.status not in (301, 302, 303):
                return answer
            url = urljoin(url, answer.headers["location"])
        raise RuntimeError(f"redirected without end, last to {url}")

    def press(self, page: Answer, words: str) -> Answer:
        """Follow the link beside which `words` stand."""
        for address, around in _LINK.findall(page.text):
            if words in unescape(re.sub(r"<[^>]*>", "", around)):
                return self.open(urljoin(page.url, unescape(address)))
        raise LookupError(f"no link “{words}” on {page.url}")

    def tick(self, page: Answer, words: str, *boxes: str) -> Answer:
        """In the form that holds `words`, tick what stands beside these boxes, and go where it leads."""
        place, form = next(found for found in _ANSWERS.findall(page.text) if words in unescape(found[1]))
        fields = [(unescape(name), unescape(value)) for name, value in _HIDDEN.findall(form)]
        fields += self._ticked(form, boxes)
        return self.open(urljoin(page.url, unescape(place)) + "?" + urlencode(fields))

    def _ticked(self, form: str, boxes: tuple[str, ...]) -> list[tuple[str, str]]:
        found = []
        for name, value, label in _BOX.findall(form):
            if any(words in unescape(re.sub(r"<[^>]*>", "", label)) for words in boxes):
                found.append((unescape(name), unescape(value)))
        if len(found) != len(boxes):
            raise LookupError(f"not all of {boxes} can be ticked")
        return found

    def submit(self, page: Answer, *ticked: str, **fields: str) -> Answer:
        """Send the page's form with these fields and with what stands beside these boxes."""
        form = _FORM.search(page.text)
        if form is None:
            raise LookupError(f"no form on {page.url}")
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self._send(
            "POST",
            urljoin(page.url, unescape(form[1])),
            headers,
            urlencode([*self._ticked(page.text, ticked), *fields.items()]).encode(),
        )

    # --- the framed pages ---

    def call(
        self,
        method: str,
        path: str,
        *,
        user: int,
        company: int,
        json: object = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Call the API as our page in Pipedrive does: with a fresh token of Pipedrive's."""
        token = self.control("GET", f"token?company_id={company}&user_id={user}")["token"]
        sent = {"authorization": f"Bearer {token}", **(headers or {})}
        body = b"" if json is None else dumps(json).encode()
        if body:
            sent["content-type"] = "application/json"
        return self._send(method, self.api + path, sent, body)

    def control(self, method: str, route: str, json: object = None) -> Any:  # noqa: ANN401  a JSON document
        """What happens in Pipedrive, in the books, or to time. Raises RuntimeError when it is refused."""
        body = b"" if json is None else dumps(json).encode()
        answer = self._send(method, f"{self.api}/sandbox/{route}", {}, body)
        if answer.status != 200:
            raise RuntimeError(f"{route}: {answer.status} {answer.text[:200]}")
        return answer.json

    def _send(self, method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        cookies = self._cookies.setdefault(origin, {})
        sent = dict(headers or {})
        if cookies and "authorization" not in sent:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        response = self._client.request(method, url, headers=sent, content=body)
        for line in response.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            cookies[name] = rest.split(";", 1)[0]
        return Answer(url, response)
