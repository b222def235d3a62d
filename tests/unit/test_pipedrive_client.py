"""What the adapter asks of Pipedrive, request by request, and where it stops asking."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from duebill.crm.pipedrive.adapter import PipedriveCrm
from duebill.domain.ids import DealId
from duebill.errors import DuebillError, NotFound
from duebill.outside.http import HttpRequest, HttpResponse
from sandbox.pipedrive import seed as sample
from tests.fakes.pipedrive import PipedriveWorld, StillClock

COMPANY_URL = "https://acme.pipedrive.com"
DEAL = {"id": 1, "title": "T", "value": 1, "currency": "EUR", "status": "open"}
LINE = {"id": 1, "product_id": 2, "product_variation_id": 3, "name": "Licence", "quantity": 1, "item_price": 10}
REFUSED = {"success": False, "error": "You do not have permissions to do this."}


@dataclass
class ScriptedHttp:
    """outside.http.Http whose answers the test writes: the path after the base in, status and data out."""

    script: Callable[[str], tuple[int, object]]
    next_cursor: str | None = None
    requests: list[HttpRequest] = field(default_factory=list)

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        status, data = self.script(request.url.partition("/api/")[2])
        envelope = {"success": True, "data": data, "additional_data": {"next_cursor": self.next_cursor}}
        return HttpResponse(status, {}, json.dumps(envelope if status == 200 else data).encode())


class OneToken:
    """ports.AccessTokens with a token that nobody refuses."""

    def current(self) -> str:
        return "token-of-acme"

    def instead_of(self, refused: str) -> str:
        raise AssertionError(refused)


def opened(http: ScriptedHttp, api_url: str | None = None) -> PipedriveCrm:
    return PipedriveCrm(http, OneToken(), StillClock(), company_url=COMPANY_URL, api_url=api_url)


def content_script(**refused: int) -> Callable[[str], tuple[int, object]]:
    """A deal with one line; the endpoints whose last word is named answer with that status."""

    def script(path: str) -> tuple[int, object]:
        word = path.rsplit("/", 1)[-1]
        if word in refused:
            return refused[word], REFUSED
        if path == "v2/deals/1":
            return 200, DEAL
        return 200, [LINE] if path == "v2/deals/1/products" else []

    return script


def test_calls_go_to_the_companys_own_address_with_the_users_token() -> None:
    http = ScriptedHttp(lambda _: (200, DEAL))
    opened(http).deal(DealId(1))
    (request,) = http.requests
    assert (request.method, request.url) == ("GET", f"{COMPANY_URL}/api/v2/deals/1")
    assert request.headers["authorization"] == "Bearer token-of-acme"
    assert "token-of-acme" not in repr(request)


def test_another_address_can_stand_in_for_it() -> None:
    http = ScriptedHttp(lambda _: (200, DEAL))
    opened(http, "http://127.0.0.1:9/").deal(DealId(1))
    assert http.requests[0].url == "http://127.0.0.1:9/api/v2/deals/1"


def test_the_newest_notes_are_asked_for() -> None:
    http = ScriptedHttp(lambda _: (200, None))
    assert opened(http).notes(DealId(1)) == ()
    assert http.requests[0].params == {"deal_id": "1", "limit": "100", "sort": "id DESC"}


def test_a_list_without_end_is_refused_rather_than_cut() -> None:
    http = ScriptedHttp(lambda path: (200, DEAL if path == "v2/deals/1" else []), next_cursor="more")
    crm = opened(http)
    with pytest.raises(DuebillError) as problem:
        crm.content(crm.deal(DealId(1)))
    assert problem.value.code == "crm_too_much"
    assert len(http.requests) == 1 + 10


def test_of_a_long_catalogue_five_pages_are_looked_at() -> None:
    http = ScriptedHttp(lambda _: (200, [{"id": 1, "tax": 20}]), next_cursor="more")
    assert opened(http).tax_rates() == ("20",)
    assert [request.params.get("cursor") for request in http.requests] == [None, "more", "more", "more", "more"]


def test_products_are_asked_for_a_hundred_at_a_time() -> None:
    lines = [{**LINE, "id": n, "product_id": n, "product_variation_id": None} for n in range(1, 252)]

    def script(path: str) -> tuple[int, object]:
        return 200, DEAL if path == "v2/deals/1" else lines if path == "v2/deals/1/products" else []

    http = ScriptedHttp(script)
    crm = opened(http)
    crm.content(crm.deal(DealId(1)))
    asked = [request.params["ids"].split(",") for request in http.requests if request.url.endswith("/v2/products")]
    assert [len(ids) for ids in asked] == [100, 100, 51]
    assert sorted(int(number) for ids in asked for number in ids) == list(range(1, 252))


def test_who_may_not_see_the_catalogue_still_gets_the_lines() -> None:
    crm = opened(ScriptedHttp(content_script(variations=403)))
    assert crm.content(crm.deal(DealId(1))).products[0].name == "Licence"

    def script(path: str) -> tuple[int, object]:
        return (403, REFUSED) if path.startswith("v2/products") else content_script()(path)

    crm = opened(ScriptedHttp(script))
    (line,) = crm.content(crm.deal(DealId(1))).products
    assert (line.name, line.code) == ("Licence", "")


@pytest.mark.parametrize("part", ["installments", "discounts", "products"])
def test_instalments_and_discounts_that_cannot_be_read_are_not_taken_for_none(part: str) -> None:
    crm = opened(ScriptedHttp(content_script(**{part: 403})))
    deal = crm.deal(DealId(1))
    with pytest.raises(NotFound):
        crm.content(deal)


def test_a_person_alone_who_is_hidden_is_no_buyer() -> None:
    world = PipedriveWorld()
    world.simulator.companies[sample.COMPANY].persons[sample.PERSON_ALONE].update(visible_to=1)
    crm = world.crm(sample.CID)
    with pytest.raises(NotFound) as refusal:
        crm.buyer(crm.deal(DealId(sample.DEAL_PERSON_ONLY)))
    assert refusal.value.code == "buyer_hidden"
