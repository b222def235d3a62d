"""Many processes at once, on DynamoDB Local, where conditions hold (guarantees §1, §3, §4). `make races` runs these.

The races themselves run in a process of their own (`tests/reliability/crash/racing.py`); here stands what must be true.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from duebill.domain.endings import WhyEnded
from sandbox.dynamodb_local import what_is_missing

Doc = dict[str, Any]
_ROOT = Path(__file__).parents[2]
_LONGEST_SECONDS = 600

if "DUEBILL_RACES" not in os.environ:
    pytest.skip("some two minutes: `make races` runs these", allow_module_level=True)
if missing := what_is_missing():
    pytest.skip(missing, allow_module_level=True)


@pytest.fixture(scope="module")
def found() -> Doc:
    """What came of every race; each is run once."""
    command = [sys.executable, "-m", "tests.reliability.crash.racing"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    results: Doc = {}
    for line in done.stdout.splitlines():
        results |= json.loads(line)
    return results


@pytest.mark.parametrize("whose", ["pipedrive", "books"])
@pytest.mark.parametrize("vendor", ["quickbooks", "xero"])
def test_fifty_processes_on_an_expired_token_make_one_exchange(found: Doc, vendor: str, whose: str) -> None:
    race = found[f"expired_tokens/{vendor}"]
    assert race[whose]["exchanges"] == 1
    assert not race["needs_reconnect"]


@pytest.mark.parametrize("whose", ["pipedrive", "books"])
@pytest.mark.parametrize("vendor", ["quickbooks", "xero"])
def test_nobody_is_told_more_than_to_come_later_while_a_token_is_renewed(found: Doc, vendor: str, whose: str) -> None:
    assert found[f"expired_tokens/{vendor}"][whose]["in_the_end"] == {"200": 50}


def test_of_two_people_who_press_at_once_one_is_told_of_the_other(found: Doc) -> None:
    assert found["two_people/quickbooks"]["first"] == {"201 and 412": 20}


def test_who_was_told_no_makes_the_second_invoice_by_pressing_again(found: Doc) -> None:
    assert found["two_people/quickbooks"]["again"] == {"201": 20}
    assert found["two_people/quickbooks"]["books"] == {"1 after the first": 20, "2 after pressing again": 20}


@pytest.mark.parametrize("vendor", ["quickbooks", "xero"])
def test_one_form_sent_by_ten_processes_at_once_makes_one_invoice(found: Doc, vendor: str) -> None:
    race = found[f"one_key/{vendor}"]
    assert race["books"] == {"1": 5}
    assert set(race["statuses"]) <= {"200", "201", "202"}
    assert race["statuses"]["201"] == 5


def test_each_piece_of_due_work_is_claimed_by_one_of_twenty_dispatchers(found: Doc) -> None:
    assert found["one_due_work/quickbooks"]["claimed"] == 12
    assert found["one_due_work/quickbooks"]["messages_per_piece"] == {"1": 12}
    assert found["one_due_work/quickbooks"]["dispatchers_with_work"] > 1, "nobody raced"


@pytest.mark.parametrize(
    "behaviour",
    [
        "Pipedrive",
        "QuickBooks, young token",
        "QuickBooks, replaced, grace",
        "QuickBooks, replaced, strict",
        "Xero, two organisations",
    ],
)
@pytest.mark.parametrize(
    "step", ["before the lease", "lease taken", "before the exchange", "exchanged", "before it is stored", "stored"]
)
def test_a_holder_of_the_lease_that_ends_leaves_a_renewal_that_is_ended_in_two_minutes(
    found: Doc, behaviour: str, step: str
) -> None:
    cases = [*found["killed_holders/quickbooks"], *found["killed_holders/xero"]]
    [case] = [each for each in cases if (each["behaviour"], each["step"]) == (behaviour, step)]
    assert case["crashed"]
    assert case["bugs"] == []
    assert case["connections"] == (2 if "two organisations" in behaviour else 1)
    if (behaviour, step) in LOST_FOR_GOOD:
        assert case["needs_reconnect"]
        assert case["reason"] == WhyEnded.CUT_OFF
        assert case["status"] == 409
        return
    assert not case["needs_reconnect"]
    assert case["status"] == 200
    assert case["is_renewed"] is (step != "before the lease"), "what is in doubt is ended by due work, and in time"


# Intuit gave a new refresh token that nobody stored, and takes the old one no more: only a person can help.
LOST_FOR_GOOD = {
    ("QuickBooks, replaced, strict", "exchanged"),
    ("QuickBooks, replaced, strict", "before it is stored"),
}
