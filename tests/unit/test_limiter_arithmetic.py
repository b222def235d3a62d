"""Windows, days and months: who may ask when."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from duebill.crm.pipedrive.limits import PipedriveRules
from duebill.domain.ids import CompanyId
from duebill.domain.limits import (
    BLOCK,
    Ask,
    Asker,
    DayLeft,
    Level,
    Meter,
    Window,
    completes_block,
    month_of,
    month_wait,
    pace,
)
from duebill.outside.http import HttpRequest
from duebill.providers.quickbooks.limits import BATCHES, CALLS, READS_A_MONTH

NOW = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
[BURST] = PipedriveRules(CompanyId(7), {}).ask(HttpRequest("GET", "https://pipedrive.test/")).windows
WINDOWS = [CALLS, BATCHES, BURST, Window("x", 2, 480, 288)]
PERSON, MACHINE = Asker.PERSON, Asker.MACHINE


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311  the same cases each time, no secrets


def made_by_many(window: Window, asker: Asker, random: Random) -> list[datetime]:
    """When calls were permitted to a crowd that tries at random moments, in swarms and pauses."""
    counts: Counter[int] = Counter()
    at, permitted = NOW, []
    for _ in range(max(3000, 30 * window.most)):
        at += timedelta(seconds=random.choice([0, 0, 0, 0, 0.4, 1.7]) * window.seconds / window.most)
        at += timedelta(seconds=2 * window.seconds if random.random() < 1 / window.most / 5 else 0)
        if Meter({window.name: counts}).wait(Ask((window,)), asker, at) <= 0:
            counts[window.number(at)] += 1
            permitted.append(at)
    return permitted


def busiest(moments: list[datetime], stretch: timedelta) -> int:
    """The most moments in any stretch of time."""
    most = start = 0
    for end, moment in enumerate(moments):
        while moment - moments[start] >= stretch:
            start += 1
        most = max(most, end - start + 1)
    return most


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: f"{window.most}-in-{window.seconds}s")
@pytest.mark.parametrize("asker", Asker)
def test_no_stretch_of_time_holds_more_calls_than_the_limit(window: Window, asker: Asker) -> None:
    limit = window.most if asker is PERSON else window.for_machines
    permitted = made_by_many(window, asker, dice(window.most))
    assert limit * 0.8 <= busiest(permitted, timedelta(seconds=window.seconds)) <= limit


def test_ten_a_second_are_less_than_five_hundred_a_minute() -> None:
    permitted = made_by_many(CALLS, PERSON, dice(1))
    assert busiest(permitted, timedelta(minutes=1)) <= 310


def test_a_refused_call_is_welcome_after_the_wait_it_was_told() -> None:
    random = dice(2)
    for _ in range(500):
        window, asker = random.choice(WINDOWS), random.choice(list(Asker))
        number = window.number(NOW)
        counts = {number: random.randint(0, window.most), number - 1: random.randint(0, window.most)}
        meter, ask = Meter({window.name: counts}), Ask((window,))
        at = NOW + timedelta(seconds=random.random() * window.seconds * 0.99)
        wait = meter.wait(ask, asker, at)
        if wait > 0:
            assert meter.wait(ask, asker, at + timedelta(seconds=wait, microseconds=1)) <= 0
            assert wait <= 2 * window.seconds


def test_machines_stop_while_people_go_on() -> None:
    busy = Meter({CALLS.name: {CALLS.number(NOW): CALLS.for_machines}})
    assert busy.wait(Ask((CALLS,)), MACHINE, NOW) > 0
    assert busy.wait(Ask((CALLS,)), PERSON, NOW) == 0


def test_every_window_of_a_call_counts() -> None:
    full = Meter({BATCHES.name: {BATCHES.number(NOW): 40}})
    assert full.wait(Ask((CALLS,)), PERSON, NOW) == 0
    assert full.wait(Ask((CALLS, BATCHES)), PERSON, NOW) > 0


def test_nobody_asks_while_held() -> None:
    held = Meter(held_until=NOW + timedelta(seconds=60))
    assert held.wait(Ask((CALLS,)), PERSON, NOW) == 60
    assert held.wait(Ask((CALLS,)), PERSON, NOW + timedelta(seconds=60)) == 0


def day(left: int, at: datetime = NOW) -> DayLeft:
    return DayLeft(left, 3000, 20, at)


@pytest.mark.parametrize(
    ("left", "level", "person", "machine"),
    [
        (30_000, Level.PLENTY, 0, 0),
        (3000, Level.PLENTY, 0, 0),
        (2999, Level.LOW, 0, 3600),
        (20, Level.LOW, 0, 3600),
        (19, Level.SPENT, 900, 3600),
        (0, Level.SPENT, 900, 3600),
    ],
)
def test_the_last_of_the_day_is_for_people(left: int, level: Level, person: float, machine: float) -> None:
    assert day(left).level is level
    assert (day(left).wait(PERSON, NOW), day(left).wait(MACHINE, NOW)) == (person, machine)


def test_a_poor_day_is_not_believed_for_ever() -> None:
    assert day(0).wait(PERSON, NOW + timedelta(minutes=15)) == 0
    assert day(0).wait(MACHINE, NOW + timedelta(minutes=59)) == 60
    assert day(0).wait(MACHINE, NOW + timedelta(hours=1)) == 0


def test_others_hear_only_what_changes_something() -> None:
    later = NOW + timedelta(minutes=5)
    assert not day(20_000).is_news(None)
    assert not day(10_000, later).is_news(day(20_000))
    assert day(2000).is_news(None)
    assert day(2000, later).is_news(day(20_000))
    assert not day(1500, NOW + timedelta(minutes=4)).is_news(day(2000))
    assert day(1500, later).is_news(day(2000))
    assert day(10, NOW).is_news(day(2000))
    assert day(30_000, later).is_news(day(10))


@pytest.mark.parametrize(
    ("used", "factor", "machine"),
    [(0, 1, 0), (399_999, 1, 0), (400_000, 2, 0), (474_999, 2, 0), (475_000, 2, 3600), (600_000, 2, 3600)],
)
def test_late_in_the_months_reads_machines_slow_down_and_then_stop(used: int, factor: int, machine: float) -> None:
    assert pace(used, READS_A_MONTH) == factor
    assert month_wait(used, READS_A_MONTH, MACHINE) == machine
    assert month_wait(used, READS_A_MONTH, PERSON) == 0


def test_blocks_count_the_few_reads_of_many_as_well_as_the_many_of_a_few() -> None:
    random = dice(3)
    for reads in (1, 7, 49, 50, 1234):
        tenants = 20_000 if reads < 100 else 500
        counted = sum(
            BLOCK
            for phase in (random.randrange(BLOCK) for _ in range(tenants))
            for read in range(1, reads + 1)
            if completes_block(read, phase)
        )
        assert counted == pytest.approx(reads * tenants, rel=0.05)


def test_a_month_is_one_in_utc() -> None:
    assert month_of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == "202612"
    assert month_of(datetime.fromisoformat("2027-01-01T00:30:00+02:00")) == "202612"
