"""Providers are named where they are known, and nowhere else: what else needs them gets the neutral term."""

import re
from pathlib import Path

import pytest

from duebill.domain.connection import Provider

ROOT = Path(__file__).parents[2]
# The enums, the registry, and where the environment is read. Comments may cite a page of facts by its file name.
KNOWN_IN = {
    "shared/duebill/domain/connection.py",
    "shared/duebill/domain/tokens.py",
    "shared/duebill/providers/registry.py",
    "shared/duebill/runtime/settings.py",
}


def _sources() -> list[Path]:
    return [path for folder in ("shared", "functions") for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("word", [provider.value for provider in Provider])
def test_a_provider_is_named_only_where_it_is_known(word: str) -> None:
    found = {}
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        if name in KNOWN_IN or name.startswith(f"shared/duebill/providers/{word}/"):
            continue
        text = path.read_text().lower().replace(f"{word}.md", "")
        if lines := [line.strip() for line in text.splitlines() if re.search(word, line)]:
            found[name] = lines
    assert found == {}


def test_the_places_that_may_name_providers_do() -> None:
    for name in KNOWN_IN:
        assert all(provider.value in (ROOT / name).read_text().lower() for provider in Provider), name
