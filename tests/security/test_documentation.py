"""docs/security.md says what is tested, and what it names is there."""

import re
from pathlib import Path

from tests.fakes.every_route import matrix

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text()


def test_the_matrix_is_the_one_that_is_tested() -> None:
    assert matrix() in TEXT


def test_every_test_that_is_named_is_there() -> None:
    named = set(re.findall(r"`(tests/[a-z_/]+\.py)`", TEXT))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_every_threat_has_a_test_or_says_why_not() -> None:
    rows = re.findall(r"^\| ([STRIDE]) \| (.+?) \| (.+) \| ?(.*?) ?\|$", TEXT, re.MULTILINE)
    assert len(rows) > 30
    without = [threat for _, threat, guard, test in rows if "tests/" not in test and "No test" not in guard]
    assert without == []
