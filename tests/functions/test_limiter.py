"""The limits, over HTTP and with the simulators: nobody has to be told 429, and people come before machines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from duebill.domain.connection import Provider
from duebill.domain.due import DueId, DueKind
from duebill.domain.ids import CompanyId
from duebill.domain.limits import Asker
from duebill.runtime.background import asker_of
from duebill.runtime.limits import background_pace
from duebill.storage.limiter import DynamoLimiter
from sandbox.pipedrive import seed
from tests.fakes.office import Office

NOTES = "/notes"


def outside_calls(office: Office) -> int:
    """Calls so far that have limits: all but those for tokens."""
    told = (*office.tabletop.quickbooks.faults.calls, *office.tabletop.pipedrive.faults.calls)
    return sum("oauth" not in call and "token" not in call for call in told)


def books_calls(office: Office) -> list[str]:
    return [call for call in office.tabletop.quickbooks.faults.calls if "/v3/" in call]


@contextmanager
def table_hook(office: Office, hook: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Call `hook` with each update of a limiter's item before it is sent."""

    def on_call(params: dict[str, Any], **_: object) -> None:
        key = params["Key"]
        if "LIMIT" in key["pk"]["S"] + key["sk"]["S"]:
            hook(params)

    events = office.tabletop.cloud.dynamodb.meta.events
    events.register("before-parameter-build.dynamodb.UpdateItem", on_call)
    try:
        yield
    finally:
        events.unregister("before-parameter-build.dynamodb.UpdateItem", on_call)


@contextmanager
def turned_away(office: Office) -> Iterator[list[int]]:
    """The 429s that the simulators answer, and nothing else of theirs."""
    seen: list[int] = []
    simulators: list[Any] = [office.tabletop.quickbooks, office.tabletop.pipedrive]
    around = [simulator.faults.around for simulator in simulators]
    for simulator, real in zip(simulators, around, strict=True):

        def watch(request: Any, handle: Any, real: Any = real) -> Any:  # noqa: ANN401  passed on
            answer = real(request, handle)
            seen.extend([answer.status] if answer.status == 429 else [])
            return answer

        simulator.faults.around = watch
    try:
        yield seen
    finally:
        for simulator, real in zip(simulators, around, strict=True):
            simulator.faults.around = real


def rest(office: Office) -> None:
    """Two minutes in which nobody does anything."""
    office.tabletop.clock.push(timedelta(minutes=2))


def test_a_storm_of_presses_is_never_told_429(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """All at one moment; time passes only where the limiter lets somebody wait."""
    tabletop = office.tabletop
    rest(office)
    when: list[datetime] = []
    count = tabletop.quickbooks.limits.count

    def counted(realm: str, now: datetime, *, batch: bool) -> None:
        when.append(now)
        count(realm, now, batch=batch)

    monkeypatch.setattr(tabletop.quickbooks.limits, "count", counted)
    monkeypatch.setattr(tabletop.pipedrive.limits, "burst", 12)
    search = f"/connections/{office.us}/customers?query=a"
    with turned_away(office) as seen:
        answers = [
            tabletop.api("GET", path)
            for _ in range(14)
            for path in (f"/deals/{seed.DEAL_US_SIMPLE}", search, f"/deals/{seed.DEAL_US_SIMPLE}/invoices")
        ]
    assert seen == []
    assert len(when) >= 14
    for moment in when:
        assert sum(moment <= other < moment + timedelta(seconds=1) for other in when) <= 10
    for answer in answers:
        assert answer.status in (200, 503), answer
        assert answer.status == 200 or int(answer.headers["retry-after"]) >= 1
    assert [answer.status for answer in answers].count(200) >= 20


def test_without_the_limiter_the_same_storm_meets_429(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The storm is strong enough to show something."""
    rest(office)
    monkeypatch.setattr(office.tabletop.pipedrive.limits, "burst", 12)
    monkeypatch.setattr("duebill.outside.limited.LimitedHttp._permit", lambda *_: None)
    monkeypatch.setattr("duebill.outside.limited.LimitedHttp._note", lambda *_: None)
    monkeypatch.setattr("duebill.outside.limited.LimitedHttp._waited", lambda *_: False)
    with turned_away(office) as seen:
        for _ in range(14):
            office.tabletop.api("GET", f"/deals/{seed.DEAL_US_SIMPLE}")
    assert seen


def test_each_outside_call_costs_one_write_and_tokens_none(office: Office) -> None:
    writes: list[str] = []
    office.tabletop.pass_time(hours=2, run=False)  # all access tokens end
    before = outside_calls(office)
    with table_hook(office, lambda params: writes.append(params["Key"]["sk"]["S"])):
        draft, basis = office.draft(seed.DEAL_US_SIMPLE, office.us)
        draft["tax_handling"] = "exclusive"
        draft["lines"][0]["tax_code"] = "TAX"
        assert office.create(seed.DEAL_US_SIMPLE, draft, basis).status == 201
    blocks = sum(sk.startswith("MONTH") for sk in writes)
    assert outside_calls(office) - before == len(writes) - blocks
    assert blocks <= 1


def test_a_429_keeps_everybody_from_asking_for_a_minute(office: Office) -> None:
    search = f"/connections/{office.us}/customers?query=a"
    office.tabletop.fault(office.tabletop.quickbooks, "status", where=r"/v3/", status=429)
    first = office.api("GET", search)
    assert (first.status, first.headers["retry-after"]) == (503, "60"), first
    calls = len(books_calls(office))
    second = office.api("GET", search)
    assert (second.status, second.json["code"]) == (503, "limit_reached"), second
    assert 50 <= int(second.headers["retry-after"]) <= 60
    assert len(books_calls(office)) == calls
    assert office.api("GET", f"/connections/{office.uk}/customers?query=a").status == 200, "other books are not held"
    rest(office)
    assert office.api("GET", search).status == 200


def test_a_press_while_the_books_are_held_is_no_unknown_outcome_and_is_made_later(office: Office) -> None:
    deal = seed.DEAL_UK_DISCOUNTS
    draft, basis = office.draft(deal, office.uk)
    before = office.invoices_in_books()
    office.api("POST", f"/deals/{deal}/draft/preview", json=draft)
    office.tabletop.fault(office.tabletop.quickbooks, "status", where=r"/v3/", status=429)
    assert office.api("GET", f"/connections/{office.uk}/customers?query=b").status == 503
    answer = office.create(deal, draft, basis)
    assert answer.status == 202, answer
    assert office.api("GET", answer.headers["location"]).json["state"] == "being_created"
    office.tabletop.pass_time(seconds=70)
    office.tabletop.pass_time(seconds=70)
    assert office.api("GET", answer.headers["location"]).json["state"] == "made"
    assert office.invoices_in_books() == before + 1


def test_the_last_of_pipedrives_day_is_for_people(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    tabletop, deal = office.tabletop, seed.DEAL_LONG_TEXTS
    company = tabletop.pipedrive.companies[seed.COMPANY]
    draft, basis = office.draft(deal)
    tabletop.fault(tabletop.pipedrive, "drop_before", where=r"POST .*/notes$")
    assert office.create(deal, draft, basis).status == 201
    monkeypatch.setattr(company, "daily_budget", 3000)
    today = (company.id, tabletop.clock.now().date())
    tabletop.pipedrive.limits.spent[today] = 3000 - 250
    assert office.api("GET", f"/deals/{deal}/invoices").status == 200
    notes = sum(NOTES in call for call in tabletop.pipedrive.faults.calls)
    for _ in range(3):
        tabletop.pass_time(seconds=200)
    assert sum(NOTES in call for call in tabletop.pipedrive.faults.calls) == notes, "the machine holds back"
    assert office.api("GET", f"/deals/{deal}/invoices").status == 200, "people do not"
    tabletop.pipedrive.limits.spent[today] = 0
    tabletop.pass_time(hours=1)
    tabletop.pass_time(minutes=3)
    assert sum(NOTES in call for call in tabletop.pipedrive.faults.calls) > notes
    links = tabletop.wiring().invoices.links(seed.COMPANY, deal)
    assert [link.note is not None and "Status: " in (link.note_shows or "") for link in links] == [True]
    assert tabletop.failures == []


def month(office: Office, used: int) -> None:
    """What the app's count of this month says."""
    name = office.tabletop.clock.now().strftime("%Y%m")
    item = {"pk": {"S": "LIMIT#quickbooks"}, "sk": {"S": f"MONTH#{name}"}, "used": {"N": str(used)}, "v": {"N": "1"}}
    office.tabletop.cloud.dynamodb.put_item(TableName=office.tabletop.environment["TABLE_NAME"], Item=item)
    office.tabletop.clock.push(timedelta(minutes=6))


def test_late_in_the_months_reads_machines_slow_down_and_people_go_on(office: Office) -> None:
    tabletop, deal = office.tabletop, seed.DEAL_PERSON_ONLY
    draft, basis = office.draft(deal, office.uk)
    tabletop.fault(tabletop.quickbooks, "drop_after_commit", where=r"POST .*/invoice$")
    answer = office.create(deal, draft, basis)
    assert answer.status == 202, answer
    try:
        month(office, 399_000)
        assert background_pace(tabletop.wiring(), Provider.QUICKBOOKS) == 1
        month(office, 475_000)
        assert background_pace(tabletop.wiring(), Provider.QUICKBOOKS) == 2
        assert office.api("GET", f"/connections/{office.uk}/customers?query=a").status == 200
        tabletop.pass_time(seconds=200)
        made = office.api("GET", answer.headers["location"]).json["state"]
        assert made == "made", "a person's wish is looked up on the month's last day too"
    finally:
        month(office, 0)
    assert tabletop.failures == []


def test_write_backs_ask_as_a_machine_and_pages_as_people(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    askers: list[Asker] = []
    take = DynamoLimiter.take

    def watched(self: Any, limited: Any, ask: Any, asker: Asker, now: datetime) -> Any:  # noqa: ANN401  passed on
        askers.append(asker)
        return take(self, limited, ask, asker, now)

    monkeypatch.setattr(DynamoLimiter, "take", watched)
    deal = seed.DEAL_NO_PRODUCTS
    draft, basis = office.draft(deal)
    office.tabletop.fault(office.tabletop.pipedrive, "drop_before", where=r"POST .*/notes")
    assert office.create(deal, draft, basis).status == 201
    assert set(askers) == {Asker.PERSON}
    askers.clear()
    office.tabletop.pass_time(seconds=400)
    assert set(askers) == {Asker.MACHINE}


def test_when_the_table_does_not_count_calls_pass(office: Office) -> None:
    def fail(params: dict[str, Any]) -> None:
        raise ReadTimeoutError(endpoint_url="the table")

    before = len(books_calls(office))
    with table_hook(office, fail):
        answers = [office.tabletop.api("GET", f"/connections/{office.us}/customers?query=a") for _ in range(12)]
    assert [answer.status for answer in answers] == [200] * 12
    assert len(books_calls(office)) >= before + 12


def test_an_unfinished_intent_asks_for_its_person_and_other_work_for_a_machine() -> None:
    company = CompanyId(1)
    asked = {kind: asker_of(DueId(kind, company)) for kind in DueKind}
    assert asked.pop(DueKind.INTENT) is Asker.PERSON
    assert set(asked.values()) == {Asker.MACHINE}
