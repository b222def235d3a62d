"""The steps of a person who installs and connects, each the request that their browser sends."""

import json
from typing import Any
from urllib.parse import urlsplit

from sandbox.pipedrive.seed import ADA, COMPANY
from sandbox.quickbooks.seed import US_REALM
from tests.fakes.deployment import Deployment, query_of

CALLBACK = "/oauth/pipedrive/callback"
BOOKS_CALLBACK = "/oauth/quickbooks/callback"
Answer = dict[str, Any]


def call(site: Deployment, method: str, path: str, **parts: Any) -> Answer:  # noqa: ANN401  see http_event
    return site.call("install", method, path, **parts)


def install(site: Deployment, user: int = ADA, company: int = COMPANY) -> Answer:
    begun = call(site, "GET", "/install")
    back = site.follow(begun["headers"]["Location"], _user=str(user), _company=str(company))
    return call(site, "GET", CALLBACK, query=query_of(back))


def open_link(site: Deployment, user: int = ADA, company: int = COMPANY) -> tuple[str, str, str]:
    """The ticket's path, the cookie, and the provider's consent page."""
    headers = {**site.token(company, user), "content-type": "application/json"}
    answer = call(site, "POST", "/connections", headers=headers, body='{"provider": "quickbooks"}')
    assert answer["statusCode"] == 200, answer["body"]
    path = urlsplit(json.loads(answer["body"])["url"]).path
    opened = call(site, "GET", path)
    assert opened["statusCode"] == 302, opened["body"]
    (cookie,) = opened["cookies"]
    return path, cookie.split(";")[0], opened["headers"]["Location"]


def consent(
    site: Deployment, realm: str = US_REALM, user: int = ADA, company: int = COMPANY
) -> tuple[str, str, Answer]:
    path, cookie, location = open_link(site, user, company)
    back = site.follow(location, _realm=realm)
    return path, cookie, call(site, "GET", BOOKS_CALLBACK, query=query_of(back), cookies=[cookie])


def confirm(site: Deployment, path: str, cookie: str | None, answer: str = "yes") -> Answer:
    return call(
        site,
        "POST",
        f"{path}/confirm",
        headers={"content-type": "application/x-www-form-urlencoded"},
        cookies=[cookie] if cookie else [],
        body=f"answer={answer}",
    )


def connect(site: Deployment, realm: str = US_REALM, user: int = ADA, company: int = COMPANY) -> Answer:
    path, cookie, _ = consent(site, realm, user, company)
    return confirm(site, path, cookie)


def connections(site: Deployment, user: int = ADA, company: int = COMPANY) -> Answer:
    answer = call(site, "GET", "/connections", headers=site.token(company, user))
    assert answer["statusCode"] == 200, answer["body"]
    found: Answer = json.loads(answer["body"])
    return found


def uninstall(site: Deployment, user: int = ADA, company: int = COMPANY) -> Answer:
    notice = site.pipedrive.uninstall(company, user)
    return call(site, notice.method, notice.path, headers=notice.headers, body=notice.body.decode())


def items(site: Deployment) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.aws["dynamodb"].scan(TableName=site.name)["Items"]
    return found


def revocations(site: Deployment) -> int:
    return sum("/tokens/revoke" in each for each in site.quickbooks.faults.calls)


def is_page(answer: Answer) -> bool:
    return answer["headers"]["Content-Type"].startswith("text/html") and answer["body"].startswith("<!doctype html>")
