"""The Http that asks before it sends, and what the two systems' answers say about limits."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from duebill.crm.pipedrive.limits import PipedriveRules
from duebill.domain.connection import Provider
from duebill.domain.ids import CompanyId, TenantId
from duebill.domain.limits import Ask, Asker, BooksLimit, CrmLimit, DayLeft, Limited, Permit
from duebill.errors import DuebillError, LimitReached, TryLater
from duebill.outside.http import HttpRequest, HttpResponse
from duebill.outside.limited import ForgivingLimiter, Heard, LimitedHttp, Silence
from duebill.providers.quickbooks.limits import BATCHES, CALLS, READS_A_MONTH, QuickBooksRules
from duebill.providers.xero.limits import XeroRules
from tests.fakes.memory_limiter import MemoryLimiter
from tests.fakes.still_clock import StillClock

BOOKS = BooksLimit(Provider.QUICKBOOKS, TenantId("1"))
CRM = CrmLimit(CompanyId(7))
GET = HttpRequest("GET", "https://quickbooks.test/v3/company/1/customer/5")
PERSON, MACHINE = Asker.PERSON, Asker.MACHINE


@dataclass
class Wire:
    """Answers as told, 200 when nothing is told any more; when each call came."""

    clock: StillClock
    answers: list[HttpResponse] = field(default_factory=list)
    sent: list[datetime] = field(default_factory=list)

    def send(self, request: HttpRequest) -> HttpResponse:
        self.sent.append(self.clock.now())
        return self.answers.pop(0) if self.answers else HttpResponse(200, body=b"{}")


class Bench:
    def __init__(self) -> None:
        self.clock = StillClock()
        self.wire = Wire(self.clock)
        self.limiter = MemoryLimiter()
        self.bursts: dict[CompanyId, int] = {}

    def books(self, asker: Asker = PERSON) -> LimitedHttp:
        return LimitedHttp(self.wire, self.limiter, BOOKS, QuickBooksRules(), asker, self.clock, lambda: 0.0)

    def xero(self, tenant: str = "A", asker: Asker = PERSON, calls_a_day: int = 5000) -> LimitedHttp:
        limited, rules = BooksLimit(Provider.XERO, TenantId(tenant)), XeroRules(calls_a_day)
        return LimitedHttp(self.wire, self.limiter, limited, rules, asker, self.clock, lambda: 0.0)

    def crm(self, asker: Asker = PERSON) -> LimitedHttp:
        rules = PipedriveRules(CRM.company, self.bursts)
        return LimitedHttp(self.wire, self.limiter, CRM, rules, asker, self.clock, lambda: 0.0)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def fill(http: LimitedHttp, calls: int) -> None:
    for _ in range(calls):
        http.send(GET)


def test_a_person_waits_a_moment_rather_than_being_refused(bench: Bench) -> None:
    fill(bench.books(), 11)
    assert len(bench.wire.sent) == 11
    assert bench.clock.slept == [2]


def test_a_wait_that_is_too_long_is_a_refusal_that_says_how_long_and_nothing_is_sent(bench: Bench) -> None:
    bench.limiter.hold(BOOKS, bench.clock.now() + timedelta(seconds=33.5))
    with pytest.raises(LimitReached) as refused:
        bench.books().send(GET)
    assert refused.value.retry_after == 34
    assert "QuickBooks" in refused.value.message
    assert (bench.wire.sent, bench.clock.slept) == ([], [])


def test_patience_ends_for_those_who_are_never_let_in(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.limiter, "take", lambda *_: Permit(wait=1.0))
    with pytest.raises(LimitReached):
        bench.books().send(GET)
    assert sum(bench.clock.slept) <= 4
    with pytest.raises(LimitReached):
        bench.books(MACHINE).send(GET)
    assert sum(bench.clock.slept) <= 6


def test_nobody_waits_when_the_invocation_is_about_to_end(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench.books(), 10)
    monkeypatch.setattr(bench.clock, "time_left", lambda: 11.5)
    with pytest.raises(LimitReached):
        bench.books().send(GET)
    assert bench.clock.slept == []


def test_machines_wait_while_people_are_served(bench: Bench) -> None:
    fill(bench.books(), CALLS.for_machines)
    fill(bench.books(), 1)
    assert bench.clock.slept == []
    fill(bench.books(MACHINE), 1)
    assert bench.clock.slept == [2]


def test_a_429_of_quickbooks_holds_everybody_for_a_minute_and_is_not_sent_again(bench: Bench) -> None:
    bench.wire.answers = [HttpResponse(429)]
    assert bench.books().send(GET).status == 429
    with pytest.raises(LimitReached) as refused:
        bench.books().send(GET)
    assert refused.value.retry_after == 60
    assert len(bench.wire.sent) == 1
    bench.clock.move(seconds=60)
    assert bench.books().send(GET).status == 200


@pytest.mark.parametrize(
    ("answer", "hold"),
    [
        (HttpResponse(200, body=b"{}"), 0),
        (HttpResponse(429), 60),
        (HttpResponse(429, {"retry-after": "90"}), 90),
        (HttpResponse(429, {"retry-after": "5"}), 60),
        (HttpResponse(403, body=b'{"fault": {"error": [{"code": "3001"}]}}'), 60),
        (HttpResponse(403, body=b'{"fault": {"error": [{"code": "3100"}]}}'), 0),
        (HttpResponse(403, body=b"<html>"), 0),
        (HttpResponse(500), 0),
    ],
)
def test_what_quickbooks_answers_say(answer: HttpResponse, hold: float) -> None:
    assert QuickBooksRules().heard(answer, StillClock().now()) == Heard(hold=hold)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "customer/5", Ask((CALLS,), READS_A_MONTH)),
        ("GET", "query", Ask((CALLS,), READS_A_MONTH)),
        ("POST", "query", Ask((CALLS,), READS_A_MONTH)),
        ("POST", "batch", Ask((CALLS, BATCHES), READS_A_MONTH)),
        ("GET", "cdc", Ask((CALLS,), READS_A_MONTH)),
        ("GET", "invoice/5/pdf", Ask((CALLS,), READS_A_MONTH)),
        ("POST", "invoice", Ask((CALLS,))),
        ("POST", "customer", Ask((CALLS,))),
    ],
)
def test_reads_are_metered_and_writes_are_free(method: str, path: str, expected: Ask) -> None:
    assert QuickBooksRules().ask(HttpRequest(method, f"https://q.test/v3/company/1/{path}?minorversion=75")) == expected


def pipedrive(status: int = 200, body: bytes = b"{}", **headers: str) -> HttpResponse:
    return HttpResponse(status, {f"x-{name.replace('_', '-')}": value for name, value in headers.items()}, body)


def day_headers(left: int) -> dict[str, str]:
    return {"daily_ratelimit_token_limit": "30000", "daily_ratelimit_token_remaining": str(left)}


def test_the_burst_is_what_pipedrives_answers_say_it_is(bench: Bench) -> None:
    bench.wire.answers = [pipedrive(ratelimit_limit="3", ratelimit_remaining="2")]
    crm = bench.crm()
    fill(crm, 3)
    assert bench.clock.slept == []
    fill(crm, 1)
    assert bench.clock.slept, "three in two seconds, not eighty"
    bench.wire.answers = [pipedrive(ratelimit_limit="160")]
    fill(crm, 1)
    assert bench.bursts == {CRM.company: 160}


def test_a_header_that_says_nothing_is_left_wins_over_a_count_that_says_otherwise(bench: Bench) -> None:
    bench.wire.answers = [pipedrive(ratelimit_limit="80", ratelimit_remaining="0", ratelimit_reset="2")]
    fill(bench.crm(), 2)
    assert bench.clock.slept == [2]


def test_a_429_of_two_seconds_is_sent_again_once_and_others_hold_back_too(bench: Bench) -> None:
    bench.wire.answers = [pipedrive(429, ratelimit_reset="2")]
    assert bench.crm().send(GET).status == 200
    assert bench.clock.slept == [2]
    bench.wire.answers = [pipedrive(429, ratelimit_reset="1")] * 3
    assert bench.crm().send(GET).status == 429
    assert len(bench.wire.sent) == 4
    assert not bench.limiter.take(CRM, Ask(()), PERSON, bench.clock.now()).is_granted


def test_a_429_is_not_sent_again_when_time_is_short(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.clock, "time_left", lambda: 11.0)
    bench.wire.answers = [pipedrive(429, ratelimit_reset="2")]
    assert bench.crm().send(GET).status == 429
    assert len(bench.wire.sent) == 1


def test_the_last_tenth_of_pipedrives_day_is_for_people(bench: Bench) -> None:
    bench.wire.answers = [pipedrive(**day_headers(3000)), pipedrive(**day_headers(2999))]
    fill(bench.crm(MACHINE), 2)
    with pytest.raises(LimitReached) as refused:
        bench.crm(MACHINE).send(GET)
    assert refused.value.retry_after == 3600
    fill(bench.crm(), 5)
    assert len(bench.wire.sent) == 7


def test_a_spent_day_stops_everybody_before_pipedrive_has_to(bench: Bench) -> None:
    bench.wire.answers = [pipedrive(**day_headers(19))]
    bench.crm().send(GET)
    for asker in Asker:
        with pytest.raises(LimitReached):
            bench.crm(asker).send(GET)
    assert len(bench.wire.sent) == 1
    bench.clock.move(minutes=15)
    bench.wire.answers = [pipedrive(**day_headers(30_000))]
    fill(bench.crm(), 1)
    fill(bench.crm(MACHINE), 1)


def test_a_429_for_the_day_is_no_burst(bench: Bench) -> None:
    bench.wire.answers = [pipedrive(429, ratelimit_reset="1", **day_headers(0))]
    assert bench.crm().send(GET).status == 429
    assert (len(bench.wire.sent), bench.clock.slept) == (1, [])
    with pytest.raises(LimitReached):
        bench.crm().send(GET)


def test_cloudflares_page_holds_everybody_for_a_minute(bench: Bench) -> None:
    bench.wire.answers = [pipedrive(403, b"\n<!doctype html>")]
    bench.crm().send(GET)
    with pytest.raises(LimitReached) as refused:
        bench.crm().send(GET)
    assert refused.value.retry_after == 60
    bench.clock.move(seconds=60)
    bench.wire.answers = [pipedrive(403, b'{"success": false}')]
    fill(bench.crm(), 2)


class Counting(MemoryLimiter):
    """Counts what would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0

    def take(self, limited: Limited, ask: Ask, asker: Asker, now: datetime) -> Permit:
        self.writes += 1
        return super().take(limited, ask, asker, now)

    def note_day(self, limited: Limited, day: DayLeft) -> None:
        self.writes += 1
        super().note_day(limited, day)

    def hold(self, limited: Limited, until: datetime) -> None:
        self.writes += 1
        super().hold(limited, until)


def test_answers_that_change_nothing_cost_no_write(bench: Bench) -> None:
    bench.limiter = counting = Counting()
    answers = [
        pipedrive(ratelimit_limit="80", ratelimit_remaining="40", **day_headers(n)) for n in range(9000, 8950, -1)
    ]
    bench.wire.answers = answers
    fill(bench.crm(), 50)
    assert counting.writes == 50


# --- a limiter that does not answer ---------------------------------------------------------------------------------


class Silent(MemoryLimiter):
    """Answers nothing but errors."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def take(self, limited: Limited, ask: Ask, asker: Asker, now: datetime) -> Permit:
        self.asked += 1
        raise TryLater("no answer")

    def reads_used(self, provider: Provider, now: datetime) -> int:
        raise TryLater("no answer")

    def _fail(self, *_: object) -> None:
        raise TryLater("no answer")

    hold = note_day = _fail  # type: ignore[assignment]  # both fail alike


def test_calls_pass_while_the_limiter_is_silent_and_it_is_left_in_peace(bench: Bench) -> None:
    silent, told = Silent(), list[DuebillError]()
    bench.limiter = ForgivingLimiter(silent, Silence(), told.append)  # type: ignore[assignment]  # another limiter
    bench.wire.answers = [HttpResponse(429)]
    fill(bench.books(), 30)
    assert len(bench.wire.sent) == 30
    assert silent.asked == 1
    assert len(told) == 2, "of the permit and of the hold"
    bench.clock.move(seconds=10)
    fill(bench.books(), 1)
    assert silent.asked == 2


def test_no_answer_about_the_month_is_an_ordinary_month(bench: Bench) -> None:
    forgiving = ForgivingLimiter(Silent(), Silence(), lambda _: None)
    assert forgiving.reads_used(Provider.QUICKBOOKS, bench.clock.now()) == 0


def test_what_the_limiter_behind_says_is_what_counts(bench: Bench) -> None:
    behind = MemoryLimiter()
    forgiving = ForgivingLimiter(behind, Silence(), lambda _: None)
    forgiving.hold(BOOKS, bench.clock.now() + timedelta(seconds=5))
    assert forgiving.take(BOOKS, Ask(()), PERSON, bench.clock.now()).wait == 5


# --- Xero -----------------------------------------------------------------------------------------------------------


def test_xero_is_asked_sixty_times_a_minute_for_one_organisation_and_no_more(bench: Bench) -> None:
    fill(bench.xero(), 60)
    with pytest.raises(LimitReached):
        bench.xero().send(GET)
    assert len(bench.wire.sent) == 60
    bench.xero("B").send(GET)


def test_of_xeros_minute_a_third_is_kept_for_people(bench: Bench) -> None:
    fill(bench.xero(asker=MACHINE), 40)
    with pytest.raises(LimitReached):
        bench.xero(asker=MACHINE).send(GET)
    fill(bench.xero(), 20)


@pytest.mark.parametrize(("calls_a_day", "left", "may"), [(5000, 999, False), (5000, 1000, True), (1000, 200, True)])
def test_a_fifth_of_xeros_day_is_kept_for_people_whatever_the_plan(
    bench: Bench, calls_a_day: int, left: int, *, may: bool
) -> None:
    bench.wire.answers = [HttpResponse(200, {"x-daylimit-remaining": str(left)}, b"{}")]
    bench.xero(calls_a_day=calls_a_day).send(GET)
    bench.xero(calls_a_day=calls_a_day).send(GET)
    if may:
        bench.xero(asker=MACHINE, calls_a_day=calls_a_day).send(GET)
        return
    with pytest.raises(LimitReached):
        bench.xero(asker=MACHINE, calls_a_day=calls_a_day).send(GET)


def test_nobody_asks_xero_once_the_day_is_spent(bench: Bench) -> None:
    bench.wire.answers = [HttpResponse(200, {"x-daylimit-remaining": "7"}, b"{}")]
    bench.xero().send(GET)
    with pytest.raises(LimitReached) as refused:
        bench.xero().send(GET)
    assert refused.value.retry_after == 900


def test_a_429_about_the_app_rests_all_organisations(bench: Bench) -> None:
    bench.wire.answers = [HttpResponse(429, {"x-rate-limit-problem": "AppMinute", "retry-after": "26"})]
    assert bench.xero("A").send(GET).status == 429
    with pytest.raises(LimitReached) as refused:
        bench.xero("B").send(GET)
    assert refused.value.retry_after == 26
    bench.books().send(GET)


def test_an_app_that_is_nearly_used_up_rests_a_little(bench: Bench) -> None:
    bench.wire.answers = [HttpResponse(200, {"x-appminlimit-remaining": "249"}, b"{}")]
    bench.xero("A").send(GET)
    with pytest.raises(LimitReached):
        bench.xero("B").send(GET)
    bench.clock.move(seconds=10)
    bench.xero("B").send(GET)


def test_too_many_calls_of_xero_at_once_are_sent_again_once(bench: Bench) -> None:
    bench.wire.answers = [HttpResponse(429, {"x-rate-limit-problem": "concurrent"})]
    assert bench.xero().send(GET).status == 200
    assert (len(bench.wire.sent), bench.clock.slept) == (2, [2])


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (HttpResponse(200, {"x-minlimit-remaining": "59", "x-appminlimit-remaining": "9999"}), Heard()),
        (HttpResponse(200, {"x-minlimit-remaining": "0"}), Heard(hold=10)),
        (HttpResponse(429, {"x-rate-limit-problem": "minute", "retry-after": "26"}), Heard(hold=26)),
        (HttpResponse(429, {"x-rate-limit-problem": "day", "retry-after": "40000"}), Heard(hold=40000)),
        (HttpResponse(429, {"x-rate-limit-problem": "day"}), Heard(hold=3600)),
        (HttpResponse(429), Heard(hold=60)),
        (HttpResponse(503), Heard()),
    ],
)
def test_what_xeros_answers_say(answer: HttpResponse, heard: Heard) -> None:
    assert XeroRules().heard(answer, StillClock().now()) == heard
