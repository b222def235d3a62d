"""One office for each module: every test takes deals and keys of its own."""

from collections.abc import Iterator

import pytest

from tests.fakes.office import Office


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.close()
    assert office.tabletop.failures == []
