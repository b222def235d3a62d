"""`make sabotage` must still find what it takes out: a guard whose text moved on would be missed by nobody, unseen."""

from pathlib import Path

import pytest

from scripts.guards import GUARDS, Guard
from scripts.sabotage import fits

_ROOT = Path(__file__).parents[2]
_GUARDS = pytest.mark.parametrize("guard", GUARDS, ids=[guard.name for guard in GUARDS])


@_GUARDS
def test_a_guard_s_text_stands_in_the_code_once(guard: Guard) -> None:
    assert fits(guard, _ROOT)


@_GUARDS
def test_the_tests_that_must_notice_are_there(guard: Guard) -> None:
    for test in guard.tests:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (_ROOT / file).read_text() if name else (_ROOT / file).is_file()
