"""Bad input gets a problem document with a code, and nothing is written."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from duebill.runtime.problems import CONTENT_TYPE
from sandbox.pipedrive import seed
from sandbox.tabletop import Answer
from tests.fakes.office import Office

DEAL = seed.DEAL_UK_DISCOUNTS
Doc = dict[str, Any]


def refused(answer: Answer, status: int, code: str) -> Doc:
    """The problem document of a refusal."""
    assert answer.status == status, answer
    assert answer.headers["content-type"] == CONTENT_TYPE
    problem: Doc = answer.json
    assert problem["code"] == code, problem
    assert problem["detail"]
    assert problem["status"] == status
    return problem


@pytest.fixture
def unwritten(office: Office) -> Iterator[Office]:
    """The office, checked afterwards: neither the books nor our own list of invoices changed."""
    before = office.writes(), office.invoices_in_books(), _documents(office)
    yield office
    assert (office.writes(), office.invoices_in_books(), _documents(office)) == before


def _documents(office: Office) -> int:
    """Intents, links and history in the table; caches and tokens may move."""
    kinds = ("INTENT#", "LINK#", "HISTORY#", "CUSTOMER#", "ITEM#", "SETTINGS")
    return sum(row["sk"]["S"].startswith(kinds) for row in office.tabletop.rows())


@pytest.fixture(scope="module")
def draft(office: Office) -> tuple[Doc, str]:
    return office.draft(DEAL, office.uk)


def post(office: Office, body: bytes, **headers: str) -> Answer:
    sent = {"content-type": "application/json", "idempotency-key": "k" * 12, "if-match": "0", **headers}
    return office.api("POST", f"/deals/{DEAL}/invoices", body=body, headers=sent)


@pytest.mark.parametrize("body", [b"{", b"not json", b"", b'{"a": 1,}', b"\xff\xfe"])
def test_malformed_json_is_refused(unwritten: Office, body: bytes) -> None:
    answer = post(unwritten, body)
    assert answer.status in (400, 422), answer
    assert answer.headers["content-type"] == CONTENT_TYPE
    assert answer.json["code"] in ("malformed_json", "invalid_fields")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"currency": "pounds"}, "/currency"),
        ({"issued_on": "yesterday"}, "/issued_on"),
        ({"lines": "none"}, "/lines"),
        ({"surprise": 1}, "/surprise"),
        ({"details": {"name": "x" * 501}}, "/details/name"),
        ({"tax_handling": "sometimes"}, "/tax_handling"),
        ({"connection_id": "a/b"}, "/connection_id"),
    ],
)
def test_a_wrong_field_is_named(unwritten: Office, draft: tuple[Doc, str], changes: Doc, field: str) -> None:
    answer = post(unwritten, json.dumps(draft[0] | changes).encode())
    assert field in refused(answer, 422, "invalid_fields")["fields"]


@pytest.mark.parametrize("value", [True, "NaN", "Infinity", "1e400", "twelve", "9" * 31, None, {"amount": "1"}])
def test_an_amount_that_is_none_is_refused(unwritten: Office, draft: tuple[Doc, str], value: object) -> None:
    line = draft[0]["lines"][0] | {"unit_price": value}
    refused(post(unwritten, json.dumps(draft[0] | {"lines": [line]}).encode()), 422, "invalid_fields")


def test_an_amount_beyond_what_the_books_hold_is_a_problem(unwritten: Office, draft: tuple[Doc, str]) -> None:
    line = draft[0]["lines"][0] | {"unit_price": "99999999999999.99", "quantity": "1000", "discount": None}
    answer = post(unwritten, json.dumps(draft[0] | {"lines": [line]}).encode(), **{"if-match": draft[1]})
    codes = [problem["code"] for problem in refused(answer, 422, "draft_refused")["problems"]]
    assert "amount_too_large" in codes


def test_301_lines_are_a_problem(unwritten: Office, draft: tuple[Doc, str]) -> None:
    lines = [draft[0]["lines"][0] | {"description": "x"}] * 301
    answer = post(unwritten, json.dumps(draft[0] | {"lines": lines}).encode(), **{"if-match": draft[1]})
    codes = [problem["code"] for problem in refused(answer, 422, "draft_refused")["problems"]]
    assert codes.count("too_many_lines") == 1


def test_more_than_a_draft_may_hold_is_refused(unwritten: Office, draft: tuple[Doc, str]) -> None:
    lines = [draft[0]["lines"][0] | {"description": "x" * 4000}] * 100
    refused(post(unwritten, json.dumps(draft[0] | {"lines": lines}).encode()), 413, "draft_too_large")


@pytest.mark.parametrize("missing", ["idempotency-key", "if-match"])
def test_a_write_without_key_or_basis_is_refused(unwritten: Office, draft: tuple[Doc, str], missing: str) -> None:
    headers = {"content-type": "application/json", "idempotency-key": "k" * 12, "if-match": "0"}
    del headers[missing]
    answer = unwritten.api("POST", f"/deals/{DEAL}/invoices", body=json.dumps(draft[0]).encode(), headers=headers)
    refused(answer, 428, "basis_required")


@pytest.mark.parametrize("key", ["short", "with space in it", "x" * 65, "päßchen-12345"])
def test_a_key_of_another_shape_is_refused(unwritten: Office, draft: tuple[Doc, str], key: str) -> None:
    refused(post(unwritten, json.dumps(draft[0]).encode(), **{"idempotency-key": key}), 422, "invalid_fields")


def test_emoji_and_right_to_left_text_go_through_unchanged(office: Office) -> None:
    deal = seed.DEAL_INCLUSIVE
    draft, basis = office.draft(deal, office.uk)
    draft["memo"] = "תודה רבה 🎉 — شكرا"
    draft["lines"][0]["description"] = "שירות 🚀"
    created = office.create(deal, draft, basis)
    assert created.status == 201, created
    identifier = created.json["invoice"]["id"]
    company = next(c for c in office.tabletop.quickbooks.companies.values() if not c.is_us)
    document = company.rows("Invoice")[identifier]
    assert document["CustomerMemo"]["value"] == draft["memo"]
    assert document["Line"][0]["Description"] == draft["lines"][0]["description"]


def test_half_of_a_surrogate_pair_is_refused(unwritten: Office, draft: tuple[Doc, str]) -> None:
    body = json.dumps(draft[0]).replace(f'"memo": "{draft[0]["memo"]}"', '"memo": "\\ud800"').encode()
    answer = post(unwritten, body)
    assert answer.status in (400, 422), answer


# --- who is asking ------------------------------------------------------------------------------------------------


def tokens(office: Office) -> dict[str, str]:
    simulator = office.tabletop.pipedrive
    now = int(office.tabletop.clock.now().timestamp())
    claims = {"userId": seed.ADA, "companyId": seed.COMPANY, "iat": now, "exp": now + 300}

    def part(document: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()

    return {
        "none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.",
        "forged": jwt.encode(claims, "not the secret, but as long as one has to be", algorithm="HS256"),
        "other algorithm": jwt.encode(claims, simulator.jwt_secret + "x" * 64, algorithm="HS512"),
        "expired": jwt.encode(claims | {"exp": now - 60}, simulator.jwt_secret, algorithm="HS256"),
        "without end": jwt.encode(
            {key: value for key, value in claims.items() if key != "exp"}, simulator.jwt_secret, algorithm="HS256"
        ),
        "words for ids": jwt.encode(claims | {"companyId": "8087566"}, simulator.jwt_secret, algorithm="HS256"),
        "garbage": "a.b.c",
        "empty": "",
    }


ROUTES = [
    ("GET", f"/deals/{DEAL}"),
    ("GET", f"/deals/{DEAL}/draft"),
    ("GET", f"/deals/{DEAL}/invoices"),
    ("POST", f"/deals/{DEAL}/invoices/refresh"),
    ("GET", f"/deals/{DEAL}/history"),
    ("GET", "/settings"),
    ("GET", "/settings/options"),
    ("GET", "/connections"),
]


@pytest.mark.parametrize(
    "kind", ["none", "forged", "other algorithm", "expired", "without end", "words for ids", "garbage", "empty"]
)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_token_that_pipedrive_did_not_sign_opens_nothing(
    unwritten: Office, kind: str, method: str, path: str
) -> None:
    headers = {"authorization": f"Bearer {tokens(unwritten)[kind]}"}
    answer = unwritten.api(method, path, headers=headers)
    assert answer.status == 401, answer
    assert answer.headers["content-type"] == CONTENT_TYPE


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_token_opens_nothing(unwritten: Office, method: str, path: str) -> None:
    refused(unwritten.api(method, path, user=None), 401, "not_authenticated")


def test_somebody_who_did_not_install_is_told_to(unwritten: Office) -> None:
    refused(unwritten.api("GET", f"/deals/{DEAL}", user=seed.CID), 403, "not_installed")


def test_a_member_finds_who_manages_invoicing_and_sees_nothing(office: Office) -> None:
    office.tabletop.install(user=seed.CID)
    for method, path in (("GET", f"/deals/{DEAL}/invoices"), ("GET", f"/deals/{DEAL}/draft")):
        problem = refused(office.api(method, path, user=seed.CID), 403, "not_allowed")
        assert problem["values"]["manager"] == "Ada Manager"
    refused(office.api("GET", "/settings", user=seed.CID), 403, "not_allowed")


def test_a_deal_that_the_user_may_not_see_does_not_exist_for_them(office: Office, draft: tuple[Doc, str]) -> None:
    office.tabletop.install(user=seed.DEE)
    everyone = office.api("GET", "/settings").json["settings"]
    open_to_all = everyone | {
        "roles": {"see": "everyone", "create": "everyone", "act": "everyone", "approve": "everyone"}
    }
    assert office.api("PUT", "/settings", json=open_to_all).status == 200
    hidden = seed.DEAL_RESTRICTED
    headers = {"idempotency-key": office.key(), "if-match": "0"}
    before = office.invoices_in_books()
    for method, path, body in (
        ("GET", f"/deals/{hidden}", None),
        ("GET", f"/deals/{hidden}/draft", None),
        ("GET", f"/deals/{hidden}/invoices", None),
        ("GET", f"/deals/{hidden}/history", None),
        ("POST", f"/deals/{hidden}/invoices/refresh", None),
        ("POST", f"/deals/{hidden}/draft/preview", draft[0]),
        ("POST", f"/deals/{hidden}/invoices", draft[0]),
        ("GET", f"/deals/{hidden}/intents/some-key-1", None),
    ):
        answer = office.api(method, path, user=seed.DEE, json=body, headers=headers if body else None)
        assert answer.status == 404, (method, path, answer)
    assert office.invoices_in_books() == before
    assert office.api("PUT", "/settings", json=everyone).status == 200


def test_another_companys_ids_do_not_exist(office: Office, draft: tuple[Doc, str]) -> None:
    office.tabletop.install(user=seed.OTHER_USER, company=seed.OTHER_COMPANY)
    key, before = office.key(), office.invoices_in_books()
    for method, path, body in (
        ("GET", f"/connections/{office.uk}/settings", None),
        ("GET", f"/connections/{office.uk}/settings/options", None),
        ("GET", f"/connections/{office.uk}/customers?query=a", None),
        ("GET", f"/connections/{office.uk}/items?query=a", None),
        ("POST", f"/connections/{office.uk}/customers", {"details": {"name": "x"}, "currency": "GBP"}),
        ("DELETE", f"/connections/{office.uk}", None),
        ("GET", f"/deals/{DEAL}", None),
        ("GET", f"/deals/{DEAL}/draft", None),
        ("POST", f"/deals/{seed.OTHER_DEAL}/draft/preview", draft[0]),
        ("POST", f"/deals/{seed.OTHER_DEAL}/invoices", draft[0]),
        ("PUT", f"/deals/{seed.OTHER_DEAL}/customer", {"connection_id": office.uk, "customer_id": "1"}),
        ("GET", f"/deals/{seed.OTHER_DEAL}/draft?connection_id={office.uk}", None),
    ):
        answer = office.api(
            method,
            path,
            user=seed.OTHER_USER,
            company=seed.OTHER_COMPANY,
            json=body,
            headers={"idempotency-key": key, "if-match": "0"},
        )
        assert answer.status in (404, 409), (method, path, answer)
        assert answer.json["code"] in ("not_found", "connection_not_found", "not_connected", "deal_not_found"), answer
    assert office.invoices_in_books() == before


def test_deals_that_cannot_be_invoiced_say_why(unwritten: Office) -> None:
    problem = refused(unwritten.api("GET", f"/deals/{seed.DEAL_CUSTOM_CURRENCY}/draft"), 422, "custom_currency")
    assert problem["fields"] == ["/currency"]


def test_ids_that_are_none_are_refused(unwritten: Office) -> None:
    for path in ("/deals/abc", "/deals/1.5/invoices", "/deals/0x1/draft", "/deals/-/history"):
        answer = unwritten.api("GET", path)
        assert answer.status in (404, 422), (path, answer)
        assert answer.headers["content-type"] == CONTENT_TYPE
