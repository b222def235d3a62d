"""docs/parity.md names tests that exist, and says of every function which test shows it or why it is not there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [line for line in (ROOT / "docs/parity.md").read_text().splitlines() if line.startswith("| ")][1:]
NAMED = sorted({name for row in ROWS for name in re.findall(r"`(tests/[\w/]+\.py::\w+)`", row)})


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_exists(name: str) -> None:
    file, _, function = name.partition("::")
    found = ast.walk(ast.parse((ROOT / file).read_text()))
    assert function in {node.name for node in found if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_function_has_a_test_or_a_reason(row: str) -> None:
    _, function, quickbooks, xero, shown, _ = row.split("|")
    assert function.strip()
    assert {quickbooks.strip(), xero.strip()} <= {"yes", "no", "not yet"}
    if "yes" in quickbooks + xero:
        assert "::test_" in shown
    if "no" in quickbooks + xero:
        assert re.sub(r"`[^`]+`", "", shown).strip(" ,;."), "a reason in words"
